"""Learning what a turn of a conversation asks for, from its vector and its vector after the last answer's question."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from knowledge.arrays import Floats
from knowledge.matching.matcher import text_of
from knowledge.matching.models import Net
from knowledge.model import Entry, Label
from knowledge.reading.judge import joined, title_of
from knowledge.training.examples import Row, Turn
from knowledge.training.nets import Recipe, fit_meaning
from knowledge.words.analysis import Analyst

TURNS = Recipe(units=256, epochs=15, batch=256, rate=3e-3, smoothing=0.1, dropout=0.2)
MEMBERS = 2
Texts = list[tuple[str, str]]  # of each turn: what the encoder reads of it alone, and after the last answer


def texts_of(turns: Sequence[Turn], rows: Sequence[Row], entries: Mapping[str, Entry], analyst: Analyst) -> Texts:
    """What the encoder reads of each turn."""
    found = []
    for turn in turns:
        text = text_of(rows[turn.rows[0]].question)
        title = title_of(entries[turn.before.entry], turn.before.language, analyst)
        found.append((text, joined(title, text)))
    return found


def fit_turns(
    turns: Sequence[Turn], texts: Texts, vector_of: Mapping[str, Floats], order: Sequence[Label], fold: NDArray[np.intp]
) -> tuple[Net, Floats]:
    """The reader of turns, and the log probabilities [turn, label] that it gives each turn without its fold."""
    vectors = np.array([np.concatenate([vector_of[text] for text in pair]) for pair in texts])
    weigh = np.ones(len(turns), np.float32)
    labels = [turn.example.label for turn in turns]
    return fit_meaning(vectors, labels, order, fold, weigh, TURNS, MEMBERS)
