"""What of a question is counted: its words, their pairs, the concepts behind them, and pairs of concepts.

Concepts carry a question across languages and synonyms; pairs of concepts tell "Intelcia's revenue" from
"Intelcia's staff" and "Klarna's revenue", which share all but one word. A name is also paired with every other
word: what is asked of it may be no concept yet.
"""

from itertools import combinations, pairwise

from knowledge.words.analysis import Analysis

GRAMS = (3, 4, 5)  # letters in a row, within a word and its two borders


def features(question: Analysis, letters: bool = False) -> list[str]:
    """The features of one question, each once, in a fixed order.

    `letters`: letters in a row too. They bring related words together where one question per entry is all there is
    to learn from; with many, whole words and concepts say it better.
    """
    words = ["#" if w[0].isdigit() and 1 < len(w) < 4 else w for w in question.words]
    concepts = sorted({m.concept for m in question.mentions})
    found = words + [f"{a} {b}" for a, b in pairwise(words)]
    found += [f"@{c}" for c in concepts] + [f"@{a}@{b}" for a, b in combinations(concepts, 2)]
    names = sorted(question.of_kind("person", "organisation", "place"))
    found += [f"@{name} {w}" for name in names for w in question.words if len(w) > 2]
    if letters:
        spelled = (f" {w} " for w in words)
        found += [w[i : i + n] for w in spelled for n in GRAMS for i in range(len(w) - n + 1)]
    return list(dict.fromkeys(found))
