"""Constraint: the nested objects are part of a call, so they are checked by a table too.

Phrases are those of methods.py; variants.py says how to tell the variants of a type apart.
Source: Bot API 10.0, "Available types", "Inline mode", "Formatting options".
"""

from __future__ import annotations

from .methods import CAPTION, Table

BUTTON_STYLE = {
    "icon_custom_emoji_id": "String",
    "style": "String, one of danger success primary",
}

RESULT = {
    "id": "required String, 1-64 bytes",
    "type": "required String",
    "reply_markup": "InlineKeyboardMarkup",
    "input_message_content": "InputMessageContent",
}

SCOPE_CHAT = {"type": "required String", "chat_id": "required Integer or String"}

OBJECTS: Table = {
    "ReplyParameters": {
        "message_id": "required Integer",
        "chat_id": "Integer or String",
        "allow_sending_without_reply": "Boolean",
        "quote": "String, 0-1024 after parsing",
        "quote_parse_mode": "String",
        "quote_entities": "Array of MessageEntity",
        "quote_position": "Integer",
        "checklist_task_id": "Integer",
        "poll_option_id": "String",
    },
    "LinkPreviewOptions": {
        "is_disabled": "Boolean",
        "url": "String",
        "prefer_small_media": "Boolean",
        "prefer_large_media": "Boolean",
        "show_above_text": "Boolean",
    },
    "MessageEntity": {
        "type": "required String, one of mention hashtag cashtag bot_command url email"
        " phone_number bold italic underline strikethrough spoiler blockquote"
        " expandable_blockquote code pre text_link text_mention custom_emoji date_time",
        "offset": "required Integer",
        "length": "required Integer",
        "url": "String",
        "user": "User",
        "language": "String",
        "custom_emoji_id": "String",
        "unix_time": "Integer",
        "date_time_format": "String, matching [rR]|[tTdDwW]*",
    },
    "User": {
        "id": "required Integer",
        "is_bot": "required Boolean",
        "first_name": "required String",
        "last_name": "String",
        "username": "String",
        "language_code": "String",
        "is_premium": "Boolean",
        "added_to_attachment_menu": "Boolean",
    },
    "InlineKeyboardMarkup": {
        "inline_keyboard": "required Array of Array of InlineKeyboardButton",
    },
    "InlineKeyboardButton": {
        "text": "required String",
        **BUTTON_STYLE,
        "url": "String",
        "callback_data": "String, 1-64 bytes",
        "web_app": "WebAppInfo",
        "login_url": "LoginUrl",
        "switch_inline_query": "String",
        "switch_inline_query_current_chat": "String",
        "switch_inline_query_chosen_chat": "SwitchInlineQueryChosenChat",
        "copy_text": "CopyTextButton",
        "callback_game": "Unsupported",
        "pay": "Unsupported",
    },
    "WebAppInfo": {"url": "required String"},
    "LoginUrl": {
        "url": "required String",
        "forward_text": "String",
        "bot_username": "String",
        "request_write_access": "Boolean",
    },
    "SwitchInlineQueryChosenChat": {
        "query": "String",
        "allow_user_chats": "Boolean",
        "allow_bot_chats": "Boolean",
        "allow_group_chats": "Boolean",
        "allow_channel_chats": "Boolean",
    },
    "CopyTextButton": {"text": "required String, 1-256 characters"},
    "ReplyKeyboardMarkup": {
        "keyboard": "required Array of Array of KeyboardButton or String",
        "is_persistent": "Boolean",
        "resize_keyboard": "Boolean",
        "one_time_keyboard": "Boolean",
        "input_field_placeholder": "String, 1-64 characters",
        "selective": "Boolean",
    },
    "KeyboardButton": {
        "text": "required String",
        **BUTTON_STYLE,
        "request_users": "Unsupported",
        "request_chat": "Unsupported",
        "request_managed_bot": "Unsupported",
        "request_contact": "Boolean",
        "request_location": "Boolean",
        "request_poll": "Unsupported",
        "web_app": "WebAppInfo",
    },
    "ReplyKeyboardRemove": {"remove_keyboard": "required Boolean", "selective": "Boolean"},
    "ForceReply": {
        "force_reply": "required Boolean",
        "input_field_placeholder": "String, 1-64 characters",
        "selective": "Boolean",
    },
    "InputPollOption": {
        "text": "required String, 1-100 after parsing",
        "text_parse_mode": "String",
        "text_entities": "Array of MessageEntity",
        "media": "Unsupported",
    },
    "BotCommand": {
        "command": "required String, matching [a-z0-9_]{1,32}",
        "description": "required String, 1-256 characters",
    },
    "BotCommandScopeDefault": {"type": "required String"},
    "BotCommandScopeChat": {**SCOPE_CHAT},
    "BotCommandScopeChatMember": {**SCOPE_CHAT, "user_id": "required Integer"},
    "InlineQueryResultArticle": {
        **RESULT,
        "title": "required String",
        "input_message_content": "required InputMessageContent",
        "url": "String",
        "description": "String",
        "thumbnail_url": "String",
        "thumbnail_width": "Integer",
        "thumbnail_height": "Integer",
    },
    "InlineQueryResultPhoto": {
        **RESULT,
        **CAPTION,
        "photo_url": "required String",
        "thumbnail_url": "required String",
        "photo_width": "Integer",
        "photo_height": "Integer",
        "title": "String",
        "description": "String",
        "show_caption_above_media": "Boolean",
    },
    "InlineQueryResultCachedPhoto": {
        **RESULT,
        **CAPTION,
        "photo_file_id": "required String",
        "title": "String",
        "description": "String",
        "show_caption_above_media": "Boolean",
    },
    "InlineQueryResultsButton": {
        "text": "required String",
        "web_app": "WebAppInfo",
        "start_parameter": "String, matching [A-Za-z0-9_-]{0,64}",
    },
    "InputTextMessageContent": {
        "message_text": "required String, 1-4096 after parsing",
        "parse_mode": "String",
        "entities": "Array of MessageEntity",
        "link_preview_options": "LinkPreviewOptions",
    },
}
