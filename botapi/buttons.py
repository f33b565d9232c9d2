"""Constraint: a keyboard with one bad button is refused whole, so a bot must never send one.

Source: Bot API 10.0, "InlineKeyboardButton", "InlineKeyboardMarkup"; links as in the server.
"""

from __future__ import annotations

import re

from .errors import Json, bad

ACTIONS = (
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
)
EMPTY = ("http", "", "")
MAX_BUTTONS = 100  # inline buttons of one message; the server answers "too long" over it
USER_LINK = re.compile(r"tg://user/?\?id=(\d+)$", re.IGNORECASE)
HTTP_LINK = re.compile(r"(?:(https?)://)?([^/?#]*)(.*)$", re.IGNORECASE | re.DOTALL)
APP_LINK = re.compile(r"(tg|ton):(?://)?([A-Za-z0-9_-]+)(/?.*)$", re.IGNORECASE | re.DOTALL)


def linked_user(link: str) -> int | None:
    """Return the user id of a tg://user?id=... link, or None for any other link."""
    found = USER_LINK.match(link)
    return int(found[1]) if found else None


def check_link(link: str) -> str:
    """Return `link` as Telegram stores it (scheme and path added); raises ValueError."""
    app = APP_LINK.match(link)
    if app:
        path = app[3][1:] if app[3].startswith("/?") else app[3]
        return f"{app[1].lower()}://{app[2]}{path or '/'}"
    scheme_found = re.match(r"([^:/?#@\[\]]*)://", link)
    if scheme_found and scheme_found[1].lower() not in ("http", "https"):
        raise ValueError("Unsupported URL protocol")
    found = HTTP_LINK.match(link)
    scheme, authority, rest = (found[1] or "http", found[2], found[3].rstrip()) if found else EMPTY
    host, _, port = authority.rpartition("@")[2].partition(":")
    if not host:
        raise ValueError("URL host is empty")
    if port and not (port.isdecimal() and 0 < int(port) < 65536):
        raise ValueError("Wrong port number specified in the URL")
    if "." not in host:
        raise ValueError("Wrong HTTP URL")
    if re.search(r"[\s\"'<>]", authority):
        raise ValueError("Disallowed character in URL host")
    rest = rest if rest.startswith("/") else f"/{rest}"
    return f"{scheme.lower()}://{authority}{re.sub(r'[ ]', '%20', rest)}"


def check_button(button: Json) -> None:
    """Refuse an inline button without exactly one action or with a link Telegram refuses.

    Telegram takes the first of several actions; here several are refused, as its page asks for
    exactly one. Raises ApiError 400.
    """
    prefix = "can't parse inline keyboard button: "
    if not button["text"]:
        raise bad("inline keyboard button text must be non-empty")
    empty = [name for name in ("url", "callback_data") if button.get(name) == ""]
    actions = [name for name in ACTIONS if name in button and name not in empty]
    if not actions:
        raise bad(f"{prefix}Text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        raise bad(f"{prefix}Exactly one of the optional fields must be used: {actions}")
    nested = button.get("web_app") or button.get("login_url")
    link = nested["url"] if nested else button.get("url", "")
    if not link or (linked_user(link) is not None and not nested):
        return
    try:
        checked = check_link(link)
    except ValueError as error:
        raise bad(f"inline keyboard button URL '{link}' is invalid: {error}") from None
    if nested and not checked.startswith("https://"):
        raise bad(f"inline keyboard button URL '{link}' is invalid: Only HTTPS links are allowed")


def clean_markup(markup: Json | None) -> Json | None:
    """Return `markup` without empty rows, or None when no button is left; raises ApiError 400."""
    if markup is None:
        return None
    for name in ("inline_keyboard", "keyboard"):
        if name in markup:
            rows = [row for row in markup[name] if row]
            if sum(map(len, rows)) > MAX_BUTTONS:
                raise bad("reply markup is too long")
            return {**markup, name: rows} if rows else None
    return markup


def labels(markup: Json | None) -> list[list[str]]:
    """Return the visible texts of the buttons of `markup`, row by row."""
    rows = (markup or {}).get("inline_keyboard") or (markup or {}).get("keyboard") or []
    return [[b if isinstance(b, str) else b["text"] for b in row] for row in rows]
