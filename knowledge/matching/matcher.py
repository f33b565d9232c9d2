"""Which entry a question asks for, and whether it may be answered at all.

Ranking is easy, refusing is not: "Combien d'employés en Algérie ?" differs from an answerable question in one
word. So the first-ranked entry is held against the question in both directions: what of the question the
entry's own questions have never held (another country, a salary, a year, a rare word), and what of the entry
the question lacks. These signals, not the ranking score alone, decide.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np

from knowledge.matching.features import features
from knowledge.model import Entry
from knowledge.training.learn import Floats, Gate, Ranker
from knowledge.words.analysis import Analysis
from knowledge.words.vocabulary import Vocabulary

NAMED = ("place", "organisation", "person")
KINDS = (*NAMED, "subject", "asks", "gap")
SIGNALS = (
    "score", "lead over the next entry", "lead over silence",
    *(f"{kind} never seen with this entry" for kind in KINDS),
    "names that the sources do not hold", "the same in a plain question", "gaps in a plain question",
    "concepts that go with no answer", "the surest of them",
    "usual concepts missing", "share of words never seen with this entry", "the rarest of them",
    "words that go with no answer", "unknown words", "daring spelling corrections", "another year", "length",
    "words from the conversation before",
)  # fmt: skip
USUAL = 0.75  # a concept in so many of an entry's questions is missed when it is absent
PASSING = 0.015  # share of an entry's questions: a concept in no more of them was mentioned in passing
STORY = 14  # words: a longer question tells of its asker, and may name a place that it does not ask about
LONG = 40  # words: longer questions are no likelier to be answerable
ORDINARY = 11.0  # bits: a word rarer than this, and unexplained, is worth noticing ("hotel" has 14)


@dataclass(slots=True)
class Profile:
    """What the known questions for one label hold: how many they are, their concepts and words; the years it tells."""

    size: int = 0
    concepts: Counter[str] = field(default_factory=Counter)
    words: Counter[str] = field(default_factory=Counter)
    years: set[str] = field(default_factory=set)

    def add(self, question: Analysis) -> None:
        """Count one more question."""
        self.size += 1
        self.concepts.update({m.concept for m in question.mentions})
        self.words.update(set(question.words))

    def share(self, concept: str) -> float:
        """The share of the known questions that hold `concept`, 0 to 1."""
        return self.concepts[concept] / self.size if self.size else 0.0


SILENCE = "none:"  # labels of what the sources do not answer; the profile of all of them
ANSWERED = "answered:"  # the profile of all questions that some entry answers
TOLD = "told:"  # the profile of what the entries themselves say


def profiles(labelled: Iterable[tuple[Analysis, str]], entries: Mapping[str, Iterable[Analysis]]) -> dict[str, Profile]:
    """A Profile per label, and one for all silence under SILENCE; `entries`: each entry's answers and passages."""
    found: defaultdict[str, Profile] = defaultdict(Profile)
    for question, label in labelled:
        found[SILENCE if label.startswith(SILENCE) else label].add(question)
        if label in entries:
            found[ANSWERED].add(question)
    for label, texts in entries.items():
        profile = found[label]
        for text in texts:
            profile.words.update(set(text.words))
            profile.years |= text.years
            found[TOLD].add(text)
    return dict(found)


@dataclass(frozen=True, slots=True)
class Verdict:
    """The matcher's view of one question: entries best first with their scores, and the odds for the first."""

    entry: str
    probability: float
    ranking: tuple[tuple[str, float], ...]
    other: str  # the best label that is no entry: talk:…, meta:… or none:…
    other_score: float
    signals: tuple[float, ...]


def _untrained() -> Gate:
    """For a folder without examples of silence: answer a clear, well-covered winner and nothing else.

    Plain rules on the same signals; a trained gate replaces them as soon as a folder has training questions.
    """
    weigh_by = {
        "score": 8.0,
        "lead over the next entry": 6.0,
        "share of words never seen with this entry": -10.0,
        "the rarest of them": -12.0,
        "unknown words": -1.5,
        "another year": -4.0,
    }
    zeros = np.zeros(len(SIGNALS), np.float32)
    weights = np.array([weigh_by.get(s, 0.0) for s in SIGNALS], np.float32)
    return Gate(zeros, zeros + 1, weights, -2.1)


UNTRAINED_GATE = _untrained()


class Matcher:
    """Ranks the entries for a question and judges the first."""

    def __init__(
        self,
        entries: Mapping[str, Entry],
        ranker: Ranker,
        gate: Gate,
        known: Mapping[str, Profile],
        vocabulary: Vocabulary,
    ) -> None:
        self.ranker = ranker
        self.gate = gate
        self.profiles = known
        self.vocabulary = vocabulary
        self.columns = columns(ranker.labels, entries)

    def judge(self, question: Analysis) -> Verdict:
        """Rank all entries for `question` and say how likely the first is right."""
        scores = self.ranker.scores(features(question, self.ranker.letters))
        top, other, signals = weigh(question, scores, self.columns, self.ranker.labels, self.profiles, self.vocabulary)
        labels = self.ranker.labels
        return Verdict(
            labels[top[0]],
            self.gate.probability(signals),
            tuple((labels[i], float(scores[i])) for i in top),
            labels[other] if other >= 0 else "",
            float(scores[other]) if other >= 0 else 0.0,
            tuple(signals),
        )


@dataclass(frozen=True, slots=True)
class Columns:
    """Which columns of the scores are entries, which are not, and which entries belong together."""

    entries: Floats  # 0 for an entry, -inf for another label
    others: Floats
    silence: Floats
    kin: dict[int, set[int]]  # entries that answer the same question: neither is a rival of the other


def columns(labels: tuple[str, ...], entries: Mapping[str, Entry]) -> Columns:
    """Masks over `labels`: add one to the scores to see only its kind."""

    def mask(keep: list[bool]) -> Floats:
        return np.where(np.array(keep), 0, -np.inf).astype(np.float32)

    return Columns(
        mask([label in entries for label in labels]),
        mask([label not in entries for label in labels]),
        mask([label.startswith(SILENCE) for label in labels]),
        {
            at: {i for i, other in enumerate(labels) if other in entries and _kin(entries[label], entries[other])}
            for at, label in enumerate(labels)
            if label in entries
        },
    )


def _kin(one: Entry, other: Entry) -> bool:
    return other.id in (*one.entries, *one.covers) or one.id in (*other.entries, *other.covers)


def weigh(
    question: Analysis,
    scores: Floats,
    masks: Columns,
    labels: tuple[str, ...],
    known: Mapping[str, Profile],
    vocabulary: Vocabulary,
) -> tuple[list[int], int, list[float]]:
    """The best entries' columns, the best other label's (-1: there is none), and the SIGNALS for the first."""
    entry_scores = scores + masks.entries
    top = [int(i) for i in np.argsort(-entry_scores)[:6] if entry_scores[i] > -np.inf]
    other_scores = scores + masks.others
    other = int(np.argmax(other_scores)) if len(labels) > len(top) and other_scores.max() > -np.inf else -1
    first = float(scores[top[0]])
    rivals = [float(scores[i]) for i in top[1:] if i not in masks.kin[top[0]]]
    silence = float((scores + masks.silence).max())
    profile, without = known[labels[top[0]]], known.get(SILENCE, Profile(size=1))
    never = dict.fromkeys(KINDS, 0.0)
    answered = known.get(ANSWERED, Profile())
    told, strangers = known.get(TOLD, Profile()), 0.0
    mute = [0.0]  # of each concept that is new to the entry: the odds that a question with it has no answer
    here = {m.concept: "place" if m.kind == "city" else m.kind for m in question.mentions if m.kind != "language"}
    for concept, kind in here.items():
        if profile.concepts[concept] <= PASSING * profile.size:
            if kind in NAMED and not told.concepts[concept]:
                strangers += 1
            else:
                never[kind] += 1
            rate, usual = (p.concepts[concept] + 0.5 for p in (without, answered))
            mute.append(max(0.0, float(np.log(rate / usual * (answered.size + 1) / (without.size + 1)))))
    missing = sum(c not in here for c, n in profile.concepts.items() if n >= USUAL * profile.size)
    words = set(question.words)
    strange = [w for w in words if w not in profile.words and len(w) > 1 and w.isalpha()]
    rare = [max(0.0, vocabulary.surprise(w) - ORDINARY) / 5 for w in strange]
    silent = [np.log((without.words[w] + 0.5) / 2.0) for w in strange]
    signals = [
        first,
        first - (rivals[0] if rivals else 0.0),
        first - (silence if silence > -np.inf else 0.0),
        *never.values(),
        strangers,
        strangers if len(words) <= STORY else 0.0,
        never["gap"] if len(words) <= STORY else 0.0,
        sum(mute),
        max(mute),
        float(missing),
        len(strange) / max(1, len(words)),
        max(rare, default=0.0),
        sum(max(0.0, float(x)) for x in silent),
        float(len(question.unknown)),
        float(sum(edits > 1 for _, _, edits in question.corrected)),
        0.0 if question.years & profile.years else float(len(question.years)),  # "2023, not 2022" is no other year
        min(len(words), LONG) / 10,
        question.carried / max(1, len(words)),
    ]
    return top, other, signals
