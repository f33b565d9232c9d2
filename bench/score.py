"""How well it answers questions that it was not trained on: python -m bench.score [--show].

right      the entry that the asker wants, in the asker's language
wrong      another entry, or another language
asked back the bot offers up to three questions instead: no answer, but no harm
false      an answer to a question that the sources do not answer
"""

import argparse
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from bench.families import FAMILIES, ask
from bench.questions import CHATTER, NEAR, STYLES, read
from knowledge.engine import Engine
from knowledge.model import NEW, Outcome, Reply
from knowledge.thresholds import THRESHOLDS


@dataclass
class Score:
    """Counts by group: a style of answerable questions, a kind of unanswerable ones, first or later turns."""

    counts: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    misses: list[str] = field(default_factory=list)

    def add(self, group: str, verdict: str, text: str, wanted: object, reply: Reply) -> None:
        """Count one reply."""
        self.counts[group][verdict] += 1
        if verdict not in ("right", "held"):
            self.misses.append(
                f"{verdict:10} {wanted} {text!r} -> {reply.entry or reply.outcome.value} {reply.score:.2f}"
            )

    def share(self, verdict: str, groups: Iterable[str]) -> float:
        """The share of `verdict` in `groups`, 0..1."""
        chosen = [self.counts[g] for g in groups if g in self.counts]
        return sum(c[verdict] for c in chosen) / max(1, sum(c.total() for c in chosen))


def single(engine: Engine, rows: list[dict[str, Any]]) -> Score:
    """Score questions asked by themselves."""
    score = Score()
    for row in rows:
        reply = engine.ask(row["q"])
        if row["label"].startswith("none:"):
            verdict = "false" if reply.outcome is Outcome.ANSWER else "held"
            score.add(row["label"].removeprefix("none:"), verdict, row["q"], "nothing", reply)
            continue
        wanted = [row["label"], *row.get("also", [])]
        language = "" if row["style"] == "mixed" else row["lang"]
        score.add(row["style"], _verdict(engine, reply, wanted, language), row["q"], wanted, reply)
    return score


def conversations(engine: Engine, rows: list[dict[str, Any]]) -> Score:
    """Score the turns of conversations; a turn is judged by what it should yield after the turns before it."""
    score = Score()
    for row in rows:
        conversation, before = NEW, None
        for number, turn in enumerate(row["turns"]):
            reply = engine.ask(turn["q"], conversation, now=float(number))
            verdict = _turn(engine, reply, turn["expect"], before)
            score.add("later turns" if number else "first turns", verdict, turn["q"], turn["expect"], reply)
            conversation, before = reply.conversation, reply if reply.outcome is Outcome.ANSWER else before
    return score


def _verdict(engine: Engine, reply: Reply, wanted: list[str], language: str) -> str:
    if reply.outcome is not Outcome.ANSWER:
        return "asked back" if reply.outcome is Outcome.SUGGEST else "declined"
    given = {
        reply.entry,
        *(p.entry for p in reply.parts),
        *(c for p in reply.parts for c in engine.knowledge.entries[p.entry].covers),
    }
    return "right" if given & set(wanted) and language in ("", reply.language) else "wrong"


def _turn(engine: Engine, reply: Reply, expect: list[str], before: Reply | None) -> str:
    answered = reply.outcome is Outcome.ANSWER
    same = before is not None and reply.entry == before.entry
    told = {
        "META:greeting": reply.outcome is Outcome.SMALLTALK,
        "META:thanks": reply.outcome is Outcome.SMALLTALK,
        "META:source": answered and same,
        "META:repeat": answered and same,
        "META:translate": answered and same and before is not None and reply.language != before.language,
        "META:more": reply.outcome is Outcome.SUGGEST or (answered and not same),
        "NONE": not answered,
    }
    if any(told.get(e, False) for e in expect):
        return "right"
    verdict = _verdict(engine, reply, expect, "")
    return "false" if verdict == "wrong" and expect == ["NONE"] else verdict


def main() -> None:
    """Print the table, and with --show every miss."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.score", description=__doc__.splitlines()[0] if __doc__ else ""
    )
    parser.add_argument("--show", action="store_true", help="print every miss")
    parser.add_argument("--brief", action="store_true", help="without the other methods")
    parser.add_argument("--answer-from", type=float, default=THRESHOLDS.answer_from, help="another threshold")
    options = parser.parse_args()
    engine = Engine.open(thresholds=replace(THRESHOLDS, answer_from=options.answer_from))
    for name, score in (("single", single(engine, read("single.jsonl"))),
                        ("conversations", conversations(engine, read("conversations.jsonl")))):  # fmt: skip
        print(f"{name}: {sum(c.total() for c in score.counts.values())} asked")
        for group, counts in sorted(score.counts.items(), key=lambda item: (item[0] in NEAR, item[0])):
            total = counts.total()
            print(
                f"  {group:15} {total:4}  " + " · ".join(f"{v} {n} ({n / total:.1%})" for v, n in counts.most_common())
            )
        if name == "single":
            print(
                f"  answerable:     right {score.share('right', STYLES):.1%}, wrong {score.share('wrong', STYLES):.1%}"
            )
            print(f"  near misses:    false {score.share('false', NEAR):.1%}")
            print(f"  small talk and off-topic: false {score.share('false', CHATTER):.1%}")
        if options.show:
            print("\n".join(f"    {miss}" for miss in score.misses))
    for family in FAMILIES:
        replies = ask(engine, family)
        print(f"{family}: right {sum(right for *_, right in replies)} of {len(replies)}")
        if options.show:
            misses = [
                f"    {row['expect']} {row['q']!r} -> {reply.entry or reply.outcome.value}"
                for row, reply, right in replies
                if not right
            ]
            print("\n".join(misses))
    if not options.brief:
        from bench.table import table  # its rivals take some seconds to import

        print("\nat the same number of false answers, right answers by language and style:\n")
        print("\n".join(table(engine, read("single.jsonl"))))


if __name__ == "__main__":
    main()
