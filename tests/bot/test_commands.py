"""Commands: menus, lists, summaries, the language of all of them."""

import re

import pytest

from tests.bot.double import InsideBot
from tests.plain import plain


@pytest.mark.parametrize(
    ("command", "language", "expected"),
    [
        ("/start", "fr", "Bonjour, je suis Verbatim"),
        ("/start", "en", "Hello, I am Verbatim"),
        ("/start", "de", "Hello, I am Verbatim"),
        ("/start intelcia-revenue", "fr", "Intelcia a réalisé un chiffre d’affaires de 734 millions d’euros en 2023."),
        ("/start no-such-entry", "fr", "Bonjour, je suis Verbatim"),
        ("/aide", "fr", "Écrivez votre question"),
        ("/help", "en", "Write your question"),
        ("/help", "ar", "Écrivez votre question"),
        ("/verifier", "fr", "Répondez /verifier au message à vérifier"),
        ("/check", "en", "Reply /check to the message"),
        ("/sources", "fr", "Mes sources :"),
        ("/chiffres", "fr", "Les chiffres"),
        ("/figures", "en", "The figures"),
        ("/citations", "fr", "Les citations"),
        ("/quotes", "en", "The quotations"),
        ("/chiffres xyzzy", "fr", "Je n’ai rien à lister sur « xyzzy »."),
        ("/question", "fr", "Écrivez la question après la commande"),
        ("/ask How many people does Intelcia employ?", "fr", "Intelcia has more than 10,000 staff"),
        ("/langue en", "fr", "Done: English."),
    ],
)
async def test_every_command_answers_in_the_person_s_language(
    bot: InsideBot, command: str, language: str, expected: str
) -> None:
    chat = bot.server.person("Gil", language_code=language).private()
    (answer,) = await chat.replies_to(await chat.send(command))
    assert plain(answer.text).startswith(expected)


@pytest.mark.parametrize(
    ("command", "name", "others"),
    [("/chiffres intelcia", "Intelcia", "Klarna"), ("/citations berrada", "Berrada", "Kotbi")],
)
async def test_a_list_is_filtered_by_a_word(bot: InsideBot, command: str, name: str, others: str) -> None:
    chat = bot.server.person("Hal", language_code="fr").private()
    (answer,) = await chat.replies_to(await chat.send(command))
    items = answer.text.split("\n\n")[1:]
    assert len(items) >= 2
    assert all(name in item for item in items if item.startswith("•"))
    assert others not in answer.text


async def test_a_list_pages_in_the_same_message_and_back(bot: InsideBot) -> None:
    chat = bot.server.person("Ida", language_code="fr").private()
    (first,) = await chat.replies_to(await chat.send("/chiffres"))
    assert first.buttons[0] == ["Suivant"]
    assert "page 1 sur" in first.text
    await chat.person.press(first, "Suivant")
    (second,) = await chat.wait_for(lambda m: "page 2 sur" in m.text)
    assert second.message_id == first.message_id
    assert second.buttons[0] == ["Précédent", "Suivant"]
    await chat.person.press(second, "Précédent")
    (back,) = await chat.wait_for(lambda m: m.message_id == first.message_id and "page 1 sur" in m.text)
    assert back.text == first.text


async def test_the_language_of_menus_is_chosen_by_a_button(bot: InsideBot) -> None:
    chat = bot.server.person("Jan", language_code="fr").private()
    (choice,) = await chat.replies_to(await chat.send("/langue"))
    await chat.person.press(choice, "English")
    await chat.wait_for(lambda m: m.text == "Done: English.")
    (answer,) = await chat.replies_to(await chat.send("/aide"))
    assert answer.text.startswith("Write your question")


async def test_html_that_a_person_types_is_shown_and_never_parsed(bot: InsideBot) -> None:
    chat = bot.server.person("Lea", language_code="fr").private()
    (answer,) = await chat.replies_to(await chat.send("/chiffres <b>klarna</b> & <i>"))
    assert "« <b>klarna</b> & <i> »" in plain(answer.text)


async def test_a_filter_that_holds_no_word_lists_nothing(bot: InsideBot) -> None:
    chat = bot.server.person("Deb", language_code="fr").private()
    for words in ("😀", "é" * 300):
        (answer,) = await chat.replies_to(await chat.send(f"/citations {words}"))
        assert answer.text.startswith("Je n’ai rien à lister")


async def test_a_summary_has_five_lines_an_article_each_with_its_paragraph(bot: InsideBot) -> None:
    chat = bot.server.person("Tess", language_code="fr").private()
    (told,) = await chat.replies_to(await chat.send("/resume"))
    first, second = told.text.split("\n\n")
    for block in (first, second):
        lines = block.split("\n")[1:]
        assert len(lines) == 5
        assert all(re.search(r"\(§\d+.*\)$", line) for line in lines)
