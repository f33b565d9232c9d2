"""Charts and quizzes."""

import re

from tests.bot.double import InsideBot
from tests.plain import plain


async def test_a_chart_is_uploaded_once_and_then_sent_by_its_id(bot: InsideBot) -> None:
    chat = bot.server.person("Quin", language_code="en").private()
    (listed,) = await chat.replies_to(await chat.send("/figures"))
    chart = next(row[0] for row in listed.buttons if "Klarna" in row[0])
    for _ in range(2):
        await chat.person.press(listed, chart)
    first, second = await chat.wait_for(lambda m: m.media == "photo", count=2)
    assert "700" in first.text
    assert first.text == second.text
    sent = [c.params["photo"] for c in bot.server.calls("sendPhoto")]
    assert sum("attach" in str(p) or "klarna" in str(p) for p in sent[-2:]) == 1, sent


async def test_a_quiz_takes_votes_and_tells_the_score(bot: InsideBot) -> None:
    rita, sami = (bot.server.person(name, language_code="fr") for name in ("Rita", "Sami"))
    group = await bot.server.group("Quiz", members=[rita, sami])
    await rita.send(group, "/quiz")
    (quiz,) = await group.wait_for(lambda m: m.poll is not None)
    assert quiz.poll is not None
    sent = bot.server.calls("sendPoll")[-1].params
    assert str(sent["is_anonymous"]).lower() == "false"
    choices = [o["text"] for o in quiz.poll["options"]]
    right = int(re.findall(r"\d+", str(sent["correct_option_ids"]))[0])
    await rita.vote(quiz, choices[right])
    await sami.vote(quiz, choices[right - 1])
    (score,) = await group.replies_to(await rita.send(group, "/score"))
    assert plain(score.text).split("\n") == ["Le score de la partie :", "Rita : 1 sur 1", "Sami : 0 sur 1"]
