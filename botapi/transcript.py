"""Constraint: what counts is what people see in the chat, not what the bot asked for.

Shows a chat's messages as JSON and as plain text: who, the text after parsing, the buttons, what
it replies to, edits in place, what was deleted.
"""

from __future__ import annotations

from .buttons import labels
from .errors import Json
from .model import Chat, Message
from .world import World


def who(message: Message) -> str:
    """Return the name people see above a message."""
    if message.chat.type == "channel":
        return message.chat.title
    return message.sender.name if message.sender else message.chat.title


def service_text(content: Json) -> str:
    """Return the line people see for a service message."""
    if "new_chat_members" in content:
        return "added " + ", ".join(user["first_name"] for user in content["new_chat_members"])
    if "left_chat_member" in content:
        return f"removed {content['left_chat_member']['first_name']}"
    if "forum_topic_created" in content:
        return f"created the topic {content['forum_topic_created']['name']}"
    if "migrate_to_chat_id" in content:
        return "upgraded the group to a supergroup"
    return ", ".join(content)


def seen_text(message: Message) -> str:
    """Return the text, the caption, the question or the service line of a message."""
    if message.poll is not None:
        return str(message.poll.settings["question"])
    return f"* {service_text(message.content)}" if message.service else message.text


def view(world: World, message: Message) -> Json:
    """Return a message as people see it, as JSON."""
    chat, content = message.chat, message.content
    media = next((name for name in ("photo", "document") if name in content), None)
    poll = message.poll
    return {
        "chat": chat.key,
        "message_id": message.message_id,
        "date": message.date,
        "who": who(message),
        "who_id": message.sender.id if message.sender else None,
        "is_bot": bool(message.sender and message.sender.is_bot),
        "text": seen_text(message),
        "entities": message.entities,
        "media": media,
        "file_name": content.get("document", {}).get("file_name", ""),
        "buttons": labels(message.markup),
        "markup": message.markup,
        "link_preview_options": message.extra.get("link_preview_options"),
        "poll": None
        if poll is None
        else {
            "options": [{"text": o.text, "votes": len(o.voters)} for o in poll.options],
            "is_closed": poll.is_closed,
            "type": poll.settings["type"],
        },
        "reply_to": message.reply_to,
        "topic": message.thread if message.thread in chat.topics else None,
        "topic_name": chat.topics.get(message.thread or 0, ""),
        "service": message.service,
        "via": message.via.user.username if message.via else "",
        "edited": bool(message.earlier),
        "earlier": [str(c.get("text") or c.get("caption") or "") for c in message.earlier],
        "deleted": message.deleted,
    }


def line(seen: Json) -> str:
    """Return one message as plain text; further lines are indented."""
    head = f"#{seen['message_id']}"
    if seen["topic_name"]:
        head += f" [{seen['topic_name']}]"
    head += f" {seen['who']}"
    if seen["via"]:
        head += f" via @{seen['via']}"
    if seen["reply_to"]:
        head += f" -> #{seen['reply_to']}"
    media = f"<{seen['media']}> " if seen["media"] else ""
    marks = "".join(f" ({mark})" for mark in ("edited", "deleted") if seen[mark])
    lines = f"{head}: {media}{seen['text']}{marks}".split("\n")
    if seen["poll"]:
        closed = " (closed)" if seen["poll"]["is_closed"] else ""
        votes = [f"{option['text']} {option['votes']}" for option in seen["poll"]["options"]]
        lines.append(f"<{seen['poll']['type']} poll> " + " | ".join(votes) + closed)
    lines += [" ".join(f"[{label}]" for label in row) for row in seen["buttons"]]
    return "\n    ".join(lines)


def transcript(world: World, chat: Chat) -> Json:
    """Return a chat's messages as JSON ("messages") and as plain text ("text")."""
    messages = [view(world, message) for message in chat.messages.values()]
    title = chat.person.name if chat.person else chat.title
    lines = [f"== {title} ({chat.type})", *map(line, messages)]
    return {"messages": messages, "text": "\n".join(lines), "version": world.version}
