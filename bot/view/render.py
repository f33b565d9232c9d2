"""A Reply as Telegram shows it: HTML whose every foreign character is escaped, within Telegram's limits.

Limits count UTF-16 code units after the markup is parsed (Bot API, sendMessage: 1-4096 characters), so texts are
measured and cut before they are escaped.
"""

from collections.abc import Callable, Sequence
from html import escape

from knowledge.model import Part, Reply
from knowledge.words.figures import highlights

MAX_TEXT = 4096  # sendMessage, editMessageText: UTF-16 code units after entities parsing
FOLD_FROM = 350  # a longer excerpt is folded on a phone: about seven lines
MOST_UNFOLDED = 2  # parts; of an answer with more, every passage is folded
ELLIPSIS = "…"
Piece = tuple[str, Callable[[str], str]]  # a text, and what makes HTML of it


def reply_html(reply: Reply) -> str:
    """Statement with its figures in bold, each passage as a block quotation, its source line; never over MAX_TEXT."""
    room = MAX_TEXT
    shown: list[str] = []
    for text, wrap in _pieces(reply):
        text = cut(text, room)
        if not text:
            break
        room -= length(text) + 1
        shown.append(wrap(text))
    return "\n".join(shown)


def _pieces(reply: Reply) -> list[Piece]:
    pieces: list[Piece] = [(reply.lead, _plain)]
    for part in reply.parts:
        pieces.append((part.statement, _with_bold_figures))
        for citation in part.citations:
            fold = len(citation.excerpt) > FOLD_FROM or len(reply.parts) > MOST_UNFOLDED
            pieces.append(("\n".join(citation.lines), _folded if fold else _quoted))
            pieces.append((f"{citation.label}, {citation.locator}", _italic))
            pieces.append((citation.translation, _plain))
    if len(reply.parts) == 1:  # around one passage; around several they would be a wall
        around = dict.fromkeys(c.paragraph for c in reply.citations)
        pieces += [(paragraph, _folded) for paragraph in around]
    return [piece for piece in pieces if piece[0]]


def _plain(text: str) -> str:
    return escape(text, quote=False)


def _with_bold_figures(text: str) -> str:
    html, at = "", 0
    for start, end in highlights(text):
        html += f"{_plain(text[at:start])}<b>{_plain(text[start:end])}</b>"
        at = end
    return html + _plain(text[at:])


def _in(tag: str) -> Callable[[str], str]:
    return lambda text: f"<{tag}>{_plain(text)}</{tag.split()[0]}>"


_italic, _quoted, _folded = _in("i"), _in("blockquote"), _in("blockquote expandable")


def list_html(title: str, items: list[tuple[str, str]], footer: str) -> str:
    """One page of a list; each item is a text and the line under it."""
    room = (MAX_TEXT - length(title) - length(footer)) // max(1, len(items)) - 8
    fitted = [(cut(text, room - length(under)), under) for text, under in items]
    shown = [f"• {_with_bold_figures(text)}\n<i>{_plain(under)}</i>" for text, under in fitted]
    parts = [f"<b>{_plain(title)}</b>", *shown, f"<i>{_plain(footer)}</i>" if footer else ""]
    return "\n\n".join(filter(None, parts))


def summaries_html(summaries: Sequence[tuple[str, Sequence[Part]]]) -> str:
    """Each title with a line for each of its parts, and the paragraphs of the passages behind it."""
    room = MAX_TEXT // max(1, sum(1 + len(parts) for _, parts in summaries)) - 8
    blocks = []
    for title, parts in summaries:
        lines = [f"<b>{_plain(cut(title, room))}</b>"]
        for part in parts:
            where = ", ".join(dict.fromkeys(c.locator for c in part.citations))
            lines.append(f"• {_with_bold_figures(cut(part.statement, room - length(where)))} <i>({_plain(where)})</i>")
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks)


def length(text: str) -> int:
    """UTF-16 code units of `text`: Telegram's measure."""
    return len(text.encode("utf-16-le")) // 2


def cut(text: str, most: int) -> str:
    """`text`, or its beginning and an ellipsis, in at most `most` code units."""
    if length(text) <= most:
        return text
    kept = text.encode("utf-16-le")[: 2 * max(0, most - 1)].decode("utf-16-le", "ignore")
    return kept.rstrip() + ELLIPSIS if kept else ""
