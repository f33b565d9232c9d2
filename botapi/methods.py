"""Constraint: this table is read by people who compare it with the Bot API page, line by line.

So each method is a plain dict, parameter name to one phrase:

    [required] TYPE[ or TYPE...][, limit]

TYPE is Integer, Float, Boolean, String, InputFile, "Array of TYPE" or an object of objects.py.
A limit is one of: "1-100" (value), "1-256 characters" (UTF-16 code units), "1-64 bytes",
"1-100 items", "1-4096 after parsing" (counted once parse_mode is applied), "one of a b c",
"matching REGEX". "Unsupported" marks a parameter that Telegram knows and this server refuses.
Source: Bot API 10.0, "Available methods", "Updating messages", "Inline mode", "Getting updates".
"""

from __future__ import annotations

Table = dict[str, dict[str, str]]

# Shared by sendMessage, sendPhoto and sendPoll.
SENDING = {
    "business_connection_id": "Unsupported",
    "chat_id": "required Integer or String",
    "message_thread_id": "Integer",
    "disable_notification": "Boolean",
    "protect_content": "Boolean",
    "allow_paid_broadcast": "Boolean",
    "message_effect_id": "String",
    "reply_parameters": "ReplyParameters",
    "reply_markup": "ReplyMarkup",
}

# Of sendMessage and sendPhoto, for the direct messages of a channel.
DIRECT = {"direct_messages_topic_id": "Unsupported", "suggested_post_parameters": "Unsupported"}

CAPTION = {
    "caption": "String, 0-1024 after parsing",
    "parse_mode": "String",
    "caption_entities": "Array of MessageEntity",
}

# The message an edit applies to: chat_id and message_id, or inline_message_id.
EDITED = {
    "business_connection_id": "Unsupported",
    "chat_id": "Integer or String",
    "message_id": "Integer",
    "inline_message_id": "String",
    "reply_markup": "InlineKeyboardMarkup",
}

LANGUAGE = {"language_code": "String, matching ([a-z]{2})?"}

CHAT = {"chat_id": "required Integer or String"}

METHODS: Table = {
    "getMe": {},
    "getUpdates": {
        "offset": "Integer",
        "limit": "Integer, 1-100",
        "timeout": "Integer, 0-2147483647",
        "allowed_updates": "Array of String",
    },
    "setWebhook": {
        "url": "String",
        "certificate": "InputFile",
        "ip_address": "String",
        "max_connections": "Integer, 1-100",
        "allowed_updates": "Array of String",
        "drop_pending_updates": "Boolean",
        "secret_token": "String, matching [A-Za-z0-9_-]{1,256}",
    },
    "deleteWebhook": {"drop_pending_updates": "Boolean"},
    "sendMessage": {
        **SENDING,
        **DIRECT,
        "text": "required String, 1-4096 after parsing",
        "parse_mode": "String",
        "entities": "Array of MessageEntity",
        "link_preview_options": "LinkPreviewOptions",
    },
    "sendPhoto": {
        **SENDING,
        **DIRECT,
        **CAPTION,
        "photo": "required InputFile or String",
        "show_caption_above_media": "Boolean",
        "has_spoiler": "Boolean",
    },
    "sendPoll": {
        **SENDING,
        "question": "required String, 1-300 after parsing",
        "question_parse_mode": "String",
        "question_entities": "Array of MessageEntity",
        "options": "required Array of InputPollOption, 1-12 items",
        "is_anonymous": "Boolean",
        "type": "String, one of regular quiz",
        "allows_multiple_answers": "Boolean",
        "allows_revoting": "Boolean",
        "shuffle_options": "Boolean",
        "allow_adding_options": "Boolean",
        "hide_results_until_closes": "Boolean",
        "correct_option_ids": "Array of Integer, 1-12 items",
        "explanation": "String, 0-200 after parsing",
        "explanation_parse_mode": "String",
        "explanation_entities": "Array of MessageEntity",
        "explanation_media": "Unsupported",
        "open_period": "Integer, 5-2628000",
        "close_date": "Integer",
        "is_closed": "Boolean",
        "description": "String, 0-1024 after parsing",
        "description_parse_mode": "String",
        "description_entities": "Array of MessageEntity",
        "media": "Unsupported",
        "members_only": "Boolean",
        "country_codes": "Array of String, 0-12 items",
    },
    "editMessageText": {
        **EDITED,
        "text": "required String, 1-4096 after parsing",
        "parse_mode": "String",
        "entities": "Array of MessageEntity",
        "link_preview_options": "LinkPreviewOptions",
    },
    "answerCallbackQuery": {
        "callback_query_id": "required String",
        "text": "String, 0-200 characters",
        "show_alert": "Boolean",
        "url": "String",
        "cache_time": "Integer, 0-2592000",
    },
    "answerInlineQuery": {
        "inline_query_id": "required String",
        "results": "required Array of InlineQueryResult, 0-50 items",
        "cache_time": "Integer, 0-86400",
        "is_personal": "Boolean",
        "next_offset": "String, 0-64 bytes",
        "button": "InlineQueryResultsButton",
    },
    "answerGuestQuery": {
        "guest_query_id": "required String",
        "result": "required InlineQueryResult",
    },
    "setMyCommands": {
        "commands": "required Array of BotCommand, 0-100 items",
        "scope": "BotCommandScope",
        **LANGUAGE,
    },
    "getMyCommands": {"scope": "BotCommandScope", **LANGUAGE},
    "setMyName": {"name": "String, 0-64 characters", **LANGUAGE},
    "getMyName": {**LANGUAGE},
    "setMyDescription": {"description": "String, 0-512 characters", **LANGUAGE},
    "getMyDescription": {**LANGUAGE},
    "setMyShortDescription": {"short_description": "String, 0-120 characters", **LANGUAGE},
    "getMyShortDescription": {**LANGUAGE},
    "getChatMember": {**CHAT, "user_id": "required Integer"},
    "getFile": {"file_id": "required String"},
}

# What Telegram answers when a required parameter is missing or empty; otherwise
# 'parameter "NAME" is required'.
MISSING = {
    "chat_id": "chat_id is empty",
    "text": "message text is empty",
    "photo": "there is no photo in the request",
    "message_id": "message identifier is not specified",
    "question": "text must be non-empty",
    "options": "can't parse options JSON object",
    "file_id": "file_id not specified",
    "user_id": "invalid user_id specified",
    "callback_query_id": "query is too old and response timeout expired or query ID is invalid",
    "inline_query_id": "query is too old and response timeout expired or query ID is invalid",
    "result": "result isn't specified",
}
