"""One message is read once: what is told is what was read, and no question is judged twice on the way."""

from collections import Counter

import pytest

from bench.families import FAMILIES, right
from bench.questions import read
from knowledge.engine import Engine
from knowledge.matching.matcher import Matcher, Verdict
from knowledge.model import NEW
from knowledge.reading.model import Kind, Reading
from knowledge.shell.explain import explain
from knowledge.telling.tell import tell
from knowledge.words.analysis import Analysis

FLOORS = {"pairs": 34, "claims": 42, "figures": 39, "whose": 45, "foreign": 63, "stories": 64}  # rows, of some 73 each
QUESTIONS = [*(row["q"] for row in read("single.jsonl")), "merci chef", "salut les gens", "…"]


def test_every_family_of_questions_that_a_rule_exists_for_keeps_its_floor(engine: Engine) -> None:
    found = right(engine)
    assert set(FLOORS) == set(FAMILIES)
    assert {family: found[family] for family in FLOORS if found[family] < FLOORS[family]} == {}


def test_what_explain_prints_last_is_what_is_told(engine: Engine) -> None:
    for text in QUESTIONS:
        reading = engine.reader.read(text, NEW)
        reply = tell(reading, engine.replies)
        *_, decided, last = explain(reading, engine.matcher)
        assert last.split(maxsplit=1)[1] == f"{reply.outcome.value}, {reply.score:.2f}", text
        assert all(part.entry in decided for part in reply.parts), text
        assert all(suggestion.entry in decided for suggestion in reply.suggestions), text


def test_every_step_names_a_rule_and_the_last_one_ends_the_reading(engine: Engine) -> None:
    names = [rule.name for rule in engine.reader.rules]
    seen = set()
    for text in QUESTIONS:
        steps = [step.name for step in engine.reader.read(text, NEW).steps]
        assert steps == [name for name in names if name in steps], text
        seen.add(steps[-1])
    assert {"answer", "choice", "decline", "small talk", "two questions"} <= seen


def test_no_question_is_judged_twice_for_one_message(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    judged: Counter[Analysis] = Counter()
    judge = Matcher.judge

    def count(matcher: Matcher, question: Analysis) -> Verdict:
        judged[question] += 1
        return judge(matcher, question)

    monkeypatch.setattr(Matcher, "judge", count)
    for text in QUESTIONS:
        judged.clear()
        engine.reader.judge.judged.cache_clear()
        engine.ask(text)
        assert not judged or max(judged.values()) == 1, text


def test_every_kind_of_reading_is_told(engine: Engine) -> None:
    seen: dict[Kind, Reading] = {}
    for text in (*QUESTIONS, *(row["q"] for family in FAMILIES for row in read(f"{family}.jsonl")), "source ?"):
        reading = engine.reader.read(text, NEW)
        seen.setdefault(reading.kind, reading)
    after = engine.ask("combien de salariés chez Intelcia en 2019 ?").conversation
    seen[Kind.PASSAGE] = engine.reader.read("source ?", after)
    assert set(seen) == set(Kind)
    for reading in seen.values():
        reply = tell(reading, engine.replies)
        assert reply.lead or reply.parts, reading.kind
