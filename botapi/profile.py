"""Constraint: what a bot sets is kept per scope and per language, with the default as fallback.

Answers getMe, logOut, close and the methods for commands, name, descriptions and menu button.
Source: Bot API 10.0, "getMe" to "close", "setMyCommands" to "getChatMenuButton".
"""

from __future__ import annotations

from .errors import Json, bad
from .model import Bot
from .registry import method
from .render import me_json
from .world import World

DEFAULT_MENU_BUTTON = {"type": "default"}


@method("getMe")
def get_me(world: World, bot: Bot, params: Json) -> Json:
    """Answer getMe."""
    return me_json(bot)


@method("logOut")
def log_out(world: World, bot: Bot, params: Json) -> bool:
    """Answer logOut; every later call of the bot is refused with 400 "Logged out"."""
    bot.logged_out = True
    bot.updates.abort("Logged out", 400)
    return True


@method("close")
def close(world: World, bot: Bot, params: Json) -> bool:
    """Answer close; a later call simply opens the bot again."""
    return True


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


@method("deleteMyCommands")
def delete_my_commands(world: World, bot: Bot, params: Json) -> bool:
    """Answer deleteMyCommands."""
    bot.commands.pop(scope_key(world, bot, params), None)
    return True


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


def private_chat_id(world: World, bot: Bot, params: Json) -> int:
    """Return the private chat a menu button is for; 0 for the default button."""
    chat_id = int(params.get("chat_id", 0))
    if chat_id and world.chat_for(bot, chat_id, write=False).person is None:
        raise bad("invalid chat_id specified")
    return chat_id


@method("setChatMenuButton")
def set_chat_menu_button(world: World, bot: Bot, params: Json) -> bool:
    """Answer setChatMenuButton."""
    chat_id = private_chat_id(world, bot, params)
    bot.menu_buttons[chat_id] = params.get("menu_button", DEFAULT_MENU_BUTTON)
    return True


@method("getChatMenuButton")
def get_chat_menu_button(world: World, bot: Bot, params: Json) -> Json:
    """Answer getChatMenuButton."""
    return bot.menu_buttons.get(private_chat_id(world, bot, params), DEFAULT_MENU_BUTTON)
