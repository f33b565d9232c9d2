"""What follows when the handling of an update fails: try again, and when, or leave it."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from telegram.error import BadRequest, Forbidden, InvalidToken, NetworkError, RetryAfter

from bot.errors import StoreError

TRIES = 3  # of an update whose handling fails by itself
FIRST, LONGEST = 0.5, 30.0  # seconds of pause; each is twice the last
GIVE_UP = 24 * 3600.0  # seconds; Telegram keeps what it could not deliver as long
NOBODY_THERE = (  # where the bot may not write: nobody waits for a reply
    "not enough rights", "have no rights", "need administrator rights", "chat_write_forbidden", "chat_restricted",
    "topic_closed", "chat not found", "too old", "query_id_invalid", "query id is invalid",
)  # fmt: skip


class Reason(StrEnum):
    """Why an update is tried again."""

    LIMITED = "limited"  # Telegram, or our own pace, has the chat wait
    NETWORK = "network"
    STORE = "store"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Again:
    """Try again in `wait` seconds. `counts`: as one of its TRIES; `aside`: and let others work meanwhile."""

    wait: float
    reason: Reason
    counts: bool = False
    aside: bool = False


class Leave(StrEnum):
    """Try no more."""

    DONE = "done"  # there is nobody to reply to
    ASIDE = "aside"  # for the operator to look at
    STOP = "stop"  # the token is revoked: nothing can be sent at all


def after(error: Exception, attempt: int, tries: int, age: float) -> Again | Leave:
    """What to do after `error` in the `attempt`-th attempt (from 0) of this process.

    `tries`: that have counted before; `age`: seconds since the update came.
    """
    wait = pause(attempt)
    if isinstance(error, RetryAfter):
        return Again(seconds(error), Reason.LIMITED, aside=True)
    if revoked(error):
        return Leave.STOP
    if isinstance(error, Forbidden) or (isinstance(error, BadRequest) and _nobody_there(error)):
        return Leave.DONE
    if isinstance(error, StoreError):
        return Again(wait, Reason.STORE)
    if isinstance(error, NetworkError) and not isinstance(error, BadRequest):
        return Again(wait, Reason.NETWORK) if age < GIVE_UP else Leave.ASIDE
    return Again(wait, Reason.FAILED, counts=True, aside=True) if tries + 1 < TRIES else Leave.ASIDE


def pause(failed: int, longest: float = LONGEST) -> float:
    """Seconds until the next try after one has failed and `failed` before it."""
    return min(FIRST * 2.0 ** min(failed, 10), longest)


async def until_stored(write: Callable[[], Awaitable[None]], longest: float = LONGEST) -> None:
    """Do `write` until the database does it, with pauses of at most `longest` seconds."""
    failed = 0
    while True:
        try:
            return await write()
        except StoreError:
            await asyncio.sleep(pause(failed, longest))
            failed += 1


def revoked(error: Exception) -> bool:
    """Whether Telegram does not take the token. The library has the same error for a method that is not there."""
    return isinstance(error, InvalidToken) and any(w in error.message.lower() for w in ("unauthorized", "rejected"))


def seconds(error: RetryAfter) -> float:
    """How long Telegram wants us to wait."""
    wait = error.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)


def _nobody_there(error: BadRequest) -> bool:
    return any(words in error.message.lower() for words in NOBODY_THERE)
