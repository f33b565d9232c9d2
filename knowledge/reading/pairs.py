"""Two things asked in one message: "le CA d'Intelcia et de Concentrix ?", "who is Kotbi and what did he say?".

A message is cut where two questions may meet. Each half is read as a turn that leans on the other one, so what was
said once ("le CA") counts for both. Whether the halves are questions is for the matcher to say.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import permutations

from knowledge.model import NAMES, Conversation, Outcome
from knowledge.reading.judge import Judge
from knowledge.reading.model import Asked, Candidate, Kind, Reading, given
from knowledge.words.analysis import Analysis

WHAT = frozenset("que quoi qu quel quelle quels quelles what which koi".split())
_JOINT = re.compile(
    r"\s*[?!;]+\s+|\s*,\s*(?:et|and|puis|then|ainsi que)?\s*|\.\s+(?=\w)"
    r"|\s+(?:et|and|&|vs\.?|versus|ou|or|puis|then|ainsi que|as well as|also|aussi|contre|against)\s+",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Pair:
    """A message read as two questions; `first` can be answered."""

    first: Candidate
    second: Candidate
    plain: bool  # both halves ask by themselves, whatever the whole message says


class Pairs:
    """Reads messages as two questions. `turn` reads the second one in the conversation that the first one makes."""

    def __init__(self, judge: Judge, turn: Callable[[Candidate, Conversation], Candidate]) -> None:
        self._judge = judge
        self._turn = turn

    def read(self, asked: Asked, whole: Candidate) -> Reading | None:
        """Both questions answered, or one answered and what the other lacks named; None where there is but one."""
        sure, entries = self._judge.sure, self._judge.entries
        for pair in self._asking_more(asked.text, whole):
            first, second = pair.first, pair.second
            if sure(second):
                odds = min(first.odds, second.odds)
                return given(asked, entries, [first.entry, second.entry], first.question, odds, Kind.PAIR)
            missing = self._judge.missing(second.question, second.entry)
            if missing and (pair.plain or not sure(whole)):
                half = given(asked, entries, [first.entry], first.question, first.odds, Kind.HALF)
                outcome = Outcome.ANSWER if sure(whole) else Outcome.SUGGEST
                return replace(half, outcome=outcome, missing=missing, offered=())
        return None

    def _asking_more(self, text: str, whole: Candidate) -> Iterator[Pair]:
        """Ways to read `text` as two questions that ask for more than the whole does, the surest first."""
        entries, sure = self._judge.entries, self._judge.sure
        one = whole.entry if sure(whole) else ""
        answered = {one, *entries[one].covers} if one else set()
        for pair in self._splits(text, whole.question):
            first, second = pair.first, pair.second
            both = sure(second)
            if both and second.entry == one:  # the answer to the whole message comes first
                first, second = second, first
            found = {first.entry, second.entry}
            if found <= answered or (both and len(found) == 1) or any(entries[id].entries for id in found):
                continue
            if not one or pair.plain or self._beside(one, second.question):
                yield Pair(first, second, pair.plain)

    def _splits(self, text: str, question: Analysis) -> list[Pair]:
        """Every way to read a message as two of which the first can be answered: those with two answers first."""
        judge, limits = self._judge, self._judge.thresholds
        readings = [judge.judged(r) for r in apart(question)]
        plain = all(self._asks_itself(r.question) for r in readings)
        found = [Pair(a, b, plain) for a, b in permutations(readings, 2) if judge.sure(a)]
        for left, right in halves(text):
            one, other = (judge.analyst.analyse(part, question.language) for part in (left, right))
            if not one.mentions or not other.mentions or len(question.mentions) > len(one.mentions + other.mentions):
                continue  # nothing is asked, or a name is cut in two
            long = len(question.words) > limits.terse_words
            if long and (len(one.words) < limits.topic_words or not (is_question(one) and is_question(other))):
                continue
            if any(self._is_topic(a) and not b.of_kind(*NAMES) for a, b in ((one, other), (other, one))):
                continue  # "Kotbi, il dit quoi ?" is one question
            plain = self._asks_itself(one) and self._asks_itself(other)
            for first, second in ((one, other), (other, one)):
                head = judge.judged(first)
                if judge.sure(head):
                    said = Conversation(head.entry, first.language, first.mentions)
                    found.append(Pair(head, self._turn(judge.judged(second), said), plain))
        return sorted(found, key=lambda p: -min(p.first.odds, p.second.odds))

    def _beside(self, entry: str, half: Analysis) -> bool:
        """Whether `half` speaks of something that `entry` does not tell and questions for it hardly ever hold."""
        analyse, profile = self._judge.analyst.analyse, self._judge.matcher.profiles[entry]
        told = {m.concept for text in self._judge.entries[entry].texts for m in analyse(text).mentions}
        own = half.of_kind(*NAMES, "subject", "asks") - told
        return any(profile.share(c) < self._judge.thresholds.unusual_share for c in own)

    def _asks_itself(self, half: Analysis) -> bool:
        """Whether `half` has a question word and something that it asks of: more than "... and when?"."""
        return (
            bool(half.of_kind("asks") or WHAT & set(half.words))
            and bool(half.of_kind("subject", *NAMES))
            and len(half.words) >= self._judge.thresholds.topic_words
        )

    def _is_topic(self, half: Analysis) -> bool:
        """Whether `half` is a name and hardly more: "Kotbi, ...", "... according to Kotbi"."""
        short = len(half.words) <= self._judge.thresholds.topic_words
        return short and bool(half.of_kind(*NAMES)) and not half.of_kind("asks")


def halves(text: str) -> Iterator[tuple[str, str]]:
    """Every way to cut `text` in two at a mark or a word that can join two questions."""
    for joint in _JOINT.finditer(text):
        left, right = text[: joint.start()].strip(), text[joint.end() :].strip()
        if left and right:
            yield left, right


def apart(question: Analysis) -> list[Analysis]:
    """`question` once for each of the names, or years, of one kind that it holds; [] if no kind has two or three."""
    for kind in NAMES:
        names = list(dict.fromkeys(m.concept for m in question.mentions if m.kind == kind))
        if 2 <= len(names) <= 3:
            return [question.without(set(names) - {name}) for name in names]
    years = [w for w in question.words if w in question.years]
    if len(years) == 2:
        return [_drop(question, {year}) for year in reversed(years)]
    return []


def _drop(question: Analysis, words: set[str]) -> Analysis:
    kept = tuple(w for w in question.words if w not in words)
    return replace(question, words=kept, years=question.years - words)


def is_question(half: Analysis) -> bool:
    """Whether `half` may be a question by itself: it asks, or names what it is about."""
    return bool(half.of_kind("asks", *NAMES)) or bool(WHAT & set(half.words))
