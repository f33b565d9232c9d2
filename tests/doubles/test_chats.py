"""Where a bot may write and what it hears there: private chats, groups, topics, channels."""

from __future__ import annotations

import pytest
from telegram.error import (
    ChatMigrated,
    Forbidden,
)

from botapi.people import ControlError
from tests.doubles.staging import Stage, refused


async def test_strangers_can_not_be_written_to(stage: Stage) -> None:
    """A bot can't begin a private chat; it can use one that a person started."""
    assert await refused(stage.bot.send_message(stage.alice.id, "x")) == "Chat not found"
    await stage.server.group("G", members=[stage.alice], bots=[stage.account])
    assert await refused(stage.bot.send_message(stage.alice.id, "x"), Forbidden) == (
        "Forbidden: bot can't initiate conversation with a user"
    )
    chat = await stage.started()
    assert (await stage.bot.send_message(chat.id, "x")).chat.type == "private"


async def test_blocked_bot(stage: Stage) -> None:
    """A block reaches the bot as my_chat_member; sending is refused from then on."""
    chat = await stage.started()
    await chat.block()
    [update] = await stage.updates()
    assert update.my_chat_member is not None
    assert update.my_chat_member.new_chat_member.status == "kicked"
    assert await refused(stage.bot.send_message(chat.id, "x"), Forbidden) == ("Forbidden: bot was blocked by the user")


KINDS = [
    ("group", "group chat"),
    ("supergroup", "supergroup chat"),
    ("channel", "channel chat"),
]


@pytest.mark.parametrize(("kind", "words"), KINDS)
async def test_kicked_bot(stage: Stage, kind: str, words: str) -> None:
    """Being added and kicked reaches the bot; then the chat is closed to it."""
    group = await stage.server.group(
        "G", admins=[stage.alice], bots=[stage.account], kind=kind, bot_status="administrator"
    )
    update = (await stage.updates())[0]
    assert update.my_chat_member is not None
    change = update.my_chat_member.difference()["status"]
    assert change == ("left", "administrator")
    await stage.bot.send_message(group.id, "x")
    await group.set_status(stage.account, "kicked")
    changes = [u.my_chat_member for u in await stage.updates()]
    assert [change.new_chat_member.status for change in changes if change] == ["kicked"]
    got = await refused(stage.bot.send_message(group.id, "x"), Forbidden)
    assert got == f"Forbidden: bot was kicked from the {words}"
    await group.set_status(stage.account, "left")
    got = await refused(stage.bot.send_message(group.id, "x"), Forbidden)
    assert got == f"Forbidden: bot is not a member of the {words}"


PRIVACY = [
    ("/stats", True),
    ("/stats@BOT now", True),
    ("/STATS@BOT", True),
    ("/stats@other_bot", False),
    ("hello", False),
    ("hello @BOT", False),
    ("hello /stats", False),
    ("//stats", False),
]


@pytest.mark.parametrize(("text", "received"), PRIVACY)
async def test_privacy_mode(stage: Stage, text: str, received: bool) -> None:
    """In privacy mode a bot gets the commands addressed to it; switched off, everything."""
    group = await stage.server.group("G", members=[stage.bob], bots=[stage.account])
    await stage.updates()
    text = text.replace("BOT", stage.account.username)
    await stage.bob.send(group, text)
    got = [u.message.text for u in await stage.updates() if u.message]
    assert got == ([text] if received else [])
    stage.account.set(privacy=False)
    await stage.bob.send(group, text)
    assert [u.message.text for u in await stage.updates() if u.message] == [text]


async def test_replies_and_service_messages_pass_privacy_mode(stage: Stage) -> None:
    """Replies to the bot, edits of them and service messages reach it; other replies don't."""
    group = await stage.server.group("G", admins=[stage.alice], bots=[stage.account])
    sent = await stage.bot.send_message(group.id, "Ask me")
    await stage.updates()
    said = await stage.alice.send(group, "aside")
    await group.add(stage.bob)
    await stage.bob.send(group, "to Alice", reply_to=said)
    reply = await stage.bob.send(group, "to the bot", reply_to=sent.message_id)
    await stage.bob.edit(reply, "to the bot!")
    joined, answered, edited = await stage.updates()
    assert joined.message and joined.message.new_chat_members[0].id == stage.bob.id
    assert answered.message and answered.message.reply_to_message == sent
    assert edited.edited_message and edited.edited_message.text == "to the bot!"
    assert edited.edited_message.message_id == reply.message_id
    assert edited.edited_message.edit_date is not None


async def test_topics(stage: Stage) -> None:
    """Messages in a topic carry it, replies stay in it, unknown topics are refused."""
    group = await stage.server.group("G", admins=[stage.alice], bots=[stage.account])
    topic = await group.topic("IA")
    await stage.updates()
    await stage.alice.send(group, "/here", topic=topic)
    [update] = await stage.updates()
    message = update.message
    assert message is not None and message.chat.is_forum
    assert (message.message_thread_id, message.is_topic_message) == (topic.id, True)
    assert message.reply_to_message and message.reply_to_message.forum_topic_created
    answers = [
        await stage.bot.send_message(group.id, "a", message_thread_id=topic.id),
        await stage.bot.send_message(group.id, "b", reply_to_message_id=message.message_id),
        await message.reply_text("c", do_quote=False),
    ]
    assert {(a.message_thread_id, a.is_topic_message) for a in answers} == {(topic.id, True)}
    general = await stage.bot.send_message(group.id, "d")
    assert general.message_thread_id is None and not general.is_topic_message
    for thread in (1, 999):
        call = stage.bot.send_message(group.id, "x", message_thread_id=thread)
        assert await refused(call) == "Message thread not found"
    assert [m.topic_name for m in group.transcript().messages[-4:]] == ["IA", "IA", "IA", ""]


async def test_replies_in_a_group_without_topics(stage: Stage) -> None:
    """Replies make a thread that is no topic; a message_thread_id is ignored there."""
    group = await stage.server.group("G", members=[stage.alice], bots=[stage.account])
    first = await stage.bot.send_message(group.id, "1")
    reply = await stage.alice.send(group, "2", reply_to=first.message_id)
    second = await stage.bot.send_message(group.id, "3", reply_to_message_id=reply.message_id)
    assert second.message_thread_id == first.message_id and not second.is_topic_message
    third = await stage.bot.send_message(group.id, "4", message_thread_id=999)
    assert third.message_thread_id is None


async def test_migration(stage: Stage) -> None:
    """A group that became a supergroup says so in messages and in the error."""
    group = await stage.server.group("G", admins=[stage.alice], bots=[stage.account], kind="group")
    await stage.updates()
    moved = await group.migrate()
    away, here = await stage.updates()
    assert away.message and away.message.migrate_to_chat_id == moved.id
    assert here.message and here.message.migrate_from_chat_id == group.id
    with pytest.raises(ChatMigrated) as caught:
        await stage.bot.send_message(group.id, "x")
    assert caught.value.new_chat_id == moved.id
    await stage.bot.send_message(moved.id, "x")
    with pytest.raises(ControlError):
        await stage.alice.send(group, "x")


async def test_channel(stage: Stage) -> None:
    """Channel posts come as such, and a public channel is reached by its name."""
    name = f"news_{stage.account.id}"
    channel = await stage.server.channel("News", admins=[stage.alice], bots=[stage.account], username=name)
    await stage.updates()
    posted = await stage.alice.send(channel, "post")
    await stage.alice.edit(posted, "post!")
    first, second = await stage.updates()
    assert first.channel_post and first.channel_post.sender_chat
    assert first.channel_post.from_user is None
    assert second.edited_channel_post and second.edited_channel_post.text == "post!"
    assert (await stage.bot.send_message(f"@{name}", "x")).chat.id == channel.id
    await channel.set_status(stage.account, "member")
    call = stage.bot.send_message(channel.id, "x")
    assert await refused(call) == "Need administrator rights in the channel chat"


async def test_members(stage: Stage) -> None:
    """getChatMember tells the status of whoever is named, also of those who never were there."""
    other = stage.server.add_bot(f"other_{stage.account.id}")
    group = await stage.server.group("Débat", members=[stage.bob], admins=[stage.alice], bots=[stage.account, other])
    await group.set_status(other, "administrator")
    people = [stage.alice.id, stage.bob.id, stage.server.person("Carol").id, other.id]
    members = [await stage.bot.get_chat_member(group.id, person) for person in people]
    assert [member.status for member in members] == ["creator", "member", "left", "administrator"]
