"""Two languages, one value: what numbers_in reads."""

from decimal import Decimal

import pytest

from knowledge.words.figures import numbers_in


def read(text: str) -> list[tuple[str, str, str]]:
    return [(format(f.value.normalize(), "f"), f.unit, f.bound) for f in numbers_in(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("90 000 employés", [("90000", "", "")]),
        ("90,000 people", [("90000", "", "")]),
        ("90\u202f000 employés", [("90000", "", "")]),
        ("plus de 20 000 en Tunisie", [("20000", "", ">")]),
        ("more than 20,000", [("20000", "", ">")]),
        ("1,6 milliard d’euros", [("1600000000", "", "")]),
        ("1.6 billion euros", [("1600000000", "", "")]),
        ("1.6 million", [("1600000", "", "")]),
        ("1 600 000 000", [("1600000000", "", "")]),
        ("46,04 %", [("46.04", "%", "")]),
        ("46.04% of it", [("46.04", "%", "")]),
        ("46,04 pour cent", [("46.04", "%", "")]),
        ("depuis quatre ans", [("4", "", "")]),
        ("four years", [("4", "", "")]),
        ("vingt-quatre", [("24", "", "")]),
        ("twenty-four", [("24", "", "")]),
        ("quatre-vingt-dix mille", [("90000", "", "")]),
        ("ninety thousand", [("90000", "", "")]),
        ("two thousand and six", [("2006", "", "")]),
        ("deux cent mille", [("200000", "", "")]),
        ("three hundred", [("300", "", "")]),
        ("la trentaine d’entreprises", [("30", "", "~")]),
        ("about thirty companies", [("30", "", "~")]),
        ("thirty or so companies", [("30", "", "~")]),
        ("la moitié", [("0.5", "share", "")]),
        ("half of it", [("0.5", "share", "")]),
        ("la deuxième édition", [("2", "ordinal", "")]),
        ("the second edition", [("2", "ordinal", "")]),
        ("date 2025-04 Réunis", [("2025", "", ""), ("4", "month", "")]),
        ("April 2025", [("4", "month", ""), ("2025", "", "")]),
        ("avril 2025", [("4", "month", ""), ("2025", "", "")]),
        ("en février", [("2", "month", "")]),
        ("les années 2000", [("2000", "", "")]),
        ("in the 2000s", [("2000", "", "")]),
        ("en 2023 700 employés", [("2023", "", ""), ("700", "", "")]),
        ("one of them, un seul, une fois", []),
        ("no numbers at all", []),
        ("", []),
    ],
)
def test_a_number_has_one_value_however_it_is_written(text: str, expected: list[tuple[str, str, str]]) -> None:
    assert read(text) == expected


def test_a_span_is_where_the_number_stands_in_the_text() -> None:
    text = "L’été, 1,6 milliard d’euros et œuvre de 24 mains"
    assert [text[f.start : f.end] for f in numbers_in(text)] == ["1,6 milliard", "24"]


def test_a_bound_is_part_of_what_a_figure_means() -> None:
    (exact,), (more,) = numbers_in("20 000"), numbers_in("plus de 20 000")
    assert exact.value == more.value == Decimal(20_000)
    assert exact.meaning != more.meaning
