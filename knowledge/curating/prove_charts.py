"""Charts x entries -> Problems: a picture may show only what the entries' own answers say.

A bar's figure stands once in its entry's answer, the same in both languages; whose figure it is, is written there;
and all that is written is proven as an answer is.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from functools import partial

from knowledge.errors import Problem
from knowledge.languages import ARTICLES, LANGUAGES
from knowledge.model import Bar, Chart, Entry, Evidence, Knowledge, Languages
from knowledge.telling.charts import MAX_CAPTION, candidates, caption, printed
from knowledge.words.figures import numbers_in

MOST = 1000  # little people in a crowd: more of them cannot be told apart on a phone

Meaning = tuple[Decimal, str, str]  # value, unit and bound, as Figure.meaning
Tell = Callable[[str, str], Problem]  # (field, message) -> the problem there
BornOut = Callable[[str, Languages, Sequence[Evidence], Tell], Iterator[Problem]]
Names = Callable[[str, str], set[str]]  # (text, language) -> the people, places and organisations that it names

_SENTENCE = re.compile(r"(?<=[.!?])\s+")


def of_chart(chart: Chart, knowledge: Knowledge, born_out: BornOut, names: Names) -> list[Problem]:
    """What `chart` shows or says and its entries do not. `born_out` tells what of a text no passage bears out."""
    problem = partial(Problem, "charts.yaml", chart.id)
    found: list[Problem] = []
    meanings: list[Meaning] = []
    shown: dict[str, Entry] = {}
    for number, bar in enumerate(chart.bars, 1):
        field, entry = f"bars {number}", knowledge.entries.get(bar.entry)
        if entry is None:
            found.append(problem(field, f'"{bar.entry}" is no entry'))
            continue
        shown[entry.id] = entry
        meanings += _meanings(chart, bar, entry)
        found += _figure(field, chart, bar, entry, problem)
        found += _owner(field, chart, bar, entry, names, problem)
        found += _texts(field, bar, entry, born_out, problem)
    found += _form(chart, meanings, problem)
    passages = [passage for entry in shown.values() for passage in entry.evidence]
    for field, texts in (("title", chart.title), ("short", chart.short), ("unit", chart.unit), ("note", chart.note)):
        found += born_out(field, texts, passages, problem)
    if not found:
        for language in LANGUAGES:
            length = len(caption(knowledge, chart, language).encode("utf-16-le")) // 2
            if length > MAX_CAPTION:
                message = f"its caption takes {length:,} characters in {language}: {MAX_CAPTION:,} are the most"
                found.append(problem("", message))
    return found


def _meanings(chart: Chart, bar: Bar, entry: Entry) -> set[Meaning]:
    return {f.meaning for language in LANGUAGES for f in candidates(chart, bar, entry.answer, language)}


def _figure(field: str, chart: Chart, bar: Bar, entry: Entry, problem: Tell) -> Iterator[Problem]:
    """The answer must give one figure of what is counted, the same in both languages, that can be printed."""
    for language in LANGUAGES:
        figures = candidates(chart, bar, entry.answer, language)
        if len(figures) != 1:
            counted = ", ".join(chart.counted[language])
            yield problem(field, f"one figure of {counted} is needed: {entry.id} gives {len(figures)} in {language}")
        for figure in figures:
            if [f.meaning for f in numbers_in(printed(figure, language))] != [figure.meaning]:
                yield problem(field, f"{figure.value} in {language} would be read as another figure")
    if len(_meanings(chart, bar, entry)) > 1:
        yield problem(field, f"{entry.id} does not give one figure in both languages")


def _owner(field: str, chart: Chart, bar: Bar, entry: Entry, names: Names, problem: Tell) -> Iterator[Problem]:
    """Whoever the answer names where it gives the figure must be named in the title or beside the bar."""
    for language in LANGUAGES:
        written = names(" ".join((chart.title[language], bar.label[language], bar.note[language])), language)
        for figure in candidates(chart, bar, entry.answer, language):
            for name in sorted(names(_sentence(entry.answer[language], figure.start), language) - written):
                yield problem(field, f"the figure is of {name}, which {language} does not name")


def _sentence(text: str, at: int) -> str:
    """The sentence of `text` that holds its character `at`."""
    ends = [match.start() for match in _SENTENCE.finditer(text)]
    return text[max((e for e in ends if e <= at), default=0) : min((e for e in ends if e > at), default=len(text))]


def _texts(field: str, bar: Bar, entry: Entry, born_out: BornOut, problem: Tell) -> Iterator[Problem]:
    """What stands beside a bar is held against what its entry tells, not its passages: they name its neighbours too."""
    own = [Evidence("", f"{entry.questions[ARTICLES][0]}\n{entry.answer[ARTICLES]}")]
    for part, texts in (("label", bar.label), ("note", bar.note)):
        yield from born_out(f"{field}: {part}", texts, own, problem)
        if any(set(text) & set("«»“”") for text in texts.values()):
            yield problem(f"{field}: {part}", "quotations go into the title, the unit or the note of the chart")


def _form(chart: Chart, meanings: list[Meaning], problem: Tell) -> Iterator[Problem]:
    """The figures must go together, and into the form of the chart."""
    if len({bar.entry for bar in chart.bars}) < len(chart.bars):
        yield problem("bars", "an entry stands there twice")
    if len({unit for _, unit, _ in meanings}) > 1:
        yield problem("bars", "shares and numbers do not go on one scale")
    if chart.form == "crowd" and len(chart.bars) != 1:
        yield problem("bars", "a crowd shows one figure")
    for value, unit, bound in meanings:
        if value <= 0 or unit not in ("", "%") or bound not in ("", ">"):
            yield problem("bars", f"{value} cannot be drawn: what is exact can, and “more than”")
        elif chart.form == "crowd" and (value > MOST or value % 1 or unit or bound):
            yield problem("bars", f"{value} cannot be drawn as a crowd: a whole number up to {MOST:,} can")
