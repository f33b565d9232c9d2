"""What the bot knows and what it replies, as plain frozen values. Imports no other module of ours but languages."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from knowledge.languages import ENGLISH, FRENCH, LANGUAGES

Languages = Mapping[str, str]  # what is said in each language
NAMES = ("place", "city", "organisation", "person")  # kinds of concepts that are called by name


@dataclass(frozen=True, slots=True)
class Source:
    """An article: its text as it is in the file, and how to cite it."""

    id: str
    file: str
    label: Languages
    about: Languages
    text: str
    sha256: str
    digest: str = ""  # the entry that sums it up

    def locator(self, start: int, end: int) -> str:
        """The paragraph or paragraphs of text[start:end], counted from §1 over the lines that hold text."""
        first = sum(1 for line in self.text[:start].split("\n")[:-1] if line.strip()) + 1
        last = first + sum(1 for line in self.text[start:end].split("\n")[1:] if line.strip())
        return f"§{first}" if last == first else f"§{first}–{last}"


@dataclass(frozen=True, slots=True)
class Evidence:
    """A verbatim passage. `hidden` passages prove a name or a role and are not shown under the answer."""

    source: str
    quote: str
    translation: str = ""  # ours, into English
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that the sources say, the questions it answers, and the passages that prove it."""

    id: str
    kind: str  # figure, quotation, person, organisation, definition, background, digest
    questions: Mapping[str, tuple[str, ...]]
    answer: Languages
    evidence: tuple[Evidence, ...] = ()  # none of a digest
    related: tuple[str, ...] = ()
    speaker: str = ""  # a person's id, "nobody" where the source credits no one; quotations only
    entries: tuple[str, ...] = ()  # what a digest is made of, in its order; its answer is its title
    covers: tuple[str, ...] = ()  # other entries whose questions this one answers too
    quiz: Languages = field(default_factory=dict)  # a question that the one figure of the answer answers
    short: Languages = field(default_factory=dict)  # what a button says that gives this entry
    file: str = ""

    @property
    def bilingual(self) -> bool:
        """Whether its questions are in both languages; in a folder of one language, the same stand in both."""
        return self.questions[FRENCH] != self.questions[ENGLISH]

    @property
    def texts(self) -> tuple[str, ...]:
        """What it tells: its answers and its passages."""
        return (*self.answer.values(), *(p.quote for p in self.evidence))


@dataclass(frozen=True, slots=True)
class Concept:
    """One thing that words can stand for. `kind`: one of NAMES, or subject, asks, gap, language."""

    id: str
    kind: str
    patterns: dict[str, tuple[str, ...]]
    label: dict[str, str] = field(default_factory=dict)
    name: str | None = None
    says: str = ""  # of a language: that the bot does not speak it, said in it
    quiet: bool = False  # of a gap: whether no decline names it


@dataclass(frozen=True, slots=True)
class Mention:
    """A concept found in a question, and the words that stood for it."""

    concept: str
    kind: str
    words: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One figure of a chart, and the words beside it. Its value is never written: the answer of its entry gives it."""

    entry: str
    label: Languages
    note: Languages = field(default_factory=lambda: dict.fromkeys(LANGUAGES, ""))


@dataclass(frozen=True, slots=True)
class Chart:
    """Figures of the sources to be seen side by side."""

    id: str
    form: str  # bars, or crowd: so many little people
    title: Languages
    short: Languages  # what a button says that shows it
    unit: Languages
    counted: Mapping[str, tuple[str, ...]]  # nouns; an answer's figure before one of them is what its bar shows
    bars: tuple[Bar, ...]
    note: Languages = field(default_factory=lambda: dict.fromkeys(LANGUAGES, ""))


class Label(str):
    """What a known question asks for: an entry, by its id; else `talk:…`, `meta:…`, or `none:…`, which sources lack."""

    __slots__ = ()

    @property
    def family(self) -> str:
        """entry, talk, meta or none."""
        return self.partition(":")[0] if ":" in self else "entry"

    @property
    def name(self) -> str:
        """The id of the entry or the Talk; of what the sources lack, its kind."""
        return self.rpartition(":")[2]

    @property
    def silent(self) -> bool:
        """Whether the sources do not answer such a question."""
        return self.family == "none"


@dataclass(frozen=True, slots=True)
class Example:
    """A question somebody asked, and what it asks for: an entry, small talk, or nothing in the sources."""

    text: str
    label: Label
    group: str  # whose it is; the learner tests itself on one group at a time
    language: str = ""  # what it was written in, where that is known
    before: tuple[tuple[str, Label], ...] = ()  # the conversation so far: (text, label), oldest first
    decoy: bool = False  # looks unanswerable on purpose: teaches which entry, not when to keep silent
    also: tuple[Label, ...] = ()  # what would be right as well

    @property
    def labels(self) -> tuple[Label, ...]:
        """All that would be right, the best first."""
        return (self.label, *self.also)


@dataclass(frozen=True, slots=True)
class ClaimExample:
    """What somebody claimed, and whether it is what an entry tells."""

    text: str
    language: str
    entry: str
    true: bool
    group: str  # whose it is


@dataclass(frozen=True, slots=True)
class Talk:
    """Small talk with its reply, or what is said of the conversation itself, without one."""

    id: str
    kind: str  # talk or meta
    questions: dict[str, tuple[str, ...]]
    reply: dict[str, str]  # of meta: what leads the last answer's passages
    offers: tuple[str, ...] = ()  # entries whose questions are offered beside the reply
    otherwise: str = ""  # of meta: the small talk that it is where nothing was answered yet

    @property
    def label(self) -> Label:
        """The label of its examples."""
        return Label(f"{self.kind}:{self.id}")


@dataclass(frozen=True, slots=True)
class Knowledge:
    """One folder of knowledge, read but not yet proven."""

    folder: Path
    sources: dict[str, Source]
    entries: dict[str, Entry]
    concepts: list[Concept]
    shorthand: dict[str, dict[str, str]]
    talk: dict[str, Talk]
    phrases: dict[str, dict[str, str]]
    waived: dict[str, str]
    charts: dict[str, Chart]
    examples: list[Example]
    claims: list[ClaimExample]
    digest: str


@dataclass(frozen=True, slots=True)
class Citation:
    """A passage as it is shown: the excerpt verbatim, where it stands, and our translation if there is one."""

    source: str
    locator: str
    excerpt: str
    label: str
    translation: str = ""
    paragraph: str = ""  # the source's line around the excerpt; "" where the excerpt is all of it

    @property
    def lines(self) -> list[str]:
        """The excerpt's paragraphs, without the empty lines between them."""
        return [line for line in self.excerpt.split("\n") if line.strip()]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A question that the bot can answer; `short`: the same in a few words, for a button."""

    entry: str
    question: str
    short: str = ""


class Outcome(StrEnum):
    """What kind of reply it is. A decline is a reply like any other, never an error."""

    ANSWER = "answer"
    SUGGEST = "suggest"
    DECLINE = "decline"
    SMALLTALK = "smalltalk"


class Claim(StrEnum):
    """What becomes of what a message claims."""

    NONE = "none"
    CONFIRMED = "confirmed"
    INEXACT = "inexact"  # only the bound of a figure differs: 20,000 for more than 20,000
    CONTRADICTED = "contradicted"


@dataclass(frozen=True, slots=True)
class Conversation:
    """What a conversation remembers of its last answer, for the next turn to lean on."""

    entry: str = ""
    language: str = ""
    about: tuple[Mention, ...] = ()  # what the last question spoke of, as understood
    shown: tuple[str, ...] = ()  # entries already given in this conversation, oldest first
    at: float = 0.0  # seconds, on the clock of whoever calls Engine.ask
    offered: tuple[str, ...] = ()  # entries whose questions the last reply asked back, in the order shown


FORGET_AFTER = 600.0  # seconds: after ten minutes a group has gone on to something else
NEW = Conversation()  # nothing was said yet


@dataclass(frozen=True, slots=True)
class Part:
    """One entry as it is told: what it says, and the passages that say so."""

    entry: str
    statement: str
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Reply:
    """Everything that any interface needs in order to show one reply, and the conversation for the next turn.

    `lead` comes first: "no, not so", what is missing, a digest's title; then each part with its passages; then what
    else may be asked. An answer to one question is one part without a lead.
    """

    outcome: Outcome
    language: str
    lead: str = ""
    parts: tuple[Part, ...] = ()
    entry: str | None = None
    suggestions: tuple[Suggestion, ...] = ()
    score: float = 0.0
    conversation: Conversation = Conversation()
    claim: Claim = Claim.NONE

    @property
    def asks_back(self) -> bool:
        """Whether its suggestions stand for an answer; else they are what one may go on with."""
        return self.outcome is not Outcome.ANSWER and not self.parts

    @property
    def statement(self) -> str:
        """All that is said without the passages, a paragraph for each thing said."""
        return "\n\n".join(filter(None, [self.lead, *(p.statement for p in self.parts)]))

    @property
    def citations(self) -> tuple[Citation, ...]:
        """The passages of all parts, each once."""
        return tuple(dict.fromkeys(c for p in self.parts for c in p.citations))
