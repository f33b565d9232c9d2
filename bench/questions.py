"""The questions of tests/questions, what their sets are called, and when a reply to one is right.

The rows were written from the articles alone, without sight of the FAQ, the lexicon or any reply, and are not trained
on. SETS says what else there is to know of each set.
"""

import json
from pathlib import Path
from typing import Any

from knowledge.engine import Engine
from knowledge.model import Claim, Outcome, Reply

Row = dict[str, Any]
QUESTIONS = Path(__file__).resolve().parents[1] / "tests" / "questions"
STYLES = ("clean", "indirect", "mixed", "noaccent", "sms", "terse", "typo", "voice")
CHATTER = ("offtopic", "chatter")
NEAR = ("near_entity", "near_attribute", "near_year", "false_premise")
FAMILIES = ("pairs", "claims", "figures", "whose", "foreign", "stories")  # each has a file


def _meta(names: str) -> tuple[str, ...]:
    return tuple(f"META:{name}" for name in names.split())


# What a turn may expect that is no entry: a line of small talk; the last answer again; that, or what is said of it.
COURTESIES = _meta("greeting thanks goodbye praise laugh ok feeling help bot insult joke else")
OF_THE_LAST_ANSWER = _meta("source sure repeat who")
OF_THE_ARTICLES = _meta("article link cite simpler doubt puzzled")
SETS = {  # when each set was made, by whom, and whether development has read it
    "single": "2026-11-21, eight writers; read",
    "hard 1": "2026-11-28, four writers told to use the least obvious words; not read, but chosen by",
    "hard 2": "2026-11-28, four others, told the same; not read",
    "foreign 1": "2026-11-28, three writers of what groups and assistants are told; five lines read",
    "foreign 2": "2026-11-28, another one; not read",
    "newcomers": "2026-11-28, a writer of plain, broad questions and what is like them; not read",
    "talks 1": "2026-11-28, two writers of talks; read",
    "talks 2": "2026-11-28, two others, told the same; not read",
    "claims": "2026-11-28, four writers; not read, but chosen by",
}


def read(name: str) -> list[Row]:
    """The rows of a file of tests/questions."""
    return [json.loads(line) for line in (QUESTIONS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]


def wanted(row: Row) -> list[str]:
    """The entries that answer a question of single.jsonl."""
    return [row["label"], *row.get("also", [])]


def told(engine: Engine, reply: Reply) -> set[str]:
    """The entries that `reply` tells: its parts, what these are made of, what they cover."""
    parts = [engine.knowledge.entries[part.entry] for part in reply.parts]
    return {id for part in parts for id in (part.id, *part.covers)} | ({reply.entry} if reply.entry else set())


def verdict(engine: Engine, reply: Reply, wanted: list[str], language: str = "") -> str:
    """Right, wrong, asked back or declined; a `language` must be that of the reply."""
    if reply.outcome is not Outcome.ANSWER:
        return "asked back" if reply.outcome is Outcome.SUGGEST else "declined"
    return "right" if told(engine, reply) & set(wanted) and language in ("", reply.language) else "wrong"


def verdict_alone(engine: Engine, row: Row, reply: Reply) -> str:
    """The verdict on the reply to a row of single.jsonl; of one without an answer, false or held."""
    if row["label"].startswith("none:"):
        return "false" if reply.outcome is Outcome.ANSWER else "held"
    return verdict(engine, reply, wanted(row), "" if row["style"] == "mixed" else row["lang"])


def verdict_on_turn(engine: Engine, reply: Reply, expect: list[str], before: Reply | None) -> str:
    """The verdict on one turn of a conversation in which `before` was the last answer."""
    answered = reply.outcome is Outcome.ANSWER
    same = answered and before is not None and reply.entry == before.entry
    last = {part.entry for part in before.parts} if before is not None else set()
    again = answered and bool(last & {part.entry for part in reply.parts})
    told = {
        **dict.fromkeys(COURTESIES, reply.outcome is Outcome.SMALLTALK),
        **dict.fromkeys(OF_THE_LAST_ANSWER, same),
        **dict.fromkeys(OF_THE_ARTICLES, again or reply.outcome is Outcome.SMALLTALK),
        "META:translate": same and before is not None and reply.language != before.language,
        "META:more": reply.outcome is Outcome.SUGGEST or (answered and not same),
        "NONE": not answered,
    }
    if any(told.get(e, False) for e in expect):
        return "right"
    found = verdict(engine, reply, expect)
    return "false" if found == "wrong" and expect == ["NONE"] else found


def is_right(engine: Engine, family: str, row: Row, reply: Reply) -> bool:
    """Whether `reply` is what a person would call right for a `row` of `family`."""
    wanted, given, offered = set(row["expect"]), told(engine, reply), {s.entry for s in reply.suggestions}
    hit = bool(wanted & given)
    match family:
        case "pairs" if row["missing"]:  # one can be answered, and the rest is named as missing
            return hit and bool(reply.lead)
        case "pairs":  # both are answered; or one, where it is but one question
            return wanted <= given if len(wanted) > 1 else hit and len(reply.parts) == 1
        case "claims":  # what settles it is told, and denied only if it is false
            denied = bool(reply.lead) and reply.claim not in (Claim.CONFIRMED, Claim.INEXACT)
            return hit and denied == (row["verdict"] == "false")
        case "figures" if wanted:  # what tells the figure is given or offered
            return bool(wanted & (given | offered))
        case "whose" if len(wanted) != 1:  # what several could be meant by is asked back
            return reply.outcome is Outcome.SUGGEST and bool(wanted & offered)
        case "foreign" if not wanted:  # another language gets its line and no entry
            return reply.outcome is Outcome.DECLINE and not (offered or given)
    return hit if wanted else reply.outcome is not Outcome.ANSWER
