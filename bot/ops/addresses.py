"""Where the process listens."""

from collections.abc import Mapping

from bot.errors import SettingsError

Address = tuple[str, int]


def health_address(environment: Mapping[str, str]) -> Address | None:
    """HEALTH_LISTEN: where /healthz, /readyz and /metrics are, None for nowhere. Raises SettingsError."""
    text = environment.get("HEALTH_LISTEN", "").strip()
    return None if text == "off" else address("HEALTH_LISTEN", text or "127.0.0.1:9464")


def address(name: str, text: str) -> Address:
    """The setting `name` as host and port. Raises SettingsError."""
    host, _, port = text.rpartition(":")
    if not (host and port.isdecimal() and int(port) < 2**16):
        raise SettingsError(f"{name} must be like 127.0.0.1:8080")
    return host.strip("[]"), int(port)
