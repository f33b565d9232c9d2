"""A proxy as small as can be: in front of the replicas, or between one of them and Telegram."""

import asyncio
import contextlib
from collections.abc import Sequence

HOST = "127.0.0.1"
CHUNK = 65536  # bytes


class Proxy:
    """Listens on a port and passes each connection on to one of `backends`, ports of this machine.

    It takes the next one in turn that takes the connection; those that are `unwell` come last. While it is `forgetful`
    it cuts the connection where an answer should come back; while it is not `flowing` nothing gets through, and what
    did not get through then is lost.
    """

    def __init__(self, backends: Sequence[int]) -> None:
        self.backends = list(backends)
        self.unwell: set[int] = set()
        self.forgetful = False
        self.flowing = asyncio.Event()
        self.flowing.set()
        self.taken = dict.fromkeys(backends, 0)  # connections that each backend took
        self._turn = 0
        self._connections: set[asyncio.Task[None]] = set()

    async def start(self, port: int) -> None:
        """Begin to listen."""
        self._server = await asyncio.start_server(self._begin, HOST, port)

    async def stop(self) -> None:
        """Listen no more, and cut what is open."""
        self._server.close()
        for connection in self._connections:
            connection.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    async def _begin(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._connections.add(task)
        try:
            await self._pass_on(reader, writer)
        finally:
            writer.close()
            self._connections.discard(task)

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._turn += 1
        first = self._turn % len(self.backends)
        for port in sorted(self.backends[first:] + self.backends[:first], key=self.unwell.__contains__):
            with contextlib.suppress(OSError):
                there, back = await asyncio.open_connection(HOST, port)
                break
        else:
            return  # nobody is there: the connection is closed
        self.taken[port] += 1
        try:
            ways = [asyncio.create_task(self._copy(reader, back)), asyncio.create_task(self._copy(there, writer, True))]
            try:
                await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for way in ways:
                    way.cancel()
        finally:
            back.close()

    async def _copy(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, answer: bool = False) -> None:
        with contextlib.suppress(OSError):
            while (data := await reader.read(CHUNK)) and not (answer and self.forgetful):
                if not self.flowing.is_set():
                    await self.flowing.wait()
                    return
                writer.write(data)
                await writer.drain()
