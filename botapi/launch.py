"""Constraint: a test never hangs and never leaves a server behind.

Starts the server process and talks to its control interface, each call with a timeout. Works
from any event loop, as no connection is kept between calls.
"""

from __future__ import annotations

import asyncio
import http.client
import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import aiohttp

from .errors import ControlError, Json

ROOT = Path(__file__).resolve().parents[1]
CALL_TIMEOUT = 10.0  # seconds for a call that waits for nothing
STOP_TIMEOUT = 5.0  # seconds the process gets to end by itself
RETRY_PAUSE = 0.05  # seconds between attempts while the port refuses connections


def spawn() -> subprocess.Popen[str]:
    """Start the server process on a free port; it prints the port when it listens."""
    command = [sys.executable, "-m", "botapi", "--port", "0", "--until-eof"]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True)


class Process:
    """The process of a server."""

    def __init__(self, popen: subprocess.Popen[str], port: int) -> None:
        """Take the running process and its port."""
        self.popen = popen
        self.port = port

    @classmethod
    async def start(cls, timeout: float) -> Process:
        """Start a server on a free port; raises RuntimeError if it isn't up in `timeout` s."""
        popen = spawn()
        assert popen.stdout is not None
        reading = asyncio.create_task(asyncio.to_thread(popen.stdout.readline))
        done, _ = await asyncio.wait([reading], timeout=timeout)
        if not done:
            popen.kill()
        line = await reading
        if not line:
            popen.kill()
            raise RuntimeError("the Bot API server did not start")
        return cls(popen, int(json.loads(line)["port"]))

    async def stop(self) -> None:
        """End the process and wait until it is gone."""
        self.popen.terminate()
        try:
            await asyncio.to_thread(self.popen.wait, STOP_TIMEOUT)
        except subprocess.TimeoutExpired:
            self.popen.kill()
        self.close()

    def kill(self) -> None:
        """Kill the process at once."""
        self.popen.kill()
        self.close()

    def close(self) -> None:
        """Reap the ended process and close its pipes."""
        self.popen.wait(STOP_TIMEOUT)
        for pipe in (self.popen.stdin, self.popen.stdout):
            if pipe is not None:
                pipe.close()


class Connection:
    """The control interface of a running server.

    While the port refuses connections a call is tried again; not once the process has ended.
    """

    def __init__(self, process: Process) -> None:
        """Take the process of the server."""
        self.process = process
        self.port = process.port

    def may_retry(self, deadline: float) -> bool:
        """Return whether a failed attempt may be followed by another one."""
        return self.process.popen.poll() is None and time.monotonic() < deadline

    def call_now(self, verb: str, body: Json) -> Any:
        """Call a verb and block until the result; raises ControlError or OSError."""
        deadline = time.monotonic() + CALL_TIMEOUT
        while True:
            client = http.client.HTTPConnection("127.0.0.1", self.port, timeout=CALL_TIMEOUT)
            try:
                client.request("POST", f"/control/{verb}", json.dumps(body))
                return result_of(json.loads(client.getresponse().read()))
            except ConnectionError:
                if not self.may_retry(deadline):
                    raise
                time.sleep(RETRY_PAUSE)
            finally:
                client.close()

    async def call(self, verb: str, body: Json, waits: float = 0.0) -> Any:
        """Call a verb that may wait `waits` seconds; raises ControlError, TimeoutError, OSError."""
        timeout = aiohttp.ClientTimeout(total=CALL_TIMEOUT + waits)
        deadline = time.monotonic() + CALL_TIMEOUT
        address = f"http://127.0.0.1:{self.port}/control/{verb}"
        while True:
            try:
                async with (
                    aiohttp.ClientSession(timeout=timeout) as session,
                    session.post(address, json=body) as answer,
                ):
                    return result_of(await answer.json())
            except aiohttp.ClientConnectionError:
                if not self.may_retry(deadline):
                    raise
                await asyncio.sleep(RETRY_PAUSE)


def result_of(answer: Json) -> Any:
    """Return the result of an answer of the control interface; raises ControlError."""
    if not answer["ok"]:
        raise ControlError(answer["description"])
    return answer["result"]
