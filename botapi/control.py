"""Constraint: tests drive people over HTTP, apart from what the bots see.

POST /control/<verb> with a JSON object; answers {"ok": true, "result": ...} or, with status 400
(500 for a request of a wrong form), {"ok": false, "description": ...}. Chats are named by key:
"<bot id>/<person id>" for a private one, the chat id as text otherwise. Times are in seconds.
"""

from __future__ import annotations

import inspect
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from . import crowd, gathering, masses
from .app import BotServer
from .errors import ControlError, Json
from .faults import Fault
from .model import Message, User
from .transcript import transcript, view

Verb = Callable[[BotServer, Json], Any]
VERBS: dict[str, Verb] = {}
log = logging.getLogger("botapi")
SWITCHES = ("privacy", "inline", "guest")
LONGEST_WAIT = 60.0  # seconds


def verb(name: str) -> Callable[[Verb], Verb]:
    """Register the decorated function as what answers /control/`name`."""

    def register(function: Verb) -> Verb:
        VERBS[name] = function
        return function

    return register


def make_control(
    server: BotServer,
) -> Callable[[web.Request], Awaitable[web.Response]]:
    """Return the request handler of the control interface of a server."""

    async def control(request: web.Request) -> web.Response:
        function = VERBS.get(request.match_info["verb"])
        if request.transport is not None:
            server.spared.add(request.transport)
        try:
            if function is None:
                raise ControlError(f"there is no verb {request.match_info['verb']}")
            result = function(server, await request.json())
            result = await result if inspect.isawaitable(result) else result
        except ControlError as error:
            return web.json_response({"ok": False, "description": str(error)}, status=400)
        except Exception as error:
            log.exception("/control/%s failed", request.match_info["verb"])
            answer = {"ok": False, "description": repr(error)}
            return web.json_response(answer, status=500)
        return web.json_response({"ok": True, "result": result})

    return control


def person_in(server: BotServer, body: Json) -> User:
    """Return the person a request is about."""
    return server.world.user_at(body["person"])


def message_in(server: BotServer, body: Json) -> Message:
    """Return the message a request is about."""
    return server.world.message_at(body["chat"], body["message_id"])


@verb("add_bot")
def add_bot(server: BotServer, body: Json) -> Json:
    """Create a bot: {first_name, username, token?, privacy?, inline?, guest?}."""
    switches = {name: body.pop(name) for name in SWITCHES if name in body}
    token = body.pop("token", None)
    known = server.world.bots.values()
    if any(b.token == token or b.user.username == body["username"] for b in known):
        raise ControlError("there is a bot with this token or username")
    bot = server.world.add_bot(body, switches, token)
    return {"id": bot.id, "token": bot.token, "username": bot.user.username}


@verb("set_bot")
def set_bot(server: BotServer, body: Json) -> None:
    """Set switches of a bot: {bot, privacy?, inline?, guest?}."""
    bot = server.world.bot_at(body["bot"])
    for name in SWITCHES:
        if name in body:
            setattr(bot, name, bool(body[name]))


@verb("add_person")
def add_person(server: BotServer, body: Json) -> int:
    """Create a person: {first_name, last_name?, username?, language_code?}; returns the id."""
    return server.world.add_user(body).id


@verb("add_people")
def add_people(server: BotServer, body: Json) -> list[int]:
    """Create people: {names, language_code}; returns the ids."""
    return masses.add_people(server, body)


@verb("add_chat")
def add_chat(server: BotServer, body: Json) -> Json:
    """Create a chat: {kind, title, members, admins, bots: {id: status}, username?}."""
    chat = gathering.create(server.world, body)
    return {"chat": chat.key, "id": chat.id}


@verb("set_member")
def set_member(server: BotServer, body: Json) -> None:
    """Change a status: {chat, user, status, person: who does it}."""
    world = server.world
    chat, user = world.chat_at(body["chat"]), world.user_at(body["user"])
    gathering.change_member(world, chat, user, body["status"], person_in(server, body))


@verb("block")
def block(server: BotServer, body: Json) -> None:
    """Block the bot of a private chat: {chat}."""
    gathering.block(server.world, server.world.chat_at(body["chat"]))


@verb("add_topic")
def add_topic(server: BotServer, body: Json) -> int:
    """Create a topic: {chat, name, person}; returns its message_thread_id."""
    chat, person = server.world.chat_at(body["chat"]), person_in(server, body)
    return gathering.create_topic(server.world, chat, body["name"], person).message_id


@verb("migrate")
def migrate(server: BotServer, body: Json) -> Json:
    """Move a group to a supergroup: {chat, person}; returns the new chat."""
    chat = server.world.chat_at(body["chat"])
    new = gathering.migrate(server.world, chat, person_in(server, body))
    return {"chat": new.key, "id": new.id}


@verb("send")
def send(server: BotServer, body: Json) -> Json:
    """Send: {person, chat, text, reply_to?, topic?, photo?, document?} (files in base64)."""
    chat = server.world.chat_at(body["chat"])
    return view(server.world, crowd.send(server.world, person_in(server, body), chat, body))


@verb("send_many")
def send_many(server: BotServer, body: Json) -> None:
    """Send texts to a bot in private: {bot, messages: [[person, text]]}."""
    masses.send_many(server, body)


@verb("edit")
def edit(server: BotServer, body: Json) -> Json:
    """Edit: {person, chat, message_id, text}."""
    person, message = person_in(server, body), message_in(server, body)
    return view(server.world, crowd.edit(server.world, person, message, body["text"]))


@verb("delete")
def delete(server: BotServer, body: Json) -> None:
    """Delete: {person, chat, message_id}."""
    crowd.delete(server.world, person_in(server, body), message_in(server, body))


@verb("press")
async def press(server: BotServer, body: Json) -> Json | None:
    """Press: {person, chat, message_id, button, timeout, forged?}; null without an answer in time."""
    person, message = person_in(server, body), message_in(server, body)
    return await crowd.press(server.world, person, message, body["button"], body["timeout"], body.get("forged", ""))


@verb("vote")
def vote(server: BotServer, body: Json) -> None:
    """Vote: {person, chat, message_id, answers}."""
    person, message = person_in(server, body), message_in(server, body)
    crowd.vote(server.world, person, message, body["answers"])


@verb("inline")
async def inline(server: BotServer, body: Json) -> Json | None:
    """Ask inline: {person, bot, query, offset?, chat_type?, timeout}; null without an answer."""
    return await crowd.ask_inline(server.world, person_in(server, body), body)


@verb("pick")
def pick(server: BotServer, body: Json) -> Json:
    """Send an inline result: {person, chat, query_id, result_id}."""
    world, person = server.world, person_in(server, body)
    chat = world.chat_at(body["chat"])
    return view(world, crowd.pick(world, person, chat, body["query_id"], body["result_id"]))


@verb("transcript")
def read_transcript(server: BotServer, body: Json) -> Json:
    """Return what people see in a chat: {chat}."""
    return transcript(server.world, server.world.chat_at(body["chat"]))


@verb("shown")
def shown(server: BotServer, body: Json) -> Json:
    """Return briefly what a bot wrote in private chats: {bot, since}."""
    return masses.shown(server, body)


@verb("tally")
def tally(server: BotServer, body: Json) -> list[list[object]]:
    """Return how many calls of a bot had which method, status and fault: {bot}."""
    return masses.tally(server, body)


@verb("wait")
async def wait(server: BotServer, body: Json) -> int:
    """Wait for a change after a version: {since, timeout}; returns the version."""
    return await server.world.change(body["since"], min(body["timeout"], LONGEST_WAIT))


@verb("calls")
def calls(server: BotServer, body: Json) -> list[Json]:
    """Return the recorded calls: {method?, bot?, since: the number of the last one not wanted}."""
    wanted = [c for c in server.calls[body.get("since", 0) :] if body.get("method") in (None, c.method)]
    return [call.json() for call in wanted if body.get("bot") in (None, call.bot)]


@verb("fail")
def fail(server: BotServer, body: Json) -> None:
    """Arm a fault: the fields of Fault."""
    try:
        server.faults.armed.append(Fault(**body))
    except ValueError as error:
        raise ControlError(str(error)) from None


@verb("heal")
def heal(server: BotServer, body: Json) -> None:
    """Disarm every fault."""
    server.faults.armed.clear()


@verb("refuse")
def refuse(server: BotServer, body: Json) -> None:
    """Refuse every connection from now on: {seconds}."""
    server.start(server.refuse(body["seconds"]))


@verb("settings")
def settings(server: BotServer, body: Json) -> None:
    """Change settings: {rate_limits?: bool, query_lifetime?: seconds, seed?: of the chances of faults}."""
    if "rate_limits" in body:
        server.limits.on = bool(body["rate_limits"])
    if "query_lifetime" in body:
        server.world.query_lifetime = float(body["query_lifetime"])
    if "seed" in body:
        server.faults.random.seed(body["seed"])
