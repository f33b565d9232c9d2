"""HTTP to the Bot API over aiohttp: the library's own client costs three times as much CPU for each call.

No error of this module tells an address, because the address holds the token.
"""

from collections.abc import Callable
from typing import Any

import aiohttp
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData
from yarl import URL

CONNECT = 5.0  # seconds
ANSWER = 10.0  # seconds; Telegram usually answers within one
UPLOAD = 60.0  # seconds
JSON = {"Content-Type": "application/json"}
CUT_OFF = "the connection broke"
SEEN = ("send", "edit", "answer")  # how the methods begin that people see something of


class Request(BaseRequest):
    """One pool of kept-alive connections; see telegram.request.BaseRequest."""

    def __init__(self, connections: int, may_show: Callable[[], bool] = lambda: True) -> None:
        """`connections`: open at once at most; more calls wait for one. `may_show`: whether people may see them."""
        self._connections = connections
        self._may_show = may_show
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        """Seconds that an answer may take."""
        return ANSWER

    async def initialize(self) -> None:
        """Open the pool."""
        if self._session is None:
            connector = aiohttp.TCPConnector(limit=self._connections)
            self._session = aiohttp.ClientSession(connector=connector, auto_decompress=True)

    async def shutdown(self) -> None:
        """Close the pool."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = None,
        write_timeout: Any = None,
        connect_timeout: Any = None,
        pool_timeout: Any = None,
    ) -> tuple[int, bytes]:
        """The status and the body of the answer. Raises TimedOut and NetworkError, neither of which tells the URL."""
        if self._session is None:
            raise NetworkError("not connected")
        if url.rpartition("/")[2].startswith(SEEN) and not self._may_show():
            raise NetworkError("another process may have taken this over")
        upload = request_data is not None and request_data.contains_files
        answer = UPLOAD if upload else read_timeout if isinstance(read_timeout, (int, float)) else ANSWER
        timeout = aiohttp.ClientTimeout(total=answer, sock_connect=CONNECT)
        try:
            async with self._session.request(
                method,
                URL(url, encoded=True),
                data=_body(request_data),
                headers=None if upload else JSON,
                timeout=timeout,
            ) as response:
                return response.status, await response.read()
        except TimeoutError:
            raise TimedOut("no answer in time") from None
        except (aiohttp.ClientError, OSError) as error:
            raise NetworkError(f"{CUT_OFF}: {type(error).__name__}") from None


def _body(data: RequestData | None) -> aiohttp.FormData | bytes | None:
    if data is None:
        return None
    if not data.contains_files:
        return data.json_payload  # costs half the CPU time of a form
    form = aiohttp.FormData(data.json_parameters)
    for name, (file_name, content, mime) in data.multipart_data.items():
        form.add_field(name, content, filename=file_name, content_type=mime)
    return form
