"""What a message asks for, from its words to one Reading: the rules below, in order, each tried once.

A rule looks at the message as it was understood so far. It ends the reading, understands the message in another way
for the rules after it, or has nothing to say. What is then said is the business of the engine.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

from knowledge.languages import FRENCH
from knowledge.matching.matcher import Matcher
from knowledge.model import FORGET_AFTER, Conversation, Knowledge, Outcome
from knowledge.reading.decisions import Decisions
from knowledge.reading.figures_alone import FiguresAlone
from knowledge.reading.follow_ups import FollowUps
from knowledge.reading.foreign import foreign
from knowledge.reading.judge import Judge
from knowledge.reading.model import Asked, Candidate, Kind, Reading, Step, given
from knowledge.reading.pairs import Pairs
from knowledge.reading.small_talk import SmallTalk
from knowledge.reading.stories import Stories
from knowledge.reading.whose import Whose
from knowledge.thresholds import THRESHOLDS, Thresholds
from knowledge.words.analysis import Analysis, Analyst
from knowledge.words.text import squeeze


class Rule(NamedTuple):
    """One way to understand a message. `read` takes the message and, once it was judged, how it is understood."""

    name: str
    read: Callable[..., Reading | Candidate | None]


class Reader:
    """Reads messages with one folder of knowledge, one analyst and one matcher."""

    def __init__(
        self, knowledge: Knowledge, analyst: Analyst, matcher: Matcher, thresholds: Thresholds = THRESHOLDS
    ) -> None:
        self.analyst = analyst
        self.judge = Judge(knowledge, analyst, matcher, thresholds)
        self._follow_ups, self._whose = FollowUps(self.judge), Whose(self.judge)
        talk, decisions = SmallTalk(knowledge, self.judge), Decisions(self.judge)
        self.rules = [
            Rule("small talk word for word", talk.word_for_word),
            Rule("another language", lambda asked, candidate: foreign(asked, candidate, thresholds)),
            Rule("a figure alone", FiguresAlone(self.judge).read),
            Rule("no word at all", _empty),
            Rule("as it stands", lambda asked, candidate: self.judge.judged(asked.question)),
            Rule("small talk", talk.by_match),
            Rule("a turn of the conversation", lambda asked, candidate: self._turn(candidate, asked.before)),
            Rule("two questions", Pairs(self.judge, self._turn).read),
            Rule("a story and its question", Stories(self.judge).read),
            Rule("answer", decisions.answer),
            Rule("instead of a claim", decisions.instead),
            Rule("choice", decisions.choice),
            Rule("decline", decisions.decline),
        ]

    def read(self, text: str, before: Conversation, *, now: float = 0.0, usual: str = FRENCH) -> Reading:
        """What `text` asks for after `before`. `usual`: the language where neither tells; `now`: seconds."""
        asked = self._asked(squeeze(text), before, now, usual)
        candidate: Candidate | None = None
        steps: list[Step] = []
        for rule in self.rules:
            found = rule.read(asked, candidate)
            if isinstance(found, Reading):
                return replace(found, steps=(*steps, Step(rule.name, candidate)))
            if found is not None and found != candidate:
                candidate = found
                steps.append(Step(rule.name, candidate))
        raise AssertionError("the last rule ends every reading")

    def give(self, entry: str, language: str, before: Conversation, now: float) -> Reading:
        """The reading that gives `entry`, as a link or a button asks for it. Raises KeyError for an unknown id."""
        text = self.judge.entries[entry].questions[language][0]
        question = self.analyst.analyse(text, language)
        return given(Asked(text, question, language, before, now), self.judge.entries, [entry], question, 1.0)

    def _asked(self, text: str, before: Conversation, now: float, usual: str) -> Asked:
        """The message as the rules take it. What was said long ago, or of an entry that is gone, is forgotten."""
        gone = bool(before.entry) and before.entry not in self.judge.entries
        if now - before.at > FORGET_AFTER or gone:
            before = Conversation(language=before.language)
        question = self.analyst.analyse(text, before.language or usual)
        return Asked(text, question, self.language(question, before.language or question.language), before, now)

    def language(self, question: Analysis, usual: str) -> str:
        """The language of `question` where its words tell it, else `usual`."""
        return question.language if question.certainty >= self.judge.thresholds.sure_of_language else usual

    def _turn(self, alone: Candidate, before: Conversation) -> Candidate:
        """`alone` as a turn after `before`; where it leans on nothing, in doubt if it may be asked of several."""
        return self._follow_ups.read(alone, before) or self._whose.read(alone) or alone


def _empty(asked: Asked, candidate: Candidate | None) -> Reading | None:
    """A message without a word: dots, a smiley, a single letter."""
    if any(len(w) > 1 and w.isalpha() for w in asked.question.words):
        return None
    return Reading(Kind.EMPTY, Outcome.DECLINE, asked.language, asked.before)
