"""What "and in Tunisia?" means after the last answer.

A turn that leans on the last one is read several ways: with the same people and places, with everything that it
does not replace, with what the last answer named. Each reading is a full question that the matcher judges like
any other, so a follow-up that the sources do not answer is refused like any other. A turn that leans on nothing and
names nobody ("their revenue?") is in doubt: whose?
"""

from collections.abc import Iterable
from dataclasses import replace

from knowledge.model import NAMES, Conversation, Mention
from knowledge.reading.judge import Judge, named_in
from knowledge.reading.model import Asked, Candidate, Doubt
from knowledge.words.analysis import Analysis

SHORT = 7  # words: a longer question names what it is about

INTRODUCTIONS = ("organisation", "person", "definition", "digest")  # kinds of entries that say what something is
WHAT = frozenset("que quoi qu quel quelle quels quelles what which koi".split())
PRONOUNS = frozenset(
    "il elle ils elles lui eux leur leurs son sa ses celui celle he she they them his their its it him".split()
)
LEANING = PRONOUNS | frozenset(
    "et and mais but y en ca cela ce la lequel laquelle her that this those these there one ones other autre autres "
    "also aussi sinon du coup alors then so about".split()
)


def turn(asked: Asked, alone: Candidate, judge: Judge) -> Candidate:
    """`alone` as a turn after `asked.before`; where it leans on nothing, in doubt if it may be asked of several."""
    if leans(alone.question, asked.before):
        return _leaning(alone, asked.before, judge)
    return replace(alone, doubt=Doubt.ANYBODYS) if _is_anybodys(alone, judge) else alone


def _leaning(alone: Candidate, before: Conversation, judge: Judge) -> Candidate:
    """The first way to lean on `before` that can be answered, else the most probable."""
    question = alone.question
    little, named = says_little(question), bool(question.of_kind(*NAMES))
    whole = not little and (named or len(question.of_kind("subject")) > 1)
    if judge.sure(alone) and (whole or _introduces(alone, judge)):
        return alone
    best = replace(alone, doubt=Doubt.TOO_LITTLE) if little else alone
    again = named or question.years or question.of_kind("asks", "subject")
    entry = judge.entries.get(before.entry)
    told = named_in(entry, judge.analyst) if entry else []
    for lent in readings(question, before, told, judge.usually_asked.get((before.entry, question.language), ())):
        found = judge.judged(lent)
        if found.entry == before.entry and not again:
            continue  # nothing in it asks for the same thing again
        if found.odds > best.odds or best.doubt:
            best = found
        if judge.sure(found) and not is_bare(question):
            break
    return best


def _introduces(candidate: Candidate, judge: Judge) -> bool:
    """Whether it asks what or who somebody is: a whole question, though it holds no more than a name ("what is X?")."""
    question = candidate.question
    asks = bool(question.of_kind("asks") or WHAT & set(question.words))
    return asks and bool(question.of_kind(*NAMES)) and judge.entries[candidate.entry].kind in INTRODUCTIONS


def _is_anybodys(alone: Candidate, judge: Judge) -> bool:
    """Whether it is a short question that names nobody, and more than one figure or person answers to its words."""
    question, limits, entries = alone.question, judge.thresholds, judge.entries
    wanted, kind = question.of_kind("asks", "subject"), entries[alone.entry].kind
    if len(question.words) > limits.anybodys_words or question.numbers or question.of_kind(*NAMES) or not wanted:
        return False
    alike = [judge.matcher.models.profiles[id] for id, e in entries.items() if e.kind == kind]
    owners = sum(all(p.share(c) >= limits.anybodys_share for c in wanted) for p in alike)
    return kind in ("figure", "person") and owners > 1


def leans(question: Analysis, conversation: Conversation) -> bool:
    """Whether `question` may only make sense after the last answer; noise ("asdf", "wow") leans on nothing."""
    if not (conversation.entry or conversation.about):
        return False
    if not question.mentions and not question.years and not PRONOUNS & set(question.words):
        return False
    return (
        len(question.words) <= SHORT
        or question.words[0] in LEANING
        or (not question.of_kind(*NAMES) and bool(LEANING & set(question.words)))
    )


def readings(
    question: Analysis, conversation: Conversation, named: Iterable[Mention], asked: Iterable[Mention]
) -> list[Analysis]:
    """Full questions that `question` may stand for, the likeliest first.

    `named`: whom the last answer named; `asked`: what is usually asked of it and its like.
    A bare name or year asks the last question again of another thing: with all of it that the name does not replace,
    or as that answer is usually asked for. A lone question word asks more about the same thing. Else with the names
    of the last question; with the last answer's names where that had none of their kind ("his company"); with all of
    the last question; with the last answer's names alone.
    """
    own = {m.kind for m in question.mentions}
    everything = _kept(question, conversation)
    if is_bare(question):
        return [lend(question, everything), lend(question, [m for m in asked if m.kind not in own])]
    names = [m for m in everything if m.kind in NAMES]
    answered = [m for m in named if m.kind not in own]
    filled = names + [m for m in answered if m.kind not in {n.kind for n in names}]
    theirs = [m for m in filled if m.kind != "person"]  # "his company" asks of the company, not of him
    if not question.of_kind(*NAMES, "subject", "gap"):  # "when?" asks more about the same thing
        return [lend(question, c) for c in (everything, filled, theirs, names, answered)]
    return [lend(question, c) for c in (filled, theirs, names, everything, answered)]


def says_little(question: Analysis) -> bool:
    """Whether `question` by itself says too little to be answered: a bare name, a lone question word, a pronoun."""
    if question.of_kind(*NAMES):
        return is_bare(question)
    return not question.of_kind("subject") or bool(PRONOUNS & set(question.words))


def is_bare(question: Analysis) -> bool:
    """Whether `question` holds a name or a year and nothing that says what is asked of it: "et la Tunisie ?"."""
    return bool(question.of_kind(*NAMES) or question.years) and not question.of_kind("asks", "subject", "gap")


def examples(
    question: Analysis, conversation: Conversation, named: Iterable[Mention], asked: Iterable[Mention]
) -> list[Analysis]:
    """The readings worth learning from: those that lend `question` no words but names; all there is of a bare name."""
    return readings(question, conversation, named, asked)[:3]


def resolve(question: Analysis, conversation: Conversation) -> Analysis:
    """The fullest reading of `question`: with everything of the last question that it does not replace."""
    return lend(question, _kept(question, conversation))


def _kept(question: Analysis, conversation: Conversation) -> list[Mention]:
    """What was last asked and `question` does not replace by something of its kind."""
    own = {m.kind for m in question.mentions}
    return [m for m in conversation.about if m.kind not in own]


def lend(question: Analysis, carried: list[Mention]) -> Analysis:
    """`question` with what was mentioned before it."""
    words = [w for m in carried for w in m.words.split() if w not in question.words]
    mentions = dict.fromkeys([*question.mentions, *carried])
    return replace(question, words=(*question.words, *words), mentions=tuple(mentions), carried=len(words))
