"""Nobody let in: each test holds a line of docs/threats.md."""

import asyncio
import json
import re
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest

from bot.intake.webhook import HEADER, MOST, secret_of
from bot.settings import Settings
from botapi.people import BotApi
from knowledge.curating.load import load
from knowledge.errors import KnowledgeError
from tests.knowledge.spoilt import spoil
from tests.paths import ROOT
from tests.process.postgres import free_port
from tests.process.running import RunningBot, start_bot
from tests.process.stores import Store, said

SECRET_TEXT = "ma question très privée"
UNREADABLE: tuple[dict[str, Any], ...] = (
    {"message": 5},
    {"message": {"text": 1}},
    {"inline_query": []},
    {"message": None},
    {},
    {"poll": "x"},
)


class Watched:
    """A bot in webhook mode, whose log, database and ports a test can read."""

    def __init__(self, folder: Path) -> None:
        self.server = asyncio.run(BotApi.start(username="watched_bot"))
        self.database = folder / "watched.db"
        self.webhook, self.health = (f"127.0.0.1:{free_port()}" for _ in "12")
        self.running = start_bot(
            self.server,
            lambda: bool(self.server.calls("setWebhook")),
            DATABASE_URL=f"sqlite:///{self.database}",
            WEBHOOK_URL=f"http://{self.webhook}/telegram",
            WEBHOOK_LISTEN=self.webhook,
            HEALTH_LISTEN=self.health,
        )
        settings = Settings.from_environment({"TELEGRAM_BOT_TOKEN": self.server.token})
        self.secret = secret_of(settings)

    def post(self, body: bytes, secret: str | None = None, path: str = "/telegram", method: str = "POST") -> int:
        """Call the webhook; returns the status."""
        headers = {HEADER: self.secret if secret is None else secret} if secret != "" else {}
        request = urllib.request.Request(f"http://{self.webhook}{path}", body, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code

    def read(self, path: str) -> str:
        """What the health port says."""
        with urllib.request.urlopen(f"http://{self.health}{path}", timeout=5) as answer:
            return str(answer.read(), "utf-8")


def everything(database: Path) -> bytes:
    """All the bytes of a SQLite database."""
    return b"".join(path.read_bytes() for path in database.parent.glob(f"{database.name}*"))


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    bot = Watched(tmp_path_factory.mktemp("watched"))
    yield bot
    bot.running.stop()
    asyncio.run(bot.server.stop())


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    opened = Store.open(f"sqlite:///{tmp_path / 'verbatim.db'}")
    yield opened
    await opened.database.close()


@pytest.mark.parametrize("secret", ["", "wrong", "é", "0" * 64])
def test_a_call_without_the_secret_is_refused_and_stored_nowhere(watched: Watched, secret: str) -> None:
    trace = f"forged {secret.encode().hex()}"
    assert watched.post(json.dumps(said(trace)).encode(), secret.encode().decode("latin-1")) == 403
    assert trace.encode() not in everything(watched.database)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"[1]", 400),
        (b'"x"', 400),
        (b"\xff\xfe", 400),
        (b"[" * 200_000, 400),
        (b" " * (MOST + 1), 413),
        (json.dumps(said("x" * MOST)).encode(), 413),
    ],
)
def test_what_is_no_update_or_too_large_is_refused(watched: Watched, body: bytes, status: int) -> None:
    assert watched.post(body) == status


@pytest.mark.parametrize(
    ("path", "method", "status"), [("/", "POST", 404), ("/telegram", "GET", 405), ("/metrics", "GET", 404)]
)
def test_the_public_port_serves_the_webhook_and_nothing_else(
    watched: Watched, path: str, method: str, status: int
) -> None:
    assert watched.post(b"{}", path=path, method=method) == status


@pytest.mark.parametrize("path", ["/healthz", "/"])
def test_an_answer_does_not_tell_what_software_gave_it(watched: Watched, path: str) -> None:
    connection = HTTPConnection(watched.health, timeout=5)
    connection.request("GET", path)
    assert "Server" not in connection.getresponse().headers
    connection.close()


def test_the_secret_tells_nothing_of_the_token_and_is_compared_in_constant_time(watched: Watched) -> None:
    assert re.fullmatch(r"[0-9a-f]{64}", watched.secret)
    assert watched.server.token.split(":")[1] not in watched.secret
    assert "compare_digest" in (ROOT / "bot/intake/webhook.py").read_text(encoding="utf-8")


@pytest.mark.parametrize("number", range(len(UNREADABLE)))
async def test_an_update_that_no_parser_takes_is_set_aside_and_the_rest_goes_on(watched: Watched, number: int) -> None:
    chat = watched.server.person(f"Ada{number}", language_code="fr").private()
    assert watched.post(json.dumps({"update_id": 10_000 + number, **UNREADABLE[number]}).encode()) == 200
    (answer,) = await chat.replies_to(await chat.send("CA Intelcia 2023"))
    assert "734" in answer.text


async def test_people_s_words_are_in_no_log_also_when_a_reply_fails_with_them(watched: Watched) -> None:
    chat = watched.server.person("Bea\nlevel: CRITICAL", language_code="fr").private()
    watched.server.fail("sendMessage", times=3, status=400, description=f'Bad Request: no\n{"{"}"level": "forged"')
    await chat.send(SECRET_TEXT)
    await chat.wait_for(lambda m: m.is_bot and "pas pu répondre" in m.text, timeout=10)
    (answer,) = await chat.replies_to(await chat.send("CA Intelcia 2023"))
    assert "734" in answer.text
    for trace in (SECRET_TEXT, "Bea"):
        assert trace not in watched.read("/metrics")


def test_the_token_is_in_no_metric_no_status_no_database_and_no_process_list(watched: Watched) -> None:
    token = watched.server.token.split(":")[1]
    listed = Path(f"/proc/{watched.running.process.pid}/cmdline").read_bytes()
    for told in (watched.read("/metrics"), watched.read("/readyz"), watched.read("/healthz"), listed.decode()):
        assert token not in told
    assert token.encode() not in everything(watched.database)


def test_every_line_of_the_log_is_one_object_without_token_or_words(watched: Watched) -> None:
    lines = watched.running.stop().splitlines()
    told = [json.loads(line) for line in lines]
    assert any("is set aside" in line["message"] for line in told)
    assert not any("forged" in line.get("level", "") for line in told)
    for trace in (watched.server.token.split(":")[1], watched.secret, SECRET_TEXT, "Bea"):
        assert not [line for line in lines if trace in line]


@pytest.mark.parametrize(
    "data",
    [
        "g:fr:staff:{other:x}", "p:figure:1:fr:{other:x}:", "l:en", "e:fr:no-such-entry", "r:fr:../../etc/passwd",
        "t:en:'; --", "p:figure:999:fr:0:%s", "x", "e:fr:" + "a" * 59,
    ],
)  # fmt: skip
async def test_a_button_that_was_forged_or_is_another_s_changes_nothing(bot: RunningBot, data: str) -> None:
    owner, other = (bot.server.person(name, language_code="fr") for name in ("Cam", "Dan"))
    group = await bot.server.group("Cercle", admins=[owner], members=[other])
    (listed,) = await group.replies_to(await owner.send(group, "/chiffres"))
    before = [m.text for m in group.transcript().messages]
    with_owner = data.format(other=owner.id) if "{" in data else data
    await other.press(listed, listed.buttons[0][0], forged=with_owner)
    await asyncio.sleep(0.3)
    after = group.transcript().messages
    assert [m.text for m in after][: len(before)] == before
    assert not any("en:" in m.text for m in after)
    (still,) = await group.replies_to(await other.send(group, "/chiffres klarna"))
    assert still.text.startswith("Les chiffres")


async def test_each_press_is_checked_anew_for_who_may_set_the_language(bot: RunningBot) -> None:
    tara, uma = bot.server.person("Tara", language_code="fr"), bot.server.person("Uma", language_code="fr")
    group = await bot.server.group("Cercle", members=[uma], admins=[tara])
    (choice,) = await group.replies_to(await tara.send(group, "/langue"))
    refused = await uma.press(choice, "English")
    assert "administrateurs" in refused.text
    (listed,) = await group.replies_to(await uma.send(group, "/chiffres klarna"))
    assert listed.text.startswith("Les chiffres")


async def test_another_bot_gets_no_reply(bot: RunningBot, store: Store) -> None:
    other = bot.server.add_bot("other_bot", privacy=False)
    eve = bot.server.person("Eve", language_code="fr")
    group = await bot.server.group("Deux robots", admins=[eve], bots=[bot.server.bot, other])
    body = json.dumps({"chat_id": group.id, "text": "/question@verbatim_bot CA Intelcia 2023"}).encode()
    url = f"{bot.server.base_url}{other.token}/sendMessage"
    request = urllib.request.Request(url, body, {"Content-Type": "application/json"})
    await asyncio.to_thread(lambda: urllib.request.urlopen(request, timeout=5).read())
    await group.replies_to(await eve.send(group, "/aide"))
    assert not [m for m in group.transcript().messages if "734" in m.text]


async def test_what_people_write_goes_through_the_store_as_it_is(url: str) -> None:
    nasty = "Robert'); DROP TABLE inbox;-- \" ` % %s {x} :y \\ \0 \ud800 \u202e"
    store = Store.open(url)
    await store.inbox.put([said(nasty), said("Klarna ?", 8)])
    (first, _) = await store.inbox.claim(2)
    assert first.update["message"]["text"] == nasty
    await store.inbox.set_aside(first, nasty)
    await store.database.close()


async def test_a_deleted_text_is_nowhere_in_the_file(store: Store, tmp_path: Path) -> None:
    await store.inbox.put([said(f"{SECRET_TEXT} {n}", n) for n in range(1, 50)])
    for delivery in await store.inbox.claim(50):
        await store.inbox.done(delivery)
    await store.database.close()
    assert b"priv" not in everything(tmp_path / "verbatim.db")


def test_yaml_makes_no_objects(folder: Path, tmp_path: Path) -> None:
    made = tmp_path / "made"
    spoil(folder / "phrases.yaml", "start:", f"evil: !!python/object/apply:os.mkdir ['{made}']\nstart:")
    with pytest.raises(KnowledgeError, match="evil"):
        load(folder)
    assert not made.exists()


def test_no_code_of_the_bot_reaches_a_shell_or_evaluates_text() -> None:
    forbidden = re.compile(r"\b(subprocess|os\.system|popen|eval\(|exec\(|pickle|shelve|marshal)\b")
    for package in ("bot", "knowledge"):
        for path in (ROOT / package).rglob("*.py"):
            assert not forbidden.search(path.read_text(encoding="utf-8")), path
