"""Verbatim beside other methods on the standing test, as a Markdown table.

All have learned the same questions for each entry, those of the curator and of the writers. Each other method answers
from its own best threshold: the lowest that lets through no more false answers than Verbatim.
"""

from bench.questions import STYLES, Row, read, verdict_alone, wanted
from bench.rivals import Rival, bm25, fuzzies, regression, tfidf
from knowledge.engine import Engine
from knowledge.training.examples import examples_of

Marks = tuple[bool, bool, bool]  # whether the right entry came first, was given, and another was given


def table(engine: Engine) -> list[str]:
    """The lines of the table for tests/questions/single.jsonl."""
    examples = examples_of(engine.knowledge.entries.values(), ()) + engine.knowledge.examples
    known: list[tuple[str, str]] = [(e.text, e.label) for e in examples if e.label in engine.knowledge.entries]
    silence = [(e.text, "") for e in examples if e.label.silent]
    rows = read("single")
    asked = [row for row in rows if not row["label"].startswith("none:")]
    silent = [row for row in rows if row["label"].startswith("none:")]
    false = sum(verdict_alone(engine, row, engine.ask(row["q"])) == "false" for row in silent)
    columns = ["method", "right first", "right", "wrong", "French", "English", *STYLES]
    rivals = (*fuzzies(known), bm25(known, "fr", "en"), tfidf(known), regression(known + silence))
    return [
        f"| {' | '.join(columns)} |",
        "|---" * len(columns) + "|",
        _line("Verbatim", asked, [_ours(engine, row) for row in asked]),
        *(_line(rival.name, asked, _theirs(rival, asked, silent, false)) for rival in rivals),
    ]


def _ours(engine: Engine, row: Row) -> Marks:
    verdict = verdict_alone(engine, row, engine.ask(row["q"]))
    first = engine.matcher.judge(engine.analyst.analyse(row["q"])).entry
    return first in wanted(row), verdict == "right", verdict == "wrong"


def _theirs(rival: Rival, asked: list[Row], silent: list[Row], false: int) -> list[Marks]:
    tops = [rival.rank(row["q"])[0] for row in silent]
    scores = sorted((score for entry, score in tops if entry), reverse=True)
    least = scores[false] if false < len(scores) else -1.0
    found = []
    for row in asked:
        ranking = rival.rank(row["q"])
        first = next(entry for entry, _ in ranking if entry)
        given = ranking[0][0] if ranking[0][1] > least else ""
        right = given in wanted(row)
        found.append((first in wanted(row), right, bool(given) and not right))
    return found


def _line(name: str, asked: list[Row], found: list[Marks]) -> str:
    first, right, wrong = zip(*found, strict=True)
    shares: list[tuple[bool, ...]] = [first, right, wrong]
    for key, value in (("lang", "fr"), ("lang", "en"), *(("style", style) for style in STYLES)):
        shares.append(tuple(hit for row, hit in zip(asked, right, strict=True) if row[key] == value))
    return f"| {name} | {' | '.join(f'{sum(marks) / len(marks):.1%}' for marks in shares)} |"
