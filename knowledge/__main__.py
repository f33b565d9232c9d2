"""python -m knowledge ask | chat | check: the whole product without Telegram."""

import argparse
import json
import logging
import signal
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from knowledge.curating.load import FAQ
from knowledge.engine import Engine
from knowledge.errors import KnowledgeError
from knowledge.model import NEW, Conversation
from knowledge.shell.explain import explain
from knowledge.telling import present
from knowledge.telling.tell import tell


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the exit status: 0, 1 for knowledge with problems, 2 for a wrong call."""
    options = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s")  # to standard error
    try:
        engine = Engine.open(options.faq)
    except KnowledgeError as error:
        print(error, file=sys.stderr)
        print(f"{len(error.problems)} problem(s); nothing is served until they are mended.", file=sys.stderr)
        return 1
    run: Callable[[Engine, argparse.Namespace], int] = options.run
    return run(engine, options)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m knowledge", description="Answers from two press articles, each with its passage."
    )
    commands = parser.add_subparsers(required=True, metavar="ask | chat | check")
    ask = commands.add_parser("ask", help="answer one question, or with --json one a line from standard input")
    ask.add_argument("question", nargs="*", help="the question; without one, lines of standard input")
    ask.add_argument("--json", action="store_true", help="one JSON object a line, in order")
    ask.add_argument(
        "--explain",
        action="store_true",
        help="show what was understood, what speaks for and against an answer; lines are turns of one conversation",
    )
    ask.set_defaults(run=_ask)
    chat = commands.add_parser("chat", help="talk with the bot in the terminal")
    chat.set_defaults(run=_chat)
    check = commands.add_parser("check", help="prove every figure, quotation and name; list all problems")
    check.set_defaults(run=_check)
    for command in (ask, chat, check):
        command.add_argument("--faq", type=Path, default=FAQ, metavar="DIR", help="another folder of knowledge")
    return parser


def _ask(engine: Engine, options: argparse.Namespace) -> int:
    lines: Iterable[str] = [" ".join(options.question)] if options.question else sys.stdin
    conversations: dict[str, Conversation] = {}
    for line in lines:
        line = line.strip("\n")
        if not line.strip() and not options.question and not options.json:
            continue
        chat, text = _message(line) if options.json else ("", line)
        conversation = conversations.get(chat, NEW)
        reading = engine.reader.read(text, conversation, now=time.monotonic())
        if options.explain and not options.json:
            print("\n".join(explain(reading, engine.matcher, engine.closest)) + "\n")
        reply = tell(reading, engine.replies)
        if chat or options.explain:
            conversations[chat] = reply.conversation
        if options.json:
            print(json.dumps(present.as_json(reply), ensure_ascii=False), flush=True)
        else:
            print(present.as_text(reply))
    return 0


def _message(line: str) -> tuple[str, str]:
    """The chat and the text of one line: plain text, or {"chat": …, "text": …}."""
    if line.lstrip().startswith("{"):
        try:
            message = json.loads(line)
            return str(message.get("chat", "")), str(message["text"])
        except (ValueError, KeyError, AttributeError, RecursionError):
            pass
    return "", line


def _chat(engine: Engine, options: argparse.Namespace) -> int:
    from knowledge.shell.terminal import converse

    return converse(engine)


def _check(engine: Engine, options: argparse.Namespace) -> int:
    entries, sources = engine.knowledge.entries, engine.knowledge.sources
    questions = sum(len(qs) for e in entries.values() for qs in e.questions.values())
    counts = f"{len(entries)} entries, {questions} questions, {len(sources)} sources"
    print(f"Questions are read {engine.reads}.")
    print(f"{counts}: every figure, quotation and name is proven.")
    return 0


if __name__ == "__main__":
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # "| head" ends it quietly
    sys.stdin.reconfigure(errors="replace")  # type: ignore[union-attr]
    sys.exit(main())
