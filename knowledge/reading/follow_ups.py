"""What "and in Tunisia?" means after the last answer.

A turn that leans on the last one is read several ways: with the same people and places, with everything that it
does not replace, with what the last answer named. Each reading is a full question that the matcher judges like
any other, so a follow-up that the sources do not answer is refused like any other.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from functools import cached_property

from knowledge.languages import ARTICLES
from knowledge.model import NAMES, Conversation, Entry, Mention
from knowledge.reading.judge import Judge
from knowledge.reading.model import Candidate, Doubt
from knowledge.words.analysis import Analysis, Analyst

SHORT = 7  # words: a longer question names what it is about

PRONOUNS = frozenset(
    "il elle ils elles lui eux leur leurs son sa ses celui celle he she they them his their its it him".split()
)
LEANING = PRONOUNS | frozenset(
    "et and mais but y en ca cela ce la lequel laquelle her that this those these there one ones other autre autres "
    "also aussi sinon du coup alors then so about".split()
)


class FollowUps:
    """Reads messages as turns of a conversation."""

    def __init__(self, judge: Judge) -> None:
        self._judge = judge

    @cached_property
    def _usually_asked(self) -> dict[tuple[str, str], tuple[Mention, ...]]:
        return usually_asked(self._judge.entries.values(), self._judge.analyst)

    def read(self, alone: Candidate, before: Conversation) -> Candidate | None:
        """The first way to lean on `before` that can be answered, else the most probable; None if it does not lean."""
        question, sure = alone.question, self._judge.sure
        if not leans(question, before):
            return None
        little, named = says_little(question), bool(question.of_kind(*NAMES))
        if sure(alone) and not little and (named or len(question.of_kind("subject")) > 1):
            return alone
        best = replace(alone, doubt=Doubt.TOO_LITTLE) if little else alone
        again = named or question.years or question.of_kind("asks", "subject")
        for lent in self._readings(question, before):
            found = self._judge.judged(lent)
            if found.entry == before.entry and not again:
                continue  # nothing in it asks for the same thing again
            if found.odds > best.odds or best.doubt:
                best = found
            if sure(found) and not is_bare(question):
                break
        return best

    def _readings(self, question: Analysis, before: Conversation) -> list[Analysis]:
        entry = self._judge.entries.get(before.entry)
        named = named_in(entry, self._judge.analyst) if entry else ()
        return readings(question, before, named, self._usually_asked.get((before.entry, question.language), ()))


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


def named_in(entry: Entry, analyst: Analyst) -> list[Mention]:
    """The people and organisations that an entry's answer names."""
    told = analyst.analyse(entry.answer[ARTICLES], ARTICLES)
    return [m for m in told.mentions if m.kind in ("person", "organisation")]


def usually_asked(entries: Iterable[Entry], analyst: Analyst) -> dict[tuple[str, str], tuple[Mention, ...]]:
    """By entry and language, what its first question asks that is asked of other entries of its kind too."""
    titles = [(e, lang, analyst.analyse(qs[0], lang)) for e in entries for lang, qs in e.questions.items()]
    asked = Counter((e.kind, lang, c) for e, lang, title in titles for c in {m.concept for m in title.mentions})
    return {
        (e.id, lang): tuple(m for m in title.mentions if asked[e.kind, lang, m.concept] > 1)
        for e, lang, title in titles
    }


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
    return replace(
        question,
        words=(*question.words, *words),
        mentions=tuple(mentions),
        carried=len(words),
    )
