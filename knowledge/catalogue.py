"""Entries to choose from: lists of one kind, and what to offer while somebody types."""

from collections.abc import Mapping

from knowledge.analysis import Analysis, Analyst
from knowledge.load import Knowledge
from knowledge.model import Entry
from knowledge.reading import KNOWN_FROM, Reader
from knowledge.text import fold, words
from knowledge.vocabulary import LANGUAGES

SURE_OF_LANGUAGE = 3.0  # bits; below, the language that is usual is kept


class Catalogue:
    """Finds entries; says nothing of them."""

    def __init__(self, knowledge: Knowledge, analyst: Analyst, reader: Reader) -> None:
        self.knowledge = knowledge
        self.analyst = analyst
        self.reader = reader

    def listing(self, kind: str, words: str = "") -> list[Entry]:
        """The entries of one kind in the curator's order; with `words`, those that speak of all of them."""
        wanted = self.analyst.analyse(words)
        concepts = wanted.of_kind("place", "organisation", "person", "subject")
        return [
            e for e in self.knowledge.entries.values()
            if e.kind == kind and (not words.strip() or self._speaks_of(e, wanted, concepts))
        ]  # fmt: skip

    def samples(self) -> list[str]:
        """One entry of each main kind, to show a newcomer what can be asked."""
        kinds = ("figure", "quotation", "organisation", "digest")
        return [ids[0] for kind in kinds if (ids := [e.id for e in self.listing(kind)])]

    def offers(self, typed: str, usual: str, most: int, asked: Mapping[str, int]) -> tuple[str, list[str]]:
        """The language of `typed`, and the entries that it may be heading for.

        While nothing is typed, the figures, those first that were `asked` most. Else first the entry whose question
        it is, then what the matcher ranks, then those with words that begin as typed.
        """
        question = self.analyst.analyse(typed, usual)
        language = question.language if question.certainty >= SURE_OF_LANGUAGE else usual
        if not question.words:
            return language, sorted((e.id for e in self.listing("figure")), key=lambda id: -asked.get(id, 0))[:most]
        entries = self.knowledge.entries.values()
        same = [(e.id, lang) for e in entries for lang in LANGUAGES for q in e.questions[lang] if _same(q, typed)]
        if same:
            language = same[0][1]
        ranked = [id for id, score in self.reader.judged(question).verdict.ranking if score >= KNOWN_FROM]
        begun = [e.id for e in entries if self._begins(e, [w.folded for w in words(typed)], language)]
        return language, list(dict.fromkeys([id for id, _ in same] + ranked + begun))[:most]

    def _speaks_of(self, entry: Entry, wanted: Analysis, concepts: set[str]) -> bool:
        told = [self.analyst.analyse(t) for t in (*entry.answer.values(), *(p.quote for p in entry.evidence))]
        if concepts:
            return concepts <= {m.concept for t in told for m in t.mentions}
        return bool(wanted.words) and all(any(w in t.words for t in told) for w in wanted.words)

    def _begins(self, entry: Entry, typed: list[str], language: str) -> bool:
        held = {w.folded for text in (entry.questions[language][0], entry.answer[language]) for w in words(text)}
        return all(any(w.startswith(t) for w in held) for t in typed)


def _same(one: str, other: str) -> bool:
    return [w.folded for w in words(one)] == [w.folded for w in words(fold(other))]
