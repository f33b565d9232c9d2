"""The questions of tests/questions and what their groups are called."""

import json
from pathlib import Path
from typing import Any

QUESTIONS = Path(__file__).resolve().parents[1] / "tests" / "questions"
STYLES = ("clean", "indirect", "mixed", "noaccent", "sms", "terse", "typo", "voice")
CHATTER = ("offtopic", "chatter")
NEAR = ("near_entity", "near_attribute", "near_year", "false_premise")


def read(name: str) -> list[dict[str, Any]]:
    """The rows of a file of tests/questions."""
    return [json.loads(line) for line in (QUESTIONS / name).read_text(encoding="utf-8").splitlines()]
