"""What learning costs: python -m bench.learning [--questions 100000].

First the training questions of knowledge/faq, then so many that are made of them and take their place: each is one of
theirs with some words dropped, misspelled or replaced by a word of another question, so that there are ever more words
and pairs of words to learn. Each set is learned by a process of its own, which loads, trains, keeps the model and asks
every curated question, as a first start does. Printed: its CPU seconds, its peak of memory and its last word.
"""

import argparse
import copy
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
WRITER = 400  # rows, about as many as one writer of the real ones has


def generated(most: int) -> Iterator[dict[str, Any]]:
    """Rows made of the training rows, with `most` questions in all; the same in every run."""
    chance = random.Random(0)
    files = sorted((FAQ / "training").glob("*.jsonl"))
    real = [json.loads(line) for path in files for line in path.read_text(encoding="utf-8").splitlines()]
    words = [word for row in real for turn in row.get("turns", [row]) for word in turn["q"].split()]

    def changed(text: str) -> Iterator[str]:
        for word in text.split():
            if chance.random() >= CHANGED:
                yield word
            elif chance.random() < MADE_UP:
                yield "".join(chance.sample(word, len(word)))
            elif chance.random() < 0.5:
                yield chance.choice(words)

    while most > 0:
        row = copy.deepcopy(chance.choice(real))
        for turn in row.get("turns", [row]):
            turn["q"] = " ".join(changed(turn["q"])) or turn["q"]
            most -= 1
        yield row


def learn(questions: int, scratch: Path) -> str:
    """What a process that learns so many generated questions, or with 0 the real ones, takes, and its last word.

    Generated questions need not teach well enough for every curated question to come home.
    """
    faq = shutil.copytree(FAQ, scratch / "faq", ignore=shutil.ignore_patterns(".cache"))
    shutil.copytree(SEEDS, scratch / "seeds")
    if questions:
        shutil.rmtree(faq / "training")
        (faq / "training").mkdir()
        lines = [json.dumps(row, ensure_ascii=False) + "\n" for row in generated(questions)]
        for at in range(0, len(lines), WRITER):
            path = faq / "training" / f"generated-{at // WRITER}.jsonl"
            path.write_text("".join(lines[at : at + WRITER]), encoding="utf-8")
    said = scratch / "said"
    with said.open("w") as file:
        command = [sys.executable, "-m", "knowledge", "check", "--faq", str(faq)]
        started = subprocess.Popen(command, stdout=file, stderr=file)
        _, status, usage = os.wait4(started.pid, 0)
        started.returncode = os.waitstatus_to_exitcode(status)
    seconds, megabytes = usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024
    return f"{seconds:.1f} CPU seconds, {megabytes:.0f} MB at most. {said.read_text().splitlines()[-1]}"


def main() -> None:
    """Print a line for the real questions and one for the generated ones."""
    parser = argparse.ArgumentParser(prog="python -m bench.learning", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--questions", type=int, default=100_000, help="how many to generate")
    for questions in (0, parser.parse_args().questions):
        with tempfile.TemporaryDirectory() as scratch:
            name = f"{questions} generated questions" if questions else "knowledge/faq"
            print(f"{name}: {learn(questions, Path(scratch))}", flush=True)


if __name__ == "__main__":
    main()
