"""python -m tests.torture: run every ordeal and print the figures; exit status 1 if a claim does not hold."""

import argparse
import asyncio
import sys

from tests.process.postgres import Postgres, available
from tests.torture.fleet import STORES, Fleet, PostgresFleet, open_fleet
from tests.torture.report import Figure, broken, details, of_end, of_kills, of_silences, table
from tests.torture.scenarios import (
    Plan,
    end_in_the_middle,
    kill_again_and_again,
    silence_one_after_the_other,
)


async def run(plan: Plan, store: str, postgres: Postgres | None) -> dict[str, list[Figure]]:
    """All ordeals with one store: the figures of each. One process alone is not silenced: nobody could take over."""
    fleet: Fleet = await open_fleet(store, postgres)
    print(f"{store}: logs in {fleet.folder}", file=sys.stderr)
    try:
        await fleet.start()
        silenced = await silence_one_after_the_other(fleet, plan) if isinstance(fleet, PostgresFleet) else None
        killed = await kill_again_and_again(fleet, plan)
        drained = await end_in_the_middle(fleet, plan)
    finally:
        await fleet.close()
    for ordeal in (silenced, killed, drained):
        if ordeal is not None:
            print(*details(ordeal.verdict), sep="\n", file=sys.stderr)
    told = {"Killed again and again": of_kills(killed, plan), "Asked to end in mid-work": of_end(drained, plan)}
    return told if silenced is None else {"Frozen or cut off": of_silences(silenced), **told}


def main() -> int:
    """Read the command line, run, report."""
    parser = argparse.ArgumentParser(description="Kill the bot again and again, and count what people saw.")
    parser.add_argument("--kills", type=int, default=Plan.kills)
    parser.add_argument("--chats", type=int, default=Plan.chats)
    parser.add_argument("--waiting", type=int, default=Plan.waiting, help="questions that wait at SIGTERM")
    parser.add_argument("--store", choices=(*STORES, "both"), default="both")
    parser.add_argument("--seed", type=int, default=Plan.seed)
    options = parser.parse_args()
    plan = Plan(options.kills, chats=options.chats, waiting=options.waiting, seed=options.seed)
    stores = STORES if options.store == "both" else (options.store,)
    if "postgres" in stores and not available():
        print("PostgreSQL is not installed: apt install postgresql, or --store sqlite", file=sys.stderr)
        return 2
    postgres = Postgres() if "postgres" in stores else None
    try:
        results = {store: asyncio.run(run(plan, store, postgres)) for store in stores}
    finally:
        if postgres is not None:
            postgres.stop()
    for ordeal in dict.fromkeys(ordeal for told in results.values() for ordeal in told):
        columns = {store: told[ordeal] for store, told in results.items() if ordeal in told}
        print(table(ordeal, columns), end="\n\n")
    wrong = [line for told in results.values() for figures in told.values() for line in broken(figures)]
    print(*[f"Does not hold: {line}" for line in wrong], sep="\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
