"""Many chunks on several processors, until so many updates were played or a claim does not hold."""

import multiprocessing
import os
import tempfile
from collections import Counter
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from itertools import count

from knowledge.engine import Engine
from tests.fuzz.play import Player
from tests.fuzz.runner import Failure, Outcomes, chunk
from tests.paths import MEMORY

_player: Player  # of this process
_known: tuple[str, ...]
Result = tuple[Outcomes, Failure | None]


def run(updates: int, first: int, jobs: int, tell: Callable[[int], None]) -> Result:
    """Play random cases of so many updates in all, in chunks with the seeds `first`, `first` + 1, …

    `tell` hears after each chunk how many they were so far.
    """
    total: Outcomes = Counter()
    seeds = count(first)
    spawn = multiprocessing.get_context("spawn")  # an engine has threads, which a fork would lose
    with tempfile.TemporaryDirectory(dir=MEMORY) as folder:
        pool = ProcessPoolExecutor(jobs, spawn, _open, (folder,))
        running: set[Future[Result]] = {pool.submit(_chunk, next(seeds)) for _ in range(jobs)}
        while running:
            done, running = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                outcomes, failure = future.result()
                total += outcomes
                tell(total.total())
                if failure is not None:
                    pool.shutdown(cancel_futures=True)
                    return total, failure
                if total.total() < updates:
                    running.add(pool.submit(_chunk, next(seeds)))
        pool.shutdown()
    return total, None


def _open(folder: str) -> None:
    global _player, _known  # a process of the pool has one bot for all its chunks
    _player = Player(Engine.open(), f"sqlite:///{folder}/{os.getpid()}.db")
    _known = _player.own_data()


def _chunk(number: int) -> Result:
    return chunk(_player, number, _known)
