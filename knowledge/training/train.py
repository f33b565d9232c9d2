"""From a folder of knowledge to what is served: learned from its questions, kept in a cache beside them."""

import logging
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from knowledge.claims.differences import Differences
from knowledge.encoder.encoder import Encoder
from knowledge.matching.features import features
from knowledge.matching.matcher import text_of
from knowledge.matching.models import Gates, Models, Net, untrained_gate
from knowledge.matching.profiles import profiles
from knowledge.model import Example, Knowledge, Label
from knowledge.reading.judge import usually_asked
from knowledge.training.cache import Cache, Trained
from knowledge.training.claims import fit_stance
from knowledge.training.examples import all_examples, curated, rows_of, strange_turns, tally
from knowledge.training.gates import Held
from knowledge.training.nets import fit_meaning, nearest
from knowledge.training.progress import progress
from knowledge.training.turns import fit_turns, texts_of
from knowledge.training.vectors import vectors_of
from knowledge.words.analysis import Analyst
from knowledge.words.lexicon import Lexicon
from knowledge.words.vocabulary import Vocabulary

CURATED = 4.0  # a question that the curator wrote counts as much as so many others
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
    rows, turns = rows_of(progress(examples, "questions read"), strange_turns(examples), entries, asked, analyst)
    labels, groups = [row.example.label for row in rows], [row.example.group for row in rows]
    plainly = [i for i, row in enumerate(rows) if row.counted]
    known = profiles(((rows[i].question, labels[i]) for i in plainly), told)
    plain = not any(labels[i].silent for i in plainly)
    weigh = np.array([row.taught * (CURATED if row.example.group == "curated" else 1.0) for row in rows], np.float32)
    fold = folds(groups)
    ranker, honest = fit_ranker((features(r.question, plain) for r in rows), labels, fold, plain, weigh)
    models = Models(ranker, known, Gates(untrained_gate()), Gates(untrained_gate()))
    if plain:
        if encoder is not None:
            models = replace(models, meaning=_nearest(knowledge, ranker.labels, analyst, encoder))
        return Trained(models, analyst.vocabulary.heard)
    vocabulary = analyst.vocabulary
    by_words = Held(entries, vocabulary, rows, turns, honest).gates(models)
    models = replace(models, by_words=by_words, by_both=by_words)
    if encoder is None:
        return Trained(models, vocabulary.heard)
    gaps = [c for c in knowledge.concepts if c.kind == "gap" and c.label]
    labels_of = {c.id: [text_of(analyst.analyse(text, lang)) for lang, text in c.label.items()] for c in gaps}
    texts_of_turns = texts_of(turns, rows, entries, analyst)
    texts = [text_of(row.question) for row in rows] + [text_of(analyst.analyse(c.text)) for c in knowledge.claims]
    texts += [text for pair in (*labels_of.values(), *texts_of_turns) for text in pair]
    vector_of = dict(zip(texts, vectors_of(texts, encoder, knowledge.folder), strict=True))
    vectors = np.array([vector_of[text_of(row.question)] for row in rows])
    meaning, honest_meaning = fit_meaning(vectors, labels, ranker.labels, fold, weigh)
    fold_of_turns = np.array([fold[turn.rows[0]] for turn in turns])
    by_turn, honest_turns = fit_turns(turns, texts_of_turns, vector_of, ranker.labels, fold_of_turns)
    models = replace(models, meaning=meaning, turns=by_turn)
    by_both = Held(entries, vocabulary, rows, turns, honest, honest_meaning, honest_turns).gates(models)
    stance = fit_stance(knowledge, Differences(entries, known, analyst), analyst, vector_of)
    reasons = {id: np.asarray(sum(vector_of[text] for text in pair), np.float32) for id, pair in labels_of.items()}
    return Trained(replace(models, by_both=by_both), vocabulary.heard, stance, reasons)


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
