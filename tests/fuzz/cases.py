"""A case: a few updates one after the other or side by side, what goes wrong on the way, and a question at the end."""

from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from tests.fuzz.dice import Dice
from tests.fuzz.double import FAULTS
from tests.fuzz.mutations import encode, spoil
from tests.fuzz.updates import KINDS, Maker
from tests.fuzz.world import UNNUMBERED

LONGEST = 12  # updates of a case
FIRST_UPDATE = 700_000_000
QUALITIES = ("plain", "plain", "plain", "wild", "wild", "spoilt")


@dataclass(frozen=True, slots=True)
class Step:
    """One update as it comes over the wire, and the faults of the first calls that it leads to."""

    kind: str  # "message", …
    quality: str  # plain, wild or spoilt
    raw: str
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Drawn:
    kind: str
    quality: str
    update: Any
    faults: tuple[str, ...]
    again: bool  # in its place the update before comes once more: Telegram delivers some twice


@dataclass(frozen=True, slots=True)
class Case:
    """Updates in the order of their arrival.

    `together`: they come in one poll, after polls that failed by `trouble`; else each comes to the webhook when the
    one before has ended.
    """

    steps: tuple[Step, ...]
    together: bool = False
    trouble: tuple[str, ...] = ()


def cases(known: tuple[str, ...]) -> st.SearchStrategy[Case]:
    """Random cases; `known`: what the bot's own buttons carry."""
    trouble = st.lists(st.sampled_from(FAULTS), max_size=2)
    return st.builds(_case, st.lists(_drawn(known), min_size=1, max_size=LONGEST), st.booleans(), trouble)


@st.composite
def _drawn(draw: Any, known: tuple[str, ...]) -> _Drawn:
    dice = Dice(draw)
    kind, quality = dice.pick(KINDS), dice.pick(QUALITIES)
    dice.wild = quality == "wild"
    maker = Maker(dice, known)
    update = maker.update(kind)
    if quality == "spoilt":
        update = spoil(dice, update, lambda: maker.update(dice.pick(KINDS)))
    faults = tuple(dice.pick(FAULTS) for _ in range(1 + dice.below(3))) if dice.one_in(4) else ()
    return _Drawn(kind, quality, update, faults, again=dice.one_in(20))


def _case(drawn: list[_Drawn], together: bool, trouble: list[str]) -> Case:
    steps: list[Step] = []
    for number, one in enumerate(drawn):
        if one.again and steps:
            steps.append(steps[-1])
            continue
        if isinstance(one.update, dict) and one.update.get("update_id") == UNNUMBERED:
            one.update["update_id"] = FIRST_UPDATE + number
        steps.append(Step(one.kind, one.quality, encode(one.update), one.faults))
    return Case(tuple(steps), together, tuple(trouble) if together else ())
