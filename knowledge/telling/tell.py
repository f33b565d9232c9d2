"""From a Reading to the Reply that says it."""

from dataclasses import replace

from knowledge.model import Reply
from knowledge.reading.model import Claim, Kind, Reading
from knowledge.telling.replies import Replies


def tell(reading: Reading, replies: Replies) -> Reply:
    """The words for what was decided: `replies` has them."""
    parts = [part for id in reading.entries for part in replies.parts(id, reading.language)]
    if reading.kind is Kind.PASSAGE:
        parts = [replace(part, statement="") for part in parts]
    return Reply(
        reading.outcome,
        reading.language,
        _lead(reading, replies),
        tuple(parts),
        reading.entry,
        replies.suggest(reading.offered, reading.language),
        reading.score,
        reading.conversation,
    )


def _lead(reading: Reading, replies: Replies) -> str:
    """What is said before any entry."""
    language = reading.language
    missing = replies.missing(reading.missing, language) if reading.missing else ""
    match reading.kind:
        case Kind.TALK:
            return replies.filled(replies.knowledge.talk[reading.name].reply, language)
        case Kind.TONGUE:
            return replies.own_words(reading.name) or replies.say("decline_language", language)
        case Kind.EMPTY:
            return replies.say("decline_empty", language)
        case Kind.NOTHING_YET:
            return replies.say("no_context", language)
        case Kind.ENTRY if reading.claim is not Claim.NONE:
            return replies.say(f"claim_{reading.claim.value}", language)
        case Kind.ENTRY:
            return missing or replies.title(reading.entries[0], language)
        case Kind.PAIR:
            return replies.title(reading.entries[0], language)
        case Kind.HALF:
            return missing
        case Kind.PASSAGE | Kind.CHOICE:
            return replies.say(reading.name, language)
        case Kind.INSTEAD:
            return f"{missing} {replies.say('instead', language)}" if missing else replies.say("unlike", language)
        case Kind.NOTHING if reading.offered:
            return f"{missing or replies.say('decline_plain', language)} {replies.say('nearest', language)}"
        case Kind.NOTHING:
            return missing or replies.say("decline", language)
