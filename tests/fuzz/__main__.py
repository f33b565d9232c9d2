"""The nightly run: python -m tests.fuzz --updates 100000 [--seed N]; one case again: --replay, the case on stdin.

The exit status is 0 if every claim held, else 1.
"""

import argparse
import json
import random
import sys
import time
from collections import Counter
from dataclasses import asdict

from knowledge.engine import Engine
from tests.fuzz.cases import Case, Step
from tests.fuzz.judge import Broken
from tests.fuzz.play import Player
from tests.fuzz.runner import Failure, Tally, run

EVERY = 30.0  # seconds between signs of life


def main() -> int:
    """Run, report, return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--updates", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--replay", action="store_true", help="read one case from stdin and play it")
    parser.add_argument("--database", default="", help="the URL of an empty database; default: SQLite in memory")
    options = parser.parse_args()
    with Player(Engine.open(), options.database) as player:
        return _replay(player) if options.replay else _run(player, options.updates, options.seed)


def _run(player: Player, updates: int, seed: int) -> int:
    began = told = time.monotonic()

    def tell(tally: Tally) -> None:
        nonlocal told
        if time.monotonic() - told > EVERY:
            told = time.monotonic()
            print(f"{tally.updates} updates, {tally.updates / (told - began):.0f} a second", flush=True)

    print(f"seed {seed}", flush=True)
    tally, failure = run(player, updates, seed, tell)
    took = time.monotonic() - began
    print(f"{tally.updates} updates in {took:.0f} s, {tally.updates / took:.0f} a second")
    print(table(tally.outcomes))
    if failure is not None:
        print(told_of(failure))
    return int(failure is not None)


def table(outcomes: Counter[tuple[str, str]]) -> str:
    """A line for each type of update, a column for each outcome."""
    columns = sorted({outcome for _, outcome in outcomes})
    lines = [f"{'':26}" + "".join(f"{c:>12}" for c in columns)]
    for kind in sorted({kind for kind, _ in outcomes}):
        lines.append(f"{kind:26}" + "".join(f"{outcomes[kind, c]:12}" for c in columns))
    return "\n".join(lines)


def told_of(failure: Failure) -> str:
    """The claim that does not hold, the smallest case, and how to see it again."""
    steps = [f"{s.quality} {s.kind} {s.raw} {' '.join(s.faults)}".rstrip() for s in failure.case.steps]
    together = "side by side" if failure.case.together else "one after the other"
    return "\n".join(
        [
            f"\nBROKEN: {failure.claim}",
            f"The smallest case found, its updates {together}:",
            *steps,
            "\nAgain:",
            f"python -m tests.fuzz --replay <<'CASE'\n{json.dumps(asdict(failure.case))}\nCASE",
            f"or from the start: python -m tests.fuzz --seed {failure.seed}",
        ]
    )


def _replay(player: Player) -> int:
    given = json.load(sys.stdin)
    steps = tuple(Step(**{**step, "faults": tuple(step["faults"])}) for step in given["steps"])
    try:
        print(*player.play(Case(steps, given["together"])), sep="\n")
    except Broken as broken:
        print(f"BROKEN: {broken}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
