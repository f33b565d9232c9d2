"""Why a message got its reply, in words: what was understood, each step, what speaks for the entry and against it."""

from collections.abc import Callable, Iterator

from knowledge.matching.features import features
from knowledge.matching.matcher import Matcher, text_of
from knowledge.reading.model import Candidate, Reading
from knowledge.words.analysis import Analysis

SHOWN = 6  # features and signals each; more hides what decides
CANDIDATES = 3
Closest = Callable[[str], list[tuple[str, float]]]  # the known questions closest to a text, and how close each is


def explain(reading: Reading, matcher: Matcher, closest: Closest = lambda text: []) -> Iterator[str]:
    """The lines that explain `reading`, in which `matcher` judged the candidates."""
    last = reading.steps[-1].candidate
    if last is not None:
        yield from _understood(last.question)
    for step in reading.steps[:-1]:
        if step.candidate is not None:
            yield _line(step.name, _stood(step.candidate))
    if last is not None:
        yield from _judged(last, matcher, closest)
    yield _line(reading.steps[-1].name, _decided(reading))
    yield _line("reply", f"{reading.outcome.value}, {reading.score:.2f}")


def _line(name: str, text: str) -> str:
    return f"{name:28}{text}"


def _understood(question: Analysis) -> Iterator[str]:
    """What became of the words."""
    yield _line("language", f"{question.language} (ahead by {question.certainty:.1f} bits)")
    for short, full in question.expanded:
        yield _line("shorthand", f"{short} → {' '.join(full)}")
    for typed, meant, edits in question.corrected:
        yield _line("spelling", f"{typed} → {meant} ({edits} {'edit' if edits == 1 else 'edits'})")
    if question.unknown:
        yield _line("unknown", ", ".join(question.unknown))
    for mention in question.mentions:
        yield _line("understood", f"{mention.words} = {mention.concept} ({mention.kind})")


def _stood(candidate: Candidate) -> str:
    """How a message was understood at one step."""
    question, verdict = candidate.question, candidate.verdict
    lent = " ".join(question.words[len(question.words) - question.carried :])
    carried = f" ({lent}: from before)" if lent else ""
    doubt = f", {candidate.doubt}" if candidate.doubt else ""
    return f"{' '.join(question.words)}{carried} = {candidate.entry} {verdict.probability:.2f}{doubt}"


def _judged(candidate: Candidate, matcher: Matcher, closest: Closest) -> Iterator[str]:
    """What speaks for the first entry, and what against."""
    verdict = candidate.verdict
    for entry, score in verdict.ranking[:CANDIDATES]:
        yield _line("candidate", f"{entry} {score:+.2f}")
    if verdict.other:
        yield _line("no entry", f"{verdict.other} {verdict.other_score:+.2f}")
    column = matcher.models.ranker.labels.index(verdict.entry)
    held = matcher.models.ranker.support(features(candidate.question, matcher.models.ranker.letters), column)
    support = sorted(held, key=lambda item: -item[1])[:SHOWN]
    yield _line("for", ", ".join(f"{name} {weight:+.2f}" for name, weight in support if weight > 0))
    for known, cosine in closest(text_of(candidate.question)) if verdict.by_meaning else ():
        yield _line("closest known question", f"{known}, {cosine:.2f}")
    gate = matcher.models.gates(meaning=verdict.by_meaning).answer
    weighed = zip(verdict.signals._fields, verdict.signals, gate.parts(verdict.signals), strict=True)
    for part, name, value in sorted((part, name, value) for name, value, part in weighed if part < 0)[:SHOWN]:
        yield _line("against", f"{name.replace('_', ' ')}: {value:.2f} ({part:+.2f})")


def _decided(reading: Reading) -> str:
    """What is said, and of which entries."""
    said = str(reading.kind.value)
    if reading.entries:
        said += f": {', '.join(reading.entries)}"
    if reading.missing:
        said += f"; missing: {reading.missing.year or reading.missing.concept}"
    return said + (f"; offered: {', '.join(reading.offered)}" if reading.offered else "")
