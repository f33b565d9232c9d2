"""One question understood word by word: its language, its words put right, what they stand for.

Shorthand is expanded and spelling is mended before anything is matched, and every such step is kept, so that
`ask --explain` can show it.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from knowledge.languages import ENGLISH, FRENCH, LANGUAGES, OTHER
from knowledge.model import Mention
from knowledge.words.figures import spoken_years
from knowledge.words.lexicon import Lexicon
from knowledge.words.text import Word, words
from knowledge.words.vocabulary import RAREST, Vocabulary

_YEAR = re.compile(r"(?:19|20)\d\d")
CLIP = 5.0  # bits one word may add to the choice of language: no single word decides a sentence
ACCENT = 3.0  # bits for French when a word is typed with an accent; English hardly has any


@dataclass(frozen=True, slots=True)
class Analysis:
    """A question as the matcher sees it."""

    language: str
    certainty: float  # bits by which `language` leads the other
    words: tuple[str, ...]
    expanded: tuple[tuple[str, tuple[str, ...]], ...]  # (shorthand, what it stands for)
    mentions: tuple[Mention, ...]
    corrected: tuple[tuple[str, str, int], ...]  # (typed, taken for, edits)
    unknown: tuple[str, ...]  # words that no dictionary, lexicon or curated text knows
    numbers: tuple[str, ...]
    years: frozenset[str]
    carried: int = 0  # how many of the words come from the conversation before

    def of_kind(self, *kinds: str) -> set[str]:
        """The ids of the mentioned concepts of these kinds."""
        return {m.concept for m in self.mentions if m.kind in kinds}

    def without(self, concepts: set[str]) -> "Analysis":
        """The question without the words that stand for `concepts` and for nothing else."""
        kept = tuple(m for m in self.mentions if m.concept not in concepts)
        gone = {w for m in self.mentions if m.concept in concepts for w in m.words.split()}
        gone -= {w for m in kept for w in m.words.split()}
        return replace(self, words=tuple(w for w in self.words if w not in gone), mentions=kept)


class Analyst:
    """Turns text into an Analysis with one lexicon and one vocabulary."""

    def __init__(self, lexicon: Lexicon, vocabulary: Vocabulary) -> None:
        self.lexicon = lexicon
        self.vocabulary = vocabulary
        vocabulary.teach(lexicon.words(), targets=False)
        vocabulary.teach(lexicon.words(ours=True))
        self.analyse = lru_cache(maxsize=4096)(self._analyse)
        self._leads = lru_cache(maxsize=16384)(self._lead_of)
        self._languages = lru_cache(maxsize=16384)(self._used_in)

    def teach(self, texts: Iterable[str]) -> None:
        """Take the words of curated texts as rightly spelled."""
        self.vocabulary.teach({w.folded for text in texts for w in words(text)})
        self._forget()

    def hear(self, heard: Mapping[str, Mapping[str, int]]) -> None:
        """Learn how each language asks, from the counts of words in its questions."""
        self.vocabulary.hear(heard)
        self._forget()

    def _forget(self) -> None:
        """Drop what was worked out with the vocabulary as it was."""
        self.analyse.cache_clear()
        self._leads.cache_clear()

    def _analyse(self, text: str, usual: str = FRENCH) -> Analysis:
        """`text` analysed; `usual` is the language to assume where the words do not tell."""
        typed = words(text)
        lead = self._lead(typed)
        language = usual if lead == 0 else FRENCH if lead > 0 else ENGLISH
        table = self.lexicon.shorthand.get(language, {})
        expanded = spoken_years([w for word in typed for w in table.get(word.folded, (word.folded,))])
        mended: list[str] = []
        corrected: list[tuple[str, str, int]] = []
        unknown: list[str] = []
        for word in expanded:
            if self._understood(word):
                mended.append(word)
                continue
            right, edits = self.vocabulary.correct(word)
            mended.append(right)
            if edits:
                corrected.append((word, right, edits))
            elif len(word) > 2 and word.isalpha():
                unknown.append(word)
        languages = [self._languages(word, language) for word in mended]
        numbers = tuple(w for w in mended if w[0].isdigit())
        return Analysis(
            language,
            abs(lead),
            tuple(mended),
            tuple((w.folded, table[w.folded]) for w in typed if w.folded in table),
            tuple(dict.fromkeys(self.lexicon.find(mended, languages))),
            tuple(corrected),
            tuple(unknown),
            numbers,
            frozenset(n for n in numbers if _YEAR.fullmatch(n)),
        )

    def _lead(self, typed: list[Word]) -> float:
        """Bits for French (positive) or English (negative)."""
        lead = 0.0
        for word in typed:
            if (bits := self._leads(word.folded)) is not None:
                lead += bits + (ACCENT if word.typed != word.folded else 0.0)
        return lead

    def _lead_of(self, word: str) -> float | None:
        """The same for one word, without its accents; None for a number or a name, which tell nothing."""
        if not word.isalpha() or self.lexicon.names(word):
            return None
        return max(-CLIP, min(CLIP, self._evidence(word, FRENCH) - self._evidence(word, ENGLISH)))

    def _evidence(self, word: str, language: str) -> float:
        if self.vocabulary.log_frequency(word, language) == RAREST and (
            word in self.lexicon.shorthand.get(language, ()) or self.lexicon.covers(word, language)
        ):
            return CLIP + self.vocabulary.usage(word, language)
        return self.vocabulary.usage(word, language)

    def _understood(self, word: str) -> bool:
        return (
            not word.isalpha()
            or self.vocabulary.knows(word)
            or any(self.lexicon.covers(word, language) for language in LANGUAGES)
        )

    def _used_in(self, word: str, language: str) -> tuple[str, ...]:
        """The question's own language, and the other one where it uses the word much more."""
        other = OTHER[language]
        own, strange = (self.vocabulary.log_frequency(word, lang) for lang in (language, other))
        return (language,) if own > RAREST and strange < own + 6 else (language, other)
