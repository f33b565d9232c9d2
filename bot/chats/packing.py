"""A conversation's context as text for the store, and back."""

import json
from dataclasses import asdict, astuple

from knowledge.model import NEW, Conversation, Mention


def pack(context: Conversation) -> str:
    """`context` as JSON in ASCII."""
    return json.dumps(asdict(context) | {"about": [astuple(mention) for mention in context.about]})


def unpack(text: str) -> Conversation:
    """The context that `pack` wrote; a new one where another version wrote what this one does not understand."""
    try:
        fields = json.loads(text)
        about = tuple(Mention(str(concept), str(kind), str(words)) for concept, kind, words in fields["about"])
        return Conversation(
            str(fields["entry"]), str(fields["language"]), about, tuple(map(str, fields["shown"])), float(fields["at"])
        )
    except (ValueError, KeyError, TypeError):
        return NEW
