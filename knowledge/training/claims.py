"""Fitting the Stance, from claims that people made on entries and from questions that only ask."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from itertools import islice
from typing import NamedTuple

import numpy as np

from knowledge.arrays import Floats
from knowledge.claims.differences import Difference, Differences
from knowledge.claims.stance import (
    ASKED,
    FALSE,
    STANCES,
    TRUE,
    Stance,
    claimed,
    compared,
    features_of,
    order,
    signals_of,
)  # fmt: skip
from knowledge.matching.matcher import text_of
from knowledge.matching.profiles import Profile, Profiles
from knowledge.model import Example, Knowledge, Label
from knowledge.training.examples import all_examples
from knowledge.training.nets import Recipe, fit_meaning, fit_nets
from knowledge.words.analysis import Analysis, Analyst

MEANING = Recipe(units=64, epochs=12, batch=128, rate=3e-3, smoothing=0.1, dropout=0.3)
GATE = Recipe(units=8, epochs=20, batch=128, rate=5e-3)
MEMBERS = {"meaning": 2, "gate": 4}  # nets that are averaged in what is served
ASKING = 2  # questions that only ask for each claim


class Row(NamedTuple):
    """A message beside an entry, as it is learned from."""

    claim: Analysis
    entry: str
    stance: Label
    group: str
    found: list[Difference]


def fit_stance(
    knowledge: Knowledge, differences: Differences, analyst: Analyst, vectors: Mapping[str, Floats]
) -> Stance | None:
    """The Stance that the claims of `knowledge` teach; None where there are none. `vectors`: by what was encoded."""
    from knowledge.training.ridge import fit_ranker, folds  # and scipy, which serving does without

    if not knowledge.claims:
        return None
    rows = [
        Row(claim, c.entry, TRUE if c.true else FALSE, c.group, differences.of(c.text, claim, c.entry))
        for c in knowledge.claims
        for claim in [analyst.analyse(c.text)]
    ]
    rows += [
        Row(asked, e.label, ASKED, e.group, differences.of(e.text, asked, e.label))
        for e in islice(_only_asking(knowledge), ASKING * len(rows))
        for asked in [analyst.analyse(e.text)]
    ]
    stances, fold = [row.stance for row in rows], folds([row.group for row in rows])
    # What is false by a figure or a name reads like what is true; the differences tell it, and the readers learn sense.
    weigh = np.array([0.0 if row.stance == FALSE and row.found else 1.0 for row in rows], np.float32)
    words, honest_words = fit_ranker((features_of(row.claim, row.entry) for row in rows), stances, fold, weigh=weigh)
    told = {
        (entry.id, language): vectors[text_of(analyst.analyse(entry.answer[language]))]
        for entry in knowledge.entries.values()
        for language in entry.answer
    }
    claims = np.array([vectors[text_of(row.claim)] for row in rows])
    both = compared(claims, np.array([told[row.entry, row.claim.language] for row in rows]))
    meaning, honest_meaning = fit_meaning(both, stances, words.labels, fold, weigh, MEANING, MEMBERS["meaning"])
    heard = _heard(knowledge, rows, analyst)
    at = order(words.labels)
    signals = _signals(rows, honest_words[:, at], honest_meaning[:, at], heard)
    gate = fit_nets(signals, np.array([STANCES.index(s) for s in stances]), len(STANCES), GATE, MEMBERS["gate"])
    return Stance(words, meaning, gate, heard, told)


def _only_asking(knowledge: Knowledge) -> list[Example]:
    """The known questions that stand alone, the curator's first and then evenly of all groups.

    A few of them claim something; that is let pass.
    """
    groups: defaultdict[str, list[Example]] = defaultdict(list)
    for example in all_examples(knowledge):
        entry = knowledge.entries.get(example.label)
        asks = example.group != "told" and not example.before and not example.decoy  # as claims are
        if entry and not entry.entries and asks:
            groups[example.group].append(example)
    curators = groups.pop("curated", [])
    turns = sorted((i / len(group), name, i) for name, group in groups.items() for i in range(len(group)))
    return curators + [groups[name][i] for _, name, i in turns]


def _heard(knowledge: Knowledge, rows: Sequence[Row], analyst: Analyst) -> Profiles:
    """The words of the claims on each entry; among the true ones, those of its statements."""
    heard = Profiles({}, Profile(), Profile())
    for entry in knowledge.entries.values():
        heard.labels[claimed(entry.id, FALSE)] = Profile()
        true = heard.labels[claimed(entry.id, TRUE)] = Profile()
        for text in entry.texts:
            true.words.update(set(analyst.analyse(text).words))
    for row in rows:
        if row.stance != ASKED:
            heard.count(row.claim, claimed(row.entry, row.stance))
    for id in knowledge.entries:
        heard.told.words.update(Counter(set(heard[claimed(id, TRUE)].words)))
    return heard


def _signals(rows: Sequence[Row], words: Floats, meaning: Floats, heard: Profiles) -> Floats:
    """The signals of each row, as they are without what its own group claims."""
    members = defaultdict(list)
    for at, row in enumerate(rows):
        members[row.group].append(at)
    found: dict[int, tuple[float, ...]] = {}
    for group in members.values():
        claims = [rows[at] for at in group if rows[at].stance != ASKED]
        for row in claims:
            heard.count(row.claim, claimed(row.entry, row.stance), -1)
        for at in group:
            row = rows[at]
            found[at] = signals_of(row.claim, row.entry, words[at], meaning[at], row.found, heard)
        for row in claims:
            heard.count(row.claim, claimed(row.entry, row.stance))
    return np.array([found[at] for at in range(len(rows))], np.float32)
