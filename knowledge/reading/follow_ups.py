"""What "and in Tunisia?" means after the last answer.

A turn that leans on the last one is read several ways: with the same people and places, with everything that it
does not replace, with what the last answer named. Each reading is a full question that the matcher judges like any
other. Beside them the encoder reads the turn after the question that was answered last. Which of the entries that come
first is meant, if any, was learned from conversations. A first message that names nobody ("their revenue?") is in
doubt: whose?
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from knowledge.arrays import Floats
from knowledge.matching.matcher import Matcher
from knowledge.matching.signals import LONG, TENS, TurnSignals
from knowledge.model import NAMES, Conversation, Mention
from knowledge.reading.judge import Judge, named_in
from knowledge.reading.model import Asked, Candidate, Doubt
from knowledge.words.analysis import Analysis

LIKELIEST = 2  # entries that a turn may ask for by its place in the conversation alone
SHORT = 7  # words: a longer question names what it is about

WHAT = frozenset("que quoi qu quel quelle quels quelles what which koi".split())
PRONOUNS = frozenset(
    "il elle ils elles lui eux leur leurs son sa ses celui celle he she they them his their its it him".split()
)
LEANING = PRONOUNS | frozenset(
    "et and mais but y en ca cela ce la lequel laquelle her that this those these there one ones other autre autres "
    "also aussi sinon du coup alors then so about".split()
)


class Option(NamedTuple):
    """An entry that a turn may ask for."""

    entry: str
    reading: Candidate  # that speaks for it most
    signals: TurnSignals


def turn(asked: Asked, alone: Candidate, judge: Judge) -> Candidate:
    """`alone` as a turn after `asked.before`; where nothing came before, in doubt if it may be asked of several."""
    before, matcher = asked.before, judge.matcher
    if not (before.entry or before.about):
        return replace(alone, doubt=Doubt.ANYBODYS) if _is_anybodys(alone, judge) else alone
    candidates = [alone, *(judge.judged(lent) for lent in lent_by(alone.question, before, judge))]
    if (gate := matcher.gates.turn) is None:
        sure = [found for found in candidates if judge.sure(found)]
        return sure[0] if sure else max(candidates, key=lambda found: found.odds)
    found = options(candidates, before, matcher, judge.after(alone.question, before.entry, before.language))
    odds = {option.entry: gate.probability(option.signals) for option in found}
    best = max(found, key=lambda option: odds[option.entry])
    known = dict(best.reading.verdict.ranking)
    ranking = sorted({**odds, **known}.items(), key=lambda item: -item[1])
    first = (best.entry, max(odds[best.entry], known.get(best.entry, 0.0)))
    rest = tuple(item for item in ranking if item[0] != best.entry)
    verdict = replace(best.reading.verdict, entry=best.entry, probability=odds[best.entry], ranking=(first, *rest))
    lent = odds[best.entry] < judge.thresholds.answer_from and says_little(alone.question) and len(candidates) > 1
    asked_for = candidates[1].question if lent else best.reading.question
    return Candidate(asked_for, verdict)  # what is missing is named, and what is near, by a reading that says enough


def lent_by(question: Analysis, before: Conversation, judge: Judge) -> list[Analysis]:
    """The readings of `question` that lean on `before`, each once; [] where it leans on nothing."""
    if not leans(question, before):
        return []
    entry = judge.entries.get(before.entry)
    told = named_in(entry, judge.analyst) if entry else []
    usual = judge.usually_asked.get((before.entry, question.language), ())
    return different(question, readings(question, before, told, usual))


def different(question: Analysis, lent: Iterable[Analysis]) -> list[Analysis]:
    """Those of the readings `lent` that differ from `question` and from each other."""
    found = {(r.words, r.mentions): r for r in lent}
    found.pop((question.words, question.mentions), None)
    return list(found.values())


def options(
    candidates: Sequence[Candidate], before: Conversation, matcher: Matcher, after: Floats | None
) -> list[Option]:
    """The entries that a turn may ask for: the first of each of its readings, of which `candidates` begins with the
    turn alone, and the likeliest by `after`, the logarithms of all labels' probabilities after the last answer.
    """
    alone = candidates[0]
    question = alone.question
    first = [] if after is None else matcher.likeliest(after, LIKELIEST)
    found = []
    for entry in dict.fromkeys([*(c.entry for c in candidates), *first]):
        its = [matcher.kin(entry, c.entry) for c in candidates]
        odds = [c.verdict.probability for c in candidates]
        best = max((at for at, own in enumerate(its) if own), key=lambda at: odds[at], default=0)
        verdict, asked = candidates[best].verdict, candidates[best].question
        told = verdict.signals
        if verdict.entry != entry:
            told = matcher.signals(asked, entry, verdict.words, verdict.meaning)
        own, rival, silence, talk = (0.0, 0.0, 0.0, 0.0) if after is None else matcher.standing(after, entry)
        signals = TurnSignals(
            odds[0] if its[0] else 0.0,
            max((p for p, mine in zip(odds[1:], its[1:], strict=True) if mine), default=0.0),
            max((p for p, mine in zip(odds, its, strict=True) if not mine), default=0.0),
            sum(its) / len(its),
            own,
            own - rival,
            own - silence,
            own - talk,
            entry == before.entry,
            entry in before.shown,
            says_little(question),
            is_bare(question),
            bool(PRONOUNS & set(question.words)),
            len(question.of_kind(*NAMES)),
            bool(question.of_kind("asks", "subject")),
            min(len(question.words), LONG) / TENS,
            told.score,
            told.lead_over_silence,
            told.new_names,
            told.strangers,
            told.share_of_new_words,
            told.words_that_go_with_no_answer,
            told.another_year,
            told.share_of_words_from_the_conversation,
        )
        found.append(Option(entry, candidates[best], TurnSignals(*map(float, signals))))
    return found


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
