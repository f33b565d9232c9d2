"""What a message asks for: by itself, after what was said before, as a story and its question, as two questions.

Every way to read it is a full question that the matcher judges; the reading that can be answered is taken. Here
nothing is said: see engine.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import permutations

from knowledge.matching.matcher import Matcher, Verdict
from knowledge.model import NAMES, Conversation, Entry, Mention
from knowledge.reading.follow_ups import is_bare, leans, lend, named_in, readings, says_little, usually_asked
from knowledge.reading.pairs import TERSE, TOPIC, apart, asks_itself, halves, is_question, is_topic, last_sentence
from knowledge.words.analysis import Analysis, Analyst

ANSWER_FROM = 0.60  # odds for the first entry; see docs/answers.md for what each threshold answers and misses
KNOWN_FROM = 0.15  # ridge score: below, the question holds next to nothing that the entry is known by
FEW = 4  # words: so short a question without a name is anybody's
OFTEN = 0.2  # share of an entry's questions: what so many of them ask, the entry tells
BESIDE = 0.08  # share of an entry's questions: a concept in fewer of them asks for something beside it


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to understand a message, and the matcher's view of it."""

    question: Analysis
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Pair:
    """A message read as two questions; `first` can be answered."""

    first: Reading
    second: Reading
    plain: bool  # both halves ask by themselves, whatever the whole message says


class Reader:
    """Reads messages with one lexicon and one matcher. `answer_from`: the odds from which an entry is given."""

    def __init__(self, entries: Mapping[str, Entry], analyst: Analyst, matcher: Matcher) -> None:
        self.entries = entries
        self.analyst = analyst
        self.matcher = matcher
        self.answer_from = ANSWER_FROM

    @cached_property
    def _asked(self) -> dict[tuple[str, str], tuple[Mention, ...]]:
        return usually_asked(self.entries.values(), self.analyst)

    def sure(self, verdict: Verdict) -> bool:
        """Whether the first entry may be given."""
        return verdict.probability >= self.answer_from and verdict.ranking[0][1] >= KNOWN_FROM

    def judged(self, question: Analysis) -> Reading:
        """`question` as it stands."""
        return Reading(question, self.matcher.judge(question))

    def after(self, alone: Reading, conversation: Conversation) -> Reading:
        """`alone` as a turn of the conversation: the first reading that can be answered, else the most probable."""
        question = alone.question
        if not leans(question, conversation):
            return self._unowned(alone)
        little = says_little(question)
        named = bool(question.of_kind(*NAMES))
        if self.sure(alone.verdict) and not little and (named or len(question.of_kind("subject")) > 1):
            return alone
        entry = self.entries.get(conversation.entry)
        best = Reading(question, replace(alone.verdict, probability=-1.0)) if little else alone
        asked = self._asked.get((conversation.entry, question.language), ())
        for lent in readings(question, conversation, named_in(entry, self.analyst) if entry else (), asked):
            found = self.judged(lent)
            again = named or question.years or question.of_kind("asks", "subject")
            if found.verdict.entry == conversation.entry and not again:
                continue  # nothing in it asks for the same thing again
            if found.verdict.probability > best.verdict.probability:
                best = found
            if self.sure(found.verdict) and not is_bare(question):
                break
        return Reading(best.question, replace(best.verdict, probability=max(0.0, best.verdict.probability)))

    def _unowned(self, alone: Reading) -> Reading:
        """ "their revenue?" with nothing before it: whose? A figure that others have too is then not sure."""
        question, verdict = alone.question, alone.verdict
        asked = question.of_kind("asks", "subject")
        if len(question.words) > FEW or question.numbers or question.of_kind(*NAMES) or not asked:
            return alone
        figures = [self.matcher.profiles[id] for id, e in self.entries.items() if e.kind == "figure"]
        owners = sum(all(p.concepts[c] >= OFTEN * p.size for c in asked) for p in figures)
        if self.entries[verdict.entry].kind != "figure" or owners < 2:
            return alone
        return Reading(question, replace(verdict, probability=min(verdict.probability, self.answer_from / 2)))

    def at_last(self, text: str, whole: Reading) -> Reading:
        """A story and then a question: its last sentence, with the names of the story; `whole` if that is no better."""
        story, asked = last_sentence(text)
        if not story:
            return whole
        language = whole.question.language
        last = self.analyst.analyse(asked, language)
        names = [m for m in self.analyst.analyse(story, language).mentions if m.kind in NAMES]
        found = self.judged(lend(last, [m for m in names if m.concept not in last.of_kind(*NAMES)]))
        return found if self.sure(found.verdict) else whole

    def pairs(self, text: str, whole: Reading) -> Iterator[Pair]:
        """Ways to read `text` as two questions that ask for more than the whole does, the surest first."""
        one = whole.verdict.entry if self.sure(whole.verdict) else ""
        answered = {one, *self.entries[one].covers} if one else set()
        for pair in self._splits(text, whole.question):
            first, second = pair.first, pair.second
            both = self.sure(second.verdict)
            if both and second.verdict.entry == one:  # it leads
                first, second = second, first
            found = {first.verdict.entry, second.verdict.entry}
            if found <= answered or (both and len(found) == 1) or any(self.entries[id].entries for id in found):
                continue
            if not one or pair.plain or self._beside(one, second.question):
                yield Pair(first, second, pair.plain)

    def _splits(self, text: str, question: Analysis) -> list[Pair]:
        """Every way to read a message as two of which the first can be answered: those with two answers first."""
        readings = [self.judged(r) for r in apart(question)]
        plain = all(asks_itself(r.question) for r in readings)
        found = [Pair(a, b, plain) for a, b in permutations(readings, 2) if self.sure(a.verdict)]
        for left, right in halves(text):
            one, other = (self.analyst.analyse(part, question.language) for part in (left, right))
            if not one.mentions or not other.mentions or len(question.mentions) > len(one.mentions + other.mentions):
                continue  # nothing is asked, or a name is cut in two
            if len(question.words) > TERSE and (
                len(one.words) < TOPIC or not (is_question(one) and is_question(other))
            ):
                continue
            if any(is_topic(a) and not b.of_kind(*NAMES) for a, b in ((one, other), (other, one))):
                continue  # "Kotbi, il dit quoi ?" is one question
            plain = asks_itself(one) and asks_itself(other)
            for first, second in ((one, other), (other, one)):
                head = self.judged(first)
                if self.sure(head.verdict):
                    conversation = Conversation(head.verdict.entry, first.language, first.mentions)
                    found.append(Pair(head, self.after(self.judged(second), conversation), plain))
        return sorted(found, key=lambda p: -min(p.first.verdict.probability, p.second.verdict.probability))

    def _beside(self, entry: str, half: Analysis) -> bool:
        """Whether `half` speaks of something that `entry` does not tell and questions for it hardly ever hold."""
        profile = self.matcher.profiles[entry]
        own = {m.concept for m in half.mentions if m.kind in (*NAMES, "subject", "asks")} - self._told(entry)
        return any(profile.concepts[c] < BESIDE * profile.size for c in own)

    def _told(self, entry: str) -> set[str]:
        return {m.concept for text in self.entries[entry].texts for m in self.analyst.analyse(text).mentions}
