"""What goes into reading and what comes out, as frozen values.

A message comes in as `Asked`. While it is read, a `Candidate` is one way to understand it with the matcher's view. What
comes out is one `Reading`: what is to be said, and the `Step`s that led there. Nothing is decided after it.
"""

from dataclasses import dataclass, field
from enum import StrEnum

from knowledge.claims.differences import Difference
from knowledge.matching.matcher import Verdict
from knowledge.model import Claim, Conversation, Outcome
from knowledge.words.analysis import Analysis


@dataclass(frozen=True, slots=True)
class Asked:
    """A message, and what it is asked after."""

    text: str  # without control characters and needless spaces
    question: Analysis  # the text as it stands
    language: str  # of the reply
    before: Conversation
    now: float  # seconds, on the clock of Conversation.at


class Doubt(StrEnum):
    """Why the first entry is not given, however good its odds."""

    NONE = ""
    ANYBODYS = "may be asked of several"


@dataclass(frozen=True, slots=True)
class Candidate:
    """One way to understand a message."""

    question: Analysis
    verdict: Verdict
    doubt: Doubt = Doubt.NONE

    @property
    def entry(self) -> str:
        """The id of the entry that comes first."""
        return self.verdict.entry

    @property
    def odds(self) -> float:
        """How likely the first entry is right, 0 to 1."""
        return self.verdict.probability


class Kind(StrEnum):
    """What is to be said."""

    TALK = "small talk"  # `name`: the id of a Talk
    TONGUE = "another language"  # `name`: the id of that language's concept, "" for one that the bot cannot tell
    EMPTY = "no question"
    NOTHING_YET = "about an answer that was not given"  # `name`: the id of a Talk
    ENTRY = "an entry"  # led by what is missing or by what became of a claim, if anything
    SEVERAL = "an entry for each question"
    HALF = "what is missing of one question, and an entry for each other one"  # `left`: those without an answer
    PASSAGE = "the passages of an entry"  # `name`: the id of the Talk whose reply leads them
    AGAIN = "an entry again"  # `name`: the same
    ARTICLE = "what is known of an article"  # `name`: the id of the source
    PERHAPS = "the one entry that may be meant"
    CHOICE = "a choice"  # `name`: the phrase that leads `offered`
    INSTEAD = "what the sources say instead of a claim"
    NOTHING = "that the sources do not say it"  # `offered`: the nearest that they do say


@dataclass(frozen=True, slots=True)
class Missing:
    """What a question asks for and the sources lack: a year, or a concept of the lexicon that has a label."""

    year: str = ""
    concept: str = ""
    named: bool = True  # whether the reply may say so: words that only look like it ("ROI", "roi") give no reason


@dataclass(frozen=True, slots=True)
class Step:
    """One rule that changed how a message was understood, or ended its reading. `name`: as the reader lists it."""

    name: str
    candidate: Candidate | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """A message understood to the end: all that telling needs to know."""

    kind: Kind
    outcome: Outcome
    language: str  # of the reply
    conversation: Conversation  # for the next turn
    entries: tuple[str, ...] = ()  # given, in this order
    offered: tuple[str, ...] = ()  # entries whose questions are asked back, or offered to go on with
    name: str = ""  # what is said, by kind
    missing: Missing | None = None
    left: tuple[str, ...] = ()  # questions of the message that get no answer, as they were written
    claim: Claim = Claim.NONE
    difference: Difference | None = None  # what of the claim differs, where that can be named
    score: float = 0.0  # of an answer: the odds that it is right, 0 to 1; else of the entry that came first
    steps: tuple[Step, ...] = field(default=(), compare=False)

    @property
    def entry(self) -> str | None:
        """The entry that answers; None where nothing does."""
        return self.entries[0] if self.outcome is Outcome.ANSWER else None
