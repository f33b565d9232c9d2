"""What must be true of the bot after a case, whatever it was given."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.fuzz.cases import Step
from tests.fuzz.double import MIGRATED, Call
from tests.fuzz.words import BOT

WRITTEN = ("text", "caption", "query", "data", "first_name", "title")  # fields that people fill
TELLING = 12  # characters; a shorter text may be in a log by chance


class ClaimError(AssertionError):
    """A claim that did not hold."""


@dataclass(frozen=True, slots=True)
class Rights:
    """What the calls of one update may name, as JSON texts."""

    chats: set[str] = field(default_factory=set)
    queries: set[str] = field(default_factory=set)  # names of parameters with their values


def judge(steps: Sequence[Step], outcomes: Sequence[str], calls: Sequence[Call], log: Sequence[str]) -> None:
    """Raise ClaimError with the first claim that does not hold. `log`: the lines that the bot has written."""
    calm = not any(step.faults for step in steps)
    for outcome, step in zip(outcomes, steps, strict=True):
        _ended(outcome, step)
        if calm and step.quality == "plain" and outcome != "answered" and _waits(_loaded(step.raw)):
            raise ClaimError(f"a person waits, and a plain {step.kind} is {outcome}")
    own = [(call, steps[call.step]) for call in calls if call.step is not None and call.step < len(steps)]
    for call, step in own:
        _addressed(call, step)
    _once(own)
    _in_order(own)
    _discreet(log, steps)


def rights(update: Any) -> Rights:
    """What the answer to `update` may touch: the chat that it came from, and its own query."""
    chats = {
        json.dumps(_in(update, *place, "chat", "id"))
        for place in (("message",), ("edited_message",), ("callback_query", "message"), ("my_chat_member",))
    }
    queries = {
        f"{parameter}={_text(_in(update, *place))}"
        for parameter, place in (
            ("callback_query_id", ("callback_query", "id")),
            ("inline_message_id", ("callback_query", "inline_message_id")),
            ("inline_query_id", ("inline_query", "id")),
            ("guest_query_id", ("guest_message", "guest_query_id")),
        )
    }
    return Rights(chats - {"null"}, queries)


def _ended(outcome: str, step: Step) -> None:
    """Every update ends; one that Telegram may send is handled, unless something fails on the way."""
    if outcome.startswith(("escaped", "never ended", "kept")):
        raise ClaimError(f"{step.kind}: {outcome}")
    if step.quality == "plain" and not step.faults and outcome not in ("answered", "silent"):
        raise ClaimError(f"a plain {step.kind} is {outcome}")


def _waits(update: Any) -> bool:
    """Whether `update` is something that a person writes to the bot alone, so that silence would be a fault."""
    message = _in(update, "message") or {}
    writes = _in(message, "chat", "type") == "private" and bool(message.get("text"))
    other = {"via_bot", "is_automatic_forward", "migrate_to_chat_id", "migrate_from_chat_id"} & message.keys()
    asks = "inline_query" in update or _in(update, "guest_message", "guest_query_id") is not None
    presses = _in(update, "callback_query", "message", "chat", "type") == "private"
    return asks or presses or (writes and not other and not _in(message, "from", "is_bot"))


def _addressed(call: Call, step: Step) -> None:
    """No call goes to anybody but those whose update it belongs to, and Telegram understands it."""
    if call.refused and step.quality != "plain":
        return  # nobody gets it
    allowed = rights(_loaded(step.raw))
    if (chat := call.params.get("chat_id")) is not None:
        moved = {json.dumps(MIGRATED)} if "migrated" in step.faults else set()
        if json.dumps(chat) not in allowed.chats | moved:
            raise ClaimError(f"{call.method} goes to the chat {chat}, which did not ask")
    else:
        named = [name for name in call.params if name.endswith(("query_id", "inline_message_id"))]
        if not named:
            raise ClaimError(f"{call.method} is not an answer to anybody")
        for name in named:
            if f"{name}={_text(call.params[name])}" not in allowed.queries:
                raise ClaimError(f"{call.method} answers another query: {name} {call.params[name]}")
    if step.quality == "plain" and call.method != "answerCallbackQuery" and _forged(_loaded(step.raw)):
        raise ClaimError(f"{call.method} follows the press of a button that is not there")
    if call.refused:
        raise ClaimError(f"Telegram refuses {call.method}: {call.refused}")


def _forged(update: Any) -> bool:
    """Whether `update` is a press, in a group, of a button that its message does not show."""
    chat, keyboard = ("callback_query", "message", "chat"), ("callback_query", "message", "reply_markup")
    if _in(update, "callback_query") is None or _in(update, *chat, "type") == "private":
        return False
    rows = _in(update, *keyboard, "inline_keyboard") or []
    return _in(update, "callback_query", "data") not in [b.get("callback_data") for row in rows for b in row]


def _once(own: list[tuple[Call, Step]]) -> None:
    """What arrived is answered once, also if it was delivered twice."""
    sent = Counter(call.step for call, step in own if call.method.startswith("send") and call.answered)
    for call, step in own:
        if sent[call.step] > 1 and step.quality == "plain" and not step.faults:
            raise ClaimError(f"a {step.quality} {step.kind} gets {sent[call.step]} messages")


def _in_order(own: list[tuple[Call, Step]]) -> None:
    """The answers in a chat come in the order of what was said there."""
    last: dict[str, int] = defaultdict(int)
    for call, step in own:
        if step.quality == "plain" and "chat_id" in call.params and call.step is not None:
            chat = json.dumps(call.params["chat_id"])
            if call.step < last[chat]:
                raise ClaimError(f"{call.method} for update {call.step} comes after one for update {last[chat]}")
            last[chat] = call.step


def _discreet(log: Sequence[str], steps: Sequence[Step]) -> None:
    """No line of the log holds what people wrote."""
    if log:
        lines = "\n".join(log)
        for step in steps:
            for text in _written(_loaded(step.raw)):
                if text in lines:
                    raise ClaimError(f"what somebody wrote is in the log: {text!r} in {lines[-2000:]}")


def _written(value: Any) -> Iterator[str]:
    inside = [("", value)]
    while inside:  # no recursion: an update may be deeper than the interpreter's stack
        key, value = inside.pop()
        if isinstance(value, dict):
            inside += value.items()
        elif isinstance(value, list):
            inside += (("", item) for item in value)
        elif isinstance(value, str) and key in WRITTEN and len(value) >= TELLING and value != BOT["username"]:
            yield value


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
    if isinstance(value, list):  # the library leaves out what is empty
        value = [item for item in value if item is not None]
    return json.dumps(value or None, sort_keys=True)
