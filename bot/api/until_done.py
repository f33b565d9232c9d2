"""What is asked of Telegram until it is done: at the start, and at every poll."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar

from telegram.error import Conflict, NetworkError, RetryAfter, TelegramError

from bot.errors import RevokedError
from bot.inbox.retry import pause, revoked, seconds
from bot.metrics import TELEGRAM_ERRORS
from bot.ops.status import Status

log = logging.getLogger(__name__)
T = TypeVar("T")
CONFLICT = "another process polls with the same token, or a webhook is set; the bot keeps trying"


async def until_done(
    ask: Callable[[], Awaitable[T]], status: Status, meanwhile: Callable[[], None] = lambda: None
) -> T:
    """What `ask` returns, once Telegram does it. Until then the status and one line of the log say what is wrong.

    `meanwhile` is called after each failure. Raises RevokedError.
    """
    failed = 0
    while True:
        try:
            done = await _answered(ask)
        except TelegramError as error:
            TELEGRAM_ERRORS.labels(type(error).__name__).inc()
            if revoked(error):
                raise RevokedError from None
            problem = CONFLICT if isinstance(error, Conflict) else error.message
            if problem != status.telegram:
                log.error("Telegram does not answer: %s", problem)
            status.telegram = problem
            meanwhile()
            await asyncio.sleep(seconds(error) if isinstance(error, RetryAfter) else pause(failed))
            failed += 1
        else:
            status.heard()
            return done


async def _answered(ask: Callable[[], Awaitable[T]]) -> T:
    try:
        return await ask()
    except (LookupError, TypeError, ValueError, AttributeError) as error:  # of whatever stands between us and Telegram
        raise NetworkError(f"an answer that is not the Bot API's ({type(error).__name__})") from error
