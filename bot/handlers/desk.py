"""What the handlers share: the desk that each works at, the base of their classes, and how replies are shown."""

import logging
import re
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, TypeVar

from telegram import CallbackQuery, InlineKeyboardMarkup, Message, Update
from telegram.constants import ChatType
from telegram.error import BadRequest, Forbidden, TelegramError

from bot.chats.chats import Chats
from bot.inbox.attempt import Attempt
from bot.metrics import ASK, QUESTIONS
from bot.view.button_data import ButtonData
from bot.view.buttons import keyboard
from bot.view.render import reply_html
from knowledge.engine import Engine
from knowledge.model import NEW, Conversation, Outcome, Reply

log = logging.getLogger(__name__)
Handler = Callable[[Update, Any], Coroutine[Any, Any, None]]
Carried = TypeVar("Carried", bound=ButtonData)


@dataclass(frozen=True, slots=True)
class Desk:
    """The engine and what is remembered of chats, handed to every handler, as a clerk finds both on the desk."""

    engine: Engine
    chats: Chats

    async def language(self, message: Message) -> str:
        """The language of menus and lists for this chat and person."""
        code = message.from_user.language_code if message.from_user else None
        return await self.chats.language(message.chat_id, code)

    def say(self, phrase: str, language: str, **words: str) -> str:
        """A phrase, filled in."""
        return self.engine.replies.say(phrase, language, **words)

    async def reply(self, message: Message, phrase: str, **words: str) -> None:
        """Reply to `message` with a phrase, filled in."""
        await message.reply_text(self.say(phrase, await self.language(message), **words))

    def ask(self, attempt: Attempt, text: str, before: Conversation, usual: str) -> Reply:
        """The engine's reply, counted."""
        with ASK.time():
            reply = self.engine.ask(text, before, now=attempt.at, usual=usual)
        QUESTIONS.labels(reply.outcome, reply.language).inc()
        return reply

    async def apologise(self, update: Update) -> None:
        """Tell the person who waits for a reply that there will be none."""
        if (message := update.message) is not None:  # nobody waits for the reply to an edit or to a guest's message
            await self.reply(message, "trouble")


class Feature:
    """Something that people do with the bot.

    `commands`: what a command does, by its name in knowledge/commands.py; `presses`: what a button does, by the kind
    of data that it carries.
    """

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.commands: dict[str, Handler] = {}
        self.presses: dict[type[ButtonData], Handler] = {}


def message_of(update: Update) -> Message:
    """The message that a command's handler, or one with a filter, is given."""
    if (message := update.effective_message) is None:
        raise ValueError("an update without a message")
    return message


def pressed(update: Update, *kinds: type[Carried]) -> tuple[CallbackQuery, Carried]:
    """The press of a button of one of `kinds`, for which its handler stands in `presses`, and what it carries."""
    query = update.callback_query
    for kind in kinds:
        if query is not None and (carried := kind.unpack(query.data)) is not None:
            return query, carried
    raise ValueError("an update without such a press")


def without_name(text: str, username: str) -> str:
    """`text` without the bot's name, by which it was called."""
    return re.sub(rf"(?<!\w)@{re.escape(username)}\b", " ", text, flags=re.IGNORECASE)


async def send(desk: Desk, attempt: Attempt, message: Message, reply: Reply, before: Conversation = NEW) -> None:
    """Show `reply` to `message`: under it in a group, in its topic; remember it, and what came `before` it."""
    private = message.chat.type == ChatType.PRIVATE
    answer = await message.reply_html(
        reply_html(reply), reply_markup=keyboard(reply, desk.engine.replies, private=private), do_quote=not private
    )
    desk.chats.remember(attempt, message, answer.message_id, reply.conversation, before)
    if reply.outcome is Outcome.ANSWER and reply.entry:
        desk.chats.count(attempt, reply.entry)


async def acknowledge(query: CallbackQuery, text: str = "") -> None:
    """Tell Telegram that the press was seen. Where it is too late for that, the button does its work all the same."""
    try:
        await query.answer(text or None)
    except TelegramError as error:
        log.info("a press could not be acknowledged: %s", error)


async def edit(query: CallbackQuery, html: str, markup: InlineKeyboardMarkup | None) -> None:
    """Replace the text of the pressed message. Where that is impossible (same text, deleted, too old), nothing."""
    if (message := query.message) is None:
        return
    ids = message.chat.id, message.message_id  # of an old message Telegram sends nothing else
    try:
        await query.get_bot().edit_message_text(html, *ids, parse_mode="HTML", reply_markup=markup)
    except (BadRequest, Forbidden) as error:
        log.info("a message could not be edited: %s", error)
