"""A throw-away PostgreSQL, as Debian packages it: its own folder, a free port, gone after the tests.

PostgreSQL refuses to run as root: there, its processes are those of the user postgres, whom the package makes.
"""

import atexit
import contextlib
import os
import pwd
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

import pytest

HOST = "127.0.0.1"
USER = "postgres"
SETTINGS = {"listen_addresses": HOST, "max_connections": "200", "log_min_messages": "warning"}
PORTS = (20_000, 32_000)  # below those that Linux gives to connections
UP_IN = 30.0  # seconds; after a kill it reads its log first
DOWN_IN = 20.0  # seconds


def programs() -> Path | None:
    """The folder with initdb, postgres and createdb of the newest version that is installed; None without one."""
    folders = [p.parent for p in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    on_path = shutil.which("initdb")
    newest = max(folders, key=lambda p: float(p.parent.name), default=None)
    return newest or (Path(on_path).resolve().parent if on_path else None)


def available() -> bool:
    """Whether PostgreSQL is installed."""
    return programs() is not None


needs_postgres = pytest.mark.skipif(not available(), reason="PostgreSQL is not installed: apt install postgresql")


class Postgres:
    """A server with a folder of its own. Every answer that it gave is on the disk: fsync is on."""

    def __init__(self) -> None:
        """Make the folder and start in it. Raises RuntimeError if that fails."""
        found = programs()
        if found is None:
            raise RuntimeError("PostgreSQL is not installed")
        self.programs = found
        self.folder = Path(tempfile.mkdtemp(prefix="postgres-"))
        self.port = free_port()
        self._databases = 0
        if os.geteuid() == 0:
            owner = pwd.getpwnam(USER)
            os.chown(self.folder, owner.pw_uid, owner.pw_gid)
        self._run("initdb", "-D", "data", "-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        atexit.register(self.stop)
        self.start()

    def start(self) -> None:
        """Start it, and wait until it takes connections. Raises RuntimeError if that does not happen."""
        options = [f"-c{name}={value}" for name, value in SETTINGS.items()]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [self.programs / "postgres", "-D", "data", "-p", str(self.port), "-k", self.folder, *options],
                stdout=log,
                stderr=log,
                **self._as_owner(),
            )
        deadline = time.monotonic() + UP_IN
        while subprocess.run([self.programs / "pg_isready", "-q", "-h", HOST, "-p", str(self.port)]).returncode:
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError((self.folder / "log").read_text(errors="replace"))
            time.sleep(0.05)

    def stop(self) -> None:
        """End it in order (connections are cut, what they began is undone) and remove its folder."""
        self._end(signal.SIGINT)
        shutil.rmtree(self.folder, ignore_errors=True)

    def kill(self) -> None:
        """As when the power goes: every process of it at once."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        self.process.kill()
        for child in map(int, children):
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        self.process.wait(DOWN_IN)

    def restart(self, down: float = 0.0) -> None:
        """End it in order unless it is dead, leave it `down` so many seconds, and start it in the same folder."""
        self._end(signal.SIGINT)
        time.sleep(down)
        self.start()

    def database(self) -> str:
        """Make an empty database; returns its URL."""
        self._databases += 1
        name = f"test_{self._databases}"
        self._run("createdb", "-h", HOST, "-p", str(self.port), "-U", USER, name)
        return f"postgresql://{USER}@{HOST}:{self.port}/{name}"

    def query(self, url: str, sql: str) -> list[list[str]]:
        """What a statement returns in the database `url`: rows of values as text."""
        separator = "\x1f"
        told = self._run("psql", "-X", "-A", "-t", "-F", separator, "-v", "ON_ERROR_STOP=1", "-c", sql, url)
        return [line.split(separator) for line in told.splitlines()]

    def _end(self, number: signal.Signals) -> None:
        if self.process.poll() is None:
            self.process.send_signal(number)
        try:
            self.process.wait(DOWN_IN)
        except subprocess.TimeoutExpired:
            self.kill()

    def _run(self, program: str, *arguments: str) -> str:
        """The output of one of its programs. Raises RuntimeError with what it complained about."""
        command = [str(self.programs / program), *arguments]
        done = subprocess.run(command, capture_output=True, **self._as_owner())
        if done.returncode:
            raise RuntimeError(f"{program}: {done.stderr.decode()}")
        return str(done.stdout, "utf-8")

    def _as_owner(self) -> dict[str, Any]:
        """Where and as whom its processes run, for subprocess."""
        if os.geteuid() != 0:
            return {"cwd": self.folder}
        return {"cwd": self.folder, "user": USER, "group": USER, "extra_groups": []}


def free_port() -> int:
    """A TCP port of this machine that nobody listens on, nor the system gives to a connection meanwhile."""
    while True:
        port = random.randrange(*PORTS)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind((HOST, port))
            return port
