"""Groups, forums and channels: when the bot speaks, to whom, and how often."""

import pytest

from bot.handlers.cooldown import Cooldown
from tests.bot.double import InsideBot
from tests.plain import plain


async def test_in_a_group_with_privacy_mode_the_bot_answers_commands_and_replies_to_it(bot: InsideBot) -> None:
    nora, omar = bot.server.person("Nora", language_code="fr"), bot.server.person("Omar", language_code="en")
    group = await bot.server.group("Débat", members=[omar], admins=[nora])
    asked = await omar.send(group, "/question CA Intelcia 2023")
    (answer,) = await group.replies_to(asked)
    assert "734 millions" in answer.text
    (after,) = await group.replies_to(await nora.send(group, "et l'effectif ?", reply_to=answer))
    assert "10 000" in plain(after.text)
    (listed,) = await group.replies_to(await nora.send(group, "/citations@verbatim_bot"))
    assert listed.text.startswith("Les citations")


async def test_with_privacy_mode_off_it_is_silent_unless_addressed(bot: InsideBot) -> None:
    bot.server.bot.set(privacy=False)
    paul = bot.server.person("Paul", language_code="fr")
    group = await bot.server.group("Ouvert", admins=[paul])
    unasked = await paul.send(group, "Combien d'employés au Maroc dans les centres d'appels ?")
    other = await paul.send(group, "@someone Combien d'employés au Maroc dans les centres d'appels ?")
    asked = await paul.send(group, "@verbatim_bot Combien d'employés au Maroc dans les centres d'appels ?")
    (answer,) = await group.replies_to(asked)
    assert "90 000" in plain(answer.text)
    asked = await paul.send(group, "@verbatim_bot\nQui a racheté Intelcia ?")
    (answer,) = await group.replies_to(asked)
    assert "Altice a racheté" in answer.text
    (answer,) = await group.replies_to(await paul.send(group, "@verbatim_bot", reply_to=unasked))
    assert "90 000" in plain(answer.text)
    chatter = await paul.send(group, "on se voit demain")
    await group.replies_to(await paul.send(group, "@verbatim_bot Qui a racheté Intelcia ?"))
    seen = [m.reply_to for m in group.transcript().messages if m.is_bot]
    assert chatter.message_id not in seen
    assert other.message_id not in seen


async def test_in_a_forum_the_reply_goes_to_the_topic_of_the_question(bot: InsideBot) -> None:
    quinn = bot.server.person("Quinn", language_code="en")
    forum = await bot.server.group("Forum", admins=[quinn])
    topic = await forum.topic("AI")
    asked = await quinn.send(forum, "/ask Who bought Intelcia?", topic=topic)
    (answer,) = await forum.replies_to(asked)
    assert (answer.topic_name, answer.reply_to) == ("AI", asked.message_id)
    assert "Altice" in answer.text


async def test_a_command_without_a_question_takes_the_message_it_replies_to(bot: InsideBot) -> None:
    rosa, sam = bot.server.person("Rosa", language_code="fr"), bot.server.person("Sam", language_code="fr")
    group = await bot.server.group("Classe", members=[sam], admins=[rosa])
    asked = await sam.send(group, "Qui a racheté Intelcia ?")
    (answer,) = await group.replies_to(await rosa.send(group, "/question", reply_to=asked))
    assert "Altice a racheté Intelcia en 2016" in answer.text


async def test_check_rules_on_the_claim_that_it_replies_to(bot: InsideBot) -> None:
    rosa, sam = bot.server.person("Rosa", language_code="fr"), bot.server.person("Sam", language_code="fr")
    group = await bot.server.group("Débat", members=[sam], admins=[rosa])
    claimed = await sam.send(group, "Intelcia a fait 500 millions d'euros en 2023")
    (denied,) = await group.replies_to(await rosa.send(group, "/verifier", reply_to=claimed))
    assert plain(denied.text).startswith("Non, l’article dit : 734 millions d’euros.")
    (typed,) = await group.replies_to(await sam.send(group, "/check Altice bought Intelcia in 2016."))
    assert typed.text.startswith("That is what the article says.")
    (open_,) = await group.replies_to(await sam.send(group, "/verifier qui a racheté Intelcia ?"))
    assert open_.text.startswith("Je ne tranche pas.")
    (usage,) = await group.replies_to(await rosa.send(group, "/verifier"))
    assert usage.text.startswith("Répondez /verifier au message à vérifier")


@pytest.mark.parametrize("asked", ["@verbatim_bot c'est vrai ?", "@verbatim_bot source ?"])
async def test_is_that_so_under_a_member_s_message_asks_of_that_message(bot: InsideBot, asked: str) -> None:
    bot.server.bot.set(privacy=False)
    rosa, sam = bot.server.person("Rosa", language_code="fr"), bot.server.person("Sam", language_code="fr")
    group = await bot.server.group("Débat", members=[sam], admins=[rosa])
    claimed = await sam.send(group, "Intelcia a été racheté par Altice en 2016")
    (answer,) = await group.replies_to(await rosa.send(group, asked, reply_to=claimed))
    assert "Altice a racheté Intelcia en 2016" in answer.text


async def test_in_a_group_only_administrators_set_the_language(bot: InsideBot) -> None:
    tara, uma = bot.server.person("Tara", language_code="fr"), bot.server.person("Uma", language_code="fr")
    group = await bot.server.group("Cercle", members=[uma], admins=[tara])
    (refused,) = await group.replies_to(await uma.send(group, "/langue en"))
    assert "seuls les administrateurs" in refused.text
    (done,) = await group.replies_to(await tara.send(group, "/langue en"))
    assert done.text == "Done: English."
    (listed,) = await group.replies_to(await uma.send(group, "/chiffres"))
    assert listed.text.startswith("The figures")


async def test_a_channel_post_gets_no_reply(bot: InsideBot) -> None:
    vera = bot.server.person("Vera", language_code="fr")
    channel = await bot.server.channel("Annonces", admins=[vera])
    await vera.send(channel, "/chiffres")
    chat = vera.private()
    await chat.replies_to(await chat.send("/aide"))
    assert not [m for m in channel.transcript().messages if m.is_bot]


async def test_a_group_keeps_its_language_when_it_becomes_a_supergroup(bot: InsideBot) -> None:
    ivy = bot.server.person("Ivy", language_code="fr")
    group = await bot.server.group("Petit", admins=[ivy], kind="group")
    await group.replies_to(await ivy.send(group, "/langue en"))
    grown = await group.migrate()
    (listed,) = await grown.replies_to(await ivy.send(grown, "/chiffres"))
    assert listed.text.startswith("The figures")


async def test_a_group_is_greeted_once(bot: InsideBot) -> None:
    owner = bot.server.person("Lea", language_code="fr")
    group = await bot.server.group("Accueil", members=[owner], bots=())
    await group.add(bot.server.bot, by=owner)
    (hello,) = await group.wait_for(lambda m: m.is_bot)
    assert "/question" in hello.text
    assert "\n" not in hello.text
    await group.set_status(bot.server.bot, "left")
    await group.add(bot.server.bot, by=owner)
    await group.replies_to(await owner.send(group, "/aide"))
    assert len([m for m in group.transcript().messages if m.is_bot]) == 2


async def test_only_the_asker_turns_the_pages_of_a_list(bot: InsideBot) -> None:
    mia, noa = (bot.server.person(name, language_code="fr") for name in ("Mia", "Noa"))
    group = await bot.server.group("Liste", members=[mia, noa])
    (listed,) = await group.replies_to(await mia.send(group, "/citations"))
    told = await noa.press(listed, "Suivant")
    assert "à qui l’a demandée" in plain(told.text)
    await mia.press(listed, "Suivant")
    await group.wait_for(lambda m: m.message_id == listed.message_id and "page 2 sur" in m.text)


async def test_a_flood_in_a_group_is_met_with_silence(bot: InsideBot) -> None:
    noisy, calm = (bot.server.person(name, language_code="fr") for name in ("Oto", "Pia"))
    group = await bot.server.group("Flot", members=[noisy, calm])
    for _ in range(10):
        await noisy.send(group, "/aide")
    (answer,) = await group.replies_to(await calm.send(group, "/question CA Intelcia"))
    assert "734" in answer.text
    assert len([m for m in group.transcript().messages if m.is_bot and m.text.startswith("Écrivez")]) == 6


def test_a_cooldown_allows_a_burst_and_then_one_at_a_time() -> None:
    now = [100.0]
    cooldown = Cooldown(lambda: now[0])
    assert [cooldown.allows("a", 3, 10.0) for _ in range(4)] == [True, True, True, False]
    assert cooldown.allows("b", 3, 10.0)
    now[0] += 10.0
    assert [cooldown.allows("a", 3, 10.0) for _ in range(2)] == [True, False]


async def test_a_question_deleted_meanwhile_is_answered_without_a_quotation(bot: InsideBot) -> None:
    person = bot.server.person("Xia", language_code="fr")
    group = await bot.server.group("Regrets", members=[person])
    bot.server.fail("sendMessage", delay=0.5)
    asked = await person.send(group, "/question CA Intelcia 2023")
    await person.delete(asked)
    (answer,) = await group.wait_for(lambda m: m.is_bot and "734" in m.text)
    assert answer.reply_to is None


async def test_a_person_who_blocks_the_bot_is_left_alone_and_others_are_answered(bot: InsideBot) -> None:
    gone = bot.server.person("Yan", language_code="fr").private()
    bot.server.fail("sendMessage", delay=0.5)
    await gone.send("CA Intelcia 2023")
    await gone.block()
    other = bot.server.person("Zoe", language_code="fr").private()
    (answer,) = await other.replies_to(await other.send("CA Intelcia 2023"))
    assert "734" in answer.text
    assert not [m for m in gone.transcript().messages if m.is_bot]
