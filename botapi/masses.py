"""Constraint: a test with several hundred chats and thousands of messages must not wait for its server.

Creates people, sends their messages and reads what bots wrote to them, many at a time and briefly.
"""

from __future__ import annotations

from collections import Counter

from . import crowd
from .app import BotServer
from .errors import Json
from .wire import Call


def add_people(server: BotServer, body: Json) -> list[int]:
    """Create a person for each of `names`; returns the ids."""
    fields = {"language_code": body["language_code"]}
    return [server.world.add_user({"first_name": name} | fields).id for name in body["names"]]


def send_many(server: BotServer, body: Json) -> None:
    """Send texts to a bot in private, in the order of `messages`: pairs of a person and a text."""
    world, bot = server.world, server.world.bot_at(body["bot"])
    for person_id, text in body["messages"]:
        person = world.user_at(person_id)
        crowd.send(world, person, world.private(bot, person), {"text": text})


def shown(server: BotServer, body: Json) -> Json:
    """Return the messages that a bot put up in private chats, as Shown of views.py.

    `since`: how many of all bots were read already; "next" in the answer is the next `since`.
    """
    bot = server.world.bot_at(body["bot"])
    calls = [call for call in server.posted[body["since"] :] if call.bot == bot.id and call.result["chat"]["id"] > 0]
    return {"rows": [row(server, call) for call in calls], "next": len(server.posted)}


def row(server: BotServer, call: Call) -> list[object]:
    """Return a message that people see, by its first line, with the call that brought it."""
    chat, message_id = call.result["chat"]["id"], call.result["message_id"]
    message = server.world.chats[f"{call.bot}/{chat}"].messages[message_id]
    line = message.text.partition("\n")[0]
    return [chat, message_id, line, call.time, call.ended, call.status, call.fault]


def tally(server: BotServer, body: Json) -> list[list[object]]:
    """Return how many calls of a bot had which method, status and fault."""
    counted = Counter((call.method, call.status, call.fault) for call in server.calls if call.bot == body["bot"])
    return [[*what, times] for what, times in sorted(counted.items())]
