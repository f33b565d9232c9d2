"""python -m bot.store: what an operator does to the database of DATABASE_URL. docs/operations.md tells when."""

import argparse
import os
import sys

from dotenv import load_dotenv
from sqlalchemy.exc import SQLAlchemyError

from bot.errors import ConnectError, SettingsError, ToolError
from bot.settings import Settings, database_of
from bot.store import tools


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the exit status: 0, 1 when the database does not do it, 2 for a wrong call."""
    given = _parser().parse_args(arguments)
    load_dotenv()
    try:
        url = Settings.from_environment(os.environ).database
        match given.command:
            case "backup":
                tools.backup(url, given.file)
                print(f"wrote {given.file}")
            case "copy":
                print(f"copied {tools.copy(url, database_of(given.to))} rows")
            case "aside":
                for line in tools.aside(url):
                    print(line)
            case command:
                ids = None if given.ids == ["all"] else [int(id) for id in given.ids]
                count = tools.retry(url, ids) if command == "retry" else tools.drop(url, ids)
                print(f"{count} of those set aside")
    except (SettingsError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    except (SQLAlchemyError, ConnectError, OSError, ToolError) as error:
        print(getattr(error, "orig", None) or error, file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot.store", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    backup = commands.add_parser("backup", help="write a consistent copy of the SQLite file of a running bot")
    backup.add_argument("file")
    copy = commands.add_parser("copy", help="copy everything into another, empty database; the bot must not run")
    copy.add_argument("--to", required=True, metavar="DATABASE_URL")
    commands.add_parser("aside", help="list the updates that failed for good, with their errors")
    for name, what in (("retry", "have these handled again"), ("drop", "delete these")):
        command = commands.add_parser(name, help=f"{what}, by the ids that `aside` lists, or all")
        command.add_argument("ids", nargs="+")
    return parser


if __name__ == "__main__":
    sys.exit(main())
