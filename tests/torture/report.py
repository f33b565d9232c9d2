"""What the torture found, as a table of figures, and which claims hold."""

from dataclasses import dataclass

from bot.inbox.worker import AT_ONCE
from tests.torture.scenarios import Drained, Killed, Plan, Silenced
from tests.torture.verdict import Verdict

ENDS_IN = 8.0  # seconds after SIGTERM
WAITS = 60.0  # seconds that somebody may have to wait while a replica is silent


@dataclass(frozen=True)
class Figure:
    """A line of the report; `holds` is whether what is claimed of it is true, None where nothing is claimed."""

    name: str
    value: str
    holds: bool | None = None


def of_kills(killed: Killed, plan: Plan) -> list[Figure]:
    """The figures of the kills."""
    verdict, events = killed.verdict, killed.events
    most = max(verdict.by_kill.values(), default=0)
    faults = ", ".join(f"{name} {times}" for name, times in sorted(killed.faults.items()))
    return [
        Figure("kills", str(len(events.kills)), len(events.kills) >= plan.kills),
        Figure("database away", f"{len(events.outages)} times"),
        Figure("connections refused", f"{len(events.refusals)} times"),
        Figure("calls hit by a fault", faults or "none"),
        Figure("time", f"{killed.seconds:.0f} s, {verdict.answered / killed.seconds:.0f} answers/s"),
        *of_verdict(verdict),
        Figure("second answers owed to one kill, at most", str(most), most <= AT_ONCE),
        Figure("left waiting or aside in the store", str(killed.left), killed.left == 0),
        Figure("processes that ended by themselves", str(killed.by_itself or "none"), not killed.by_itself),
    ]


def of_silences(silenced: Silenced) -> list[Figure]:
    """The figures of the silences."""
    most = max(silenced.verdict.by_kill.values(), default=0)
    return [
        *(Figure(kind, f"{times} times") for kind, times in silenced.times.items()),
        Figure("longest wait", f"{silenced.longest:.1f} s", silenced.longest <= WAITS),
        *of_verdict(silenced.verdict),
        Figure("second answers owed to one silence, at most", str(most), most <= AT_ONCE),
        Figure("left waiting or aside in the store", str(silenced.left), silenced.left == 0),
        Figure("processes that ended by themselves", str(silenced.by_itself or "none"), not silenced.by_itself),
    ]


def of_end(drained: Drained, plan: Plan) -> list[Figure]:
    """The figures of the order to end."""
    slowest = max(stopped.seconds for stopped in drained.stopped)
    statuses = sorted({stopped.status for stopped in drained.stopped})
    none_twice = not drained.verdict.duplicates.total()
    return [
        Figure("waiting at SIGTERM", str(drained.waiting), drained.waiting >= plan.waiting),
        Figure("ended after", f"{slowest:.1f} s", slowest <= ENDS_IN),
        Figure("exit status", ", ".join(map(str, statuses)), statuses == [0]),
        Figure("answers after the end", str(drained.after), drained.after == 0),
        *of_verdict(drained.verdict),
        Figure("answered twice", str(drained.verdict.duplicates.total()), none_twice),
    ]


def of_verdict(verdict: Verdict) -> list[Figure]:
    """The figures of what people saw."""
    owed = ", ".join(f"{reason} {times}" for reason, times in verdict.duplicates.most_common() if reason != "nothing")
    unexplained, strange, disordered = len(verdict.unexplained), len(verdict.strange), len(verdict.disordered)
    return [
        Figure("questions", str(verdict.asked), verdict.asked > 0),
        Figure("lost", str(len(verdict.lost)), not verdict.lost),
        Figure("second answers owed to", owed or "none"),
        Figure("second answers owed to nothing", str(unexplained), not unexplained),
        Figure("chats out of order", str(disordered), not disordered),
        Figure("messages that answer nothing", str(strange), not strange),
    ]


def broken(figures: list[Figure]) -> list[str]:
    """The claims that do not hold."""
    return [f"{figure.name}: {figure.value}" for figure in figures if figure.holds is False]


def table(title: str, columns: dict[str, list[Figure]]) -> str:
    """The figures of several runs side by side; a claim that does not hold is marked."""
    rows = [[title, *columns]]
    for lines in zip(*columns.values(), strict=True):
        values = [line.value + (" FAILS" if line.holds is False else "") for line in lines]
        rows += [[lines[0].name, *values]]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    shown = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return "\n".join([shown[0], "-" * len(shown[0]), *shown[1:]])


def details(verdict: Verdict, most: int = 5) -> list[str]:
    """Some of what should not have been, to look into."""
    lines = [f"lost: chat {chat}, {line}" for chat, line in verdict.lost[:most]]
    lines += [f"out of order: chat {chat}" for chat in verdict.disordered[:most]]
    lines += [f"answers nothing: {message}" for message in verdict.strange[:most]]
    return lines + [f"twice for no reason: {one}\n  and {other}" for one, other in verdict.unexplained[:most]]
