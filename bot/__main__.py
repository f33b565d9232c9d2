"""Environment -> settings and knowledge -> run: python -m bot."""

import asyncio
import logging
import os
import sys

import uvloop
from dotenv import load_dotenv

from bot.errors import SettingsError
from bot.ops.logs import set_up
from bot.run import run
from bot.settings import Settings
from knowledge.engine import Engine
from knowledge.errors import KnowledgeError

log = logging.getLogger(__name__)


def main() -> int:
    """Run the bot until it is stopped.

    Returns the exit status: 0, 1 for bad knowledge, 2 for bad settings or a token that Telegram refuses.
    """
    load_dotenv()
    try:
        settings = Settings.from_environment(os.environ)
        set_up(settings.token, json=settings.json_logs)
        engine = Engine.open(settings.faq)
        log.info("questions are read %s", engine.reads)
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 2
    except KnowledgeError as error:
        print(error, file=sys.stderr)
        return 1
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(run(engine, settings))


if __name__ == "__main__":
    sys.exit(main())
