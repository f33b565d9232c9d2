"""A proven chart -> the bytes of its PNG.

Made to be read on a phone, in any light and without colours: large type, every value written out, a jagged
end where the article says "more than". The same chart always gives the same pixels.
"""

import io
import re

import matplotlib.style
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.patches import PathPatch, Polygon
from matplotlib.path import Path as Outline
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError
from PIL.PngImagePlugin import PngInfo

from knowledge.model import Bar, Chart, Knowledge
from knowledge.telling import charts
from knowledge.words.text import typeset

WIDTH, TALLEST = 1080, 2400  # pixels; a picture is as tall as what is on it
MARGIN = 56
ROOM = WIDTH - 2 * MARGIN
PAPER, INK, GREY, FILL, TINT = "#ffffff", "#16191d", "#4a5058", "#0f4c5c", "#cfe3e6"
TITLE, UNIT, LABEL, NOTE, VALUE, SMALL = 54, 34, 37, 30, 40, 26  # heights of type in pixels
BAR, GAP = 64, 38
OPEN = 50  # how far a bar reaches beyond its value where that is "more than"
TEETH = 3
COLOURS = 48  # in the file: enough for smooth type, and a small picture
TOLERANCE = 2.0  # mean difference of two drawings, of 255: rounding of another machine, and not one letter more

_JAGGED = {"fr": "Bout dentelé : « plus de ».", "en": "Jagged end: “more than”."}
_TO_SCALE = {"fr": "Barres à l’échelle, depuis zéro.", "en": "Bars to scale, from zero."}
_BLOCKS = {"fr": "Chaque bloc compte 100 silhouettes.", "en": "Each block holds 100 silhouettes."}
_SOURCE = {"fr": "Source :\u00a0", "en": "Source: "}


def png(knowledge: Knowledge, chart: Chart, language: str) -> bytes:
    """The picture of `chart`, with its caption inside it as text."""
    with matplotlib.style.context("default"):
        page = _Page()
        page.box(MARGIN, MARGIN, 96, 12)
        page.y += 36
        page.write(typeset(chart.title[language], language), TITLE, bold=True)
        page.y += 12
        page.write(typeset(chart.unit[language], language), UNIT, GREY)
        page.y += GAP
        draw = {"bars": _bars, "crowd": _crowd}[chart.form]
        key = draw(page, knowledge, chart, language)
        page.y += GAP
        page.line()
        if chart.note[language]:
            page.write(typeset(chart.note[language], language), NOTE)
            page.y += 10
        page.write(typeset(key, language), SMALL, GREY)
        for source in charts.sources(knowledge, chart, language):
            page.write(_SOURCE[language] + source, SMALL, GREY)
        pixels = page.pixels()
    held = PngInfo()
    held.add_itxt("Description", charts.caption(knowledge, chart, language), lang=language)
    file = io.BytesIO()
    picture = Image.fromarray(pixels).quantize(COLOURS, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    picture.save(file, "PNG", pnginfo=held, optimize=True)
    return file.getvalue()


def alike(one: bytes, other: bytes) -> bool:
    """Whether two PNG files show the same and hold the same words; what is no picture is like none."""
    try:
        first, second = Image.open(io.BytesIO(one)), Image.open(io.BytesIO(other))
    except UnidentifiedImageError:
        return False
    if first.size != second.size or first.info.get("Description") != second.info.get("Description"):
        return False
    return difference(first, second) <= TOLERANCE


def difference(one: Image.Image, other: Image.Image) -> float:
    """The mean difference, of 255, of the pixels of two pictures of one size, in the square that differs most.

    Of the whole picture a single changed digit would be next to nothing.
    """
    apart = np.abs(np.asarray(one.convert("L"), np.float32) - np.asarray(other.convert("L"), np.float32))
    cells = apart[: apart.shape[0] // 32 * 32, : apart.shape[1] // 32 * 32].reshape(apart.shape[0] // 32, 32, -1, 32)
    return float(cells.mean(axis=(1, 3)).max())


class _Page:
    """A sheet in pixels, y downwards, written from the top."""

    def __init__(self) -> None:
        self.figure = Figure(figsize=(WIDTH / 100, TALLEST / 100), dpi=100, facecolor=PAPER)
        self.canvas = FigureCanvasAgg(self.figure)
        self.axes = self.figure.add_axes((0, 0, 1, 1), xlim=(0, WIDTH), ylim=(TALLEST, 0))
        self.axes.axis("off")
        self.y = float(MARGIN)

    def box(self, left: float, top: float, wide: float, high: float) -> None:
        """A filled rectangle."""
        corners = [(left, top), (left + wide, top), (left + wide, top + high), (left, top + high)]
        self.axes.add_patch(Polygon(corners, color=FILL, linewidth=0))

    def write(self, text: str, size: int, colour: str = INK, *, bold: bool = False, x: float = MARGIN) -> None:
        """`text` in lines from `x` to the margin; the next thing goes below."""
        room = WIDTH - MARGIN - x
        lines = self.broken(text, size, bold, room)
        while len(self.broken(text, size, bold, room - 8)) == len(lines) > 1:  # no word alone on the last line
            room -= 8
        for line in self.broken(text, size, bold, room):
            self.put(line, size, x, self.y + 0.62 * size, colour, bold=bold)
            self.y += round(1.28 * size)

    def put(self, line: str, size: int, x: float, y: float, colour: str = INK, *, bold: bool = False) -> None:
        """One line of text from `x`, half above and half below `y`."""
        self.axes.text(
            x, y, line, color=colour, fontproperties=_type(size, bold), va="center_baseline", parse_math=False
        )

    def width(self, text: str, size: int, bold: bool) -> float:
        """How wide a line of `text` is."""
        return float(self.canvas.get_renderer().get_text_width_height_descent(text, _type(size, bold), False)[0])

    def broken(self, text: str, size: int, bold: bool, room: float) -> list[str]:
        """`text` in lines that fit; no-break spaces do not break, nor does a number from what it counts."""
        lines = [""]
        for word in re.sub(r"(?<=\d) (?=[^\W\d])", "\u00a0", text).split(" "):
            longer = f"{lines[-1]} {word}".strip(" ")
            if lines[-1] and self.width(longer, size, bold) > room:
                lines.append(word)
            else:
                lines[-1] = longer
        return lines

    def line(self) -> None:
        """A thin line across."""
        self.axes.plot([MARGIN, WIDTH - MARGIN], [self.y, self.y], color=GREY, linewidth=1.2)
        self.y += 20

    def pixels(self) -> NDArray[np.uint8]:
        """What is on the sheet, down to the last line and a margin."""
        if self.y > TALLEST - MARGIN:
            raise ValueError("too much for one picture")
        self.canvas.draw()
        drawn = np.asarray(self.canvas.buffer_rgba(), np.uint8)
        return drawn[: round(self.y) + MARGIN - 10, :, :3].copy()


def _type(size: int, bold: bool) -> FontProperties:
    return FontProperties(family="DejaVu Sans", weight="bold" if bold else "normal", size=size * 0.72)  # 100 dpi


def _bars(page: _Page, knowledge: Knowledge, chart: Chart, language: str) -> str:
    """The bars below each other; returns what explains how they are drawn."""
    figures = [charts.figure(knowledge, chart, bar, language) for bar in chart.bars]
    bounded = any(f.bound for f in figures)
    scale = min((ROOM - OPEN * bool(f.bound)) / float(f.value) for f in figures)
    top = page.y
    for bar, figure in zip(chart.bars, figures, strict=True):
        _beside(page, bar, language, MARGIN + 14)
        page.y += 8
        _bar(page, float(figure.value) * scale, charts.printed(figure, language), open_ended=bool(figure.bound))
        page.y += GAP
    page.y -= GAP
    page.axes.plot([MARGIN, MARGIN], [top, page.y + 8], color=INK, linewidth=2.4)  # the zero they start from
    return f"{_TO_SCALE[language]} {_JAGGED[language]}" if bounded else _TO_SCALE[language]


def _beside(page: _Page, bar: Bar, language: str, x: float) -> None:
    page.write(typeset(bar.label[language], language), LABEL, bold=True, x=x)
    if bar.note[language]:
        page.write(typeset(bar.note[language], language), NOTE, GREY, x=x)


def _bar(page: _Page, length: float, value: str, *, open_ended: bool) -> None:
    top, bottom, middle, end = page.y, page.y + BAR, page.y + BAR / 2, MARGIN + length
    page.box(MARGIN, top, length, BAR)
    tip = end
    if open_ended:
        tip, top, bottom = end + OPEN, top + 1.5, bottom - 1.5  # half of the line around it
        teeth = [(tip - (i % 2) * OPEN * 0.45, top + (bottom - top) * i / (2 * TEETH)) for i in range(2 * TEETH + 1)]
        outline = [(end, top), *teeth, (end, bottom)]
        page.axes.add_patch(Polygon(outline, facecolor=TINT, edgecolor=FILL, linewidth=2.2, joinstyle="miter"))
    wide = page.width(value, VALUE, True)
    if tip + 18 + wide <= WIDTH - MARGIN:
        page.put(value, VALUE, tip + 18, middle, bold=True)
    else:
        page.put(value, VALUE, end - 20 - wide, middle, PAPER, bold=True)
    page.y += BAR


def _crowd(page: _Page, knowledge: Knowledge, chart: Chart, language: str) -> str:
    """As many little people as the one figure says, in blocks of 100; returns what explains them."""
    (bar,) = chart.bars
    figure = charts.figure(knowledge, chart, bar, language)
    number, size = charts.printed(figure, language), 132
    top = page.y
    page.put(number, size, MARGIN, top + size / 2, bold=True)
    page.y += 6
    _beside(page, bar, language, MARGIN + page.width(number, size, True) + 32)
    page.y = max(page.y, top + size) + GAP
    count = int(figure.value)
    blocks = -(-count // 100)
    cell = min(34, ROOM // (5 * blocks + 0.7 * (blocks - 1)))
    apart = (ROOM - 5 * cell * blocks) / max(1, blocks - 1) if blocks > 4 else 0.7 * cell
    people = []
    for i in range(count):
        block, place = divmod(i, 100)
        row, column = divmod(place, 5)
        left = MARGIN + block * (5 * cell + apart) + column * cell
        people += _person(round(left + cell / 2), round(page.y + row * 1.25 * cell), cell)
    page.axes.add_patch(PathPatch(Outline.make_compound_path(*people), facecolor=FILL, linewidth=0))
    page.y += -(-min(count, 100) // 5) * 1.25 * cell
    return _BLOCKS[language] if blocks > 1 else ""


def _person(x: float, top: float, cell: float) -> list[Outline]:
    """Head and shoulders, centred on `x`."""
    head, half, neck, foot = 0.2 * cell, 0.34 * cell, top + 0.47 * cell, top + 1.02 * cell
    shoulders = Outline(
        [(x - half, foot), (x - half, neck), (x, neck), (x + half, neck), (x + half, foot), (x - half, foot)],
        [Outline.MOVETO, Outline.CURVE3, Outline.CURVE3, Outline.CURVE3, Outline.CURVE3, Outline.CLOSEPOLY],
    )
    return [Outline.circle((x, top + head + 0.02 * cell), head), shoulders]
