"""Constraint: one bad tag makes Telegram refuse the whole message, with a byte offset.

Follows the server's own parser, with one addition: a blockquote inside a blockquote is refused
(the server drops the inner one in silence; the page says they can't be nested).
Source: Bot API 10.0, "HTML style".
"""

from __future__ import annotations

import re

from .errors import Json
from .html_tags import TAGS, Open, add_entity, cant_parse
from .units import utf16_len

NAMED = {b"lt": "<", b"gt": ">", b"amp": "&", b"quot": '"'}
REFERENCE = re.compile(rb"&(?:#x([0-9a-fA-F]+)|#([0-9]+)|([a-zA-Z]+));?")
NAME_TOKEN = re.compile(rb"[A-Za-z0-9.-]*")
SPACE = b" \t\r\n\v\f\0"


def reference(data: bytes, position: int) -> tuple[str, int] | None:
    """Decode the character reference at `position`: (character, end), or None if it is text."""
    found = REFERENCE.match(data, position)
    if found is None:
        return None
    if found[3] is not None:
        named = NAMED.get(found[3])
        return (named, found.end()) if named else None
    code = int(found[1], 16) if found[1] is not None else int(found[2])
    digits_end = found.end() - data[position : found.end()].endswith(b";")
    if code == 0 or code >= 0x10FFFF or digits_end - position >= 10:
        return None
    return chr(code), found.end()


class HtmlParser:
    """Parses one text; use `parse_html`."""

    def __init__(self, raw: str) -> None:
        """Take the text as the bot sent it."""
        self.data = raw.encode() + b"\0"
        self.size = len(self.data) - 1
        self.position = 0
        self.out: list[str] = []
        self.length = 0
        self.stack: list[Open] = []
        self.entities: list[Json] = []

    def run(self) -> tuple[str, list[Json]]:
        """Return the text without its tags, and its entities."""
        while self.position < self.size:
            char = self.data[self.position : self.position + 1]
            if char == b"&" and (found := reference(self.data, self.position)):
                self.emit(found[0])
                self.position = found[1]
            elif char == b"<":
                if self.data[self.position + 1 : self.position + 2] == b"/":
                    self.end_tag()
                else:
                    self.start_tag()
            else:
                stop = re.compile(rb"[<&]").search(self.data, self.position + 1)
                end = stop.start() if stop else self.size
                self.emit(self.data[self.position : end].decode())
                self.position = end
        if self.stack:
            tag = self.stack[-1].tag
            raise cant_parse(f'Can\'t find end tag corresponding to start tag "{tag}"')
        text = "".join(self.out)
        try:
            text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le")
        except UnicodeDecodeError:
            raise cant_parse(
                "Text contains invalid Unicode characters after decoding HTML entities, "
                "check for unmatched surrogate code units"
            ) from None
        for entity in self.entities:
            if entity["type"] == "code":
                entity.pop("language", None)
        return text, self.entities

    def emit(self, text: str) -> None:
        """Add visible `text`."""
        self.out.append(text)
        self.length += utf16_len(text)

    def read_until(self, stops: bytes) -> bytes:
        """Read up to the first byte of `stops`, which is not read."""
        begin = self.position
        while self.data[self.position] not in stops:
            self.position += 1
        return self.data[begin : self.position]

    def skip_space(self) -> None:
        """Skip white space, but not the end of the text."""
        while self.position < self.size and self.data[self.position] in SPACE:
            self.position += 1

    def start_tag(self) -> None:
        """Read a start tag at the position and open it."""
        begin = self.position
        self.position += 1
        tag = self.read_until(SPACE + b">").decode().lower()
        if self.position >= self.size:
            raise cant_parse(f"Unclosed start tag at byte offset {begin}")
        if tag not in TAGS:
            raise cant_parse(f'Unsupported start tag "{tag}" at byte offset {begin}')
        opened = Open(tag, self.length, len(self.out))
        while self.data[self.position] != ord(">"):
            self.skip_space()
            if self.data[self.position] != ord(">"):
                self.attribute(opened, begin)
        self.position += 1
        if tag == "span" and opened.attributes.get("class") != "tg-spoiler":
            raise cant_parse(f'Tag "span" must have class "tg-spoiler" at byte offset {begin}')
        if tag == "blockquote" and any(other.tag == tag for other in self.stack):
            raise cant_parse(f"Nested blockquote at byte offset {begin}")
        self.stack.append(opened)

    def attribute(self, opened: Open, begin: int) -> None:
        """Read one attribute of a start tag that began at byte `begin`."""
        unclosed = cant_parse(f'Unclosed start tag "{opened.tag}" at byte offset {begin}')
        name = self.read_until(SPACE + b"=>/\"'").decode()
        if not name:
            text = f'Empty attribute name in the tag "{opened.tag}" at byte offset {begin}'
            raise cant_parse(text)
        self.skip_space()
        if self.position >= self.size:
            raise unclosed
        if self.data[self.position] != ord("="):
            opened.attributes[name] = ""
            return
        self.position += 1
        self.skip_space()
        if self.position >= self.size:
            raise unclosed
        opened.attributes[name] = self.attribute_value()
        if self.position >= self.size:
            raise cant_parse(f"Unclosed start tag at byte offset {begin}")

    def attribute_value(self) -> str:
        """Read a quoted value or a bare name token."""
        quote = self.data[self.position : self.position + 1]
        if quote not in (b'"', b"'"):
            begin = self.position
            found = NAME_TOKEN.match(self.data, begin)
            token = found[0] if found else b""
            self.position += len(token)
            if self.data[self.position] not in SPACE + b">":
                raise cant_parse(f"Unexpected end of name token at byte offset {begin}")
            return token.decode().lower()
        self.position += 1
        value: list[str] = []
        while self.position < self.size and self.data[self.position] != quote[0]:
            found_reference = reference(self.data, self.position)
            if found_reference:
                value.append(found_reference[0])
                self.position = found_reference[1]
                continue
            begin = self.position
            self.position += 1
            self.read_until(quote + b"&\0")
            value.append(self.data[begin : self.position].decode())
        self.position = min(self.position + 1, self.size)
        return "".join(value)

    def end_tag(self) -> None:
        """Read an end tag at the position and close the last open tag with it."""
        begin = self.position
        if not self.stack:
            raise cant_parse(f"Unexpected end tag at byte offset {begin}")
        self.position += 2
        tag = self.read_until(SPACE + b">").decode().lower()
        self.skip_space()
        if self.data[self.position] != ord(">"):
            raise cant_parse(f"Unclosed end tag at byte offset {begin}")
        self.position += 1
        opened = self.stack[-1]
        if tag and tag != opened.tag:
            raise cant_parse(f'Unmatched end tag at byte offset {begin}, expected "</{opened.tag}>", found "</{tag}>"')
        self.stack.pop()
        if self.length > opened.offset:
            inner = "".join(self.out[opened.begin :])
            add_entity(self.entities, opened, self.length, inner)


def parse_html(raw: str) -> tuple[str, list[Json]]:
    """Return (text, entities in the order their tags closed); raises ApiError 400."""
    return HtmlParser(raw).run()
