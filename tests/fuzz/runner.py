"""Random cases in chunks, and of a case that fails the smallest."""

import time
from collections import Counter
from dataclasses import dataclass, replace

from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.fuzz.cases import Case, cases
from tests.fuzz.judge import ClaimError
from tests.fuzz.play import Player

CHUNK = 200  # cases; hypothesis remembers all that it has tried, so each chunk begins anew
SHRINK_FOR = 60.0  # seconds
Outcomes = Counter[tuple[str, str]]  # how many updates, by type and what became of them


class _EnoughError(BaseException):
    """Ends hypothesis: no Exception, or it would be one more failure."""


@dataclass(frozen=True, slots=True)
class Failure:
    """The smallest case that was found to break a claim, and the seed of the chunk that it was found in."""

    claim: str
    case: Case
    seed: int


def chunk(player: Player, number: int, known: tuple[str, ...], size: int = CHUNK) -> tuple[Outcomes, Failure | None]:
    """Play `size` random cases, the same ones for the same seed `number`; end at the first claim that does not hold.

    `known`: the data of the bot's own buttons.
    """
    outcomes: Outcomes = Counter()
    failing: list[tuple[Case, str]] = []
    deadline = float("inf")

    @seed(number)
    @settings(
        max_examples=size, database=None, deadline=None, suppress_health_check=list(HealthCheck),
        phases=(Phase.generate, Phase.shrink), report_multiple_bugs=False, print_blob=False,
    )  # fmt: skip
    @given(cases(known))
    def holds(case: Case) -> None:
        nonlocal deadline
        if time.monotonic() > deadline:
            raise _EnoughError
        try:
            fates = player.play(case)
        except ClaimError as error:
            deadline = deadline if failing else time.monotonic() + SHRINK_FOR
            failing.append((case, str(error)))
            raise
        if not failing:
            outcomes.update((s.kind, fate.partition(":")[0]) for s, fate in zip(case.steps, fates, strict=True))

    try:
        holds()
    except (ClaimError, _EnoughError):
        case, claim = min(failing, key=lambda found: sum(len(step.raw) for step in found[0].steps))
        return outcomes, Failure(claim, _without_idle_steps(player, case), number)
    return outcomes, None


def _without_idle_steps(player: Player, case: Case) -> Case:
    """`case` without the updates that it fails without, which hypothesis may leave when it has tried enough."""
    for at in reversed(range(len(case.steps))):
        shorter = replace(case, steps=case.steps[:at] + case.steps[at + 1 :])
        try:
            player.play(shorter)
        except ClaimError:
            case = shorter
    return case
