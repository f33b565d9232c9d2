"""What each part, each rule of reading and each threshold is worth: python -m bench.ablation parts|rules|NAME ….

`parts` are left out one at a time and the rest is trained anew, which takes some minutes; so are `rules`, without
training; of a threshold of knowledge.thresholds, half and twice its value are tried. A line for each: how many replies
change, and what is right of each set of questions.
"""

import argparse
from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from functools import lru_cache, partial

from bench.questions import FAMILIES, NEAR, STYLES, read
from bench.score import conversations, families, single
from knowledge.curating.load import load
from knowledge.encoder.encoder import open_encoder
from knowledge.engine import Engine
from knowledge.matching import matcher
from knowledge.matching.features import features
from knowledge.reading.judge import Judge
from knowledge.reading.reader import RULES
from knowledge.thresholds import THRESHOLDS, Thresholds
from knowledge.training import train
from knowledge.training.examples import all_examples
from knowledge.words.analysis import Analysis

Engines = Iterator[tuple[str, Engine]]  # each with what is different about it
PARTS: dict[str, Callable[[str], bool]] = {  # what of the features is kept
    "pairs of words": lambda f: f.startswith("@") or " " not in f,
    "concepts and their pairs": lambda f: not f.startswith("@") or " " in f,
    "pairs of concepts": lambda f: f.count("@") < 2,
    "names with words": lambda f: not (f.startswith("@") and " " in f),
}
OFF = {"whose": replace(THRESHOLDS, anybodys_words=0), "yes to a claim": replace(THRESHOLDS, confirm_from=2.0)}
NEEDED = {"as it stands", "answer", "choice", "decline"}


def trained(keep: Callable[[str], bool] = lambda f: True, *, spelling: bool = True, meaning: bool = True) -> Engine:
    """An engine that learns from the features to `keep`, and mends no `spelling` or reads no `meaning` if told so."""
    knowledge = load()
    analyst, _, _ = train.learned(knowledge)
    if not spelling:
        analyst.vocabulary.correct = lru_cache(lambda word: (word, 0))
        analyst.analyse.cache_clear()

    def kept(question: Analysis, letters: bool = False) -> list[str]:
        return [f for f in features(question, letters) if keep(f)]

    train.features = matcher.features = kept  # type: ignore[attr-defined]
    encoder = open_encoder() if meaning else None
    found = train.train(knowledge, all_examples(knowledge), analyst, encoder)
    judges = matcher.Matcher(knowledge.entries, found.models, analyst.vocabulary, encoder)
    return Engine(knowledge, Judge(knowledge, analyst, judges, THRESHOLDS, found.stance, found.reasons))


def without_parts() -> Engines:
    """An engine trained without each of the parts of the matching."""
    for name, keep in PARTS.items():
        yield name, trained(keep)
    yield "mending of spelling", trained(spelling=False)
    yield "the encoder", trained(meaning=False)


def without_rules() -> Engines:
    """An engine without each of the rules that can be left out."""
    for name in [name for name in RULES if name not in NEEDED]:
        engine = Engine.open()
        engine.reader.rules = {other: rule for other, rule in RULES.items() if other != name}
        yield name, engine
    for name, thresholds in OFF.items():
        yield name, Engine.open(thresholds=thresholds)


def other_values(name: str) -> Engines:
    """An engine with half, and one with twice, the value of a threshold."""
    value = getattr(THRESHOLDS, name)
    for changed in (type(value)(value * 0.5), type(value)(value * 2)):
        yield f"{name} {changed:g}", Engine.open(thresholds=replace(THRESHOLDS, **{name: changed}))


def measured(engine: Engine) -> tuple[list[str], dict[str, str]]:
    """(what every reply says, the figures of each set) of `engine`."""
    asked = [engine.ask(row["q"]) for name in ("single", *FAMILIES) for row in read(name)]
    replies = [f"{reply.statement} {reply.suggestions}" for reply in asked]
    singles, right = single(engine), {name: counts["right"] for name, counts in families(engine).counts.items()}
    figures = {
        "right": f"{singles.share('right', STYLES):.2%}",
        "wrong": f"{singles.share('wrong', STYLES):.2%}",
        "near misses": f"{singles.share('false', NEAR):.2%}",
        "turns": f"{conversations(engine).share('right', ['later turns']):.2%}",
    }
    return replies, figures | {family: str(right[family]) for family in FAMILIES}


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m bench.ablation", description=__doc__)
    names = ["parts", "rules", *(field.name for field in fields(Thresholds))]
    parser.add_argument("names", nargs="+", choices=names, help="what to leave out, or names of thresholds")
    chosen = parser.parse_args().names
    whole, figures = measured(Engine.open())
    print(f"| without, or with | replies that change | {' | '.join(figures)} |")
    print("|---" * (len(figures) + 2) + "|")
    print(f"| as it is | | {' | '.join(figures.values())} |")
    for choice in chosen:
        engines = {"parts": without_parts, "rules": without_rules}.get(choice, partial(other_values, choice))
        for name, engine in engines():
            replies, changed = measured(engine)
            differ = sum(a != b for a, b in zip(whole, replies, strict=True))
            print(f"| {name} | {differ} | {' | '.join(changed.values())} |", flush=True)


if __name__ == "__main__":
    main()
