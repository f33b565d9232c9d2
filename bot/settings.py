"""What the operator sets, read once from the environment; a wrong value is told by name, never by traceback."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from bot.errors import SettingsError
from knowledge.curating.load import FAQ

TELEGRAM = "https://api.telegram.org"
VAR = Path(__file__).resolve().parents[1] / "var"
Address = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one bot process."""

    token: str = field(repr=False)  # never in a log or a traceback
    database: str = field(repr=False)  # may hold a password
    api: str = TELEGRAM
    faq: Path = FAQ
    webhook: str = ""  # "": long polling
    listen: Address = ("127.0.0.1", 8080)  # where the webhook's path is served
    health: Address | None = ("127.0.0.1", 9464)
    json_logs: bool = True
    paced: bool = True

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Settings":
        """Read the variables that .env.example explains. Raises SettingsError."""
        given = {name: value.strip() for name, value in environment.items()}
        token = given.get("TELEGRAM_BOT_TOKEN", "")
        if not token:
            raise SettingsError("TELEGRAM_BOT_TOKEN is not set: get a token from @BotFather and put it into .env")
        number, _, letters = token.partition(":")
        if not (number.isdecimal() and re.fullmatch(r"[\w-]+", letters, re.ASCII)):
            raise SettingsError("TELEGRAM_BOT_TOKEN does not look like a token: digits, a colon, then letters")
        webhook = given.get("WEBHOOK_URL", "")
        if webhook and not _is_web(webhook):
            raise SettingsError("WEBHOOK_URL must be like https://bot.example.org/telegram")
        api = (given.get("TELEGRAM_API_BASE_URL") or TELEGRAM).rstrip("/").removesuffix("/bot")
        if not _is_web(api):
            raise SettingsError("TELEGRAM_API_BASE_URL must be like http://127.0.0.1:8081")
        return cls(
            token,
            database_of(given.get("DATABASE_URL") or f"sqlite:///{VAR / f'verbatim-{number}.db'}"),
            api,
            Path(given.get("VERBATIM_FAQ") or FAQ),
            webhook,
            _address("WEBHOOK_LISTEN", given.get("WEBHOOK_LISTEN") or "127.0.0.1:8080"),
            health_address(given),
            _one_of("VERBATIM_LOGS", given.get("VERBATIM_LOGS"), "json", "plain"),
            _one_of("VERBATIM_PACE", given.get("VERBATIM_PACE"), "telegram", "none"),
        )


def database_of(url: str) -> str:
    """`url`, if it is of a kind of database that the bot can use. Raises SettingsError."""
    from bot.store.connect import url_of  # the health check reads settings twice a minute, and needs no SQLAlchemy

    try:
        url_of(url)
    except ValueError:
        raise SettingsError(
            "DATABASE_URL must be like sqlite:////var/lib/verbatim/verbatim.db or postgresql://…"
        ) from None
    return url


def health_address(environment: Mapping[str, str]) -> Address | None:
    """HEALTH_LISTEN: where /healthz, /readyz and /metrics are, None for nowhere. Raises SettingsError."""
    text = environment.get("HEALTH_LISTEN", "").strip()
    return None if text == "off" else _address("HEALTH_LISTEN", text or "127.0.0.1:9464")


def _address(name: str, text: str) -> Address:
    """The setting `name` as host and port. Raises SettingsError."""
    host, _, port = text.rpartition(":")
    if not (host and port.isdecimal() and int(port) < 2**16):
        raise SettingsError(f"{name} must be like 127.0.0.1:8080")
    return host.strip("[]"), int(port)


def _is_web(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme in ("http", "https") and bool(parts.netloc)


def _one_of(name: str, text: str | None, usual: str, other: str) -> bool:
    """Whether it is the usual one."""
    if text and text not in (usual, other):
        raise SettingsError(f"{name} must be {usual} or {other}")
    return text != other
