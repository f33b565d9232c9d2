"""A message that claims something, or asks whether it is so: what of it the article bears out.

Whether it does was learned from people's claims; see knowledge.claims. "Yes" is said only where nothing differs that
can be counted or named, and the odds leave next to no doubt. Where neither is sure, the passage speaks for itself.
"""

from collections.abc import Iterator
from dataclasses import replace

from knowledge.claims.differences import Part
from knowledge.claims.stance import Odds
from knowledge.model import NAMES, Claim, Outcome
from knowledge.reading import decisions
from knowledge.reading.judge import Judge
from knowledge.reading.model import Asked, Candidate, Kind, Reading
from knowledge.words.analysis import Analysis


def claim(asked: Asked, candidate: Candidate, judge: Judge) -> Reading | None:
    """For a claim, the entry that it is about and what becomes of it; None for a message that only asks."""
    sure = judge.sure(candidate)
    if not sure and not _near(candidate, judge) and not any(weaker(candidate.question)):
        return None  # whatever it claims is about no entry
    odds = judge.odds(asked, candidate)
    if odds.asked > max(odds.true, odds.false):
        return None
    if sure:
        reading = judge.given(asked, [candidate.entry], candidate.question, candidate.odds)
        return _with_verdict(reading, odds, asked, candidate, judge)
    return _instead(asked, candidate, judge)


def _instead(asked: Asked, candidate: Candidate, judge: Judge) -> Reading | None:
    """For a claim that no entry answers, the entry that tells what the sources say in its place."""
    told = [c for reading in weaker(candidate.question) if judge.sure(c := judge.judged(reading))]
    likely = decisions.likely(candidate, judge)
    if _near(candidate, judge):
        told.insert(0, candidate)
    for found in told:
        missing = judge.missing(candidate.question, found.entry)
        if missing and missing.concept and judge.concepts[missing.concept].kind == "gap":
            continue  # it asks for something that the sources lack
        reading = judge.given(asked, [found.entry], found.question)
        reading = _with_verdict(reading, judge.odds(asked, found), asked, found, judge)
        if reading.claim is Claim.CONTRADICTED:
            return reading
        if likely:
            reading = decisions.without_answer(asked, candidate, judge, Kind.INSTEAD, Outcome.SUGGEST)
            return replace(reading, entries=(found.entry,))
    return None


def _near(candidate: Candidate, judge: Judge) -> bool:
    """Whether a claim that is not answered is about the first entry."""
    return candidate.verdict.ranking[0][1] >= judge.thresholds.about_from


def _with_verdict(reading: Reading, odds: Odds, asked: Asked, about: Candidate, judge: Judge) -> Reading:
    """`reading` with what becomes of the claim."""
    limits = judge.thresholds
    found = judge.differences.of(asked.text, asked.question, about.entry)
    counted = any(difference.part is not Part.NAME for difference in found)  # a name may be of who tells it
    if any(d.part is Part.NUMBER for d in found) and judge.differences.holds(asked.text, about.entry):
        return reading  # it says what the entry tells, and another figure: which of them is claimed, is not known
    if odds.false >= (limits.disprove_from if counted else limits.deny_from):
        difference = found[0] if found else None
        denied = replace(reading, outcome=Outcome.SUGGEST, claim=Claim.CONTRADICTED)
        return replace(denied, difference=difference, score=odds.false)
    if [difference.part for difference in found] == [Part.BOUND]:
        return replace(reading, claim=Claim.INEXACT, difference=found[0])
    if odds.true >= limits.confirm_from and not found:
        return replace(reading, claim=Claim.CONFIRMED)
    return reading


def weaker(claim: Analysis) -> Iterator[Analysis]:
    """`claim` without one of the names that it holds, and without its numbers: what may be said in its place."""
    for concept in sorted(claim.of_kind(*NAMES)):
        yield claim.without({concept})
    if claim.numbers:
        kept = tuple(w for w in claim.words if w not in claim.numbers)
        yield replace(claim, words=kept, numbers=(), years=frozenset())
