"""What every rule of reading works with: the knowledge, the matcher's view of a question, and when that is sure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cached_property, lru_cache

import numpy as np

from knowledge.arrays import Floats
from knowledge.claims.differences import Differences
from knowledge.claims.stance import Odds, Stance
from knowledge.languages import ARTICLES
from knowledge.matching.matcher import Matcher, text_of
from knowledge.model import Conversation, Entry, Knowledge, Label, Mention, Outcome
from knowledge.reading.model import Asked, Candidate, Doubt, Kind, Missing, Reading
from knowledge.thresholds import THRESHOLDS, Thresholds
from knowledge.words.analysis import Analysis, Analyst
from knowledge.words.text import folded, words

KEPT = 1024  # questions whose judgement is kept: one message is read in up to twenty ways, some of them twice
GOING_ON = 2  # entries to go on with
NEAR_REASONS = 3  # gaps that a question may be about, the nearest in meaning
MOST_SHOWN = 20  # entries that a conversation remembers to have given


class Judge:
    """Judges questions with one folder of knowledge, one matcher and one set of thresholds."""

    def __init__(
        self,
        knowledge: Knowledge,
        analyst: Analyst,
        matcher: Matcher,
        thresholds: Thresholds = THRESHOLDS,
        stance: Stance | None = None,
        reasons: Mapping[str, Floats] | None = None,
    ) -> None:
        self.entries = knowledge.entries
        self.analyst = analyst
        self.matcher = matcher
        self.thresholds = thresholds
        self.stance = stance
        self.reasons = reasons or {}
        self.differences = Differences(knowledge.entries, matcher.models.profiles, analyst)
        self.concepts = analyst.lexicon.concepts
        self.judged = lru_cache(maxsize=KEPT)(self._judged)
        self.after = lru_cache(maxsize=KEPT)(self._after)
        lines = [line for source in knowledge.sources.values() for line in source.text.split("\n")]
        self._source_words = {w.folded for line in lines for w in words(line)}
        self.talks = knowledge.talk
        talks = [t for t in knowledge.talk.values() if t.kind == "talk"]
        self.small_talk = {folded(q): t.id for t in talks for questions in t.questions.values() for q in questions}

    @cached_property
    def usually_asked(self) -> dict[tuple[str, str], tuple[Mention, ...]]:
        """See the function of that name."""
        return usually_asked(self.entries.values(), self.analyst)

    def _judged(self, question: Analysis) -> Candidate:
        """`question` with the matcher's view of it; each question is judged once."""
        return Candidate(question, self.matcher.judge(question))

    def _after(self, question: Analysis, entry: str, language: str) -> Floats | None:
        """What the encoder sees in `question` after the answer `entry` in `language`, "" for none.

        The logarithm of each label's probability; None without an answer or an encoder.
        """
        encoder = self.matcher.encoder
        if encoder is None or not entry:
            return None
        text = text_of(question)
        title = title_of(self.entries[entry], language, self.analyst)
        return self.matcher.after(np.concatenate([encoder.vector(text), encoder.vector(joined(title, text))]))

    def talk(self, question: Analysis, before: Conversation) -> tuple[Label, float]:
        """The kind of small talk that a message looks most like after `before`, and how likely it is just that."""
        verdict = self.judged(question).verdict
        if (gate := self.matcher.gates.talk) is None:
            likely = verdict.other_score >= max(self.thresholds.talk_from, verdict.ranking[0][1])
            return verdict.other, float(likely and not verdict.other.silent)
        after = self.after(question, before.entry, before.language)
        label, signals = self.matcher.talk(question, verdict, after)
        return label, gate.probability(signals)

    def sure(self, candidate: Candidate) -> bool:
        """Whether the first entry may be given."""
        verdict, limits = candidate.verdict, self.thresholds
        return (
            candidate.doubt is Doubt.NONE
            and verdict.probability >= limits.answer_from
            and verdict.ranking[0][1] >= limits.known_from
        )

    def odds(self, asked: Asked, candidate: Candidate) -> Odds:
        """How likely the message says what the first entry tells, says otherwise, or only asks."""
        encoder = self.matcher.encoder
        if self.stance is None or encoder is None or self.entries[candidate.entry].entries:
            return Odds(0.0, 0.0, 1.0)
        vector = encoder.vector(text_of(asked.question))
        found = self.differences.of(asked.text, asked.question, candidate.entry)
        return self.stance.odds(asked.question, vector, candidate.entry, found)

    def missing(self, question: Analysis, entry: str) -> Missing | None:
        """What of `question` the sources lack beside `entry`: a year, a country, a salary."""
        profile = self.matcher.models.profiles[entry]
        if years := sorted(question.years - profile.years - self._source_words):
            return Missing(year=years[0])
        for mention in question.mentions:
            unusual = profile.share(mention.concept) < self.thresholds.unusual_share
            if self.concepts[mention.concept].label and unusual:
                return Missing(concept=mention.concept)
        return None

    def reason(self, question: Analysis, entry: str) -> Missing | None:
        """What is missing, and whether a reply may name it: a gap only if `question` is near it in meaning too."""
        missing, encoder = self.missing(question, entry), self.matcher.encoder
        if missing is None or missing.year:
            return missing
        if self.concepts[missing.concept].quiet:
            return replace(missing, named=False)
        if encoder is None or missing.concept not in self.reasons:
            return missing
        vector = encoder.vector(text_of(question))
        near = sorted(self.reasons, key=lambda gap: -float(self.reasons[gap] @ vector))
        return replace(missing, named=missing.concept in near[:NEAR_REASONS])

    def given(
        self, asked: Asked, ids: list[str], question: Analysis, score: float = 1.0, kind: Kind = Kind.ENTRY
    ) -> Reading:
        """The reading that gives the entries `ids` for `question`; it remembers them and offers the first one's kin."""
        shown = (*(s for s in asked.before.shown if s not in ids), *ids)[-MOST_SHOWN:]
        after = Conversation(ids[0], asked.language, question.mentions, shown, asked.now)
        offered = self.kin(ids[0], asked.before)
        return Reading(kind, Outcome.ANSWER, asked.language, after, tuple(ids), offered, score=score)

    def kin(self, entry: str, before: Conversation) -> tuple[str, ...]:
        """The entries to go on with after `entry`: what the curator related and the conversation has not shown."""
        return tuple(r for r in self.entries[entry].related if r not in before.shown)[:GOING_ON]


def title_of(entry: Entry, language: str, analyst: Analyst) -> str:
    """The question that an entry answers, as the encoder reads it before a turn."""
    language = language if language in entry.questions else ARTICLES
    return text_of(analyst.analyse(entry.questions[language][0], language))


def joined(title: str, turn: str) -> str:
    """What the encoder reads of a `turn` after the answer to `title`."""
    return f"{title} {turn}"


def named_in(entry: Entry, analyst: Analyst) -> list[Mention]:
    """The people and organisations that an entry's answer names."""
    told = analyst.analyse(entry.answer[ARTICLES], ARTICLES)
    return [m for m in told.mentions if m.kind in ("person", "organisation")]


def usually_asked(entries: Iterable[Entry], analyst: Analyst) -> dict[tuple[str, str], tuple[Mention, ...]]:
    """By entry and language, what its first question asks that is asked of other entries of its kind too."""
    titles = [(e, lang, analyst.analyse(qs[0], lang)) for e in entries for lang, qs in e.questions.items()]
    asked = Counter((e.kind, lang, c) for e, lang, title in titles for c in {m.concept for m in title.mentions})
    return {
        (e.id, lang): tuple(m for m in title.mentions if asked[e.kind, lang, m.concept] > 1)
        for e, lang, title in titles
    }
