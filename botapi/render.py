"""Constraint: the real client builds its objects from these dicts and fails on a missing field.

Returns the Bot API's JSON objects for the classes of model.py.
Source: Bot API 10.0, "Available types" (field names and which are always present).
"""

from __future__ import annotations

from .errors import Json
from .model import Bot, Chat, Member, Message, Poll, PollOption, User

ADMIN_RIGHTS = (
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
)
GROUP_RIGHTS = ("can_pin_messages", "can_manage_topics", "can_manage_tags")
CHANNEL_RIGHTS = ("can_post_messages", "can_edit_messages", "can_manage_direct_messages")
PERMISSIONS = (
    "can_send_messages",
    "can_send_audios",
    "can_send_documents",
    "can_send_photos",
    "can_send_videos",
    "can_send_video_notes",
    "can_send_voice_notes",
    "can_send_polls",
    "can_send_other_messages",
    "can_add_web_page_previews",
    "can_react_to_messages",
    "can_edit_tag",
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
    "can_manage_topics",
)


def user_json(user: User) -> Json:
    """Return a User."""
    fields: Json = {"id": user.id, "is_bot": user.is_bot, "first_name": user.first_name}
    for name in ("last_name", "username", "language_code"):
        if value := getattr(user, name):
            fields[name] = value
    return fields


def me_json(bot: Bot) -> Json:
    """Return the User of getMe, with the fields only getMe has."""
    return {
        **user_json(bot.user),
        "can_join_groups": True,
        "can_read_all_group_messages": not bot.privacy,
        "supports_inline_queries": bot.inline,
        "supports_guest_queries": bot.guest,
        "can_connect_to_business": False,
        "has_main_web_app": False,
        "has_topics_enabled": False,
        "allows_users_to_create_topics": False,
        "can_manage_bots": False,
    }


def chat_json(chat: Chat) -> Json:
    """Return a Chat."""
    fields: Json = {"id": chat.id, "type": chat.type}
    if chat.person is not None:
        person = user_json(chat.person)
        return fields | {name: person[name] for name in ("first_name", "last_name", "username") if name in person}
    fields["title"] = chat.title
    if chat.username:
        fields["username"] = chat.username
    if chat.is_forum:
        fields["is_forum"] = True
    if chat.type == "group":
        fields["all_members_are_administrators"] = False
    return fields


def member_json(member: Member, chat: Chat) -> Json:
    """Return the ChatMember... object of a member's status; administrators have every right."""
    fields: Json = {"user": user_json(member.user), "status": member.status}
    if member.status == "creator":
        fields["is_anonymous"] = False
    elif member.status == "administrator":
        more = CHANNEL_RIGHTS if chat.type == "channel" else GROUP_RIGHTS
        fields |= {"can_be_edited": False, "is_anonymous": False}
        fields |= dict.fromkeys((*ADMIN_RIGHTS, *more), True)
    elif member.status == "restricted":
        fields |= {"is_member": True, "until_date": 0, **dict.fromkeys(PERMISSIONS, False)}
    elif member.status == "kicked":
        fields["until_date"] = 0
    return fields


def option_json(option: PollOption, index: int) -> Json:
    """Return a PollOption."""
    entities = {"text_entities": option.entities} if option.entities else {}
    return {
        "persistent_id": str(index + 1),
        "text": option.text,
        **entities,
        "voter_count": len(option.voters),
    }


def poll_json(poll: Poll) -> Json:
    """Return a Poll."""
    return {
        "id": poll.id,
        "options": [option_json(option, index) for index, option in enumerate(poll.options)],
        "total_voter_count": len(poll.voters),
        "is_closed": poll.is_closed,
        **poll.settings,
    }


def message_json(message: Message, *, with_reply: bool = True) -> Json:
    """Return a Message; the message it replies to is shown once, without its own reply."""
    chat = message.chat
    fields: Json = {"message_id": message.message_id}
    if chat.type == "channel":
        fields["sender_chat"] = chat_json(chat)
    elif message.sender is not None:
        fields["from"] = user_json(message.sender)
    fields |= {"chat": chat_json(chat), "date": message.date}
    if message.edit_date is not None:
        fields["edit_date"] = message.edit_date
    if message.thread is not None:
        fields["message_thread_id"] = message.thread
        if message.thread in chat.topics:
            fields["is_topic_message"] = True
    replied = chat.find(message.reply_to or implied_reply(message))
    if with_reply and replied is not None:
        fields["reply_to_message"] = message_json(replied, with_reply=False)
    fields |= message.content
    if message.poll is not None:
        fields["poll"] = poll_json(message.poll)
    if message.markup and "inline_keyboard" in message.markup:
        fields["reply_markup"] = message.markup
    if message.via is not None:
        fields["via_bot"] = user_json(message.via.user)
    return fields | message.extra


def implied_reply(message: Message) -> int | None:
    """Return the id of the message that began the topic or thread, if another one did."""
    thread = message.thread
    return thread if thread is not None and thread != message.message_id else None


def member_update_json(chat: Chat, actor: User, old: Member, new: Member, date: int) -> Json:
    """Return a ChatMemberUpdated."""
    return {
        "chat": chat_json(chat),
        "from": user_json(actor),
        "date": date,
        "old_chat_member": member_json(old, chat),
        "new_chat_member": member_json(new, chat),
    }
