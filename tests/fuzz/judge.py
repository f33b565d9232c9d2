"""What must be true after a case: what a call may touch, and what a failure is."""

import json
from dataclasses import dataclass, field
from typing import Any

from tests.fuzz.cases import Step
from tests.fuzz.double import MIGRATED, Call



class Broken(AssertionError):
    """A claim that did not hold."""


@dataclass(frozen=True, slots=True)
class Rights:
    """What the calls of one update may name, as JSON texts."""

    chats: set[str] = field(default_factory=set)
    queries: set[str] = field(default_factory=set)  # names of parameters with their values


def rights(update: Any) -> Rights:
    """What the answer to `update` may touch: the chat that it came from, and its own query."""
    given = Rights()
    for kind in ("message", "edited_message"):
        message = _in(update, kind)
        for place in (("chat", "id"), ("migrate_to_chat_id",), ("migrate_from_chat_id",)):
            given.chats.add(_text(_in(message, *place)))
    for place in (("callback_query", "message", "chat", "id"), ("my_chat_member", "chat", "id")):
        given.chats.add(_text(_in(update, *place)))
    for parameter, place in (
        ("callback_query_id", ("callback_query", "id")),
        ("inline_message_id", ("callback_query", "inline_message_id")),
        ("inline_query_id", ("inline_query", "id")),
        ("guest_query_id", ("guest_message", "guest_query_id")),
    ):
        given.queries.add(f"{parameter}={_text(_in(update, *place))}")
    return given


def judge_call(call: Call, step: Step) -> None:
    """Raise Broken if `call` goes to anybody but those whom `step` is of, or if Telegram would not understand it."""
    if call.refused and step.quality != "plain":
        return  # nobody gets it
    allowed = rights(_loaded(step.raw))
    chat = call.params.get("chat_id")
    if chat is not None:
        moved = {_text(MIGRATED)} if "migrated" in step.faults else set()
        if _text(chat) not in allowed.chats | moved:
            raise Broken(f"{call.method} goes to the chat {chat}, which did not ask")
    else:
        named = [name for name in call.params if name.endswith(("query_id", "inline_message_id"))]
        if not named:
            raise Broken(f"{call.method} is not an answer to anybody")
        for name in named:
            if f"{name}={_text(call.params[name])}" not in allowed.queries:
                raise Broken(f"{call.method} answers another query: {name} {call.params[name]}")
    if call.refused:
        raise Broken(f"Telegram refuses {call.method}: {call.refused}")


def judge_outcome(outcome: str, step: Step) -> None:
    """Raise Broken if an update that Telegram may send was not handled, and nothing failed on the way."""
    if outcome.startswith(("escaped", "never ended")):
        raise Broken(f"{step.kind}: {outcome}")
    if step.quality == "plain" and not step.faults and outcome not in ("answered", "silent"):
        raise Broken(f"a plain {step.kind} is {outcome}")


def _loaded(raw: str) -> Any:
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        return None


def _in(value: Any, *path: str) -> Any:
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _text(value: Any) -> str:
    return json.dumps(value or None, sort_keys=True)  # the library sends nothing for what is empty


