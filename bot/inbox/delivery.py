"""One update as Telegram delivered it: whose it is, before anybody has understood it."""

import json
import re
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

UNORDERED = ("inline_query", "poll_answer")  # need not wait for what the person writes
LONGEST = 40  # characters; the name of a kind of updates that is longer is cut


@dataclass(frozen=True, slots=True)
class Delivery:
    """An update in the inbox. `received`: seconds since 1970; `tries`: that failed."""

    id: int
    kind: str
    raw: str
    received: float
    tries: int = 0

    @property
    def update(self) -> Any:
        """The update's JSON."""
        return json.loads(self.raw)


def row(update: dict[str, Any], received: float) -> dict[str, Any]:
    """The row of the inbox for `update`; any JSON object has one."""
    raw = json.dumps(update, separators=(",", ":"))  # ASCII: any text of it can be stored anywhere
    kind = next((key for key in update if key != "update_id"), "")
    body = update.get(kind)
    chat = _id(body, "chat") or _id(body, "message", "chat")
    person = _id(body, "from") or _id(body, "user")
    kind = re.sub("[^a-z_]", "?", kind)[:LONGEST]  # so that any kind can be stored anywhere too
    lane = str(chat) if chat and kind not in UNORDERED else f"{kind} {person}"
    return {
        "key": sha256(json.dumps(update, sort_keys=True).encode()).hexdigest(),
        "lane": lane,
        "person": person,
        "kind": kind,
        "raw": raw,
        "received": received,
        "tries": 0,
        "state": "waiting",
    }


def moved(delivery: Delivery, chat: int) -> Delivery:
    """`delivery` as if it had come from the supergroup `chat` that its group has become."""
    update = delivery.update
    body = update[delivery.kind]
    (body if "chat" in body else body["message"])["chat"] |= {"id": chat, "type": "supergroup"}
    return replace(delivery, raw=json.dumps(update))


def _id(body: object, *path: str) -> int | None:
    """The number at `path` and then "id", where there is one that a table can hold."""
    for name in (*path, "id"):
        body = body.get(name) if isinstance(body, dict) else None
    return body if type(body) is int and abs(body) < 2**63 else None
