"""Questions whose answers are all different and hang on nothing that was said before.

So each answer in a chat tells which question it is for, and the order of the answers is that of the questions.
"""

import random
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from knowledge.engine import Engine
from knowledge.model import NEW, Outcome, Reply

SHORTEST = 25  # characters: a question in full, which leans on nothing
ORDERS = 5  # in so many orders they are tried


@dataclass(frozen=True)
class Question:
    """What is asked, and the first line of what is shown for it."""

    text: str
    line: str


@cache
def questions() -> tuple[Question, ...]:
    """One question per entry and language, in an order of no meaning."""
    engine = Engine.open()
    found: list[Question] = []
    for entry in engine.knowledge.entries.values():
        for language, texts in entry.questions.items():
            for text in texts:
                reply = engine.ask(text)
                line = shown(reply)
                if _plain(reply, entry.id, language) and len(text) >= SHORTEST and line not in {q.line for q in found}:
                    found.append(Question(text, line))
                    break
    order = random.Random(1)
    order.shuffle(found)
    for _ in range(ORDERS):
        tried = order.sample(found, len(found))
        unsteady = set(_others(engine, tried))
        found = [question for question in found if question not in unsteady]
    unsteady = set(_others(engine, found))
    return tuple(question for question in found if question not in unsteady)


def shown(reply: Reply) -> str:
    """The first line of a reply as people see it; spaces of every kind are one space."""
    return spaced(reply.statement.partition("\n")[0])


def spaced(line: str) -> str:
    """`line` with spaces of every kind as one space."""
    return " ".join(line.split())


def _plain(reply: Reply, entry: str, language: str) -> bool:
    said = (reply.outcome, reply.entry, reply.language, len(reply.parts), reply.lead)
    return said == (Outcome.ANSWER, entry, language, 1, "")


def _others(engine: Engine, asked: Iterable[Question]) -> Iterable[Question]:
    """Those that get another answer in this conversation, in either language of the person's app."""
    for usual in ("fr", "en"):
        conversation = NEW
        for question in asked:
            reply = engine.ask(question.text, conversation, usual=usual)
            conversation = reply.conversation
            if shown(reply) != question.line:
                yield question
