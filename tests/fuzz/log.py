"""The lines that the bot would log, kept for the judge."""

import logging
from types import TracebackType

from bot.ops.logs import PLAIN, QUIET


class Log(logging.Handler):
    """In place of every other handler while it is entered."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(logging.Formatter(PLAIN, style="{"))
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a line, with its traceback."""
        self.lines.append(self.format(record))

    def __enter__(self) -> "Log":
        root = logging.getLogger()
        self._before = root.handlers[:], root.level, {name: logging.getLogger(name).level for name in QUIET}
        root.handlers[:] = [self]
        root.setLevel(logging.INFO)
        for name in QUIET:
            logging.getLogger(name).setLevel(logging.WARNING)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        root = logging.getLogger()
        root.handlers[:], level, levels = self._before
        root.setLevel(level)
        for name, own in levels.items():
            logging.getLogger(name).setLevel(own)
