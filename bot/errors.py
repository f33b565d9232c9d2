"""Every exception of bot. It imports nothing, so that any module may import it.

SettingsError: main() prints it and ends. ConnectError, StoreError: the database; what failed is tried again.
RevokedError: Telegram refuses the token; the process ends. ToolError: a command of bot.store cannot be carried out.
"""


class SettingsError(Exception):
    """A setting is missing or makes no sense; the message says which and what is wanted."""


class ConnectError(Exception):
    """The database cannot be used; the message says why."""


class StoreError(Exception):
    """The database could not do it now: it is down, locked, full or damaged. Nothing was changed."""


class RevokedError(Exception):
    """Telegram no longer takes the token: nothing can be sent."""


class ToolError(Exception):
    """A command of bot.store cannot be carried out; the message says why."""
