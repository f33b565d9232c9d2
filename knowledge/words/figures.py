"""Numbers as two languages write them, so that 1,6 milliard, 1.6 billion and 1 600 000 000 are one value.

The proof compares these values, not strings: a figure in an answer must be in its evidence with the same
value, the same unit and the same bound, for "plus de 20 000" is not 20 000.
"""

import re
from dataclasses import dataclass
from decimal import Decimal

from knowledge.words.text import fold

_UNITS = {
    "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6, "sept": 7, "huit": 8, "neuf": 9, "dix": 10,
    "onze": 11, "douze": 12, "treize": 13, "quatorze": 14, "quinze": 15, "seize": 16, "vingt": 20,
    "vingts": 20, "trente": 30, "quarante": 40, "cinquante": 50, "soixante": 60,
    "two": 2, "three": 3, "four": 4, "five": 5, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40,
    "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
    "septante": 70, "huitante": 80, "octante": 80, "nonante": 90,
}  # fmt: skip
_SCALES = {
    "cent": 100, "cents": 100, "hundred": 100, "mille": 1_000, "thousand": 1_000, "million": 10**6,
    "millions": 10**6, "milliard": 10**9, "milliards": 10**9, "billion": 10**9, "billions": 10**9,
}  # fmt: skip
_TYPED_SCALES = {"k": 1_000, "m": 10**6, "mn": 10**6, "mio": 10**6, "b": 10**9, "bn": 10**9, "md": 10**9,
                 "mds": 10**9, "mrd": 10**9}  # fmt: skip  # right after digits: 90k, 1.6bn
_CURRENCIES = {"euro": "€", "euros": "€", "eur": "€", "dollar": "$", "dollars": "$", "usd": "$", "bucks": "$",
               "dirham": "MAD", "dirhams": "MAD", "mad": "MAD", "livres sterling": "£", "pounds": "£", "quid": "£",
               "sterling": "£", "francs": "francs", "cfa": "francs", "yen": "¥", "yens": "¥", "yuan": "¥",
               "rupees": "rupees", "roupies": "rupees", "naira": "naira", "nairas": "naira", "dinar": "dinars",
               "dinars": "dinars"}  # fmt: skip
_ROUND = {"dizaine": 10, "douzaine": 12, "quinzaine": 15, "vingtaine": 20, "trentaine": 30, "quarantaine": 40,
          "cinquantaine": 50, "centaine": 100, "dozen": 12}  # fmt: skip
_SHARES = {
    "moitie": Decimal("0.5"),
    "half": Decimal("0.5"),
    "tiers": Decimal(1) / 3,
    "quart": Decimal("0.25"),
    "quarter": Decimal("0.25"),
    "quarters": Decimal("0.25"),
}
_ORDINALS = {"premier": 1, "premiere": 1, "first": 1, "deuxieme": 2, "second": 2, "seconde": 2, "troisieme": 3,
             "third": 3, "quatrieme": 4, "fourth": 4}  # fmt: skip
_MONTHS = {
    name: number
    for names in (
        "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre",
        "january february march april - june july august september october november december",
    )
    for number, name in enumerate(names.split(), 1)
    if name not in ("-", "mars", "march")  # « mars » and "march" are words of other meanings too
}

_ONES = {"un": 1, "une": 1, "one": 1} | {word: value for word, value in _UNITS.items() if value < 10}
_SPOKEN = rf"\b(?:{'|'.join(_ONES)}) (?:point|virgule|comma) (?:{'|'.join(_ONES)})\b"  # "one point six" billion
_TOKEN = re.compile(
    rf"(?P<spoken>{_SPOKEN})"
    r"|(?P<date>\b(?:19|20)\d\d-(?:0[1-9]|1[0-2])\b)"
    r"|(?P<year>(?:(?<=\s)|^)['’]\d\d\b(?!['’ .,]\d))"
    r"|(?P<digits>(?<![\d.,])\d{1,3}(?:[ \u00a0\u202f.,'’]\d{3})+(?![\d])|\d+(?:[.,]\d+)?)"
    r"|(?P<percent>%|pour cent\b|per ?cent\b)|(?P<word>[^\W\d_]+)|(?P<stop>[^\w\s-])"
)
_MORE = re.compile(
    r"(plus de|plus d'|\+ de|\+ d'|depasse(?:nt)?(?: les)?|au-dela de|more than|over|north of|upwards of"
    r"|exceeds?|exceeding|au moins|at least)\s*$"
)
_LESS = re.compile(r"(moins de|moins d'|less than|fewer than|under|jusqu'a|up to|au plus|at most)\s*$")
_ABOUT = re.compile(r"(environ|pres de|quelque|about|around|roughly|nearly|some|autour de|presque|almost)\s*$")
_PLUS = re.compile(r"\+(?! ?\d)")  # "10k+"
_OR_SO = re.compile(r"\s*(or so|ou presque|environ)\b")


@dataclass(frozen=True, slots=True)
class Figure:
    """A number in a text. `bound`: ">" for "plus de", "<" for "moins de", "~" for "environ"."""

    value: Decimal
    unit: str  # "", "%", "month", "ordinal" or "share"
    bound: str
    start: int
    end: int

    @property
    def meaning(self) -> tuple[Decimal, str, str]:
        """What two texts must share to say the same figure."""
        return self.value, self.unit, self.bound


_SENTENCE = re.compile(r".*?[.!?](?=\s|$)", re.DOTALL)
_BEFORE = re.compile(
    r"(?:\b(?:plus|moins|près) de |\b(?:environ|une|more than|less than|about|nearly|over) )?$", re.IGNORECASE
)
_AFTER = re.compile(r"(?:s\b|\s+(?:d[’']euros|euros)\b|(?<=[a-zé])\s+20\d\d\b)?", re.IGNORECASE)
_YEARS = range(1900, 2100)


def numbers_in(text: str) -> list[Figure]:
    """Every number of `text`, French or English, in digits or words, in the order of the text.

    "un", "une" and "one" alone count as words, not as numbers.
    """
    plain = _fold_in_place(text)
    found: list[Figure] = []
    pending: list[tuple[Decimal, int, int]] = []  # number words and digits that may still be scaled

    def close() -> None:
        if pending:
            value, start, end = _total([p[0] for p in pending]), pending[0][1], pending[-1][2]
            found.append(Figure(value, "", _bound(plain, start, end), start, end))
            pending.clear()

    for token in _TOKEN.finditer(plain):
        kind, word, start, end = token.lastgroup, token[0], token.start(), token.end()
        if kind in ("digits", "spoken"):
            close()
            pending.append((_decimal(word), start, end))
        elif kind == "word" and (word in _UNITS or word in _SCALES):
            if word in _SCALES and not pending and word in ("cent", "cents", "million", "millions"):
                pending.append((Decimal(1), start, start))
            pending.append((Decimal(_UNITS.get(word) or -_SCALES[word]), start, end))
        elif kind == "word" and word in _TYPED_SCALES and pending and _follows(plain, pending[-1][2], start, end):
            pending.append((Decimal(-_TYPED_SCALES[word]), start, end))
        elif kind == "word" and word == "dozen" and pending:
            pending.append((Decimal(-_ROUND[word]), start, end))
        elif kind == "word" and word in ("et", "and") and pending:
            continue
        else:
            close()
            if kind == "percent" and found and not plain[found[-1].end : start].strip():
                last = found.pop()
                found.append(Figure(last.value, "%", last.bound, last.start, end))
            elif kind == "year":
                found.append(Figure(2000 + Decimal(word[1:]), "", "", start, end))
            elif kind == "date":
                year, month = word.split("-")
                found.append(Figure(Decimal(year), "", "", start, start + 4))
                found.append(Figure(Decimal(month), "month", "", start + 5, end))
            elif kind == "word":
                found.extend(_named(plain, word, start, end))
    close()
    return found


def quantities_in(text: str) -> list[Figure]:
    """The numbers of `text` that count or measure something: no years, months, ordinals or fractions in words."""
    return [f for f in numbers_in(text) if f.unit in ("", "%") and not is_year(f)]


def highlights(text: str) -> list[tuple[int, int]]:
    """Where the figures of the first sentence of `text` stand, with "plus de" and "euros"; years where nothing else."""
    first = _SENTENCE.match(text)
    sentence = first[0] if first else text
    found = numbers_in(sentence)
    counted = [f for f in found if not is_year(f)] or found
    return [
        (f.start - len(_BEFORE.search(sentence[: f.start])[0]), f.end + len(_AFTER.match(sentence[f.end :])[0]))  # type: ignore[index]
        for f in counted
    ]


def is_year(figure: Figure) -> bool:
    """Whether `figure` is written as a year of this century or the last."""
    return not figure.unit and figure.value in _YEARS and figure.value == int(figure.value)


def spoken_years(words: list[str]) -> list[str]:
    """`words` (folded) with years said in words written in digits: "twenty twenty three", "deux mille six"."""
    said: list[str] = []
    at = 0
    while at < len(words):
        length, year = _spoken_year(words[at : at + 6])
        said += [str(year)] if length else [words[at]]
        at += length or 1
    return said


def _spoken_year(words: list[str]) -> tuple[int, int]:
    """(how many words, the year) if `words` begin with a year of this century or the last; else (0, 0)."""
    if words[:2] in (["two", "thousand"], ["deux", "mille"]):
        length, century = 2, 2000
    elif words[:1] in (["twenty"], ["nineteen"]):
        length, century = 1, _UNITS[words[0]] * 100
    else:
        return 0, 0
    rest = [w for w in words[length:] if w != "and"]
    length += words[length : length + 1] == ["and"]
    values = [_UNITS.get(w, 0) for w in rest[:2]] + [0, 0]
    if values[0] >= 20 and 0 < values[1] < 10:
        return length + 2, century + values[0] + values[1]
    if values[0] >= 10 or (century == 2000 and length >= 2 and values[0]):
        return length + 1, century + values[0]
    return 0, 0


_SPANS = {word: unit for unit, words in {
    "hour": "heure heures hour hours hourly", "day": "jour jours day days daily",
    "week": "semaine semaines week weeks weekly", "month": "mois month months monthly mensuel mensuels mensuelle",
    "year": "an ans annee annees year years yr yrs yearly annual annually annuel annuels annuelle annuellement",
}.items() for word in words.split()}  # fmt: skip


def spans_in(text: str) -> set[str]:
    """The units of time that `text` names: hour, day, week, month, year."""
    return {_SPANS[word] for word in re.findall(r"[a-z]+", fold(text)) if word in _SPANS}


def currencies_in(text: str) -> set[str]:
    """The currencies that `text` names, as symbols."""
    plain = fold(text)
    named = {symbol for name, symbol in _CURRENCIES.items() if re.search(rf"\b{name}\b", plain)}
    return named | {symbol for symbol in "€$£" if symbol in text}


def _follows(plain: str, before: int, start: int, end: int) -> bool:
    """Whether the scale plain[start:end] follows a number that ends at `before`; "20 m" is a length, "20 M€" is not."""
    return start == before or (
        start == before + 1 and (end - start > 1 or plain[start] == "k" or plain[end : end + 1] in ("€", "$"))
    )


def _named(plain: str, word: str, start: int, end: int) -> list[Figure]:
    bound = _bound(plain, start, end)
    if word in _ROUND:
        return [Figure(Decimal(_ROUND[word]), "", "~", start, end)]
    if word in _SHARES:
        return [Figure(_SHARES[word], "share", bound, start, end)]
    if word == "third" and plain[:start].endswith(("a ", "one ")):
        return [Figure(_SHARES["tiers"], "share", bound, start, end)]
    if word in _ORDINALS:
        return [Figure(Decimal(_ORDINALS[word]), "ordinal", "", start, end)]
    if word in _MONTHS:
        return [Figure(Decimal(_MONTHS[word]), "month", "", start, end)]
    return []


def _bound(plain: str, start: int, end: int) -> str:
    before = plain[max(0, start - 24) : start]
    if _MORE.search(before) or _PLUS.match(plain, end):
        return ">"
    if _LESS.search(before):
        return "<"
    return "~" if _ABOUT.search(before) or _OR_SO.match(plain, end) else ""


def _decimal(digits: str) -> Decimal:
    if re.fullmatch(r"\d{1,3}(?:[ \u00a0\u202f.,'’]\d{3})+", digits):
        return Decimal(re.sub(r"\D", "", digits))
    if digits[0].isalpha():
        whole, _, tenths = digits.split()
        return _ONES[whole] + Decimal(_ONES[tenths]) / 10
    return Decimal(digits.replace(",", "."))


def _total(parts: list[Decimal]) -> Decimal:
    """The value of number words in order; a scale (cent, million) is negative and multiplies what precedes."""
    total, current = Decimal(0), Decimal(0)
    for part in parts:
        if part >= 0:
            current = current * part if current == 4 and part == 20 else current + part  # quatre-vingts
        elif part < -1_000:
            total, current = (total + (current or 1)) * -part, Decimal(0)
        elif part == -1_000:
            total, current = total + (current or 1) * -part, Decimal(0)
        else:
            current = (current or 1) * -part
    return (total + current).normalize()


def _fold_in_place(text: str) -> str:
    """`text` folded character by character, so that spans in it are spans in the original."""
    return "".join(f if len(f := fold(c)) == 1 else c for c in text)
