"""The matcher: which entry a question asks for, as two readers say, and how sure that is, as the gate does.

One reader goes by words and concepts, the other by the meaning that a sentence encoder sees. Ranking is easy, refusing
is not: "Combien d'employés en Algérie ?" differs from an answerable question in one word. So the first-ranked entry is
held against the question, and signals, not the ranking score alone, decide.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from knowledge.arrays import Floats
from knowledge.encoder.encoder import Encoder
from knowledge.matching.features import features
from knowledge.matching.models import Gates, Models
from knowledge.matching.signals import LONG, TENS, Signals, Standing, TalkSignals, signals_of
from knowledge.model import NAMES, Entry, Label
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
    words: Floats = field(compare=False)  # the score of each label
    meaning: Floats | None = field(compare=False)  # the logarithm of each label's probability, if the encoder was asked

    @property
    def by_meaning(self) -> bool:
        """Whether the encoder was asked too."""
        return self.meaning is not None


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
        self._talk = _mask([label.family in ("talk", "meta") for label in self._labels])
        places = [(i, entries[label]) for i, label in enumerate(self._labels) if label in entries]
        self._kin = {one.id: [i for i, other in places if other is one or _kin(one, other)] for _, one in places}

    @property
    def gates(self) -> Gates:
        """The gates that judge by all that there is: words, and meaning where there is an encoder."""
        return self.models.gates(meaning=self.encoder is not None)

    def judge(self, question: Analysis) -> Verdict:
        """Rank all entries for `question` and say how likely the first is right."""
        words = self.models.ranker.scores(features(question, self.models.ranker.letters))
        verdict = self.weigh(question, words)
        unsure = self.models.untaught or UNSURE[0] < verdict.probability < UNSURE[1]
        meaning = self._meaning(question) if unsure else None
        return verdict if meaning is None else self.weigh(question, words, meaning)

    def _meaning(self, question: Analysis) -> Floats | None:
        """The logarithm of each label's probability, as the encoder reads `question`; None without one."""
        if self.encoder is None or self.models.meaning is None:
            return None
        return self.models.meaning.log_probabilities(self.encoder.vector(text_of(question)))

    def weigh(self, question: Analysis, words: Floats, meaning: Floats | None = None) -> Verdict:
        """The verdict on `question` where the reader of words gives these scores, one for each label.

        `meaning`: the logarithms of the probabilities that the reader of meanings gives.
        """
        scores = words if meaning is None else (words + np.exp(meaning / 2)) / 2
        entries, others = scores + self._entries, scores + self._others
        order = [int(i) for i in np.argsort(-entries)[:RANKED] if entries[i] > -np.inf]
        first = self._labels[order[0]]
        signals = self.signals(question, first, words, meaning)
        other = int(np.argmax(others))
        known = others[other] > -np.inf
        return Verdict(
            first,
            self.models.gates(meaning=meaning is not None).answer.probability(signals),
            tuple((self._labels[i], float(scores[i])) for i in order),
            self._labels[other] if known else Label(),
            float(scores[other]) if known else 0.0,
            signals,
            words,
            meaning,
        )

    def signals(self, question: Analysis, entry: str, words: Floats, meaning: Floats | None) -> Signals:
        """What speaks for `entry`, and what against it, where the readers say this of `question`."""
        own, kin = self._labels.index(Label(entry)), self._kin[entry]
        rivals = (words if meaning is None else words + np.exp(meaning / 2)) + self._entries
        rivals[kin] = -np.inf
        rival = int(np.argmax(rivals)) if rivals.max() > -np.inf else None
        by_words = Standing(
            float(words[own]),
            0.0 if rival is None else float(words[rival]),
            max(0.0, float((words + self._silence).max())),
        )
        by_meaning = Standing(0.0, 0.0, 0.0)
        if meaning is not None:
            mass = float(np.logaddexp.reduce(meaning[kin]))
            by_meaning = Standing(mass, mass if rival is None else float(meaning[rival]), _mass(meaning, self._silence))
        return signals_of(question, entry, by_words, by_meaning, self.models.profiles, self.vocabulary)

    def after(self, vectors: Floats) -> Floats | None:
        """The logarithm of each label's probability, from the vectors of a turn and of it after the last answer."""
        return None if self.models.turns is None else self.models.turns.log_probabilities(vectors)

    def likeliest(self, logs: Floats, most: int) -> list[str]:
        """At most so many entries that are likeliest, given the logarithms of all labels' probabilities."""
        entries = logs + self._entries
        return [self._labels[int(i)] for i in np.argsort(-entries)[:most] if entries[i] > -np.inf]

    def standing(self, logs: Floats, entry: str) -> tuple[float, float, float, float]:
        """The logarithms of the probabilities of `entry` and its kin, the best other entry, silence and small talk."""
        kin = self._kin[entry]
        others = logs + self._entries
        others[kin] = -np.inf
        own = float(np.logaddexp.reduce(logs[kin]))
        return own, float(others.max()), _mass(logs, self._silence), _mass(logs, self._talk)

    def kin(self, one: str, other: str) -> bool:
        """Whether both entries answer the same question."""
        return one == other or self._labels.index(Label(other)) in self._kin[one]

    def talk(self, question: Analysis, verdict: Verdict, after: Floats | None) -> tuple[Label, TalkSignals]:
        """The kind of small talk that `question` looks most like, and what speaks for it."""
        meaning = verdict.meaning
        if meaning is None and verdict.probability < UNSURE[1]:  # words alone tell what is no question, not what it is
            meaning = self._meaning(question)
        views = [verdict.words, *(np.exp(logs / 2) for logs in (meaning, after) if logs is not None)]
        at = int(np.argmax(np.sum(views, 0) + self._talk))
        label = self._labels[at]
        profile, typed = self.models.profiles[label], question.words
        strange = sum(w not in profile.words for w in typed)
        words = verdict.words
        silence = max(0.0, float((words + self._silence).max()))
        signals = TalkSignals(
            words[at],
            words[at] - (words + self._entries).max(),
            words[at] - silence,
            *self._leads(meaning, at),
            *self._leads(after, at),
            share_of_strange_words=strange / max(1, len(typed)),
            strange_words=strange,
            names=len(question.of_kind(*NAMES, "gap")),
            odds_of_the_first_entry=verdict.probability,
            length=min(len(typed), LONG) / TENS,
        )
        return label, TalkSignals(*map(float, signals))

    def _leads(self, logs: Floats | None, at: int) -> tuple[float, float, float]:
        """How likely the label at this place is, and by how much more than all entries, and than silence; or zeros."""
        if logs is None:
            return 0.0, 0.0, 0.0
        own = float(logs[at])
        return own, own - _mass(logs, self._entries), own - _mass(logs, self._silence)


def text_of(question: Analysis) -> str:
    """What the encoder reads of a question: its words, put right, and those that it leans on."""
    return " ".join(question.words)


def _mass(logs: Floats, mask: Floats) -> float:
    """The logarithm of what the labels of `mask` are likely together, or of next to nothing."""
    return max(float(np.logaddexp.reduce(logs + mask)), LEAST)


def _mask(keep: list[bool]) -> Floats:
    """0 for the labels to keep and minus infinity for the others: added to the scores, only those are left."""
    return np.where(np.array(keep), 0, -np.inf).astype(np.float32)


def _kin(one: Entry, other: Entry) -> bool:
    """Whether both answer the same question, so that neither is a rival of the other."""
    return other.id in (*one.entries, *one.covers) or one.id in (*other.entries, *other.covers)
