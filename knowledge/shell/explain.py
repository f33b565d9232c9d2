"""Why a question was answered or not, in words: what was understood, what speaks for the entry, what against."""

from collections.abc import Iterator

from knowledge.engine import SUGGEST_FROM, Engine
from knowledge.matching.features import features
from knowledge.matching.matcher import SIGNALS
from knowledge.model import NEW, Conversation

SHOWN = 6  # features and signals each; more hides what decides


def explain(engine: Engine, text: str, conversation: Conversation = NEW) -> Iterator[str]:
    """The lines of an explanation of `text`, asked after `conversation`."""
    alone = engine.reader.judged(engine.analyst.analyse(text, conversation.language or "fr"))
    read = engine.reader.after(alone, conversation)
    if not engine.reader.sure(read.verdict):
        read = engine.reader.at_last(text, read)
    question, verdict = read.question, read.verdict
    yield f"language      {question.language} (ahead by {question.certainty:.1f} bits)"
    for short, full in question.expanded:
        yield f"shorthand     {short} → {' '.join(full)}"
    for typed, meant, edits in question.corrected:
        yield f"spelling      {typed} → {meant} ({edits} {'edit' if edits == 1 else 'edits'})"
    if question.unknown:
        yield f"unknown       {', '.join(question.unknown)}"
    for mention in question.mentions:
        yield f"understood    {mention.words} = {mention.concept} ({mention.kind})"
    if question != alone.question:
        lent = " ".join(question.words[len(question.words) - question.carried :])
        yield f"read as       {' '.join(question.words)}" + (f" ({lent}: from before)" if lent else "")
    for pair in list(engine.reader.pairs(text, read))[:1]:
        for half in (pair.first, pair.second):
            asked, found = " ".join(half.question.words), half.verdict
            yield f"in two        {asked} = {found.entry if engine.reader.sure(found) else 'no answer'}"
    for entry, score in verdict.ranking[:3]:
        yield f"candidate     {entry} {score:+.2f}"
    if verdict.other:
        yield f"no entry      {verdict.other} {verdict.other_score:+.2f}"
    label = engine.matcher.ranker.labels.index(verdict.entry)
    support = sorted(
        engine.matcher.ranker.support(features(question, engine.matcher.ranker.letters), label),
        key=lambda item: -item[1],
    )
    yield f"for           {', '.join(f'{name} {weight:+.2f}' for name, weight in support[:SHOWN] if weight > 0)}"
    parts = zip(SIGNALS, verdict.signals, engine.matcher.gate.parts(list(verdict.signals)), strict=True)
    against = sorted((part, name, value) for name, value, part in parts if part < 0)
    for part, name, value in against[:SHOWN]:
        yield f"against       {name}: {value:.2f} ({part:+.2f})"
    odds = verdict.probability
    least = engine.reader.answer_from
    deed = "answer" if odds >= least else "ask back" if odds >= SUGGEST_FROM else "decline"
    reply = engine.ask(text, conversation)
    given = ", ".join(p.entry for p in reply.parts)
    yield f"reply         {reply.outcome.value}{': ' + given if given else ''}"
    yield f"odds          {odds:.2f}: {deed} (answer from {least:.2f}, ask back from {SUGGEST_FROM:.2f})"
