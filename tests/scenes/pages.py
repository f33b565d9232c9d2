"""Scenes as a web page that looks like a phone with Telegram on it: one file, nothing loaded from anywhere.

Drawn as Telegram draws it: a folded quotation shows three lines, and a button has one line, cut where it is too long.
"""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from botapi.errors import Json
from botapi.views import Message
from tests.scenes.shown import blocks, name
from tests.scenes.stage import BOT, Edited, Event, Offered, Said, Scene

WORDS = {"fr": {"members": "membres", "added": "a ajouté"}, "en": {"members": "members", "added": "added"}}
BLUE, COLOURS = "#2f7fb8", ("#b5483a", "#8a5bbf", "#2c8a5f", "#b0741a")  # of the bot and the people of a group
WIDE, AROUND, BETWEEN = 420, 14, 16  # pixels: a phone, the margin around all, the space between two
TAGS = {"bold": "b", "italic": "i"}


@dataclass(frozen=True)
class Screen:
    """A phone with a scene on it as its `me` sees it after some of its events.

    It is `height` pixels high, and scrolled up by `scrolled` pixels from the last message.
    """

    scene: Scene
    events: Sequence[Event]
    height: int
    scrolled: int = 0


def size(screens: Sequence[Screen]) -> tuple[int, int]:
    """How wide and high the page of `screens` is, in its own pixels."""
    high = max(screen.height for screen in screens)
    return 2 * AROUND + WIDE * len(screens) + BETWEEN * (len(screens) - 1), 2 * AROUND + high


def page(screens: Sequence[Screen]) -> str:
    """The page of some phones side by side."""
    language = screens[0].scene.language
    phones = "\n".join(_phone(screen) for screen in screens)
    head = f'<meta charset="utf-8"><title>{BOT}</title><style>{STYLE}</style>'
    return f'<!doctype html><html lang="{language}"><head>{head}</head><body>\n{phones}\n</body></html>\n'


def _phone(screen: Screen) -> str:
    scene, words = screen.scene, WORDS[screen.scene.language]
    said: dict[int, Said] = {}
    for event in screen.events:
        if isinstance(event, Said):
            said[event.message.message_id] = event
        elif isinstance(event, Edited):
            said[event.message.message_id] = Said(event.message, said[event.message.message_id].photo)
    title = scene.group or BOT
    under = f"{scene.members} {words['members']}" if scene.group else "bot"
    minute, shown = 1, []
    for one in said.values():  # no clock: a minute goes by with each message of a person
        minute += not one.message.is_bot
        shown.append(_message(scene, one, said, f"10:{minute:02}"))
    last = screen.events[-1]
    offered = _offered(last) if isinstance(last, Offered) else ""
    typed = f"<b>{escape(last.typed)}</b>" if isinstance(last, Offered) else "Message"
    return (
        f'<section style="height:{screen.height}px">'
        f"<header>{BACK}{_avatar(title, BLUE)}<div><h1>{escape(title)}</h1><p>{under}</p></div>{DOTS}</header>"
        f'<main><div style="margin-bottom:-{screen.scrolled}px">{"".join(shown)}</div></main>{offered}'
        f"<footer>{CLIP}<span>{typed}</span>{SEND}</footer></section>"
    )


def _message(scene: Scene, said: Said, others: dict[int, Said], time: str) -> str:
    message, words = said.message, WORDS[scene.language]
    if message.service:
        return f'<div class="service"><span>{escape(message.who)} {words["added"]} {BOT}</span></div>'
    mine = message.who == scene.me
    colour = BLUE if message.is_bot else COLOURS[sum(map(ord, name(message))) % len(COLOURS)]
    parts = []
    if scene.group and not mine:
        parts.append(f'<div class="who" style="color:{colour}">{escape(name(message))}</div>')
    if message.via:
        parts.append(f'<div class="via">via @{escape(message.via)}</div>')
    if message.reply_to:
        to = others[message.reply_to].message
        parts.append(f'<div class="reply"><b>{escape(name(to))}</b><br>{escape(to.text.split(chr(10))[0])}</div>')
    if said.photo:
        parts.append(f'<img alt="" src="data:image/png;base64,{b64encode(said.photo).decode()}">')
    parts.append(_text(message))
    parts.append(f'<div class="time">{time}{TICKS if mine else ""}</div>')
    rows = (message.markup or {}).get("inline_keyboard", [])
    keys = "".join(f'<div class="row">{"".join(map(_button, row))}</div>' for row in rows)
    face = _avatar(name(message), colour) if scene.group and not mine else ""
    kind = " ".join(["message", "mine" if mine else "theirs", *["grouped"] * bool(face), *["wide"] * bool(keys)])
    return f'<div class="{kind}">{face}<div class="bubble">{"".join(parts)}</div><div class="keys">{keys}</div></div>'


def _text(message: Message) -> str:
    shown = []
    for block in blocks(message.text, message.entities):
        text = ""
        for run, marks in block.runs:
            for mark in sorted(marks):
                text += f"<{TAGS[mark]}>"
            text += escape(run, quote=False)
            for mark in sorted(marks, reverse=True):
                text += f"</{TAGS[mark]}>"
        if block.kind:
            folded = ' class="folded"' if block.kind == "expandable_blockquote" else ""
            shown.append(f"<blockquote{folded}><div>{text}</div>{UNFOLD if folded else QUOTE}</blockquote>")
        else:
            shown.append(f"<p>{text}</p>")
    return "".join(shown)


def _button(button: Json) -> str:
    icon = next((icon for action, icon in ICONS.items() if action in button), "")
    return f"<span><em>{escape(button['text'])}</em>{icon}</span>"


def _offered(event: Offered) -> str:
    button = f'<div class="more">{escape(event.answer.button["text"])}</div>' if event.answer.button else ""
    shown = "".join(
        f'<div class="offer">{_avatar(one["title"], "#5b7f95")}<div><b>{escape(one["title"])}</b>'
        f"<p>{escape(one['description'])}</p></div></div>"
        for one in event.answer.results
    )
    return f'<div class="offers">{button}{shown}</div>'


def _avatar(title: str, colour: str) -> str:
    return f'<div class="face" style="background:{colour}">{escape(title[0])}</div>'


def _icon(kind: str, size: int, *strokes: str) -> str:
    paths = "".join(f'<path d="{d}"/>' for d in strokes)
    return f'<svg class="{kind}" viewBox="0 0 24 24" width="{size}" height="{size}">{paths}</svg>'


BACK = _icon("back", 24, "M15 5l-7 7 7 7")
DOTS = _icon("dots", 22, "M12 5v.01M12 12v.01M12 19v.01")
CLIP = _icon("clip", 24, "M19 11l-8 8a5 5 0 0 1-7-7l9-9a3.3 3.3 0 0 1 5 5l-9 9a1.7 1.7 0 0 1-2.500-2.500l7-7")
SEND = _icon("send", 24, "M4 12l16-8-5 17-4-7z", "M11 14l9-10")
TICKS = _icon("ticks", 15, "M2 13l4 4 9-10", "M11 16l1 1 9-10")
QUOTE = _icon("corner", 11, "M4 18c5-2 5-6 4-11H4v5h4", "M15 18c5-2 5-6 4-11h-4v5h4")
UNFOLD = _icon("unfold", 14, "M5 9l7 7 7-7")
COPY = _icon("corner", 11, "M8 8h12v12H8z", "M16 8V4H4v12h4")
SHARE = _icon("corner", 11, "M4 18c1-8 6-9 12-9", "M12 3l8 6-8 6")
LINK = _icon("corner", 11, "M6 18L18 6M8 6h10v10")
ICONS = {"copy_text": COPY, "switch_inline_query": SHARE, "url": LINK}
STYLE = (
    f"""
body {{ gap: {BETWEEN}px; padding: {AROUND}px; }} section {{ width: {WIDE}px; }}
"""
    + """
* { margin: 0; padding: 0; box-sizing: border-box; }
body { display: flex; width: max-content; background: #e8ecef; color: #10151a;
  font: 15px/1.32 "Liberation Sans", Arial, "DejaVu Sans", sans-serif; }
section { display: flex; flex-direction: column; overflow: hidden; border-radius: 18px;
  background: #cfdcc8; border: 1px solid #c3cbd1; }
svg { fill: none; stroke: currentColor; stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; flex: none; }
header { display: flex; align-items: center; gap: 10px; padding: 9px 12px; background: #fff; z-index: 1; }
header div:nth-child(3) { flex: 1; }
header .back { color: #2f7fb8; } header .dots { color: #7b868f; stroke-width: 4; }
h1 { font-size: 16px; } header p { font-size: 13px; color: #7b868f; }
.face { flex: none; width: 38px; height: 38px; border-radius: 50%; color: #fff; font-weight: bold; font-size: 17px;
  line-height: 38px; text-align: center; }
main { flex: 1; min-height: 0; display: flex; flex-direction: column; justify-content: flex-end; overflow: hidden; }
main > div { display: flex; flex-direction: column; gap: 7px; padding: 8px; flex: none; }
.message { display: grid; grid-template-columns: fit-content(348px); justify-content: start; column-gap: 6px; }
.wide { grid-template-columns: 348px; } .grouped { grid-template-columns: 32px fit-content(348px); }
.grouped.wide { grid-template-columns: 32px 348px; } .grouped .keys { grid-column: 2; } .mine { justify-content: end; }
.message .face { width: 32px; height: 32px; line-height: 32px; font-size: 15px; align-self: end; }
.bubble { min-width: 0; padding: 6px 10px 5px; border-radius: 14px; background: #fff; overflow: hidden; }
.mine .bubble { background: #e4fbd0; border-bottom-right-radius: 4px; }
.theirs .bubble { border-bottom-left-radius: 4px; }
.bubble p { white-space: pre-wrap; overflow-wrap: anywhere; }
.bubble i { font-size: 13.5px; color: #39424a; }
.bubble img { display: block; width: calc(100% + 20px); margin: -6px -10px 6px; }
.who { font-weight: bold; font-size: 14px; } .via { color: #2f7fb8; font-size: 14px; }
.reply { margin: 2px 0 4px; padding: 2px 8px; border-left: 3px solid #2f7fb8; border-radius: 4px; background: #eaf2f8;
  font-size: 13.5px; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
.mine .reply { border-color: #4fae4e; background: #d3f2bb; }
.reply b { color: #2f7fb8; } .mine .reply b { color: #3c9a3b; }
blockquote { position: relative; margin: 4px 0; padding: 4px 22px 4px 9px; border-left: 3px solid #2f7fb8;
  border-radius: 4px; background: #eaf2f8; color: #10151a; }
.mine blockquote { border-color: #4fae4e; background: #d3f2bb; }
blockquote .corner, blockquote .unfold { position: absolute; right: 6px; color: #2f7fb8; }
.mine blockquote svg { color: #4fae4e; }
blockquote .corner { top: 6px; stroke-width: 3; } blockquote .unfold { bottom: 5px; }
.folded { font-size: 14px; }
.folded div { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 3; overflow: hidden; }
.time { display: flex; justify-content: flex-end; gap: 3px; font-size: 12px; color: #87929b; margin: -1px 0 0; }
.mine .time { color: #58a24f; } .time .ticks { stroke-width: 2.4; }
.row { display: flex; gap: 3px; margin-top: 3px; }
.row span { position: relative; flex: 1; min-width: 0; padding: 8px 6px; border-radius: 9px; text-align: center;
  background: #7d9583; color: #fff; font-size: 14px; font-weight: bold; }
.row em { display: block; font-style: normal; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
.row .corner { position: absolute; top: 4px; right: 4px; stroke-width: 2.6; }
.service { text-align: center; } .service span { display: inline-block; padding: 3px 10px; border-radius: 12px;
  background: #7d9583; color: #fff; font-size: 13px; font-weight: bold; }
.offers { max-height: 66%; overflow: hidden; background: #fff; border-top: 1px solid #d9dfe3; }
.more { padding: 9px 12px; text-align: center; color: #2f7fb8; font-weight: bold; border-bottom: 1px solid #e6eaed; }
.offer { display: flex; gap: 10px; padding: 8px 12px; } .offer .face { border-radius: 8px; }
.offer > div:last-child { min-width: 0; flex: 1; border-bottom: 1px solid #e6eaed; padding-bottom: 8px; }
.offer b { display: block; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
.offer p { font-size: 13.5px; color: #67727b; display: -webkit-box; -webkit-box-orient: vertical;
  -webkit-line-clamp: 2; overflow: hidden; }
footer { display: flex; align-items: center; gap: 12px; padding: 10px 12px; background: #fff;
  border-top: 1px solid #d9dfe3; color: #7b868f; }
footer span { flex: 1; } footer b { color: #10151a; font-weight: normal; } footer .send { color: #2f7fb8; }
"""
)
