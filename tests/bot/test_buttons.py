"""The buttons under an answer."""

import asyncio
import re

import pytest

from bot.view.buttons import MOST_COPIED, citation
from knowledge.engine import Engine
from tests.bot.double import InsideBot
from tests.plain import plain

QUESTION = "Combien d'employés dans les centres d'appels en Tunisie ?"


async def test_a_button_whose_press_came_too_late_still_turns_the_page(bot: InsideBot) -> None:
    chat = bot.server.person("Eli", language_code="fr").private()
    (first,) = await chat.replies_to(await chat.send("/chiffres"))
    bot.server.fail("answerCallbackQuery", status=400, times=1)
    with pytest.raises(TimeoutError):
        await chat.person.press(first, "Suivant", timeout=1)
    await chat.wait_for(lambda m: m.message_id == first.message_id and "page 2 sur" in m.text)


async def test_the_other_language_takes_the_place_of_the_answer_and_back(bot: InsideBot) -> None:
    chat = bot.server.person("Ada", language_code="fr").private()
    (answer,) = await chat.replies_to(await chat.send(QUESTION))
    assert answer.buttons[0] == ["English", "Copier", "Partager"]
    await chat.person.press(answer, "English")
    (english,) = await chat.wait_for(lambda m: m.message_id == answer.message_id and m.edited)
    assert english.text.startswith("More than 20,000 people work in call centres in Tunisia.")
    await chat.person.press(english, "Français")
    (french,) = await chat.wait_for(lambda m: m.message_id == answer.message_id and m.text == answer.text)
    assert french.buttons == answer.buttons


async def test_two_facts_in_one_answer_change_language_together(bot: InsideBot) -> None:
    chat = bot.server.person("Bea", language_code="fr").private()
    (answer,) = await chat.replies_to(await chat.send("le CA d'Intelcia et de Concentrix ?"))
    await chat.person.press(answer, "English")
    (english,) = await chat.wait_for(lambda m: m.message_id == answer.message_id and m.edited)
    assert "734 million euros" in english.text
    assert "7.1 billion euros" in english.text


async def test_a_related_question_is_answered_in_a_message_of_its_own(bot: InsideBot) -> None:
    chat = bot.server.person("Cleo", language_code="fr").private()
    (answer,) = await chat.replies_to(await chat.send(QUESTION))
    assert 1 <= len(answer.buttons) - 1 <= 2
    await chat.person.press(answer, answer.buttons[1][0])
    (_, more) = await chat.wait_for(lambda m: m.is_bot, count=2)
    assert more.message_id != answer.message_id
    assert plain(more.text).startswith("90 000 personnes")
    (after,) = await chat.replies_to(await chat.send("source ?"))
    assert "90 000" in plain(after.text)


async def test_the_citation_to_copy_is_verbatim_with_its_source(bot: InsideBot, engine: Engine) -> None:
    chat = bot.server.person("Dora", language_code="fr").private()
    (answer,) = await chat.replies_to(await chat.send(QUESTION))
    assert answer.markup is not None
    copied = answer.markup["inline_keyboard"][0][1]["copy_text"]["text"]
    quote, source = re.fullmatch(r"«\u00a0(.*)\u00a0» – (.*)", copied).groups()  # type: ignore[union-attr]
    assert quote in engine.knowledge.sources["call-centres"].text
    assert source == "Article sur les centres d’appels du Maghreb (copie sans titre ni date), §1"


def test_no_citation_to_copy_is_too_long(engine: Engine) -> None:
    passages = [c for e in engine.knowledge.entries.values() for c in engine.replies.cite(e, "fr")]
    assert max(len(citation(c)) for c in passages) <= MOST_COPIED


async def test_sharing_posts_the_same_answer_through_inline_mode(bot: InsideBot) -> None:
    person = bot.server.person("Elsa", language_code="fr")
    chat = person.private()
    (answer,) = await chat.replies_to(await chat.send(QUESTION))
    assert answer.markup is not None
    shared = answer.markup["inline_keyboard"][0][2]["switch_inline_query"]
    offered = await person.inline(shared)
    group = await bot.server.group("Débat", members=[person])
    posted = await person.pick(offered, 0, group)
    assert posted.text == answer.text
    assert posted.via == "verbatim_bot"
    assert posted.markup is not None
    assert posted.markup["inline_keyboard"][0][0]["url"] == "https://t.me/verbatim_bot?start=tunisia-staff"


@pytest.mark.parametrize("data", ["r:fr:gone", "e:fr:gone", "t:en:gone+morocco-staff", "z", "t:xx:klarna"])
async def test_a_button_of_something_that_is_gone_says_so(bot: InsideBot, data: str) -> None:
    chat = bot.server.person("Vic", language_code="fr").private()
    (answer,) = await chat.replies_to(await chat.send(QUESTION))
    told = await chat.person.press(answer, "", forged=data)
    assert "n’est plus valable" in plain(told.text)


async def test_pressing_the_same_button_twice_is_no_error(bot: InsideBot) -> None:
    chat = bot.server.person("Abe", language_code="fr").private()
    (answer,) = await chat.replies_to(await chat.send(QUESTION))
    first, second = await asyncio.gather(*(chat.person.press(answer, "English") for _ in range(2)))
    assert first.text == second.text == ""
    assert "20,000" in (await chat.wait_for(lambda m: m.edited))[0].text
