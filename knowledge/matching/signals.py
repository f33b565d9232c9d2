"""The signals of the gates: what speaks for the first entry, or for small talk, and what speaks against it.

How far it leads, by words and by meaning; and what of the question the entry's own questions have never held: another
country, a year, a rare word. A net weighs these (knowledge.matching.models.Gate).
"""

import math
from typing import NamedTuple

from knowledge.matching.profiles import Profiles
from knowledge.model import NAMES
from knowledge.words.analysis import Analysis
from knowledge.words.vocabulary import Vocabulary

PASSING = 0.015  # share of an entry's questions: a concept in no more of them was mentioned in passing
LONG = 40  # words: longer questions are no likelier to be answerable
ORDINARY = 11.0  # bits: a word rarer than this, and unexplained, is worth noticing ("hotel" has 14)
RARE_BY = 5.0  # bits above ORDINARY that make the signal of a rare word 1
TENS = 10.0  # words that make the signal of length 1
UNSEEN = 0.5  # what a word that no question holds counts as, in a ratio of counts
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
    meaning_lead_over_the_next_entry: float  # as the encoder reads it; 0 without one
    meaning_lead_over_silence: float
    new_names: float  # of places, organisations and people
    strangers: float  # names that the sources do not hold
    share_of_new_words: float
    rarity_of_the_rarest_new_word: float
    words_that_go_with_no_answer: float
    another_year: float
    length: float
    share_of_words_from_the_conversation: float


class TalkSignals(NamedTuple):
    """What is known of a message and the kind of small talk that it looks most like. Leads are over entries."""

    score: float
    lead: float
    lead_over_silence: float
    meaning: float  # as the encoder reads it; 0 without one
    meaning_lead: float
    meaning_lead_over_silence: float
    turn: float  # the same of the message after the last answer; 0 where nothing was answered
    turn_lead: float
    turn_lead_over_silence: float
    share_of_strange_words: float  # to this kind of small talk
    strange_words: float
    names: float
    odds_of_the_first_entry: float
    length: float


class TurnSignals(NamedTuple):
    """What is known of a turn of a conversation and one of the entries that it may ask for."""

    alone: float  # the odds of the entry where the turn by itself asks for it, else 0
    leaning: float  # its greatest odds in the readings that lean on what came before
    rival: float  # the greatest odds of another entry in any reading
    agreeing: float  # share of the readings that ask for it
    turn: float  # the logarithm of its probability after the last answer, as the encoder reads both; 0 without one
    turn_lead: float
    turn_lead_over_silence: float
    turn_lead_over_talk: float
    again: float  # whether it was the last answer
    shown: float  # whether it was given before
    says_little: float
    bare: float
    pronoun: float
    names: float
    asks: float
    length: float
    score: float  # these are of the entry in the reading where its odds are greatest
    lead_over_silence: float
    new_names: float
    strangers: float
    share_of_new_words: float
    words_that_go_with_no_answer: float
    another_year: float
    share_of_words_from_the_conversation: float


def signals_of(
    question: Analysis, entry: str, words: Standing, meaning: Standing, profiles: Profiles, vocabulary: Vocabulary
) -> Signals:
    """The signals for `entry`, which comes first for `question`, and stands so by its words and by its meaning."""
    profile = profiles[entry]
    names = {m.concept for m in question.mentions if m.kind in NAMES}
    fresh = [name for name in names if profile.share(name) <= PASSING]
    unheard = sum(not profiles.told.concepts[name] for name in fresh)
    typed = set(question.words)
    strange = [w for w in typed if w not in profile.words and len(w) > 1 and w.isalpha()]
    return Signals(
        words.first,
        words.first - words.rival,
        words.first - words.silence,
        meaning.first - meaning.rival,
        meaning.first - meaning.silence,
        len(fresh) - unheard,
        unheard,
        len(strange) / max(1, len(typed)),
        max((max(0.0, vocabulary.surprise(w) - ORDINARY) / RARE_BY for w in strange), default=0.0),
        sum(max(0.0, math.log((profiles.silence.words[w] + UNSEEN) / SILENT_FROM)) for w in strange),
        0.0 if question.years & profile.years else len(question.years),  # "2023, not 2022" asks of a told year
        min(len(typed), LONG) / TENS,
        question.carried / max(1, len(typed)),
    )
