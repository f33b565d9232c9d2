"""Scenes of the bot's life, played end to end by people on a local Bot API server.

Each takes the server and a language, and returns what people see. tests/process/test_scenes.py compares it with a file
that a reader understands; tests/scenes/pictures.py draws some of them.
"""

from collections.abc import Awaitable, Callable

from botapi.people import BotApi
from tests.scenes.stage import Scene, Stage

Play = Callable[[BotApi, str], Awaitable[Scene]]
PLAYS: dict[str, Play] = {}


def scene(play: Play) -> Play:
    """Put `play` on the programme, in both languages."""
    PLAYS[play.__name__.replace("_", "-")] = play
    return play


@scene
async def first_minute(server: BotApi, language: str) -> Scene:
    """/start, and one of the questions that it offers."""
    stage = Stage(server, language, "Salma")
    (salma,) = stage.people
    hello = await stage.ask(salma, "/start")
    await stage.press(salma, hello, hello.buttons[0][0])
    return stage.scene()


@scene
async def figure(server: BotApi, language: str) -> Scene:
    """A figure with its passage; the other language takes its place and back; a question to go on with."""
    asked = {"fr": "cb de téléconseillers en tunisie ?", "en": "how many call center agents in tunisia"}
    stage = Stage(server, language, "Salma")
    (salma,) = stage.people
    answer = await stage.ask(salma, asked[language])
    for _ in range(2):
        answer = await stage.press(salma, answer, answer.buttons[0][0])
    await stage.press(salma, answer, answer.buttons[1][0])
    return stage.scene()


@scene
async def near_miss(server: BotApi, language: str) -> Scene:
    """What the articles say, and what they almost say."""
    stage = Stage(server, language, "Salma")
    (salma,) = stage.people
    for asked in {
        "fr": (
            "cb de téléconseillers en tunisie ?",
            "Combien d'employés en Algérie ?",
            "et le CA d'Intelcia en 2019 ?",
        ),
        "en": ("how many call center agents in tunisia", "How many employees in Algeria?", "Intelcia revenue in 2019?"),
    }[language]:
        await stage.ask(salma, asked)
    return stage.scene()


@scene
async def conversation(server: BotApi, language: str) -> Scene:
    """Three turns, of which two lean on the one before."""
    stage = Stage(server, language, "Salma")
    (salma,) = stage.people
    for asked in {
        "fr": ("Combien d'employés dans les centres d'appels au Maroc ?", "et en Tunisie ?", "source ?"),
        "en": ("How many people work in call centres in Morocco?", "and in Tunisia?", "source?"),
    }[language]:
        await stage.ask(salma, asked)
    return stage.scene()


@scene
async def quotation(server: BotApi, language: str) -> Scene:
    """Who said it: the passage in French, and in English our translation of it; what else they said."""
    stage = Stage(server, language, "Salma")
    (salma,) = stage.people
    for asked in {
        "fr": ("Qui a dit que l'IA ne remplace pas les émotions ?", "/citations berrada"),
        "en": ("who said AI can't replace emotions?", "/quotes berrada"),
    }[language]:
        await stage.ask(salma, asked)
    return stage.scene()


@scene
async def asked_back(server: BotApi, language: str) -> Scene:
    """A question that may mean several things: the one that is picked takes the message's place."""
    asked = {"fr": "leur chiffre d'affaires ?", "en": "the revenue?"}
    stage = Stage(server, language, "Salma")
    (salma,) = stage.people
    offer = await stage.ask(salma, asked[language])
    await stage.press(salma, offer, offer.buttons[0][0])
    return stage.scene()


@scene
async def edited_question(server: BotApi, language: str) -> Scene:
    """A question put differently: the reply to it changes."""
    first, then = {
        "fr": ("CA Concentrix Webhelp 2023 ?", "CA Intelcia 2023 ?"),
        "en": ("Concentrix Webhelp revenue 2023?", "Intelcia revenue 2023?"),
    }[language]
    stage = Stage(server, language, "Salma")
    (salma,) = stage.people
    await stage.ask(salma, first)
    await stage.edit(salma, stage.message(1), then)
    return stage.scene()


@scene
async def chart(server: BotApi, language: str) -> Scene:
    """A chart, by a button under the figures."""
    command, button = {
        "fr": ("/chiffres", "Graphique\u00a0: Qui emploie combien"),
        "en": ("/figures", "Chart: Who employs how many"),
    }[language]
    stage = Stage(server, language, "Salma")
    (salma,) = stage.people
    listed = await stage.ask(salma, command)
    await stage.press(salma, listed, button)
    return stage.scene()


@scene
async def summary(server: BotApi, language: str) -> Scene:
    """Both articles in brief."""
    command = {"fr": "/resume", "en": "/summary"}
    stage = Stage(server, language, "Salma")
    await stage.ask(stage.people[0], command[language])
    return stage.scene()


@scene
async def group(server: BotApi, language: str) -> Scene:
    """The bot is added, one member asks it, another one goes on by replying to its answer."""
    talk, asked, more = {
        "fr": (
            "Intelcia, c'est gros ? 500 millions ?",
            "/question CA Intelcia 2023 ?",
            "et l'effectif ?",
        ),
        "en": ("Is Intelcia big? 500 million?", "/ask Intelcia revenue 2023?", "and how many staff?"),
    }[language]
    stage = Stage(server, language, "Salma", "Youssef", "Nadia")
    salma, youssef, nadia = stage.people
    await stage.gather({"fr": "Relation client", "en": "Customer care"}[language])
    await stage.chat_with(youssef, talk)
    answer = await stage.ask(salma, asked)
    await stage.ask(nadia, more, reply_to=answer)
    return stage.scene()


@scene
async def list_in_a_group(server: BotApi, language: str) -> Scene:
    """A list is turned by who asked for it, and by nobody else."""
    command = {"fr": "/chiffres", "en": "/figures"}
    stage = Stage(server, language, "Salma", "Youssef")
    salma, youssef = stage.people
    await stage.gather({"fr": "Relation client", "en": "Customer care"}[language])
    listed = await stage.ask(salma, command[language])
    await stage.press(youssef, listed, listed.buttons[0][0], refused=True)
    await stage.press(salma, listed, listed.buttons[0][0])
    return stage.scene()


@scene
async def quiz(server: BotApi, language: str) -> Scene:
    """A quiz in a group, one right and one wrong vote, the score."""
    stage = Stage(server, language, "Salma", "Youssef")
    salma, youssef = stage.people
    await stage.gather({"fr": "Relation client", "en": "Customer care"}[language])
    await stage.quiz(salma, "/quiz")
    await stage.vote(salma, right=True)
    await stage.vote(youssef, right=False)
    await stage.ask(youssef, "/score")
    return stage.scene()


@scene
async def inline(server: BotApi, language: str) -> Scene:
    """The bot's name and a word in any group: one of what is offered is posted there."""
    *talk, title = {
        "fr": (
            "Tu as lu l'article sur l'IA et les centres d'appels ?",
            "Oui. Klarna a remplacé 700 personnes par une IA, non ?",
            "L’outil de Klarna fait le travail de combien de personnes ?",
        ),
        "en": (
            "Did you read the article on AI and call centres?",
            "Yes. Klarna replaced 700 people with AI, right?",
            "How many people’s work does Klarna’s tool do?",
        ),
    }[language]
    stage = Stage(server, language, "Salma", "Youssef")
    salma, youssef = stage.people
    await stage.gather({"fr": "Relation client", "en": "Customer care"}[language], bot=False)
    for person, said in zip((salma, youssef), talk, strict=True):
        await stage.chat_with(person, said)
    offered = await stage.inline(salma, "klarna")
    await stage.pick(salma, offered, title)
    return stage.scene()


@scene
async def menu_language(server: BotApi, language: str) -> Scene:
    """In a group only an administrator sets the language of the menus."""
    command, other = {"fr": ("/langue", "English"), "en": ("/language", "Français")}[language]
    stage = Stage(server, language, "Salma", "Youssef")
    salma, youssef = stage.people
    await stage.gather({"fr": "Relation client", "en": "Customer care"}[language])
    await stage.ask(youssef, command)
    choice = await stage.ask(salma, command)
    await stage.press(youssef, choice, other, refused=True)
    await stage.press(salma, choice, other)
    await stage.ask(youssef, "/score")
    return stage.scene()
