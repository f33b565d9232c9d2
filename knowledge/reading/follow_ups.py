"""What "and in Tunisia?" means after the last answer.

A turn that leans on the last one is read several ways: with the same people and places, with everything that it
does not replace, with what the last answer named. Each reading is a full question that the matcher judges like
any other, so a follow-up that the sources do not answer is refused like any other.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from knowledge.model import NAMES, Conversation, Entry, Mention
from knowledge.words.analysis import Analysis, Analyst

FORGET_AFTER = 600.0  # seconds: after ten minutes a group has gone on to something else
SHORT = 7  # words: a longer question names what it is about

PRONOUNS = frozenset(
    "il elle ils elles lui eux leur leurs son sa ses celui celle he she they them his their its it him".split()
)
LEANING = PRONOUNS | frozenset(
    "et and mais but y en ca cela ce la lequel laquelle her that this those these there one ones other autre autres "
    "also aussi sinon du coup alors then so about".split()
)


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
    told = analyst.analyse(entry.answer["fr"], "fr")
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
    theirs = [m for m in filled if m.kind != "person"]  # "his company": not he
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
