"""Questions that the matcher was not trained on, held to what a release must keep."""

import pytest

from bench.questions import CHATTER, NEAR, STYLES, read
from bench.score import Score, conversations, single, strangers
from knowledge.engine import Engine
from knowledge.training.examples import examples_of
from knowledge.words.text import words


@pytest.fixture(scope="module")
def singles(engine: Engine) -> Score:
    return single(engine)


def test_every_style_and_kind_is_asked(singles: Score) -> None:
    assert set(singles.counts) == {*STYLES, *NEAR, *CHATTER}


def test_enough_is_answered_rightly(singles: Score) -> None:
    assert singles.share("right", STYLES) >= 0.96, singles.misses


def test_little_is_answered_wrongly(singles: Score) -> None:
    assert singles.share("wrong", STYLES) <= 0.015, singles.misses


def test_near_misses_are_seldom_answered(singles: Score) -> None:
    assert singles.share("false", NEAR) <= 0.03, singles.misses


def test_small_talk_and_off_topic_messages_hardly_ever_get_an_entry(singles: Score) -> None:
    assert singles.share("false", CHATTER) <= 0.006, singles.misses  # one of them


def test_strangers_are_understood_and_what_is_foreign_is_not_answered(engine: Engine) -> None:
    counts = strangers(engine)
    for name in ("hard 1", "hard 2"):
        asked = sum(counts[name][verdict] for verdict in ("right", "wrong", "offered", "asked back", "declined"))
        assert counts[name]["right"] / asked >= 0.88, counts[name]
        assert counts[name]["wrong"] / asked <= 0.015, counts[name]
        assert counts[name]["false"] / (counts[name]["false"] + counts[name]["held"]) <= 0.025, counts[name]
    for name in ("foreign 1", "foreign 2"):
        assert counts[name]["false"] / counts[name].total() <= 0.003, counts[name]


def test_later_turns_of_a_conversation_are_understood(engine: Engine) -> None:
    score = conversations(engine)
    assert score.share("right", ["later turns"]) >= 0.91, score.misses


def test_no_test_question_is_a_training_question(engine: Engine) -> None:
    known = examples_of(engine.knowledge.entries.values(), engine.knowledge.talk.values()) + engine.knowledge.examples
    trained = {plain(e.text) for e in known}
    assert not trained & {plain(row["q"]) for row in read("single")}


def plain(text: str) -> tuple[str, ...]:
    return tuple(w.folded for w in words(text))
