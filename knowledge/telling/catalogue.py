"""Entries to choose from: lists of one kind, and what to offer while somebody types."""

from collections import defaultdict
from collections.abc import Mapping
from functools import cached_property

from knowledge.languages import LANGUAGES
from knowledge.model import Entry, Knowledge
from knowledge.reading.reader import Reader
from knowledge.words.analysis import Analysis, Analyst
from knowledge.words.text import folded


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
        language = self.reader.language(question, usual)
        if not question.words:
            return language, sorted((e.id for e in self.listing("figure")), key=lambda id: -asked.get(id, 0))[:most]
        begun = folded(typed)
        same = self._questions.get(begun, ())
        if same:
            language = same[0][1]
        judge = self.reader.judge
        ranking = judge.judged(question).verdict.ranking
        ranked = [id for id, score in ranking if score >= judge.thresholds.known_from]
        held = self._words[language]
        found = [id for id in held if all(any(word.startswith(start) for word in held[id]) for start in begun)]
        return language, list(dict.fromkeys([id for id, _ in same] + ranked + found))[:most]

    @cached_property
    def _questions(self) -> dict[tuple[str, ...], list[tuple[str, str]]]:
        """The entries and languages of each question, by its words."""
        found: defaultdict[tuple[str, ...], list[tuple[str, str]]] = defaultdict(list)
        for entry in self.knowledge.entries.values():
            for language in LANGUAGES:
                for question in entry.questions[language]:
                    found[folded(question)].append((entry.id, language))
        return found

    @cached_property
    def _words(self) -> dict[str, dict[str, set[str]]]:
        """By language, the words of each entry's first question and answer."""
        entries = self.knowledge.entries.values()
        return {
            language: {e.id: {*folded(e.questions[language][0]), *folded(e.answer[language])} for e in entries}
            for language in LANGUAGES
        }

    def _speaks_of(self, entry: Entry, wanted: Analysis, concepts: set[str]) -> bool:
        told = [self.analyst.analyse(text) for text in entry.texts]
        if concepts:
            return concepts <= {m.concept for t in told for m in t.mentions}
        return bool(wanted.words) and all(any(w in t.words for t in told) for w in wanted.words)
