"""A conversation with the engine."""

from knowledge.engine import Engine
from knowledge.model import NEW, Reply


def talk(engine: Engine, *texts: str, every: float = 1.0) -> list[Reply]:
    """What the engine replies to `texts`, one after the other in a conversation, `every` so many seconds."""
    replies: list[Reply] = []
    conversation = NEW
    for number, text in enumerate(texts):
        replies.append(engine.ask(text, conversation, now=number * every))
        conversation = replies[-1].conversation
    return replies
