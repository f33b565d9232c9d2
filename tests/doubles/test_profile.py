"""What a bot sets: its commands, its name, its descriptions."""

from __future__ import annotations

import telegram

from tests.doubles.staging import Stage


async def test_commands_are_kept_per_scope_and_language(stage: Stage) -> None:
    """What is asked for is exactly one scope and language; an empty list takes it away."""
    scope = telegram.BotCommandScopeChat((await stage.started()).id)
    await stage.bot.set_my_commands([("start", "Start")])
    await stage.bot.set_my_commands([("aide", "Aide")], scope, "fr")
    assert [c.command for c in await stage.bot.get_my_commands()] == ["start"]
    assert [c.command for c in await stage.bot.get_my_commands(scope, "fr")] == ["aide"]
    assert await stage.bot.get_my_commands(scope) == ()
    await stage.bot.set_my_commands([])
    assert await stage.bot.get_my_commands() == ()


async def test_texts_of_the_profile_fall_back_to_the_default_one(stage: Stage) -> None:
    """Name and descriptions are kept per language."""
    await stage.bot.set_my_name("Namens", "nl")
    assert (await stage.bot.get_my_name("nl")).name == "Namens"
    assert (await stage.bot.get_my_name("fr")).name == (await stage.bot.get_me()).first_name
    await stage.bot.set_my_description("long")
    await stage.bot.set_my_short_description("short")
    assert (await stage.bot.get_my_description("fr")).description == "long"
    assert (await stage.bot.get_my_short_description()).short_description == "short"
    await stage.bot.set_my_description()
    assert (await stage.bot.get_my_description()).description == ""
