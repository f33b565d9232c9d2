"""The buttons under answers, and what the press of each asks for."""

from dataclasses import dataclass
from typing import Annotated

from telegram import CopyTextButton, InlineKeyboardButton, InlineKeyboardMarkup, Message

from bot.view.button_data import MOST_DATA, ButtonData, Id, Language
from bot.view.render import cut
from knowledge.languages import OTHER, OWN_NAMES
from knowledge.model import Citation, Reply, Suggestion
from knowledge.telling.replies import Replies

MOST_COPIED = 256  # characters of CopyTextButton.text
MOST_ASKED = 256  # characters of an inline query, which is what sharing fills in
ANYBODY = "0"  # an owner who speaks as a chat: a press does not tell who that is
Row = list[InlineKeyboardButton]


@dataclass(frozen=True, slots=True)
class EntryData(ButtonData):
    """An entry to be told in `language`; each kind says where."""

    language: Language
    entry: Id


@dataclass(frozen=True, slots=True)
class AskedBackData(EntryData):
    """A question that the bot asked back: its answer takes the message's place."""

    letter = "e"


@dataclass(frozen=True, slots=True)
class FollowUpData(EntryData):
    """A question to go on with: its answer is a new message."""

    letter = "r"


@dataclass(frozen=True, slots=True)
class TranslationData(EntryData):
    """The answer in the other language, in place; `entry`: of an answer to two questions, both ids, joined by +."""

    letter = "t"
    entry: Annotated[str, r"[\w+-]+"]


def keyboard(reply: Reply, replies: Replies, *, private: bool) -> InlineKeyboardMarkup | None:
    """The buttons under `reply`: of an answer what can be done with it, else the questions that the bot asks back."""
    if reply.asks_back:
        rows = [question_button(s, reply.language, AskedBackData) for s in reply.suggestions]
    else:
        rows = [actions(reply, replies)]
        rows += [question_button(s, reply.language, FollowUpData) for s in reply.suggestions] if private else []
    return InlineKeyboardMarkup(rows) if rows else None


def question_button(suggestion: Suggestion, language: str, kind: type[EntryData]) -> Row:
    """A button that asks one question."""
    label = suggestion.short or suggestion.question
    return [InlineKeyboardButton(label, callback_data=kind(language, suggestion.entry).pack())]


def actions(reply: Reply, replies: Replies) -> Row:
    """The other language, the citation to copy, the answer to share."""
    language = OTHER[reply.language]
    entry = replies.knowledge.entries[reply.entry or reply.parts[0].entry]
    given = entry.id if entry.entries else "+".join(dict.fromkeys(p.entry for p in reply.parts))
    row = []
    data = TranslationData(language, given).pack()
    complete = entry.entries or not reply.lead  # else a lead speaks of the question, which the data do not hold
    if complete and len(data) <= MOST_DATA:
        row.append(InlineKeyboardButton(OWN_NAMES[language], callback_data=data))
    if reply.citations:
        copy = CopyTextButton(citation(reply.citations[0]))
        row.append(InlineKeyboardButton(replies.say("copy", reply.language), copy_text=copy))
    question = entry.questions[reply.language][0]
    if "+" not in given and len(question) <= MOST_ASKED:  # sharing asks for one entry
        row.append(InlineKeyboardButton(replies.say("share", reply.language), switch_inline_query=question))
    return row


def citation(passage: Citation) -> str:
    """The passage and its source as one copies them; of a long passage the beginning."""
    source = f" – {passage.label}, {passage.locator}"
    text = cut(" ".join(passage.lines), MOST_COPIED - len(source) - 4)
    return (text if "«" in text else f"«\u00a0{text}\u00a0»") + source


def owner_of(message: Message) -> str:
    """The owner of what `message` asks for, as buttons carry it: the person's id in hex, or ANYBODY."""
    person = message.from_user if message.sender_chat is None else None
    return f"{person.id:x}" if person else ANYBODY


def owns(owner: str, person: int) -> bool:
    """Whether `person` may press a button that carries `owner`."""
    return owner in (ANYBODY, f"{person:x}")


def link(username: str, entry: str) -> str:
    """The stable address of an entry: opens the private chat, which then shows it."""
    return f"https://t.me/{username}?start={entry}"
