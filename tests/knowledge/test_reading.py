"""One message is read once: what is told is what was read, and no question is judged twice on the way."""

from collections import Counter
from collections.abc import Iterator

import pytest

from bench.questions import FAMILIES, read
from bench.score import families
from knowledge.engine import Engine
from knowledge.matching.matcher import Matcher, Verdict
from knowledge.model import NEW
from knowledge.reading.model import Kind, Reading
from knowledge.shell.explain import explain
from knowledge.telling.tell import tell
from knowledge.words.analysis import Analysis

FLOORS = {"pairs": 34, "claims": 42, "figures": 39, "whose": 45, "foreign": 60, "stories": 64}  # rows, of some 73 each
QUESTIONS = [row["q"] for row in read("single")]
QUESTIONS += [
    "merci chef",
    "qui a racheté Intelcia ? combien d’employés au Maroc ?",
    "salut les gens",
    "…",
    "source ?",
    "كم عدد الموظفين",
]
Read = list[tuple[str, Reading, int]]  # the text, its reading, how often the question judged most was judged


@pytest.fixture(scope="module")
def readings(engine: Engine) -> Iterator[Read]:
    judged: Counter[Analysis] = Counter()
    judge = Matcher.judge

    def count(matcher: Matcher, question: Analysis) -> Verdict:
        judged[question] += 1
        return judge(matcher, question)

    found = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Matcher, "judge", count)
        for text in QUESTIONS:
            judged.clear()
            engine.reader.judge.judged.cache_clear()
            found.append((text, engine.reader.read(text, NEW), max(judged.values(), default=0)))
    assert any(times for *_, times in found)
    yield found


def test_every_family_of_questions_that_a_rule_exists_for_keeps_its_floor(engine: Engine) -> None:
    found = families(engine).counts
    assert set(FLOORS) == set(FAMILIES)
    assert {family: found[family]["right"] for family in FLOORS if found[family]["right"] < FLOORS[family]} == {}


def test_no_question_is_judged_twice_for_one_message(readings: Read) -> None:
    assert [text for text, _, times in readings if times > 1] == []


def test_what_explain_prints_last_is_what_is_told(engine: Engine, readings: Read) -> None:
    for text, reading, _ in readings:
        reply = tell(reading, engine.replies)
        *_, decided, last = explain(reading, engine.matcher)
        assert last.split(maxsplit=1)[1] == f"{reply.outcome.value}, {reply.score:.2f}", text
        assert all(id in decided for id in reading.entries), text
        told = [part for id in reading.entries for part in engine.knowledge.entries[id].entries or (id,)]
        assert [part.entry for part in reply.parts] == told, text
        assert all(suggestion.entry in decided for suggestion in reply.suggestions), text


def test_every_step_names_a_rule_and_the_last_one_ends_the_reading(engine: Engine, readings: Read) -> None:
    names = list(engine.reader.rules)
    ends = set()
    for text, reading, _ in readings:
        steps = [step.name for step in reading.steps]
        assert steps == [name for name in names if name in steps], text
        ends.add(steps[-1])
    assert {"answer", "choice", "decline", "small talk", "two questions", "several questions"} <= ends


@pytest.mark.parametrize(
    ("text", "entries", "left"),
    [
        ("Qui a racheté Intelcia ? Combien d’employés au Maroc ?", ["intelcia-altice", "morocco-staff"], ()),
        ("Combien d’employés au Maroc ? Qui a racheté Intelcia ?", ["morocco-staff", "intelcia-altice"], ()),
        (
            "cb de téléconseillers au maroc ? c'est quoi klarna ? et combien en tunisie ?",
            ["morocco-staff", "klarna-700", "tunisia-staff"],
            (),
        ),
        ("revenue of intelcia? and who bought it?", ["intelcia-revenue", "intelcia-altice"], ()),
        ("who is Kotbi? what is his salary?", ["kotbi"], ("what is his salary?",)),
        ("quel temps fait-il ? combien d'employés chez Concentrix ?", ["concentrix-staff"], ("quel temps fait-il ?",)),
        ("Kotbi, c'est qui ? il bosse où ?", ["kotbi"], ()),
        ("Klarna remplace des gens ? vraiment ?", ["klarna-700"], ()),
    ],
)
def test_each_question_of_a_message_is_answered_or_named(
    engine: Engine, text: str, entries: list[str], left: tuple[str, ...]
) -> None:
    reading = engine.reader.read(text, NEW)
    assert ([*reading.entries], reading.left) == (entries, left)
    lead = tell(reading, engine.replies).lead
    assert bool(left) == bool(lead)
    assert all(question.rstrip("? ") in lead for question in left)


def test_a_question_is_quoted_without_what_does_more_than_be_read(engine: Engine) -> None:
    said = "who is Kotbi? has @somebody {seen} his <b>salary</b> on t.me/money?"
    reading = engine.reader.read(said, NEW)
    assert reading.entries == ("kotbi",)
    assert reading.left == ("has somebody seen his bsalaryb on tmemoney?",)
    weather = f"quel temps fera-t-il demain {'à Lyon et ' * 12}ailleurs ? combien d'employés chez Concentrix ?"
    (question,) = engine.reader.read(weather, NEW).left
    assert len(question) <= 100
    assert question.endswith(" […]")


@pytest.mark.parametrize("text", ["pourquoi ?", "et alors ?", "why?", "so what?"])
def test_what_was_just_given_is_not_offered_again(engine: Engine, text: str) -> None:
    for first in ("que dit Kotbi ?", "combien d'employés au maroc ?", "what does Damblin say?"):
        given = engine.ask(first)
        reading = engine.reader.read(text, given.conversation)
        assert reading.offered, (first, text)
        assert given.entry not in (*reading.entries, *reading.offered), (first, text)


def test_every_kind_of_reading_is_told(engine: Engine, readings: Read) -> None:
    seen = {reading.kind: reading for _, reading, _ in readings}
    after = engine.ask("combien de salariés chez Intelcia ?").conversation
    for text in (
        "source ?",
        "et le chiffre d'affaires ?",
        "90 000 ?",
        "plus simple stp",
        "c'est quel journal et qui l'a écrit ?",
    ):
        reading = engine.reader.read(text, after)
        seen.setdefault(reading.kind, reading)
    assert set(seen) == set(Kind)
    for kind, reading in seen.items():
        reply = tell(reading, engine.replies)
        assert reply.lead or reply.parts, kind
