"""A Reply as Telegram shows it: HTML whose every foreign character is escaped, within Telegram's limits.

Limits count UTF-16 code units after the markup is parsed (Bot API, sendMessage: 1-4096 characters), so texts are
measured and cut before they are escaped.
"""

from html import escape

from knowledge.model import Reply

MAX_TEXT = 4096  # sendMessage, editMessageText: UTF-16 code units after entities parsing
FOLD_FROM = 350  # a longer excerpt is folded on a phone: about seven lines
FEW = 2  # parts: a digest of more folds all its passages
CUT = "…"


def reply_html(reply: Reply) -> str:
    """Statement, each passage as a block quotation, its source line; never over MAX_TEXT."""
    room = MAX_TEXT
    parts: list[str] = []
    for text, wrap in _pieces(reply):
        text = cut(text, room)
        if not text:
            break
        room -= length(text) + 2
        parts.append(wrap.format(escape(text, quote=False)))
    return "\n".join(parts)


def _pieces(reply: Reply) -> list[tuple[str, str]]:
    pieces = [(reply.lead, "{}")]
    for part in reply.parts:
        pieces.append((part.statement, "{}"))
        for citation in part.citations:
            fold = len(citation.excerpt) > FOLD_FROM or len(reply.parts) > FEW
            opening = "<blockquote expandable>" if fold else "<blockquote>"
            pieces.append(("\n".join(citation.lines), opening + "{}</blockquote>"))
            pieces.append((f"{citation.label}, {citation.locator}", "<i>{}</i>"))
            if citation.translation:
                pieces.append((citation.translation, "{}"))
    return [piece for piece in pieces if piece[0]]


def list_html(title: str, items: list[tuple[str, str]], footer: str) -> str:
    """One page of a list; each item is a text and the line under it."""
    room = (MAX_TEXT - length(title) - length(footer)) // max(1, len(items)) - 8
    fitted = [(cut(text, room - length(under)), under) for text, under in items]
    shown = [f"• {escape(text, quote=False)}\n<i>{escape(under, quote=False)}</i>" for text, under in fitted]
    parts = [f"<b>{escape(title, quote=False)}</b>", *shown, f"<i>{escape(footer, quote=False)}</i>" if footer else ""]
    return "\n\n".join(filter(None, parts))


def length(text: str) -> int:
    """UTF-16 code units of `text`: Telegram's measure."""
    return len(text.encode("utf-16-le")) // 2


def cut(text: str, most: int) -> str:
    """`text`, or its beginning and an ellipsis, in at most `most` code units."""
    if length(text) <= most:
        return text
    kept = text.encode("utf-16-le")[: 2 * max(0, most - 1)].decode("utf-16-le", "ignore")
    return kept.rstrip() + CUT if kept else ""
