"""The pictures of the charts are those of the knowledge, and fit a phone."""

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from charts import __main__ as command
from charts.draw import MARGIN, ROOM, WIDTH, alike, png
from knowledge.languages import LANGUAGES
from knowledge.model import Knowledge
from knowledge.telling.charts import figure, file_name, picture
from tests.paths import ROOT

LARGEST = 80_000  # bytes of a picture: a phone gets it at once
FILL = (15, 76, 92)


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return command.proven()


@pytest.fixture(scope="module")
def drawn(knowledge: Knowledge) -> dict[str, bytes]:
    return command.draw_all(knowledge)


def test_the_pictures_are_those_of_the_knowledge(drawn: dict[str, bytes]) -> None:
    assert command.stale(command.PICTURES, drawn) == []
    assert len(drawn) == 6


def test_the_pictures_are_small_and_fit_a_phone(drawn: dict[str, bytes]) -> None:
    for name in drawn:
        assert (command.PICTURES / name).stat().st_size <= LARGEST
        with Image.open(command.PICTURES / name) as image:
            assert image.width == WIDTH
            assert 0.9 <= image.height / image.width <= 1.4, name


def test_drawing_twice_gives_the_same_bytes(knowledge: Knowledge, drawn: dict[str, bytes]) -> None:
    chart = knowledge.charts["staff"]
    assert png(knowledge, chart, "fr") == drawn[file_name(chart, "fr")]


def test_the_bars_are_as_long_as_their_values(knowledge: Knowledge, drawn: dict[str, bytes]) -> None:
    for chart in knowledge.charts.values():
        if chart.form == "bars":
            image = Image.open(io.BytesIO(drawn[file_name(chart, "fr")])).convert("RGB")
            lengths = list(bar_lengths(image))
            values = [float(figure(knowledge, chart, bar, "fr").value) for bar in chart.bars]
            assert len(lengths) == len(values)
            for length, value in zip(lengths, values, strict=True):
                assert length / ROOM == pytest.approx(value / max(values), abs=0.005)


def bar_lengths(image: Image.Image) -> Iterator[int]:
    """How far each bar reaches in its solid colour, seen a little below its upper edge."""
    inside = False
    for y in range(100, image.height):
        filled = is_fill(image, MARGIN + 20, y) and is_fill(image, MARGIN + 60, y)
        if filled and not inside:
            yield next(x for x in range(MARGIN + 20, WIDTH) if not is_fill(image, x, y + 8)) - MARGIN
        inside = filled


def is_fill(image: Image.Image, x: int, y: int) -> bool:
    pixel = image.getpixel((x, y))
    assert isinstance(pixel, tuple)
    return all(abs(a - b) <= 24 for a, b in zip(pixel, FILL, strict=True))


def test_a_crowd_has_as_many_people_as_its_figure_says(knowledge: Knowledge, drawn: dict[str, bytes]) -> None:
    assert people(drawn["klarna-en.png"]) == 700
    few = replace_figure(knowledge, "klarna-700", "700", "333")
    assert people(png(few, few.charts["klarna"], "en")) == 333


def people(picture: bytes) -> int:
    """How many shoulders stand beside each other, over all rows."""
    pixels = np.asarray(Image.open(io.BytesIO(picture)).convert("RGB"), int)[100:]
    filled = np.all(np.abs(pixels - FILL) <= 24, axis=2)
    runs = filled[:, 0] + (filled[:, 1:] & ~filled[:, :-1]).sum(axis=1)
    rows = np.split(runs, np.flatnonzero(np.convolve(runs, np.ones(3), "same") == 0))
    return sum(int(row.max()) for row in rows if row.size)


def replace_figure(knowledge: Knowledge, entry: str, old: str, new: str) -> Knowledge:
    told = knowledge.entries[entry]
    answer = {language: text.replace(old, new) for language, text in told.answer.items()}
    return replace(knowledge, entries={**knowledge.entries, entry: replace(told, answer=answer)})


@pytest.mark.parametrize(
    ("entry", "old", "new", "chart"),
    [
        ("morocco-staff", "90", "91", "staff"),
        ("intelcia-staff", "10", "11", "staff"),
        ("export-revenue", "6", "5", "money-2023"),
    ],
)
def test_one_other_digit_makes_a_picture_old(
    knowledge: Knowledge, drawn: dict[str, bytes], entry: str, old: str, new: str, chart: str
) -> None:
    other = replace_figure(knowledge, entry, old, new)
    for language in LANGUAGES:
        name = f"{chart}-{language}.png"
        assert not alike(drawn[name], png(other, other.charts[chart], language))
        assert picture(command.PICTURES, knowledge, knowledge.charts[chart], language) == command.PICTURES / name
        assert picture(command.PICTURES, other, other.charts[chart], language) is None


def test_a_picture_that_is_missing_too_many_or_touched_is_named(tmp_path: Path, drawn: dict[str, bytes]) -> None:
    for name, data in drawn.items():
        (tmp_path / name).write_bytes(data)
    assert command.stale(tmp_path, drawn) == []
    (tmp_path / "klarna-fr.png").unlink()
    (tmp_path / "klarna-en.png").write_bytes(b"no picture")
    (tmp_path / "of-old-fr.png").write_bytes(drawn["staff-fr.png"])
    image = Image.open(tmp_path / "staff-fr.png")
    image.putpixel((600, 600), 0)
    image.save(tmp_path / "staff-fr.png")  # and so loses its words
    assert command.stale(tmp_path, drawn) == ["klarna-en.png", "klarna-fr.png", "of-old-fr.png", "staff-fr.png"]


def test_the_command_tells_old_pictures_and_draws_them_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], drawn: dict[str, bytes]
) -> None:
    monkeypatch.setattr(command, "PICTURES", tmp_path / "bot" / "pictures")
    monkeypatch.setattr(command, "draw_all", lambda knowledge: drawn)
    assert command.main(["--check"]) == 1
    assert "bot/pictures/staff-fr.png is old: make charts" in capsys.readouterr().err
    (tmp_path / "bot").mkdir()
    assert command.main([]) == 0
    assert command.main(["--check"]) == 0
    assert {p.name: p.read_bytes() for p in (tmp_path / "bot/pictures").iterdir()} == drawn


def test_nothing_that_runs_the_bot_imports_what_draws() -> None:
    for path in (*(ROOT / "bot").rglob("*.py"), *(ROOT / "knowledge").rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"^\s*(import|from) (matplotlib|PIL|charts)\b", text, re.MULTILINE), path
    assert "matplotlib" not in (ROOT / "requirements.txt").read_text(encoding="utf-8")
