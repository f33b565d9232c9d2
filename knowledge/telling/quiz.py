"""Questions with choices, made of proven entries: the wrong choices are real figures or real speakers too."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from random import Random

from knowledge.languages import ARTICLES
from knowledge.model import Citation, Entry, Knowledge
from knowledge.telling.replies import Replies
from knowledge.words.figures import Figure, highlights, numbers_in
from knowledge.words.text import typeset

CHOICES = 4
FEWEST = 3  # choices; with two it is heads or tails
MOST_ASKED = 300  # characters (Bot API, sendPoll)
MOST_EXPLAINED = 200
_QUOTED = re.compile(r"«\s*(.*?)\s*»", re.DOTALL)  # what an answer puts there is verbatim: check proves it


@dataclass(frozen=True, slots=True)
class Quiz:
    """One question with its choices; `right` is the index of the right one, `explanation` its passage."""

    entry: str
    question: str
    choices: tuple[str, ...]
    right: int
    explanation: str


@dataclass(frozen=True, slots=True)
class Fact:
    """A choice: the figure or the speaker of one entry; `question` is "" where it is only ever a wrong choice."""

    entry: Entry
    question: str
    choice: str
    family: str  # choices of one family may stand beside each other
    value: object

    def others(self, facts: Iterable["Fact"]) -> list[str]:
        """The wrong choices: of its family, with other values."""
        return list({f.value: f.choice for f in facts if f.family == self.family and f.value != self.value}.values())


class Quizmaster:
    """Makes quizzes of one folder of knowledge."""

    def __init__(self, knowledge: Knowledge, replies: Replies) -> None:
        self.knowledge = knowledge
        self.replies = replies

    def make(self, language: str, chance: Random, *, after: str = "") -> Quiz | None:
        """A quiz by `chance`, not of the entry `after`; None where the knowledge is too small for one."""
        facts = self.facts(language)
        asked = [f for f in facts if f.question and f.entry.id != after and len(f.others(facts)) >= FEWEST - 1]
        if not asked:
            return None
        fact = chance.choice(asked)
        others = fact.others(facts)
        choices = [fact.choice, *chance.sample(others, min(CHOICES - 1, len(others)))]
        chance.shuffle(choices)
        explanation = explained(self.replies.cite(fact.entry, language)[0], fact.value)
        return Quiz(fact.entry.id, fact.question, tuple(choices), choices.index(fact.choice), explanation)

    def facts(self, language: str) -> list[Fact]:
        """Every choice: figures that stand alone in the first sentence of their answer, and speakers."""
        return [*self._figures(language), *self._speakers(language)]

    def _figures(self, language: str) -> Iterator[Fact]:
        for entry in self.knowledge.entries.values():
            text = typeset(entry.answer[language], language)
            spans = highlights(text)
            if entry.kind != "figure" or len(spans) != 1:
                continue
            choice = text[slice(*spans[0])]
            figures = numbers_in(choice)
            if len(figures) == 1:
                family = _family(choice, figures[0])
                choice = choice.rstrip("s") if family == "year" else choice[0].upper() + choice[1:]
                question = typeset(entry.quiz.get(language, ""), language)
                yield Fact(entry, question, choice, family, figures[0].value)

    def _speakers(self, language: str) -> Iterator[Fact]:
        names = {c.id: c.name for c in self.knowledge.concepts if c.name}
        for entry in self.knowledge.entries.values():
            said = _QUOTED.search(entry.answer[ARTICLES])
            if entry.kind == "quotation" and (name := names.get(entry.speaker)) and said:
                question = self.replies.say("quiz_who", language, quote=said[1])
                yield Fact(entry, question if len(question) <= MOST_ASKED else "", name, "speaker", name)


def explained(passage: Citation, value: object) -> str:
    """The passage around `value` and its place, in at most MOST_EXPLAINED characters."""
    quote = " ".join(passage.lines)
    marks = 0 if "«" in quote else 4
    source = f" – {passage.label}, {passage.locator}"
    if len(quote) + marks > MOST_EXPLAINED - len(source):
        source = f" – {passage.locator}"
    room = MOST_EXPLAINED - len(source) - marks
    if len(quote) > room:
        at = next((f.start for f in numbers_in(quote) if f.value == value), 0)
        start = max(0, min(at - room // 2, len(quote) - room + 2))
        kept = quote[start : start + room - 2].strip()
        quote = ("…" if start else "") + kept + ("…" if start + room - 2 < len(quote) else "")
    return (quote if not marks else f"«\u00a0{quote}\u00a0»") + source


def _family(choice: str, figure: Figure) -> str:
    if "euro" in choice:
        return "money"
    if figure.unit:
        return figure.unit
    return "year" if 1900 <= figure.value < 2100 else "large" if figure.value >= 500 else "small"
