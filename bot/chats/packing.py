"""A conversation's context as text for the store, and back."""

import json
from dataclasses import asdict

from knowledge.engine import NEW
from knowledge.model import Context


def pack(context: Context) -> str:
    """`context` as JSON in ASCII."""
    return json.dumps(asdict(context))


def unpack(text: str) -> Context:
    """The context that `pack` wrote; a new one where another version wrote what this one does not understand."""
    try:
        fields = json.loads(text)
        about = tuple((str(concept), str(kind), str(words)) for concept, kind, words in fields["about"])
        return Context(
            str(fields["entry"]), str(fields["language"]), about, tuple(map(str, fields["shown"])), float(fields["at"])
        )
    except (ValueError, KeyError, TypeError):
        return NEW
