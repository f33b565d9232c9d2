"""Constraint: a webhook gets each update again and again, in order, until it answers 2xx.

One update is under way at a time per bot; a failed one is repeated after a pause that doubles.
Like the local Bot API server, plain http URLs, any port and local addresses are allowed. A
method call in the body of the webhook's answer is not carried out.
Source: Bot API 10.0, "setWebhook", "deleteWebhook", "getWebhookInfo", "WebhookInfo".
"""

from __future__ import annotations

import asyncio
import time
from typing import Any

import aiohttp

from .delivery import DEFAULT_ALLOWED, UPDATE_TYPES
from .errors import CONFLICT_SET_WEBHOOK, CONFLICT_WEBHOOK, ApiError, Json, bad
from .model import Bot
from .registry import method
from .world import World

FIRST_PAUSE = 0.1  # seconds before the first repetition
LONGEST_PAUSE = 2.0  # seconds
ANSWER_TIMEOUT = 10.0  # seconds the webhook may take to answer
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"


class Webhook:
    """The webhook of one bot and the task that feeds it."""

    def __init__(self, bot: Bot, params: Json) -> None:
        """Begin to deliver the updates of `bot` as the setWebhook `params` say."""
        self.bot = bot
        self.url = str(params["url"])
        self.secret = params.get("secret_token", "")
        self.max_connections = params.get("max_connections", 40)
        self.ip_address = params.get("ip_address", "127.0.0.1")
        self.certificate = "certificate" in params
        self.error = ""
        self.error_date = 0
        self.task = asyncio.get_running_loop().create_task(self.run())

    async def run(self) -> None:
        """Deliver until cancelled."""
        queue = self.bot.updates
        timeout = aiohttp.ClientTimeout(total=ANSWER_TIMEOUT)
        pause = FIRST_PAUSE
        async with aiohttp.ClientSession(timeout=timeout) as session:
            while True:
                if not queue.pending:
                    queue.changed.clear()
                    await queue.changed.wait()
                    continue
                update = queue.pending[0]
                if await self.deliver(session, update):
                    pause = FIRST_PAUSE
                    if queue.pending and queue.pending[0] is update:
                        queue.pending.popleft()
                else:
                    await asyncio.sleep(pause)
                    pause = min(2 * pause, LONGEST_PAUSE)

    async def deliver(self, session: aiohttp.ClientSession, update: Json) -> bool:
        """Send one update; returns whether the webhook answered 2xx."""
        headers = {SECRET_HEADER: self.secret} if self.secret else {}
        try:
            async with session.post(self.url, json=update, headers=headers, allow_redirects=False) as answer:
                if 200 <= answer.status <= 299:
                    return True
                problem = f"{answer.status} {answer.reason}"
                self.error = f"Wrong response from the webhook: {problem}"
        except (aiohttp.ClientError, TimeoutError) as error:
            self.error = str(error) or "Connection timed out"
        self.error_date = int(time.time())
        return False

    def info(self) -> Json:
        """Return the fields of WebhookInfo that only a set webhook has."""
        fields: Json = {
            "url": self.url,
            "has_custom_certificate": self.certificate,
            "max_connections": self.max_connections,
            "ip_address": self.ip_address,
        }
        if self.error:
            fields |= {"last_error_date": self.error_date, "last_error_message": self.error}
        return fields


def remove(world: World, bot: Bot) -> None:
    """Stop the webhook of `bot`, if it has one."""
    webhook = world.webhooks.pop(bot.id, None)
    if webhook is not None:
        webhook.task.cancel()


@method("setWebhook")
def set_webhook(world: World, bot: Bot, params: Json) -> bool:
    """Answer setWebhook; an empty url removes the webhook."""
    url = params.get("url", "")
    if url and not url.startswith(("http://", "https://")):
        raise bad("invalid webhook URL specified")
    if params.get("drop_pending_updates"):
        bot.updates.drop()
    remove(world, bot)
    if url:
        bot.updates.abort(CONFLICT_SET_WEBHOOK)
        bot.updates.allow(params.get("allowed_updates"))
        world.webhooks[bot.id] = Webhook(bot, params)
    return True


@method("deleteWebhook")
def delete_webhook(world: World, bot: Bot, params: Json) -> bool:
    """Answer deleteWebhook."""
    if params.get("drop_pending_updates"):
        bot.updates.drop()
    remove(world, bot)
    return True


@method("getWebhookInfo")
def get_webhook_info(world: World, bot: Bot, params: Json) -> Json:
    """Answer getWebhookInfo."""
    webhook = world.webhooks.get(bot.id)
    set_fields = webhook.info() if webhook else {"url": "", "has_custom_certificate": False}
    fields = {**set_fields, "pending_update_count": len(bot.updates.pending)}
    if bot.updates.allowed != DEFAULT_ALLOWED:
        allowed = [kind for kind in UPDATE_TYPES if kind in bot.updates.allowed]
        fields["allowed_updates"] = allowed
    return fields


@method("getUpdates")
async def get_updates(world: World, bot: Bot, params: Json) -> Any:
    """Answer getUpdates; refused with 409 while a webhook is set."""
    if bot.id in world.webhooks:
        raise ApiError(409, CONFLICT_WEBHOOK)
    bot.updates.allow(params.get("allowed_updates"))
    return await bot.updates.get(params.get("offset", 0), params.get("limit", 100), params.get("timeout", 0))
