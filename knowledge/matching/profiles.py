"""What the known questions for one label hold: counted once, asked often."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from knowledge.model import Label
from knowledge.words.analysis import Analysis


@dataclass(slots=True)
class Profile:
    """How many questions there are for one label, their concepts and words; the years that its entry tells."""

    size: int = 0
    concepts: Counter[str] = field(default_factory=Counter)
    words: Counter[str] = field(default_factory=Counter)
    years: set[str] = field(default_factory=set)

    def add(self, question: Analysis, times: int = 1) -> None:
        """Count `question` so many times more; -1 takes it back, and leaves nothing of what it alone held."""
        self.size += times
        _add(self.concepts, {m.concept for m in question.mentions}, times)
        _add(self.words, set(question.words), times)

    def share(self, concept: str) -> float:
        """The share of the known questions that hold `concept`, 0 to 1."""
        return self.concepts[concept] / self.size if self.size else 0.0


@dataclass(frozen=True, slots=True)
class Profiles:
    """The profiles of one folder of knowledge. `labels`: of each entry and each kind of small talk."""

    labels: dict[str, Profile]
    silence: Profile  # of all questions that the sources do not answer
    told: Profile  # of what the entries themselves say

    def __getitem__(self, label: str) -> Profile:
        return self.labels[label]

    def items(self) -> Iterator[tuple[str, Profile]]:
        """Every profile by a name, for the cache; `of` makes them whole again."""
        yield from (("silence", self.silence), ("told", self.told))
        yield from ((f"={label}", profile) for label, profile in self.labels.items())

    @classmethod
    def of(cls, named: Mapping[str, Profile]) -> "Profiles":
        """The profiles that `items` named."""
        labels = {name[1:]: profile for name, profile in named.items() if name.startswith("=")}
        return cls(labels, named["silence"], named["told"])

    def count(self, question: Analysis, label: Label, times: int = 1) -> None:
        """Add a question to the profiles that it belongs to; -1 times takes it back."""
        (self.silence if label.silent else self.labels[label]).add(question, times)


def profiles(labelled: Iterable[tuple[Analysis, Label]], entries: Mapping[str, Iterable[Analysis]]) -> Profiles:
    """The profiles of labelled questions; `entries`: each entry's answers and passages."""
    found = Profiles(defaultdict(Profile), Profile(), Profile())
    for question, label in labelled:
        found.count(question, label)
    for entry, texts in entries.items():
        for text in texts:
            found.labels[entry].words.update(set(text.words))
            found.labels[entry].years.update(text.years)
            found.told.add(text)
    return Profiles(dict(found.labels), found.silence, found.told)


def _add(counts: Counter[str], words: set[str], times: int) -> None:
    for word in words:
        counts[word] += times
        if not counts[word]:
            del counts[word]
