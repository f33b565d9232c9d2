"""From a folder of knowledge to what is served: learned from its questions, kept in a cache beside them."""

import logging
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from knowledge.arrays import Floats
from knowledge.claims.differences import Differences
from knowledge.encoder.encoder import Encoder
from knowledge.matching.features import features
from knowledge.matching.matcher import Matcher, text_of
from knowledge.matching.models import Models, Net, untrained_gate
from knowledge.matching.profiles import profiles
from knowledge.matching.signals import Signals
from knowledge.model import Example, Knowledge, Label
from knowledge.reading.judge import usually_asked
from knowledge.training.cache import Cache, Trained
from knowledge.training.claims import fit_stance
from knowledge.training.examples import all_examples, curated, readings_of, tally
from knowledge.training.nets import fit_gate, fit_meaning, nearest
from knowledge.training.progress import progress
from knowledge.training.vectors import vectors_of
from knowledge.words.analysis import Analyst
from knowledge.words.lexicon import Lexicon
from knowledge.words.vocabulary import Vocabulary

CURATED = 4.0  # a question that the curator wrote counts as much as so many others
OURS = ("curated", "told", "talk")  # groups of the curator's own texts: too easy to teach the gate
log = logging.getLogger(__name__)


def learned(knowledge: Knowledge, encoder: Encoder | None = None) -> tuple[Analyst, Trained | None, Cache]:
    """An analyst who knows the words of `knowledge`, what was learned of it before, and where that is kept."""
    analyst = Analyst(Lexicon(knowledge.concepts, knowledge.shorthand), Vocabulary())
    analyst.teach(curated(knowledge))
    cache = Cache(knowledge.folder, knowledge.digest, encoder)
    kept = cache.read()
    analyst.hear(kept.heard if kept else tally(all_examples(knowledge)))
    return analyst, kept, cache


def anew(knowledge: Knowledge, analyst: Analyst, cache: Cache, encoder: Encoder | None = None) -> Trained:
    """Train and keep it. In `cache` it is in half precision: that is what every start serves, so the first does too."""
    examples = all_examples(knowledge)
    log.info("Learning from %d questions, once for this knowledge…", len(examples))
    trained = train(knowledge, examples, analyst, encoder)
    cache.write(trained)
    return cache.read() or trained


def train(knowledge: Knowledge, examples: list[Example], analyst: Analyst, encoder: Encoder | None = None) -> Trained:
    """Fit both readers on all examples, and the gates on what they say of each group of examples without that group."""
    from knowledge.training.ridge import fit_ranker, folds  # and scipy, which serving does without

    entries = knowledge.entries
    told = {id: [analyst.analyse(text) for text in entry.texts] for id, entry in entries.items()}
    asked = usually_asked(entries.values(), analyst)
    read = [(row, e) for e in progress(examples, "questions read") for row in readings_of(e, entries, asked, analyst)]
    rows, labels, groups = ([r for r, _ in read], [e.label for _, e in read], [e.group for _, e in read])
    plainly = [i for i, (_, e) in enumerate(read) if not e.decoy]
    known = profiles(((rows[i], labels[i]) for i in plainly), told)
    plain = not any(labels[i].silent for i in plainly)
    weigh = np.array([CURATED if group == "curated" else 1.0 for group in groups], np.float32)
    fold = folds(groups)
    ranker, honest = fit_ranker((features(r, plain) for r in rows), labels, fold, plain, weigh)
    models = Models(ranker, known, untrained_gate(), untrained_gate())
    if plain:
        if encoder is not None:
            models = replace(models, meaning=_nearest(knowledge, ranker.labels, analyst, encoder))
        return Trained(models, analyst.vocabulary.heard)
    readers: list[tuple[Floats, Floats | None]] = [(honest, None)]
    stance, reasons = None, {}
    if encoder is not None:
        gaps = [c for c in knowledge.concepts if c.kind == "gap" and c.label]
        labels_of = {c.id: [text_of(analyst.analyse(text, lang)) for lang, text in c.label.items()] for c in gaps}
        texts = [text_of(row) for row in rows] + [text_of(analyst.analyse(c.text)) for c in knowledge.claims]
        texts += [text for pair in labels_of.values() for text in pair]
        encoded = vectors_of(texts, encoder, knowledge.folder)
        vectors = encoded[: len(rows)]
        meaning, honest_meaning = fit_meaning(vectors, labels, ranker.labels, fold, weigh)
        models = replace(models, meaning=meaning)
        readers.append((honest, honest_meaning))
        differences = Differences(entries, known, analyst)
        vector_of = dict(zip(texts, encoded, strict=True))
        stance = fit_stance(knowledge, differences, analyst, vector_of)
        reasons = {id: np.asarray(sum(vector_of[text] for text in pair), np.float32) for id, pair in labels_of.items()}
    judge = Matcher(entries, models, analyst.vocabulary)
    members = defaultdict(list)
    for i in plainly:
        if groups[i] not in OURS:
            members[groups[i]].append(i)
    signals: list[list[Signals]] = [[], []]
    right: list[list[bool]] = [[], []]
    for at in progress(list(members.values()), "writers held out"):
        for i in at:
            known.count(rows[i], labels[i], -1)
        for i in at:
            if labels[i].family not in ("entry", "none"):
                continue
            for kind, (words, meanings) in enumerate(readers):
                verdict = judge.weigh(rows[i], words[i], None if meanings is None else meanings[i])
                signals[kind].append(verdict.signals)
                right[kind].append(labels[i] in (verdict.entry, *entries[verdict.entry].covers))
        for i in at:
            known.count(rows[i], labels[i])
    gates = [fit_gate(signals[kind], right[kind]) for kind in range(len(readers))]
    models = replace(models, gate=gates[0], gate_of_both=gates[-1])
    return Trained(models, analyst.vocabulary.heard, stance, reasons)


def _nearest(knowledge: Knowledge, order: Sequence[Label], analyst: Analyst, encoder: Encoder) -> Net:
    """The reader of meanings of a folder without training questions: from its questions, also with their answers."""
    rows = [
        (q, e.answer[lang], Label(e.id))
        for e in knowledge.entries.values()
        for lang in e.questions
        for q in e.questions[lang]
    ]
    rows += [(q, "", t.label) for t in knowledge.talk.values() for qs in t.questions.values() for q in qs]
    asked = [text_of(analyst.analyse(question)) for question, _, _ in rows]
    told = [f"{text} {text_of(analyst.analyse(answer))}" for text, (_, answer, _) in zip(asked, rows, strict=True)]
    vectors = vectors_of(asked + told, encoder, knowledge.folder)
    labels = np.array([order.index(label) for _, _, label in rows])
    return nearest(vectors[: len(rows)], vectors[len(rows) :], labels, len(order))
