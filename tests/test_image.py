"""The image without a container engine: its own commands, run in a clean folder and environment.

The base image, the user and the health-check schedule are the engine's business and are only read here.
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
STAGES = DOCKERFILE.split("FROM ")[1:]


def instructions(stage: str, name: str) -> list[str]:
    return re.findall(rf"^{name} (.*)$", stage, re.MULTILINE)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the first stage makes: its COPY and RUN lines, with this folder in place of the image's /srv."""
    srv = tmp_path_factory.mktemp("srv")
    work = srv / "verbatim"
    work.mkdir()
    for line in re.findall(r"^(?:COPY|RUN) .*$", STAGES[0], re.MULTILINE):
        kind, _, rest = line.partition(" ")
        if kind == "COPY":
            source, target = rest.split()
            origin = ROOT / source
            if origin.is_dir():
                shutil.copytree(origin, work / target, ignore=shutil.ignore_patterns(".cache", "__pycache__"))
            else:
                shutil.copy(origin, work / target)
        else:
            command = rest.replace("/srv/venv", str(srv / "venv")).replace(
                "python -m venv", f"{sys.executable} -m venv"
            )
            subprocess.run(["sh", "-c", command], cwd=work, check=True, env={"PATH": "/usr/bin:/bin", "HOME": str(srv)})
    return srv


def test_the_first_stage_installs_from_the_lock_and_proves_the_knowledge(built: Path) -> None:
    assert "--require-hashes -r requirements.txt" in STAGES[0]
    assert "-m knowledge check" in STAGES[0]
    assert list((built / "verbatim/knowledge/faq/.cache").glob("*.proven"))


def test_the_bot_starts_from_what_is_copied_and_writes_nothing(built: Path) -> None:
    before = {p for p in (built / "verbatim").rglob("*") if "__pycache__" not in p.parts}
    done = subprocess.run(
        [built / "venv/bin/python", "-m", "bot"],
        cwd=built / "verbatim", capture_output=True, text=True, timeout=120, check=False,
        env={"PYTHONDONTWRITEBYTECODE": "1", "TELEGRAM_BOT_TOKEN": "1:x", "TELEGRAM_API_BASE_URL": "nonsense"},
    )  # fmt: skip
    assert done.returncode == 2
    assert "TELEGRAM_API_BASE_URL must be like" in done.stderr
    assert {p for p in (built / "verbatim").rglob("*") if "__pycache__" not in p.parts} == before


def test_the_health_check_fails_before_the_first_poll(built: Path, tmp_path: Path) -> None:
    command = re.search(r"HEALTHCHECK .* CMD \[(.*)\]", STAGES[1])
    assert command is not None
    words = [w.strip(' "').replace("/srv/venv", str(built / "venv")) for w in command[1].split(",")]
    done = subprocess.run(
        words,
        cwd=built / "verbatim",
        env={"TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "no poll yet\n")
    (tmp_path / "verbatim-heartbeat").touch()
    assert (
        subprocess.run(words, cwd=built / "verbatim", env={"TMPDIR": str(tmp_path)}, timeout=60, check=False).returncode
        == 0
    )


def test_the_last_stage_has_no_build_tools_and_no_root() -> None:
    (last,) = STAGES[1:]
    assert last.startswith("python:3.13-slim")
    assert instructions(last, "USER") == ["10001"]
    assert "pip" not in last
    assert "apt" not in last


def test_the_locks_hold_hashes_and_no_address() -> None:
    for lock in ("requirements.txt", "requirements-dev.txt"):
        text = (ROOT / lock).read_text(encoding="utf-8")
        assert re.search(r"^rapidfuzz==\S+ ", text, re.MULTILINE)
        assert "--hash=sha256:" in text
        assert "://" not in text
