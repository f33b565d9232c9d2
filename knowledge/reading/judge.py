"""What every rule of reading works with: the entries, the matcher's view of a question, and when that is sure."""

from collections.abc import Mapping
from functools import lru_cache

from knowledge.matching.matcher import Matcher
from knowledge.model import Entry, Knowledge
from knowledge.reading.model import Candidate, Doubt, Missing
from knowledge.thresholds import Thresholds
from knowledge.words.analysis import Analysis, Analyst
from knowledge.words.text import words

KEPT = 1024  # questions whose judgement is kept: one message is read in up to twenty ways, some of them twice


class Judge:
    """Judges questions with one folder of knowledge, one matcher and one set of thresholds."""

    def __init__(self, knowledge: Knowledge, analyst: Analyst, matcher: Matcher, thresholds: Thresholds) -> None:
        self.entries: Mapping[str, Entry] = knowledge.entries
        self.analyst = analyst
        self.matcher = matcher
        self.thresholds = thresholds
        self.concepts = analyst.lexicon.concepts
        self.judged = lru_cache(maxsize=KEPT)(self._judged)
        lines = [line for source in knowledge.sources.values() for line in source.text.split("\n")]
        self._source_words = {w.folded for line in lines for w in words(line)}

    def _judged(self, question: Analysis) -> Candidate:
        """`question` with the matcher's view of it; each question is judged once."""
        return Candidate(question, self.matcher.judge(question))

    def sure(self, candidate: Candidate) -> bool:
        """Whether the first entry may be given."""
        verdict, limits = candidate.verdict, self.thresholds
        return (
            candidate.doubt is Doubt.NONE
            and verdict.probability >= limits.answer_from
            and verdict.ranking[0][1] >= limits.known_from
        )

    def missing(self, question: Analysis, entry: str) -> Missing | None:
        """What of `question` the sources lack beside `entry`: a year, a country, a salary."""
        profile = self.matcher.profiles[entry]
        if years := sorted(question.years - profile.years - self._source_words):
            return Missing(year=years[0])
        for mention in question.mentions:
            unusual = profile.share(mention.concept) < self.thresholds.unusual_share
            if self.concepts[mention.concept].label and unusual:
                return Missing(concept=mention.concept)
        return None
