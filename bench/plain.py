"""Ranking on plain question-and-answer FAQs without a lexicon: python -m bench.plain [FILE …].

Each line of a FAQ is {"id", "question", "answer", "asked": […]}: one official question, and what people ask instead.
Verbatim serves it as it serves any folder (--faq); BM25 and TF-IDF rank the same questions. Printed: how often the
right entry is first, and among the first three.
"""

import hashlib
import json
import sys
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

import yaml

from bench.questions import Row
from bench.rivals import bm25, tfidf
from knowledge.engine import Engine
from knowledge.model import Outcome

FAQS = Path(__file__).parent / "faqs"
FIRST = 3


def folder(rows: list[Row], language: str, into: Path) -> Path:
    """A folder of knowledge with one entry per row; its article is made of the answers."""
    (into / "seeds").mkdir(parents=True)
    text = "\n".join(row["answer"] for row in rows)
    (into / "seeds" / "answers.txt").write_text(text, encoding="utf-8")
    digest = hashlib.sha256(text.encode()).hexdigest()
    source = {"id": "answers", "file": "answers.txt", "sha256": digest, "label": "FAQ", "about": "FAQ"}
    entries = [
        {
            "id": row["id"],
            "kind": "background",
            "questions": {language: [row["question"]]},
            "answer": {language: row["answer"]},
            "evidence": [{"source": "answers", "quote": row["answer"]}],
        }
        for row in rows
    ]
    for name, content in (("sources", [source]), ("faq", entries)):
        (into / f"{name}.yaml").write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    return into


def measure(path: Path, scratch: Path) -> None:
    """Print what becomes of the questions of one FAQ, a line for each method."""
    rows: list[Row] = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    language = "en" if "english" in path.stem else "fr"
    asked = [(row["id"], question) for row in rows for question in row["asked"]]
    print(f"{path.stem}: {len(rows)} entries, one question each; {len(asked)} asked")
    engine = Engine.open(folder(rows, language, scratch / "faq"))
    replies = [(id, engine.ask(question)) for id, question in asked]
    given = [id == reply.entry for id, reply in replies if reply.outcome is Outcome.ANSWER]
    offered = sum(id in {s.entry for s in reply.suggestions} for id, reply in replies)
    print(f"  Verbatim gives {sum(given)} right and {len(given) - sum(given)} wrong answers; it asks back")
    print(f"  with the right one among its suggestions {offered} times")
    known = [(row["question"], row["id"]) for row in rows]
    methods: dict[str, Callable[[str], Iterable[tuple[str, float]]]] = {
        "Verbatim": lambda question: engine.matcher.judge(engine.analyst.analyse(question)).ranking,
        **{rival.name: rival.rank for rival in (bm25(known, language), tfidf(known))},
    }
    for name, rank in methods.items():
        best = [(id, [entry for entry, _ in rank(question)][:FIRST]) for id, question in asked]
        first = sum([id] == entries[:1] for id, entries in best) / len(best)
        among = sum(id in entries for id, entries in best) / len(best)
        print(f"  {name:28} first {first:.1%}   among {FIRST} {among:.1%}")


def main(files: list[str]) -> None:
    """Measure each FAQ."""
    for path in [Path(f) for f in files] or sorted(FAQS.glob("*.jsonl")):
        with tempfile.TemporaryDirectory() as scratch:
            measure(path, Path(scratch))


if __name__ == "__main__":
    main(sys.argv[1:])
