"""From a Reading to the Reply that says it."""

from dataclasses import replace

from knowledge.claims.differences import Part
from knowledge.model import Claim, Reply
from knowledge.reading.model import Kind, Reading
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
        reading.claim,
    )


def _lead(reading: Reading, replies: Replies) -> str:
    """What is said before any entry."""
    language = reading.language
    missing = replies.missing(reading.missing, language) if reading.missing and reading.missing.named else ""
    match reading.kind:
        case Kind.TALK:
            said = replies.filled(replies.knowledge.talk[reading.name].reply, language)
            return f"{said} {replies.say('nearest', language)}" if reading.offered else said
        case Kind.TONGUE:
            return replies.own_words(reading.name) or replies.say("decline_language", language)
        case Kind.EMPTY:
            return replies.say("decline_empty", language)
        case Kind.NOTHING_YET:
            return replies.say("no_context", language)
        case Kind.ENTRY | Kind.INSTEAD if reading.claim is not Claim.NONE:
            return _verdict(reading, replies)
        case Kind.ENTRY:
            return missing or replies.title(reading.entries[0], language)
        case Kind.SEVERAL:
            return replies.title(reading.entries[0], language)
        case Kind.HALF:
            left = [replies.say("left", language, question=question) for question in reading.left]
            return "\n".join(left) or missing
        case Kind.PERHAPS:
            (title,) = replies.suggest(reading.entries, language)
            return replies.say("perhaps", language, question=title.question)
        case Kind.PASSAGE | Kind.AGAIN:
            return replies.filled(replies.knowledge.talk[reading.name].reply, language)
        case Kind.ARTICLE:
            return replies.article(reading.name, language)
        case Kind.CHOICE:
            return replies.say(reading.name, language)
        case Kind.INSTEAD:
            return f"{missing} {replies.say('instead', language)}" if missing else replies.say("unlike", language)
        case Kind.NOTHING if reading.offered:
            return f"{missing or replies.say('decline_plain', language)} {replies.say('nearest', language)}"
        case Kind.NOTHING:
            return missing or replies.say("decline", language)


def _verdict(reading: Reading, replies: Replies) -> str:
    """Whether what was claimed is so, and what differs where that can be named."""
    language, difference = reading.language, reading.difference
    if reading.claim is Claim.CONFIRMED:
        return replies.say("claim_confirmed", language)
    if difference and difference.part is Part.QUOTE:
        return replies.say("claim_not_word_for_word", language)
    if difference and difference.part is Part.NAME:
        return replies.say("claim_not", language, said=difference.said)
    of_year = difference is not None and difference.part is Part.YEAR
    figure = (replies.year if of_year else replies.figure)(reading.entries[0], language) if difference else ""
    if reading.claim is Claim.INEXACT:
        return replies.say("claim_inexact", language, figure=figure) if figure else ""
    if figure:
        return replies.say("claim_differs", language, figure=figure)
    return replies.say("claim_contradicted", language)
