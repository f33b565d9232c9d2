"""What is wrong just now, for the health check."""

from dataclasses import dataclass, field

from bot.clock import now
from bot.metrics import INTAKE
from bot.store.database import Database

SILENT_FOR = 60.0  # seconds; an idle poll is answered after 25


@dataclass(slots=True)
class Status:
    """Of one process.

    `telegram`: what is wrong with it, "" if nothing is; `polls`: whether silence is wrong too; `opened`: whether
    updates can come in, for which a webhook needs its port.
    """

    database: Database
    polls: bool
    telegram: str = "not asked yet"
    opened: bool = True
    _heard: float = field(default_factory=now)

    def heard(self) -> None:
        """Telegram answered, or called."""
        self.telegram, self._heard = "", now()
        INTAKE.set(self._heard)

    def problems(self) -> list[str]:
        """One line each; none if the bot can answer."""
        silence = now() - self._heard
        silent = f"no answer for {silence:.0f} s" if self.polls and silence > SILENT_FOR else ""
        closed = "" if self.opened else "not open yet"
        found = {"Telegram": self.telegram or silent, "database": self.database.problem, "webhook": closed}
        return [f"{who}: {what}" for who, what in found.items() if what]
