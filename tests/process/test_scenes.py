"""What people see in each scene is what tests/scenes/snapshots says, and the pictures in docs show what they see.

After a change that is meant: `make scenes pictures`, and read the differences.
"""

import os

import pytest

from botapi.errors import Json
from knowledge.languages import LANGUAGES
from tests.paths import ROOT
from tests.process.running import RunningBot
from tests.scenes.pages import page
from tests.scenes.pictures import FOLDER, PICTURES, digest, held, screens
from tests.scenes.plays import PLAYS
from tests.scenes.shown import Block, blocks, told

SNAPSHOTS = ROOT / "tests/scenes/snapshots"
REWRITE = "REWRITE" in os.environ
LARGEST = 200_000  # bytes of a picture


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", PLAYS)
async def test_what_people_see_is_what_the_snapshot_says(bot: RunningBot, name: str, language: str) -> None:
    seen = told(await PLAYS[name](bot.server, language))
    snapshot = SNAPSHOTS / f"{name}-{language}.txt"
    if REWRITE:
        SNAPSHOTS.mkdir(exist_ok=True)
        snapshot.write_text(seen, encoding="utf-8")
    known = snapshot.read_text(encoding="utf-8") if snapshot.is_file() else ""
    assert seen == known, "if it is meant: make scenes"


def test_every_snapshot_is_of_a_scene() -> None:
    assert {path.stem for path in SNAPSHOTS.iterdir()} == {f"{name}-{lang}" for name in PLAYS for lang in LANGUAGES}


@pytest.mark.parametrize("name", PICTURES)
async def test_a_picture_shows_what_people_see_now(bot: RunningBot, name: str) -> None:
    path = FOLDER / f"{name}.png"
    old = held(path) != digest(page(await screens(bot.server, name)))
    assert not old, f"{path} is old: make pictures"
    assert path.stat().st_size < LARGEST


def test_every_picture_is_one_that_is_tested() -> None:
    assert {path.stem for path in FOLDER.iterdir()} == PICTURES.keys()


def entity(kind: str, offset: int, length: int) -> Json:
    return {"type": kind, "offset": offset, "length": length}


def block(kind: str, text: str, *marks: str) -> Block:
    return Block(kind, [(text, frozenset(marks))])


@pytest.mark.parametrize(
    ("text", "entities", "expected"),
    [
        ("plain", [], [block("", "plain")]),
        ("😀 bold", [entity("bold", 3, 4)], [Block("", [("😀 ", frozenset()), ("bold", frozenset({"bold"}))])]),
        ("a\nq\nb", [entity("blockquote", 2, 1)], [block("", "a"), block("blockquote", "q"), block("", "b")]),
        ("q\nr", [entity("blockquote", 0, 1), entity("blockquote", 2, 1)], [block("blockquote", t) for t in "qr"]),
        ("both", [entity("italic", 0, 4), entity("bold", 0, 4)], [block("", "both", "bold", "italic")]),
    ],
)
def test_markup_is_read_as_telegram_places_it(text: str, entities: list[Json], expected: list[Block]) -> None:
    assert blocks(text, entities) == expected
