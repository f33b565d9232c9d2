"""The tables of the Bot API server are those of the installed client, and each method is answered."""

from __future__ import annotations

import inspect
import re

import pytest
import telegram
from telegram import Bot, constants

from botapi.methods import METHODS
from botapi.objects import OBJECTS
from botapi.phrases import longest, read
from botapi.registry import HANDLERS

CONVENIENCE = {
    "self",
    "read_timeout",
    "write_timeout",
    "connect_timeout",
    "pool_timeout",
    "api_kwargs",
    "allow_sending_without_reply",
    "reply_to_message_id",
    "disable_web_page_preview",
    "filename",
    "current_offset",
    "correct_option_id",  # replaced by correct_option_ids in Bot API 9.6
}


def snake(name: str) -> str:
    """Return the client's name of a method."""
    return re.sub(r"[A-Z]", lambda found: f"_{found[0].lower()}", name)


@pytest.mark.parametrize("name", METHODS)
def test_table_has_the_parameters_of_the_client(name: str) -> None:
    """Each method knows exactly the parameters that the installed client can send."""
    signature = inspect.signature(getattr(Bot, snake(name)))
    assert set(METHODS[name]) == set(signature.parameters) - CONVENIENCE


@pytest.mark.parametrize(
    "name",
    [
        "ReplyParameters",
        "LinkPreviewOptions",
        "MessageEntity",
        "InlineKeyboardMarkup",
        "InlineKeyboardButton",
        "ReplyKeyboardMarkup",
        "KeyboardButton",
        "ForceReply",
        "InputPollOption",
        "InlineQueryResultArticle",
        "InlineQueryResultPhoto",
        "InlineQueryResultCachedPhoto",
        "InlineQueryResultsButton",
        "InputTextMessageContent",
        "BotCommand",
        "CopyTextButton",
        "SwitchInlineQueryChosenChat",
        "LoginUrl",
    ],
)
def test_objects_have_the_fields_of_the_client(name: str) -> None:
    """Each nested object knows exactly the fields that the installed client can send."""
    fixed = {"self", "type", "force_reply", "disable_web_page_preview", "api_kwargs"}
    if name == "MessageEntity":
        fixed.remove("type")
    signature = inspect.signature(getattr(telegram, name).__init__)
    assert set(OBJECTS[name]) - fixed == set(signature.parameters) - fixed


LIMITS = [
    ("sendMessage", "text", constants.MessageLimit.MAX_TEXT_LENGTH),
    ("sendPhoto", "caption", constants.MessageLimit.CAPTION_LENGTH),
    (
        "answerCallbackQuery",
        "text",
        constants.CallbackQueryLimit.ANSWER_CALLBACK_QUERY_TEXT_LENGTH,
    ),
    ("sendPoll", "question", constants.PollLimit.MAX_QUESTION_LENGTH),
    ("sendPoll", "options", constants.PollLimit.MAX_OPTION_NUMBER),
    ("InputPollOption", "text", constants.PollLimit.MAX_OPTION_LENGTH),
    ("sendPoll", "explanation", constants.PollLimit.MAX_EXPLANATION_LENGTH),
    ("sendPoll", "description", constants.PollLimit.MAX_DESCRIPTION_CHARACTERS),
    (
        "InlineKeyboardButton",
        "callback_data",
        constants.InlineKeyboardButtonLimit.MAX_CALLBACK_DATA,
    ),
    ("CopyTextButton", "text", constants.InlineKeyboardButtonLimit.MAX_COPY_TEXT),
    ("BotCommand", "description", constants.BotCommandLimit.MAX_DESCRIPTION),
    ("setMyCommands", "commands", constants.BotCommandLimit.MAX_COMMAND_NUMBER),
    ("answerInlineQuery", "results", constants.InlineQueryLimit.RESULTS),
    ("InlineQueryResultArticle", "id", constants.InlineQueryResultLimit.MAX_ID_LENGTH),
    ("setMyName", "name", constants.BotNameLimit.MAX_NAME_LENGTH),
]


@pytest.mark.parametrize(("owner", "name", "limit"), LIMITS)
def test_limits_are_those_of_the_client(owner: str, name: str, limit: int) -> None:
    """The limits of the tables are the constants of the installed client."""
    assert longest(owner, name) == limit


def test_every_method_is_answered_and_every_phrase_is_readable() -> None:
    """No method of the table lacks its code, no phrase is out of the grammar."""
    from botapi import app

    assert app.ANSWERING and set(HANDLERS) == set(METHODS)
    tables = {**METHODS, **OBJECTS}
    assert all(read(phrase) for table in tables.values() for phrase in table.values())
