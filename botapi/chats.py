"""Constraint: a bot learns about a chat only by asking, and only where it is a member.

Answers getChat, getChatMember, getChatAdministrators, getChatMemberCount and leaveChat.
Source: Bot API 10.0, "getChat" to "leaveChat", "ChatFullInfo", "ChatMember".
"""

from __future__ import annotations

from .errors import Json, bad
from .model import Bot, Member
from .registry import method
from .render import full_chat_json, member_json, user_json
from .world import World


@method("getChat")
def get_chat(world: World, bot: Bot, params: Json) -> Json:
    """Answer getChat."""
    return full_chat_json(world.chat_for(bot, params["chat_id"], write=False))


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


@method("getChatAdministrators")
def get_chat_administrators(world: World, bot: Bot, params: Json) -> list[Json]:
    """Answer getChatAdministrators; other bots are left out unless return_bots is set."""
    chat = world.chat_for(bot, params["chat_id"], write=False)
    if chat.person is not None:
        raise bad("there are no administrators in the private chat")
    admins = [member for member in chat.members.values() if member.admin]
    if not params.get("return_bots"):
        admins = [m for m in admins if not m.user.is_bot or m.user is bot.user]
    return [member_json(member, chat) for member in admins]


@method("getChatMemberCount")
def get_chat_member_count(world: World, bot: Bot, params: Json) -> int:
    """Answer getChatMemberCount."""
    chat = world.chat_for(bot, params["chat_id"], write=False)
    if chat.person is not None:
        return 2
    return sum(member.here for member in chat.members.values())


@method("leaveChat")
def leave_chat(world: World, bot: Bot, params: Json) -> bool:
    """Answer leaveChat; people see that the bot left."""
    chat = world.chat_for(bot, params["chat_id"], write=False)
    if chat.person is not None:
        raise bad("chat member status can't be changed in private chats")
    world.set_status(chat, bot.user, "left", bot.user)
    if chat.type != "channel":
        world.post(chat, bot.user, {"left_chat_member": user_json(bot.user)})
    return True
