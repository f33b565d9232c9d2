"""Two things asked in one message: "le CA d'Intelcia et de Concentrix ?", "who is Kotbi and what did he say?".

A message is cut where two questions may meet. Each half is read as a turn that leans on the other one, so what was
said once ("le CA") counts for both. Whether the halves are questions is for the matcher to say.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from knowledge.model import NAMES
from knowledge.words.analysis import Analysis

MOST = 60  # words: a pasted paragraph is no pair of questions
WHAT = frozenset("que quoi qu quel quelle quels quelles what which koi".split())
TERSE = 6  # words: "intelcia revenue & headcount" asks without a question word
TOPIC = 3  # words
_JOINT = re.compile(
    r"\s*[?!;]+\s+|\s*,\s*(?:et|and|puis|then|ainsi que)?\s*|\.\s+(?=\w)"
    r"|\s+(?:et|and|&|vs\.?|versus|ou|or|puis|then|ainsi que|as well as|also|aussi|contre|against)\s+",
    re.IGNORECASE,
)


def halves(text: str) -> Iterator[tuple[str, str]]:
    """Every way to cut `text` in two at a mark or a word that can join two questions."""
    if len(text.split()) > MOST:
        return
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


def asks_itself(half: Analysis) -> bool:
    """Whether `half` has a question word and something that it asks of: more than "... and when?"."""
    return (
        bool(half.of_kind("asks") or WHAT & set(half.words))
        and bool(half.of_kind("subject", *NAMES))
        and len(half.words) >= TOPIC
    )


def is_topic(half: Analysis) -> bool:
    """Whether `half` is a name and hardly more: "Kotbi, ...", "... according to Kotbi"."""
    return bool(half.of_kind(*NAMES)) and not half.of_kind("asks") and len(half.words) <= TOPIC


def last_sentence(text: str) -> tuple[str, str]:
    """(what leads up to it, the last sentence that asks): a story and its question. ("", text) if there is but one."""
    sentences = [s for s in re.split(r"(?<=[.!?…:])\s+", text.strip()) if s]
    asking = [i for i, s in enumerate(sentences) if s.endswith("?")]
    at = asking[-1] if asking else len(sentences) - 1
    return (" ".join(s for i, s in enumerate(sentences) if i != at), sentences[at]) if sentences else ("", text)
