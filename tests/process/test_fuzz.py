"""Whatever comes over the wire, the bot goes on: random updates and spoilt ones. python -m tests.fuzz plays more."""

import json
from collections.abc import Iterator

import pytest
from telegram import Message, Update

from knowledge.engine import Engine
from tests.fuzz.cases import Case, Step
from tests.fuzz.double import FAULTS
from tests.fuzz.judge import rights
from tests.fuzz.play import Player
from tests.fuzz.runner import chunk
from tests.fuzz.schema import fields, update_types
from tests.fuzz.world import DAY

PERSON = {"id": 11, "is_bot": False, "first_name": "x"}
PRIVATE = {"id": 11, "type": "private", "first_name": "x"}
SAID = {"message_id": 1, "date": DAY, "chat": PRIVATE, "from": PERSON, "text": "Klarna ?"}
PRESS = {"id": "5", "from": PERSON, "chat_instance": "x", "message": SAID, "data": "l:fr"}
BROKEN = {  # what no server should send, and the bot must outlive
    "no update": "null",
    "no JSON": "{",
    "no id": json.dumps({"message": SAID}),
    "nothing but an id": '{"update_id": 1}',
    "a number that is none": '{"update_id": 1, "message": {"date": NaN}}',
    "an id of 4,000 digits": f'{{"update_id": {"9" * 4000}, "message": {json.dumps(SAID)}}}',
    "a chat of 64 bits": json.dumps({"update_id": 1, "message": SAID | {"chat": PRIVATE | {"id": 2**64}}}),
    "a chat that is a list": json.dumps({"update_id": 1, "message": SAID | {"chat": PRIVATE | {"id": [11]}}}),
    "a date after all time": json.dumps({"update_id": 1, "message": SAID | {"date": 10**30}}),
    "half a character": json.dumps({"update_id": 1, "message": SAID | {"text": "/\ud800"}}),
    "3,000 brackets": f'{{"update_id": 1, "message": {"[" * 3000}{"]" * 3000}}}',
    "a type with half a character": json.dumps({"\ud800": {}, "update_id": 1}),
    "a type with a zero": json.dumps({"\0": {}, "update_id": 1}),
    "an entity beyond the text": json.dumps(
        {"update_id": 1, "message": SAID | {"entities": [{"type": "bot_command", "offset": 0, "length": 99}]}}
    ),
}


@pytest.fixture(scope="module")
def player(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Player]:
    with Player(engine, f"sqlite:///{tmp_path_factory.mktemp('fuzz')}/fuzz.db") as player:
        yield player


@pytest.mark.parametrize("seed", range(3))
def test_random_updates_end_and_the_next_question_is_answered(player: Player, seed: int) -> None:
    outcomes, failure = chunk(player, seed, player.own_data(), size=30)
    assert failure is None
    assert outcomes.total() > 30


@pytest.mark.parametrize("raw", BROKEN.values(), ids=BROKEN)
@pytest.mark.parametrize("together", [False, True], ids=["delivered", "polled"])
def test_a_broken_update_ends_and_the_next_question_is_answered(player: Player, raw: str, together: bool) -> None:
    (outcome,) = player.play(Case((Step("message", "spoilt", raw),), together))
    assert outcome.startswith(("answered", "silent", "refused", "aside"))


@pytest.mark.parametrize("fault", FAULTS)
def test_an_update_whose_calls_fail_ends_and_the_next_question_is_answered(player: Player, fault: str) -> None:
    steps = [
        Step(kind, "plain", json.dumps({"update_id": number, kind: body}), (fault,) * number)
        for number, (kind, body) in enumerate([("message", SAID), ("callback_query", PRESS)], 1)
    ]
    player.play(Case(tuple(steps)))


@pytest.mark.parametrize("fault", FAULTS)
def test_a_poll_that_fails_is_made_again(player: Player, fault: str) -> None:
    step = Step("message", "plain", json.dumps({"update_id": 1, "message": SAID}))
    assert player.play(Case((step,), together=True, trouble=(fault,))) == ["answered"]


def test_a_press_without_data_is_acknowledged(player: Player) -> None:
    step = Step("callback_query", "plain", json.dumps({"update_id": 1, "callback_query": PRESS | {"data": ""}}))
    assert player.play(Case((step,))) == ["answered"]


def test_an_update_that_comes_twice_is_answered_once(player: Player) -> None:
    step = Step("message", "plain", json.dumps({"update_id": 1, "message": SAID}))
    assert player.play(Case((step, step), together=True)) == ["answered", "answered"]


def test_every_type_of_update_is_made_of_the_library_s_own_classes() -> None:
    assert set(Update.ALL_TYPES) == set(update_types())
    assert {"from", "text", "guest_query_id"} <= {field.key for field in fields(Message)}


def test_a_call_may_name_only_the_chat_and_the_query_that_it_answers() -> None:
    allowed = rights({"update_id": 1, "callback_query": PRESS})
    assert "11" in allowed.chats
    assert "-21" not in allowed.chats
    assert 'callback_query_id="5"' in allowed.queries
    assert 'inline_query_id="5"' not in allowed.queries
