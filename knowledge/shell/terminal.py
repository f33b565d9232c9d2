"""The bot in a terminal: the same replies as on Telegram, with history, completion and colour.

Colour goes away where it should: NO_COLOR, a dumb terminal, output that is no terminal.
"""

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import islice

from knowledge.commands import COMMANDS
from knowledge.engine import Engine
from knowledge.languages import ENGLISH, FRENCH, LANGUAGES, OTHER
from knowledge.model import NEW, Conversation, Reply
from knowledge.telling.present import cited, suggested
from knowledge.words.text import typeset

LISTED = {"figures": "figure", "quotes": "quotation"}  # the kinds of entries that a command lists
NAMES = {  # of the commands that can be carried out here
    f"/{name}": command
    for command in COMMANDS.values()
    if command.name in (*LISTED, "sources", "language", "help")
    for name in command.names.values()
}
BOLD, DIM, PLAIN = "\033[1m", "\033[2m", "\033[0m"


def converse(engine: Engine) -> int:
    """Talk until Ctrl-D; returns the exit status. Reads plain lines where standard input is no terminal."""
    interactive = sys.stdin.isatty() and sys.stdout.isatty()
    language = ENGLISH if os.environ.get("LANG", "").startswith(ENGLISH) else FRENCH
    terminal = Terminal(engine, language, coloured=interactive and wants_colour(os.environ))
    print(engine.replies.say("terminal", language))
    for line in _prompted(engine, language) if interactive else _piped():
        for part in terminal.respond(line):
            print(part)
        print()
    return 0


def wants_colour(environment: "os._Environ[str] | dict[str, str]") -> bool:
    """Whether the environment allows colour (no-color.org, TERM=dumb)."""
    return not environment.get("NO_COLOR") and environment.get("TERM") != "dumb"


class Terminal:
    """One conversation in a terminal."""

    def __init__(
        self, engine: Engine, language: str, *, coloured: bool, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.engine = engine
        self.language = language
        self.clock = clock
        self.conversation: Conversation = NEW
        self._bold, self._dim, self._plain = (BOLD, DIM, PLAIN) if coloured else ("", "", "")

    def respond(self, line: str) -> Iterator[str]:
        """The lines to print for one line typed: a question or a command."""
        line = line.strip()
        if line.startswith("/"):
            yield from self._command(line)
        elif line:
            reply = self.engine.ask(line, self.conversation, now=self.clock(), usual=self.language)
            self.conversation = reply.conversation
            yield from self._shown(reply)

    def _shown(self, reply: Reply) -> Iterator[str]:
        for statement, citations in ((reply.lead, ()), *((p.statement, p.citations) for p in reply.parts)):
            if statement:
                yield f"{self._bold}{statement}{self._plain}"
            for citation in citations:
                yield from (f"{self._dim}{line}{self._plain}" for line in cited(citation))
        yield from suggested(reply)

    def _command(self, line: str) -> Iterator[str]:
        typed, _, words = line.partition(" ")
        command = NAMES.get(typed)
        if command is None:
            yield self.engine.replies.say("unknown_command", self.language, command=typed)
            return
        language = self.language if typed == f"/{command.names[FRENCH]}" else ENGLISH
        if command.name == "language":
            self.language = words.strip() if words.strip() in LANGUAGES else OTHER[self.language]
            yield self.engine.replies.say("language_set", self.language)
        elif command.name == "help":
            yield self.engine.replies.say("help", language)
        elif command.name == "sources":
            for source in self.engine.knowledge.sources.values():
                yield f"{self._bold}{source.label[language]}{self._plain}"
                yield typeset(source.about[language], language)
        else:
            yield from self._list(LISTED[command.name], words.strip(), language)

    def _list(self, kind: str, words: str, language: str) -> Iterator[str]:
        entries = self.engine.catalogue.listing(kind, words)
        if not entries:
            yield self.engine.replies.say("nothing_listed", language, words=words)
        for entry in entries:
            yield f"– {typeset(entry.answer[language], language)}"
            for citation in self.engine.replies.cite(entry, language)[:1]:
                yield f"  {self._dim}{citation.label}, {citation.locator}{self._plain}"


def _prompted(engine: Engine, language: str) -> Iterator[str]:
    with suppress(ImportError):  # on Windows lines are typed without history and completion
        import readline

        readline.set_completer(_completed)
        readline.set_completer_delims("")  # the slash belongs to the command
        readline.parse_and_bind("bind ^I rl_complete" if "libedit" in (readline.__doc__ or "") else "tab: complete")
    while True:
        try:
            yield input(f"{engine.replies.say('prompt', language)} > ")
        except KeyboardInterrupt:
            print()
        except EOFError:
            print()
            return


def _completed(typed: str, number: int) -> str | None:
    """The `number`-th command that begins as `typed`, None after the last."""
    return next(islice((name for name in sorted(NAMES) if name.startswith(typed)), number, None), None)


def _piped() -> Iterator[str]:
    for line in sys.stdin:
        print(f"> {line.strip()}")
        yield line
