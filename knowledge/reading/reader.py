"""What a message asks for, from its words to one Reading: the rules below, in order, each tried once.

A rule looks at the message as it was understood so far. It ends the reading, understands the message in another way
for the rules after it, or has nothing to say. What is then said is the business of knowledge.telling.
"""

import re
from collections.abc import Callable
from dataclasses import replace

from knowledge.languages import FRENCH
from knowledge.model import FORGET_AFTER, NEW, Conversation, Outcome
from knowledge.reading import decisions, small_talk
from knowledge.reading.choices import picked, remembered
from knowledge.reading.claims import claim
from knowledge.reading.figures_alone import figure_alone
from knowledge.reading.follow_ups import turn
from knowledge.reading.foreign import foreign
from knowledge.reading.judge import Judge
from knowledge.reading.model import Asked, Candidate, Kind, Reading, Step
from knowledge.reading.pairs import pair
from knowledge.reading.several import several
from knowledge.words.analysis import Analysis
from knowledge.words.text import squeeze

SENTENCE_END = re.compile(r"(?<=[.!?…])\s+")


def as_it_stands(asked: Asked, candidate: Candidate | None, judge: Judge) -> Candidate:
    """The message by itself."""
    return judge.judged(asked.question)


def no_word(asked: Asked, candidate: Candidate | None, judge: Judge) -> Reading | None:
    """A message without a word: dots, a smiley, a single letter."""
    if any(len(w) > 1 and w.isalpha() for w in asked.question.words):
        return None
    return Reading(Kind.EMPTY, Outcome.DECLINE, asked.language, asked.before)


# Each takes the message, how it is understood once it was judged, and the judge.
RULES: dict[str, Callable[..., Reading | Candidate | None]] = {
    "a choice of what was offered": picked,
    "small talk word for word": small_talk.word_for_word,
    "another language": foreign,
    "a figure alone": figure_alone,
    "no word at all": no_word,
    "as it stands": as_it_stands,
    "a turn of the conversation": turn,
    "small talk": small_talk.by_match,
    "several questions": several,
    "two questions": pair,
    "a claim": claim,
    "answer": decisions.answer,
    "choice": decisions.choice,
    "decline": decisions.decline,
}


class Reader:
    """Reads messages with one judge."""

    def __init__(self, judge: Judge) -> None:
        self.analyst = judge.analyst
        self.judge = judge
        self.rules = RULES

    def read(self, text: str, before: Conversation, *, now: float = 0.0, usual: str = FRENCH) -> Reading:
        """What `text` asks for after `before`. `usual`: the language where neither tells; `now`: seconds."""
        asked = self._asked(squeeze(text), before, now, usual)
        candidate: Candidate | None = None
        steps: list[Step] = []
        for name, rule in self.rules.items():
            found = rule(asked, candidate, self.judge)
            if isinstance(found, Reading):
                offered = remembered(found, before)
                at = now if offered else found.conversation.at
                after = replace(found.conversation, offered=offered, at=at)
                return replace(found, conversation=after, steps=(*steps, Step(name, candidate)))
            if found is not None and found != candidate:
                candidate = found
                steps.append(Step(name, candidate))
        raise AssertionError("the last rule ends every reading")

    def give(self, entry: str, language: str, before: Conversation, now: float) -> Reading:
        """The reading that gives `entry`, as a link or a button asks for it. Raises KeyError for an unknown id."""
        text = self.judge.entries[entry].questions[language][0]
        question = self.analyst.analyse(text, language)
        return self.judge.given(Asked(text, question, language, before, now), [entry], question)

    def _asked(self, text: str, before: Conversation, now: float, usual: str) -> Asked:
        """The message as the rules take it. What was said long ago, or of an entry that is gone, is forgotten."""
        gone = bool(before.entry) and before.entry not in self.judge.entries
        if now - before.at > FORGET_AFTER or gone:
            before = Conversation(language=before.language)
        text = self._without_courtesies(text)
        question = self.analyst.analyse(text, before.language or usual)
        return Asked(text, question, self.language(question, before.language or question.language), before, now)

    def _without_courtesies(self, text: str) -> str:
        """`text` without the sentences that are small talk before or after a question: "ah ok. et en Algérie ?"."""
        sentences = SENTENCE_END.split(text)
        if len(sentences) < 2:
            return text
        kept = [sentence for sentence in sentences if not self._is_courtesy(sentence)]
        return " ".join(kept) if kept else text

    def _is_courtesy(self, sentence: str) -> bool:
        question = self.analyst.analyse(sentence)
        label, odds = self.judge.talk(question, NEW)
        courteous = label.family == "talk" and not self.judge.talks[label.name].offers
        return courteous and odds >= max(self.judge.thresholds.answer_from, self.judge.judged(question).odds)

    def language(self, question: Analysis, usual: str) -> str:
        """The language of `question` where its words tell it, else `usual`."""
        return question.language if question.certainty >= self.judge.thresholds.sure_of_language else usual
