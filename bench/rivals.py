"""What Verbatim is compared with: well-known ways to find the FAQ question nearest to what somebody asks.

Each is given the same labelled questions and ranks the entries by its best-scoring question for each.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import bm25s
import numpy as np
import Stemmer
from numpy.typing import NDArray
from rapidfuzz import fuzz, process
from rapidfuzz.utils import default_process
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier

from knowledge.words.text import fold

Known = Sequence[tuple[str, str]]  # (question, entry)
STEMMERS = {"fr": "french", "en": "english"}


@dataclass(frozen=True)
class Rival:
    """A method that scores for what is asked each of some known questions, or of some entries; `labels`: theirs."""

    name: str
    labels: list[str]
    scores: Callable[[str], NDArray[np.float64]]

    def rank(self, question: str) -> list[tuple[str, float]]:
        """The entries, best first, each with its best score."""
        scores = self.scores(question)
        best: dict[str, float] = {}
        for at in np.argsort(-scores, kind="stable")[:200]:
            best.setdefault(self.labels[at], float(scores[at]))
        return list(best.items())


def fuzzies(known: Known) -> list[Rival]:
    """The two scorers of rapidfuzz that people reach for, over the known questions."""
    texts = [default_process(fold(question)) for question, _ in known]

    def rival(name: str, scorer: Callable[..., float]) -> Rival:
        def scores(question: str) -> NDArray[np.float64]:
            asked = [default_process(fold(question))]
            return np.asarray(process.cdist(asked, texts, scorer=scorer, workers=-1)[0], np.float64)

        return Rival(f"rapidfuzz {name}", [entry for _, entry in known], scores)

    return [rival("WRatio", fuzz.WRatio), rival("token_set_ratio", fuzz.token_set_ratio)]


def bm25(known: Known, *languages: str) -> Rival:
    """bm25s over the known questions with the stemmer of each language: the better of the languages' scores."""
    indexes = {language: bm25s.BM25() for language in languages}
    stemmers = {language: Stemmer.Stemmer(STEMMERS[language]) for language in languages}

    def tokens(texts: list[str], language: str) -> list[list[str]]:
        options = {"stopwords": language, "stemmer": stemmers[language]}
        found: list[list[str]] = bm25s.tokenize(texts, **options, show_progress=False, return_ids=False)
        return found

    for language, index in indexes.items():
        index.index(tokens([fold(question) for question, _ in known], language), show_progress=False)

    def scores(question: str) -> NDArray[np.float64]:
        found = np.zeros(len(known))
        for language, index in indexes.items():
            if asked := tokens([fold(question)], language)[0]:
                found = np.maximum(found, index.get_scores(asked))
        return found

    return Rival("bm25s, stemmed", [entry for _, entry in known], scores)


def tfidf(known: Known) -> Rival:
    """Cosine of TF-IDF vectors of character n-grams within words."""
    vectors = _grams()
    texts = vectors.fit_transform([question for question, _ in known])

    def scores(question: str) -> NDArray[np.float64]:
        return np.asarray((texts @ vectors.transform([question]).T).todense(), np.float64).ravel()

    return Rival("TF-IDF, character n-grams", [entry for _, entry in known], scores)


def regression(known: Known) -> Rival:
    """Logistic regression over TF-IDF of character n-grams: one class per entry, one for all silence.

    Each class is fitted against the rest: all at once take ten minutes and more.
    """
    vectors, model = _grams(), OneVsRestClassifier(LogisticRegression(C=10, solver="liblinear"))
    model.fit(vectors.fit_transform([question for question, _ in known]), [entry for _, entry in known])

    def scores(question: str) -> NDArray[np.float64]:
        return np.asarray(model.predict_proba(vectors.transform([question]))[0], np.float64)

    return Rival("TF-IDF + logistic regression", [str(c) for c in model.classes_], scores)


def _grams() -> TfidfVectorizer:
    return TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, preprocessor=fold)
