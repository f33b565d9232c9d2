"""What makes the bot at home in Telegram: buttons, edits, inline mode, groups, charts, quizzes."""

import asyncio
import re
from collections.abc import Coroutine
from typing import Any

import pytest

from bot.chats.quizzes import ROUND, Rounds
from bot.handlers.cooldown import Cooldown
from bot.view.buttons import MOST_COPIED, citation
from botapi.people import BotApi
from knowledge.engine import Engine
from knowledge.telling.quiz import MOST_EXPLAINED, Quizmaster, explained
from knowledge.words.figures import numbers_in
from tests.process.running import RunningBot, plain, start_bot
from tests.process.stores import Store

QUESTION = "Combien d'employés dans les centres d'appels en Tunisie ?"


async def test_the_other_language_takes_the_place_of_the_answer_and_back(bot: RunningBot) -> None:
    chat = bot.server.person("Ada", language_code="fr").private()
    (answer,) = await chat.replies_to(await chat.send(QUESTION))
    assert answer.buttons[0] == ["English", "Copier", "Partager"]
    await chat.person.press(answer, "English")
    (english,) = await chat.wait_for(lambda m: m.message_id == answer.message_id and m.edited)
    assert english.text.startswith("More than 20,000 people work in call centres in Tunisia.")
    await chat.person.press(english, "Français")
    (french,) = await chat.wait_for(lambda m: m.message_id == answer.message_id and m.text == answer.text)
    assert french.buttons == answer.buttons


async def test_two_facts_in_one_answer_change_language_together(bot: RunningBot) -> None:
    chat = bot.server.person("Bea", language_code="fr").private()
    (answer,) = await chat.replies_to(await chat.send("le CA d'Intelcia et de Concentrix ?"))
    await chat.person.press(answer, "English")
    (english,) = await chat.wait_for(lambda m: m.message_id == answer.message_id and m.edited)
    assert "734 million euros" in english.text
    assert "7.1 billion euros" in english.text


async def test_a_related_question_is_answered_in_a_message_of_its_own(bot: RunningBot) -> None:
    chat = bot.server.person("Cleo", language_code="fr").private()
    (answer,) = await chat.replies_to(await chat.send(QUESTION))
    assert 1 <= len(answer.buttons) - 1 <= 2
    await chat.person.press(answer, answer.buttons[1][0])
    (_, more) = await chat.wait_for(lambda m: m.is_bot, count=2)
    assert more.message_id != answer.message_id
    assert plain(more.text).startswith("90 000 personnes")
    (after,) = await chat.replies_to(await chat.send("source ?"))
    assert "90 000" in plain(after.text)


async def test_the_citation_to_copy_is_verbatim_with_its_source(bot: RunningBot, engine: Engine) -> None:
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


async def test_sharing_posts_the_same_answer_through_inline_mode(bot: RunningBot) -> None:
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
async def test_inline_mode_offers_entries_as_one_types(bot: RunningBot, typed: str, code: str, first: str) -> None:
    offered = await bot.server.person("Flo", language_code=code).inline(typed)
    assert first in plain(offered.results[0]["title"])
    assert 1 <= len(offered.results) <= 10
    assert all(r["description"] for r in offered.results)
    assert offered.button is not None
    assert offered.button["start_parameter"] == "inline"


async def test_an_empty_inline_query_offers_what_is_asked_most(bot: RunningBot) -> None:
    person = bot.server.person("Fred", language_code="fr")
    chat = person.private()
    for _ in range(40):
        await chat.replies_to(await chat.send("Depuis combien de temps la CFCIM est-elle partenaire ?"))
    offered = await person.inline("")
    assert offered.results[0]["id"] == "fr:cfcim-years"


async def test_inline_mode_says_when_it_has_nothing(bot: RunningBot) -> None:
    offered = await bot.server.person("Gus", language_code="fr").inline("xyzzy")
    assert offered.results == []
    assert offered.button is not None
    assert "Rien à ce sujet" in plain(offered.button["text"])


async def test_a_guest_question_is_answered_once(bot: RunningBot) -> None:
    bot.server.bot.set(guest=True)
    person = bot.server.person("Hal", language_code="fr")
    group = await bot.server.group("Ailleurs", members=[person], bots=())
    asked = await person.send(group, "@verbatim_bot cb d'employés en Tunisie ?")
    (answer,) = await group.replies_to(asked)
    assert "20 000" in plain(answer.text)
    assert len(bot.server.calls("answerGuestQuery")) == 1


async def test_a_guest_is_told_the_nearest_in_words(bot: RunningBot) -> None:
    bot.server.bot.set(guest=True)
    person = bot.server.person("Hedi", language_code="fr")
    group = await bot.server.group("Plus loin", members=[person], bots=())
    (answer,) = await group.replies_to(await person.send(group, "@verbatim_bot CA d'Intelcia en 2019 ?"))
    assert plain(answer.text).endswith("\n– Quel était le chiffre d’affaires d’Intelcia en 2023 ?")


async def test_an_answer_with_a_word_on_its_question_keeps_it(bot: RunningBot) -> None:
    chat = bot.server.person("Ivo", language_code="fr").private()
    (answer,) = await chat.replies_to(await chat.send("Intelcia emploie 15 000 personnes, non ?"))
    assert answer.text.startswith("L’article donne un autre chiffre.")
    assert "English" not in answer.buttons[0]


async def test_an_edited_question_changes_its_reply(bot: RunningBot) -> None:
    chat = bot.server.person("Ines", language_code="fr").private()
    asked = await chat.send("CA Intelcia 2023")
    (answer,) = await chat.replies_to(asked)
    await chat.person.edit(asked, "CA Concentrix 2023")
    (changed,) = await chat.wait_for(lambda m: m.message_id == answer.message_id and m.edited)
    assert "7,1 milliards" in plain(changed.text)
    (after,) = await chat.replies_to(await chat.send("et son effectif ?"))
    assert "13 000" in plain(after.text)
    assert len([m for m in chat.transcript().messages if m.is_bot]) == 2


async def test_an_edited_command_in_a_group_changes_its_reply(bot: RunningBot) -> None:
    person = bot.server.person("Jo", language_code="fr")
    group = await bot.server.group("Presse", members=[person])
    asked = await person.send(group, "/question CA Intelcia 2023")
    (answer,) = await group.replies_to(asked)
    await person.edit(asked, "/question CA Concentrix 2023")
    (changed,) = await group.wait_for(lambda m: m.message_id == answer.message_id and m.edited)
    assert "7,1 milliards" in plain(changed.text)


async def test_an_edit_of_what_was_never_answered_or_whose_answer_is_gone_is_met_with_silence(bot: RunningBot) -> None:
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


async def test_a_group_is_greeted_once(bot: RunningBot) -> None:
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


async def test_only_the_asker_turns_the_pages_of_a_list(bot: RunningBot) -> None:
    mia, noa = (bot.server.person(name, language_code="fr") for name in ("Mia", "Noa"))
    group = await bot.server.group("Liste", members=[mia, noa])
    (listed,) = await group.replies_to(await mia.send(group, "/citations"))
    told = await noa.press(listed, "Suivant")
    assert "à qui l’a demandée" in plain(told.text)
    await mia.press(listed, "Suivant")
    await group.wait_for(lambda m: m.message_id == listed.message_id and "page 2 sur" in m.text)


async def test_a_flood_in_a_group_is_met_with_silence(bot: RunningBot) -> None:
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


async def test_a_chart_is_uploaded_once_and_then_sent_by_its_id(bot: RunningBot) -> None:
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


async def test_a_quiz_takes_votes_and_tells_the_score(bot: RunningBot) -> None:
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


async def test_a_vote_counts_in_the_round_of_its_quiz(store: Store) -> None:
    rounds = Rounds(store.state)

    async def at(seconds: float, *steps: Coroutine[Any, Any, None]) -> None:
        for step in steps:
            await store.turn(step, at=seconds)

    await at(0, rounds.asked(1, "first", 2, "klarna-700"), rounds.answered("first", 7, "Ada", 2))
    assert await rounds.scores(1) == [("Ada", 1, 1)]
    assert await rounds.last(1) == "klarna-700"
    await at(2 * ROUND, rounds.asked(1, "second", 0, "cfcim-years"), rounds.answered("first", 8, "Bob", 2))
    await at(2 * ROUND, rounds.answered("second", 7, "Ada", 1), rounds.answered("never posted", 9, "Eve", 0))
    assert await rounds.scores(1) == [("Ada", 0, 1)]


@pytest.fixture(scope="module")
def quizmaster(engine: Engine) -> Quizmaster:
    return Quizmaster(engine.knowledge, engine.replies)


class Chances:
    """Every choice there is, one after the other."""

    def __init__(self, at: int) -> None:
        self.at = at

    def choice(self, options: list[object]) -> object:
        """The next one."""
        return options[self.at % len(options)]

    def sample(self, options: list[object], most: int) -> list[object]:
        """The first ones."""
        return options[:most]

    def shuffle(self, options: list[object]) -> None:
        """The other way round."""
        options.reverse()


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_quiz_is_right_and_explained_by_its_passage(
    quizmaster: Quizmaster, engine: Engine, language: str
) -> None:
    seen = set()
    for at in range(40):
        quiz = quizmaster.make(language, Chances(at))  # type: ignore[arg-type]
        assert quiz is not None
        seen.add(quiz.entry)
        entry = engine.knowledge.entries[quiz.entry]
        told = plain(entry.answer[language]).lower()
        assert plain(quiz.choices[quiz.right]).lower() in told
        assert len(set(quiz.choices)) == len(quiz.choices) >= 3
        assert len(quiz.explanation) <= MOST_EXPLAINED
        assert len(quiz.question) <= 300
        quoted = re.sub(r"^(«\u00a0)?…?|…?(\u00a0»)? – [^–]*$", "", quiz.explanation, flags=re.DOTALL).strip()
        assert any(quoted in " ".join(p.quote.split("\n")) for p in entry.evidence), quiz
        if entry.kind == "figure":
            values = {f.value for f in numbers_in(quoted)}
            assert {f.value for f in numbers_in(quiz.choices[quiz.right])} <= values
    assert len(seen) > 15


def test_a_quiz_is_not_of_the_entry_before(quizmaster: Quizmaster) -> None:
    for at in range(40):
        quiz = quizmaster.make("fr", Chances(at))  # type: ignore[arg-type]
        assert quiz is not None
        other = quizmaster.make("fr", Chances(at), after=quiz.entry)  # type: ignore[arg-type]
        assert other is not None
        assert other.entry != quiz.entry


def test_an_explanation_keeps_the_figure_of_a_long_passage(engine: Engine) -> None:
    (passage, *_) = engine.replies.cite(engine.knowledge.entries["klarna-700"], "fr")
    assert "700" in explained(passage, 700)


async def test_a_summary_has_five_lines_an_article_each_with_its_paragraph(bot: RunningBot) -> None:
    chat = bot.server.person("Tess", language_code="fr").private()
    (told,) = await chat.replies_to(await chat.send("/resume"))
    first, second = told.text.split("\n\n")
    for block in (first, second):
        lines = block.split("\n")[1:]
        assert len(lines) == 5
        assert all(re.search(r"\(§\d+.*\)$", line) for line in lines)


async def test_the_first_minute(bot: RunningBot) -> None:
    chat = bot.server.person("Uma", language_code="en").private()
    (hello,) = await chat.replies_to(await chat.send("/start"))
    assert len(hello.buttons) == 4
    await chat.person.press(hello, hello.buttons[0][0])
    (_, answer) = await chat.wait_for(lambda m: m.is_bot, count=2)
    assert answer.text.startswith("90,000 people work in call centres in Morocco.")


@pytest.mark.parametrize("data", ["r:fr:gone", "e:fr:gone", "t:en:gone+morocco-staff", "z", "t:xx:klarna"])
async def test_a_button_of_something_that_is_gone_says_so(bot: RunningBot, data: str) -> None:
    chat = bot.server.person("Vic", language_code="fr").private()
    (answer,) = await chat.replies_to(await chat.send(QUESTION))
    told = await chat.person.press(answer, "", forged=data)
    assert "n’est plus valable" in plain(told.text)


async def test_a_question_deleted_meanwhile_is_answered_without_a_quotation(bot: RunningBot) -> None:
    person = bot.server.person("Xia", language_code="fr")
    group = await bot.server.group("Regrets", members=[person])
    bot.server.fail("sendMessage", delay=0.5)
    asked = await person.send(group, "/question CA Intelcia 2023")
    await person.delete(asked)
    (answer,) = await group.wait_for(lambda m: m.is_bot and "734" in m.text)
    assert answer.reply_to is None


async def test_a_person_who_blocks_the_bot_is_left_alone_and_others_are_answered(bot: RunningBot) -> None:
    gone = bot.server.person("Yan", language_code="fr").private()
    bot.server.fail("sendMessage", delay=0.5)
    await gone.send("CA Intelcia 2023")
    await gone.block()
    other = bot.server.person("Zoe", language_code="fr").private()
    (answer,) = await other.replies_to(await other.send("CA Intelcia 2023"))
    assert "734" in answer.text
    assert not [m for m in gone.transcript().messages if m.is_bot]


async def test_pressing_the_same_button_twice_is_no_error(bot: RunningBot) -> None:
    chat = bot.server.person("Abe", language_code="fr").private()
    (answer,) = await chat.replies_to(await chat.send(QUESTION))
    first, second = await asyncio.gather(*(chat.person.press(answer, "English") for _ in range(2)))
    assert first.text == second.text == ""
    assert "20,000" in (await chat.wait_for(lambda m: m.edited))[0].text


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
