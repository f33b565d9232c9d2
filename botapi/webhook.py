"""Constraint: a webhook gets each update again and again, in the order of its lane, until it answers 2xx.

Like Telegram's own server it delivers up to max_connections updates at once, and one at a time in a
lane: the messages of a chat, the presses of a person, the answers to a poll... A failed one is
repeated after a pause that doubles, and holds up nothing but its lane.
Like the local Bot API server, plain http URLs, any port and local addresses are allowed. A
method call in the body of the webhook's answer is not carried out.
Source: Bot API 10.0, "setWebhook", "deleteWebhook"; the lanes are the
webhook_queue_id of tdlib/telegram-bot-api, Client.cpp. Its pauses are longer: 2 s to 2 min.
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Any

import aiohttp

from .delivery import FIRST_UPDATE_ID
from .errors import CONFLICT_SET_WEBHOOK, CONFLICT_WEBHOOK, ApiError, Json, bad
from .model import Bot
from .registry import method
from .world import World

FIRST_PAUSE = 0.1  # seconds before the first repetition
LONGEST_PAUSE = 2.0  # seconds
ANSWER_TIMEOUT = 10.0  # seconds the webhook may take to answer
MAX_CONNECTIONS = 40  # unless setWebhook says otherwise
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
ONE_LANE = ("message", "edited_message", "channel_post", "edited_channel_post")  # and by chat, like most others
LANES = {  # the field that tells the lane of a kind of updates that is not put in order by chat
    "inline_query": "from.id",
    "chosen_inline_result": "from.id",
    "callback_query": "from.id",
    "poll": "id",
    "poll_answer": "poll_id",
    "chat_member": "new_chat_member.user.id",
}


def lane_of(update: Json) -> str:
    """Return the name of the lane of an update."""
    kind = next(name for name in update if name != "update_id")
    value: Any = update[kind]
    for name in LANES.get(kind, "chat.id").split("."):
        value = value[name]
    return f"{'message' if kind in ONE_LANE else kind}/{value}"


class Webhook:
    """The webhook of one bot and the task that feeds it."""

    def __init__(self, bot: Bot, params: Json) -> None:
        """Begin to deliver the updates of `bot` as the setWebhook `params` say."""
        self.bot = bot
        self.params = params
        self.url = str(params["url"])
        self.secret = params.get("secret_token", "")
        self.max_connections = params.get("max_connections", MAX_CONNECTIONS)
        self.lanes: dict[str, deque[int]] = {}  # the update_ids that wait, by lane; none is empty
        self.free = asyncio.Semaphore(self.max_connections)
        self.task = asyncio.get_running_loop().create_task(self.run())

    async def run(self) -> None:
        """Deliver until cancelled."""
        queue, next_id = self.bot.updates, FIRST_UPDATE_ID
        connector = aiohttp.TCPConnector(limit=self.max_connections)
        timeout = aiohttp.ClientTimeout(total=ANSWER_TIMEOUT)
        async with (
            aiohttp.ClientSession(connector=connector, timeout=timeout) as session,
            asyncio.TaskGroup() as feeding,
        ):
            while True:
                next_id = max(next_id, next(iter(queue.pending), next_id))
                for number in range(next_id, queue.next_id):
                    if number not in queue.pending:
                        continue
                    lane = lane_of(queue.pending[number])
                    if lane in self.lanes:
                        self.lanes[lane].append(number)
                    else:
                        self.lanes[lane] = deque([number])
                        feeding.create_task(self.feed(session, lane))
                next_id = queue.next_id
                queue.changed.clear()
                await queue.changed.wait()

    async def feed(self, session: aiohttp.ClientSession, lane: str) -> None:
        """Deliver the updates of one lane, one after the other, until none waits."""
        pending, waiting, pause = self.bot.updates.pending, self.lanes[lane], FIRST_PAUSE
        while waiting:
            async with self.free:
                update = pending.get(waiting[0])  # None: it was dropped meanwhile
                done = update is None or await self.deliver(session, update)
            if done:
                pending.pop(waiting.popleft(), None)
                pause = FIRST_PAUSE
            else:
                await asyncio.sleep(pause)
                pause = min(2 * pause, LONGEST_PAUSE)
        del self.lanes[lane]

    async def deliver(self, session: aiohttp.ClientSession, update: Json) -> bool:
        """Send one update; returns whether the webhook answered 2xx."""
        headers = {SECRET_HEADER: self.secret} if self.secret else {}
        try:
            async with session.post(self.url, json=update, headers=headers, allow_redirects=False) as answer:
                return 200 <= answer.status <= 299
        except (aiohttp.ClientError, TimeoutError):
            return False


def settled(params: Json) -> Json:
    """Return what of the setWebhook `params` makes it another webhook."""
    return {name: value for name, value in params.items() if name not in ("allowed_updates", "drop_pending_updates")}


def remove(world: World, bot: Bot) -> None:
    """Stop the webhook of `bot`, if it has one."""
    webhook = world.webhooks.pop(bot.id, None)
    if webhook is not None:
        webhook.task.cancel()


@method("setWebhook")
def set_webhook(world: World, bot: Bot, params: Json) -> bool:
    """Answer setWebhook; an empty url removes the webhook, the same webhook again goes on as it is."""
    url = params.get("url", "")
    if url and not url.startswith(("http://", "https://")):
        raise bad("invalid webhook URL specified")
    if params.get("drop_pending_updates"):
        bot.updates.drop()
    known = world.webhooks.get(bot.id)
    if known is not None and settled(known.params) == settled(params):
        bot.updates.allow(params.get("allowed_updates"))
        return True
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


@method("getUpdates")
async def get_updates(world: World, bot: Bot, params: Json) -> Any:
    """Answer getUpdates; refused with 409 while a webhook is set."""
    if bot.id in world.webhooks:
        raise ApiError(409, CONFLICT_WEBHOOK)
    bot.updates.allow(params.get("allowed_updates"))
    return await bot.updates.get(params.get("offset", 0), params.get("limit", 100), params.get("timeout", 0))
