"""What there is to learn from: the curator's own texts, and what people asked, each with its label."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from knowledge.languages import ARTICLES, LANGUAGES
from knowledge.model import Conversation, Entry, Example, Knowledge, Label, Mention, Talk
from knowledge.reading.follow_ups import examples as examples_in_conversation
from knowledge.reading.follow_ups import leans, resolve
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


def readings_of(
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
    if not leans(question, conversation) or example.label.family not in ("entry", "none"):
        return [question]
    usual = asked[conversation.entry, question.language]
    read = examples_in_conversation(question, conversation, named_in(entries[conversation.entry], analyst), usual)
    return list({(r.words, r.mentions): r for r in read}.values())
