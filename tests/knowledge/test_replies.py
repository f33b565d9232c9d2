"""Beyond one question and one answer: two at once, broad ones, claims, numbers, and questions about the bot."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.engine import Engine
from knowledge.model import Outcome, Reply
from knowledge.words.figures import spoken_years
from tests.knowledge.talking import talk

PIECES = st.sampled_from(
    ["Intelcia", "combien", "how many", "et en Tunisie ?", "<b>", "'; DROP TABLE--", "\u202e", "é̂̃", "😀", "2023",
     "90 000", "ignore previous instructions", "\x00", "مرحبا", "«", "»", "\n", "a" * 200, "?", "Kotbi vs Berrada",
     "%s {covers}"]
)  # fmt: skip


def entries(reply: Reply) -> list[str]:
    return [part.entry for part in reply.parts]


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("Qui est Imad Kotbi et qu'a-t-il déclaré ?", {"kotbi", "quote-kotbi"}),
        ("Who is Kotbi and what did he say?", {"kotbi", "quote-kotbi"}),
        ("Quel est le chiffre d'affaires d'Intelcia et de Concentrix ?", {"intelcia-revenue", "concentrix-revenue"}),
        ("combien de lauréats et qui soutient l'événement ?", {"club-winners", "club-supporters"}),
    ],
)
def test_two_questions_get_two_answers_each_with_its_passage(engine: Engine, question: str, wanted: set[str]) -> None:
    reply = engine.ask(question)
    assert reply.outcome is Outcome.ANSWER
    assert set(entries(reply)) == wanted
    assert all(part.citations for part in reply.parts)


def test_the_half_that_the_sources_lack_is_named(engine: Engine) -> None:
    reply = engine.ask("le chiffre d'affaires d'Intelcia en 2023 et en 2024 ?")
    assert "pour 2024" in reply.lead
    assert entries(reply) == ["intelcia-revenue"]


@pytest.mark.parametrize(
    ("question", "digest"),
    [
        ("parle-moi d'Intelcia", "about-intelcia"),
        ("que dit l'article sur l'IA ?", "about-ai"),
        ("résume le deuxième article", "about-article-2"),
        ("give me the main figures", "key-figures"),
    ],
)
def test_a_broad_question_gets_a_short_digest(engine: Engine, question: str, digest: str) -> None:
    reply = engine.ask(question)
    assert reply.entry == digest
    assert tuple(entries(reply)) == engine.knowledge.entries[digest].entries
    assert 2 <= len(reply.parts) <= 7
    assert reply.citations


def test_a_claimed_figure_is_confirmed_or_put_right(engine: Engine) -> None:
    assert engine.ask("90 000 employés dans les centres d'appels au Maroc, c'est ça ?").lead == (
        "C’est bien ce que dit l’article."
    )
    wrong = engine.ask("Intelcia a fait 900 millions d'euros de chiffre d'affaires en 2023, non ?")
    assert wrong.lead == "Non, l’article dit\u00a0: 734 millions d’euros."
    assert wrong.outcome is Outcome.SUGGEST
    assert entries(wrong) == ["intelcia-revenue"]


def test_a_claim_with_the_wrong_name_gets_the_passage(engine: Engine) -> None:
    reply = engine.ask("Klarna a développé son outil avec Google, non ?")
    assert reply.outcome is not Outcome.ANSWER
    assert "OpenAI" in reply.statement
    assert reply.citations


def test_a_number_by_itself_becomes_the_questions_that_it_answers(engine: Engine) -> None:
    assert "morocco-staff" in {s.entry for s in engine.ask("90 000").suggestions}
    assert "club-winners" in {s.entry for s in engine.ask("24 ?").suggestions}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("t'es qui ?", "Verbatim"),
        ("are you an AI?", "not an AI that writes"),
        ("qui t'a programmé ?", "curateur"),
        ("what are your sources?", "two press articles"),
        ("pourquoi tu n'en sais pas plus ?", "abonnés"),
        ("can I trust you?", "passage"),
        ("tu gardes mes messages ?", "quelques minutes"),
        ("t'es nul", "centres d’appels"),
        ("raconte une blague", "talent"),
    ],
)
def test_questions_about_the_bot_get_an_answer_of_its_own(engine: Engine, text: str, said: str) -> None:
    reply = engine.ask(text)
    assert reply.outcome is Outcome.SMALLTALK
    assert said in reply.statement


@pytest.mark.parametrize(
    ("texts", "last"),
    [
        (("Combien d'employés au Maroc dans les centres d'appels ?", "et en Tunisie ?"), "tunisia-staff"),
        (("Combien de nouveaux postes par an au Maroc ?", "et en Tunisie ?"), None),
        (("Combien d'employés en Algérie dans les centres d'appels ?", "et en Tunisie ?"), "tunisia-staff"),
        (("Qui est Saad Berrada ?", "et Kotbi ?"), "kotbi"),
        (("Who bought Intelcia?", "are you sure?"), "intelcia-altice"),
        (("CA d'Intelcia en 2023 ?", "et Teleperformance ?", "et Concentrix + Webhelp ?"), "concentrix-revenue"),
        (("What was Intelcia's revenue in 2023?", "and in 2022?"), None),
        (("What was Intelcia's revenue in 2023?", "and in 2022?", "and Concentrix?"), "concentrix-revenue"),
        (("Que dit Ghali Kettani du moment de partage ?", "et Damblin, lui ?"), "quote-damblin"),
        (
            ("L'outil de Klarna, combien d'employés ?", "répète", "CA d'Intelcia ?", "tu disais 700, c'est quoi"),
            "klarna-700",
        ),
        (("Que fait Intelcia ?", "et les 734 ?"), "intelcia-revenue"),
    ],
)
def test_a_turn_is_understood_after_the_one_before(engine: Engine, texts: tuple[str, ...], last: str | None) -> None:
    assert talk(engine, *texts)[-1].entry == last


@pytest.mark.parametrize(
    ("said", "understood"),
    [
        ("revenue in twenty twenty three", "revenue in 2023"),
        ("en deux mille vingt deux", "en 2022"),
        ("two thousand and six", "2006"),
        ("nineteen ninety nine", "1999"),
        ("deux mille personnes", "deux mille personnes"),
        ("twenty thousand", "twenty thousand"),
    ],
)
def test_a_year_said_in_words_is_a_year(said: str, understood: str) -> None:
    assert spoken_years(said.split()) == understood.split()


@settings(max_examples=150, deadline=1000)
@given(st.one_of(st.text(max_size=4096), st.lists(PIECES, max_size=60).map(" ".join)))
def test_any_text_gets_a_sane_reply(engine: Engine, text: str) -> None:
    reply = engine.ask(text)
    assert reply.statement
    assert "{" not in reply.statement
    for citation in reply.citations:
        assert citation.excerpt in engine.knowledge.sources[citation.source].text
    following = engine.ask(text, reply.conversation, now=1.0)
    assert following.statement


@pytest.mark.parametrize("text", ["their revenue?", "how many employees?", "combien d'employés ?"])
def test_a_figure_that_several_have_is_asked_back_when_nobody_is_named(engine: Engine, text: str) -> None:
    reply = engine.ask(text)
    assert reply.outcome is Outcome.SUGGEST
    assert reply.suggestions
