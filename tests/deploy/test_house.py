"""docs/house.md is true: its rooms and files exist, its walks are the way that messages really take."""

import importlib
import inspect
import re
import sys
from collections import Counter
from collections.abc import Iterator
from types import FrameType

import pytest

from knowledge.engine import Engine
from tests.paths import ROOT

HOUSE = (ROOT / "docs" / "house.md").read_text(encoding="utf-8")
WALKS = [
    [(path, name) for path, name, *_ in (line.split(maxsplit=2) for line in block.strip().splitlines())]
    for block in re.findall(r"```walk\n(.*?)```", HOUSE, re.DOTALL)
]
ASKED_ON_THE_WAY = ("knowledge/words", "knowledge/matching", "knowledge/reading/judge.py", "knowledge/reading/model.py")


@pytest.mark.parametrize(("path", "name"), [step for walk in WALKS for step in walk])
def test_every_step_of_a_walk_is_a_name_in_its_file(path: str, name: str) -> None:
    found: object = importlib.import_module(path.removesuffix(".py").replace("/", "."))
    for part in name.split("."):
        found = getattr(found, part, None) or getattr(found, f"_{part}")  # `_`: its results are kept
    assert inspect.getsourcefile(inspect.unwrap(found)) == str(ROOT / path)  # type: ignore[arg-type]


@pytest.mark.parametrize("walk", WALKS)
def test_no_file_is_on_a_walk_more_than_twice(walk: list[tuple[str, str]]) -> None:
    assert {path: times for path, times in Counter(path for path, _ in walk).items() if times > 2} == {}


@pytest.mark.parametrize("text", ["cb de téléconseillers en tunisie ?", "who said AI can't replace emotions?"])
def test_a_question_takes_the_way_of_the_map(engine: Engine, text: str) -> None:
    """In the map's order, and no file is entered more than twice but those that are asked on the way."""
    called: list[tuple[str, str, str]] = []  # the file that calls, the file and the name that are called

    def note(frame: FrameType, event: str, _: object) -> None:
        if event == "call":
            called.append((_file(frame.f_back), _file(frame), frame.f_code.co_qualname))

    engine.analyst.analyse.cache_clear()
    engine.reader.judge.judged.cache_clear()
    sys.setprofile(note)
    engine.ask(text)
    sys.setprofile(None)
    first = list(dict.fromkeys((file, name.replace("._", ".")) for _, file, name in called))
    assert [step for step in first if step in WALKS[0]] == list(WALKS[0])
    entered = Counter(file for caller, file, _ in called if file.startswith("knowledge/") and caller != file)
    walked = {f: times for f, times in entered.items() if not f.startswith((*ASKED_ON_THE_WAY, "knowledge/telling"))}
    assert {file for file, times in walked.items() if times > 2} == set()
    assert entered["knowledge/engine.py"] == entered["knowledge/reading/reader.py"] == 1
    assert entered["knowledge/telling/tell.py"] == 1


def _file(frame: FrameType | None) -> str:
    """The file of `frame` from the project's root; of what a library calls, the caller's."""
    while frame is not None and not frame.f_code.co_filename.startswith(f"{ROOT}/knowledge"):
        frame = frame.f_back
    return frame.f_code.co_filename.removeprefix(f"{ROOT}/") if frame else ""


def rooms() -> Iterator[str]:
    """Every folder of knowledge and bot that holds code, or what a curator edits."""
    for top in ("knowledge", "bot"):
        for path in sorted((ROOT / top).iterdir()):
            if path.is_dir() and (path.name == "faq" or (path / "__init__.py").is_file()):
                yield f"{top}/{path.name}"


def test_every_room_is_described_and_every_room_described_is_there() -> None:
    assert set(re.findall(r"^\| `((?:knowledge|bot)/\w+)` \|", HOUSE, re.MULTILINE)) == set(rooms())


@pytest.mark.parametrize("path", sorted(set(re.findall(r"`((?:knowledge|bot|bench|tests)/[\w/.]+)`", HOUSE))))
def test_every_path_named_exists(path: str) -> None:
    assert (ROOT / path).exists()
