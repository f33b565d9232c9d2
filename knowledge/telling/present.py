"""A Reply as plain text and as JSON. Telegram's markup is the bot's business (bot/view/render.py)."""

from typing import Any

from knowledge.model import Citation, Reply


def as_text(reply: Reply) -> str:
    """The whole reply as a person reads it, without markup."""
    said = [text for p in reply.parts for text in (p.statement, *("\n".join(cited(c)) for c in p.citations))]
    return "\n\n".join(filter(None, [reply.lead, *said, "\n".join(suggested(reply))]))


def cited(citation: Citation) -> list[str]:
    """The lines of one passage: the excerpt, where it stands, our translation if there is one."""
    lines = [f"> {line}" for line in citation.lines]
    return [*lines, f"{citation.label}, {citation.locator}", *filter(None, [citation.translation])]


def suggested(reply: Reply) -> list[str]:
    """The questions that the bot asks back, numbered to be chosen; under an answer, none."""
    return [f"{n}. {s.question}" for n, s in enumerate(reply.suggestions, 1)] if reply.asks_back else []


def as_json(reply: Reply) -> dict[str, Any]:
    """The reply as `ask --json` writes it; `text` is the whole reply as a person reads it."""
    return {
        "outcome": reply.outcome.value,
        "language": reply.language,
        "entry": reply.entry,
        "claim": reply.claim.value,
        "text": as_text(reply),
        "citations": [{"source": c.source, "locator": c.locator, "excerpt": c.excerpt} for c in reply.citations],
        "suggestions": [{"entry": s.entry, "question": s.question} for s in reply.suggestions],
        "score": round(reply.score, 4),
    }
