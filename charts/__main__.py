"""python -m charts: draw every chart in both languages; with --check, tell which pictures are old."""

import argparse
import sys
from pathlib import Path

from charts.draw import alike, png
from knowledge.curating import prove as check
from knowledge.curating.load import load
from knowledge.errors import KnowledgeError
from knowledge.languages import LANGUAGES
from knowledge.model import Knowledge
from knowledge.telling.charts import file_name
from knowledge.training import train

PICTURES = Path(__file__).resolve().parents[1] / "bot" / "pictures"


def main(arguments: list[str] | None = None) -> int:
    """Returns the exit status: 0, 1 for an old picture or bad knowledge, 2 for a wrong call."""
    parser = argparse.ArgumentParser(prog="python -m charts", description="Draws the figures of the knowledge.")
    parser.add_argument("--check", action="store_true", help="draw nothing; name the pictures that are old, and exit 1")
    options = parser.parse_args(arguments)
    try:
        drawn = draw_all(proven())
    except KnowledgeError as error:
        print(error, file=sys.stderr)
        return 1
    old = stale(PICTURES, drawn)
    if options.check:
        for name in old:
            print(f"{(PICTURES / name).relative_to(PICTURES.parents[1])} is old: make charts", file=sys.stderr)
        return 1 if old else 0
    PICTURES.mkdir(exist_ok=True)
    for name in old:
        if name in drawn:
            (PICTURES / name).write_bytes(drawn[name])
        else:
            (PICTURES / name).unlink()
        print(f"{name}: {'drawn' if name in drawn else 'removed'}")
    print(f"{len(drawn)} pictures, {len(old)} of them new or changed" if old else f"{len(drawn)} pictures, none old")
    return 0


def proven() -> Knowledge:
    """The built-in knowledge; raises KnowledgeError when a chart is not proven, so that nothing false is drawn."""
    knowledge = load()
    analyst, _, _ = train.learned(knowledge)
    proof = check.Proof(knowledge, analyst)
    shown = {bar.entry for chart in knowledge.charts.values() for bar in chart.bars} & knowledge.entries.keys()
    problems = [p for id in shown for p in proof.of_entry(knowledge.entries[id])]
    problems += [p for chart in knowledge.charts.values() for p in proof.of_chart(chart)]
    if problems:
        raise KnowledgeError(sorted(problems))
    return knowledge


def draw_all(knowledge: Knowledge) -> dict[str, bytes]:
    """Every picture by its file name."""
    return {
        file_name(chart, language): png(knowledge, chart, language)
        for chart in knowledge.charts.values()
        for language in LANGUAGES
    }


def stale(folder: Path, drawn: dict[str, bytes]) -> list[str]:
    """The names of the pictures in `folder` that are missing, other than `drawn`, or of no chart."""
    there = {path.name: path.read_bytes() for path in folder.glob("*.png")}
    return sorted(n for n in {*drawn, *there} if n not in drawn or n not in there or not alike(there[n], drawn[n]))


if __name__ == "__main__":
    sys.exit(main())
