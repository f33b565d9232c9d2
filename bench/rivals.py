"""What Verbatim is compared with: well-known ways to find the FAQ question nearest to what somebody asks.

Each is given the same labelled questions and ranks the entries by its best-scoring question for each.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence

import bm25s
import numpy as np
import Stemmer
from numpy.typing import NDArray
from rapidfuzz import fuzz, process
from rapidfuzz.utils import default_process
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from knowledge.words.text import fold

Known = Sequence[tuple[str, str]]  # (question, entry)
STEMMERS = {"fr": "french", "en": "english"}


class Rival(ABC):
    """A method that scores every known question, or every entry, for what is asked."""

    name: str

    def __init__(self, labels: list[str]) -> None:
        self.labels = np.array(labels)

    @abstractmethod
    def scores(self, question: str) -> NDArray[np.float64]:
        """A score for each of `labels`."""

    def rank(self, question: str) -> list[tuple[str, float]]:
        """The entries, best first, each with its best score."""
        scores = self.scores(question)
        best: dict[str, float] = {}
        for at in np.argsort(-scores, kind="stable")[:200]:
            best.setdefault(str(self.labels[at]), float(scores[at]))
        return list(best.items())


class Fuzzy(Rival):
    """A scorer of rapidfuzz over the known questions."""

    def __init__(self, known: Known, name: str, scorer: Callable[..., float]) -> None:
        super().__init__([entry for _, entry in known])
        self.name = f"rapidfuzz {name}"
        self._scorer = scorer
        self._known = [default_process(fold(question)) for question, _ in known]

    def scores(self, question: str) -> NDArray[np.float64]:
        """The scorer's own 0..100."""
        asked = [default_process(fold(question))]
        return np.asarray(process.cdist(asked, self._known, scorer=self._scorer, workers=-1)[0], np.float64)


class BM25(Rival):
    """bm25s over the known questions with the stemmer of each language; of several languages, one index each."""

    name = "bm25s, stemmed"

    def __init__(self, known: Known, *languages: str) -> None:
        super().__init__([entry for _, entry in known])
        self._indexes = []
        for language in languages:
            stemmer = Stemmer.Stemmer(STEMMERS[language])
            tokens = bm25s.tokenize(
                [fold(q) for q, _ in known], stopwords=language, stemmer=stemmer, show_progress=False
            )
            index = bm25s.BM25()
            index.index(tokens, show_progress=False)
            self._indexes.append((index, language, stemmer))

    def scores(self, question: str) -> NDArray[np.float64]:
        """The better of the languages' scores."""
        found = np.zeros(len(self.labels))
        for index, language, stemmer in self._indexes:
            tokens = bm25s.tokenize(
                [fold(question)], stopwords=language, stemmer=stemmer, show_progress=False, return_ids=False
            )[0]
            if tokens:
                found = np.maximum(found, index.get_scores(tokens))
        return found


class TFIDF(Rival):
    """Cosine of TF-IDF vectors of character n-grams within words."""

    name = "TF-IDF, character n-grams"

    def __init__(self, known: Known) -> None:
        super().__init__([entry for _, entry in known])
        self._vectors = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, preprocessor=fold)
        self._known = self._vectors.fit_transform([question for question, _ in known])

    def scores(self, question: str) -> NDArray[np.float64]:
        """Cosines, 0..1."""
        return np.asarray((self._known @ self._vectors.transform([question]).T).todense(), np.float64).ravel()


class Regression(Rival):
    """Logistic regression over TF-IDF of words and character n-grams: one class per entry, one for all silence."""

    name = "TF-IDF + logistic regression"

    def __init__(self, known: Known) -> None:
        self._vectors = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, preprocessor=fold)
        self._model = LogisticRegression(C=10, max_iter=300)
        self._model.fit(self._vectors.fit_transform([q for q, _ in known]), [entry for _, entry in known])
        super().__init__([str(c) for c in self._model.classes_])

    def scores(self, question: str) -> NDArray[np.float64]:
        """Probabilities."""
        return np.asarray(self._model.predict_proba(self._vectors.transform([question]))[0], np.float64)


def fuzzies(known: Known) -> list[Rival]:
    """The two scorers of rapidfuzz that people reach for."""
    return [Fuzzy(known, "WRatio", fuzz.WRatio), Fuzzy(known, "token_set_ratio", fuzz.token_set_ratio)]
