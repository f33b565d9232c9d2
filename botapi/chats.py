"""Constraint: a bot learns about a chat only by asking, and only where it is a member.

Answers getChatMember.
Source: Bot API 10.0, "getChatMember", "ChatMember".
"""

from __future__ import annotations

from .errors import Json, bad
from .model import Bot, Member
from .registry import method
from .render import member_json
from .world import World


@method("getChatMember")
def get_chat_member(world: World, bot: Bot, params: Json) -> Json:
    """Answer getChatMember; someone who never was in the chat has the status "left"."""
    chat = world.chat_for(bot, params["chat_id"], write=False)
    user = world.users.get(params["user_id"])
    if params["user_id"] <= 0:
        raise bad("invalid user_id specified")
    if user is None:
        raise bad("PARTICIPANT_ID_INVALID")
    if chat.person is not None and user in (chat.person, bot.user):
        return member_json(Member(user), chat)
    return member_json(chat.member(user), chat)
