"""Folding is for what people type; evidence keeps its characters."""

import pytest

from knowledge.words.text import MAX_WORDS, fold, squeeze, typeset, words


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("Élection", "election"),
        ("L’œuvre", "l'oeuvre"),
        ("SALARIÉS", "salaries"),
        ("ça", "ca"),
        ("𝓱𝓮𝓵𝓵𝓸", "hello"),
        ("e\u0301\u0301", "e"),
    ],
)
def test_what_people_type_is_folded(typed: str, folded: str) -> None:
    assert fold(typed) == folded


def test_a_word_keeps_its_accents_beside_its_folded_form() -> None:
    assert [(w.folded, w.typed) for w in words("Où sont les salariés ?")] == [
        ("ou", "où"), ("sont", "sont"), ("les", "les"), ("salaries", "salariés")
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["mot " * 10_000, "a" * 5_000, "\u0301" * 4_000, "1 " * 5_000, "\x00\x1b[31m"])
def test_the_work_per_question_is_bounded(text: str) -> None:
    assert len(words(text)) <= MAX_WORDS


def test_of_a_long_text_the_end_is_kept_because_the_question_often_stands_there() -> None:
    found = [w.folded for w in words("mot " * 500 + "combien de salariés")]
    assert found[-3:] == ["combien", "de", "salaries"]


def test_control_characters_and_runs_of_space_go() -> None:
    assert squeeze("  a\x00b \n\t c\u200b ") == "a b c"


@pytest.mark.parametrize(
    ("plain", "printed"),
    [
        ("plus de 20 000 personnes", "plus de 20\u202f000 personnes"),
        ("46,04 % de l’article : le reste ?", "46,04\u202f% de l’article\u00a0: le reste\u202f?"),
        ("« un mot »", "«\u00a0un mot\u00a0»"),
        ("« 700 000 mots »", "«\u00a0700 000 mots\u00a0»"),
        ("en 2023 700 employés", "en 2023 700 employés"),
    ],
)
def test_french_is_set_with_its_spaces_and_quotations_keep_theirs(plain: str, printed: str) -> None:
    assert typeset(plain, "fr") == printed


def test_english_keeps_its_spaces() -> None:
    assert typeset("20,000 people: why?", "en") == "20,000 people: why?"
