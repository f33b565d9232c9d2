"""The signals of the gate: what speaks for and against the first entry, from both sides.

What of the question the entry's own questions have never held: another country, a salary, a year, a rare word. And
what of the entry the question lacks. A logistic regression weighs these (knowledge.matching.models.Gate).
"""

import math
from collections.abc import Iterator
from typing import NamedTuple

from knowledge.matching.profiles import Profile, Profiles
from knowledge.words.analysis import Analysis
from knowledge.words.vocabulary import Vocabulary

NAMED = ("place", "organisation", "person")
USUAL = 0.75  # share of an entry's questions: a concept in so many of them is missed when it is absent
PASSING = 0.015  # share of an entry's questions: a concept in no more of them was mentioned in passing
STORY = 14  # words: a longer question tells of its asker, and may name a place that it does not ask about
LONG = 40  # words: longer questions are no likelier to be answerable
ORDINARY = 11.0  # bits: a word rarer than this, and unexplained, is worth noticing ("hotel" has 14)
RARE_BY = 5.0  # bits above ORDINARY that make the signal of a rare word 1
TENS = 10.0  # words that make the signal of length 1
UNSEEN = 0.5  # what a word or concept that no question holds counts as, in a ratio of counts
SILENT_FROM = 2.0  # questions without an answer from which a word speaks for silence


class Standing(NamedTuple):
    """The scores of the ranking that matter: of the first entry, the next that is no kin of it, the best silence."""

    first: float
    rival: float
    silence: float


class Signals(NamedTuple):
    """What is known of a question and the first entry, each as a number. "New": never seen with this entry."""

    score: float
    lead_over_the_next_entry: float
    lead_over_silence: float
    new_places: float
    new_organisations: float
    new_people: float
    new_subjects: float
    new_ways_of_asking: float
    new_gaps: float  # things that people ask about and the sources do not cover
    strangers: float  # names that the sources do not hold
    strangers_in_a_plain_question: float
    gaps_in_a_plain_question: float
    concepts_that_go_with_no_answer: float
    the_surest_concept_that_goes_with_no_answer: float
    usual_concepts_that_are_missing: float
    share_of_new_words: float
    rarity_of_the_rarest_new_word: float
    words_that_go_with_no_answer: float
    unknown_words: float
    daring_spelling_corrections: float
    another_year: float
    length: float
    share_of_words_from_the_conversation: float


def signals_of(
    question: Analysis, entry: str, standing: Standing, profiles: Profiles, vocabulary: Vocabulary
) -> Signals:
    """The signals for `entry`, which comes first for `question`."""
    profile = profiles[entry]
    kinds = {m.concept: "place" if m.kind == "city" else m.kind for m in question.mentions if m.kind != "language"}
    fresh = [concept for concept in kinds if profile.share(concept) <= PASSING]
    unheard = {c for c in fresh if kinds[c] in NAMED and not profiles.told.concepts[c]}
    new = [kinds[concept] for concept in fresh if concept not in unheard]
    mute = [max(0.0, _odds_of_silence(concept, profiles)) for concept in fresh]
    typed = set(question.words)
    strange = [w for w in typed if w not in profile.words and len(w) > 1 and w.isalpha()]
    plain = len(typed) <= STORY
    return Signals(
        standing.first,
        standing.first - standing.rival,
        standing.first - standing.silence,
        new.count("place"),
        new.count("organisation"),
        new.count("person"),
        new.count("subject"),
        new.count("asks"),
        new.count("gap"),
        len(unheard),
        len(unheard) if plain else 0.0,
        new.count("gap") if plain else 0.0,
        sum(mute),
        max(mute, default=0.0),
        sum(concept not in kinds for concept in _usual(profile)),
        len(strange) / max(1, len(typed)),
        max((max(0.0, vocabulary.surprise(w) - ORDINARY) / RARE_BY for w in strange), default=0.0),
        sum(max(0.0, math.log((profiles.silence.words[w] + UNSEEN) / SILENT_FROM)) for w in strange),
        len(question.unknown),
        sum(edits > 1 for _, _, edits in question.corrected),
        0.0 if question.years & profile.years else len(question.years),  # "2023, not 2022" asks of a told year
        min(len(typed), LONG) / TENS,
        question.carried / max(1, len(typed)),
    )


def _usual(profile: Profile) -> Iterator[str]:
    """The concepts that nearly every question for the entry holds."""
    return (concept for concept, count in profile.concepts.items() if count >= USUAL * profile.size)


def _odds_of_silence(concept: str, profiles: Profiles) -> float:
    """The logarithm of how much likelier a question that holds `concept` is to have no answer than to have one."""
    silence, answered = profiles.silence, profiles.answered
    ratio = (silence.concepts[concept] + UNSEEN) / (answered.concepts[concept] + UNSEEN)
    return math.log(ratio * (answered.size + 1) / (silence.size + 1))
