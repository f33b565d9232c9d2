"""Which words stand for which thing: the concepts that questions are understood in.

A concept is something the articles speak of, a way of asking, or something that people ask about and the
articles do not cover. Patterns are plain words, so a curator reads and widens them without code.
"""

from collections.abc import Iterator
from functools import lru_cache
from itertools import chain

from knowledge.languages import LANGUAGES
from knowledge.model import NAMES, Concept, Mention
from knowledge.words.text import fold

_Step = tuple[str, bool]  # a word, and whether any ending may follow it


class Lexicon:
    """All concepts, with their patterns compiled for look-up by first word."""

    def __init__(self, concepts: list[Concept], shorthand: dict[str, dict[str, str]]) -> None:
        self.concepts = {c.id: c for c in concepts}
        self.shorthand = {lang: {k: tuple(v.split()) for k, v in table.items()} for lang, table in shorthand.items()}
        self._exact: dict[str, dict[str, list[tuple[tuple[_Step, ...], Concept]]]] = {}
        self._stems: dict[str, dict[str, list[tuple[tuple[_Step, ...], Concept]]]] = {}
        for concept in concepts:
            for language, patterns in concept.patterns.items():
                for pattern in patterns:
                    steps = _steps(pattern)
                    table = self._stems if steps[0][1] else self._exact
                    table.setdefault(language, {}).setdefault(steps[0][0], []).append((steps[1:], concept))
        self.names = lru_cache(maxsize=8192)(self._names)
        self._at = lru_cache(maxsize=16384)(self._patterns)

    def words(self, *, ours: bool = False) -> set[str]:
        """Every whole word of the patterns and shorthand: words that are not misspellings.

        With `ours`, without the names and the languages that the sources do not speak of: a misspelled word is
        hardly ever one of those, and an unknown name must not become another one.
        """
        found = {
            word
            for concept in self.concepts.values()
            if not (ours and (concept.kind == "language" or (concept.label and concept.kind != "gap")))
            for patterns in concept.patterns.values()
            for pattern in patterns
            for word, stem in _steps(pattern)
            if not stem
        }
        return found if ours else found | {w for t in self.shorthand.values() for s in t for w in (s, *t[s])}

    def covers(self, word: str, language: str) -> bool:
        """Whether a one-word pattern of `language` matches `word`."""
        return any(not rest for rest, _ in self._at(word, language))

    def _names(self, word: str) -> bool:
        """Whether `word` by itself is a name that every language shares: of a person, an organisation or a place."""
        shared = [{c.id: c for rest, c in self._at(word, language) if not rest} for language in LANGUAGES]
        return any(c.kind in NAMES for i, c in shared[0].items() if i in shared[1])

    def find(self, words: list[str], languages: list[tuple[str, ...]]) -> Iterator[Mention]:
        """The concepts in `words`; `languages[i]` says which languages' patterns may begin at word i.

        A name stands for nothing else: "conc*" is not in Concentrix.
        """
        for i, word in enumerate(words):
            named = self.names(word)
            for language in languages[i]:
                for rest, concept in self._at(word, language):
                    if (not named or concept.kind in NAMES or rest) and _follows(words, i + 1, rest):
                        yield Mention(concept.id, concept.kind, " ".join(words[i : i + 1 + len(rest)]))

    def _patterns(self, word: str, language: str) -> tuple[tuple[tuple[_Step, ...], Concept], ...]:
        """The patterns that may begin with `word`: their further steps, and what they stand for."""
        stems = self._stems.get(language, {})
        begun = (stems.get(word[:length], ()) for length in range(3, len(word) + 1))
        return (*self._exact.get(language, {}).get(word, ()), *chain.from_iterable(begun))


def _steps(pattern: str) -> tuple[_Step, ...]:
    parts = fold(pattern).replace("'", " ").replace("-", " ").split()
    return tuple((p.rstrip("*"), p.endswith("*")) for p in parts)


def _follows(words: list[str], at: int, rest: tuple[_Step, ...]) -> bool:
    if at + len(rest) > len(words):
        return False
    for word, (begun, stem) in zip(words[at:], rest, strict=False):
        if word != begun and not (stem and word.startswith(begun)):
            return False
    return True
