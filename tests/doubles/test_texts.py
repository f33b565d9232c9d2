"""HTML and entities become what people see; texts have limits in UTF-16 units."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
import telegram
from telegram import Bot

from tests.doubles.staging import Stage, png, refused


def entity(kind: str, offset: int, length: int, **more: Any) -> dict[str, Any]:
    """Return a MessageEntity."""
    return {"type": kind, "offset": offset, "length": length, **more}


GOOD_HTML: list[tuple[str, str, list[dict[str, Any]]]] = [
    ("<b>a</b><strong>b</strong>", "ab", [entity("bold", 0, 2)]),
    ("<i>a</i> <em>b</em>", "a b", [entity("italic", 0, 1), entity("italic", 2, 1)]),
    ("<u>a</u> <ins>b</ins>", "a b", [entity("underline", 0, 1), entity("underline", 2, 1)]),
    ("<s>a<strike>b</strike><del>c</del></s>", "abc", [entity("strikethrough", 0, 3)]),
    (
        '<span class="tg-spoiler">a</span> <tg-spoiler>b</tg-spoiler>',
        "a b",
        [entity("spoiler", 0, 1), entity("spoiler", 2, 1)],
    ),
    (
        '<a href="https://a.fr/?x=1&amp;y=2">link</a>',
        "link",
        [entity("text_link", 0, 4, url="https://a.fr/?x=1&y=2")],
    ),
    ("<a href='a.fr'>x</a>", "x", [entity("text_link", 0, 1, url="http://a.fr/")]),
    ('<a href="nowhere">plain</a>', "plain", []),
    ('<a href="javascript:alert(1)">x</a>', "x", []),
    ("<code>x &lt; y</code>", "x < y", [entity("code", 0, 5)]),
    ("<pre>x</pre>", "x", [entity("pre", 0, 1)]),
    (
        '<pre><code class="language-python">x</code></pre>',
        "x",
        [entity("pre", 0, 1, language="python")],
    ),
    ("<blockquote>a</blockquote>", "a", [entity("blockquote", 0, 1)]),
    ("<blockquote expandable>a</blockquote>", "a", [entity("expandable_blockquote", 0, 1)]),
    (
        '<tg-emoji emoji-id="5368324170671202286">👍</tg-emoji>',
        "👍",
        [entity("custom_emoji", 0, 2, custom_emoji_id="5368324170671202286")],
    ),
    (
        '<tg-time unix="1647531900" format="wDT">22:45</tg-time>',
        "22:45",
        [entity("date_time", 0, 5, unix_time=1647531900, date_time_format="wDT")],
    ),
    ("&lt;b&gt; &amp; &quot; &#233; &#x1F600;", '<b> & " é 😀', []),
    ("&copy; &nbsp; a & b &#0; &#1114112;", "&copy; &nbsp; a & b &#0; &#1114112;", []),
    ("😀 <b>é</b>", "😀 é", [entity("bold", 3, 1)]),
    ("  <b> a </b>  ", " a", [entity("bold", 0, 2)]),
    ("<B>a</b >", "a", [entity("bold", 0, 1)]),
    ("<b></b>a", "a", []),
    (
        "<b>bold <i>both</i> bold</b>",
        "bold both bold",
        [entity("bold", 0, 5), entity("bold", 5, 9), entity("italic", 5, 4)],
    ),
    (
        '<b>a <a href="https://a.fr/">b</a> c</b>',
        "a b c",
        [
            entity("bold", 0, 2),
            entity("text_link", 2, 1, url="https://a.fr/"),
            entity("bold", 2, 1),
            entity("bold", 3, 2),
        ],
    ),
    ("<b>a <code>b</code></b>", "a b", [entity("bold", 0, 2), entity("code", 2, 1)]),
    (
        "/start @someone #tag https://a.fr/x.",
        "/start @someone #tag https://a.fr/x.",
        [
            entity("bot_command", 0, 6),
            entity("mention", 7, 8),
            entity("hashtag", 16, 4),
            entity("url", 21, 14),
        ],
    ),
    ("<code>/start</code>", "/start", [entity("code", 0, 6)]),
    ("1/2 a@b #1 $usd", "1/2 a@b #1 $usd", []),
]


@pytest.mark.parametrize(("html", "text", "entities"), GOOD_HTML)
async def test_html(stage: Stage, html: str, text: str, entities: list[dict[str, Any]]) -> None:
    """HTML becomes the text people see and Telegram's own entities, in UTF-16 units."""
    chat = await stage.started()
    message = await stage.bot.send_message(chat.id, html, parse_mode="HTML")
    assert message.text == text
    got = [one.to_dict() for one in message.entities]
    assert got == entities
    assert chat.transcript().messages[-1].text == text


BROKEN_HTML = [
    ("<b>a", 'Can\'t find end tag corresponding to start tag "b"'),
    ("<b>a</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
    (
        "<b><i>a</b></i>",
        'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"',
    ),
    ("a</b>", "Unexpected end tag at byte offset 1"),
    ("é<h1>a</h1>", 'Unsupported start tag "h1" at byte offset 2'),
    ("a<br/>b", 'Unsupported start tag "br/" at byte offset 1'),
    ("a < b", 'Unsupported start tag "" at byte offset 2'),
    ("a <b", "Unclosed start tag at byte offset 2"),
    ('<a href="x', "Unclosed start tag at byte offset 0"),
    ("<b>a</b", "Unclosed end tag at byte offset 4"),
    ("<span>a</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ("<a =x>a</a>", 'Empty attribute name in the tag "a" at byte offset 0'),
    ("<a href=x/y>a</a>", "Unexpected end of name token at byte offset 8"),
    (
        "<blockquote>a<blockquote>b</blockquote></blockquote>",
        "Nested blockquote at byte offset 13",
    ),
    ("<tg-emoji>👍</tg-emoji>", "Invalid custom emoji identifier specified"),
    ('<tg-time unix="1" format="x">a</tg-time>', "Invalid date format used"),
]


@pytest.mark.parametrize(("html", "description"), BROKEN_HTML)
async def test_broken_html(stage: Stage, html: str, description: str) -> None:
    """Broken HTML is refused with the place of the fault."""
    chat = await stage.started()
    got = await refused(stage.bot.send_message(chat.id, html, parse_mode="HTML"))
    assert got == f"can't parse entities: {description}".capitalize()


Send = Callable[[Bot, int, str], Awaitable[Any]]
LONG_TEXTS: list[tuple[Send, int, str]] = [
    (lambda bot, chat, x: bot.send_message(chat, x), 4096, "Message is too long"),
    (
        lambda bot, chat, x: bot.send_photo(chat, png(2, 2), caption=x),
        1024,
        "Message caption is too long",
    ),
    (
        lambda bot, chat, x: bot.send_poll(chat, x, ["a", "b"]),
        300,
        "Poll question length must not exceed 300",
    ),
    (
        lambda bot, chat, x: bot.send_poll(chat, "?", ["a", x]),
        100,
        "Poll options length must not exceed 100",
    ),
    (
        lambda bot, chat, x: bot.send_poll(chat, "?", ["a", "b"], type="quiz", correct_option_ids=[0], explanation=x),
        200,
        "Message explanation is too long",
    ),
    (
        lambda bot, chat, x: bot.send_message(chat, f"<b>{x}</b>", parse_mode="HTML"),
        4096,
        "Message is too long",
    ),
    (
        lambda bot, chat, x: bot.set_my_commands([("a", x)]),
        256,
        "Command description length must not exceed 256",
    ),
]


@pytest.mark.parametrize(("send", "limit", "description"), LONG_TEXTS)
async def test_limits_count_utf16_after_parsing(stage: Stage, send: Send, limit: int, description: str) -> None:
    """A text fits up to its limit in UTF-16 code units: an emoji counts twice, tags don't."""
    chat = await stage.started()
    await send(stage.bot, chat.id, "é" * limit)
    await send(stage.bot, chat.id, "😀" * (limit // 2))
    assert await refused(send(stage.bot, chat.id, "é" * (limit + 1))) == description
    assert await refused(send(stage.bot, chat.id, "😀" * (limit // 2) + "a")) == description


async def test_sent_entities(stage: Stage) -> None:
    """Entities sent instead of a parse_mode are checked and kept."""
    chat = await stage.started()
    bold = telegram.MessageEntity("bold", 0, 2)
    user = telegram.User(stage.alice.id, "Alice", False)
    mention = telegram.MessageEntity("text_mention", 3, 1, user=user)
    message = await stage.bot.send_message(chat.id, "😀 a", entities=[bold, mention])
    assert [(e.type, e.offset, e.length) for e in message.entities] == [
        ("bold", 0, 2),
        ("text_mention", 3, 1),
    ]
    assert message.entities[1].user == user
    half = telegram.MessageEntity("bold", 1, 1)
    got = await refused(stage.bot.send_message(chat.id, "😀", entities=[half]))
    assert got == "Entity at utf-16 offset 1 cuts a utf-16 symbol in the middle"


async def test_explanation_has_two_line_feeds_at_most(stage: Stage) -> None:
    """A quiz explanation with a third line feed is refused."""
    chat = await stage.started()
    quiz: dict[str, Any] = {"type": "quiz", "correct_option_ids": [1]}
    await stage.bot.send_poll(chat.id, "?", ["a", "b"], explanation="1\n2\n3", **quiz)
    call = stage.bot.send_poll(chat.id, "?", ["a", "b"], explanation="1\n2\n3\n4", **quiz)
    assert "at most 2 line feeds" in await refused(call)
