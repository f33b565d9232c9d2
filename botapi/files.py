"""Constraint: a file is uploaded once and then named by a file_id that only that bot may use.

Photos must be PNG, JPEG or GIF; a photo or document given by URL is not fetched: it is taken as
an empty file (a photo as 640 x 480).
Source: Bot API 10.0, "Sending files", "getFile", "PhotoSize", "Document".
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass, field

from .check import Upload
from .errors import ApiError, Json, bad
from .model import Bot
from .registry import method
from .world import World

MAX_PHOTO = 10 * 1024 * 1024  # bytes
MAX_FILE = 50 * 1024 * 1024  # bytes
MAX_DOWNLOAD = 20 * 1024 * 1024  # bytes
MAX_SIDES = 10_000  # width plus height of a photo, in pixels
MAX_RATIO = 20  # longer side of a photo to its shorter one
URL_SIZE = (640, 480)


@dataclass
class StoredFile:
    """A file on the server; `kind` is "photo" or "document", sizes are in pixels.

    Only `bot` may use it; None: any bot, for the files of people.
    """

    file_id: str
    bot: Bot | None
    kind: str
    name: str
    mime_type: str
    data: bytes = field(repr=False)
    width: int = 0
    height: int = 0

    def base(self) -> Json:
        """Return the fields every kind of file has."""
        fields: Json = {"file_id": self.file_id, "file_unique_id": f"u{self.file_id[-12:]}"}
        return fields | ({"file_size": len(self.data)} if self.data else {})

    @property
    def path(self) -> str:
        """The file_path of getFile."""
        return f"{self.kind}s/{self.file_id}_{self.name}"


def image_size(data: bytes) -> tuple[int, int] | None:
    """Return (width, height) in pixels of a PNG, GIF or JPEG image, or None."""
    if data.startswith(b"\x89PNG\r\n\x1a\n") and len(data) >= 24:
        width, height = struct.unpack(">II", data[16:24])
        return width, height
    if data[:6] in (b"GIF87a", b"GIF89a") and len(data) >= 10:
        width, height = struct.unpack("<HH", data[6:10])
        return width, height
    position = 2
    while data.startswith(b"\xff\xd8") and position + 9 <= len(data):
        marker, size = data[position + 1], struct.unpack(">H", data[position + 2 : position + 4])[0]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", data[position + 5 : position + 9])
            return width, height
        position += 2 + size
    return None


def check_photo(data: bytes) -> tuple[int, int]:
    """Return the size of an uploaded photo in pixels; raises ApiError 400 for a bad one."""
    if len(data) > MAX_PHOTO:
        raise bad("file is too big")
    size = image_size(data)
    if size is None or min(size) == 0:
        raise bad("IMAGE_PROCESS_FAILED")
    if sum(size) > MAX_SIDES or max(size) > MAX_RATIO * min(size):
        raise bad("PHOTO_INVALID_DIMENSIONS")
    return size


def store(world: World, bot: Bot | None, kind: str, source: Upload | str) -> StoredFile:
    """Return the stored file of an upload, an http URL or a file_id; raises ApiError 400."""
    wrong = bad("wrong file identifier/HTTP URL specified")
    if isinstance(source, str) and not re.match(r"https?://[^/\s]+\.[^/\s]+", source):
        known = world.files.get(source)
        if known is None or known.bot not in (None, bot) or known.kind != kind:
            raise wrong
        return known
    prefix = "AgACAgQAA" if kind == "photo" else "BQACAgQAA"
    file_id = f"{prefix}{bot.id if bot else 0:x}-{next(world.ids):08x}"
    if isinstance(source, str):
        name = re.split(r"[?#]", source)[0].rstrip("/").rpartition("/")[2] or "file"
        file = StoredFile(file_id, bot, kind, name, "", b"", *URL_SIZE)
    else:
        if len(source.data) > MAX_FILE:
            raise ApiError(413, "Request Entity Too Large")
        if not source.data:
            raise bad("file must be non-empty")
        size = check_photo(source.data) if kind == "photo" else (0, 0)
        name, mime_type = source.file_name or "file", source.mime_type
        file = StoredFile(file_id, bot, kind, name, mime_type, source.data, *size)
    world.files[file_id] = file
    return file


def media_content(world: World, bot: Bot | None, kind: str, source: Upload | str) -> Json:
    """Return the content field of a photo or document message."""
    file = store(world, bot, kind, source)
    if kind == "photo":
        return {"photo": [file.base() | {"width": file.width, "height": file.height}]}
    named = {"file_name": file.name}
    return {"document": file.base() | named | {"mime_type": file.mime_type or "text/plain"}}


@method("getFile")
def get_file(world: World, bot: Bot, params: Json) -> Json:
    """Answer getFile; the bytes are then at /file/bot<token>/<file_path>."""
    file = world.files.get(params["file_id"])
    if file is None or file.bot not in (None, bot):
        raise bad("wrong file_id or the file is temporarily unavailable")
    if len(file.data) > MAX_DOWNLOAD:
        raise bad("file is too big")
    return file.base() | {"file_path": file.path}
