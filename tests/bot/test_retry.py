"""What follows a failure: who is waited for, what is tried again, what is left."""

import pytest
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TimedOut,
)

from bot.errors import StoreError
from bot.inbox.retry import GIVE_UP, LONGEST, TRIES, Again, Leave, Reason, after, pause


@pytest.mark.parametrize(
    ("error", "wait", "reason", "counts", "aside"),
    [
        (RetryAfter(7), 7, Reason.LIMITED, False, True),
        (NetworkError("Bad Gateway"), 0.5, Reason.NETWORK, False, False),
        (TimedOut(), 0.5, Reason.NETWORK, False, False),
        (StoreError("locked"), 0.5, Reason.STORE, False, False),
        (BadRequest("can't parse entities"), 0.5, Reason.FAILED, True, True),
        (ValueError("a bug"), 0.5, Reason.FAILED, True, True),
        (InvalidToken("Not Found"), 0.5, Reason.FAILED, True, True),
        (Conflict("elsewhere"), 0.5, Reason.FAILED, True, True),
        (ChatMigrated(-5), 0.5, Reason.FAILED, True, True),
    ],
)
def test_what_may_pass_is_tried_again(error: Exception, wait: float, reason: Reason, counts: bool, aside: bool) -> None:
    assert after(error, attempt=0, tries=0, age=0) == Again(wait, reason, counts, aside)


@pytest.mark.parametrize(
    ("error", "left"),
    [
        (Forbidden("bot was blocked by the user"), Leave.DONE),
        (BadRequest("Not enough rights to send photos to the chat"), Leave.DONE),
        (BadRequest("Query is too old and response timeout expired or query id is invalid"), Leave.DONE),
        (InvalidToken("Unauthorized"), Leave.STOP),
        (InvalidToken("The token `1:x` was rejected by the server."), Leave.STOP),
    ],
)
def test_where_nobody_can_be_reached_nothing_is_tried_again(error: Exception, left: Leave) -> None:
    assert after(error, attempt=0, tries=0, age=0) is left


def test_what_fails_by_itself_is_tried_a_bounded_number_of_times() -> None:
    verdicts = [after(ValueError("a bug"), n, n, 0) for n in range(TRIES)]
    assert [isinstance(v, Again) for v in verdicts] == [True] * (TRIES - 1) + [False]
    assert verdicts[-1] is Leave.ASIDE


def test_an_outage_is_waited_for_as_long_as_telegram_would_wait_for_us() -> None:
    assert isinstance(after(NetworkError("down"), 10_000, TRIES, GIVE_UP - 1), Again)
    assert after(NetworkError("down"), 10_000, 0, GIVE_UP) is Leave.ASIDE


def test_pauses_grow_to_a_limit() -> None:
    pauses = [pause(failed) for failed in range(2000)]
    assert pauses == sorted(pauses)
    assert (pauses[0], pauses[-1]) == (0.5, LONGEST)
