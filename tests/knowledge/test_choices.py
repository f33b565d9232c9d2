"""Choosing what was offered, and what is offered: a number, an ordinal, a word; one offer is given at once."""

import pytest

from bench.questions import read
from knowledge.engine import Engine
from knowledge.model import Claim, Outcome, Reply
from knowledge.reading.choices import places


@pytest.mark.parametrize(
    ("text", "offers", "chosen"),
    [
        ("2", 3, [1]),
        ("la deuxième", 3, [1]),
        ("the second one please", 3, [1]),
        ("le dernier", 3, [2]),
        ("one", 2, [0]),
        ("both", 2, [0, 1]),
        ("tous", 3, [0, 1, 2]),
        ("oui", 1, [0]),
        ("oui", 2, []),
        ("4", 3, []),
        ("0", 3, []),
        ("2", 0, []),
        ("2 milliards", 3, []),
        ("la deuxième édition", 3, []),
        ("1 or 2", 3, []),
        ("", 3, []),
    ],
)
def test_what_a_message_chooses(text: str, offers: int, chosen: list[int]) -> None:
    assert places(text, offers) == chosen


@pytest.fixture
def asked_back(engine: Engine) -> Reply:
    reply = engine.ask("leur chiffre d'affaires ?")
    assert reply.outcome is Outcome.SUGGEST
    assert len(reply.suggestions) > 1
    return reply


@pytest.mark.parametrize(("text", "at"), [("1", 0), ("la deuxième svp", 1), ("le dernier", -1)])
def test_an_offer_is_chosen_in_words(engine: Engine, asked_back: Reply, text: str, at: int) -> None:
    chosen = engine.ask(text, asked_back.conversation, now=1.0)
    assert chosen.outcome is Outcome.ANSWER
    assert chosen.entry == asked_back.suggestions[at].entry


def test_what_follows_a_choice_leans_on_it(engine: Engine, asked_back: Reply) -> None:
    chosen = engine.ask("2", asked_back.conversation, now=1.0)
    source = engine.ask("source ?", chosen.conversation, now=2.0)
    assert [part.entry for part in source.parts] == [chosen.entry]
    assert engine.ask("2", chosen.conversation, now=3.0).entry is None  # nothing is on offer any more


def test_an_offer_is_forgotten_with_the_conversation(engine: Engine, asked_back: Reply) -> None:
    assert engine.ask("2", asked_back.conversation, now=1e6).outcome is not Outcome.ANSWER


def test_the_one_entry_that_may_be_meant_is_given(engine: Engine) -> None:
    asked = (row["q"] for row in read("strangers") if row["expect"])
    replies = (reply for q in asked if (reply := engine.ask(q)).outcome is Outcome.SUGGEST and len(reply.parts) == 1)
    reply = next(reply for reply in replies if reply.claim is Claim.NONE)
    (part,) = reply.parts
    question = engine.replies.suggest([part.entry], reply.language)[0].question
    assert reply.lead == engine.replies.say("perhaps", reply.language, question=question)
    assert reply.entry is None
    assert not reply.asks_back


@pytest.mark.parametrize("opener", ["Quel est le chiffre d'affaires d'Intelcia ?", "Qui est Saad Berrada ?"])
@pytest.mark.parametrize("question", ["C'est quoi Klarna ?", "c'est quoi ESCDA", "Qui est Imad Kotbi ?"])
def test_a_whole_question_means_the_same_after_any_answer(engine: Engine, opener: str, question: str) -> None:
    alone = engine.ask(question)
    after = engine.ask(question, engine.ask(opener).conversation, now=1.0)
    assert (after.outcome, after.entry) == (alone.outcome, alone.entry)


@pytest.mark.parametrize("question", ["What's the ROI?", "How much did Intelcia make last year?", "part du PIB"])
def test_a_word_that_only_looks_like_a_gap_gives_no_reason(engine: Engine, question: str) -> None:
    reply = engine.ask(question)
    assert reply.outcome is Outcome.DECLINE
    assert "do not answer" in reply.lead or "ne répondent pas" in reply.lead


@pytest.mark.parametrize(
    ("question", "reason"), [("quel salaire", "des salaires"), ("what's the salary of agents", "pay")]
)
def test_what_is_asked_and_missing_is_named(engine: Engine, question: str, reason: str) -> None:
    assert reason in engine.ask(question).lead
