"""How the bot introduces itself: names, descriptions and command menus, in French, English and by default.

Set at start-up, and only where Telegram's differ: Telegram allows few changes of a name a day.
"""

import logging
from collections.abc import Callable

from telegram import (
    Bot,
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
)
from telegram.error import TelegramError

from knowledge.commands import COMMANDS, Menu
from knowledge.languages import ENGLISH, FRENCH

log = logging.getLogger(__name__)
Say = Callable[[str, str], str]  # a phrase in a language
SPOKEN = {None: ENGLISH, FRENCH: FRENCH, ENGLISH: ENGLISH}  # Telegram's code -> ours; None is whoever speaks neither
SCOPES: dict[Menu, BotCommandScope] = {
    Menu.PRIVATE: BotCommandScopeAllPrivateChats(),
    Menu.GROUP: BotCommandScopeAllGroupChats(),
    Menu.ADMINISTRATORS: BotCommandScopeAllChatAdministrators(),
}


async def introduce(bot: Bot, say: Say) -> None:
    """Bring Telegram's record of the bot up to date. A refusal is logged: the bot answers without it."""
    for code, language in SPOKEN.items():
        for set_one in (_name, _description, _short_description, _menus):
            try:
                await set_one(bot, say, code, language)
            except TelegramError as error:
                log.warning("the bot's profile (%s) could not be set: %s", code or "default", error)


async def _name(bot: Bot, say: Say, code: str | None, language: str) -> None:
    name = say("profile_name", language)
    if (await bot.get_my_name(code)).name != name:
        await bot.set_my_name(name, code)


async def _description(bot: Bot, say: Say, code: str | None, language: str) -> None:
    text = say("profile_description", language)
    if (await bot.get_my_description(code)).description != text:
        await bot.set_my_description(text, code)


async def _short_description(bot: Bot, say: Say, code: str | None, language: str) -> None:
    text = say("profile_short", language)
    if (await bot.get_my_short_description(code)).short_description != text:
        await bot.set_my_short_description(text, code)


async def _menus(bot: Bot, say: Say, code: str | None, language: str) -> None:
    for menu, scope in SCOPES.items():
        listed = [command for command in COMMANDS.values() if menu in command.menus]
        commands = tuple(BotCommand(c.names[language], say(f"command_{c.name}", language)) for c in listed)
        if await bot.get_my_commands(scope, code) != commands:
            await bot.set_my_commands(commands, scope, code)
