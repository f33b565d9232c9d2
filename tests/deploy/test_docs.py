"""What the docs show is what the product does: their conversations and commands are run."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from knowledge.curating import prove as check
from knowledge.engine import Engine
from knowledge.shell.terminal import Terminal
from tests.knowledge.spoilt import with_answer, with_entry
from tests.paths import ROOT

DOCS = [ROOT / "README.md", ROOT / "botapi/README.md", *sorted((ROOT / "docs").glob("*.md"))]


def blocks(kind: str) -> list[tuple[str, str]]:
    """The fenced blocks of one kind in all docs, each with the file it is in."""
    return [
        (path.name, block)
        for path in DOCS
        for block in re.findall(rf"```{kind}\n(.*?)```", path.read_text(encoding="utf-8"), re.DOTALL)
    ]


def spaced(text: str) -> str:
    """`text` with ordinary spaces: an editor does not show the narrow ones."""
    return re.sub(r"[\u00a0\u202f]", " ", text).strip()


def counted(text: str) -> str:
    """`text` without how much there is: a new question makes no page old."""
    return re.sub(r"\d+ (entries|questions|sources)", r"… \1", text)


def test_readme_shows_a_conversation_and_one_of_its_turns_is_a_decline() -> None:
    ((name, conversation),) = blocks("conversation")
    assert name == "README.md"
    assert "Les sources ne disent rien" in conversation


@pytest.mark.parametrize("conversation", [b for _, b in blocks("conversation")])
def test_every_conversation_of_the_docs_is_what_the_bot_says(engine: Engine, conversation: str) -> None:
    terminal = Terminal(engine, "fr", coloured=False)
    for exchange in conversation.strip().split("\n\n"):
        question, _, expected = exchange.partition("\n")
        said = "\n".join(terminal.respond(question.removeprefix("> ")))
        assert spaced(said) == spaced(expected)


@pytest.mark.parametrize(("name", "session"), blocks("console"))
def test_every_command_of_the_docs_prints_what_they_show(engine: Engine, name: str, session: str) -> None:
    command, _, expected = session.partition("\n")
    words = shlex.split(command.removeprefix("$ "))
    words = [sys.executable if w == ".venv/bin/python" else w for w in words]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=120, check=True)
    assert counted(spaced(done.stdout)) == counted(spaced(expected)), name


@pytest.mark.parametrize("line", [line for _, b in blocks("sh") for line in b.splitlines()])
def test_every_shell_line_of_the_docs_names_something_that_exists(line: str) -> None:
    words = shlex.split(line)
    if words[0] == "make":
        done = subprocess.run(["make", "--dry-run", *words[1:]], cwd=ROOT, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr
    elif words[0] == "docker":
        assert (ROOT / "Dockerfile").is_file()
    else:
        assert words[:2] == [".venv/bin/python", "-m"]
        words[0] = sys.executable
        assert subprocess.run(words, cwd=ROOT, capture_output=True, timeout=120, check=False).returncode == 0


def test_the_error_in_the_docs_is_the_error_one_gets(engine: Engine) -> None:
    wrong = with_answer(engine.knowledge.entries["tunisia-staff"], "en", "25,000 people work in Tunisia.")
    problems = [str(p) for p in check.prove(with_entry(engine.knowledge, wrong), engine.analyst)]
    shown = re.search(r"^figures\.yaml: .*$", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert shown is not None
    assert shown[0] in problems


def test_make_help_tells_what_every_target_is_for() -> None:
    told = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    (targets,) = re.findall(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert re.findall(r"^(\w+) +\S", told, re.MULTILINE) == targets.split()


@pytest.mark.parametrize("path", [p for p in DOCS if p.name != "CHANGELOG.md"], ids=lambda p: p.name)
def test_every_link_of_the_docs_leads_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", path.read_text(encoding="utf-8")):
        if not target.startswith("https://"):
            assert (path.parent / target).exists(), target
