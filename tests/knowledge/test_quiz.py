"""Quizzes are made of proven entries: one right choice, explained by its passage."""

import re

import pytest

from knowledge.engine import Engine
from knowledge.telling.quiz import MOST_EXPLAINED, Quizmaster, explained
from knowledge.words.figures import numbers_in
from tests.plain import plain


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
