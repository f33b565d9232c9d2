"""python -m bench.speed: updates a second, Verbatim with its whole job against the stock client's plain echo bot.

Both run as processes of their own against the local Bot API server, one after the other in one run: each finds the
same questions waiting, and the clock runs from its first reply to its last.
"""

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from botapi.people import BotApi

ROOT = Path(__file__).resolve().parents[1]
QUESTIONS = ROOT / "tests" / "questions" / "single.jsonl"
BOTS = {"echo": "bench.echo", "Verbatim": "bot"}


def questions(most: int) -> list[str]:
    """`most` questions of the test sets, over and over."""
    texts = [json.loads(line)["q"] for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]
    return [texts[n % len(texts)] for n in range(most)]


@asynccontextmanager
async def running(module: str, server: BotApi, pace: str = "none") -> AsyncIterator["subprocess.Popen[bytes]"]:
    """A bot's process against `server`, with an empty store; `pace`: see VERBATIM_PACE."""
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {
            "TELEGRAM_BOT_TOKEN": server.token,
            "TELEGRAM_API_BASE_URL": server.base_url.removesuffix("/bot"),
            "DATABASE_URL": f"sqlite:///{folder}/verbatim.db",
            "HEALTH_LISTEN": "off",
            "VERBATIM_PACE": pace,
        }
        process = subprocess.Popen([sys.executable, "-m", module], cwd=ROOT, env=environment, stderr=subprocess.DEVNULL)
        try:
            yield process
        finally:
            process.terminate()
            process.wait()


async def measure(module: str, chats: int, texts: list[str], delay: float) -> tuple[float, float]:
    """Replies a second, and milliseconds of CPU for each."""
    server = await BotApi.start(username="bench_bot")
    people = [server.person(f"P{n}", language_code="fr") for n in range(chats)]
    server.send_many([(people[n % chats], text) for n, text in enumerate(texts)])
    if delay:
        server.fail("sendMessage", times=None, delay=delay)
    async with running(module, server) as process:
        while len(server.shown()[0]) < len(texts):
            if process.poll() is not None:
                raise RuntimeError(f"{module} ended")
            await asyncio.sleep(0.2)
        stat = await asyncio.to_thread(Path(f"/proc/{process.pid}/stat").read_text)
        times = [call.time for call in server.calls("sendMessage")]
    await server.stop()
    cpu = sum(map(int, stat.rsplit(")")[1].split()[11:13])) / os.sysconf("SC_CLK_TCK") / len(texts)
    return (len(times) - 1) / (max(times) - min(times)), cpu * 1000


async def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--updates", type=int, default=3000)
    parser.add_argument("--chats", type=int, default=300)
    parser.add_argument("--delay", type=float, default=0.0, help="seconds of network for each reply")
    given = parser.parse_args()
    texts = questions(given.updates)
    rates = {}
    for name, module in BOTS.items():
        began = time.monotonic()
        rates[name], cpu = await measure(module, given.chats, texts, given.delay)
        took = time.monotonic() - began
        print(f"{name:10} {rates[name]:8.0f} updates a second, {cpu:.2f} ms of CPU each with the start, {took:.0f} s")
    print(f"ratio      {rates['Verbatim'] / rates['echo']:8.2f}")


if __name__ == "__main__":
    asyncio.run(main())
