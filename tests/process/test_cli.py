"""The commands, as a curator and the scorer run them."""

import json
import os
import pty
import select
import subprocess
import sys
from contextlib import suppress
from functools import partial
from pathlib import Path
from signal import SIG_DFL, SIGINT, signal
from typing import Any

import pytest

from knowledge.engine import Engine
from knowledge.shell.terminal import Terminal, wants_colour
from knowledge.training.progress import progress
from tests.paths import ROOT


def run(*arguments: str, given: str = "", cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    environment = {"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "LANG": "fr_FR.UTF-8", "PYTHONIOENCODING": "utf-8"}
    return subprocess.run(
        [sys.executable, "-m", "knowledge", *arguments],
        input=given, capture_output=True, text=True, cwd=cwd, env=environment, timeout=120, check=False,
    )  # fmt: skip


def asked(lines: list[Any], engine: Engine) -> list[dict[str, Any]]:
    done = run("ask", "--json", given="".join(json.dumps(x) + "\n" if isinstance(x, dict) else f"{x}\n" for x in lines))
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_json_lines_hold_the_contract(engine: Engine) -> None:
    (reply,) = asked(["Combien d'employés dans les centres d'appels au Maroc ?"], engine)
    assert reply["text"].startswith("90")
    assert reply.pop("text").endswith("§1")
    assert 0.5 < reply.pop("score") <= 1
    assert {s["entry"] for s in reply.pop("suggestions")} == {"tunisia-staff", "jobs-a-year"}
    assert reply == {
        "outcome": "answer",
        "language": "fr",
        "entry": "morocco-staff",
        "claim": "none",
        "citations": [
            {
                "source": "call-centres",
                "locator": "§1",
                "excerpt": "Les centres d’appels du Maghreb, avec 90 000 employés au Maroc",
            }
        ],
    }


def test_lines_of_one_chat_are_one_conversation_and_others_start_afresh(engine: Engine) -> None:
    replies = asked(
        [
            {"chat": "a", "text": "CA d'Intelcia en 2023"},
            {"chat": "b", "text": "et son effectif ?"},
            {"chat": "a", "text": "et son effectif ?"},
            {"chat": "a", "text": "in English please"},
        ],
        engine,
    )
    assert [r["entry"] for r in replies] == ["intelcia-revenue", None, "intelcia-staff", "intelcia-staff"]
    assert replies[3]["language"] == "en"


def test_one_reply_a_line_whatever_the_line(engine: Engine) -> None:
    lines = ["", "   ", "?!", "{", '{"text": 3}', '{"chat": 1, "text": "merci"}', "[]", "null", "a" * 10_000, "\u202e"]
    assert len(asked(lines, engine)) == len(lines)


def test_another_folder_is_served(engine: Engine) -> None:
    done = run("ask", "--faq", "docs/example", "How many books are there to borrow?")
    assert done.stdout == (
        "The library lends 12,400 books and more than 900 records.\n\n"
        "> Elle prête 12 400 livres et plus de 900 disques.\n"
        "Note on the neighbourhood library, §1\n"
    )
    worried = run("ask", "--faq", "docs/example", "j'ai peur pour mon travail")
    assert "prédisent rien pour un poste en particulier" in worried.stdout
    declined = run("ask", "--faq", "docs/example", "Qui a gagné le match hier soir ?")
    assert "Note sur la bibliothèque du quartier" in declined.stdout
    assert "Intelcia" not in declined.stdout


def test_data_is_found_from_any_folder(tmp_path: Path, engine: Engine) -> None:
    assert "734" in run("ask", "CA Intelcia 2023", cwd=tmp_path).stdout


@pytest.mark.parametrize(
    ("arguments", "status", "told"),
    [
        (["check"], 0, "every figure, quotation and name is proven"),
        (["check", "--faq", "docs/example"], 0, "3 entries"),
        (["check", "--faq", "/nonexistent"], 1, "not a folder of knowledge"),
        (["nonsense"], 2, "invalid choice"),
        ([], 2, "required"),
    ],
)
def test_the_exit_status_tells(engine: Engine, arguments: list[str], status: int, told: str) -> None:
    done = run(*arguments)
    assert done.returncode == status
    assert told in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_a_session_in_the_terminal_reads_as_a_conversation(engine: Engine) -> None:
    done = run("chat", given="combien d'employés chez Intelcia ?\net son CA ?\n/citations kotbi\n/sources\n/nope\n\n")
    assert done.returncode == 0
    assert "\x1b" not in done.stdout
    lines = done.stdout.splitlines()
    assert lines[:2] == [
        "Posez une question, ou tapez /aide. Ctrl-D pour quitter.",
        "> combien d'employés chez Intelcia ?",
    ]
    assert lines[2].startswith("Intelcia compte plus de 10")
    for expected in (
        "734",
        "chaque brief est une opportunité d’apprendre",
        "Article sur le Club",
        "Je ne connais pas la commande /nope",
    ):
        assert expected in done.stdout


# Between the prompt and its wait for a key, Python does not hear an interrupt.
INTERRUPT_AGAIN = 2.0  # seconds


def typed(*lines: bytes) -> str:
    """What a person sees in a terminal who types each of `lines` at the chat's prompt; b"^C" interrupts."""
    ours, theirs = pty.openpty()
    environment = {"PATH": "/usr/bin:/bin", "LANG": "fr_FR.UTF-8", "PYTHONIOENCODING": "utf-8", "TERM": "xterm"}
    command = [sys.executable, "-m", "knowledge", "chat"]
    heard = partial(signal, SIGINT, SIG_DFL)  # what runs in the background of a shell ignores it
    with subprocess.Popen(
        command, stdin=theirs, stdout=theirs, stderr=theirs, cwd=ROOT, env=environment, preexec_fn=heard
    ) as chat:
        os.close(theirs)
        waiting, seen, interrupting = list(lines), b"", False
        with suppress(OSError):  # the other end is closed
            while True:
                if interrupting and not select.select([ours], [], [], INTERRUPT_AGAIN)[0]:
                    chat.send_signal(SIGINT)  # as a person does who sees that nothing came of the first one
                    continue
                chunk = os.read(ours, 4096)
                if not chunk:
                    break
                seen, interrupting = seen + chunk, False
                if seen.endswith(b"Vous > ") and waiting:
                    line = waiting.pop(0)
                    interrupting = line == b"^C"
                    if not interrupting:
                        os.write(ours, line)
        assert chat.wait(30) == 0
    os.close(ours)
    return seen.decode()


def test_a_terminal_completes_commands_and_knows_what_was_typed_before(engine: Engine) -> None:
    up, end = b"\x1b[A", b"\x04"
    seen = typed(b"/sou\t\n", up + b"\n", b"/cit\t kotbi\n", b"^C", end)
    assert seen.count("Article sur le Club") == 3  # twice as a source, once under the citation
    assert "chaque brief est une opportunit" in seen
    assert "Traceback" not in seen


def test_progress_is_shown_on_a_terminal_and_nowhere_else(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for shown in (False, True):
        monkeypatch.setattr(sys.stderr, "isatty", lambda shown=shown: shown)
        assert list(progress([5, 6, 7, 8], "questions read")) == [5, 6, 7, 8]
        steps = ["", *(f"questions read: {share}%" for share in (0, 25, 50, 75)), "questions read: 100%\n"]
        assert capsys.readouterr().err == ("\r".join(steps) if shown else "")


def test_the_language_of_the_terminal_can_be_set(engine: Engine) -> None:
    terminal = Terminal(engine, "fr", coloured=False)
    assert list(terminal.respond("/langue en")) == ["Done: English."]
    assert next(terminal.respond("/sources")).startswith("Article on")
    assert list(terminal.respond("/langue")) == ["C’est noté\u00a0: français."]


def test_colour_is_for_terminals_that_want_it(engine: Engine) -> None:
    assert wants_colour({"TERM": "xterm"})
    assert not wants_colour({"TERM": "dumb"})
    assert not wants_colour({"TERM": "xterm", "NO_COLOR": "1"})
    coloured, plain = (Terminal(engine, "fr", coloured=c) for c in (True, False))
    assert "\x1b[1m" in "".join(coloured.respond("CA Intelcia 2023"))
    assert "\x1b" not in "".join(plain.respond("CA Intelcia 2023"))


def test_explain_shows_what_was_understood(engine: Engine) -> None:
    done = run("ask", "--explain", "cb de salaries chez intelcai en 2019 ?")
    for expected in ("cb → combien", "intelcai → intelcia", "intelcia-staff", "another year"):
        assert expected in done.stdout
