"""From a folder of knowledge to what is served: learned from its questions, kept in a cache beside them."""

import logging
from collections import defaultdict

import numpy as np

from knowledge.matching.features import features
from knowledge.matching.matcher import Matcher
from knowledge.matching.models import untrained_gate
from knowledge.matching.profiles import profiles
from knowledge.model import Example, Knowledge
from knowledge.reading.judge import usually_asked
from knowledge.training.cache import Cache, Trained
from knowledge.training.examples import all_examples, curated, readings_of, tally
from knowledge.training.progress import progress
from knowledge.words.analysis import Analyst
from knowledge.words.lexicon import Lexicon
from knowledge.words.vocabulary import Vocabulary

CURATED = 4.0  # a question that the curator wrote counts as much as so many others
log = logging.getLogger(__name__)


def learned(knowledge: Knowledge) -> tuple[Analyst, Trained | None, Cache]:
    """An analyst who knows the words of `knowledge`, what was learned of it before, and where that is kept."""
    analyst = Analyst(Lexicon(knowledge.concepts, knowledge.shorthand), Vocabulary())
    analyst.teach(curated(knowledge))
    cache = Cache(knowledge.folder, knowledge.digest)
    kept = cache.read()
    analyst.hear(kept.heard if kept else tally(all_examples(knowledge)))
    return analyst, kept, cache


def matcher(knowledge: Knowledge, trained: Trained, analyst: Analyst) -> Matcher:
    """The Matcher that was trained for this knowledge."""
    return Matcher(knowledge.entries, trained.ranker, trained.gate, trained.profiles, analyst.vocabulary)


def anew(knowledge: Knowledge, analyst: Analyst, cache: Cache) -> Trained:
    """Train and keep it. In `cache` it is in half precision: that is what every start serves, so the first does too."""
    examples = all_examples(knowledge)
    log.info("Learning from %d questions, once for this knowledge: some seconds…", len(examples))
    trained = train(knowledge, examples, analyst)
    cache.write(trained)
    return cache.read() or trained


def train(knowledge: Knowledge, examples: list[Example], analyst: Analyst) -> Trained:
    """Fit the ranker on all examples, and the gate on what the ranker says of each group without that group."""
    from knowledge.training.fit import fit_gate, fit_ranker  # and scipy, which serving does without

    entries = knowledge.entries
    told = {id: [analyst.analyse(text) for text in entry.texts] for id, entry in entries.items()}
    asked = usually_asked(entries.values(), analyst)
    read = [(row, e) for e in progress(examples, "questions read") for row in readings_of(e, entries, asked, analyst)]
    rows, labels, groups = ([r for r, _ in read], [e.label for _, e in read], [e.group for _, e in read])
    plainly = [i for i, (_, e) in enumerate(read) if not e.decoy]
    known = profiles(((rows[i], labels[i]) for i in plainly), told)
    plain = not any(label.silent for label in labels)
    weigh_by = np.array([CURATED if group == "curated" else 1.0 for group in groups], np.float32)
    ranker, honest = fit_ranker((features(r, plain) for r in rows), labels, groups, plain, weigh_by)
    trained = Trained(ranker, untrained_gate(), known, analyst.vocabulary.heard)
    if plain:
        return trained
    judge = matcher(knowledge, trained, analyst)
    members = defaultdict(list)
    for i in plainly:
        members[groups[i]].append(i)
    signals, right = [], []
    for at in progress(list(members.values()), "writers held out"):
        for i in at:
            known.count(rows[i], labels[i], -1)
        for i in at:
            if labels[i].family in ("entry", "none"):
                verdict = judge.weigh(rows[i], honest[i])
                signals.append(verdict.signals)
                right.append(labels[i] in (verdict.entry, *entries[verdict.entry].covers))
        for i in at:
            known.count(rows[i], labels[i])
    return Trained(ranker, fit_gate(signals, right), known, analyst.vocabulary.heard)
