"""Constraint: some types have variants, and some broken limits have answers of their own.

ONE_OF tells the variants of a type apart; REFUSALS, TOO_FEW and PREFIXES hold Telegram's words.
Source: Bot API 10.0, "Available types"; the words are those of the Bot API server 10.0.
"""

from __future__ import annotations

# Type: (field, {value of the field: object}) or ("", {field that is there: object}).
ONE_OF: dict[str, tuple[str, dict[str, str]]] = {
    "ReplyMarkup": (
        "",
        {
            "inline_keyboard": "InlineKeyboardMarkup",
            "keyboard": "ReplyKeyboardMarkup",
            "remove_keyboard": "ReplyKeyboardRemove",
            "force_reply": "ForceReply",
        },
    ),
    "InputMessageContent": ("", {"message_text": "InputTextMessageContent"}),
    "BotCommandScope": (
        "type",
        {
            "default": "BotCommandScopeDefault",
            "all_private_chats": "BotCommandScopeDefault",
            "all_group_chats": "BotCommandScopeDefault",
            "all_chat_administrators": "BotCommandScopeDefault",
            "chat": "BotCommandScopeChat",
            "chat_administrators": "BotCommandScopeChat",
            "chat_member": "BotCommandScopeChatMember",
        },
    ),
    "InlineQueryResult": (
        "type",
        {"article": "InlineQueryResultArticle", "photo": "InlineQueryResultAnyPhoto"},
    ),
    "InlineQueryResultAnyPhoto": (
        "",
        {
            "photo_file_id": "InlineQueryResultCachedPhoto",
            "photo_url": "InlineQueryResultPhoto",
        },
    ),
}

# (object or method, field): the answer when the value is over its limit or of a wrong form.
REFUSALS = {
    ("InlineKeyboardButton", "callback_data"): "BUTTON_DATA_INVALID",
    ("CopyTextButton", "text"): "BUTTON_COPY_TEXT_INVALID",
    ("BotCommand", "command"): "BOT_COMMAND_INVALID",
    ("BotCommand", "description"): "command description length must not exceed 256",
    ("setMyCommands", "commands"): "BOT_COMMANDS_TOO_MUCH",
    ("answerCallbackQuery", "text"): "MESSAGE_TOO_LONG",
    ("answerInlineQuery", "results"): "too many inline query results specified",
    ("InlineQueryResultArticle", "id"): "RESULT_ID_INVALID",
    ("InlineQueryResultPhoto", "id"): "RESULT_ID_INVALID",
    ("InlineQueryResultCachedPhoto", "id"): "RESULT_ID_INVALID",
    ("setWebhook", "secret_token"): "secret token contains unallowed characters",
    ("sendPoll", "type"): "unsupported poll type specified",
    ("sendPoll", "options"): "poll can't have more than 12 options",
}

# (object or method, field): the answer when the value is under its limit.
TOO_FEW = {
    ("sendPoll", "options"): "poll must have at least one answer option",
    ("BotCommand", "description"): "command description must be non-empty",
    ("InlineKeyboardButton", "callback_data"): "can't parse inline keyboard button: "
    "Text buttons are unallowed in the inline keyboard",
}

# Object: what stands before an error found in it.
PREFIXES = {
    "InlineKeyboardButton": "can't parse inline keyboard button: ",
    "KeyboardButton": "can't parse keyboard button: ",
    "BotCommand": "can't parse BotCommand: ",
    "BotCommandScope": "can't parse BotCommandScope: ",
    "BotCommandScopeChat": "can't parse BotCommandScope: ",
    "BotCommandScopeChatMember": "can't parse BotCommandScope: ",
    "MessageEntity": "can't parse MessageEntity: ",
    "InlineQueryResult": "can't parse inline query result: ",
    "InlineQueryResultAnyPhoto": "can't parse inline query result: ",
    "InlineQueryResultArticle": "can't parse inline query result: ",
    "InlineQueryResultPhoto": "can't parse inline query result: ",
    "InlineQueryResultCachedPhoto": "can't parse inline query result: ",
}
