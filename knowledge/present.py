"""A Reply as plain text and as JSON. Telegram's markup is the bot's business (bot/render.py)."""

from typing import Any

from knowledge.model import Citation, Reply

TRANSLATED = {"fr": "Notre traduction", "en": "Our translation"}


def as_text(reply: Reply) -> str:
    """The whole reply as a person reads it, without markup."""
    parts = [reply.statement]
    for citation in reply.citations:
        parts.append("\n".join(_cited(citation, reply.language)))
    if reply.suggestions and not reply.citations:
        parts.append("\n".join(f"– {s.question}" for s in reply.suggestions))
    return "\n\n".join(parts)


def _cited(citation: Citation, language: str) -> list[str]:
    lines = [f"> {line}" for line in citation.excerpt.split("\n") if line.strip()]
    if citation.translation:
        lines.append(f"{TRANSLATED[language]}: {citation.translation}")
    return [*lines, f"{citation.label}, {citation.locator}"]


def as_json(reply: Reply) -> dict[str, Any]:
    """The reply as `ask --json` writes it; `text` is the whole reply as a person reads it."""
    return {
        "outcome": reply.outcome.value,
        "language": reply.language,
        "entry": reply.entry,
        "text": as_text(reply),
        "citations": [{"source": c.source, "locator": c.locator, "excerpt": c.excerpt} for c in reply.citations],
        "suggestions": [{"entry": s.entry, "question": s.question} for s in reply.suggestions],
        "score": round(reply.score, 4),
    }
