"""The bot as people meet it: its own process, real HTTP, a local Bot API server in Telegram's place."""

import asyncio
import re

import pytest

from botapi.people import BotApi
from botapi.views import Message
from tests.process.running import RunningBot, plain, start_bot

FRENCH_SOURCE = "Article sur les centres d’appels du Maghreb (copie sans titre ni date), §1"


def kinds(message: Message) -> set[str]:
    return {entity["type"] for entity in message.entities}


async def test_a_private_question_gets_statement_passage_and_source(bot: RunningBot) -> None:
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


async def test_the_reply_comes_in_the_question_s_language_whatever_the_interface_is_set_to(bot: RunningBot) -> None:
    chat = bot.server.person("Bob", language_code="fr").private()
    asked = await chat.send("how many people work in tunisian call centers")
    (answer,) = await chat.replies_to(asked)
    assert answer.text.startswith("More than 20,000 people work in call centres in Tunisia.")


async def test_an_english_quotation_shows_the_french_original_and_marks_the_translation(bot: RunningBot) -> None:
    chat = bot.server.person("Carol", language_code="en").private()
    asked = await chat.send("What did Saad Berrada say about emotions?")
    (answer,) = await chat.replies_to(asked)
    assert "ne peut remplacer la compréhension fine des émotions" in answer.text
    assert "\nOur translation: “AI makes it possible to go faster" in answer.text


async def test_a_question_about_algeria_gets_no_figure(bot: RunningBot) -> None:
    chat = bot.server.person("Dan", language_code="fr").private()
    asked = await chat.send("Combien de personnes travaillent dans les centres d'appels en Algérie ?")
    (answer,) = await chat.replies_to(asked)
    assert "de l’Algérie" in answer.text
    assert not re.search(r"\d", answer.text)


async def test_a_follow_up_leans_on_the_last_answer_of_the_same_person(bot: RunningBot) -> None:
    chat = bot.server.person("Eve", language_code="fr").private()
    await chat.replies_to(await chat.send("Combien d'employés dans les centres d'appels au Maroc ?"))
    (answer,) = await chat.replies_to(await chat.send("et en Tunisie ?"))
    assert "20 000" in plain(answer.text)


async def test_a_button_of_what_the_bot_asks_back_turns_the_message_into_the_answer(bot: RunningBot) -> None:
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
    bot: RunningBot, command: str, language: str, expected: str
) -> None:
    chat = bot.server.person("Gil", language_code=language).private()
    (answer,) = await chat.replies_to(await chat.send(command))
    assert plain(answer.text).startswith(expected)


@pytest.mark.parametrize(
    ("command", "name", "others"),
    [("/chiffres intelcia", "Intelcia", "Klarna"), ("/citations berrada", "Berrada", "Kotbi")],
)
async def test_a_list_is_filtered_by_a_word(bot: RunningBot, command: str, name: str, others: str) -> None:
    chat = bot.server.person("Hal", language_code="fr").private()
    (answer,) = await chat.replies_to(await chat.send(command))
    items = answer.text.split("\n\n")[1:]
    assert len(items) >= 2
    assert all(name in item for item in items if item.startswith("•"))
    assert others not in answer.text


async def test_a_list_pages_in_the_same_message_and_back(bot: RunningBot) -> None:
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


async def test_the_language_of_menus_is_chosen_by_a_button(bot: RunningBot) -> None:
    chat = bot.server.person("Jan", language_code="fr").private()
    (choice,) = await chat.replies_to(await chat.send("/langue"))
    await chat.person.press(choice, "English")
    await chat.wait_for(lambda m: m.text == "Done: English.")
    (answer,) = await chat.replies_to(await chat.send("/aide"))
    assert answer.text.startswith("Write your question")


async def test_what_is_not_text_is_declined_kindly(bot: RunningBot) -> None:
    chat = bot.server.person("Kim", language_code="fr").private()
    (answer,) = await chat.replies_to(await chat.send(document=b"%PDF", file_name="article.pdf"))
    assert plain(answer.text) == "Je ne lis que le texte : écrivez-moi votre question."


async def test_html_that_a_person_types_is_shown_and_never_parsed(bot: RunningBot) -> None:
    chat = bot.server.person("Lea", language_code="fr").private()
    (answer,) = await chat.replies_to(await chat.send("/chiffres <b>klarna</b> & <i>"))
    assert "« <b>klarna</b> & <i> »" in plain(answer.text)


@pytest.mark.parametrize(
    "text", ["?" * 4096, "mot " * 1024, "a" * 4096, "😀" * 2048, "e\u0301\u0302" * 1000, "\u202e abc"]
)
async def test_strange_input_always_gets_one_sane_reply(bot: RunningBot, text: str) -> None:
    chat = bot.server.person("Max", language_code="fr").private()
    (answer,) = await chat.replies_to(await chat.send(text))
    assert 0 < len(answer.text) < 1000


async def test_in_a_group_with_privacy_mode_the_bot_answers_commands_and_replies_to_it(bot: RunningBot) -> None:
    nora, omar = bot.server.person("Nora", language_code="fr"), bot.server.person("Omar", language_code="en")
    group = await bot.server.group("Débat", members=[omar], admins=[nora])
    asked = await omar.send(group, "/question CA Intelcia 2023")
    (answer,) = await group.replies_to(asked)
    assert "734 millions" in answer.text
    (after,) = await group.replies_to(await nora.send(group, "et l'effectif ?", reply_to=answer))
    assert "10 000" in plain(after.text)
    (listed,) = await group.replies_to(await nora.send(group, "/citations@verbatim_bot"))
    assert listed.text.startswith("Les citations")


async def test_with_privacy_mode_off_it_is_silent_unless_addressed(bot: RunningBot) -> None:
    account = bot.server.add_bot("open_bot", privacy=False)
    paul = bot.server.person("Paul", language_code="fr")
    group = await bot.server.group("Ouvert", admins=[paul], bots=[account])
    running = start_bot(bot.server, TELEGRAM_BOT_TOKEN=account.token)
    try:
        unasked = await paul.send(group, "Combien d'employés au Maroc dans les centres d'appels ?")
        other = await paul.send(group, "@someone Combien d'employés au Maroc dans les centres d'appels ?")
        asked = await paul.send(group, "@open_bot Combien d'employés au Maroc dans les centres d'appels ?")
        (answer,) = await group.replies_to(asked, timeout=30)
        assert "90 000" in plain(answer.text)
        asked = await paul.send(group, "@open_bot\nQui a racheté Intelcia ?")
        (answer,) = await group.replies_to(asked)
        assert "Altice a racheté" in answer.text
        (answer,) = await group.replies_to(await paul.send(group, "@open_bot", reply_to=unasked))
        assert "90 000" in plain(answer.text)
        unasked = await paul.send(group, "on se voit demain")
        seen = [m.reply_to for m in group.transcript().messages if m.is_bot]
        assert unasked.message_id not in seen
        assert other.message_id not in seen
    finally:
        running.stop()


async def test_in_a_forum_the_reply_goes_to_the_topic_of_the_question(bot: RunningBot) -> None:
    quinn = bot.server.person("Quinn", language_code="en")
    forum = await bot.server.group("Forum", admins=[quinn])
    topic = await forum.topic("AI")
    asked = await quinn.send(forum, "/ask Who bought Intelcia?", topic=topic)
    (answer,) = await forum.replies_to(asked)
    assert (answer.topic_name, answer.reply_to) == ("AI", asked.message_id)
    assert "Altice" in answer.text


async def test_a_command_without_a_question_takes_the_message_it_replies_to(bot: RunningBot) -> None:
    rosa, sam = bot.server.person("Rosa", language_code="fr"), bot.server.person("Sam", language_code="fr")
    group = await bot.server.group("Classe", members=[sam], admins=[rosa])
    asked = await sam.send(group, "Qui a racheté Intelcia ?")
    (answer,) = await group.replies_to(await rosa.send(group, "/question", reply_to=asked))
    assert "Altice a racheté Intelcia en 2016" in answer.text


async def test_in_a_group_only_administrators_set_the_language(bot: RunningBot) -> None:
    tara, uma = bot.server.person("Tara", language_code="fr"), bot.server.person("Uma", language_code="fr")
    group = await bot.server.group("Cercle", members=[uma], admins=[tara])
    (refused,) = await group.replies_to(await uma.send(group, "/langue en"))
    assert "seuls les administrateurs" in refused.text
    (done,) = await group.replies_to(await tara.send(group, "/langue en"))
    assert done.text == "Done: English."
    (listed,) = await group.replies_to(await uma.send(group, "/chiffres"))
    assert listed.text.startswith("The figures")


async def test_a_channel_post_gets_no_reply(bot: RunningBot) -> None:
    vera = bot.server.person("Vera", language_code="fr")
    channel = await bot.server.channel("Annonces", admins=[vera])
    await vera.send(channel, "/chiffres")
    chat = vera.private()
    await chat.replies_to(await chat.send("/aide"))
    assert not [m for m in channel.transcript().messages if m.is_bot]


async def test_a_bot_api_that_fails_once_costs_no_reply(bot: RunningBot) -> None:
    chat = bot.server.person("Walt", language_code="fr").private()
    bot.server.fail("sendMessage", status=500, times=1)
    await chat.send("CA Intelcia 2023")
    (answer,) = await chat.wait_for(lambda m: m.is_bot)
    assert "734" in answer.text


@pytest.mark.parametrize(
    "text", ["/question\nIntelcia CA 2023", "/question   Intelcia CA 2023", "/ask\u00a0Intelcia CA 2023"]
)
async def test_a_command_and_its_question_are_parted_by_any_space(bot: RunningBot, text: str) -> None:
    chat = bot.server.person("Abe", language_code="fr").private()
    await chat.replies_to(await chat.send("CA Concentrix Webhelp 2023"))
    (answer,) = await chat.replies_to(await chat.send(text))
    assert "734" in answer.text


@pytest.mark.parametrize("command", ["/stop", "/settings", "/foo@verbatim_bot"])
async def test_an_unknown_command_is_no_question(bot: RunningBot, command: str) -> None:
    chat = bot.server.person("Bea", language_code="fr").private()
    await chat.replies_to(await chat.send("Qui a racheté Intelcia ?"))
    (answer,) = await chat.replies_to(await chat.send(command))
    assert answer.text == f"Je ne connais pas la commande {command}. Voyez /aide."


async def test_a_caption_is_a_question_too(bot: RunningBot) -> None:
    chat = bot.server.person("Cam", language_code="fr").private()
    (answer,) = await chat.replies_to(await chat.send("Qui a racheté Intelcia ?", document=b"%PDF", file_name="a.pdf"))
    assert "Altice" in answer.text


async def test_a_filter_that_holds_no_word_lists_nothing(bot: RunningBot) -> None:
    chat = bot.server.person("Deb", language_code="fr").private()
    for words in ("😀", "é" * 300):
        (answer,) = await chat.replies_to(await chat.send(f"/citations {words}"))
        assert answer.text.startswith("Je n’ai rien à lister")


async def test_a_button_whose_press_came_too_late_still_turns_the_page(bot: RunningBot) -> None:
    chat = bot.server.person("Eli", language_code="fr").private()
    (first,) = await chat.replies_to(await chat.send("/chiffres"))
    bot.server.fail("answerCallbackQuery", status=400, times=1)
    with pytest.raises(TimeoutError):
        await chat.person.press(first, "Suivant", timeout=1)
    await chat.wait_for(lambda m: m.message_id == first.message_id and "page 2 sur" in m.text)


async def test_one_busy_chat_does_not_hold_up_another(bot: RunningBot) -> None:
    busy, other = (bot.server.person(n, language_code="fr").private() for n in ("Flo", "Gus"))
    bot.server.fail("sendMessage", times=70, delay=0.1)
    for _ in range(70):
        await busy.send("Klarna ?")
    asked = await other.send("CA Intelcia 2023")
    (answer,) = await other.replies_to(asked, timeout=3)
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


async def test_a_group_keeps_its_language_when_it_becomes_a_supergroup(bot: RunningBot) -> None:
    ivy = bot.server.person("Ivy", language_code="fr")
    group = await bot.server.group("Petit", admins=[ivy], kind="group")
    await group.replies_to(await ivy.send(group, "/langue en"))
    grown = await group.migrate()
    (listed,) = await grown.replies_to(await ivy.send(grown, "/chiffres"))
    assert listed.text.startswith("The figures")


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
