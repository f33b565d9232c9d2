"""What the operator sets, read once from the environment; a wrong value is told by name, never by traceback."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from knowledge.load import FAQ

TELEGRAM = "https://api.telegram.org"


class SettingsError(Exception):
    """A setting is missing or makes no sense; the message says which and what is wanted."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one bot process."""

    token: str = field(repr=False)  # never in a log or a traceback
    api: str = TELEGRAM
    faq: Path = FAQ

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Settings":
        """Read TELEGRAM_BOT_TOKEN, TELEGRAM_API_BASE_URL and VERBATIM_FAQ. Raises SettingsError."""
        token = environment.get("TELEGRAM_BOT_TOKEN", "").strip()
        if not token:
            raise SettingsError("TELEGRAM_BOT_TOKEN is not set: get a token from @BotFather and put it into .env")
        if ":" not in token or any(c.isspace() or c == "/" for c in token):
            raise SettingsError("TELEGRAM_BOT_TOKEN does not look like a token: digits, a colon, then letters")
        api = (environment.get("TELEGRAM_API_BASE_URL", "").strip() or TELEGRAM).rstrip("/").removesuffix("/bot")
        if urlsplit(api).scheme not in ("http", "https") or not urlsplit(api).netloc:
            raise SettingsError("TELEGRAM_API_BASE_URL must be like http://127.0.0.1:8081")
        return cls(token, api, Path(environment.get("VERBATIM_FAQ", "").strip() or FAQ))
