"""What tests read of the server: transcripts, calls, what was shown; how they wait; how it ends."""

from __future__ import annotations

import asyncio

import pytest
import telegram
from telegram.error import (
    NetworkError,
)

from botapi.people import BotApi, Message
from tests.doubles.staging import Stage, client, keyboard, png, refused


async def test_transcript_and_calls(stage: Stage) -> None:
    """The snapshot shows the chat as people see it, the record every call in order."""
    group = await stage.server.group("Débat", admins=[stage.alice], members=[stage.bob], bots=[stage.account])
    topic = await group.topic("IA")
    asked = await stage.bob.send(group, "/chiffres\nvite", topic=topic)
    sent = await stage.bot.send_message(
        group.id,
        "<b>12</b> %",
        parse_mode="HTML",
        reply_to_message_id=asked.message_id,
        reply_markup=keyboard("Suivant", "Fin"),
    )
    await stage.bot.edit_message_text("13 %", group.id, sent.message_id)
    oops = await stage.alice.send(group, "oups")
    await stage.alice.delete(oops)
    await stage.bot.send_photo(group.id, png(2, 2), caption="data")
    name = (await stage.bot.get_me()).first_name
    assert str(group.transcript()).splitlines() == [
        "== Débat (supergroup)",
        f"#1 Alice: * added {name}",
        "#2 [IA] Alice: * created the topic IA",
        "#3 [IA] Bob: /chiffres",
        "    vite",
        f"#4 [IA] {name} -> #3: 13 % (edited)",
        "#5 Alice: oups (deleted)",
        f"#6 {name}: <photo> data",
    ]
    calls = stage.server.calls(bot=stage.account)
    assert [call.method for call in calls if call.method != "getMe"] == [
        "sendMessage",
        "editMessageText",
        "sendPhoto",
    ]
    assert calls[1].params["reply_parameters"] == {"message_id": asked.message_id}
    assert calls[1].result["text"] == "12 %" and calls[1].status == 200


async def test_many_at_a_time(stage: Stage) -> None:
    """Hundreds of people write in their order, and what they were shown is read briefly, in its order."""
    people = stage.server.people((f"P{number}" for number in range(300)), language_code="fr")
    stage.server.send_many([(person, f"{person.name} {n}") for n in range(2) for person in people], stage.account)
    got: list[telegram.Update] = []
    while batch := await stage.updates():
        got += batch
    texts = [update.message.text for update in got if update.message]
    assert texts == [f"{person.name} {n}" for n in range(2) for person in people]
    assert got[0].effective_user and got[0].effective_user.language_code == "fr"
    _, before = stage.server.shown(stage.account)
    for person in (people[7], people[3]):
        await stage.bot.send_message(person.id, f"to {person.name}\nmore")
    group = await stage.server.group("G", members=people[:1], bots=[stage.account])
    await stage.bot.send_message(group.id, "not in private")
    seen, since = stage.server.shown(stage.account, before)
    assert [(s.chat, s.line, s.status) for s in seen] == [(people[n].id, f"to P{n}", 200) for n in (7, 3)]
    assert seen[0].time < seen[0].ended < seen[1].time and since == before + 3
    stage.server.fail("sendMessage", cut="after", bot=stage.account)
    await refused(stage.bot.send_message(people[5].id, "again"), NetworkError)
    (cut,) = stage.server.shown(stage.account, since)[0]
    assert (cut.line, cut.status, cut.fault) == ("again", 0, "cut after")
    assert stage.server.shown(since=since)[0] == []
    told = stage.server.tally(stage.account)
    assert (told["sendMessage", 200, ""], told["sendMessage", 0, "cut after"]) == (3, 1)


async def test_several_bots_are_apart(stage: Stage) -> None:
    """Two bots of one server have their own updates, chats and names."""
    other = stage.server.add_bot(f"second_{stage.account.id}", token=f"{stage.account.id + 1}0:x")
    here, there = stage.alice.private(stage.account), stage.alice.private(other)
    await here.send("to the first")
    await there.send("to the second")
    async with client(stage.server, other.token) as second:
        [update] = await second.get_updates()
        assert update.message and update.message.text == "to the second"
        await update.message.reply_text("hi")
    assert [u.message.text for u in await stage.updates() if u.message] == ["to the first"]
    assert len(there.transcript().messages) == 2 and len(here.transcript().messages) == 1


async def test_a_restricted_bot_is_silent(stage: Stage) -> None:
    """A restricted bot gets updates but may not write."""
    group = await stage.server.group("G", admins=[stage.alice], bots=[stage.account])
    await group.set_status(stage.account, "restricted")
    call = stage.bot.send_message(group.id, "x")
    assert await refused(call) == "Not enough rights to send text messages to the chat"


async def test_a_photo_in_a_group_is_for_all_its_bots(stage: Stage) -> None:
    """Each bot that gets a person's photo can fetch it; a bot's own files are its own."""
    other = stage.server.add_bot(f"eye_{stage.account.id}", privacy=False)
    group = await stage.server.group("G", members=[stage.bob], bots=[stage.account, other])
    stage.account.set(privacy=False)
    await stage.bob.send(group, photo=png(2, 2))
    own = await stage.bot.send_photo(group.id, png(3, 3))
    async with client(stage.server, other.token) as second:
        for bot in (stage.bot, second):
            message = (await bot.get_updates())[-1].message
            assert message and await bot.get_file(message.photo[-1].file_id)
        await refused(second.get_file(own.photo[-1].file_id))


async def test_waiting_outlives_a_refusal(stage: Stage) -> None:
    """Tests go on waiting and acting, once each, while the port refuses bots."""
    chat = await stage.started()
    await stage.bot.send_message(chat.id, "x", reply_markup=keyboard("Go"))
    pressing = asyncio.create_task(stage.alice.press(chat.transcript().messages[-1], "Go", timeout=0.6))
    waiting = asyncio.create_task(chat.wait_for(lambda message: message.text == "later"))
    await asyncio.sleep(0.05)
    await stage.server.refuse(0.2)
    await refused(stage.bot.get_me(), NetworkError)
    await chat.send("later")
    assert (await waiting)[0].text == "later"
    with pytest.raises(TimeoutError):
        await pressing
    assert len([u for u in await stage.updates() if u.callback_query]) == 1


async def test_waiting_ends(stage: Stage) -> None:
    """Waiting for what never comes ends with the transcript."""
    chat = stage.alice.private(stage.account)
    asked: Message = await chat.send("anyone?")
    with pytest.raises(TimeoutError, match=r"#1 Alice: anyone\?"):
        await chat.replies_to(asked, timeout=0.2)


async def test_process_stops_and_dies() -> None:
    """The server prints its port alone, ends on stop() and on kill()."""
    first, second = await asyncio.gather(BotApi.start(username="a"), BotApi.start(username="b"))
    assert first.process.port != second.process.port
    first.kill()
    await second.stop()
    assert first.process.popen.returncode == -9 and second.process.popen.returncode == 0
