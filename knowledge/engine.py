"""Engine: from a message to a Reply. The one door to what this package knows; it decides nothing itself.

Reading decides what was asked and what may be said of it, telling has the words. Nothing here awaits, stores or knows
of Telegram.
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from knowledge.curating import prove
from knowledge.curating.load import FAQ, load
from knowledge.encoder.encoder import open_encoder
from knowledge.errors import KnowledgeError
from knowledge.languages import FRENCH, LANGUAGES
from knowledge.matching.matcher import Matcher
from knowledge.model import NEW, Conversation, Knowledge, Reply
from knowledge.reading.judge import Judge
from knowledge.reading.reader import Reader
from knowledge.telling.catalogue import Catalogue
from knowledge.telling.replies import Replies
from knowledge.telling.tell import tell
from knowledge.thresholds import THRESHOLDS, Thresholds
from knowledge.training import train
from knowledge.training.vectors import closest

CHECKS = ("source", "sure")  # of talk.yaml: what is said of an answer and may be said of anybody's message
CLOSEST = 3  # known questions that explain how a question was read


class Engine:
    """Answers questions from one folder of knowledge."""

    def __init__(self, knowledge: Knowledge, judge: Judge) -> None:
        self.knowledge = knowledge
        self.analyst = judge.analyst
        self.matcher = judge.matcher
        self.replies = Replies(knowledge, judge.analyst.lexicon)
        self.reader = Reader(judge)
        self.catalogue = Catalogue(knowledge, judge.analyst, self.reader)

    @classmethod
    def open(
        cls, faq: Path = FAQ, *, thresholds: Thresholds = THRESHOLDS, proven: bool = True, meaning: bool = True
    ) -> "Engine":
        """Load, prove and train. Raises KnowledgeError with every Problem when something false could get out.

        `proven`: False opens a folder that is not proven, for measurements. `meaning`: False goes by words alone, as
        an installation without the extra "meaning" does.
        """
        knowledge = load(faq)
        encoder = open_encoder() if meaning else None
        analyst, trained, cache = train.learned(knowledge, encoder)
        if proven and (problems := prove.prove(knowledge, analyst)):
            raise KnowledgeError(problems)
        trained = trained or train.anew(knowledge, analyst, cache, encoder)
        matcher = Matcher(knowledge.entries, trained.models, analyst.vocabulary, encoder)
        engine = cls(knowledge, Judge(knowledge, analyst, matcher, thresholds, trained.stance, trained.reasons))
        if proven and not cache.proven:
            if problems := prove.prove_questions(knowledge, engine.ask):
                raise KnowledgeError(problems)
            cache.set_proven()
        return engine

    @property
    def reads(self) -> str:
        """By what questions are understood, for whoever starts it."""
        return "by their words and their meaning" if self.matcher.encoder else "by their words alone"

    def closest(self, text: str) -> list[tuple[str, float]]:
        """The known questions that are closest in meaning to `text`, and the cosine of each with it."""
        encoder = self.matcher.encoder
        return closest(text, encoder, self.knowledge.folder, CLOSEST) if encoder else []

    def ask(self, text: str, before: Conversation = NEW, *, now: float = 0.0, usual: str = FRENCH) -> Reply:
        """The reply to `text` after `before`. `usual`: the language where neither tells; `now`: seconds."""
        return tell(self.reader.read(text, before, now=now, usual=usual), self.replies)

    def asks_whether_so(self, text: str) -> bool:
        """Whether `text` only asks if something said before is so, or where it is said: "c'est vrai ?", "source?"."""
        return self.reader.read(text, NEW).name in CHECKS

    def answer(self, entry: str, language: str, before: Conversation = NEW, now: float = 0.0) -> Reply:
        """The reply that gives `entry`, as a link or a button asks for it. Raises KeyError for an unknown id."""
        return tell(self.reader.give(entry, language, before, now), self.replies)

    def answers(
        self, entries: Sequence[str], language: str, before: Conversation = NEW, now: float = 0.0
    ) -> Reply | None:
        """The reply that gives several entries, one after the other; None if one of them is unknown."""
        if not entries or language not in LANGUAGES or not all(id in self.knowledge.entries for id in entries):
            return None
        return tell(replace(self.reader.give(entries[0], language, before, now), entries=tuple(entries)), self.replies)
