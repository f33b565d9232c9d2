"""Constraint: a bot's rights come and go by what people do to their chats.

Creates groups, channels and topics, changes memberships, blocks bots and moves a group to a
supergroup, with the service messages and updates Telegram sends about it.
Source: Bot API 10.0, "ChatMemberUpdated", "Message" (service messages), "ForumTopicCreated".
"""

from __future__ import annotations

import time

from .errors import ControlError, Json
from .model import HERE, Chat, Member, Message, User
from .render import member_update_json, user_json
from .world import World

GENERAL_TOPIC = 1  # message_thread_id of the topic every forum has
TOPIC_COLOR = 7322096  # the first of the colors of "createForumTopic"
STATUSES = (*HERE, "left", "kicked")


def create(world: World, body: Json) -> Chat:
    """Create a chat with its people, then add its bots one by one.

    The first of `admins` owns the chat; `bots` maps bot ids to statuses.
    """
    if body["kind"] not in ("group", "supergroup", "channel"):
        raise ControlError(f"there is no kind of chat {body['kind']}")
    chat = world.add_chat(body["kind"], body["title"], body.get("username", ""))
    admins = body.get("admins", [])
    for user_id in [*admins, *body.get("members", [])]:
        status = "administrator" if user_id in admins else "member"
        status = "creator" if admins and user_id == admins[0] else status
        chat.members[user_id] = Member(world.user_at(user_id), status)
    people = [member.user for member in chat.members.values()]
    if not people:
        raise ControlError("a chat needs at least one person")
    for bot_id, status in body.get("bots", {}).items():
        change_member(world, chat, world.bot_at(int(bot_id)).user, status, people[0])
    return chat


def change_member(world: World, chat: Chat, user: User, status: str, actor: User) -> None:
    """Give someone another status in a chat; joining and leaving leave a service message."""
    if chat.person is not None:
        raise ControlError("a private chat has no members")
    if status not in STATUSES:
        raise ControlError(f"there is no status {status}, only {', '.join(STATUSES)}")
    was_here = chat.member(user).here
    world.set_status(chat, user, status, actor)
    is_here = chat.member(user).here
    if chat.type == "channel" or was_here == is_here:
        return
    who = user_json(user)
    joined: Json = {"new_chat_members": [who], "new_chat_member": who}
    world.post(chat, actor, joined if is_here else {"left_chat_member": who})


def block(world: World, chat: Chat) -> None:
    """Block the bot of a private chat; the bot gets my_chat_member."""
    if chat.person is None or chat.bot is None:
        raise ControlError("only the bot of a private chat can be blocked")
    chat.blocked = True
    old, new = Member(chat.bot.user, "member"), Member(chat.bot.user, "kicked")
    update = member_update_json(chat, chat.person, old, new, int(time.time()))
    chat.bot.updates.push("my_chat_member", update)
    world.touch()


def create_topic(world: World, chat: Chat, name: str, person: User) -> Message:
    """Create a forum topic; the first one turns topics on in the supergroup."""
    if chat.type != "supergroup":
        raise ControlError("only a supergroup can have topics")
    chat.is_forum = True
    chat.last_message_id = max(chat.last_message_id, GENERAL_TOPIC)
    number = chat.last_message_id + 1
    chat.topics[number] = name
    content = {"forum_topic_created": {"name": name, "icon_color": TOPIC_COLOR}}
    return world.post(chat, person, content, thread=number)


def migrate(world: World, chat: Chat, actor: User) -> Chat:
    """Move a group to a new supergroup; the old chat stays, but nobody can write there."""
    if chat.type != "group" or chat.migrated_to is not None:
        raise ControlError("only a group can be upgraded to a supergroup, and once")
    new = world.add_chat("supergroup", chat.title)
    new.members = dict(chat.members)
    world.post(chat, actor, {"migrate_to_chat_id": new.id})
    chat.migrated_to = new.id
    world.post(new, actor, {"migrate_from_chat_id": chat.id})
    return new
