"""Constraint: an update is delivered at least once, in order, until the bot confirms it.

One UpdateQueue per bot holds what was not confirmed and hands it to getUpdates; webhook.py takes
from the same queue. Two habits of the real server are left out because they only slow tests
down: a repeated call with the same offset is not held back 3 s, and a 409 is not delayed.
Source: Bot API 10.0, "getUpdates", "Update".
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from itertools import islice

from .errors import CONFLICT_POLL, ApiError, Json

UPDATE_TYPES = (
    "message",
    "edited_message",
    "channel_post",
    "edited_channel_post",
    "business_connection",
    "business_message",
    "edited_business_message",
    "deleted_business_messages",
    "message_reaction",
    "message_reaction_count",
    "inline_query",
    "chosen_inline_result",
    "callback_query",
    "shipping_query",
    "pre_checkout_query",
    "purchased_paid_media",
    "poll",
    "poll_answer",
    "my_chat_member",
    "chat_member",
    "chat_join_request",
    "chat_boost",
    "removed_chat_boost",
    "managed_bot",
    "guest_message",
)
NOT_BY_DEFAULT = ("chat_member", "message_reaction", "message_reaction_count")
DEFAULT_ALLOWED = frozenset(UPDATE_TYPES) - set(NOT_BY_DEFAULT)
FIRST_UPDATE_ID = 500_000_001
MAX_TIMEOUT = 50  # seconds; a longer poll ends here
FUTURE = 10  # an offset further than this past the newest update is taken for a mistake


class UpdateQueue:
    """The updates that one bot did not confirm yet."""

    def __init__(self) -> None:
        """Begin empty, with the default allowed_updates; `pending` maps update_id to the update."""
        self.pending: OrderedDict[int, Json] = OrderedDict()
        self.next_id = FIRST_UPDATE_ID
        self.allowed = DEFAULT_ALLOWED
        self.changed = asyncio.Event()
        self.poll: asyncio.Future[None] | None = None

    def push(self, kind: str, payload: Json) -> None:
        """Queue an update of the type `kind`, if the bot asked for this type."""
        if kind not in self.allowed:
            return
        self.pending[self.next_id] = {"update_id": self.next_id, kind: payload}
        self.next_id += 1
        self.changed.set()
        if self.poll is not None and not self.poll.done():
            self.poll.set_result(None)

    def allow(self, kinds: list[str] | None) -> None:
        """Remember allowed_updates: None keeps the last one, an empty list is the default.

        Like Telegram, ignores unknown types; a list of nothing else is the default.
        """
        if kinds is not None:
            known = frozenset(kind.lower() for kind in kinds) & set(UPDATE_TYPES)
            self.allowed = known or DEFAULT_ALLOWED

    def drop(self) -> None:
        """Forget every pending update (drop_pending_updates)."""
        self.pending.clear()

    def abort(self, description: str) -> None:
        """End the waiting getUpdates call, if there is one, with error 409."""
        if self.poll is not None and not self.poll.done():
            self.poll.set_exception(ApiError(409, description))

    async def get(self, offset: int, limit: int, timeout: int) -> list[Json]:
        """Answer getUpdates: confirm below `offset`, wait up to `timeout` seconds for an update.

        A negative `offset` keeps only that many of the newest updates. Raises ApiError 409 when
        another call or a webhook ends this one.
        """
        self.abort(CONFLICT_POLL)
        if offset < 0:
            while len(self.pending) > -offset:
                self.pending.popitem(last=False)
        elif 0 < offset <= self.next_id + FUTURE:
            while self.pending and next(iter(self.pending)) < offset:
                self.pending.popitem(last=False)
        if not self.pending and timeout > 0:
            await self.wait(min(timeout, MAX_TIMEOUT))
        return list(islice(self.pending.values(), limit))

    async def wait(self, timeout: float) -> None:
        """Wait for an update, at most `timeout` seconds; raises ApiError 409 when aborted."""
        poll = self.poll = asyncio.get_running_loop().create_future()
        try:
            await asyncio.wait([poll], timeout=timeout)
            if poll.done():
                poll.result()
        finally:
            if self.poll is poll:
                self.poll = None
