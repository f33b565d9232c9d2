"""Inline mode and guest mode."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
import telegram

from botapi.errors import QUERY_TOO_OLD
from tests.doubles.staging import Stage, article, client, keyboard, refused


async def test_inline(stage: Stage) -> None:
    """An inline query is answered, a result picked, sent through the bot and edited."""
    asking = asyncio.create_task(stage.alice.inline("klarna", bot=stage.account))
    [update] = await stage.updates(timeout=3)
    query = update.inline_query
    assert query and (query.query, query.offset) == ("klarna", "")
    photo = telegram.InlineQueryResultPhoto("p", "https://a.fr/p.jpg", "https://a.fr/t.jpg")
    results = [article(1, "<b>one</b>", reply_markup=keyboard("More")), article(2), photo]
    await query.answer(results, next_offset="3")
    offered = await asking
    assert [result["id"] for result in offered.results] == ["1", "2", "p"]
    assert offered.next_offset == "3"
    group = await stage.server.group("G", members=[stage.alice], bots=[stage.account])
    await stage.updates()
    sent = await stage.alice.pick(offered, 0, group)
    assert (sent.text, sent.via) == ("one", stage.account.username)
    message, chosen = await stage.updates()
    assert message.message and message.message.via_bot
    result = chosen.chosen_inline_result
    assert result and (result.result_id, result.query) == ("1", "klarna")
    assert result.inline_message_id is not None
    edited = await stage.bot.edit_message_text("two", inline_message_id=result.inline_message_id)
    assert edited is True and group.transcript().messages[-1].text == "two"
    other = stage.server.add_bot(f"thief_{stage.account.id}")
    async with client(stage.server, other.token) as thief:
        call = thief.edit_message_text("3", inline_message_id=result.inline_message_id)
        assert await refused(call) == "Message_id_invalid"
    assert await refused(query.answer([])) == QUERY_TOO_OLD.capitalize()


INLINE_ERRORS: list[tuple[list[Any], str]] = [
    ([article(1), article(1)], "Result_id_duplicate"),
    ([article(1, "<b>x")], "Can't parse entities: can't find end tag"),
    ([telegram.InlineQueryResultCachedPhoto("1", "AgAC")], "Wrong file identifier/http url"),
    ([article(1, "x" * 4097)], "Message is too long"),
    ([article(1, reply_markup=keyboard("x" * 65))], "Button_data_invalid"),
    (
        [telegram.InlineQueryResultGame("1", "game")],
        'Can\'t parse inline query result: type "game" is unsupported',
    ),
]


@pytest.mark.parametrize(("results", "description"), INLINE_ERRORS)
async def test_inline_errors(stage: Stage, results: list[Any], description: str) -> None:
    """Each result is checked as if it were sent."""
    asking = asyncio.create_task(stage.alice.inline("x", bot=stage.account, timeout=0.3))
    [update] = await stage.updates(timeout=3)
    assert update.inline_query is not None
    assert (await refused(update.inline_query.answer(results))).startswith(description)
    with pytest.raises(TimeoutError):
        await asking


async def test_inline_results_are_50_at_most(stage: Stage) -> None:
    """The 51st result and an id of 65 bytes are refused."""
    many = [article(number) for number in range(51)]
    body = json.dumps([result.to_dict() for result in many])
    got = await refused(stage.bot.do_api_request("answerInlineQuery", {"inline_query_id": "1", "results": body}))
    assert got == "Too many inline query results specified"
    long = many[0].to_dict() | {"id": "é" * 33}
    parameters = {"inline_query_id": "1", "results": json.dumps([long])}
    got = await refused(stage.bot.do_api_request("answerInlineQuery", parameters))
    assert got == "Result_id_invalid"


async def test_guest_query(stage: Stage) -> None:
    """A guest bot is asked where it is mentioned, and answers there without being a member."""
    group = await stage.server.group("G", members=[stage.alice], bots=[])
    asked = await stage.alice.send(group, f"@{stage.account.username} how much?")
    [update] = await stage.updates()
    guest = update.guest_message
    assert guest and guest.guest_query_id and guest.text == asked.text
    answered = await stage.bot.answer_guest_query(guest.guest_query_id, article(1, "2 <b>€</b>"))
    assert answered.inline_message_id
    [reply] = await group.replies_to(asked)
    assert reply.text == "2 €" and reply.is_bot
    await refused(stage.bot.answer_guest_query(guest.guest_query_id, article(1)))
