"""The matcher: which entry a question asks for, as two readers say, and how sure that is, as the gate does.

One reader goes by words and concepts, the other by the meaning that a sentence encoder sees. Ranking is easy, refusing
is not: "Combien d'employés en Algérie ?" differs from an answerable question in one word. So the first-ranked entry is
held against the question, and signals, not the ranking score alone, decide.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from knowledge.arrays import Floats
from knowledge.encoder.encoder import Encoder
from knowledge.matching.features import features
from knowledge.matching.models import Models
from knowledge.matching.signals import Signals, Standing, signals_of
from knowledge.model import Entry, Label
from knowledge.words.analysis import Analysis
from knowledge.words.vocabulary import Vocabulary

RANKED = 12  # entries that a verdict holds
LEAST = -20.0  # a logarithm of a probability that is as good as none
UNSURE = (0.02, 0.98)  # odds by words alone between which the encoder is asked; beyond, it changes next to nothing


@dataclass(frozen=True, slots=True)
class Verdict:
    """The matcher's view of one question."""

    entry: str  # the first of the ranking
    probability: float  # that it is right, 0 to 1, as the gate says
    ranking: tuple[tuple[str, float], ...]  # at most RANKED entries and their scores, the best first
    other: Label  # the best that is no entry; "" where there is none
    other_score: float
    signals: Signals
    by_meaning: bool  # whether the encoder was asked too


class Matcher:
    """Ranks the entries for a question and judges the first."""

    def __init__(
        self, entries: Mapping[str, Entry], models: Models, vocabulary: Vocabulary, encoder: Encoder | None = None
    ) -> None:
        self.models = models
        self.vocabulary = vocabulary
        self.encoder = encoder
        self._labels = models.ranker.labels
        self._entries = _mask([label in entries for label in self._labels])
        self._others = _mask([label not in entries for label in self._labels])
        self._silence = _mask([label.silent for label in self._labels])
        places = [(i, entries[label]) for i, label in enumerate(self._labels) if label in entries]
        self._kin = {one.id: [i for i, other in places if other is one or _kin(one, other)] for _, one in places}

    def judge(self, question: Analysis) -> Verdict:
        """Rank all entries for `question` and say how likely the first is right."""
        models = self.models
        words = models.ranker.scores(features(question, models.ranker.letters))
        verdict = self.weigh(question, words)
        unsure = models.untaught or UNSURE[0] < verdict.probability < UNSURE[1]
        if self.encoder is None or models.meaning is None or not unsure:
            return verdict
        return self.weigh(question, words, models.meaning.log_probabilities(self.encoder.vector(text_of(question))))

    def weigh(self, question: Analysis, words: Floats, meaning: Floats | None = None) -> Verdict:
        """The verdict on `question` where the reader of words gives these scores, one for each label.

        `meaning`: the logarithms of the probabilities that the reader of meanings gives.
        """
        scores = words if meaning is None else (words + np.exp(meaning / 2)) / 2
        entries, others = scores + self._entries, scores + self._others
        order = [int(i) for i in np.argsort(-entries)[:RANKED] if entries[i] > -np.inf]
        first = self._labels[order[0]]
        kin = self._kin[first]
        rival = next((i for i in order if i not in kin), None)
        by_words = Standing(
            float(words[order[0]]),
            0.0 if rival is None else float(words[rival]),
            max(0.0, float((words + self._silence).max())),
        )
        by_meaning = Standing(0.0, 0.0, 0.0)
        if meaning is not None:
            mass = float(np.logaddexp.reduce(meaning[kin]))
            silence = float(np.logaddexp.reduce(meaning + self._silence))
            by_meaning = Standing(mass, mass if rival is None else float(meaning[rival]), max(silence, LEAST))
        signals = signals_of(question, first, by_words, by_meaning, self.models.profiles, self.vocabulary)
        other = int(np.argmax(others))
        known = others[other] > -np.inf
        return Verdict(
            first,
            (self.models.gate if meaning is None else self.models.gate_of_both).probability(signals),
            tuple((self._labels[i], float(scores[i])) for i in order),
            self._labels[other] if known else Label(),
            float(scores[other]) if known else 0.0,
            signals,
            meaning is not None,
        )


def text_of(question: Analysis) -> str:
    """What the encoder reads of a question: its words, put right, and those that it leans on."""
    return " ".join(question.words)


def _mask(keep: list[bool]) -> Floats:
    """0 for the labels to keep and minus infinity for the others: added to the scores, only those are left."""
    return np.where(np.array(keep), 0, -np.inf).astype(np.float32)


def _kin(one: Entry, other: Entry) -> bool:
    """Whether both answer the same question, so that neither is a rival of the other."""
    return other.id in (*one.entries, *one.covers) or one.id in (*other.entries, *other.covers)
