"""python -m tests.scenes.pictures: the pictures of docs/pictures, which Chromium takes of scenes that are played now.

A picture holds the digest of the page that it was taken of. So a test can tell that it is old, without Chromium.
"""

import asyncio
import io
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from PIL import Image
from PIL.PngImagePlugin import PngInfo

from botapi.people import BotApi
from knowledge.engine import Engine
from tests.paths import ROOT
from tests.process.running import start_bot
from tests.scenes.pages import Screen, page, size
from tests.scenes.plays import PLAYS

FOLDER = ROOT / "docs" / "pictures"
SHARP = 2  # pixels of the picture for one of the page, each way
COLOURS = 96  # in the file: enough for smooth type, and a small picture
HELD = "Page"  # the text chunk with the digest


@dataclass(frozen=True)
class Shot:
    """A phone of a picture: the scene and how many of its events (None: all), its height, how far it is scrolled."""

    play: str
    events: int | None
    height: int
    scrolled: int = 0


PICTURES = {  # by name: the language, and the phones side by side
    "private-fr": ("fr", [Shot("near-miss", 4, 712)]),
    "private-en": ("en", [Shot("near-miss", 4, 712)]),
    "group-fr": ("fr", [Shot("group", None, 1088)]),
    "inline-fr": ("fr", [Shot("inline", 3, 800), Shot("inline", None, 800)]),
    "chart-fr": ("fr", [Shot("chart", None, 808, 338)]),
}


async def screens(server: BotApi, name: str) -> list[Screen]:
    """The phones of the picture `name`, whose scenes are played on `server`."""
    language, shots = PICTURES[name]
    scenes = {play: await PLAYS[play](server, language) for play in dict.fromkeys(shot.play for shot in shots)}
    return [Screen(scenes[s.play], scenes[s.play].events[: s.events], s.height, s.scrolled) for s in shots]


def digest(html: str) -> str:
    """What a picture of this page holds."""
    return sha256(html.encode()).hexdigest()


def held(path: Path) -> str:
    """The digest in a picture; "" where there is none."""
    return str(Image.open(path).info.get(HELD, "")) if path.is_file() else ""


def take(html: str, wide: int, high: int) -> bytes:
    """A PNG of the page."""
    with tempfile.TemporaryDirectory() as folder:
        written, taken = Path(folder, "page.html"), Path(folder, "page.png")
        written.write_text(html, encoding="utf-8")
        options = "headless no-sandbox disable-gpu disable-quic no-first-run disable-background-networking "
        options += "disable-component-update disable-sync hide-scrollbars "
        options += f"force-device-scale-factor={SHARP} user-data-dir={folder}/profile window-size={wide},{high} "
        options += f"screenshot={taken}"
        command = ["chromium", *(f"--{option}" for option in options.split()), written.as_uri()]
        subprocess.run(command, capture_output=True, check=True, timeout=120)
        picture = Image.open(taken).convert("RGB").quantize(COLOURS, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    file, chunks = io.BytesIO(), PngInfo()
    chunks.add_text(HELD, digest(html))
    picture.save(file, "PNG", pnginfo=chunks, optimize=True)
    return file.getvalue()


async def pages() -> dict[str, tuple[str, Sequence[Screen]]]:
    """The page of each picture and what is on it, from a bot and a server of their own."""
    Engine.open()  # which fills the cache that the bot reads: it has forty seconds to come up
    server = await BotApi.start(username="verbatim_bot")
    try:
        running = await asyncio.to_thread(start_bot, server)
        try:
            shown = {name: await screens(server, name) for name in PICTURES}
        finally:
            running.stop()
    finally:
        await server.stop()
    return {name: (page(phones), phones) for name, phones in shown.items()}


def main() -> int:
    """Take the pictures that are old, remove those of nothing; returns the exit status."""
    if shutil.which("chromium") is None:
        print("chromium is needed: apt-get install chromium", file=sys.stderr)
        return 1
    FOLDER.mkdir(exist_ok=True)
    for path in FOLDER.glob("*.png"):
        if path.stem not in PICTURES:
            path.unlink()
            print(f"{path.name}: removed")
    for name, (html, phones) in asyncio.run(pages()).items():
        path = FOLDER / f"{name}.png"
        if held(path) != digest(html):
            path.write_bytes(take(html, *size(phones)))
            print(f"{path.name}: taken, {path.stat().st_size // 1000} kB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
