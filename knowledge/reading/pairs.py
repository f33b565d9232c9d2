"""Two things asked in one message: "le CA d'Intelcia et de Concentrix ?", "who is Kotbi and what did he say?".

A message is cut where two questions may meet. Each half is read as a turn that leans on the other one, so what was
said once ("le CA") counts for both. Whether the halves are questions is for the matcher to say.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import permutations
from typing import NamedTuple

from knowledge.model import NAMES, Conversation, Outcome
from knowledge.reading.follow_ups import WHAT, turn
from knowledge.reading.judge import Judge
from knowledge.reading.model import Asked, Candidate, Kind, Reading
from knowledge.words.analysis import Analysis

_JOINT = re.compile(
    r"\s*[?!;]+\s+|\s*,\s*(?:et|and|puis|then|ainsi que)?\s*|\.\s+(?=\w)"
    r"|\s+(?:et|and|&|vs\.?|versus|ou|or|puis|then|ainsi que|as well as|also|aussi|contre|against)\s+",
    re.IGNORECASE,
)


class Pair(NamedTuple):
    """A message read as two questions; `first` can be answered."""

    first: Candidate
    second: Candidate
    plain: bool  # both halves ask by themselves, whatever the whole message says


def pair(asked: Asked, whole: Candidate, judge: Judge) -> Reading | None:
    """Both questions answered, or one answered and what the other lacks named; None where there is but one."""
    for found in _asking_more(asked, whole, judge):
        first, second = found.first, found.second
        if judge.sure(second):
            odds = min(first.odds, second.odds)
            return judge.given(asked, [first.entry, second.entry], first.question, odds, Kind.SEVERAL)
        missing = judge.reason(second.question, second.entry)
        if missing and (found.plain or not judge.sure(whole)):
            half = judge.given(asked, [first.entry], first.question, first.odds, Kind.HALF)
            outcome = Outcome.ANSWER if judge.sure(whole) else Outcome.SUGGEST
            return replace(half, outcome=outcome, missing=missing, offered=())
    return None


def _asking_more(asked: Asked, whole: Candidate, judge: Judge) -> Iterator[Pair]:
    """Ways to read a message as two questions that ask for more than the whole does, the surest first."""
    entries = judge.entries
    one = whole.entry if judge.sure(whole) else ""
    answered = {one, *entries[one].covers} if one else set()
    pairs = [*_apart(whole.question, judge), *_halves(asked, whole.question, judge)]
    for first, second, plain in sorted(pairs, key=lambda p: -min(p.first.odds, p.second.odds)):
        both = judge.sure(second)
        found = {first.entry, second.entry}
        if one and min(first.odds, second.odds) < judge.thresholds.halves_from * whole.odds:
            continue
        if found <= answered or (both and len(found) == 1) or any(entries[id].entries for id in found):
            continue
        if both and second.entry == one:  # the answer to the whole message comes first
            first, second = second, first
        surer = min(first.odds, second.odds) > whole.odds
        if not one or plain or surer or _beside(one, second.question, judge):
            yield Pair(first, second, plain)


def _apart(question: Analysis, judge: Judge) -> Iterator[Pair]:
    """The message as a question of one of its names, and the same of the other."""
    readings = [judge.judged(r) for r in apart(question)]
    plain = all(_asks_itself(r.question, judge) for r in readings)
    for first, second in permutations(readings, 2):
        if judge.sure(first):
            yield Pair(first, second, plain)


def _halves(asked: Asked, question: Analysis, judge: Judge) -> Iterator[Pair]:
    """The message cut in two, each half as a turn after the other."""
    limits = judge.thresholds
    for cut in halves(asked.text):
        one, other = (judge.analyst.analyse(part, question.language) for part in cut)
        if not one.mentions or not other.mentions or len(question.mentions) > len(one.mentions + other.mentions):
            continue  # nothing is asked, or a name is cut in two
        long = len(question.words) > limits.terse_words
        if long and (len(one.words) < limits.topic_words or not (is_question(one) and is_question(other))):
            continue
        if any(_is_topic(a, judge) and not b.of_kind(*NAMES) for a, b in ((one, other), (other, one))):
            continue  # "Kotbi, il dit quoi ?" is one question
        plain = _asks_itself(one, judge) and _asks_itself(other, judge)
        for first, second in ((one, other), (other, one)):
            head = judge.judged(first)
            if judge.sure(head):
                after = replace(asked, before=Conversation(head.entry, first.language, first.mentions))
                yield Pair(head, turn(after, judge.judged(second), judge), plain)


def _beside(entry: str, half: Analysis, judge: Judge) -> bool:
    """Whether `half` speaks of something that `entry` does not tell and questions for it hardly ever hold."""
    profile = judge.matcher.models.profiles[entry]
    told = {m.concept for text in judge.entries[entry].texts for m in judge.analyst.analyse(text).mentions}
    own = half.of_kind(*NAMES, "subject", "asks") - told
    return any(profile.share(c) < judge.thresholds.unusual_share for c in own)


def _asks_itself(half: Analysis, judge: Judge) -> bool:
    """Whether `half` has a question word and something that it asks of: more than "... and when?"."""
    return (
        bool(half.of_kind("asks") or WHAT & set(half.words))
        and bool(half.of_kind("subject", *NAMES))
        and len(half.words) >= judge.thresholds.topic_words
    )


def _is_topic(half: Analysis, judge: Judge) -> bool:
    """Whether `half` is a name and hardly more: "Kotbi, ...", "... according to Kotbi"."""
    short = len(half.words) <= judge.thresholds.topic_words
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
    if len(years) != 2:
        return []
    return [
        replace(question, words=tuple(w for w in question.words if w != year), years=question.years - {year})
        for year in reversed(years)
    ]


def is_question(half: Analysis) -> bool:
    """Whether `half` may be a question by itself: it asks, or names what it is about."""
    return bool(half.of_kind("asks", *NAMES)) or bool(WHAT & set(half.words))
