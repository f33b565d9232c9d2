"""Constraint: a poll changes after it was sent, and the bot that sent it hears of each change.

Answers sendPoll and takes the votes of people.
Source: Bot API 10.0, "sendPoll", "Poll", "PollAnswer", "InputPollOption".
"""

from __future__ import annotations

import asyncio
import time

from .errors import ControlError, Json, bad
from .model import Bot, Message, Poll, PollOption, User
from .registry import method
from .render import message_json, poll_json, user_json
from .send import post, resolved, writable_chat
from .text import Formatted, formatted
from .world import World

MAX_EXPLANATION_LINE_FEEDS = 2
MIN_OPEN, MAX_OPEN = 5, 2_628_000  # seconds


def parse_field(world: World, bot: Bot, params: Json, name: str) -> Formatted:
    """Return a text field of sendPoll parsed with its own parse_mode and entities."""
    mode, entities = params.get(f"{name}_parse_mode", ""), params.get(f"{name}_entities")
    parsed = formatted("sendPoll", name, params.get(name, ""), mode, entities, find=False)
    return resolved(world, bot, parsed)


def parse_option(world: World, bot: Bot, option: Json) -> PollOption:
    """Return the poll option of an InputPollOption."""
    mode, entities = option.get("text_parse_mode", ""), option.get("text_entities")
    parsed = formatted("InputPollOption", "text", option["text"], mode, entities, find=False)
    return PollOption(parsed.text, resolved(world, bot, parsed).entities)


def quiz_fields(world: World, bot: Bot, params: Json) -> Json:
    """Return the Poll fields of a quiz; raises ApiError 400."""
    correct = params.get("correct_option_ids", [])
    if not correct:
        raise bad("correct quiz option list must be non-empty")
    if sorted(set(correct)) != correct:
        raise bad("correct quiz option list must be increasing")
    if correct[0] < 0 or correct[-1] >= len(params["options"]):
        raise bad("wrong quiz correct_option_id")
    fields: Json = {"type": "quiz", "correct_option_ids": correct}
    if len(correct) == 1:
        fields["correct_option_id"] = correct[0]
    explanation = parse_field(world, bot, params, "explanation")
    if explanation.text.count("\n") > MAX_EXPLANATION_LINE_FEEDS:
        raise bad("poll explanation must have at most 2 line feeds")
    if explanation.text:
        fields |= explanation.fields("explanation", "explanation_entities")
        fields.setdefault("explanation_entities", [])
    return fields


def poll_settings(world: World, bot: Bot, params: Json) -> Json:
    """Return the Poll fields that do not change; raises ApiError 400."""
    kind = params.get("type", "regular")
    settings: Json = parse_field(world, bot, params, "question").fields("question", "question_entities")
    settings |= {
        "is_anonymous": params.get("is_anonymous", True),
        "type": kind,
        "allows_multiple_answers": params.get("allows_multiple_answers", False),
        "allows_revoting": params.get("allows_revoting", kind != "quiz"),
        "members_only": params.get("members_only", False),
    }
    if kind == "quiz":
        settings |= quiz_fields(world, bot, params)
    description = parse_field(world, bot, params, "description")
    settings |= description.fields("description", "description_entities")
    if period := open_seconds(params):
        settings |= {"open_period": period, "close_date": int(time.time()) + period}
    return settings


def open_seconds(params: Json) -> int:
    """Return how long the poll stays open, in seconds; 0 for as long as it is not stopped."""
    period = params.get("open_period")
    if period is None and "close_date" in params:
        period = params["close_date"] - int(time.time())
        if not MIN_OPEN <= period <= MAX_OPEN:
            raise bad("close_date must be 5-2628000 seconds in the future")
    return int(period or 0)


@method("sendPoll")
def send_poll(world: World, bot: Bot, params: Json) -> Json:
    """Answer sendPoll; open_period or close_date closes the poll by itself."""
    settings = poll_settings(world, bot, params)
    options = [parse_option(world, bot, option) for option in params["options"]]
    chat = writable_chat(world, bot, params)
    if chat.type != "channel" and (params.get("members_only") or params.get("country_codes")):
        raise bad("poll voters can be restricted only in channel chats")
    number = str(5_000_000_000_000_000_000 + next(world.ids))
    poll = Poll(number, options, settings, params.get("is_closed", False))
    message = post(world, bot, params, {}, poll=poll)
    if period := open_seconds(params):
        asyncio.get_running_loop().call_later(period, close, world, bot, message)
    return message_json(message)


def close(world: World, bot: Bot, message: Message) -> None:
    """Close the poll of a message and tell its bot."""
    if message.poll is not None and not message.poll.is_closed:
        message.poll.is_closed = True
        bot.updates.push("poll", poll_json(message.poll))
        world.touch()


def vote(world: World, person: User, message: Message, answers: list[str]) -> None:
    """Let a person choose `answers` (the visible texts; none takes the vote back)."""
    poll = message.poll
    if poll is None or poll.is_closed:
        raise ControlError("there is no open poll in the message")
    texts = [option.text for option in poll.options]
    unknown = [answer for answer in answers if answer not in texts]
    if unknown:
        raise ControlError(f"the poll has no answer {unknown[0]!r}, only {texts}")
    if len(answers) > 1 and not poll.settings["allows_multiple_answers"]:
        raise ControlError("the poll allows one answer only")
    if person.id in poll.voters and not poll.settings["allows_revoting"]:
        raise ControlError("the poll does not allow to change a vote")
    for option in poll.options:
        option.voters.discard(person.id)
        if option.text in answers:
            option.voters.add(person.id)
    chosen = [index for index, text in enumerate(texts) if text in answers]
    bot = next((b for b in world.bots.values() if b.user is message.sender), None)
    if bot is not None:
        bot.updates.push("poll", poll_json(poll))
        if not poll.settings["is_anonymous"]:
            answer = {
                "poll_id": poll.id,
                "user": user_json(person),
                "option_ids": chosen,
                "option_persistent_ids": [str(index + 1) for index in chosen],
            }
            bot.updates.push("poll_answer", answer)
    world.touch()
