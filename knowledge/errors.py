"""What can be wrong with a knowledge folder, told so that a curator knows where to put the finger.

KnowledgeError
└── carries every Problem found, so that one run shows all there is to mend
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing to mend. `file`, `entry` and `field` lead to it; `nearest` is the closest passage, if any."""

    file: str
    entry: str
    field: str
    message: str
    nearest: str = ""

    def __str__(self) -> str:
        where = ": ".join(part for part in (self.file, self.entry, self.field) if part)
        return f"{where}: {self.message}" + (f'; nearest: "{self.nearest}"' if self.nearest else "")


class KnowledgeError(Exception):
    """The knowledge cannot be served. `problems` holds every Problem, in the order of the files."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__("\n".join(str(p) for p in problems))
