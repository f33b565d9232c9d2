"""The bot as people meet it: its own process, real HTTP, a local Bot API server in Telegram's place.

What a command answers is tested in tests/bot; here, a few of them come over the wire, and the connection has bad days.
"""

import asyncio

import pytest

from botapi.people import BotApi
from tests.plain import plain
from tests.process.running import RunningBot, start_bot


async def test_a_private_question_is_answered_over_http(bot: RunningBot) -> None:
    chat = bot.server.person("Alice", language_code="en").private()
    (answer,) = await chat.replies_to(await chat.send("how many people work in tunisian call centers"))
    assert answer.text.startswith("More than 20,000 people work in call centres in Tunisia.")


async def test_a_question_in_a_group_is_answered_over_http(bot: RunningBot) -> None:
    nora = bot.server.person("Nora", language_code="fr")
    group = await bot.server.group("Débat", admins=[nora])
    (answer,) = await group.replies_to(await nora.send(group, "/question CA Intelcia 2023"))
    assert "734 millions" in answer.text


async def test_a_chart_is_uploaded_over_http(bot: RunningBot) -> None:
    chat = bot.server.person("Quin", language_code="en").private()
    (listed,) = await chat.replies_to(await chat.send("/figures"))
    await chat.person.press(listed, next(row[0] for row in listed.buttons if "Klarna" in row[0]))
    await chat.wait_for(lambda m: m.media == "photo")
    assert bot.server.calls("sendPhoto")[-1].params["photo"]["size"] > 1000


async def test_an_inline_query_is_answered_over_http(bot: RunningBot) -> None:
    offered = await bot.server.person("Flo", language_code="fr").inline("klarna")
    assert "Klarna" in plain(offered.results[0]["title"])


async def test_a_bot_api_that_fails_once_costs_no_reply(bot: RunningBot) -> None:
    chat = bot.server.person("Walt", language_code="fr").private()
    bot.server.fail("sendMessage", status=500, times=1)
    await chat.send("CA Intelcia 2023")
    (answer,) = await chat.wait_for(lambda m: m.is_bot)
    assert "734" in answer.text


async def test_one_busy_chat_does_not_hold_up_another(bot: RunningBot) -> None:
    busy, other = (bot.server.person(n, language_code="fr").private() for n in ("Flo", "Gus"))
    bot.server.fail("sendMessage", times=70, delay=0.05)
    for _ in range(70):
        await busy.send("Klarna ?")
    asked = await other.send("CA Intelcia 2023")
    (answer,) = await other.replies_to(asked, timeout=2)
    assert "734" in answer.text
    replies = await busy.wait_for(lambda m: m.is_bot, count=70, timeout=30)
    assert len(replies) == 70


async def test_a_reply_that_may_have_gone_out_is_followed_by_no_apology(bot: RunningBot) -> None:
    chat = bot.server.person("Hec", language_code="fr").private()
    bot.server.fail("sendMessage", cut="after", times=1)
    await chat.send("CA Intelcia 2023")
    await chat.wait_for(lambda m: m.is_bot and "734" in m.text)
    await chat.replies_to(await chat.send("/aide"))
    assert not [m for m in chat.transcript().messages if "pas pu répondre" in m.text]


async def test_no_call_of_the_bot_was_refused(bot: RunningBot) -> None:
    await asyncio.sleep(0)
    refused = [(c.method, c.description) for c in bot.server.calls() if c.status >= 400 and not c.fault]
    assert [r for r in refused if r[0] != "getUpdates"] == []


async def test_the_token_is_never_logged() -> None:
    server = await BotApi.start(username="quiet_bot")
    running = start_bot(server)
    try:
        chat = server.person("Xena", language_code="fr").private()
        server.fail("sendMessage", status=500, times=1)
        await chat.send("CA Intelcia 2023")
        await chat.wait_for(lambda m: m.is_bot)
    finally:
        logged = running.stop()
        await server.stop()
    assert "will be handled again" in logged
    assert server.token.split(":")[1] not in logged


@pytest.mark.parametrize(
    ("environment", "told"),
    [
        ({"TELEGRAM_BOT_TOKEN": ""}, "TELEGRAM_BOT_TOKEN is not set"),
        ({"TELEGRAM_BOT_TOKEN": "nonsense"}, "does not look like a token"),
        ({"TELEGRAM_API_BASE_URL": "localhost:8081"}, "must be like http://127.0.0.1:8081"),
        ({"TELEGRAM_BOT_TOKEN": "1:wrong"}, "Telegram refuses TELEGRAM_BOT_TOKEN"),
        ({"VERBATIM_FAQ": "/nonexistent"}, "not a folder of knowledge"),
    ],
)
async def test_a_wrong_setting_is_told_by_name(bot: RunningBot, environment: dict[str, str], told: str) -> None:
    running = start_bot(bot.server, **environment)
    said = running.process.communicate(timeout=60)[0]
    assert running.process.returncode in (1, 2)
    assert told in said
    assert "Traceback" not in said


async def test_the_profile_is_set_at_start_and_only_where_it_differs() -> None:
    server = await BotApi.start(username="verbatim_bot")
    first = start_bot(server)
    person = server.person("Wes", language_code="fr")
    await person.private().replies_to(await person.private().send("/aide"))
    done = await _settled(server)
    menus = [c.params for c in server.calls("setMyCommands")]
    assert len(menus) == 9
    assert {str(m.get("language_code", "")) for m in menus} == {"", "fr", "en"}
    first.stop()
    second = start_bot(server)
    await person.private().replies_to(await person.private().send("/aide"))
    assert await _settled(server) == done
    second.stop()
    await server.stop()


async def _settled(server: BotApi) -> int:
    """How many set* calls there are once they no longer grow."""
    before = -1
    while before != (now := len([c for c in server.calls() if c.method.startswith("setMy")])):
        before = now
        await asyncio.sleep(1.0)
    return now
