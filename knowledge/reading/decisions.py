"""How the reading of a message ends: an answer, a choice, or a decline that names what is missing and what is near."""

from dataclasses import replace

from knowledge.languages import ARTICLES
from knowledge.model import NAMES, Outcome
from knowledge.reading.follow_ups import says_little
from knowledge.reading.judge import Judge
from knowledge.reading.model import Asked, Candidate, Doubt, Kind, Reading
from knowledge.words.analysis import Analysis

NEAREST = 2  # entries named beside a decline
OFFERED = 3  # entries asked back


def answer(asked: Asked, candidate: Candidate, judge: Judge) -> Reading | None:
    """The first entry where it is sure; with what year the message asks for and the entry lacks."""
    if not judge.sure(candidate):
        return None
    question, entry = candidate.question, candidate.entry
    reading = judge.given(asked, [entry], question, candidate.odds)
    years = judge.matcher.models.profiles[entry].years
    if question.years - years and question.years & years:
        return replace(reading, missing=judge.reason(question, entry))
    return reading


def choice(asked: Asked, candidate: Candidate, judge: Judge) -> Reading | None:
    """The first entries, where one of them may be meant."""
    if not likely(candidate, judge):
        return None
    ranking = candidate.verdict.ranking[:OFFERED]
    least = ranking[0][1] * judge.thresholds.offered_with
    near = tuple(id for id, score in ranking if score >= least)
    if _lingers(asked):  # "pourquoi ?": what was just given is no answer to it
        near = tuple(id for id in near if id != asked.before.entry)
        if not near:
            return None
    if candidate.doubt is Doubt.ANYBODYS:  # then more than one may be meant, whatever the scores
        near = near if len(near) > 1 else tuple(id for id, _ in ranking[:2])
    if len(near) == 1:  # one offer is no question
        perhaps = judge.given(asked, [*near], candidate.question, candidate.odds, Kind.PERHAPS)
        return replace(perhaps, outcome=Outcome.SUGGEST)
    reading = without_answer(asked, candidate, judge, Kind.CHOICE, Outcome.SUGGEST)
    return replace(reading, offered=near, name="suggest")


def decline(asked: Asked, candidate: Candidate, judge: Judge) -> Reading:
    """What is missing, and the nearest that the sources do say."""
    reading = without_answer(asked, candidate, judge, Kind.NOTHING, Outcome.DECLINE)
    if _lingers(asked) and not reading.missing and (kin := judge.kin(asked.before.entry, asked.before)):
        return replace(reading, offered=kin)
    return replace(reading, offered=_nearest(candidate, judge, missing=reading.missing is not None))


def _lingers(asked: Asked) -> bool:
    """Whether a message asks on about the last answer and says nothing of what: "pourquoi ?", "so what?"."""
    question = asked.question
    return bool(asked.before.entry) and says_little(question) and not question.of_kind(*NAMES)


def likely(candidate: Candidate, judge: Judge) -> bool:
    """Whether the first entry may be meant: nothing is missing, and the odds or the score speak for it."""
    limits, verdict = judge.thresholds, candidate.verdict
    first = verdict.ranking[0][1]
    if first < limits.known_from or judge.missing(candidate.question, candidate.entry):
        return False
    several = first >= limits.near_from and not verdict.other.silent  # "revenue in 2023?": whose?
    untaught = judge.matcher.models.untaught  # then asking back is all that can be done with half an idea
    return candidate.odds >= limits.suggest_from or several or untaught


def without_answer(asked: Asked, candidate: Candidate, judge: Judge, kind: Kind, outcome: Outcome) -> Reading:
    """A reading of `kind` that remembers what was asked for where "et en Tunisie ?" may follow."""
    question, after = candidate.question, asked.before
    missing = judge.reason(question, candidate.entry)
    if missing or candidate.verdict.ranking[0][1] >= judge.thresholds.near_from:
        about = question.without(_strangers(question, judge)).mentions
        after = replace(after, about=about, language=asked.language, at=asked.now)
    return Reading(kind, outcome, asked.language, after, missing=missing, score=candidate.odds)


def _strangers(question: Analysis, judge: Judge) -> set[str]:
    """The things that the question mentions and the sources do not speak of."""
    return {m.concept for m in question.mentions if judge.concepts[m.concept].label}


def _nearest(candidate: Candidate, judge: Judge, *, missing: bool) -> tuple[str, ...]:
    """The entries to name beside a decline: they ask the same, of another country where it asks of one."""
    question, limits = candidate.question, judge.thresholds
    strangers = _strangers(question, judge)
    ranking = (judge.judged(question.without(strangers)) if strangers else candidate).verdict.ranking
    titles = {id: judge.analyst.analyse(judge.entries[id].questions[ARTICLES][0], ARTICLES) for id, _ in ranking}
    wanted = {m.kind for m in question.mentions if m.kind in NAMES}
    subjects, names = question.of_kind("subject"), question.of_kind(*NAMES)
    same = [r for r in ranking if subjects & titles[r[0]].of_kind("subject")]
    same = same or [r for r in ranking if names & titles[r[0]].of_kind(*NAMES)]
    if not same:
        return ()
    alike = [r for r in same if wanted and {m.kind for m in titles[r[0]].mentions if m.kind in NAMES} == wanted] or same
    least = max(limits.offer_from if missing else limits.near_from, alike[0][1] * limits.alike)
    return tuple(id for id, score in alike[:NEAREST] if score >= least)
