"""A question that is edited changes its reply."""

from tests.bot.double import InsideBot
from tests.plain import plain


async def test_an_edited_question_changes_its_reply(bot: InsideBot) -> None:
    chat = bot.server.person("Ines", language_code="fr").private()
    asked = await chat.send("CA Intelcia 2023")
    (answer,) = await chat.replies_to(asked)
    await chat.person.edit(asked, "CA Concentrix 2023")
    (changed,) = await chat.wait_for(lambda m: m.message_id == answer.message_id and m.edited)
    assert "7,1 milliards" in plain(changed.text)
    (after,) = await chat.replies_to(await chat.send("et son effectif ?"))
    assert "13 000" in plain(after.text)
    assert len([m for m in chat.transcript().messages if m.is_bot]) == 2


async def test_an_edited_command_in_a_group_changes_its_reply(bot: InsideBot) -> None:
    person = bot.server.person("Jo", language_code="fr")
    group = await bot.server.group("Presse", members=[person])
    asked = await person.send(group, "/question CA Intelcia 2023")
    (answer,) = await group.replies_to(asked)
    await person.edit(asked, "/question CA Concentrix 2023")
    (changed,) = await group.wait_for(lambda m: m.message_id == answer.message_id and m.edited)
    assert "7,1 milliards" in plain(changed.text)


async def test_an_edit_of_what_was_never_answered_or_whose_answer_is_gone_is_met_with_silence(bot: InsideBot) -> None:
    person = bot.server.person("Kim", language_code="fr")
    chat = person.private()
    asked = await chat.send("CA Intelcia 2023")
    (answer,) = await chat.replies_to(asked)
    await person.delete(answer)
    await person.edit(asked, "CA Concentrix 2023")
    group = await bot.server.group("Bavards", members=[person])
    chatter = await person.send(group, "bonjour à tous")
    await person.edit(chatter, "CA Intelcia ?")
    (last,) = await chat.replies_to(await chat.send("/aide"), count=1)
    assert [m.message_id for m in chat.transcript().messages if m.is_bot and not m.deleted] == [last.message_id]
    assert len([m for m in group.transcript().messages if m.is_bot]) <= 1  # the greeting
