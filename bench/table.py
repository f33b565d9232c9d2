"""Verbatim beside other methods on the standing test, as a Markdown table.

All have learned the same questions for each entry, those of the curator and of the writers. Each other method answers
from its own best threshold: the lowest that lets through no more false answers than Verbatim.
"""

from collections.abc import Iterable
from typing import Any

from bench.questions import CHATTER, NEAR, STYLES
from bench.rivals import BM25, TFIDF, Regression, Rival, fuzzies
from knowledge.engine import Engine
from knowledge.model import Outcome
from knowledge.training.examples import examples_of

Row = dict[str, Any]
Given = list[tuple[str, bool]]  # the entry given ("" for none), and whether the right one was ranked first


def table(engine: Engine, rows: list[Row]) -> list[str]:
    """The lines of the table for `rows` of tests/questions/single.jsonl."""
    examples = examples_of(engine.knowledge.entries.values(), ()) + engine.knowledge.examples
    known: list[tuple[str, str]] = [(e.text, e.label) for e in examples if e.label in engine.knowledge.entries]
    silent = [(e.text, "") for e in examples if e.label.silent]
    asked = [row for row in rows if not _silent(row)]
    unanswerable = [row for row in rows if _silent(row)]
    false = sum(engine.ask(row["q"]).outcome is Outcome.ANSWER for row in unanswerable)
    header = ["method", "right first", "right", "wrong", "French", "English", *STYLES]
    rivals = (*fuzzies(known), BM25(known, "fr", "en"), TFIDF(known), Regression(known + silent))
    return [
        f"| {' | '.join(header)} |",
        "|---" * len(header) + "|",
        _line("Verbatim", asked, _ours(engine, asked)),
        *(_line(rival.name, asked, _theirs(rival, asked, unanswerable, false)) for rival in rivals),
    ]


def _silent(row: Row) -> bool:
    return row["label"].removeprefix("none:") in (*NEAR, *CHATTER)


def _wanted(row: Row) -> list[str]:
    return [row["label"], *row.get("also", [])]


def _ours(engine: Engine, asked: list[Row]) -> Given:
    given = []
    for row in asked:
        reply = engine.ask(row["q"])
        told = {p.entry for p in reply.parts} | {
            c for p in reply.parts for c in engine.knowledge.entries[p.entry].covers
        }
        right = (
            reply.outcome is Outcome.ANSWER
            and told & set(_wanted(row))
            and (row["style"] == "mixed" or reply.language == row["lang"])
        )
        given_wrongly = "another" if reply.outcome is Outcome.ANSWER else ""
        entry = row["label"] if right else given_wrongly
        first = engine.matcher.judge(engine.analyst.analyse(row["q"])).entry in _wanted(row)
        given.append((entry, first))
    return given


def _theirs(rival: Rival, asked: list[Row], unanswerable: list[Row], false: int) -> Given:
    tops = [next(iter(rival.rank(row["q"])), ("", 0.0)) for row in unanswerable]
    scores = sorted((score for entry, score in tops if entry), reverse=True)
    least = scores[false] if false < len(scores) else -1.0
    given = []
    for row in asked:
        ranking = rival.rank(row["q"])
        first = next((entry for entry, _ in ranking if entry), "")
        entry, score = ranking[0] if ranking else ("", 0.0)
        given.append((entry if score > least else "", first in _wanted(row)))
    return given


def _line(name: str, asked: list[Row], given: Given) -> str:
    right = [entry in _wanted(row) for row, (entry, _) in zip(asked, given, strict=True)]
    wrong = [bool(entry) and not hit for (entry, _), hit in zip(given, right, strict=True)]

    def where(key: str, value: str) -> list[bool]:
        return [hit for row, hit in zip(asked, right, strict=True) if row[key] == value]

    shares = [[first for _, first in given], right, wrong, where("lang", "fr"), where("lang", "en")]
    shares += [where("style", style) for style in STYLES]
    return f"| {name} | " + " | ".join(_percent(marks) for marks in shares) + " |"


def _percent(marks: Iterable[bool]) -> str:
    found = list(marks)
    return f"{sum(found) / max(1, len(found)):.1%}"
