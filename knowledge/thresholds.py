"""Every number that decides what is asked and what is said, in one frozen value.

Each was set by asking the questions of tests/questions with other values: `python -m bench.ablation NAME` prints
what half of it, itself and twice of it get right. Scores are those of the ranking: near 1 for a sure match, near 0 for
none; odds are those of the gate; shares are of the known questions of one entry, 0 to 1.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From where on something is so. A test or a measurement may open an engine with others."""

    answer_from: float = 0.50  # odds of the first entry from which it is given; docs/answers.md has its table
    known_from: float = 0.15  # score below which the first entry is never given: too little of it was asked
    suggest_from: float = 0.08  # odds from which the first entries are offered
    near_from: float = 0.2  # score from which an entry is worth naming beside a decline
    offer_from: float = 0.05  # the same where the decline also names what is missing
    alike: float = 0.4  # share of the first score from which the next is named too: Morocco's and Tunisia's figures
    offered_with: float = 0.3  # share of the first score from which another entry is asked back beside the first

    sure_of_language: float = 3.0  # bits; below, the language of the conversation is kept
    foreign_words: float = 0.25  # share of words of another language, at least two of them, that tell it
    unknown_words: float = 0.5  # share of words that nobody knows, at least three of them, that tell one

    talk_from: float = 0.3  # odds of small talk from which it is that, if no entry is likelier

    anybodys_words: int = 8  # words of a question that names nobody and may be asked of several
    anybodys_share: float = 0.2  # of an entry's questions: what so many of them ask, the entry tells
    terse_words: int = 6  # so short a message asks two things without a question word: "intelcia revenue & headcount"
    halves_from: float = 0.7  # share of the odds of the whole that both halves have where a message asks two things
    topic_words: int = 3  # so short a half is a topic, and asks nothing by itself
    unusual_share: float = 0.02  # of an entry's questions: what fewer of them name is missing, or asked beside it
    about_from: float = 0.3  # score from which an unanswered claim is about the first entry
    confirm_from: float = 0.93  # odds from which a claim in which nothing differs gets a yes
    deny_from: float = 0.85  # odds from which a claim gets a no
    disprove_from: float = 0.75  # the same where a figure differs, or quoted words


THRESHOLDS = Thresholds()
