"""A scene as text that one reads like the chat: bold as **…**, quotations behind "> ", what each button does.

[Copier la citation ⧉ …] copies, [Partager → …] asks in another chat, [Ouvrir ↗ …] opens a link; any other button
asks the bot, and what comes of it is told where it is pressed.
"""

from dataclasses import dataclass
from itertools import groupby

from botapi.errors import Json
from botapi.units import utf16_offsets
from botapi.views import Message
from tests.scenes.stage import BOT, Edited, Event, Offered, Pressed, Said, Scene, Voted

QUOTES = {"blockquote": "> ", "expandable_blockquote": ">> "}
MARKS = {"bold": "**", "italic": "_"}
BEGINNING = 60  # characters of a text that is only named


@dataclass(frozen=True)
class Block:
    """Lines of one kind: "", blockquote or expandable_blockquote; each run of text with the marks on it."""

    kind: str
    runs: list[tuple[str, frozenset[str]]]


def blocks(text: str, entities: list[Json]) -> list[Block]:
    """A text and its entities, which Telegram places by UTF-16 code units, as blocks in their order."""
    marks: list[set[str]] = [set() for _ in text]
    index = {offset: i for i, offset in enumerate(utf16_offsets(text))}
    for entity in entities:
        for i in range(index[entity["offset"]], index[entity["offset"] + entity["length"]]):
            marks[i].add(entity["type"])
    kinds = ["".join(m & QUOTES.keys()) for m in marks]
    found = []
    for kind, positions in groupby(range(len(text)), key=kinds.__getitem__):
        at = list(positions)
        if not kind:  # a quotation is on lines of its own, whatever line feeds are around it
            start = at[0] + (at[0] > 0 and text[at[0]] == "\n")
            at = [i for i in at if i >= start]
            if at and at[-1] + 1 < len(text) and text[at[-1]] == "\n":
                del at[-1]
        runs = groupby(at, key=lambda i: frozenset(marks[i] & MARKS.keys()))
        if at:
            found.append(Block(kind, [("".join(text[i] for i in run), marked) for marked, run in runs]))
    return found


def told(scene: Scene) -> str:
    """The whole scene as text."""
    where = f"The group “{scene.group}”, {scene.members} members" if scene.group else f"{scene.me} and {BOT} in private"
    return "\n\n".join([where, *map(_event, scene.events)]) + "\n"


def _event(event: Event) -> str:
    match event:
        case Said(message):
            if message.service:
                return f"{message.who} {_service(message)}."
            reply = f", in reply to [{message.reply_to}]" if message.reply_to else ""
            via = f", via @{message.via}" if message.via else ""
            return f"[{message.message_id}] {name(message)}{via}{reply}:\n{_indented(_message(message))}"
        case Edited(message, before):
            was = before.split("\n")[0][:BEGINNING]
            was += "" if was == before else "…"
            return f"{name(message)} edits [{message.message_id}], until now “{was}”:\n{_indented(_message(message))}"
        case Pressed(who, button, message, answer):
            reaction = f" and is told: “{answer}”" if answer else "."
            return f"{who} presses [{button}] under [{message.message_id}]{reaction}"
        case Voted(who, choice, message):
            return f"{who} votes in [{message.message_id}]: {choice}"
        case Offered(who, typed, answer):
            results = [f"{result['title']}\n_{result['description']}_" for result in answer.results]
            more = [f"[{answer.button['text']}]"] if answer.button else []
            offered = "\n".join([*more, *results])
            return f"{who} types “{typed}” and is offered:\n{_indented(offered)}"


def name(message: Message) -> str:
    """Who speaks, as people see it."""
    return BOT if message.is_bot else message.who


def _service(message: Message) -> str:
    return f"added {BOT}" if message.text.startswith("* added") else message.text.removeprefix("* ")


def _message(message: Message) -> str:
    lines = ["(a picture)"] if message.media == "photo" else []
    for block in blocks(message.text, message.entities):
        text = "".join(_marked(run, marks) for run, marks in block.runs)
        lines += [f"{QUOTES.get(block.kind, '')}{line}" for line in text.split("\n")]
    if message.poll is not None:
        seen = "nobody sees" if message.poll["anonymous"] else "all see"
        lines += [f"( ) {choice}" for choice in message.poll["options"]] + [f"({seen} who chose what)"]
    rows = (message.markup or {}).get("inline_keyboard", [])
    return "\n".join(lines + [" ".join(map(_button, row)) for row in rows])


def _marked(text: str, marks: frozenset[str]) -> str:
    around = "".join(MARKS[mark] for mark in sorted(marks))
    return f"{around}{text}{around[::-1]}"


def _button(button: Json) -> str:
    text = button["text"]
    if "copy_text" in button:
        text += f" ⧉ {button['copy_text']['text']}"
    elif "switch_inline_query" in button:
        text += f" → “{button['switch_inline_query']}”"
    elif "url" in button:
        text += f" ↗ {button['url']}"
    return f"[{text}]"


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" if line else "" for line in text.split("\n"))
