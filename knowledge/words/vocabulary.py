"""The words of French and English, so that a rare word is known to be rare and a right one is never "corrected".

Frequencies come from the dictionaries of pyspellchecker (MIT), folded as questions are.
"""

import gzip
import json
import math
from collections import Counter
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import spellchecker
from rapidfuzz import process
from rapidfuzz.distance import OSA

from knowledge.languages import LANGUAGES
from knowledge.words.text import fold

DARING = 6  # letters: a shorter word two edits away is another word
PRIOR = 4000  # words of questions that the dictionaries' frequencies weigh as much as
RAREST = -27.0  # log2 frequency of a word that neither dictionary knows; the rarest they know are at -23 and -25


class Vocabulary:
    """Word frequencies of both languages and the words of this knowledge, which spelling is mended towards."""

    def __init__(self) -> None:
        self.frequency = {language: _frequencies(language) for language in LANGUAGES}
        self.heard: dict[str, Counter[str]] = {language: Counter() for language in LANGUAGES}
        self._total = dict.fromkeys(LANGUAGES, 0)
        self._domain: list[str] = []
        self._known: set[str] = set()
        self.correct = lru_cache(maxsize=8192)(self._correct)
        self.usage = lru_cache(maxsize=16384)(self._usage)

    def teach(self, words: set[str], *, targets: bool = True) -> None:
        """Add words that are known as they are; with `targets`, also what the misspelled may stand for."""
        self._known |= words
        if targets:
            self._domain = sorted({*self._domain, *(w for w in words if len(w) >= 4 and w.isalpha())})
        self.correct.cache_clear()

    def knows(self, word: str) -> bool:
        """Whether `word` (folded) is a word of either language or of the curated texts."""
        return word in self._known or any(word in counts for counts, _ in self.frequency.values())

    def log_frequency(self, word: str, language: str) -> float:
        """log2 of how often `word` (folded) stands in `language`; RAREST when unknown."""
        counts, total = self.frequency[language]
        return math.log2(count / total) if (count := counts.get(word)) else RAREST

    def hear(self, heard: Mapping[str, Mapping[str, int]]) -> None:
        """Add the counts of words in questions of each language."""
        for language, counts in heard.items():
            self.heard[language].update(counts)
            self._total[language] = self.heard[language].total()
        self.usage.cache_clear()

    def _usage(self, word: str, language: str) -> float:
        """log2 of how often `word` stands in questions of `language`: those heard, and the dictionary before them."""
        heard = self.heard[language]
        expected = PRIOR * 2.0 ** max(self.log_frequency(word, language), RAREST + 5)
        return math.log2((heard[word] + expected) / (self._total[language] + PRIOR))

    def surprise(self, word: str) -> float:
        """How rare `word` is in the language that uses it more, in bits."""
        return -max(self.log_frequency(word, language) for language in LANGUAGES)

    def _correct(self, word: str) -> tuple[str, int]:
        """The word of this knowledge that `word` misspells, and the edits between them; itself and 0 if none."""
        if len(word) < 4 or not word.isalpha() or self.knows(word):
            return word, 0
        most = 1 if len(word) < DARING else 2
        found = process.extractOne(word, self._domain, scorer=OSA.distance, score_cutoff=most)
        return (found[0], int(found[1])) if found else (word, 0)


@lru_cache(maxsize=2)
def _frequencies(language: str) -> tuple[dict[str, int], int]:
    """How often each word stands in the dictionary's texts, and how many words these have."""
    path = Path(spellchecker.__file__).parent / "resources" / f"{language}.json.gz"
    counts: dict[str, int] = json.loads(gzip.decompress(path.read_bytes()))
    total = sum(counts.values())
    for word in [w for w in counts if not w.isascii()]:
        plain = fold(word)
        counts[plain] = counts.get(plain, 0) + counts.pop(word)
    return counts, total
