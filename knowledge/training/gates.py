"""Fitting the gates, on what the readers say of each writer's questions when they have learned without that writer."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from knowledge.arrays import Floats
from knowledge.matching.matcher import Matcher, Verdict
from knowledge.matching.models import Gate, Gates, Models
from knowledge.matching.profiles import Profiles
from knowledge.matching.signals import Signals, TalkSignals, TurnSignals
from knowledge.model import Entry
from knowledge.reading.follow_ups import options
from knowledge.reading.model import Candidate
from knowledge.training.examples import OURS, Row, Turn
from knowledge.training.nets import fit_gate
from knowledge.training.progress import progress
from knowledge.words.vocabulary import Vocabulary


class Held:
    """What is known of the questions of each writer without that writer.

    `words` [row, label] and `meaning` [row, label] are the readers' scores and logarithms of probabilities, `after`
    [turn, label] those of the reader of turns; None where there is no encoder.
    """

    def __init__(
        self,
        entries: Mapping[str, Entry],
        vocabulary: Vocabulary,
        rows: Sequence[Row],
        turns: Sequence[Turn],
        words: Floats,
        meaning: Floats | None = None,
        after: Floats | None = None,
    ) -> None:
        self.entries = entries
        self.vocabulary = vocabulary
        self.rows = rows
        self.turns = turns
        self.words = words
        self.meaning = meaning
        self.after = after
        self.writers: dict[str, list[int]] = defaultdict(list)
        for at, row in enumerate(rows):
            if row.example.group not in OURS and not row.example.decoy:
                self.writers[row.example.group].append(at)
        self.turn_at = {turn.rows[0]: number for number, turn in enumerate(turns)}

    def gates(self, models: Models) -> Gates:
        """The gates of what is known here, for `models` whose own are not fitted yet."""
        matcher = Matcher(self.entries, models, self.vocabulary)
        answers: list[tuple[Signals, bool]] = []
        for places in self._without_each_writer(models.profiles):
            for at in places:
                example = self.rows[at].example
                if not example.before and example.label.family in ("entry", "none"):  # turns have their own gate
                    verdict = self._verdict(at, matcher)
                    answers.append((verdict.signals, self._right(verdict.entry, at)))
        answer = _fitted(answers)
        return Gates(answer, *self._talk_and_turn(replace(models, by_words=Gates(answer), by_both=Gates(answer))))

    def _talk_and_turn(self, models: Models) -> tuple[Gate, Gate | None]:
        """The gate of small talk and, if there are turns, theirs; `models` have the gate of answers."""
        matcher = Matcher(self.entries, models, self.vocabulary)
        talk: list[tuple[TalkSignals, bool]] = []
        asked: list[tuple[TurnSignals, bool]] = []
        for places in self._without_each_writer(models.profiles):
            found = {at: Candidate(self.rows[at].question, self._verdict(at, matcher)) for at in places}
            for at, alone in found.items():
                if self.rows[at].example.before and at not in self.turn_at:
                    continue  # it leans, or comes after what was no answer
                turn = self.turns[self.turn_at[at]] if at in self.turn_at else None
                after = self.after[self.turn_at[at]] if turn and self.after is not None else None
                label, signals = matcher.talk(alone.question, alone.verdict, after)
                talk.append((signals, label in self.rows[at].example.labels))
                if turn:
                    readings = [found[row] for row in turn.rows]
                    found_in = options(readings, turn.before, matcher, after)
                    asked += [(option.signals, self._right(option.entry, at)) for option in found_in]
        return _fitted(talk), _fitted(asked) if asked else None

    def _verdict(self, at: int, matcher: Matcher) -> Verdict:
        meaning = None if self.meaning is None else self.meaning[at]
        return matcher.weigh(self.rows[at].question, self.words[at], meaning)

    def _right(self, entry: str, at: int) -> bool:
        """Whether `entry` is what the row at this place asks for."""
        return any(label in (entry, *self.entries[entry].covers) for label in self.rows[at].example.labels)

    def _without_each_writer(self, known: Profiles) -> Iterator[list[int]]:
        """The rows of each writer, while `known` holds nothing of that writer's questions."""
        for places in progress(list(self.writers.values()), "writers held out"):
            counted = [self.rows[at] for at in places if self.rows[at].counted]
            for row in counted:
                known.count(row.question, row.example.label, -1)
            yield places
            for row in counted:
                known.count(row.question, row.example.label)


def _fitted(found: Sequence[tuple[Sequence[float], bool]]) -> Gate:
    """A gate for signals, each with whether what they speak for was right."""
    return fit_gate([signals for signals, _ in found], [right for _, right in found])
