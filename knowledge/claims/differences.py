"""What of a claim differs from what an entry tells, as far as it can be counted or called by name.

Both sides are read by the code that proves the entries: quantities with their unit and bound, currencies, years,
months, and the names of places, organisations and people. What differs in sense alone is for knowledge.claims.stance.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache

from knowledge.matching.profiles import Profiles
from knowledge.matching.signals import PASSING
from knowledge.model import NAMES, Entry
from knowledge.words.analysis import Analysis, Analyst
from knowledge.words.figures import Figure, currencies_in, is_year, numbers_in, spans_in
from knowledge.words.grammar import THE
from knowledge.words.text import folded, words

PAIR = 2
LEAST_NAME = 3  # letters: shorter ones may be words of another meaning
WORDS = 3  # shorter words between quotation marks may be irony
_QUOTE = re.compile(r"[«“\"]([^«»“”\"]+)[»”\"]")


class Part(StrEnum):
    """The part of a claim that differs."""

    CURRENCY = "currency"
    SPAN = "span"
    NUMBER = "number"
    BOUND = "bound"
    YEAR = "year"
    MONTH = "month"
    ORDINAL = "ordinal"
    QUOTE = "quote"  # words between quotation marks that the passages do not hold
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that a claim says otherwise. `said`: its words, as typed."""

    part: Part
    said: str


@dataclass(frozen=True, slots=True)
class Told:
    """What a text, or several, say that can be compared."""

    quantities: frozenset[tuple[Decimal, str, str]]  # value, unit, bound
    currencies: frozenset[str]
    spans: frozenset[str]  # units of time
    years: frozenset[Decimal]
    months: frozenset[Decimal]
    ordinals: frozenset[Decimal]
    names: frozenset[str]

    @property
    def values(self) -> set[tuple[Decimal, str]]:
        """The quantities without their bounds."""
        return {(value, unit) for value, unit, _ in self.quantities}


def told(texts: Iterable[str], analyst: Analyst) -> Told:
    """What `texts` tell together."""
    figures: list[Figure] = []
    currencies: set[str] = set()
    spans: set[str] = set()
    names: set[str] = set()
    for text in texts:
        figures += numbers_in(text)
        currencies |= currencies_in(text)
        spans |= spans_in(text)
        names |= analyst.analyse(text).of_kind(*NAMES)
    return Told(
        frozenset(_quantity(f) for f in figures if _counts(f)),
        frozenset(currencies),
        frozenset(spans),
        frozenset(f.value for f in figures if is_year(f)),
        frozenset(f.value for f in figures if f.unit == "month"),
        frozenset(f.value for f in figures if f.unit == "ordinal"),
        frozenset(names),
    )


class Differences:
    """Holds claims against what the entries of one folder say."""

    def __init__(self, entries: Mapping[str, Entry], profiles: Profiles, analyst: Analyst) -> None:
        self.entries = entries
        self.profiles = profiles
        self.analyst = analyst
        self._told = lru_cache(maxsize=None)(self._told_by)
        self._spoken = lru_cache(maxsize=None)(self._spoken_by)

    def _spoken_by(self, entry: str) -> list[tuple[str, ...]]:
        """The words of everything that the entry tells or quotes."""
        told = self.entries[entry]
        return [folded(text) for text in (*told.texts, *(passage.translation for passage in told.evidence))]

    def _told_by(self, entry: str) -> Told:
        return told(self.entries[entry].answer.values(), self.analyst)

    def holds(self, text: str, entry: str) -> bool:
        """Whether `text` holds one of the figures that `entry` tells, whatever else it holds."""
        told = self._told(entry)
        return any(_quantity(figure)[:2] in told.values for figure in numbers_in(text) if _counts(figure))

    def of(self, text: str, claim: Analysis, entry: str) -> list[Difference]:
        """What the claim `text`, analysed as `claim`, says otherwise than `entry`, in the order of Part."""
        told = self._told(entry)
        found = []
        if told.currencies:
            found += [Difference(Part.CURRENCY, c) for c in sorted(currencies_in(text) - told.currencies)]
        if told.spans:
            found += [Difference(Part.SPAN, span) for span in sorted(spans_in(text) - told.spans)]
        for figure in numbers_in(text):
            if figure.value == PAIR and THE & {*folded(text[: figure.start])[-1:]}:
                continue  # "the smaller of the two" counts nothing
            if part := _differs(figure, told):
                found.append(Difference(part, text[figure.start : figure.end]))
        for quote in _QUOTE.findall(text):
            spoken = folded(quote)
            if len(spoken) >= WORDS and not any(_holds(line, spoken) for line in self._spoken(entry)):
                found.append(Difference(Part.QUOTE, quote.strip()))
        usual = self.profiles[entry]
        for mention in claim.mentions:
            if mention.kind not in NAMES or mention.concept in told.names:
                continue
            ours = not self.analyst.lexicon.concepts[mention.concept].label  # the articles speak of it somewhere
            if len(mention.words) < LEAST_NAME:
                continue  # "ma" is no country
            if not ours or usual.share(mention.concept) <= PASSING:
                found.append(Difference(Part.NAME, _as_typed(text, mention.words)))
        return sorted(found, key=lambda difference: list(Part).index(difference.part))


def _holds(text: tuple[str, ...], spoken: tuple[str, ...]) -> bool:
    """Whether `spoken` stands in `text`, word by word."""
    return any(text[at : at + len(spoken)] == spoken for at in range(len(text) - len(spoken) + 1))


def _differs(figure: Figure, told: Told) -> Part | None:
    """The part of a claim that differs by its `figure`, if any."""
    for part, unit, known in ((Part.MONTH, "month", told.months), (Part.ORDINAL, "ordinal", told.ordinals)):
        if figure.unit == unit:
            return part if known and figure.value not in known else None
    if is_year(figure):
        return Part.YEAR if told.years and figure.value not in told.years else None
    if not told.quantities:
        return None
    value, unit, bound = _quantity(figure)
    if not _near(value, unit, told):
        return Part.NUMBER
    return Part.BOUND if (value, unit, bound) not in told.quantities and bound != "~" else None


def _near(value: Decimal, unit: str, told: Told) -> bool:
    """Whether `value` is told, or a share that is it when rounded."""
    if (value, unit) in told.values:
        return True
    return unit == "%" and any(unit == other and round(share) == value for share, other in told.values)


def _counts(figure: Figure) -> bool:
    return figure.unit in ("", "%", "share") and not is_year(figure)


def _quantity(figure: Figure) -> tuple[Decimal, str, str]:
    """One half and 50 % are one quantity."""
    if figure.unit == "share":
        return figure.value * 100, "%", figure.bound
    return figure.meaning


def _as_typed(text: str, mended: str) -> str:
    """The words of `text` that are `mended` for matching, as they were typed; else as they are matched."""
    typed = words(text)
    wanted = mended.split()
    for at in range(len(typed) - len(wanted) + 1):
        if [w.folded for w in typed[at : at + len(wanted)]] == wanted:
            said = r"\W+".join(re.escape(w.typed) for w in typed[at : at + len(wanted)])
            found = re.search(said, text, re.IGNORECASE)
            return found[0] if found else mended
    return mended
