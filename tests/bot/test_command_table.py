"""A command is declared once, and has all that it needs: a handler, and its words in both languages."""

import re
from collections import Counter

import pytest
from telegram import Update
from telegram.ext import CallbackQueryHandler, CommandHandler

from bot.api.client import Client
from bot.chats.chats import Chats
from bot.handlers.answers import ForgedPress
from bot.handlers.desk import Desk
from bot.handlers.routes import build_application
from bot.inbox.attempt import App
from bot.settings import Settings
from bot.store.database import Database
from knowledge.commands import COMMANDS, Command
from knowledge.engine import Engine
from knowledge.languages import LANGUAGES
from tests.bot.test_button_data import KINDS, ON_THE_WIRE

TYPED = re.compile(r"(?<![\w/])/(\w+)")  # a command in a text
LISTED = [command for command in COMMANDS.values() if command.menus]


@pytest.fixture(scope="module")
def application(engine: Engine) -> App:
    settings = Settings("1:x", "sqlite://")
    return build_application(Client(settings, None), Desk(engine, Chats(Database(settings.database))))


@pytest.fixture(scope="module")
def handlers(application: App) -> list[object]:
    return list(application.handlers[0])


def test_every_command_has_one_handler(handlers: list[object]) -> None:
    handled = Counter(name for h in handlers if isinstance(h, CommandHandler) for name in h.commands)
    assert handled == Counter({name for command in COMMANDS.values() for name in command.names.values()})


def test_every_button_has_one_handler(handlers: list[object]) -> None:
    handled = Counter(h.pattern for h in handlers if isinstance(h, CallbackQueryHandler) and h.pattern)
    assert handled == Counter(kind.pattern() for kind in KINDS)


@pytest.mark.parametrize("data", ON_THE_WIRE)
def test_a_forged_press_in_a_group_is_taken_by_nobody_else_whatever_fails(application: App, data: str) -> None:
    message = {"message_id": 1, "date": 1, "chat": {"id": -1, "type": "group", "title": "g"}, "text": "t"}
    person = {"id": 2, "is_bot": False, "first_name": "p"}
    forged = {"id": "3", "from": person, "chat_instance": "4", "message": message, "data": data}
    button = {"text": "b", "callback_data": data}
    shown = {**forged, "message": {**message, "reply_markup": {"inline_keyboard": [[button]]}}}
    for press, taken in ((forged, True), (shown, False)):
        update = Update.de_json({"update_id": 1, "callback_query": press}, application.bot)
        by = [next(h for h in group if h.check_update(update)) for group in application.handlers.values()]
        assert [type(handler) for handler in by if isinstance(handler, ForgedPress)] == [ForgedPress] * taken
        assert len(by) == 2  # it, and the cooldown, which has decided before


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("command", LISTED, ids=lambda c: c.name)
def test_a_menu_and_the_help_describe_every_command(engine: Engine, command: Command, language: str) -> None:
    phrases = engine.knowledge.phrases
    assert phrases[f"command_{command.name}"][language]
    if command.name != "help":
        assert command.names[language] in TYPED.findall(phrases["help"][language])


def test_no_phrase_names_or_describes_a_command_that_is_not_there(engine: Engine) -> None:
    for id, texts in engine.knowledge.phrases.items():
        assert not id.startswith("command_") or id.removeprefix("command_") in COMMANDS, id
        for language, text in texts.items():
            assert set(TYPED.findall(text)) <= {command.names[language] for command in COMMANDS.values()}, id
