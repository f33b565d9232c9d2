"""Engine.ask: from a message to a Reply. Here are the thresholds of what is said; reading has those of what is asked.

A wrong figure costs more than a silence, so an entry is given only when the odds are good; between that and
silence the bot asks back. Nothing here awaits, stores or knows of Telegram.
"""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from knowledge.curating import prove as check
from knowledge.curating.load import FAQ, load
from knowledge.errors import KnowledgeError
from knowledge.matching.matcher import SILENCE, Matcher, Verdict
from knowledge.model import LANGUAGES, NAMES, NEW, Conversation, Entry, Knowledge, Outcome, Reply
from knowledge.reading import claims
from knowledge.reading.follow_ups import FORGET_AFTER, named_in
from knowledge.reading.reader import KNOWN_FROM, Reader, Reading
from knowledge.telling.catalogue import SURE_OF_LANGUAGE, Catalogue
from knowledge.telling.replies import Replies
from knowledge.training import train
from knowledge.words.analysis import Analysis, Analyst
from knowledge.words.foreign import foreign
from knowledge.words.lexicon import Lexicon
from knowledge.words.text import folded, squeeze
from knowledge.words.vocabulary import Vocabulary

SUGGEST_FROM = 0.12  # below, the nearest entries are strangers to the question; chosen by eye, not measured
NEAR_FROM = 0.2  # ridge score from which the first entry is worth naming beside a decline
OFFER_FROM = 0.05  # the same where it is said what the sources lack, so that nobody takes one for the other
ALIKE = 0.6  # share of the first score from which a second entry is as near: Morocco and Tunisia for Algeria
TALK_FROM = 0.35  # ridge score of small talk and of turns; all labels together add up to about 1
STRANGE_IN_TALK = 0.25  # share of words that no example of the same talk holds, where an entry is named or likely
STRANGER_IN_TALK = 0.5  # the same where nothing else is


class Engine:
    """Answers questions from one folder of knowledge."""

    def __init__(self, knowledge: Knowledge, analyst: Analyst, matcher: Matcher) -> None:
        self.knowledge = knowledge
        self.analyst = analyst
        self.matcher = matcher
        self.replies = Replies(knowledge, analyst)
        self.reader = Reader(knowledge.entries, analyst, matcher)
        talks = [t for t in knowledge.talk.values() if t.kind == "talk"]
        self._talk = {folded(q): t for t in talks for questions in t.questions.values() for q in questions}
        self.catalogue = Catalogue(knowledge, analyst, self.reader)

    @classmethod
    def open(cls, faq: Path = FAQ, *, prove: bool = True) -> "Engine":
        """Load, prove and train; raises KnowledgeError with every Problem when something false could get out."""
        knowledge = load(faq)
        analyst = Analyst(Lexicon(knowledge.concepts, knowledge.shorthand), Vocabulary())
        analyst.teach(curated(knowledge))
        cache = train.Cache(knowledge.folder, knowledge.digest)
        kept = cache.read()
        examples = train.examples_of(knowledge.entries.values(), knowledge.talk.values()) + knowledge.examples
        analyst.hear(kept.heard if kept else train.tally(examples))
        if prove and (problems := check.prove(knowledge, analyst)):
            raise KnowledgeError(problems)
        trained = kept or train.anew(knowledge.entries, examples, analyst, cache)
        engine = cls(knowledge, analyst, train.matcher(knowledge.entries, trained, analyst))
        if prove and not cache.proven:
            if problems := check.prove_questions(knowledge, engine.ask):
                raise KnowledgeError(problems)
            cache.set_proven()
        return engine

    def ask(self, text: str, before: Conversation = NEW, *, now: float = 0.0, usual: str = "fr") -> Reply:
        """The reply to `text` after `before`. `usual`: the language where neither tells; `now`: seconds."""
        text = squeeze(text)
        if now - before.at > FORGET_AFTER or (before.entry and before.entry not in self.knowledge.entries):
            before = Conversation(language=before.language)  # long ago, or of an earlier version
        question = self.analyst.analyse(text, before.language or usual)
        language = question.language if question.certainty >= SURE_OF_LANGUAGE else before.language or question.language
        if (talk := self._talk.get(folded(text))) is not None:  # word for word, however little the words say
            return Reply(Outcome.SMALLTALK, language, self.replies.filled(talk.reply, language), conversation=before)
        if (tongue := foreign(text, question)) is not None:
            known = self.analyst.lexicon.concepts.get(tongue)
            says = known.says if known else ""
            lead = says or self.replies.say("decline_language", language)
            return Reply(Outcome.DECLINE, language, lead, conversation=before)
        if (figure := claims.lone_figure(text)) is not None:
            return self._figure(figure, language, question, before, now)
        if not any(len(w) > 1 and w.isalpha() for w in question.words):
            return Reply(Outcome.DECLINE, language, self.replies.say("decline_empty", language), conversation=before)
        verdict = self.matcher.judge(question)
        if self._is_talk(question, verdict):
            family, _, name = verdict.other.partition(":")
            if family == "talk":
                text = self.replies.filled(self.knowledge.talk[name].reply, language)
                return Reply(Outcome.SMALLTALK, language, text, conversation=before)
            if family == "meta":
                return self._meta(name, question, language, before, now)
        read = self.reader.after(Reading(question, verdict), before)
        if (two := self._two(text, read, language, before, now)) is not None:
            return two
        if not self.reader.sure(read.verdict):
            read = self.reader.at_last(text, read)
        verdict, question = read.verdict, read.question
        strange = any(self.analyst.lexicon.concepts[c].label for c in question.of_kind(*NAMES))
        if self.reader.sure(verdict) and not (strange and claims.claims(question)):  # "with Google, wasn't it?"
            reply = self._answer(verdict.entry, language, question, before, now, verdict.probability)
            return self._checked(reply, text, question)
        return self._decline(verdict, question, language, before, now)

    def answer(self, entry: str, language: str, before: Conversation = NEW, now: float = 0.0) -> Reply:
        """The reply that gives `entry`, as a link or a button asks for it. Raises KeyError for an unknown id."""
        question = self.analyst.analyse(self.knowledge.entries[entry].questions[language][0], language)
        return self._answer(entry, language, question, before, now, 1.0)

    def answers(
        self, entries: Sequence[str], language: str, before: Conversation = NEW, now: float = 0.0
    ) -> Reply | None:
        """The reply that gives several entries, one after the other; None if one of them is unknown."""
        if not entries or language not in LANGUAGES or not all(id in self.knowledge.entries for id in entries):
            return None
        reply = self.answer(entries[0], language, before, now)
        more = tuple(p for id in entries[1:] for p in self.replies.parts(id, language))
        return replace(reply, parts=(*reply.parts, *more))

    def _answer(
        self, id: str, language: str, question: Analysis, before: Conversation, now: float, score: float
    ) -> Reply:
        related = (r for r in self.knowledge.entries[id].related if r not in before.shown)
        return Reply(
            Outcome.ANSWER,
            language,
            self.replies.title(id, language),
            self.replies.parts(id, language),
            id,
            self.replies.suggest(related, language)[:2],
            score,
            Conversation(id, language, question.mentions, (*(s for s in before.shown if s != id), id)[-20:], now),
        )

    def _is_talk(self, question: Analysis, verdict: Verdict) -> bool:
        """Whether small talk or a turn fits better than any entry, in score and in its very words."""
        if verdict.other_score < TALK_FROM or verdict.other_score < verdict.ranking[0][1]:
            return False
        if verdict.other.startswith(SILENCE):
            return False
        usual = self.matcher.profiles[verdict.other].words
        strange = sum(w not in usual for w in question.words)
        if question.of_kind(*NAMES, "gap") or self.reader.sure(verdict):
            return strange <= STRANGE_IN_TALK * len(question.words)
        return strange <= max(1, STRANGER_IN_TALK * len(question.words))  # "merci chef": whatever the other word is

    def _two(self, text: str, whole: Reading, language: str, before: Conversation, now: float) -> Reply | None:
        """Two questions in one message: both answered, or one answered and the other named as missing."""
        sure = self.reader.sure(whole.verdict)
        for pair in self.reader.pairs(text, whole):
            first, second = pair.first.verdict, pair.second.verdict
            reply = self._answer(first.entry, language, pair.first.question, before, now, first.probability)
            if self.reader.sure(second):
                shown = (*(s for s in reply.conversation.shown if s != second.entry), second.entry)
                return replace(
                    reply,
                    parts=(*reply.parts, *self.replies.parts(second.entry, language)),
                    score=min(first.probability, second.probability),
                    conversation=replace(reply.conversation, shown=shown),
                )
            missing = self.replies.missing(pair.second.question, self.matcher.profiles[second.entry], language)
            if missing and (pair.plain or not sure):
                outcome, entry = (Outcome.ANSWER, reply.entry) if sure else (Outcome.SUGGEST, None)
                return replace(reply, outcome=outcome, entry=entry, lead=missing, suggestions=())
        return None

    def _checked(self, reply: Reply, text: str, question: Analysis) -> Reply:
        """`reply`, led by what it makes of the figure that `text` claims."""
        id = reply.entry or ""
        profile = self.matcher.profiles[id]
        if question.years - profile.years and question.years & profile.years:
            return replace(reply, lead=self.replies.missing(question, profile, reply.language))
        found = claims.of_figures(text, question, self.knowledge.entries[id])
        if found is claims.Claim.NONE:
            return reply
        return replace(reply, lead=self.replies.say(f"claim_{found.value}", reply.language))

    def _figure(self, figure: Decimal, language: str, question: Analysis, before: Conversation, now: float) -> Reply:
        """A figure by itself: the entry that told it in this conversation, or the questions that it answers."""
        ids = [e.id for e in self.knowledge.entries.values() if claims.gives(e, figure)]
        told = [id for id in reversed(before.shown) if id in ids]
        if told or (before.entry and len(ids) == 1):
            return self._answer((told or ids)[0], language, question, before, now, 1.0)
        if not ids:
            return Reply(Outcome.DECLINE, language, self.replies.say("decline_empty", language), conversation=before)
        suggestions = self.replies.suggest(ids[:3], language)
        lead = self.replies.say("suggest", language)
        return Reply(Outcome.SUGGEST, language, lead, suggestions=suggestions, conversation=before)

    def _meta(self, name: str, question: Analysis, language: str, before: Conversation, now: float) -> Reply:
        """A turn that needs no new entry: source, repeat, translate, more, who said that."""
        if not before.entry:
            text = self.replies.say("no_context", language)
            return Reply(Outcome.SMALLTALK, language, text, conversation=before)
        entry = self.knowledge.entries[before.entry]
        last = replace(question, mentions=before.about)  # still the subject
        if name == "translate":
            language = _target(question, before.language)
        if name == "more":
            return self._more(entry, language, last, before, now)
        if name == "who-said" and entry.speaker not in ("", "nobody"):
            for person in self.knowledge.entries.values():
                if person.kind == "person" and entry.speaker in {m.concept for m in named_in(person, self.analyst)}:
                    return self._answer(person.id, language, last, before, now, 1.0)
        reply = self._answer(entry.id, language, last, before, now, 1.0)
        if name in ("source", "sure"):
            return _led_by(reply, self.replies.say(f"{name}_is", language))
        if name == "who-said" and not entry.speaker:
            return _led_by(reply, self.replies.say("nobody_said", language))
        return reply

    def _more(self, entry: Entry, language: str, last: Analysis, before: Conversation, now: float) -> Reply:
        """Something else on the same subject: first by the same speaker, then what the curator related."""
        same = [e.id for e in self.knowledge.entries.values() if entry.speaker and e.speaker == entry.speaker]
        for id in (*same, *entry.related):
            if id not in (entry.id, *before.shown) and entry.speaker != "nobody":
                return self._answer(id, language, last, before, now, 1.0)
        rest = [r for r in entry.related if r != entry.id]
        text = self.replies.say("no_more" if not rest else "more", language)
        return Reply(Outcome.SUGGEST, language, text, (), None, self.replies.suggest(rest, language), 0.0, before)

    def _decline(self, verdict: Verdict, question: Analysis, language: str, before: Conversation, now: float) -> Reply:
        """What is missing, and the nearest that the sources do say; or questions, when one of them may be meant."""
        first = verdict.ranking[0][1]
        strangers = {m.concept for m in question.mentions if self.analyst.lexicon.concepts[m.concept].label}
        missing = self.replies.missing(question, self.matcher.profiles[verdict.entry], language)
        if missing or first >= NEAR_FROM:  # "et en Tunisie ?" may follow
            before = replace(before, about=question.without(strangers).mentions, language=language, at=now)
        reply = Reply(Outcome.DECLINE, language, score=verdict.probability, conversation=before)
        untaught = self.matcher.ranker.letters  # a plain FAQ: asking back is all that can be done with half an idea
        several = first >= NEAR_FROM and not verdict.other.startswith(SILENCE)  # "chiffre d'affaires 2023 ?": whose?
        worth = verdict.probability >= SUGGEST_FROM or several or untaught
        likely = not missing and first >= KNOWN_FROM and worth
        if claims.claims(question) and (told := self._in_its_place(question, verdict, likely)):
            lead = (
                f"{missing} {self.replies.say('instead', language)}"
                if missing
                else self.replies.say("unlike", language)
            )
            outcome = Outcome.SUGGEST if likely else Outcome.DECLINE
            return replace(reply, outcome=outcome, lead=lead, parts=self.replies.parts(told, language))
        if likely:
            near = [id for id, score in verdict.ranking[:3] if score >= first / 2]
            suggestions = self.replies.suggest(near, language)
            lead = self.replies.say("suggest", language)
            return replace(reply, outcome=Outcome.SUGGEST, lead=lead, suggestions=suggestions)
        near = self._nearest(question, strangers, verdict, missing=bool(missing))
        if not near:
            return replace(reply, lead=missing or self.replies.say("decline", language))
        lead = f"{missing or self.replies.say('decline_plain', language)} {self.replies.say('nearest', language)}"
        return replace(reply, lead=lead, suggestions=self.replies.suggest(near, language))

    def _nearest(self, question: Analysis, strangers: set[str], verdict: Verdict, *, missing: bool) -> list[str]:
        """At most two entries to name beside a decline: of another country, where the question asks of a country."""
        ranking = (self.matcher.judge(question.without(strangers)) if strangers else verdict).ranking
        titles = {id: self.analyst.analyse(self.knowledge.entries[id].questions["fr"][0], "fr") for id, _ in ranking}
        asked = {m.kind for m in question.mentions if m.kind in NAMES}
        alike = [r for r in ranking if asked and {m.kind for m in titles[r[0]].mentions if m.kind in NAMES} == asked]
        alike = alike or list(ranking)
        least = OFFER_FROM if missing else NEAR_FROM
        return [id for id, score in alike[:2] if score >= max(least, alike[0][1] * ALIKE)]

    def _in_its_place(self, claim: Analysis, verdict: Verdict, likely: bool) -> str:
        """The entry that tells what the sources say in place of `claim`: the surest without one of its names; or ""."""
        readings = [self.matcher.judge(reading) for reading in claims.weaker(claim)]
        sure = [v for v in readings if self.reader.sure(v)]
        if likely and verdict.ranking[0][1] >= NEAR_FROM:
            sure = sure or [verdict]
        told = [v for v in sure if not self.knowledge.entries[v.entry].entries]  # a digest tells of too much
        return max(told, key=lambda v: v.probability).entry if told else ""


def curated(knowledge: Knowledge) -> list[str]:
    """Every text of the curator: answers, passages and questions, rightly spelled."""
    texts = [t for e in knowledge.entries.values() for t in e.texts]
    texts += [q for e in knowledge.entries.values() for qs in e.questions.values() for q in qs]
    return texts + [q for t in knowledge.talk.values() for qs in t.questions.values() for q in qs]


def _led_by(reply: Reply, lead: str) -> Reply:
    """The passages of `reply` alone, after `lead`."""
    return replace(reply, lead=lead, parts=tuple(replace(p, statement="") for p in reply.parts))


def _target(question: Analysis, current: str) -> str:
    """The language that a request to translate names, else the other one."""
    for language, names in (("en", {"anglais", "anglaise", "english"}), ("fr", {"francais", "francaise", "french"})):
        if names & set(question.words):
            return language
    return "en" if current == "fr" else "fr"
