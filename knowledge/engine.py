"""Engine.ask: from a message to a Reply. Here are the thresholds, and why.

A wrong figure costs more than a silence, so an entry is given only when the odds are good; between that and
silence the bot asks back. Nothing here awaits, stores or knows of Telegram.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import permutations
from pathlib import Path

from knowledge import check, claims, train
from knowledge.analysis import Analysis, Analyst
from knowledge.compound import TERSE, TOPIC, apart, asks_itself, halves, is_question, is_topic, last_sentence
from knowledge.conversation import FORGET_AFTER, about, leans, lend, named_in, readings, says_little
from knowledge.errors import KnowledgeError
from knowledge.foreign import foreign
from knowledge.lexicon import NAMES, Lexicon, Mention
from knowledge.load import FAQ, Knowledge, load
from knowledge.match import SILENCE, Matcher, Verdict
from knowledge.model import Context, Entry, Outcome, Reply
from knowledge.replies import Replies
from knowledge.text import squeeze
from knowledge.vocabulary import Vocabulary

ANSWER_FROM = 0.60  # odds for the first entry; see docs/answers.md for what each threshold answers and misses
SUGGEST_FROM = 0.12  # below, the nearest entries are strangers to the question; chosen by eye, not measured
KNOWN_FROM = 0.15  # ridge score: below, the question holds next to nothing that the entry is known by
NEAR_FROM = 0.3  # ridge score from which the first entry is worth naming beside a decline
ALIKE = 0.7  # share of the first score from which a second entry is as near: Morocco and Tunisia for Algeria
BESIDE = 0.08  # share of an entry's questions: a concept in fewer of them asks for something beside it
TALK_FROM = 0.35  # ridge score of small talk and of turns; all labels together add up to about 1
STRANGE_IN_TALK = 0.25  # share of words that no example of the same talk holds, where an entry is named or likely
STRANGER_IN_TALK = 0.5  # the same where nothing else is
SURE_OF_LANGUAGE = 3.0  # bits; below, the conversation's language is kept
NEW = Context()


class Engine:
    """Answers questions from one folder of knowledge."""

    def __init__(self, knowledge: Knowledge, analyst: Analyst, matcher: Matcher) -> None:
        self.knowledge = knowledge
        self.analyst = analyst
        self.matcher = matcher
        self.answer_from = ANSWER_FROM
        self.replies = Replies(knowledge, analyst)

    @classmethod
    def open(cls, faq: Path = FAQ, *, prove: bool = True) -> "Engine":
        """Load, prove and train; raises KnowledgeError with every Problem when something false could get out."""
        knowledge = load(faq)
        analyst = Analyst(Lexicon(knowledge.concepts, knowledge.shorthand), Vocabulary())
        analyst.teach(curated(knowledge))
        examples = train.examples_of(knowledge.entries.values(), knowledge.talk.values()) + knowledge.examples
        analyst.hear((e.text, e.language) for e in examples if e.language)
        if prove and (problems := check.prove(knowledge, analyst)):
            raise KnowledgeError(problems)
        cache = train.Cache(knowledge.folder, knowledge.digest)
        engine = cls(knowledge, analyst, train.matcher(knowledge.entries, examples, analyst, cache))
        if prove and not cache.proven:
            if problems := check.prove_questions(knowledge, engine.ask):
                raise KnowledgeError(problems)
            cache.set_proven()
        return engine

    def ask(self, text: str, context: Context = NEW, *, now: float = 0.0, usual: str = "fr") -> Reply:
        """The reply to `text` after `context`. `usual`: the language where neither tells; `now`: seconds."""
        text = squeeze(text)
        if now - context.at > FORGET_AFTER or (context.entry and context.entry not in self.knowledge.entries):
            context = Context(language=context.language)  # long ago, or of an earlier version
        question = self.analyst.analyse(text, context.language or usual)
        language = (
            question.language if question.certainty >= SURE_OF_LANGUAGE else context.language or question.language
        )
        if (tongue := foreign(text, question)) is not None:
            known = self.analyst.lexicon.concepts.get(tongue)
            says = known.says if known else ""
            lead = says or self.replies.say("decline_language", language)
            return Reply(Outcome.DECLINE, language, lead, context=context)
        if not any(len(w) > 1 and w.isalpha() for w in question.words):
            return self._number(text, language, context)
        verdict = self.matcher.judge(question)
        if self._is_talk(question, verdict):
            family, _, name = verdict.other.partition(":")
            if family == "talk":
                text = self.replies.filled(self.knowledge.talk[name].reply, language)
                return Reply(Outcome.SMALLTALK, language, text, context=context)
            if family == "turn":
                return self._turn(name, question, language, context, now)
        if leans(question, context):
            question, verdict = self._in_context(question, verdict, context)
        if (two := self._two(text, question, verdict, language, context, now)) is not None:
            return two
        if not self._sure(verdict):
            question, verdict = self._asked_last(text, question, verdict)
        if self._sure(verdict):
            reply = self._answer(verdict.entry, language, question, context, now, verdict.probability)
            return self._checked(reply, text, question)
        return self._decline(verdict, question, language, context, now)

    def answer(self, entry: str, language: str, context: Context = NEW, now: float = 0.0) -> Reply:
        """The reply that gives `entry`, as a link or a button asks for it. Raises KeyError for an unknown id."""
        question = self.analyst.analyse(self.knowledge.entries[entry].questions[language][0], language)
        return self._answer(entry, language, question, context, now, 1.0)

    def listing(self, kind: str, words: str = "") -> list[Entry]:
        """The entries of one kind in the curator's order; with `words`, those that speak of all of them."""
        wanted = self.analyst.analyse(words)
        concepts = wanted.of_kind("place", "organisation", "person", "subject")
        return [
            e for e in self.knowledge.entries.values()
            if e.kind == kind and (not words.strip() or self._speaks_of(e, wanted, concepts))
        ]  # fmt: skip

    def _answer(self, id: str, language: str, question: Analysis, context: Context, now: float, score: float) -> Reply:
        related = (r for r in self.knowledge.entries[id].related if r not in context.shown)
        return Reply(
            Outcome.ANSWER,
            language,
            self.replies.title(id, language),
            self.replies.parts(id, language),
            id,
            self.replies.suggest(related, language)[:2],
            score,
            Context(id, language, about(question), (*(s for s in context.shown if s != id), id)[-20:], now),
        )

    def _is_talk(self, question: Analysis, verdict: Verdict) -> bool:
        """Whether small talk or a turn fits better than any entry, in score and in its very words."""
        if verdict.other_score < TALK_FROM or verdict.other_score < verdict.ranking[0][1]:
            return False
        if verdict.other.startswith(SILENCE):
            return False
        usual = self.matcher.profiles[verdict.other].words
        strange = sum(w not in usual for w in question.words)
        if question.of_kind(*NAMES, "gap") or self._sure(verdict):
            return strange <= STRANGE_IN_TALK * len(question.words)
        return strange <= max(1, STRANGER_IN_TALK * len(question.words))  # "merci chef": whatever the other word is

    def _sure(self, verdict: Verdict) -> bool:
        """Whether the first entry may be given."""
        return verdict.probability >= self.answer_from and verdict.ranking[0][1] >= KNOWN_FROM

    def _in_context(self, question: Analysis, alone: Verdict, context: Context) -> tuple[Analysis, Verdict]:
        """The first reading of a turn that can be answered, the likeliest first; else the most probable."""
        little = says_little(question)
        if self._sure(alone) and not little and (question.of_kind(*NAMES) or len(question.of_kind("subject")) > 1):
            return question, alone
        entry = self.knowledge.entries.get(context.entry)
        best = (question, replace(alone, probability=0.0) if little else alone)
        for reading in readings(question, context, named_in(entry, self.analyst) if entry else ()):
            verdict = self.matcher.judge(reading)
            if verdict.entry == context.entry and not question.of_kind("asks", "subject", *NAMES):
                continue  # nothing in it asks for the same thing again
            if verdict.probability > best[1].probability:
                best = (reading, verdict)
            if self._sure(verdict):
                break
        return best

    def _asked_last(self, text: str, question: Analysis, verdict: Verdict) -> tuple[Analysis, Verdict]:
        """A story and then a question: its last sentence, with the names of the story."""
        story, asked = last_sentence(text)
        if not story:
            return question, verdict
        last = self.analyst.analyse(asked, question.language)
        names = [m for m in self.analyst.analyse(story, question.language).mentions if m.kind in NAMES]
        reading = lend(last, [m for m in names if m.concept not in last.of_kind(*NAMES)])
        found = self.matcher.judge(reading)
        return (reading, found) if self._sure(found) else (question, verdict)

    def _two(
        self, text: str, question: Analysis, alone: Verdict, language: str, context: Context, now: float
    ) -> Reply | None:
        """Two questions in one message: both answered, or one answered and the other named as missing."""
        sure = self._sure(alone)
        for pair in self._pairs(text, question):
            (asked, first), (other, second) = pair
            if second.entry == alone.entry and self._sure(second):  # it leads
                (asked, first), (other, second) = (other, second), (asked, first)
            found = {first.entry, second.entry}
            whole = {alone.entry, *self.knowledge.entries[alone.entry].covers} if sure else set()
            if found <= whole or self._digests(first, second) or (len(found) == 1 and self._sure(second)):
                continue
            plainly = asks_itself(asked) and asks_itself(other)
            if sure and not plainly and not self._beside(alone.entry, other):
                continue
            missing = self.replies.missing(other, self.matcher.profiles[second.entry], language)
            if not self._sure(second) and (not missing or (sure and not plainly)):
                continue
            odds = min(first.probability, second.probability) if self._sure(second) else first.probability
            reply = self._answer(first.entry, language, asked, context, now, odds)
            if not self._sure(second):
                outcome = Outcome.ANSWER if sure else Outcome.SUGGEST
                return replace(
                    reply, outcome=outcome, entry=reply.entry if sure else None, lead=missing, suggestions=()
                )
            shown = (*(s for s in reply.context.shown if s != second.entry), second.entry)
            parts = (*reply.parts, *self.replies.parts(second.entry, language))
            return replace(reply, parts=parts, context=replace(reply.context, shown=shown))
        return None

    def _pairs(self, text: str, question: Analysis) -> Iterator[tuple[tuple[Analysis, Verdict], ...]]:
        """Ways to read a message as two questions of which the first can be answered: those with two answers first."""
        found = []
        readings = [(r, self.matcher.judge(r)) for r in apart(question)]
        found += [(a, b) for a, b in permutations(readings, 2) if self._sure(a[1])]
        for left, right in halves(text):
            one, other = (self.analyst.analyse(part, question.language) for part in (left, right))
            if not one.mentions or not other.mentions or len(question.mentions) > len(one.mentions + other.mentions):
                continue  # nothing is asked, or a name is cut in two
            if len(question.words) > TERSE and (
                len(one.words) < TOPIC or not (is_question(one) and is_question(other))
            ):
                continue
            if any(is_topic(a) and not b.of_kind(*NAMES) for a, b in ((one, other), (other, one))):
                continue  # "Kotbi, il dit quoi ?" is one question
            for first, second in ((one, other), (other, one)):
                verdict = self.matcher.judge(first)
                if self._sure(verdict):
                    context = Context(verdict.entry, first.language, about(first))
                    found.append(((first, verdict), self._in_context(second, self.matcher.judge(second), context)))
        return iter(sorted(found, key=lambda pair: -min(pair[0][1].probability, pair[1][1].probability)))

    def _beside(self, entry: str, half: Analysis) -> bool:
        """Whether `half` speaks of something that questions for `entry` hardly ever do."""
        profile = self.matcher.profiles[entry]
        own = [m.concept for m in half.mentions if m.kind in (*NAMES, "subject", "asks")]
        return any(profile.concepts[c] < BESIDE * profile.size for c in own)

    def _digests(self, *verdicts: Verdict) -> bool:
        return any(self.knowledge.entries[v.entry].entries for v in verdicts)

    def _checked(self, reply: Reply, text: str, question: Analysis) -> Reply:
        """`reply`, led by what it makes of the figure that `text` claims."""
        id = reply.entry or ""
        if question.years - self.matcher.profiles[id].years and question.years & self.matcher.profiles[id].years:
            return replace(reply, lead=self.replies.missing(question, self.matcher.profiles[id], reply.language))
        found = claims.of_figures(text, question, self.knowledge.entries[id])
        if found is claims.Claim.NONE:
            return reply
        return replace(reply, lead=self.replies.say(f"claim_{found.value}", reply.language))

    def _number(self, text: str, language: str, context: Context) -> Reply:
        """A number by itself: the questions that it answers."""
        value = claims.bare_number(text)
        ids = [e.id for e in self.knowledge.entries.values() if value in claims.figures_of(e)] if value else []
        if not ids:
            return Reply(Outcome.DECLINE, language, self.replies.say("decline_empty", language), context=context)
        suggestions = self.replies.suggest(ids[:3], language)
        lead = self.replies.say("suggest", language)
        return Reply(Outcome.SUGGEST, language, lead, suggestions=suggestions, context=context)

    def _turn(self, name: str, question: Analysis, language: str, context: Context, now: float) -> Reply:
        """A turn that needs no new entry: source, repeat, translate, more, who said that."""
        if not context.entry:
            text = self.replies.say("no_context", language)
            return Reply(Outcome.SMALLTALK, language, text, context=context)
        entry = self.knowledge.entries[context.entry]
        last = replace(question, mentions=tuple(Mention(*m) for m in context.about))  # still the subject
        if name == "translate":
            language = _target(question, context.language)
        if name == "more":
            return self._more(entry, language, last, context, now)
        if name == "who-said" and entry.speaker not in ("", "nobody"):
            for person in self.knowledge.entries.values():
                if person.kind == "person" and entry.speaker in {m.concept for m in named_in(person, self.analyst)}:
                    return self._answer(person.id, language, last, context, now, 1.0)
        reply = self._answer(entry.id, language, last, context, now, 1.0)
        if name in ("source", "sure"):
            return _led_by(reply, self.replies.say(f"{name}_is", language))
        if name == "who-said" and not entry.speaker:
            return _led_by(reply, self.replies.say("nobody_said", language))
        return reply

    def _more(self, entry: Entry, language: str, last: Analysis, context: Context, now: float) -> Reply:
        """Something else on the same subject: first by the same speaker, then what the curator related."""
        same = [e.id for e in self.knowledge.entries.values() if entry.speaker and e.speaker == entry.speaker]
        for id in (*same, *entry.related):
            if id not in (entry.id, *context.shown) and entry.speaker != "nobody":
                return self._answer(id, language, last, context, now, 1.0)
        rest = [r for r in entry.related if r != entry.id]
        text = self.replies.say("no_more" if not rest else "more", language)
        return Reply(Outcome.SUGGEST, language, text, (), None, self.replies.suggest(rest, language), 0.0, context)

    def _decline(self, verdict: Verdict, question: Analysis, language: str, context: Context, now: float) -> Reply:
        """What is missing, and the nearest that the sources do say; or questions, when one of them may be meant."""
        first = verdict.ranking[0][1]
        strangers = {m.concept for m in question.mentions if self.analyst.lexicon.concepts[m.concept].label}
        plain = self.matcher.judge(question.without(strangers)) if strangers else verdict
        missing = self.replies.missing(question, self.matcher.profiles[verdict.entry], language)
        if missing or first >= NEAR_FROM:  # "et en Tunisie ?" may follow
            context = replace(context, about=about(question.without(strangers)), language=language, at=now)
        reply = Reply(Outcome.DECLINE, language, score=verdict.probability, context=context)
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
        best = plain if self._sure(plain) else verdict
        if not missing or best.ranking[0][1] < NEAR_FROM:
            return replace(reply, lead=missing or self.replies.say("decline", language))
        near = [id for id, score in best.ranking[:2] if score >= best.ranking[0][1] * ALIKE]
        lead = f"{missing} {self.replies.say('nearest', language)}"
        return replace(reply, lead=lead, suggestions=self.replies.suggest(near, language))

    def _in_its_place(self, claim: Analysis, verdict: Verdict, likely: bool) -> str:
        """The entry that tells what the sources say in place of `claim`: the surest without one of its names; or ""."""
        readings = [self.matcher.judge(reading) for reading in claims.weaker(claim)]
        sure = [v for v in readings if self._sure(v) and not self._digests(v)]
        if sure:
            return max(sure, key=lambda v: v.probability).entry
        return verdict.entry if likely and verdict.ranking[0][1] >= NEAR_FROM and not self._digests(verdict) else ""

    def _speaks_of(self, entry: Entry, wanted: Analysis, concepts: set[str]) -> bool:
        told = [self.analyst.analyse(t) for t in (*entry.answer.values(), *(p.quote for p in entry.evidence))]
        if concepts:
            return concepts <= {m.concept for t in told for m in t.mentions}
        return bool(wanted.words) and all(any(w in t.words for t in told) for w in wanted.words)


def curated(knowledge: Knowledge) -> list[str]:
    """Every text of the curator: answers, passages and questions, rightly spelled."""
    texts = [t for e in knowledge.entries.values() for t in (*e.answer.values(), *(p.quote for p in e.evidence))]
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
