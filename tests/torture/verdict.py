"""What became of the questions: lost, answered twice and why, out of order.

A second answer is owed to something if the bot could not know of the first one: its connection was cut, it did not
come in time, the process was killed before it had written down that it answered, or the database was away.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from itertools import pairwise

from botapi.people import Shown
from tests.torture.crowd import Crowd
from tests.torture.questions import spaced

READ_LATE = 3.0  # seconds after a kill or a cut in which the busy server still reads what had been sent
CUT_LATE = 0.5  # seconds after an answer in which a cut still comes before it is read
WRITTEN = 3.0  # seconds after an answer in which a process with its hands full writes down that it answered


@dataclass
class Events:
    """What happened to the bot, in Unix seconds."""

    kills: list[tuple[float, float]] = field(default_factory=list)  # told to die, dead
    outages: list[tuple[float, float]] = field(default_factory=list)  # of the database: from, until
    refusals: list[float] = field(default_factory=list)  # of the Bot API server, which cut every connection


@dataclass
class Verdict:
    """The figures of one run. `duplicates` are counted by what they are owed to; "nothing" is a defect."""

    asked: int = 0
    answered: int = 0
    disordered: list[int] = field(default_factory=list)  # chats
    strange: list[Shown] = field(default_factory=list)  # messages that answer no question
    duplicates: Counter[str] = field(default_factory=Counter)
    unexplained: list[tuple[Shown, Shown]] = field(default_factory=list)
    by_kill: Counter[tuple[float, float]] = field(default_factory=Counter)  # duplicates owed to each
    lost: list[tuple[int, str]] = field(default_factory=list)  # chat, line of the answer that never came


def judge(crowd: Crowd, events: Events) -> Verdict:
    """Compare what was asked with what was shown."""
    verdict = Verdict()
    shown: defaultdict[int, list[Shown]] = defaultdict(list)
    for message in crowd.shown:
        shown[message.chat].append(message)
    for chat, asked in crowd.asked.items():
        copies: dict[str, list[Shown]] = {question.line: [] for question in asked}
        for message in sorted(shown[chat], key=lambda s: s.message_id):
            known = copies.get(spaced(message.line))
            if known is None:
                verdict.strange.append(message)
            else:
                known.append(message)
        first = {line: came[0].message_id for line, came in copies.items() if came}
        verdict.asked += len(copies)
        verdict.answered += len(first)
        verdict.lost += [(chat, line) for line in copies if line not in first]
        if any(one > other for one, other in pairwise(first[line] for line in copies if line in first)):
            verdict.disordered.append(chat)
        blamed: set[tuple[float, float]] = (
            set()
        )  # kills: one is to blame for one second answer in a chat, as one is under way
        for came in copies.values():
            for earlier, later in pairwise(sorted(came, key=lambda s: s.time)):
                reason = owed_to(earlier, later, events, blamed)
                verdict.duplicates[reason] += 1
                if reason == "nothing":
                    verdict.unexplained.append((earlier, later))
        verdict.by_kill.update(blamed)
    return verdict


def owed_to(earlier: Shown, later: Shown, events: Events, blamed: set[tuple[float, float]]) -> str:
    """Why `earlier` was followed by `later`: the same answer once more."""
    ended, answered = earlier.ended or later.time, earlier.status == 200
    began = earlier.time - (0 if answered else READ_LATE)  # status 0: nobody was there any more to take the answer
    if earlier.fault == "cut after":
        return "a cut connection"
    until = min(later.time, ended + WRITTEN)
    kills = [kill for kill in events.kills if kill[0] < until and began < kill[1] and kill not in blamed]
    if kills:
        blamed.add(min(kills, key=lambda kill: max(earlier.time - kill[1], kill[0] - ended)))  # the nearest
        return "a kill, answered but not written down" if answered else "a kill, under way"
    if any(began < cut < ended + CUT_LATE for cut in events.refusals):
        return "a refusal"
    if any(start < ended + WRITTEN and earlier.time < end for start, end in events.outages):
        return "the database"
    if earlier.fault.startswith("delay") and not answered:
        return "a time-out"
    return "nothing"
