"""From a knowledge folder to a Matcher: trained on its questions, kept in a cache beside them.

Training takes seconds, so its result is stored under a name that digests everything it depends on; nothing
stale can be loaded, and a folder that cannot be written is served all the same.
"""

import hashlib
import json
import logging
import os
import zipfile
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from knowledge.matching.features import features
from knowledge.matching.matcher import SILENCE, UNTRAINED_GATE, Matcher, Profile, columns, profiles, weigh
from knowledge.model import LANGUAGES, Conversation, Entry, Example, Knowledge, Mention, Talk
from knowledge.reading.follow_ups import examples as examples_in_conversation
from knowledge.reading.follow_ups import leans, named_in, resolve, usually_asked
from knowledge.training.learn import Gate, Ranker, fit_gate, fit_ranker
from knowledge.words.analysis import Analysis, Analyst
from knowledge.words.lexicon import Lexicon
from knowledge.words.text import folded
from knowledge.words.vocabulary import Vocabulary

CURATED = 4.0  # a question that the curator wrote counts as much as so many others
log = logging.getLogger(__name__)
TRAINING = (  # what a trained model depends on, beside the folder: files of this package
    "model.py", "words/*.py", "matching/*.py", "reading/follow_ups.py", "training/*.py", "curating/load.py",
)  # fmt: skip
PROVING = ("**/*.py",)


@dataclass(frozen=True, slots=True)
class Trained:
    """All that training yields."""

    ranker: Ranker
    gate: Gate
    profiles: dict[str, Profile]
    heard: dict[str, Counter[str]]  # how often each word stands in the questions of each language


class Cache:
    """The trained model of one folder of knowledge, and the word that its questions were proven with it."""

    def __init__(self, folder: Path, digest: str) -> None:
        trained, proven = _code(digest, TRAINING), _code(digest, PROVING)
        self.path = folder / ".cache" / f"model-{trained}.npz"
        self.mark = self.path.with_name(f"model-{trained}.{proven}.proven")

    @property
    def proven(self) -> bool:
        """Whether every curated question came home with just this model and this code."""
        return self.mark.exists()

    def set_proven(self) -> None:
        """Remember that they did."""
        if self.path.exists():
            self.mark.touch()

    def read(self) -> Trained | None:
        """The trained model, or None if there is none that can be read."""
        try:
            with np.load(self.path, allow_pickle=False) as kept:
                names: list[str] = json.loads(str(kept["features"]))
                centre, scale, weights = kept["gate"]
                ranker = Ranker(
                    tuple(json.loads(str(kept["labels"]))),
                    {f: i for i, f in enumerate(names)},
                    kept["rarity"],
                    kept["weights"].astype(np.float32),
                    kept["bias"],
                    bool(kept["letters"]),
                )
                seen = {
                    label: Profile(size, Counter(concepts), Counter(words), set(years))
                    for label, (size, concepts, words, years) in json.loads(str(kept["profiles"])).items()
                }
                heard = {language: Counter(counts) for language, counts in json.loads(str(kept["heard"])).items()}
                return Trained(ranker, Gate(centre, scale, weights, float(kept["gate_bias"])), seen, heard)
        except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile, zlib.error):
            return None

    def write(self, trained: Trained) -> None:
        """Store the model in place of older ones; a folder that cannot be written only costs time."""
        temporary = self.path.with_name(f"new-{os.getpid()}.npz")
        ranker, gate = trained.ranker, trained.gate
        seen = {label: (p.size, p.concepts, p.words, sorted(p.years)) for label, p in trained.profiles.items()}
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            np.savez_compressed(
                temporary,
                labels=np.array(json.dumps(ranker.labels)),
                features=np.array(json.dumps(list(ranker.index))),
                rarity=ranker.rarity,
                weights=ranker.weights.astype(np.float16),
                bias=ranker.bias,
                letters=np.array(ranker.letters),
                gate=np.array([gate.centre, gate.scale, gate.weights]),
                gate_bias=np.array(gate.bias),
                profiles=np.array(json.dumps(seen)),
                heard=np.array(json.dumps(trained.heard)),
            )
            temporary.replace(self.path)
            for old in self.path.parent.glob("model-*"):
                if not old.name.startswith(self.path.stem):
                    old.unlink(missing_ok=True)
        except OSError as error:
            log.warning("the trained model is not kept: %s", error)


def _code(digest: str, files: tuple[str, ...]) -> str:
    """A digest of a folder's contents and of the code that works on them: the `files` of this package."""
    found = hashlib.sha256(digest.encode())
    package = Path(__file__).parents[1]
    for path in sorted({path for pattern in files for path in package.glob(pattern)}):
        found.update(path.read_bytes())
    return found.hexdigest()[:16]


def matcher(entries: Mapping[str, Entry], trained: Trained, analyst: Analyst) -> Matcher:
    """The Matcher that was trained for these entries."""
    return Matcher(entries, trained.ranker, trained.gate, trained.profiles, analyst.vocabulary)


def learned(knowledge: Knowledge) -> tuple[Analyst, Trained | None, Cache]:
    """An analyst who knows the words of `knowledge`, what was learned of it before, and where that is kept."""
    analyst = Analyst(Lexicon(knowledge.concepts, knowledge.shorthand), Vocabulary())
    analyst.teach(_curated(knowledge))
    cache = Cache(knowledge.folder, knowledge.digest)
    kept = cache.read()
    analyst.hear(kept.heard if kept else tally(all_examples(knowledge)))
    return analyst, kept, cache


def anew(knowledge: Knowledge, analyst: Analyst, cache: Cache) -> Trained:
    """Train and keep it. In `cache` it is in half precision: that is what every start serves, so the first does too."""
    examples = all_examples(knowledge)
    log.info("Learning from %d questions, once for this knowledge: some seconds…", len(examples))
    trained = train(knowledge.entries, examples, analyst)
    cache.write(trained)
    return cache.read() or trained


def all_examples(knowledge: Knowledge) -> list[Example]:
    """Everything to learn from: the curator's own texts and what people asked."""
    return examples_of(knowledge.entries.values(), knowledge.talk.values()) + knowledge.examples


def _curated(knowledge: Knowledge) -> list[str]:
    """Every text of the curator: answers, passages and questions, rightly spelled."""
    texts = [t for e in knowledge.entries.values() for t in e.texts]
    texts += [q for e in knowledge.entries.values() for qs in e.questions.values() for q in qs]
    return texts + [q for t in knowledge.talk.values() for qs in t.questions.values() for q in qs]


def tally(examples: Iterable[Example]) -> dict[str, Counter[str]]:
    """How often each word stands in the questions of each language."""
    found: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for example in examples:
        if example.language:
            found[example.language].update(folded(example.text))
    return found


def train(entries: Mapping[str, Entry], examples: list[Example], analyst: Analyst) -> Trained:
    """Fit the ranker on all examples, and the gate on what the ranker says of each group without that group."""
    told = _told(entries, analyst)
    asked = usually_asked(entries.values(), analyst)
    read = [(row, e) for e in examples for row in _read(e, entries, asked, analyst)]
    rows, labels, groups = ([r for r, _ in read], [e.label for _, e in read], [e.group for _, e in read])
    plainly = [i for i, (_, e) in enumerate(read) if not e.decoy]
    known = profiles(((rows[i], labels[i]) for i in plainly), told)
    plain = not any(label.startswith(SILENCE) for label in labels)
    weigh_by = np.array([CURATED if group == "curated" else 1.0 for group in groups], np.float32)
    ranker, honest = fit_ranker([features(r, plain) for r in rows], labels, groups, plain, weigh_by)
    if plain:
        return Trained(ranker, UNTRAINED_GATE, known, analyst.vocabulary.heard)
    masks = columns(ranker.labels, entries)
    members = defaultdict(list)
    for i in plainly:
        members[groups[i]].append(i)
    signals, right = [], []
    for group, at in members.items():
        others = profiles(((rows[i], labels[i]) for i in plainly if groups[i] != group), told)
        for i in at:
            if labels[i] in entries or labels[i].startswith(SILENCE):
                top, _, found = weigh(rows[i], honest[i], masks, ranker.labels, others, analyst.vocabulary)
                signals.append(found)
                first = ranker.labels[top[0]]
                right.append(first == labels[i] or labels[i] in entries[first].covers)
    return Trained(ranker, fit_gate(signals, right), known, analyst.vocabulary.heard)


def _read(
    example: Example,
    entries: Mapping[str, Entry],
    asked: Mapping[tuple[str, str], tuple[Mention, ...]],
    analyst: Analyst,
) -> list[Analysis]:
    """The analyses of one example: by itself, or in every reading that the conversation before it gives."""
    conversation = Conversation()
    for text, label in example.before:
        if label in entries:
            question = analyst.analyse(text)
            if leans(question, conversation):
                question = resolve(question, conversation)
            conversation = Conversation(label, question.language, question.mentions)
    question = analyst.analyse(example.text)
    if not leans(question, conversation) or not (example.label in entries or example.label.startswith(SILENCE)):
        return [question]
    usual = asked[conversation.entry, question.language]
    read = examples_in_conversation(question, conversation, named_in(entries[conversation.entry], analyst), usual)
    return list({(r.words, r.mentions): r for r in read}.values())


def _told(entries: Mapping[str, Entry], analyst: Analyst) -> dict[str, list[Analysis]]:
    """What each entry itself says: its answers and its passages."""
    return {id: [analyst.analyse(text) for text in entry.texts] for id, entry in entries.items()}


def examples_of(entries: Iterable[Entry], talk: Iterable[Talk]) -> list[Example]:
    """The curated questions, what the entries themselves say, and small talk, as examples of groups of their own."""
    found = []
    for entry in entries:
        for lang in LANGUAGES if entry.questions["fr"] != entry.questions["en"] else LANGUAGES[:1]:
            found += [Example(q, entry.id, "curated", lang) for q in entry.questions[lang]]
            found.append(Example(entry.answer[lang], entry.id, "told", lang))
        found += [Example(p.quote, entry.id, "told", "fr") for p in entry.evidence if not p.hidden]
    return found + [Example(q, t.label, "talk", lang) for t in talk for lang, qs in t.questions.items() for q in qs]
