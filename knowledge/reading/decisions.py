"""How the reading of a message ends: an answer, a choice, or a decline that names what is missing and what is near."""

from dataclasses import replace

from knowledge.languages import ARTICLES
from knowledge.model import NAMES, Outcome
from knowledge.reading.claims import claims, of_figures, weaker
from knowledge.reading.judge import Judge
from knowledge.reading.model import Asked, Candidate, Kind, Reading, given

NEAREST = 2  # entries named beside a decline
OFFERED = 3  # entries asked back


class Decisions:
    """Ends readings: the first that fits of answer, instead of a claim, choice and decline."""

    def __init__(self, judge: Judge) -> None:
        self._judge = judge

    def answer(self, asked: Asked, candidate: Candidate) -> Reading | None:
        """The first entry where it is sure; with what the message claims of its figures, or what year it lacks."""
        question, judge = candidate.question, self._judge
        strange = any(judge.concepts[c].label for c in question.of_kind(*NAMES))
        if not judge.sure(candidate) or (strange and claims(question)):  # "with Google, wasn't it?"
            return None
        reading = given(asked, judge.entries, [candidate.entry], question, candidate.odds)
        years = judge.matcher.profiles[candidate.entry].years
        if question.years - years and question.years & years:
            return replace(reading, missing=judge.missing(question, candidate.entry))
        entry = judge.entries[candidate.entry]
        return replace(reading, claim=of_figures(asked, question, entry, judge.thresholds))

    def instead(self, asked: Asked, candidate: Candidate) -> Reading | None:
        """For a claim that no entry answers, the entry that tells what the sources say in its place."""
        judge = self._judge
        if not claims(candidate.question):
            return None
        sure = [c for reading in weaker(candidate.question) if judge.sure(c := judge.judged(reading))]
        likely = self._likely(candidate)
        if not sure and likely and candidate.verdict.ranking[0][1] >= judge.thresholds.near_from:
            sure = [candidate]
        single = [c for c in sure if not judge.entries[c.entry].entries]  # a digest tells of too much
        if not single:
            return None
        outcome = Outcome.SUGGEST if likely else Outcome.DECLINE
        told = max(single, key=lambda c: c.odds).entry
        return replace(self._without_answer(asked, candidate, Kind.INSTEAD, outcome), entries=(told,))

    def choice(self, asked: Asked, candidate: Candidate) -> Reading | None:
        """The first entries, where one of them may be meant."""
        if not self._likely(candidate):
            return None
        ranking = candidate.verdict.ranking[:OFFERED]
        least = ranking[0][1] * self._judge.thresholds.offered_with
        near = tuple(id for id, score in ranking if score >= least)
        reading = self._without_answer(asked, candidate, Kind.CHOICE, Outcome.SUGGEST)
        return replace(reading, offered=near, name="suggest")

    def decline(self, asked: Asked, candidate: Candidate) -> Reading:
        """What is missing, and the nearest that the sources do say."""
        reading = self._without_answer(asked, candidate, Kind.NOTHING, Outcome.DECLINE)
        return replace(reading, offered=self._nearest(candidate, missing=reading.missing is not None))

    def _likely(self, candidate: Candidate) -> bool:
        """Whether the first entry may be meant: nothing is missing, and the odds or the score speak for it."""
        judge, limits, verdict = self._judge, self._judge.thresholds, candidate.verdict
        first = verdict.ranking[0][1]
        if first < limits.known_from or judge.missing(candidate.question, candidate.entry):
            return False
        several = first >= limits.near_from and not verdict.other.silent  # "revenue in 2023?": whose?
        untaught = judge.matcher.ranker.letters  # a plain FAQ: asking back is all that can be done with half an idea
        return candidate.odds >= limits.suggest_from or several or untaught

    def _without_answer(self, asked: Asked, candidate: Candidate, kind: Kind, outcome: Outcome) -> Reading:
        """A reading of `kind` that remembers what was asked for where "et en Tunisie ?" may follow."""
        question, missing = candidate.question, self._judge.missing(candidate.question, candidate.entry)
        after = asked.before
        if missing or candidate.verdict.ranking[0][1] >= self._judge.thresholds.near_from:
            about = question.without(self._strangers(candidate)).mentions
            after = replace(after, about=about, language=asked.language, at=asked.now)
        return Reading(kind, outcome, asked.language, after, missing=missing, score=candidate.odds)

    def _strangers(self, candidate: Candidate) -> set[str]:
        """The things that the question mentions and the sources do not speak of."""
        return {m.concept for m in candidate.question.mentions if self._judge.concepts[m.concept].label}

    def _nearest(self, candidate: Candidate, *, missing: bool) -> tuple[str, ...]:
        """The entries to name beside a decline: of another country, where the question asks of a country."""
        judge, question = self._judge, candidate.question
        strangers = self._strangers(candidate)
        ranking = (judge.judged(question.without(strangers)) if strangers else candidate).verdict.ranking
        titles = {id: judge.analyst.analyse(judge.entries[id].questions[ARTICLES][0], ARTICLES) for id, _ in ranking}
        wanted = {m.kind for m in question.mentions if m.kind in NAMES}
        alike = [r for r in ranking if wanted and {m.kind for m in titles[r[0]].mentions if m.kind in NAMES} == wanted]
        alike = alike or list(ranking)
        least = judge.thresholds.offer_from if missing else judge.thresholds.near_from
        least = max(least, alike[0][1] * judge.thresholds.alike)
        return tuple(id for id, score in alike[:NEAREST] if score >= least)
