"""What is kept about a person is what docs/privacy.md says, and /oublier leaves nothing of it in any table."""

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import MetaData, create_engine, select

from bot.store.schema import metadata
from botapi.people import BotApi
from tests.paths import ROOT
from tests.process.running import RunningBot, start_bot

PERSONAL = {"person", "raw", "context", "before", "name", "language", "lane", "won", "asked"}  # columns about somebody


class Kept:
    """A bot on either database, and what its tables hold."""

    def __init__(self, url: str) -> None:
        self.url = url.replace("postgresql://", "postgresql+psycopg://")
        self.server = asyncio.run(BotApi.start(username="private_bot"))
        self.running: RunningBot = start_bot(self.server, DATABASE_URL=url)

    def tables(self) -> dict[str, list[dict[str, object]]]:
        """Every row of every table."""
        engine, found = create_engine(self.url), MetaData()
        found.reflect(engine)
        with engine.connect() as connection:
            rows = {
                name: [dict(row) for row in connection.execute(select(t)).mappings()]
                for name, t in found.tables.items()
            }
        engine.dispose()
        return rows

    def of(self, *traces: object) -> dict[str, int]:
        """How many rows of each table hold one of `traces`."""
        counts = {
            name: sum(any(str(trace) in str(value) for trace in traces for value in row.values()) for row in rows)
            for name, rows in self.tables().items()
        }
        return {name: count for name, count in counts.items() if count}


@pytest.fixture
def kept(url: str) -> Iterator[Kept]:
    running = Kept(url)
    yield running
    running.running.stop()
    asyncio.run(running.server.stop())


@pytest.mark.parametrize("command", ["/oublier", "/forget"])
async def test_forget_leaves_nothing_of_the_person_in_any_table_and_all_of_the_others(kept: Kept, command: str) -> None:
    ada, bob = (kept.server.person(name, language_code="fr") for name in ("Adalbertine", "Bobinette"))
    group = await kept.server.group("Débat", admins=[ada], members=[bob])
    for person in (ada, bob):
        chat = person.private()
        await chat.replies_to(await chat.send("/langue en"))
        await chat.replies_to(await chat.send("Combien d'employés au Maroc dans les centres d'appels ?"))
        await group.replies_to(await person.send(group, "/question CA Intelcia 2023"))
        await person.send(group, "/quiz")
        quizzes = await group.wait_for(lambda m: m.poll is not None, count=1 if person is ada else 2)
        assert quizzes[-1].poll is not None
        await person.vote(quizzes[-1], quizzes[-1].poll["options"][0]["text"])
        (score,) = await group.replies_to(await person.send(group, "/score"))
        assert person.name in score.text
    assert (
        set(kept.of(ada.id, ada.name))
        == set(kept.of(bob.id, bob.name))
        == {"contexts", "answers", "settings", "scores"}
    )
    (done,) = await ada.private().replies_to(await ada.private().send(command))
    assert done.text == "Done: I no longer keep anything about you."
    await asyncio.sleep(0.5)
    assert kept.of(ada.id, ada.name) == {}
    assert set(kept.of(bob.id, bob.name)) == {"contexts", "answers", "settings", "scores"}


async def test_what_failed_is_forgotten_too(kept: Kept) -> None:
    chat = kept.server.person("Caroline", language_code="fr").private()
    kept.server.fail("sendMessage", times=3, status=400)
    await chat.send("ma question secrète")
    await chat.wait_for(lambda m: m.is_bot, timeout=10)
    await asyncio.sleep(0.5)
    assert kept.of("secr", chat.person.id) == {"inbox": 1}
    await chat.replies_to(await chat.send("/oublier"))
    await asyncio.sleep(0.5)
    assert kept.of("secr", chat.person.id) == {}


@pytest.mark.parametrize("command", ["/confidentialite", "/privacy"])
async def test_what_is_kept_is_told_with_its_time(bot: RunningBot, command: str) -> None:
    chat = bot.server.person("Dora", language_code="fr").private()
    (told,) = await chat.replies_to(await chat.send(command))
    assert re.findall(r"\d+ \w+", told.text) == ["7 jours", "10 minutes", "60 minutes", "2 jours"]
    assert "/oublier" in told.text


def test_the_page_names_every_column_that_tells_of_a_person() -> None:
    page = Path(ROOT / "docs" / "privacy.md").read_text(encoding="utf-8")
    for table in metadata.sorted_tables:
        for column in table.columns:
            if column.name in PERSONAL and table.name not in ("asked", "pictures"):  # of nobody
                assert f"`{table.name}.{column.name}`" in page, f"{table.name}.{column.name}"
