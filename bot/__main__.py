"""Environment -> build -> run: python -m bot."""

import logging
import os
import sys

from dotenv import load_dotenv
from telegram.error import InvalidToken

from bot.app import UPDATES, build_application
from bot.settings import Settings, SettingsError
from knowledge.engine import Engine
from knowledge.errors import KnowledgeError

FOREVER = -1  # attempts to reach a Bot API that is down when the bot starts


def main() -> int:
    """Run the bot until it is stopped; returns the exit status: 0, 1 for bad knowledge, 2 for bad settings."""
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s", level=logging.INFO)
    logging.getLogger("httpx").setLevel(logging.WARNING)  # its INFO lines hold the token
    logging.getLogger("telegram.ext").addFilter(_not_the_token)
    load_dotenv()
    try:
        settings = Settings.from_environment(os.environ)
        engine = Engine.open(settings.faq)
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 2
    except KnowledgeError as error:
        print(error, file=sys.stderr)
        return 1
    app = build_application(engine, settings)
    logging.info("connecting to %s; until it answers, the bot keeps trying", settings.api)
    try:
        app.run_polling(allowed_updates=UPDATES, bootstrap_retries=FOREVER)
    except InvalidToken:
        print("Telegram refuses TELEGRAM_BOT_TOKEN: copy it again from @BotFather.", file=sys.stderr)
        return 2
    return 0


def _not_the_token(record: logging.LogRecord) -> bool:
    """Drop the library's traceback for a refused token: main says it in one line."""
    return not (record.exc_info and isinstance(record.exc_info[1], InvalidToken))


if __name__ == "__main__":
    sys.exit(main())
