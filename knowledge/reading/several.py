"""Several questions in one message, each with a mark of its own: "Qui est Kotbi ? Il dit quoi ? Et il gagne combien ?".

Each is read as a turn after the one before it. Those that are sure are answered, in the order they were asked; of the
others it is said which they are, so that none vanishes.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from textwrap import shorten

from knowledge.model import Conversation, Outcome
from knowledge.reading.follow_ups import says_little, turn
from knowledge.reading.judge import Judge
from knowledge.reading.model import Asked, Candidate, Kind, Reading
from knowledge.reading.small_talk import by_match

MOST = 4  # questions: of more, the message is a text and no list of questions
QUOTED = 100  # characters of a question that is named
_UNQUOTED = re.compile(r"[^\w\s'’,%€$£?-]")  # what could make a mention, a link or a placeholder of a question
_QUESTION_END = re.compile(r"(?<=[?])\s+")


def several(asked: Asked, whole: Candidate, judge: Judge) -> Reading | None:
    """Each question of a message answered, or named where it cannot be; None where there is but one."""
    texts = [text for text in _QUESTION_END.split(asked.text) if text.endswith("?")]
    if not 2 <= len(texts) <= MOST:
        return None
    found: dict[str, Candidate] = {}  # by entry
    left: dict[str, Candidate] = {}  # by question
    befores = [asked.before]  # the conversation after each answer
    for text in texts:
        part = replace(asked, text=text, question=judge.analyst.analyse(text, asked.question.language))
        candidate = _understood(part, befores, judge)
        if judge.sure(candidate):
            entry = judge.entries[candidate.entry]
            id = entry.entries[0] if entry.entries else entry.id  # of a digest, what it tells first
            found.setdefault(id, candidate)
            befores.append(Conversation(id, part.question.language, candidate.question.mentions))
        elif len(part.question.words) >= judge.thresholds.topic_words and not by_match(
            replace(part, before=befores[-1]), candidate, judge
        ):
            left[text] = candidate
    if not found or len(found) + len(left) < 2:
        return None
    missing = next((m for c in left.values() if (m := judge.reason(c.question, c.entry))), None)
    odds = min(candidate.odds for candidate in found.values())
    if judge.sure(whole):
        its = judge.entries[whole.entry]
        told = {its.id, *its.covers, *its.entries}
        one = found.keys() <= told and not missing
        if one or (len(found) > 1 and odds < judge.thresholds.halves_from * whole.odds):
            return None
    *_, last = found.values()
    reading = judge.given(asked, [*found], last.question, odds, Kind.HALF if left else Kind.SEVERAL)
    if not left:
        return reading
    outcome = Outcome.ANSWER if len(found) > 1 or judge.sure(whole) else Outcome.SUGGEST
    return replace(reading, outcome=outcome, missing=missing, left=tuple(map(_quotable, left)), offered=())


def _quotable(question: str) -> str:
    """As much of `question` as its writer needs to know it again, and nothing that does more than be read."""
    return shorten(_UNQUOTED.sub("", question), QUOTED, placeholder=" […]")


def _understood(asked: Asked, befores: Sequence[Conversation], judge: Judge) -> Candidate:
    """A question alone where it says enough, else after the latest of the answers after which it is sure."""
    alone = judge.judged(asked.question)
    if judge.sure(alone) and not says_little(asked.question):
        return alone
    turns = (turn(replace(asked, before=before), alone, judge) for before in reversed(befores))
    latest = next(turns)
    return latest if judge.sure(latest) else next(filter(judge.sure, turns), latest)
