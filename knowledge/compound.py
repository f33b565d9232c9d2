"""Two things asked in one message: "le CA d'Intelcia et de Concentrix ?", "who is Kotbi and what did he say?".

A message is cut where two questions may meet. Each half is read as a turn that leans on the other one, so what was
said once ("le CA") counts for both. Whether the halves are questions is for the matcher to say.
"""

import re
from collections.abc import Iterator

MOST = 60  # words: a pasted paragraph is no pair of questions
_JOINT = re.compile(
    r"\s*[?!;]+\s+|\s*,\s*(?:et|and|puis|then|ainsi que)?\s*|\.\s+(?=\w)"
    r"|\s+(?:et|and|&|\+|vs\.?|versus|ou|or|puis|then|ainsi que|as well as|plus|also|aussi|contre|against)\s+",
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


def last_sentence(text: str) -> tuple[str, str]:
    """(what leads up to it, the last sentence that asks): a story and its question. ("", text) if there is but one."""
    sentences = [s for s in re.split(r"(?<=[.!?…:])\s+", text.strip()) if s]
    asking = [i for i, s in enumerate(sentences) if s.endswith("?")]
    at = asking[-1] if asking else len(sentences) - 1
    return (" ".join(s for i, s in enumerate(sentences) if i != at), sentences[at]) if sentences else ("", text)
