"""One connection, one thread, and one transaction for all that waits for one.

Each commit waits for the disk, so works that come while it waits share the next one. A thread of its own keeps that
wait away from the event loop.
"""

import asyncio
import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from queue import SimpleQueue
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import DataError, IntegrityError, ProgrammingError, SQLAlchemyError

from bot.errors import ConnectError, StoreError
from bot.metrics import STORE_ERRORS
from bot.store.connect import connect, disconnect

log = logging.getLogger(__name__)
T = TypeVar("T")
MOST = 256  # works in one transaction
CLOSING = 1.0  # seconds that close() waits for the works that were asked for before


class _Job(NamedTuple):
    order: str
    work: Callable[[Connection], Any]
    future: "asyncio.Future[Any]"


class Database:
    """Runs functions of a connection in transactions. `problem` tells what is wrong with it now, "" if nothing is."""

    def __init__(self, url: str) -> None:
        """`url`: as SQLAlchemy writes it (sqlite:////path, postgresql://user@host/name); opened at the first work."""
        self.url = url
        self.problem = "not opened yet"
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._connection: Connection | None = None
        self._thread = threading.Thread(target=self._serve, name="store", daemon=True)
        self._thread.start()

    async def run(self, work: Callable[[Connection], T], order: str = "") -> T:
        """What `work` returns, once its transaction is safe on disk. It may be run more than once; raises StoreError.

        Any other exception of `work` is raised as it is, and its changes are undone. The works of one transaction are
        done in the order of `order`: where each changes a row that other processes change too, they name that row, or
        two processes could wait for each other.
        """
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._jobs.put(_Job(order, work, future))
        return await future

    async def close(self) -> None:
        """Finish what was asked for and close the connection; a database that does not answer is not waited for."""
        self._jobs.put(None)
        await asyncio.to_thread(self._thread.join, CLOSING)

    def _serve(self) -> None:
        going = True
        while going:
            jobs = []
            job = self._jobs.get()
            while job is not None:
                jobs.append(job)
                if len(jobs) == MOST or self._jobs.empty():
                    break
                job = self._jobs.get()
            going = job is not None
            if jobs:
                self._do(sorted(jobs, key=lambda job: job.order))
        self._disconnect()

    def _do(self, jobs: list[_Job]) -> None:
        outcomes = self._together(jobs)
        if isinstance(outcomes, Exception) and not isinstance(outcomes, StoreError) and len(jobs) > 1:
            for job in jobs:  # one of them spoils it: which?
                self._do([job])
            return
        if isinstance(outcomes, Exception):
            outcomes = [outcomes] * len(jobs)
        with suppress(RuntimeError):  # the loop is closed: nobody waits
            jobs[0].future.get_loop().call_soon_threadsafe(_settle, jobs, outcomes)

    def _together(self, jobs: list[_Job]) -> list[Any] | Exception:
        try:
            if self._connection is None:
                self._connection = connect(self.url)
            with self._connection.begin():
                outcomes = [job.work(self._connection) for job in jobs]
        except (IntegrityError, DataError, ProgrammingError) as error:  # the work's own fault
            return error
        except (SQLAlchemyError, ConnectError, OSError) as error:
            return self._failed(error)
        except Exception as error:
            return error
        if self.problem:
            log.info("the database works")
            self.problem = ""
        return outcomes

    def _failed(self, error: Exception) -> StoreError:
        """Begin anew with the next work: what is wrong may be the connection."""
        STORE_ERRORS.inc()
        problem = _one_line(error)
        if problem != self.problem:
            log.error("the database fails: %s", problem)
        self.problem = problem
        self._disconnect()
        return StoreError(problem)

    def _disconnect(self) -> None:
        if self._connection is not None:
            disconnect(self._connection)
        self._connection = None


def _settle(jobs: list[_Job], outcomes: list[Any]) -> None:
    for job, outcome in zip(jobs, outcomes, strict=True):
        if job.future.done():  # whoever asked was cancelled
            continue
        if isinstance(outcome, Exception):
            job.future.set_exception(outcome)
        else:
            job.future.set_result(outcome)


def _one_line(error: Exception) -> str:
    """What the driver says, without the statement and its values: those may be what people wrote."""
    return " ".join(str(getattr(error, "orig", None) or error).split())[:300]
