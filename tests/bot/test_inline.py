"""Inline mode and guest mode."""

import pytest

from tests.bot.double import InsideBot
from tests.plain import plain


@pytest.mark.parametrize(
    ("typed", "code", "first"),
    [
        ("klarna", "fr", "Klarna"),
        ("kla", "fr", "Klarna"),
        ("", "fr", " ?"),
        ("", "de", "?"),
        ("revenue of intelcia", "fr", "What was Intelcia’s revenue in 2023?"),
    ],
)
async def test_inline_mode_offers_entries_as_one_types(bot: InsideBot, typed: str, code: str, first: str) -> None:
    offered = await bot.server.person("Flo", language_code=code).inline(typed)
    assert first in plain(offered.results[0]["title"])
    assert 1 <= len(offered.results) <= 10
    assert all(r["description"] for r in offered.results)
    assert offered.button is not None
    assert offered.button["start_parameter"] == "inline"


async def test_an_empty_inline_query_offers_what_is_asked_most(bot: InsideBot) -> None:
    person = bot.server.person("Fred", language_code="fr")
    chat = person.private()
    for _ in range(40):
        await chat.replies_to(await chat.send("Depuis combien de temps la CFCIM est-elle partenaire ?"))
    offered = await person.inline("")
    assert offered.results[0]["id"] == "fr:cfcim-years"


async def test_inline_mode_says_when_it_has_nothing(bot: InsideBot) -> None:
    offered = await bot.server.person("Gus", language_code="fr").inline("xyzzy")
    assert offered.results == []
    assert offered.button is not None
    assert "Rien à ce sujet" in plain(offered.button["text"])


async def test_a_guest_question_is_answered_once(bot: InsideBot) -> None:
    bot.server.bot.set(guest=True)
    person = bot.server.person("Hal", language_code="fr")
    group = await bot.server.group("Ailleurs", members=[person], bots=())
    asked = await person.send(group, "@verbatim_bot cb d'employés en Tunisie ?")
    (answer,) = await group.replies_to(asked)
    assert "20 000" in plain(answer.text)
    assert len(bot.server.calls("answerGuestQuery")) == 1


async def test_a_guest_is_told_the_nearest_in_words(bot: InsideBot) -> None:
    bot.server.bot.set(guest=True)
    person = bot.server.person("Hedi", language_code="fr")
    group = await bot.server.group("Plus loin", members=[person], bots=())
    (answer,) = await group.replies_to(await person.send(group, "@verbatim_bot CA d'Intelcia en 2019 ?"))
    assert plain(answer.text).endswith("\n1. Quel était le chiffre d’affaires d’Intelcia en 2023 ?")
