"""The stock client's Application works on the server unchanged, in this loop and as a process."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from typing import Any

import telegram
from telegram.ext import Application, CallbackQueryHandler, CommandHandler

from botapi.people import Account, Person
from tests.doubles.staging import Stage, keyboard
from tests.paths import ROOT


async def greet(update: telegram.Update, conversation: Any) -> None:
    """Answer /start with a button."""
    assert update.effective_message is not None
    await update.effective_message.reply_text("Hello", reply_markup=keyboard("Next"))


async def turn(update: telegram.Update, conversation: Any) -> None:
    """Answer the button and edit its message."""
    assert update.callback_query is not None
    await update.callback_query.answer("turned")
    await update.callback_query.edit_message_text("Page 2", reply_markup=keyboard("Back"))


def application(token: str, base_url: str) -> Any:
    """Return a small bot."""
    app = Application.builder().token(token).base_url(base_url).build()
    app.add_handler(CommandHandler("start", greet))
    app.add_handler(CallbackQueryHandler(turn))
    return app


PROCESS = """
import sys
from tests.doubles.test_applications import application
application(sys.argv[1], sys.argv[2]).run_polling()
"""


def spawn_bot(token: str, base_url: str) -> subprocess.Popen[bytes]:
    """Start a bot process with run_polling."""
    command = [sys.executable, "-c", PROCESS, token, base_url]
    return subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL)


async def converse(alice: Person, account: Account) -> None:
    """Hold the conversation that `application` offers."""
    chat = alice.private(account)
    [hello] = await chat.replies_to(await chat.send("/start"), timeout=10)
    assert (hello.text, hello.buttons) == ("Hello", [["Next"]])
    assert (await alice.press(hello, "Next")).text == "turned"
    [page] = await chat.wait_for(lambda message: message.text == "Page 2")
    assert page.message_id == hello.message_id and page.earlier == ["Hello"] and page.edited


async def test_application_with_an_updater_in_the_loop(stage: Stage) -> None:
    """An Application that polls in this loop works unchanged."""
    app = application(stage.account.token, stage.server.base_url)
    async with app:
        await app.updater.start_polling()
        await app.start()
        await converse(stage.alice, stage.account)
        await app.updater.stop()
        await app.stop()


async def test_application_in_a_process(stage: Stage) -> None:
    """A bot process with run_polling works unchanged, and survives a refused connection."""
    process = spawn_bot(stage.account.token, stage.server.base_url)
    try:
        await converse(stage.alice, stage.account)
        await stage.server.refuse(0.3)
        await asyncio.sleep(0.2)
        await converse(stage.bob, stage.account)
    finally:
        process.terminate()
        await asyncio.to_thread(process.wait, 10)
