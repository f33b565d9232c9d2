"""Messages that ask nothing new of the sources: small talk, and a word on the last answer ("source ?", "more")."""

from dataclasses import replace

from knowledge.languages import CALLED, ENGLISH, FRENCH, OTHER
from knowledge.model import Entry, Outcome
from knowledge.reading.judge import Judge, named_in
from knowledge.reading.model import Asked, Candidate, Kind, Reading
from knowledge.words.analysis import Analysis
from knowledge.words.text import folded


def word_for_word(asked: Asked, candidate: Candidate | None, judge: Judge) -> Reading | None:
    """A line of small talk just as the curator wrote it, however little its words say."""
    id = judge.small_talk.get(folded(asked.text))
    return _talk(asked, id, judge) if id is not None else None


def by_match(asked: Asked, candidate: Candidate, judge: Judge) -> Reading | None:
    """Small talk, or a word on the last answer, that is likelier than any entry."""
    label, odds = judge.talk(asked.question, asked.before)
    if odds < judge.thresholds.talk_from or odds < candidate.odds:
        return None
    models, typed = judge.matcher.models, candidate.question.words
    if models.untaught and sum(w not in models.profiles[label].words for w in typed) > len(typed) / 2:
        return None  # a line or two of each kind: most of its words must stand there
    return _talk(asked, label.name, judge) if label.family == "talk" else _of_the_last_answer(label.name, asked, judge)


def _talk(asked: Asked, id: str, judge: Judge) -> Reading:
    offered = judge.talks[id].offers
    return Reading(Kind.TALK, Outcome.SMALLTALK, asked.language, asked.before, offered=offered, name=id)


def _of_the_last_answer(name: str, asked: Asked, judge: Judge) -> Reading:
    """What needs no new question: source, sure, repeat, translate, more, who said that, which article."""
    entries, before, otherwise = judge.entries, asked.before, judge.talks[name].otherwise
    if not before.entry:
        nothing = Reading(Kind.NOTHING_YET, Outcome.SMALLTALK, asked.language, before, name=name)
        return _talk(asked, otherwise, judge) if otherwise else nothing
    entry = entries[before.entry]
    still = replace(asked.question, mentions=before.about)  # the subject stays what it was
    first = entries[entry.entries[0]] if entry.entries else entry
    if name == "more":
        return _more(asked, entry, still, judge)
    if name == "article":
        source = first.evidence[0].source
        return Reading(Kind.ARTICLE, Outcome.SMALLTALK, asked.language, before, name=source)
    if name == "translate":
        asked = replace(asked, language=_target(asked.question, before.language))
    if name == "who-said" and entry.speaker not in ("", "nobody"):
        for person in entries.values():
            named = named_in(person, judge.analyst) if person.kind == "person" else ()
            if entry.speaker in {m.concept for m in named}:
                return judge.given(asked, [person.id], still)
    again = judge.given(asked, [first.id if name == "simpler" else entry.id], still)
    if judge.talks[name].reply and not (name == "who-said" and entry.speaker):
        return replace(again, kind=Kind.AGAIN if name == "simpler" else Kind.PASSAGE, name=name)
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
    """The language that a request to translate names; where it names both or none, the other one than `current`."""
    named = [language for language in (ENGLISH, FRENCH) if CALLED[language] & set(question.words)]
    return named[0] if len(named) == 1 else OTHER.get(current, ENGLISH)
