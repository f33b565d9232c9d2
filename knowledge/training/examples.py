"""What there is to learn from: the curator's own texts, and what people asked, each with its label."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import chain, repeat
from random import Random
from typing import NamedTuple

from knowledge.languages import ARTICLES, LANGUAGES
from knowledge.model import Conversation, Entry, Example, Knowledge, Label, Mention, Talk
from knowledge.reading.follow_ups import different, leans, readings, resolve
from knowledge.reading.judge import named_in
from knowledge.words.analysis import Analysis, Analyst
from knowledge.words.text import folded


def all_examples(knowledge: Knowledge) -> list[Example]:
    """Everything to learn from. A true claim teaches which entry it is about, not when to keep silent."""
    claims = [Example(c.text, Label(c.entry), c.group, c.language, decoy=True) for c in knowledge.claims if c.true]
    return examples_of(knowledge.entries.values(), knowledge.talk.values()) + knowledge.examples + claims


def examples_of(entries: Iterable[Entry], talk: Iterable[Talk]) -> list[Example]:
    """The curated questions, what the entries themselves say, and small talk, as examples of groups of their own."""
    found = []
    for entry in entries:
        for lang in LANGUAGES if entry.bilingual else (ARTICLES,):
            found += [Example(q, Label(entry.id), "curated", lang) for q in entry.questions[lang]]
            found.append(Example(entry.answer[lang], Label(entry.id), "told", lang))
        found += [Example(p.quote, Label(entry.id), "told", ARTICLES) for p in entry.evidence if not p.hidden]
    return found + [Example(q, t.label, "talk", lang) for t in talk for lang, qs in t.questions.items() for q in qs]


def curated(knowledge: Knowledge) -> list[str]:
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


OURS = ("curated", "told", "talk")  # groups of the curator's own texts: too easy to teach a gate
STRANGE = 0.7  # known questions after a strange conversation, for each turn


class Row(NamedTuple):
    """One way to read an example."""

    question: Analysis
    example: Example
    taught: bool  # whether the readers learn from it; else only the gates do

    @property
    def counted(self) -> bool:
        """Whether it belongs to the profile of its label: turns that ask lean on all sorts of names."""
        asks = self.example.label.family in ("entry", "none")
        return self.taught and not self.example.decoy and not (asks and self.example.before)


class Turn(NamedTuple):
    """An example that came after an answer, and the places of its rows, of which the first reads it alone."""

    example: Example
    before: Conversation
    rows: tuple[int, ...]


def strange_turns(examples: Sequence[Example]) -> list[Example]:
    """Known questions that stand alone, each after a conversation that it has nothing to do with.

    What stands alone asks for the same whatever came before.
    """
    chance = Random(0)
    turns = [example.before for example in examples if example.before]
    alone = [e for e in examples if not (e.before or e.decoy or e.group in OURS)]
    chosen = chance.sample(alone, min(len(alone), int(STRANGE * len(turns))))
    return [replace(example, before=chance.choice(turns)) for example in chosen]


def rows_of(
    examples: Iterable[Example],
    strange: Iterable[Example],
    entries: Mapping[str, Entry],
    asked: Mapping[tuple[str, str], tuple[Mention, ...]],
    analyst: Analyst,
) -> tuple[list[Row], list[Turn]]:
    """Every reading of the examples, and those of the examples that are turns of a conversation.

    From `strange` turns the readers of single questions learn nothing.
    """
    rows: list[Row] = []
    turns: list[Turn] = []
    for example, teaches in chain(zip(examples, repeat(True)), zip(strange, repeat(False))):
        before = _before(example, entries, analyst)
        question = analyst.analyse(example.text)
        lent: list[Analysis] = []
        if leans(question, before):
            told, usual = named_in(entries[before.entry], analyst), asked[before.entry, question.language]
            lent = readings(question, before, told, usual)
        leaning = bool(lent) and example.label.family in ("entry", "none")
        found = [Row(question, example, teaches and not leaning and not (example.decoy and example.before))]
        likeliest = lent[:1] if leaning and teaches else []  # no other reading teaches
        taught = {(r.words, r.mentions) for r in likeliest}
        found += [Row(r, example, (r.words, r.mentions) in taught) for r in different(question, lent)]
        if (question.words, question.mentions) in taught:
            found[0] = found[0]._replace(taught=True)
        if before.entry:
            turns.append(Turn(example, before, tuple(range(len(rows), len(rows) + len(found)))))
        rows += found
    return rows, turns


def _before(example: Example, entries: Mapping[str, Entry], analyst: Analyst) -> Conversation:
    """What the conversation remembers when `example` is said: the last answer and what was asked."""
    conversation = Conversation()
    for text, label in example.before:
        if label in entries:
            question = analyst.analyse(text)
            if leans(question, conversation):
                question = resolve(question, conversation)
            shown = (*conversation.shown, label)
            conversation = Conversation(label, question.language, question.mentions, shown)
    return conversation
