"""Constraint: what a bot sets is kept per scope and per language, with the default as fallback.

Answers getMe and the methods for commands, name and descriptions.
Source: Bot API 10.0, "getMe", "setMyCommands" to "getMyShortDescription".
"""

from __future__ import annotations

from .errors import Json, bad
from .model import Bot
from .registry import method
from .render import me_json
from .world import World


@method("getMe")
def get_me(world: World, bot: Bot, params: Json) -> Json:
    """Answer getMe."""
    return me_json(bot)


def scope_key(world: World, bot: Bot, params: Json) -> tuple[str, str]:
    """Return the key of a list of commands; raises ApiError 400 for a chat it can't name."""
    scope = params.get("scope", {"type": "default"})
    parts = [scope["type"]]
    if "chat_id" in scope:
        parts.append(world.chat_for(bot, scope["chat_id"], write=False).key)
    if "user_id" in scope:
        if scope["user_id"] not in world.users:
            raise bad("invalid user_id specified")
        parts.append(str(scope["user_id"]))
    return "|".join(parts), params.get("language_code", "")


@method("setMyCommands")
def set_my_commands(world: World, bot: Bot, params: Json) -> bool:
    """Answer setMyCommands; an empty list takes the commands away."""
    key = scope_key(world, bot, params)
    if params["commands"]:
        bot.commands[key] = params["commands"]
    else:
        bot.commands.pop(key, None)
    return True


@method("getMyCommands")
def get_my_commands(world: World, bot: Bot, params: Json) -> list[Json]:
    """Answer getMyCommands: exactly this scope and language, without fallback."""
    return bot.commands.get(scope_key(world, bot, params), [])


def set_text(bot: Bot, params: Json, name: str) -> bool:
    """Keep the text `name` for one language; an empty one removes it."""
    key = (name, params.get("language_code", ""))
    if params.get(name):
        bot.texts[key] = params[name]
    else:
        bot.texts.pop(key, None)
    return True


def get_text(bot: Bot, params: Json, name: str, default: str = "") -> Json:
    """Return the text `name` for a language, else the one for all languages, else `default`."""
    for_all = bot.texts.get((name, ""), default)
    return {name: bot.texts.get((name, params.get("language_code", "")), for_all)}


@method("setMyName")
def set_my_name(world: World, bot: Bot, params: Json) -> bool:
    """Answer setMyName."""
    return set_text(bot, params, "name")


@method("getMyName")
def get_my_name(world: World, bot: Bot, params: Json) -> Json:
    """Answer getMyName."""
    return get_text(bot, params, "name", bot.user.first_name)


@method("setMyDescription")
def set_my_description(world: World, bot: Bot, params: Json) -> bool:
    """Answer setMyDescription."""
    return set_text(bot, params, "description")


@method("getMyDescription")
def get_my_description(world: World, bot: Bot, params: Json) -> Json:
    """Answer getMyDescription."""
    return get_text(bot, params, "description")


@method("setMyShortDescription")
def set_my_short_description(world: World, bot: Bot, params: Json) -> bool:
    """Answer setMyShortDescription."""
    return set_text(bot, params, "short_description")


@method("getMyShortDescription")
def get_my_short_description(world: World, bot: Bot, params: Json) -> Json:
    """Answer getMyShortDescription."""
    return get_text(bot, params, "short_description")
