"""What a chart shows, in words: its figures as the answers of its entries give them, its caption, its sources.

Here nothing is drawn and nothing is proven: the package charts draws, check_charts proves.
"""

import re
from pathlib import Path

from knowledge.languages import FRENCH
from knowledge.model import Bar, Chart, Knowledge, Languages
from knowledge.words.figures import Figure, numbers_in
from knowledge.words.text import typeset

MAX_CAPTION = 1024  # UTF-16 code units, as messengers count what stands under a picture

_BOUNDS = {"fr": {">": "plus de ", "<": "moins de ", "~": "environ "},
           "en": {">": "more than ", "<": "less than ", "~": "about "}}  # fmt: skip
_SCALES = {"fr": {10**9: "milliard", 10**6: "million"}, "en": {10**9: "billion", 10**6: "million"}}


def candidates(chart: Chart, bar: Bar, answer: Languages, language: str) -> list[Figure]:
    """The figures of `answer` that count what `chart` counts, each meaning once; of a proven chart, exactly one."""
    nouns = "|".join(re.escape(noun) for noun in chart.counted[language])
    counted = re.compile(rf"\s*(?:d[’']|de |of )?(?:{nouns})(?!\w)")
    text = answer[language]
    return list({f.meaning: f for f in numbers_in(text) if counted.match(text, f.end)}.values())


def figure(knowledge: Knowledge, chart: Chart, bar: Bar, language: str) -> Figure:
    """The figure that `bar` shows."""
    return candidates(chart, bar, knowledge.entries[bar.entry].answer, language)[0]


def printed(figure: Figure, language: str) -> str:
    """`figure` in digits, with its bound, as `language` prints it: plus de 20 000, 1.6 billion."""
    value, scale = figure.value, ""
    for size, name in _SCALES[language].items():
        if value >= size and not value % (size // 100):  # 1,234,567 stays in full
            value = value / size
            scale = f" {name}s" if language == FRENCH and value >= 2 else f" {name}"
            break
    number = f"{value.normalize():,f}{scale}"
    if language == FRENCH:
        number = number.translate({ord(","): " ", ord("."): ","})
    percent = {"fr": " %", "en": "%"}[language] if figure.unit == "%" else ""
    return typeset(_BOUNDS[language].get(figure.bound, "") + number + percent, language)


def sources(knowledge: Knowledge, chart: Chart, language: str) -> list[str]:
    """A line for each source of `chart`: its label, and the paragraphs of the passages that give the figures."""
    found: dict[str, set[tuple[int, str]]] = {}
    for bar in chart.bars:
        for passage in knowledge.entries[bar.entry].evidence:
            if not passage.hidden:
                source = knowledge.sources[passage.source]
                start = source.text.index(passage.quote)
                locator = source.locator(start, start + len(passage.quote))
                found.setdefault(source.id, set()).add((source.text.count("\n", 0, start), locator))
    return [
        typeset(", ".join([knowledge.sources[id].label[language], *(where for _, where in sorted(at))]), language)
        for id, at in found.items()
    ]


def caption(knowledge: Knowledge, chart: Chart, language: str) -> str:
    """All that the picture shows, in words: title, unit, a line for each bar, note, sources."""
    colon = {"fr": " : ", "en": ": "}[language]
    bars = []
    for bar in chart.bars:
        note = f" ({bar.note[language]})" if bar.note[language] else ""
        bars.append(f"{bar.label[language]}{colon}{printed(figure(knowledge, chart, bar, language), language)}{note}")
    told = "\n".join([chart.title[language], chart.unit[language], "", *bars])
    parts = [typeset(told, language), typeset(chart.note[language], language), *sources(knowledge, chart, language)]
    return "\n\n".join(filter(None, parts))


def file_name(chart: Chart, language: str) -> str:
    """The name of the picture of `chart` in `language`."""
    return f"{chart.id}-{language}.png"


def picture(folder: Path, knowledge: Knowledge, chart: Chart, language: str) -> Path | None:
    """The file in `folder` that shows `chart` as it is now, or None.

    Every picture holds its caption as text; one of an older chart, or of another knowledge, holds another.
    """
    path = folder / file_name(chart, language)
    held = path.read_bytes() if path.is_file() else b""
    return path if caption(knowledge, chart, language).encode() in held else None
