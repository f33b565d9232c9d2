"""Messages that ask nothing of the sources: small talk, and what is said of the conversation itself ("source ?")."""

from dataclasses import replace

from knowledge.languages import CALLED, ENGLISH, FRENCH, OTHER
from knowledge.model import NAMES, Knowledge, Outcome
from knowledge.reading.follow_ups import named_in
from knowledge.reading.judge import Judge
from knowledge.reading.model import Asked, Candidate, Kind, Reading, given
from knowledge.words.analysis import Analysis
from knowledge.words.text import folded


class SmallTalk:
    """Recognises small talk of one folder of knowledge, and answers what is asked of the last answer."""

    def __init__(self, knowledge: Knowledge, judge: Judge) -> None:
        self._judge = judge
        talks = [t for t in knowledge.talk.values() if t.kind == "talk"]
        self._by_words = {folded(q): t.id for t in talks for questions in t.questions.values() for q in questions}

    def word_for_word(self, asked: Asked, candidate: Candidate | None) -> Reading | None:
        """A line of small talk just as the curator wrote it, however little its words say."""
        id = self._by_words.get(folded(asked.text))
        return _talk(asked, id) if id is not None else None

    def by_match(self, asked: Asked, candidate: Candidate) -> Reading | None:
        """Small talk, or a word on the last answer, that fits better than any entry."""
        if not self._fits(candidate):
            return None
        label = candidate.verdict.other
        return _talk(asked, label.name) if label.family == "talk" else self._of_the_last_answer(label.name, asked)

    def _fits(self, candidate: Candidate) -> bool:
        """Whether small talk fits better than any entry, in score and in its very words."""
        verdict, limits = candidate.verdict, self._judge.thresholds
        if verdict.other.silent or verdict.other_score < max(limits.talk_from, verdict.ranking[0][1]):
            return False
        usual = self._judge.matcher.profiles[verdict.other].words
        typed = candidate.question.words
        named = candidate.question.of_kind(*NAMES, "gap") or self._judge.sure(candidate)
        least = 0 if named else 1  # "merci chef": whatever the other word is
        return sum(w not in usual for w in typed) <= max(least, limits.strange_in_talk * len(typed))

    def _of_the_last_answer(self, name: str, asked: Asked) -> Reading:
        """What needs no new question: source, sure, repeat, translate, more, who said that."""
        entries, before = self._judge.entries, asked.before
        if not before.entry:
            return Reading(Kind.NOTHING_YET, Outcome.SMALLTALK, asked.language, before)
        entry = entries[before.entry]
        still = replace(asked.question, mentions=before.about)  # the subject stays what it was
        if name == "more":
            return self._more(asked, still)
        if name == "translate":
            asked = replace(asked, language=_target(asked.question, before.language))
        if name == "who-said" and entry.speaker not in ("", "nobody"):
            for person in entries.values():
                named = named_in(person, self._judge.analyst) if person.kind == "person" else ()
                if entry.speaker in {m.concept for m in named}:
                    return given(asked, entries, [person.id], still, 1.0)
        again = given(asked, entries, [entry.id], still, 1.0)
        if name in ("source", "sure"):
            return replace(again, kind=Kind.PASSAGE, name=f"{name}_is")
        if name == "who-said" and not entry.speaker:
            return replace(again, kind=Kind.PASSAGE, name="nobody_said")
        return again

    def _more(self, asked: Asked, still: Analysis) -> Reading:
        """Something else on the same subject: first by the same speaker, then what the curator related."""
        entries, before = self._judge.entries, asked.before
        entry = entries[before.entry]
        same = [e.id for e in entries.values() if entry.speaker and e.speaker == entry.speaker]
        for id in (*same, *entry.related):
            if id not in (entry.id, *before.shown) and entry.speaker != "nobody":
                return given(asked, entries, [id], still, 1.0)
        rest = tuple(r for r in entry.related if r != entry.id)
        phrase = "more" if rest else "no_more"
        return Reading(Kind.CHOICE, Outcome.SUGGEST, asked.language, before, offered=rest, name=phrase)


def _talk(asked: Asked, id: str) -> Reading:
    return Reading(Kind.TALK, Outcome.SMALLTALK, asked.language, asked.before, name=id)


def _target(question: Analysis, current: str) -> str:
    """The language that a request to translate names, else the other one than `current`."""
    named = (language for language in (ENGLISH, FRENCH) if CALLED[language] & set(question.words))
    return next(named, OTHER.get(current, ENGLISH))
