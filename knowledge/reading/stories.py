"""A story and then a question: its last sentence that asks, with the names of the story."""

import re

from knowledge.model import NAMES
from knowledge.reading.follow_ups import lend
from knowledge.reading.judge import Judge
from knowledge.reading.model import Asked, Candidate


def story(asked: Asked, whole: Candidate, judge: Judge) -> Candidate | None:
    """The last question of a message that is not understood as a whole; None if that is no better."""
    told, question = last_sentence(asked.text)
    if not told or judge.sure(whole):
        return None
    language, analyse = whole.question.language, judge.analyst.analyse
    last = analyse(question, language)
    named = [m for m in analyse(told, language).mentions if m.kind in NAMES]
    found = judge.judged(lend(last, [m for m in named if m.concept not in last.of_kind(*NAMES)]))
    return found if judge.sure(found) else None


def last_sentence(text: str) -> tuple[str, str]:
    """(what leads up to it, the last sentence that asks): a story and its question. ("", text) if there is but one."""
    sentences = [s for s in re.split(r"(?<=[.!?…:])\s+", text.strip()) if s]
    asking = [i for i, s in enumerate(sentences) if s.endswith("?")]
    at = asking[-1] if asking else len(sentences) - 1
    return (" ".join(s for i, s in enumerate(sentences) if i != at), sentences[at]) if sentences else ("", text)
