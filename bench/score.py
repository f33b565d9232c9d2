"""How well it answers questions that it was not trained on: python -m bench.score [--show] [--brief].

right      the entry that the asker wants, in the asker's language
wrong      another entry, or another language
asked back the bot offers up to three questions instead: no answer, but no harm
false      an answer to a question that the sources do not answer
"""

import argparse
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from bench.questions import (
    CHATTER,
    FAMILIES,
    NEAR,
    SETS,
    STYLES,
    Row,
    is_right,
    read,
    told,
    verdict,
    verdict_alone,
    verdict_on_turn,
    wanted,
)  # fmt: skip
from knowledge.engine import Engine
from knowledge.model import NEW, Claim, Outcome, Reply
from knowledge.thresholds import THRESHOLDS


@dataclass
class Score:
    """Counts by group: a style of answerable questions, a kind of unanswerable ones, first or later turns, a family."""

    counts: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    misses: list[str] = field(default_factory=list)

    def add(self, group: str, verdict: str, text: str, wanted: object, reply: Reply) -> None:
        """Count one reply."""
        self.counts[group][verdict] += 1
        if verdict not in ("right", "held"):
            given = reply.entry or reply.outcome.value
            self.misses.append(f"{verdict:10} {wanted} {text!r} -> {given} {reply.score:.2f}")

    def share(self, verdict: str, groups: Iterable[str]) -> float:
        """The share of `verdict` in `groups`, 0..1."""
        chosen = [self.counts[g] for g in groups if g in self.counts]
        return sum(c[verdict] for c in chosen) / max(1, sum(c.total() for c in chosen))


def single(engine: Engine) -> Score:
    """Score questions asked by themselves."""
    score = Score()
    for row in read("single"):
        reply, kind = engine.ask(row["q"]), row["label"].removeprefix("none:")
        group, right = (row["style"], wanted(row)) if kind == row["label"] else (kind, ["nothing"])
        score.add(group, verdict_alone(engine, row, reply), row["q"], right, reply)
    return score


def strangers(engine: Engine) -> dict[str, Counter[str]]:
    """What becomes of each set of strangers' questions: counts of verdicts; "offered": right, but only offered."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for row in read("strangers"):
        reply = engine.ask(row["q"])
        if row["expect"]:
            judged = verdict(engine, reply, row["expect"], "" if row["style"] == "mixed" else row["lang"])
            shown = {s.entry for s in reply.suggestions} | told(engine, reply)
            near = judged in ("asked back", "declined") and shown & {*row["expect"]}
            found[row["set"]]["offered" if near else judged] += 1
        else:
            found[row["set"]]["false" if reply.outcome is Outcome.ANSWER else "held"] += 1
    return found


def strangers_table(engine: Engine) -> Iterator[str]:
    """The lines of a table of `strangers`."""
    yield "| set | answerable | right at once | offered | neither | wrong | unanswerable | answered all the same |"
    yield "|---|---|---|---|---|---|---|---|"
    for name, counts in strangers(engine).items():
        not_so = counts["held"] + counts["false"]
        asked = counts.total() - not_so
        shares = [counts["right"], counts["offered"], counts["asked back"] + counts["declined"], counts["wrong"]]
        told = [f"{n / asked:.1%}" if asked else "" for n in shares]
        false = f"{counts['false'] / not_so:.1%}"
        yield f"| {name} ({SETS[name]}) | {asked or ''} | {' | '.join(told)} | {not_so} | {false} |"


def claims(engine: Engine) -> dict[str, Counter[str]]:
    """What becomes of strangers' claims, the true ones and the false ones: counts of what is said of them."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for row in read("verdicts"):
        reply = engine.ask(row["q"])
        said = str(reply.claim) if reply.claim is not Claim.NONE else "another lead" if reply.lead else "passage alone"
        found[row["verdict"]][said if told(engine, reply) & set(row["expect"]) else "another passage or none"] += 1
    return found


def claims_table(engine: Engine) -> Iterator[str]:
    """The lines of a table of `claims`."""
    said = [*(str(claim) for claim in Claim if claim is not Claim.NONE), "passage alone", "another lead"]
    said.append("another passage or none")
    yield f"| claims ({SETS['claims']}) | asked | {' | '.join(said)} |"
    yield "|---" * (len(said) + 2) + "|"
    for name, counts in claims(engine).items():
        yield f"| {name} | {counts.total()} | {' | '.join(f'{counts[s] / counts.total():.1%}' for s in said)} |"


def conversations(engine: Engine, rows: list[Row] | None = None) -> Score:
    """Score the turns of conversations; a turn is judged by what it should yield after the turns before it."""
    score = Score()
    for row in read("conversations") if rows is None else rows:
        conversation, before = NEW, None
        for number, turn in enumerate(row["turns"]):
            reply = engine.ask(turn["q"], conversation, now=float(number))
            verdict = verdict_on_turn(engine, reply, turn["expect"], before)
            score.add("later turns" if number else "first turns", verdict, turn["q"], turn["expect"], reply)
            conversation, before = reply.conversation, reply if reply.outcome is Outcome.ANSWER else before
    return score


def talks_table(engine: Engine) -> Iterator[str]:
    """The lines of a table of strangers' talks: what becomes of their first turns and of those that come after."""
    said = ("right", "asked back", "declined", "wrong", "false")
    yield f"| talks | turns | {' | '.join(said)} |"
    yield "|---" * (len(said) + 2) + "|"
    sets: dict[str, list[Row]] = defaultdict(list)
    for row in read("talks"):
        sets[row["set"]].append(row)
    for name, rows in sets.items():
        for turns, counts in conversations(engine, rows).counts.items():
            shares = " | ".join(f"{counts[s] / counts.total():.1%}" for s in said)
            yield f"| {name}, {turns} ({SETS[name]}) | {counts.total()} | {shares} |"


def families(engine: Engine) -> Score:
    """Score questions that one rule of reading exists for, each after what was said before it."""
    score = Score()
    for family in FAMILIES:
        for row in read(family):
            conversation = NEW
            for number, text in enumerate([*row.get("before", []), row["q"]]):
                reply = engine.ask(text, conversation, now=float(number))
                conversation = reply.conversation
            verdict = "right" if is_right(engine, family, row, reply) else "wrong"
            score.add(family, verdict, row["q"], row["expect"], reply)
    return score


def main() -> None:
    """Print the table, and with --show every miss."""
    parser = argparse.ArgumentParser(prog="python -m bench.score", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--show", action="store_true", help="print every miss")
    parser.add_argument("--brief", action="store_true", help="without the other methods")
    parser.add_argument("--answer-from", type=float, default=THRESHOLDS.answer_from, help="another threshold")
    options = parser.parse_args()
    engine = Engine.open(thresholds=replace(THRESHOLDS, answer_from=options.answer_from))
    print("\n".join(strangers_table(engine)))
    print("\n".join(["", *claims_table(engine), "", *talks_table(engine), ""]))
    for asked in (single, conversations, families):
        score = asked(engine)
        made = f" ({SETS['single']})" if asked is single else ""
        print(f"{asked.__name__}{made}: {sum(c.total() for c in score.counts.values())} asked")
        for group, counts in sorted(score.counts.items(), key=lambda item: (item[0] in NEAR, item[0])):
            total = counts.total()
            told = " · ".join(f"{verdict} {n} ({n / total:.1%})" for verdict, n in counts.most_common())
            print(f"  {group:15} {total:4}  {told}")
        if asked is single:
            print(
                f"  answerable:     right {score.share('right', STYLES):.1%}, wrong {score.share('wrong', STYLES):.1%}"
            )
            print(f"  near misses:    false {score.share('false', NEAR):.1%}")
            print(f"  small talk and off-topic: false {score.share('false', CHATTER):.1%}")
        if options.show:
            print("\n".join(f"    {miss}" for miss in score.misses))
    if not options.brief:
        from bench.table import table  # its rivals take some seconds to import

        print("\nat the same number of false answers, right answers by language and style:\n")
        print("\n".join(table(engine)))


if __name__ == "__main__":
    main()
