"""Run random cases, count what became of their updates, and on a failure find the smallest case that fails."""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.fuzz.cases import Case, cases
from tests.fuzz.judge import Broken
from tests.fuzz.play import Player

CHUNK = 200  # cases; hypothesis remembers all that it has tried, so each chunk begins anew

SHRINK_FOR = 60.0  # seconds


@dataclass
class Tally:
    """What became of updates, by type and outcome."""

    outcomes: Counter[tuple[str, str]] = field(default_factory=Counter)

    @property
    def updates(self) -> int:
        """How many there were."""
        return self.outcomes.total()

    def add(self, case: Case, outcomes: list[str]) -> None:
        """Count the updates of one case."""
        for step, outcome in zip(case.steps, outcomes, strict=True):
            self.outcomes[step.kind, outcome.partition(":")[0]] += 1


@dataclass(frozen=True, slots=True)
class Failure:
    """The smallest case that was found to break a claim, and the seed of the chunk that it was found in."""

    claim: str
    case: Case
    seed: int


def run(player: Player, updates: int, first: int, tell: Callable[[Tally], None]) -> tuple[Tally, Failure | None]:
    """Play random cases of so many updates in all, in chunks with the seeds `first`, `first` + 1, …

    Ends at the first claim that does not hold. `tell` hears of each chunk.
    """
    known = player.own_data()
    tally = Tally()
    number = first
    while tally.updates < updates:
        if failure := _chunk(player, known, number, tally, updates):
            return tally, failure
        tell(tally)
        number += 1
    return tally, None


def _chunk(player: Player, known: tuple[str, ...], number: int, tally: Tally, updates: int) -> Failure | None:
    failing: list[tuple[Case, Broken]] = []  # each smaller than the one before: hypothesis ends with the smallest
    deadline = float("inf")

    @seed(number)
    @settings(
        max_examples=CHUNK, database=None, deadline=None, suppress_health_check=list(HealthCheck),
        phases=(Phase.generate, Phase.shrink), report_multiple_bugs=False, print_blob=False,
    )  # fmt: skip
    @given(cases(known))
    def holds(case: Case) -> None:
        nonlocal deadline
        if time.monotonic() > deadline:  # small enough: whatever else is tried counts as sound
            if case == failing[-1][0]:
                raise failing[-1][1]
            return
        if tally.updates >= updates and not failing:
            return
        try:
            outcomes = player.play(case)
        except Broken as broken:
            deadline = deadline if failing else time.monotonic() + SHRINK_FOR
            failing.append((case, broken))
            raise
        if not failing:
            tally.add(case, outcomes)

    try:
        holds()
    except Broken as broken:
        return Failure(str(broken), _without_idle_steps(player, failing[-1][0]), number)
    return None


def _without_idle_steps(player: Player, case: Case) -> Case:
    """`case` without the updates that it fails without, which hypothesis may leave when it has tried enough."""
    for at in reversed(range(len(case.steps))):
        shorter = Case(case.steps[:at] + case.steps[at + 1 :], case.together)
        try:
            player.play(shorter)
        except Broken:
            case = shorter
    return case
