"""Questions that one rule of reading exists for: two at once, claims, figures alone, whose?, other languages, stories.

Each file of tests/questions is scored by what a person would call right; `python -m bench.rules` says what each rule
adds. The rows were written without sight of the FAQ, the lexicon or any reply, and are not trained on.
"""

from collections import Counter
from collections.abc import Callable
from typing import Any

from bench.questions import read
from knowledge.engine import Engine
from knowledge.model import NEW, Outcome, Reply

Judge = Callable[[dict[str, Any], Reply, set[str], set[str]], bool]


def _pairs(row: dict[str, Any], reply: Reply, wanted: set[str], told: set[str]) -> bool:
    """Both answered; or the one that can be, and the rest named as missing; or one, where it is but one question."""
    if row["missing"]:
        return bool(wanted & told and reply.lead)
    return wanted <= told if len(wanted) > 1 else bool(wanted & told) and len(reply.parts) == 1


def _claims(row: dict[str, Any], reply: Reply, wanted: set[str], told: set[str]) -> bool:
    """What settles it is told; a false claim is not confirmed and told to be so, a true one is not denied."""
    confirmed = reply.lead.startswith(("C’est bien", "That is what"))
    denied = bool(reply.lead) and not confirmed
    return bool(wanted & told) and (denied if row["verdict"] == "false" else not denied)


def _figures(row: dict[str, Any], reply: Reply, wanted: set[str], told: set[str]) -> bool:
    """What tells the figure is given or offered; of a figure that nothing tells, nothing is given."""
    offered = {s.entry for s in reply.suggestions}
    return bool(wanted & (told | offered)) if wanted else reply.outcome is not Outcome.ANSWER


def _whose(row: dict[str, Any], reply: Reply, wanted: set[str], told: set[str]) -> bool:
    """What several could be meant by is asked back; what can mean but one thing is answered."""
    if len(wanted) == 1:
        return bool(wanted & told)
    return reply.outcome is Outcome.SUGGEST and bool(wanted & {s.entry for s in reply.suggestions})


def _foreign(row: dict[str, Any], reply: Reply, wanted: set[str], told: set[str]) -> bool:
    """Another language gets its line and no entry; French and English with odd words are understood."""
    return bool(wanted & told) if wanted else reply.outcome is Outcome.DECLINE and not (reply.suggestions or told)


def _stories(row: dict[str, Any], reply: Reply, wanted: set[str], told: set[str]) -> bool:
    """What is asked in the end is answered, where the sources say it."""
    return bool(wanted & told) if wanted else reply.outcome is not Outcome.ANSWER


FAMILIES: dict[str, Judge] = {
    "pairs": _pairs, "claims": _claims, "figures": _figures, "whose": _whose, "foreign": _foreign, "stories": _stories,
}  # fmt: skip


def ask(engine: Engine, family: str) -> list[tuple[dict[str, Any], Reply, bool]]:
    """Each row of `family`, the reply to it after what was said before, and whether that is right."""
    found = []
    for row in read(f"{family}.jsonl"):
        conversation = NEW
        before = row.get("before", [])
        for number, text in enumerate(before):
            conversation = engine.ask(text, conversation, now=float(number)).conversation
        reply = engine.ask(row["q"], conversation, now=float(len(before)))
        found.append((row, reply, FAMILIES[family](row, reply, set(row["expect"]), given(engine, reply))))
    return found


def given(engine: Engine, reply: Reply) -> set[str]:
    """The entries that `reply` tells: its parts, what these are made of, what they cover."""
    entries = engine.knowledge.entries
    parts = [entries[part.entry] for part in reply.parts]
    return {id for part in parts for id in (part.id, *part.covers)} | ({reply.entry} if reply.entry else set())


def right(engine: Engine) -> Counter[str]:
    """How many rows of each family get the right reply."""
    return Counter(family for family in FAMILIES for _, _, is_right in ask(engine, family) if is_right)
