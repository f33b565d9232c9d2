"""What becomes of a claimed update: parsed, given to its handler, then ended in the store, tried again or set aside."""

import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace

from telegram import Update
from telegram.error import ChatMigrated, TelegramError
from telegram.ext import ApplicationHandlerStop

from bot import metrics
from bot.clock import now
from bot.errors import RevokedError
from bot.inbox.attempt import App, Attempt, asked_at
from bot.inbox.delivery import Delivery, moved
from bot.inbox.inbox import Inbox
from bot.inbox.retry import TRIES, Again, Leave, Reason, after, until_stored
from bot.ops.logs import private, public, where

log = logging.getLogger(__name__)
EXPIRES = {"inline_query": 30.0, "callback_query": 150.0, "guest_message": 30.0}  # seconds until nobody waits
PAUSE = 10.0  # seconds at most between tries to store an end: the reply is out, and would go out again


class Attempts:
    """Handles updates of the inbox with the handlers of `app`; `apologise` tells a person that it failed for good."""

    def __init__(self, app: App, inbox: Inbox, apologise: Callable[[Update], Awaitable[None]]) -> None:
        self._app = app
        self._inbox = inbox
        self._apologise = apologise
        self.answered: set[int] = set()  # the updates whose reply is out and whose end is not stored yet

    async def make(self, delivery: Delivery, attempt: int) -> tuple[Delivery, Again] | None:
        """Handle `delivery`, for the `attempt`-th time from 0; what to try next and when, None if it has ended.

        Raises RevokedError; then it has not ended.
        """
        if now() - delivery.received > EXPIRES.get(delivery.kind, float("inf")):
            await self._end(delivery, "expired", lambda: self._inbox.done(delivery))
            return None
        update = None
        try:
            raw = delivery.update
            made = Attempt(self._app, asked_at(delivery, raw))
            update = Update.de_json(raw, self._app.bot)
            if update is None:
                raise ValueError("an update with nothing in it")
            with suppress(ApplicationHandlerStop):
                await self._handle(update, made)
        except Exception as error:
            if isinstance(error, ChatMigrated) and attempt < TRIES:
                return moved(delivery, error.new_chat_id), Again(0.0, Reason.LIMITED)
            return await self._failed(delivery, update, error, attempt)
        await self._end(delivery, "done", lambda: self._inbox.done(delivery, made.writes))
        return None

    async def _handle(self, update: Update, attempt: Attempt) -> None:
        """As Application.process_update, but with an `attempt` that is ours, and with its errors raised to us."""
        for handlers in self._app.handlers.values():
            for handler in handlers:
                check = handler.check_update(update)
                if check is not None and check is not False:
                    await handler.handle_update(update, self._app, check, attempt)
                    break

    async def _failed(
        self, delivery: Delivery, update: Update | None, error: Exception, attempt: int
    ) -> tuple[Delivery, Again] | None:
        if isinstance(error, TelegramError):
            metrics.TELEGRAM_ERRORS.labels(type(error).__name__).inc()
        match after(error, attempt, delivery.tries, now() - delivery.received):
            case Again() as again:
                log.info("update %s will be handled again in %.1f s: %s", delivery.id, again.wait, public(error))
                metrics.RETRIES.labels(again.reason).inc()
                if again.counts:
                    await until_stored(lambda: self._inbox.failed(delivery), PAUSE)
                    delivery = replace(delivery, tries=delivery.tries + 1)
                return delivery, again
            case Leave.STOP:
                raise RevokedError
            case Leave.DONE:
                log.info("update %s has nobody to reply to: %s", delivery.id, public(error))
                await self._end(delivery, "done", lambda: self._inbox.done(delivery))
            case _:
                log.error("update %s is set aside: %s", delivery.id, public(error), extra=where(error))
                if update is not None:
                    with suppress(Exception):  # what failed the reply may fail the apology too
                        await self._apologise(update)
                await self._end(delivery, "aside", lambda: self._inbox.set_aside(delivery, private(error)))
        return None

    async def _end(self, delivery: Delivery, result: str, end: Callable[[], Awaitable[None]]) -> None:
        self.answered.add(delivery.id)
        try:
            await until_stored(end, PAUSE)
        except Exception as error:  # what the reply changed cannot be stored as it is; the reply is out all the same
            log.error("update %s is set aside after its reply: %s", delivery.id, public(error), extra=where(error))
            result, told = "aside", private(error)
            await until_stored(lambda: self._inbox.set_aside(delivery, told), PAUSE)
        finally:
            self.answered.discard(delivery.id)
        metrics.UPDATES.labels(delivery.kind, result).inc()
        metrics.TOOK.labels(delivery.kind).observe(now() - delivery.received)
