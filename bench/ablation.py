"""What each part of the matching is worth: python -m bench.ablation (some minutes: it trains once per line).

One part is left out, the rest is trained anew and asked the standing test. `at the same near misses`: right answers
when the threshold lets through as many near misses as the whole does.
"""

from collections.abc import Callable
from functools import lru_cache

from bench.questions import NEAR, STYLES, read
from knowledge.curating.load import load
from knowledge.matching import matcher as match
from knowledge.matching.features import features
from knowledge.matching.matcher import Matcher
from knowledge.thresholds import THRESHOLDS
from knowledge.training import train
from knowledge.training.examples import all_examples
from knowledge.words.analysis import Analysis

Keep = Callable[[str], bool]
FAMILIES: dict[str, Keep] = {
    "pairs of words": lambda f: f.startswith("@") or " " not in f,
    "concepts and their pairs": lambda f: not f.startswith("@") or " " in f,
    "pairs of concepts": lambda f: f.count("@") < 2,
    "names with words": lambda f: not (f.startswith("@") and " " in f),
}


def judged(keep: Keep, *, spelling: bool = True, signals: bool = True) -> list[tuple[str, str, float]]:
    """(kind, what an answer would be, odds) for each question, with a matcher trained on what is kept."""
    knowledge = load()
    analyst, _, _ = train.learned(knowledge)
    if not spelling:
        analyst.vocabulary.correct = lru_cache(lambda word: (word, 0))
        analyst.analyse.cache_clear()

    def kept(question: Analysis, letters: bool = False) -> list[str]:
        return [f for f in features(question, letters) if keep(f)]

    train.features = match.features = kept  # type: ignore[attr-defined]
    trained = train.train(knowledge, all_examples(knowledge), analyst)
    if not signals:  # the ranking's scores alone
        trained.gate.weights[3:] = 0
    matcher = Matcher(knowledge.entries, trained.ranker, trained.gate, trained.profiles, analyst.vocabulary)
    found = []
    for row in read("single.jsonl"):
        verdict = matcher.judge(analyst.analyse(row["q"]))
        silent = row["label"].startswith("none:")
        mark = "silent" if silent else "right" if verdict.entry in (row["label"], *row.get("also", [])) else "wrong"
        found.append((row["label"].removeprefix("none:") if silent else row["style"], mark, verdict.probability))
    return found


def line(name: str, found: list[tuple[str, str, float]], allowed: float) -> str:
    """One row: ranked right, right and near misses at the threshold, right at the same share of near misses."""
    asked = [(mark, odds) for kind, mark, odds in found if kind in STYLES]
    near = sorted((odds for kind, _, odds in found if kind in NEAR), reverse=True)
    least = near[int(allowed * len(near))]
    ranked = sum(mark == "right" for mark, _ in asked) / len(asked)
    right, same = (
        sum(mark == "right" and odds >= bound for mark, odds in asked) / len(asked)
        for bound in (THRESHOLDS.answer_from, least)
    )
    false = sum(odds >= THRESHOLDS.answer_from for odds in near) / len(near)
    return f"| {name} | {ranked:.1%} | {right:.1%} | {false:.1%} | {same:.1%} |"


def main() -> None:
    """Print the table."""
    whole = judged(lambda f: True)
    near = [odds for kind, _, odds in whole if kind in NEAR]
    allowed = sum(odds >= THRESHOLDS.answer_from for odds in near) / len(near)
    print("| left out | ranked first | right | near misses answered | right at the same near misses |")
    print("|---|---|---|---|---|")
    print(line("nothing", whole, allowed))
    for name, keep in FAMILIES.items():
        print(line(name, judged(keep), allowed), flush=True)
    print(line("mending of spelling", judged(lambda f: True, spelling=False), allowed), flush=True)
    print(line("two-sided signals (scores only)", judged(lambda f: True, signals=False), allowed), flush=True)


if __name__ == "__main__":
    main()
