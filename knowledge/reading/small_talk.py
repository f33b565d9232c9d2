"""Messages that ask nothing new of the sources: small talk, and a word on the last answer ("source ?", "more")."""

from dataclasses import replace

from knowledge.languages import CALLED, ENGLISH, FRENCH, OTHER
from knowledge.model import NAMES, Entry, Outcome
from knowledge.reading.judge import Judge, named_in
from knowledge.reading.model import Asked, Candidate, Kind, Reading
from knowledge.words.analysis import Analysis
from knowledge.words.text import folded


def word_for_word(asked: Asked, candidate: Candidate | None, judge: Judge) -> Reading | None:
    """A line of small talk just as the curator wrote it, however little its words say."""
    id = judge.small_talk.get(folded(asked.text))
    return _talk(asked, id) if id is not None else None


def by_match(asked: Asked, candidate: Candidate, judge: Judge) -> Reading | None:
    """Small talk, or a word on the last answer, that fits better than any entry, in score and in its very words."""
    verdict, limits, label = candidate.verdict, judge.thresholds, candidate.verdict.other
    if label.silent or verdict.other_score < max(limits.talk_from, verdict.ranking[0][1]):
        return None
    usual = judge.matcher.models.profiles[label].words
    typed = candidate.question.words
    named = candidate.question.of_kind(*NAMES, "gap") or judge.sure(candidate)
    least = 0 if named else 1  # "merci chef": whatever the other word is
    if sum(w not in usual for w in typed) > max(least, limits.strange_in_talk * len(typed)):
        return None
    return _talk(asked, label.name) if label.family == "talk" else _of_the_last_answer(label.name, asked, judge)


def _talk(asked: Asked, id: str) -> Reading:
    return Reading(Kind.TALK, Outcome.SMALLTALK, asked.language, asked.before, name=id)


def _of_the_last_answer(name: str, asked: Asked, judge: Judge) -> Reading:
    """What needs no new question: source, sure, repeat, translate, more, who said that."""
    entries, before = judge.entries, asked.before
    if not before.entry:
        return Reading(Kind.NOTHING_YET, Outcome.SMALLTALK, asked.language, before)
    entry = entries[before.entry]
    still = replace(asked.question, mentions=before.about)  # the subject stays what it was
    if name == "more":
        return _more(asked, entry, still, judge)
    if name == "translate":
        asked = replace(asked, language=_target(asked.question, before.language))
    if name == "who-said" and entry.speaker not in ("", "nobody"):
        for person in entries.values():
            named = named_in(person, judge.analyst) if person.kind == "person" else ()
            if entry.speaker in {m.concept for m in named}:
                return judge.given(asked, [person.id], still)
    again = judge.given(asked, [entry.id], still)
    if name in ("source", "sure"):
        return replace(again, kind=Kind.PASSAGE, name=f"{name}_is")
    if name == "who-said" and not entry.speaker:
        return replace(again, kind=Kind.PASSAGE, name="nobody_said")
    return again


def _more(asked: Asked, entry: Entry, still: Analysis, judge: Judge) -> Reading:
    """Something else on the same subject: first by the same speaker, then what the curator related."""
    same = [e.id for e in judge.entries.values() if entry.speaker and e.speaker == entry.speaker]
    for id in (*same, *entry.related):
        if id not in (entry.id, *asked.before.shown) and entry.speaker != "nobody":
            return judge.given(asked, [id], still)
    rest = tuple(r for r in entry.related if r != entry.id)
    phrase = "more" if rest else "no_more"
    return Reading(Kind.CHOICE, Outcome.SUGGEST, asked.language, asked.before, offered=rest, name=phrase)


def _target(question: Analysis, current: str) -> str:
    """The language that a request to translate names, else the other one than `current`."""
    named = (language for language in (ENGLISH, FRENCH) if CALLED[language] & set(question.words))
    return next(named, OTHER.get(current, ENGLISH))
