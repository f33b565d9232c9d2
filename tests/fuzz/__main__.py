"""The nightly run: python -m tests.fuzz --updates 100000 [--seed N]; one case again: --replay, the case on stdin.

The exit status is 0 if every claim held, else 1.
"""

import argparse
import json
import os
import random
import sys
import tempfile
import time
from dataclasses import asdict

from knowledge.engine import Engine
from tests.fuzz.cases import Case, Step
from tests.fuzz.judge import ClaimError
from tests.fuzz.night import run
from tests.fuzz.play import Player
from tests.fuzz.runner import Failure, Outcomes


def main() -> int:
    """Run, report, return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--updates", type=int, default=100_000, help="play at least so many")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes; default: one a processor")
    parser.add_argument("--replay", action="store_true", help="read one case from stdin and play it")
    parser.add_argument("--database", default="", help="with --replay: an empty PostgreSQL database; default: SQLite")
    options = parser.parse_args()
    if options.replay:
        return _replay(options.database)
    return _run(options.updates, options.seed, options.jobs)


def _run(updates: int, seed: int, jobs: int) -> int:
    began = time.monotonic()

    def tell(played: int) -> None:
        print(f"{played} updates, {played / (time.monotonic() - began):.0f} a second", flush=True)

    print(f"seed {seed}", flush=True)
    outcomes, failure = run(updates, seed, jobs, tell)
    print(table(outcomes))
    if failure is not None:
        print(told(failure))
    return int(failure is not None)


def table(outcomes: Outcomes) -> str:
    """A line for each type of update, a column for each outcome."""
    columns = sorted({outcome for _, outcome in outcomes})
    head = f"{'':26}" + "".join(f"{column:>12}" for column in columns)
    rows = (
        f"{kind:26}" + "".join(f"{outcomes[kind, column]:12}" for column in columns)
        for kind in sorted({kind for kind, _ in outcomes})
    )
    return "\n".join([head, *rows])


def told(failure: Failure) -> str:
    """The claim that does not hold, the smallest case, and how to see it again."""
    steps = [f"{s.quality} {s.kind} {s.raw} {' '.join(s.faults)}".rstrip() for s in failure.case.steps]
    trouble = f" after {', '.join(failure.case.trouble)}" if failure.case.trouble else ""
    how = f"in one poll{trouble}" if failure.case.together else "each after the end of the one before"
    case = json.dumps(asdict(failure.case))
    return "\n".join(
        [
            f"\nBROKEN: {failure.claim}",
            f"\nThe smallest case found; its updates come {how}:",
            *steps,
            "\nAgain:",
            f"python -m tests.fuzz --replay <<'CASE'\n{case}\nCASE",
            f"or from the start: python -m tests.fuzz --seed {failure.seed} --jobs 1",
        ]
    )


def _replay(database: str) -> int:
    given = json.load(sys.stdin)
    steps = tuple(Step(**{**step, "faults": tuple(step["faults"])}) for step in given["steps"])
    with (
        tempfile.TemporaryDirectory() as folder,
        Player(Engine.open(), database or f"sqlite:///{folder}/fuzz.db") as player,
    ):
        try:
            print(*player.play(Case(steps, given["together"], tuple(given["trouble"]))), sep="\n")
        except ClaimError as error:
            print(f"BROKEN: {error}")
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
