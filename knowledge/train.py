"""From a knowledge folder to a Matcher: trained on its questions, kept in a cache beside them.

Training takes seconds, so its result is stored under a name that digests everything it depends on; nothing
stale can be loaded, and a folder that cannot be written is served all the same.
"""

import hashlib
import json
import logging
import os
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np

from knowledge.analysis import Analysis, Analyst
from knowledge.features import features
from knowledge.learn import Gate, Ranker, fit_gate, fit_ranker
from knowledge.load import Talk
from knowledge.match import SILENCE, UNTRAINED_GATE, Matcher, columns, profiles, weigh
from knowledge.model import Entry, Example

log = logging.getLogger(__name__)
CODE = ("text", "vocabulary", "lexicon", "analysis", "features", "learn", "match", "train")


def matcher(
    entries: Mapping[str, Entry], examples: list[Example], analyst: Analyst, cache: Path, digest: str
) -> Matcher:
    """The Matcher for these entries, from `cache` when it was trained on exactly this, else trained now.

    `digest` identifies the folder's contents; the code that training runs through is added to it.
    """
    path = cache / f"model-{_digest(digest)}.npz"
    rows = [analyst.analyse(e.text) for e in examples]
    told = _told(entries, analyst)
    try:
        ranker, gate = _read(path)
    except (OSError, ValueError, KeyError):
        ranker, gate = _train(entries, examples, rows, told, analyst)
        _write(path, ranker, gate)
    known = profiles(zip(rows, (e.label for e in examples), strict=True), told)
    return Matcher(entries, ranker, gate, known, analyst.vocabulary)


def _train(
    entries: Mapping[str, Entry],
    examples: list[Example],
    rows: list[Analysis],
    told: dict[str, list[Analysis]],
    analyst: Analyst,
) -> tuple[Ranker, Gate]:
    labels = [e.label for e in examples]
    groups = [e.group for e in examples]
    ranker, honest = fit_ranker([features(r) for r in rows], labels, groups)
    if not any(label.startswith(SILENCE) for label in labels):
        return ranker, UNTRAINED_GATE
    masks = columns(ranker.labels, entries)
    members = defaultdict(list)
    for i, group in enumerate(groups):
        members[group].append(i)
    signals, right = [], []
    for group, at in members.items():
        known = profiles(((rows[i], labels[i]) for i in range(len(rows)) if groups[i] != group), told)
        for i in at:
            if labels[i] in entries or labels[i].startswith(SILENCE):
                top, _, found = weigh(rows[i], honest[i], masks, ranker.labels, known, analyst.vocabulary)
                signals.append(found)
                right.append(ranker.labels[top[0]] == labels[i])
    return ranker, fit_gate(signals, right)


def _told(entries: Mapping[str, Entry], analyst: Analyst) -> dict[str, list[Analysis]]:
    """What each entry itself says: its answers and its passages."""
    return {
        id: [analyst.analyse(text) for text in (*entry.answer.values(), *(e.quote for e in entry.evidence))]
        for id, entry in entries.items()
    }


def examples_of(entries: Iterable[Entry], talk: Iterable[Talk]) -> list[Example]:
    """The curated questions of the entries and of small talk as examples of groups of their own."""
    found = [Example(q, e.id, "curated", lang) for e in entries for lang, qs in e.questions.items() for q in qs]
    return found + [Example(q, t.label, "talk", lang) for t in talk for lang, qs in t.questions.items() for q in qs]


def _digest(folder: str) -> str:
    digest = hashlib.sha256(folder.encode())
    for module in CODE:
        digest.update(Path(__file__).with_name(f"{module}.py").read_bytes())
    return digest.hexdigest()[:16]


def _write(path: Path, ranker: Ranker, gate: Gate) -> None:
    """Store the models; the folder keeps only the newest."""
    temporary = path.with_name(f"{path.stem}.{os.getpid()}.tmp.npz")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        np.savez_compressed(
            temporary,
            labels=np.array(json.dumps(ranker.labels)),
            features=np.array(json.dumps(list(ranker.index))),
            rarity=ranker.rarity,
            weights=ranker.weights.astype(np.float16),
            bias=ranker.bias,
            gate=np.array([gate.centre, gate.scale, gate.weights]),
            gate_bias=np.array(gate.bias),
        )
        temporary.replace(path)
        for old in path.parent.glob("model-*.npz"):
            if old != path:
                old.unlink(missing_ok=True)
    except OSError as error:
        log.warning("the trained model is not kept: %s", error)


def _read(path: Path) -> tuple[Ranker, Gate]:
    with np.load(path, allow_pickle=False) as kept:
        names: list[str] = json.loads(str(kept["features"]))
        centre, scale, weights = kept["gate"]
        ranker = Ranker(
            tuple(json.loads(str(kept["labels"]))),
            {f: i for i, f in enumerate(names)},
            kept["rarity"],
            kept["weights"].astype(np.float32),
            kept["bias"],
        )
        return ranker, Gate(centre, scale, weights, float(kept["gate_bias"]))
