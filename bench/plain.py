"""Ranking on plain question-and-answer FAQs without a lexicon: python -m bench.plain [FILE …].

Each line of a FAQ is {"id", "question", "answer", "asked": […]}: one official question, and what people ask instead.
Verbatim serves it as it serves any folder (--faq); BM25 and TF-IDF rank the same questions. Printed: how often the
right entry is first, and among the first three.
"""

import hashlib
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import yaml

from bench.rivals import BM25, TFIDF, Rival
from knowledge.engine import Engine
from knowledge.errors import KnowledgeError
from knowledge.model import Outcome

FAQS = Path(__file__).parent / "faqs"
FIRST = 3


def folder(rows: list[dict[str, Any]], language: str, into: Path) -> Path:
    """A folder of knowledge with one entry per row; its article is made of the answers."""
    (into / "seeds").mkdir(parents=True)
    text = "\n".join(row["answer"] for row in rows)
    (into / "seeds" / "answers.txt").write_text(text, encoding="utf-8")
    label = dict.fromkeys(("fr", "en"), "FAQ")
    digest = hashlib.sha256(text.encode()).hexdigest()
    source = {"id": "answers", "file": "answers.txt", "sha256": digest, "label": label, "about": label}
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


def ranked(engine: Engine, question: str) -> list[str]:
    """The entries that Verbatim ranks first, best first."""
    return [entry for entry, _ in engine.matcher.judge(engine.analyst.analyse(question)).ranking[:FIRST]]


def shares(found: list[tuple[str, list[str]]]) -> tuple[float, float]:
    """How often the wanted entry is first, and among the first three."""
    first = sum(wanted == best[0] for wanted, best in found if best)
    return first / len(found), sum(wanted in best[:FIRST] for wanted, best in found) / len(found)


def main(files: list[str]) -> None:
    """Print one line per FAQ and method."""
    for path in [Path(f) for f in files] or sorted(FAQS.glob("*.jsonl")):
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        language = "en" if "english" in path.stem else "fr"
        asked = [(row["id"], question) for row in rows for question in row["asked"]]
        print(f"{path.stem}: {len(rows)} entries, one question each; {len(asked)} asked")
        with tempfile.TemporaryDirectory() as scratch:
            try:
                engine = Engine.open(folder(rows, language, Path(scratch) / "faq"))
            except KnowledgeError as error:
                sys.exit(str(error))
            results = {"Verbatim": shares([(id, ranked(engine, q)) for id, q in asked])}
            replies = [(id, engine.ask(q)) for id, q in asked]
        given = [id == reply.entry for id, reply in replies if reply.outcome is Outcome.ANSWER]
        offered = sum(id in {s.entry for s in reply.suggestions} for id, reply in replies)
        print(f"  Verbatim gives {sum(given)} right and {len(given) - sum(given)} wrong answers; it asks back")
        print(f"  with the right one among its suggestions {offered} times")
        known = [(row["question"], row["id"]) for row in rows]
        rivals: list[Rival] = [BM25(known, language), TFIDF(known)]
        for rival in rivals:
            best = [(id, [entry for entry, _ in rival.rank(q)[:FIRST]]) for id, q in asked]
            results[rival.name] = shares(best)
        for name, (first, three) in results.items():
            print(f"  {name:28} first {first:.1%}   among {FIRST} {three:.1%}")


if __name__ == "__main__":
    main(sys.argv[1:])
