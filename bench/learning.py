"""What learning costs: python -m bench.learning [--questions 100000].

First the training questions of knowledge/faq, then so many that are made of them and take their place: each is one of
theirs with some words dropped, swapped or replaced by a word of another question, so that there are ever more words and
pairs of words to learn. Each set is learned by a process of its own, which loads, trains, keeps the model and asks
every curated question, as a first start does. Printed: its CPU seconds, its peak of memory and its last word.
"""

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from knowledge.curating.load import FAQ, SEEDS

CHANGED = 0.15  # share of the words of a generated question that are not as in the question it is made of
MADE_UP = 0.1  # share of the changed words that no question holds
WRITER = 400  # questions, about as many as one writer of the real ones has


def generated(most: int) -> Iterator[dict[str, Any]]:
    """Rows made of the training rows, with `most` questions in all; the same in every run."""
    chance = random.Random(0)
    files = sorted((FAQ / "training").glob("*.jsonl"))
    real = [json.loads(line) for path in files for line in path.read_text(encoding="utf-8").splitlines()]
    words = [word for row in real for turn in row.get("turns", [row]) for word in turn["q"].split()]

    def changed(turn: dict[str, Any]) -> dict[str, Any]:
        """`turn` with other words in its question."""
        found: list[str] = []
        for word in turn["q"].split():
            if chance.random() >= CHANGED:
                found.append(word)
            elif (way := chance.random()) < MADE_UP:
                found.append("".join(chance.sample(word, len(word))))
            elif way < 0.5:
                found.append(chance.choice(words))
            elif way < 0.75:
                found.insert(max(0, len(found) - 1), word)
        return turn | {"q": " ".join(found) or turn["q"]}

    while most > 0:
        row = chance.choice(real)
        if "turns" in row:
            row = row | {"turns": [changed(turn) for turn in row["turns"][:most]]}
            most -= len(row["turns"])
        else:
            row = changed(row)
            most -= 1
        yield row


def folder(into: Path, questions: int) -> Path:
    """A copy of knowledge/faq without its trained model; with so many generated training questions if that is not 0."""
    faq = into / "faq"
    shutil.copytree(FAQ, faq, ignore=shutil.ignore_patterns(".cache"))
    shutil.copytree(SEEDS, into / "seeds")
    if questions:
        for path in (faq / "training").iterdir():
            path.unlink()
        lines = [json.dumps(row, ensure_ascii=False) for row in generated(questions)]
        for at in range(0, len(lines), WRITER):
            path = faq / "training" / f"generated-{at // WRITER}.jsonl"
            path.write_text("\n".join(lines[at : at + WRITER]) + "\n", encoding="utf-8")
    return faq


def learn(questions: int) -> tuple[float, float, str]:
    """CPU seconds and megabytes of a process that learns so many generated questions, or with 0 the real ones.

    And its last word: generated questions need not teach well enough for every curated question to come home.
    """
    with tempfile.TemporaryDirectory() as scratch:
        command = [sys.executable, "-m", "knowledge", "check", "--faq", str(folder(Path(scratch), questions))]
        with tempfile.TemporaryFile("w+") as said:
            started = subprocess.Popen(command, stdout=said, stderr=said)
            _, status, usage = os.wait4(started.pid, 0)
            started.returncode = os.waitstatus_to_exitcode(status)
            said.seek(0)
            last = said.read().splitlines()[-1]
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, last


def main() -> None:
    """Print a line for the real questions and one for the generated ones."""
    parser = argparse.ArgumentParser(prog="python -m bench.learning", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--questions", type=int, default=100_000, help="how many to generate")
    for questions in (0, parser.parse_args().questions):
        seconds, megabytes, last = learn(questions)
        name = f"{questions} generated questions" if questions else "knowledge/faq"
        print(f"{name}: {seconds:.1f} CPU seconds, {megabytes:.0f} MB at most. {last}", flush=True)


if __name__ == "__main__":
    main()
