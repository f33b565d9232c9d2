"""A question is answered in private, with its passage, in its own language; what is no question is said so."""

import re

import pytest

from botapi.views import Message
from tests.bot.double import InsideBot
from tests.plain import plain

FRENCH_SOURCE = "Article sur les centres d’appels du Maghreb (copie sans titre ni date), §1"


def kinds(message: Message) -> set[str]:
    return {entity["type"] for entity in message.entities}


async def test_a_private_question_gets_statement_passage_and_source(bot: InsideBot) -> None:
    chat = bot.server.person("Alice", language_code="en").private()
    asked = await chat.send("cb de téléconseillers en Tunisie ?")
    (answer,) = await chat.replies_to(asked)
    statement, excerpt, source, paragraph = plain(answer.text).split("\n")
    assert statement == "Plus de 20 000 personnes travaillent dans les centres d’appels en Tunisie."
    assert excerpt == "Les centres d’appels du Maghreb, avec 90 000 employés au Maroc et plus de 20 000 en Tunisie"
    assert source == FRENCH_SOURCE
    assert excerpt in paragraph
    assert kinds(answer) == {"bold", "blockquote", "italic", "expandable_blockquote"}
    assert answer.link_preview_options == {"is_disabled": True}


async def test_the_reply_comes_in_the_question_s_language_whatever_the_interface_is_set_to(bot: InsideBot) -> None:
    chat = bot.server.person("Bob", language_code="fr").private()
    asked = await chat.send("how many people work in tunisian call centers")
    (answer,) = await chat.replies_to(asked)
    assert answer.text.startswith("More than 20,000 people work in call centres in Tunisia.")


async def test_an_english_quotation_shows_the_french_original_and_marks_the_translation(bot: InsideBot) -> None:
    chat = bot.server.person("Carol", language_code="en").private()
    asked = await chat.send("What did Saad Berrada say about emotions?")
    (answer,) = await chat.replies_to(asked)
    assert "ne peut remplacer la compréhension fine des émotions" in answer.text
    assert "\nOur translation: “AI makes it possible to go faster" in answer.text


async def test_a_question_about_algeria_gets_no_figure(bot: InsideBot) -> None:
    chat = bot.server.person("Dan", language_code="fr").private()
    asked = await chat.send("Combien de personnes travaillent dans les centres d'appels en Algérie ?")
    (answer,) = await chat.replies_to(asked)
    assert "de l’Algérie" in answer.text
    assert not re.search(r"\d", answer.text)


async def test_a_follow_up_leans_on_the_last_answer_of_the_same_person(bot: InsideBot) -> None:
    chat = bot.server.person("Eve", language_code="fr").private()
    await chat.replies_to(await chat.send("Combien d'employés dans les centres d'appels au Maroc ?"))
    (answer,) = await chat.replies_to(await chat.send("et en Tunisie ?"))
    assert "20 000" in plain(answer.text)


async def test_a_button_of_what_the_bot_asks_back_turns_the_message_into_the_answer(bot: InsideBot) -> None:
    chat = bot.server.person("Fay", language_code="fr").private()
    (offer,) = await chat.replies_to(await chat.send("leur chiffre d'affaires ?"))
    assert plain(offer.text) == "Vouliez-vous dire :"
    assert 2 <= len(offer.buttons) <= 3
    await chat.person.press(offer, next(b for (b,) in offer.buttons if "Intelcia" in b))
    (changed,) = await chat.wait_for(lambda m: m.message_id == offer.message_id and m.edited)
    assert "734 millions" in changed.text
    assert changed.buttons[0] == ["English", "Copier", "Partager"]
    (after,) = await chat.replies_to(await chat.send("et l'effectif ?"))
    assert "10 000" in plain(after.text)


async def test_what_is_not_text_is_declined_kindly(bot: InsideBot) -> None:
    chat = bot.server.person("Kim", language_code="fr").private()
    (answer,) = await chat.replies_to(await chat.send(document=b"%PDF", file_name="article.pdf"))
    assert plain(answer.text) == "Je ne lis que le texte : écrivez-moi votre question."


@pytest.mark.parametrize(
    "text", ["?" * 4096, "mot " * 1024, "a" * 4096, "😀" * 2048, "e\u0301\u0302" * 1000, "\u202e abc"]
)
async def test_strange_input_always_gets_one_sane_reply(bot: InsideBot, text: str) -> None:
    chat = bot.server.person("Max", language_code="fr").private()
    (answer,) = await chat.replies_to(await chat.send(text))
    assert 0 < len(answer.text) < 1000


@pytest.mark.parametrize(
    "text", ["/question\nIntelcia CA 2023", "/question   Intelcia CA 2023", "/ask\u00a0Intelcia CA 2023"]
)
async def test_a_command_and_its_question_are_parted_by_any_space(bot: InsideBot, text: str) -> None:
    chat = bot.server.person("Abe", language_code="fr").private()
    await chat.replies_to(await chat.send("CA Concentrix Webhelp 2023"))
    (answer,) = await chat.replies_to(await chat.send(text))
    assert "734" in answer.text


@pytest.mark.parametrize("command", ["/stop", "/settings", "/foo@verbatim_bot"])
async def test_an_unknown_command_is_no_question(bot: InsideBot, command: str) -> None:
    chat = bot.server.person("Bea", language_code="fr").private()
    await chat.replies_to(await chat.send("Qui a racheté Intelcia ?"))
    (answer,) = await chat.replies_to(await chat.send(command))
    assert answer.text == f"Je ne connais pas la commande {command}. Voyez /aide."


async def test_a_caption_is_a_question_too(bot: InsideBot) -> None:
    chat = bot.server.person("Cam", language_code="fr").private()
    (answer,) = await chat.replies_to(await chat.send("Qui a racheté Intelcia ?", document=b"%PDF", file_name="a.pdf"))
    assert "Altice" in answer.text


async def test_an_answer_with_a_word_on_its_question_keeps_it(bot: InsideBot) -> None:
    chat = bot.server.person("Ivo", language_code="fr").private()
    (answer,) = await chat.replies_to(await chat.send("Intelcia emploie 15 000 personnes, non ?"))
    assert answer.text.startswith("Non, l’article dit\u00a0: plus de 10\u202f000.")
    assert "English" not in answer.buttons[0]


async def test_the_first_minute(bot: InsideBot) -> None:
    chat = bot.server.person("Uma", language_code="en").private()
    (hello,) = await chat.replies_to(await chat.send("/start"))
    assert len(hello.buttons) == 4
    await chat.person.press(hello, hello.buttons[0][0])
    (_, answer) = await chat.wait_for(lambda m: m.is_bot, count=2)
    assert answer.text.startswith("90,000 people work in call centres in Morocco.")
