"""What each rule of reading is worth, and what each threshold: python -m bench.rules [THRESHOLD …].

Without a name, a line for each rule: how many replies change without it, and the right answers of each set with it and
without. With names of knowledge.thresholds.Thresholds, the same for half and twice their values.
"""

import argparse
from collections.abc import Iterator
from dataclasses import fields, replace
from typing import Any

from bench.families import FAMILIES, right
from bench.questions import NEAR, STYLES, read
from bench.score import conversations, single
from knowledge.engine import Engine
from knowledge.thresholds import THRESHOLDS, Thresholds

OFF: dict[str, dict[str, Any]] = {"whose": {"anybodys_words": 0}, "yes or no to a figure": {"claim_words": 0}}
NEEDED = ("as it stands", "answer", "choice", "decline")


def measured(engine: Engine) -> tuple[list[str], dict[str, str]]:
    """(every reply in a line each, the figures of each set) of `engine`."""
    replies = [repr(engine.ask(row["q"])) for name in ("single", *FAMILIES) for row in read(f"{name}.jsonl")]
    singles, talks = single(engine, read("single.jsonl")), conversations(engine, read("conversations.jsonl"))
    figures = {
        "right": f"{singles.share('right', STYLES):.2%}",
        "wrong": f"{singles.share('wrong', STYLES):.2%}",
        "near misses": f"{singles.share('false', NEAR):.2%}",
        "turns": f"{talks.share('right', ['later turns']):.2%}",
    }
    return replies, figures | {family: str(count) for family, count in sorted(right(engine).items())}


def without_rules() -> Iterator[tuple[str, Engine]]:
    """An engine without each of the rules that can be left out."""
    for name in [rule.name for rule in Engine.open().reader.rules if rule.name not in NEEDED]:
        engine = Engine.open()
        engine.reader.rules = [rule for rule in engine.reader.rules if rule.name != name]
        yield name, engine
    for name, values in OFF.items():
        yield name, Engine.open(thresholds=replace(THRESHOLDS, **values))


def other_values(names: list[str]) -> Iterator[tuple[str, Engine]]:
    """An engine with half, and one with twice, the value of each threshold."""
    for name in names:
        for factor in (0.5, 2):
            value = getattr(THRESHOLDS, name)
            changed = type(value)(value * factor)
            yield f"{name} {changed:g}", Engine.open(thresholds=replace(THRESHOLDS, **{name: changed}))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m bench.rules", description=__doc__)
    known = [field.name for field in fields(Thresholds)]
    parser.add_argument("threshold", nargs="*", choices=[[], *known, "all"], help="all, or names of thresholds")
    names = parser.parse_args().threshold
    whole, figures = measured(Engine.open())
    print(f"| {'of thresholds' if names else 'without'} | replies that change | {' | '.join(figures)} |")
    print("|---" * (len(figures) + 2) + "|")
    print(f"| as it is | | {' | '.join(figures.values())} |")
    for name, engine in other_values(known if "all" in names else names) if names else without_rules():
        replies, changed = measured(engine)
        differ = sum(a != b for a, b in zip(whole, replies, strict=True))
        print(f"| {name} | {differ} | {' | '.join(changed.values())} |", flush=True)


if __name__ == "__main__":
    main()
