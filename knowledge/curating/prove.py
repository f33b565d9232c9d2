"""Knowledge x seeds -> Problems: what must hold before a word gets out.

The proof is about characters, values and names, not about sense: it shows that a figure is quoted, that a quotation
is verbatim and its speaker the one the article credits. That it answers the right question is shown by asking.
"""

import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from string import Formatter

from rapidfuzz import fuzz

from knowledge.curating import prove_charts as check_charts
from knowledge.errors import Problem
from knowledge.languages import ARTICLES, ENGLISH, FRENCH, LANGUAGES, OTHER
from knowledge.model import NAMES, Chart, Entry, Evidence, Knowledge, Languages, Outcome, Reply, Source
from knowledge.words.analysis import Analyst
from knowledge.words.figures import Figure, currencies_in, highlights, numbers_in

NOBODY = "nobody"
OUR_TRANSLATION = " (our translation)"
BUTTON = 34  # characters that a phone shows of a button as wide as a message
Tell = Callable[..., Problem]  # (field, message, what is nearest) -> the problem there
_FRENCH_QUOTE = re.compile(r"«\s*(.*?)\s*»", re.DOTALL)
_ENGLISH_QUOTE = re.compile(r"“(.*?)”", re.DOTALL)


def prove(knowledge: Knowledge, analyst: Analyst) -> list[Problem]:
    """Everything in `knowledge` that its own sources do not bear out, in the order of the files."""
    proof = Proof(knowledge, analyst)
    found = [p for entry in knowledge.entries.values() for p in proof.of_entry(entry)]
    found += [p for source in knowledge.sources.values() for p in proof.of_coverage(source)]
    for source in knowledge.sources.values():
        digest = knowledge.entries.get(source.digest)
        if source.digest and not (digest and digest.entries):
            found.append(Problem("sources.yaml", source.id, "digest", f'"{source.digest}" is no digest'))
    wrong = {p.entry for p in found}  # and told: not again of each chart that shows it
    for chart in knowledge.charts.values():
        if not wrong & {bar.entry for bar in chart.bars}:
            found += proof.of_chart(chart)
    found += _phrases(knowledge)
    return sorted(found)


def prove_questions(knowledge: Knowledge, ask: Callable[[str], Reply]) -> list[Problem]:
    """Every curated question must come home to its own entry, in its own language."""
    found = []
    for entry in knowledge.entries.values():
        for language, questions in entry.questions.items():
            for question in questions:
                reply = ask(question)
                field = f"questions.{language}"
                if reply.outcome is not Outcome.ANSWER:
                    message = f'"{question}" is not answered ({reply.outcome.value}, {reply.score:.2f})'
                elif reply.entry != entry.id and entry.id not in knowledge.entries[reply.entry or ""].covers:
                    message = f'"{question}" is answered by {reply.entry}'
                elif len(reply.parts) > 1 and not entry.entries:
                    message = f'"{question}" is taken for two questions'
                elif reply.language != language and entry.bilingual:
                    message = f'"{question}" is taken for {reply.language}'
                else:
                    continue
                found.append(Problem(entry.file, entry.id, field, message))
    return found


@dataclass(frozen=True, slots=True)
class Speech:
    """What a source prints between « and », and whom it credits: a person's concept id or NOBODY."""

    start: int
    end: int
    words: str
    speaker: str


class Proof:
    """The proof of one folder of knowledge, entry by entry and source by source."""

    def __init__(self, knowledge: Knowledge, analyst: Analyst) -> None:
        self.knowledge = knowledge
        self.analyst = analyst
        self.people = {c.id: c.name for c in knowledge.concepts if c.kind == "person" and c.name}
        self.speeches = {s.id: list(speeches(s.text, self.people)) for s in knowledge.sources.values()}

    def of_entry(self, entry: Entry) -> Iterator[Problem]:
        """What `entry` says and its evidence does not bear out."""
        problem = partial(Problem, entry.file, entry.id)
        yield from self._passages(entry, problem)
        members = [self.knowledge.entries[i] for i in entry.entries if i in self.knowledge.entries]
        shown = [p for e in (entry, *members) for p in e.evidence]
        yield from self.of_texts("answer", entry.answer, shown, problem)
        proven = {f.value for f in numbers_in("\n".join(p.quote for p in shown))}
        for language, questions in entry.questions.items():  # the first one is shown when the bot asks back
            if entry.kind == "figure" and {f.value for f in numbers_in(questions[0]) if f.unit != "ordinal"} - proven:
                yield problem(f"questions.{language}", f'"{questions[0]}" holds a figure of no evidence quote')
        for language, question in entry.quiz.items():
            spans = highlights(entry.answer[language])
            asked = {f.value for f in numbers_in(question)}
            if entry.kind != "figure" or len(spans) != 1:
                yield problem(f"quiz.{language}", "needs an answer whose first sentence gives one figure and no other")
            elif asked - proven:
                yield problem(f"quiz.{language}", f'"{question}" holds a figure of no evidence quote')
            elif asked & {f.value for f in numbers_in(entry.answer[language][slice(*spans[0])])}:
                yield problem(f"quiz.{language}", f'"{question}" gives the answer away')
        for language, short in entry.short.items():
            if len(short) > BUTTON:
                yield problem(f"short.{language}", f'"{short}" has {len(short)} characters; a button shows {BUTTON}')
            if {f.value for f in numbers_in(short)} - proven:
                yield problem(f"short.{language}", f'"{short}" holds a figure of no evidence quote')
        yield from self._speaker(entry, problem)
        for field, others in (("related", entry.related), ("entries", entry.entries), ("covers", entry.covers)):
            for other in others:
                if other not in self.knowledge.entries or other == entry.id:
                    yield problem(field, f'"{other}" is no other entry')
                elif field == "entries" and self.knowledge.entries[other].entries:
                    yield problem(field, f'"{other}" is a digest itself')

    def of_texts(self, part: str, texts: Languages, passages: Sequence[Evidence], problem: Tell) -> Iterator[Problem]:
        """What `texts` say, in one language or the other, and `passages` do not bear out. `part`: their field."""
        evidence = "\n".join(p.quote for p in passages)
        proven = numbers_in(evidence)
        for language, text in texts.items():
            field = f"{part}.{language}"
            for figure in numbers_in(text):
                if all(figure.meaning != p.meaning for p in proven):
                    said = {">": "more than ", "~": "about "}.get(figure.bound, "") + text[figure.start : figure.end]
                    yield problem(field, f'"{said}" is in no evidence quote', _closest(figure, proven, evidence))
            yield from self._quotations(field, text, language, passages, problem)
            for currency in sorted(currencies_in(text) - currencies_in(evidence)):
                yield problem(field, f"{currency} is in no evidence quote")
            for name in sorted(self._names(text, language) - self._names(evidence, ARTICLES)):
                yield problem(field, f"{name} is named in no evidence quote")
        said_in = {language: _values(texts[language]) for language in LANGUAGES}
        if said_in[FRENCH] != said_in[ENGLISH]:
            odd = sorted(str(value) for value, _, _ in said_in[FRENCH] ^ said_in[ENGLISH])
            yield problem(part, f"French and English do not say the same figures: {', '.join(odd)}")

    def _passages(self, entry: Entry, problem: Tell) -> Iterator[Problem]:
        for number, passage in enumerate(entry.evidence, 1):
            field, quote = f"evidence {number}", f'"{_short(passage.quote)}"'
            source = self.knowledge.sources.get(passage.source)
            if source is None:
                yield problem(field, f'"{passage.source}" is no source')
            elif passage.quote not in source.text:
                yield problem(field, f"{quote} is not in {source.file}", _nearest(passage.quote, source.text))
            elif not passage.hidden and source.text.count(passage.quote) > 1:
                yield problem(field, f"{quote} stands more than once in {source.file}: quote more of it")
            if passage.translation:
                if _values(passage.translation) != _values(passage.quote):
                    yield problem(field, "the translation does not say the figures of the quote")
                if self._people(passage.translation, OTHER[ARTICLES]) != self._people(passage.quote, ARTICLES):
                    yield problem(field, "the translation does not name the people of the quote")
        if not entry.entries and all(p.hidden for p in entry.evidence):
            yield problem("evidence", "at least one passage must be shown")

    def _quotations(
        self, field: str, text: str, language: str, passages: Sequence[Evidence], problem: Tell
    ) -> Iterator[Problem]:
        evidence = "\n".join(p.quote for p in passages)
        named = self._names(text, language)
        for quote in _FRENCH_QUOTE.findall(text):
            if re.search(rf"\b(?:ne|n’|pas|jamais|non)\s*(?:\w+\s+)?{re.escape(quote)}", evidence):
                yield problem(field, f"« {_short(quote)} » leaves out the negation before it")
            if quote not in evidence:
                yield problem(field, f"« {_short(quote)} » is in no evidence quote", _nearest(quote, evidence))
            for passage in passages:
                for speech in self.speeches.get(passage.source, ()):
                    if quote in speech.words and speech.speaker not in (NOBODY, *named):
                        yield problem(field, f"« {_short(quote)} » needs its speaker, {self.people[speech.speaker]}")
        translations = "\n".join(p.translation for p in passages)
        for match in _ENGLISH_QUOTE.finditer(text):
            said = f"“{_short(match[1])}”"
            if language != ENGLISH:
                yield problem(field, f"{said}: French quotations stand in « »")
            elif match[1].rstrip(",.") not in translations:
                yield problem(field, f"{said} is in no translation of the evidence", _nearest(match[1], translations))
            elif not text.startswith(OUR_TRANSLATION, match.end()):
                yield problem(field, f"{said} is ours: let{OUR_TRANSLATION} follow it")
        if set(text) & set('"‹›„‟') or text.count("«") != text.count("»") or text.count("“") != text.count("”"):
            yield problem(field, "quotation marks: pairs of « » in French, of “ ” in English, and no others")
        if re.search(r"«\s*»|“\s*”", text):
            yield problem(field, "an empty quotation")

    def _speaker(self, entry: Entry, problem: Tell) -> Iterator[Problem]:
        if entry.kind != "quotation":
            if entry.speaker:
                yield problem("speaker", "only a quotation has a speaker")
            return
        passage = entry.evidence[0]
        if not passage.translation:
            yield problem("evidence 1", "a quotation needs a translation")
        said = [s for s in self.speeches.get(passage.source, ()) if s.words in passage.quote]
        if not said:
            yield problem("evidence 1", "holds no « » of its source")
        for speech in said:
            if speech.speaker != entry.speaker:
                credited = self.people.get(speech.speaker, NOBODY)
                yield problem("speaker", f'"{entry.speaker}" did not say it: the article credits {credited}')
        if entry.speaker in self.people:
            for language, answer in entry.answer.items():
                if entry.speaker not in self._names(answer, language):
                    yield problem(f"answer.{language}", f"does not name {self.people[entry.speaker]}")
        elif entry.speaker != NOBODY:
            yield problem("speaker", f'"{entry.speaker}" is no person of the lexicon')

    def of_chart(self, chart: Chart) -> list[Problem]:
        """What `chart` shows or says and its entries do not."""
        return check_charts.of_chart(chart, self.knowledge, self.of_texts, self._names)

    def of_coverage(self, source: Source) -> Iterator[Problem]:
        """Figures and quotations of `source` that no entry gives and no waiver names; figures of `about` alone."""
        proven = {(f.value, f.unit) for f in numbers_in(source.text)}
        for language, about in source.about.items():
            if any((f.value, f.unit) not in proven for f in numbers_in(about) if f.unit != "share" and f.value > 2):
                field, message = f"about.{language}", "holds a figure that is not in the article"
                yield Problem("sources.yaml", source.id, field, message)
        passages = [p for e in self.knowledge.entries.values() for p in e.evidence if p.source == source.id]
        covered = [
            (match.start(), match.start() + len(words))
            for words in (*self.knowledge.waived, *(p.quote for p in passages if not p.hidden))
            for match in re.finditer(f"(?={re.escape(words)})", source.text)  # those that overlap too
        ]
        parts: list[Figure | Speech] = [*numbers_in(source.text), *self.speeches[source.id]]
        for part in parts:
            if any(start <= part.start and part.end <= end for start, end in covered):
                continue
            where = source.locator(part.start, part.end)
            if isinstance(part, Speech):
                yield Problem(source.file, where, "", f"« {_short(part.words)} » is in no entry and is not waived")
            else:
                said = source.text[part.start : part.end]
                around = source.text[max(0, part.start - 30) : part.end + 30].replace("\n", " ").strip()
                yield Problem(source.file, where, "", f'the figure "{said}" is in no entry and is not waived', around)

    def _names(self, text: str, language: str) -> set[str]:
        return self.analyst.analyse(text, language).of_kind(*NAMES)

    def _people(self, text: str, language: str) -> set[str]:
        return self._names(text, language) & set(self.people)


def speeches(text: str, people: dict[str, str]) -> Iterator[Speech]:
    """Every « » of an article with the person it credits.

    The article's own ways: the name follows in the same sentence ("», souligne X"), or stands before in the same
    sentence ("X affirme que «"), or heads the box that the quotation fills.
    """
    quotations = list(_FRENCH_QUOTE.finditer(text))
    ends = [0, *(q.end() for q in quotations)]
    starts = [*(q.start() for q in quotations[1:]), len(text)]
    for said, before, after in zip(quotations, ends, starts, strict=False):
        head = re.split(r"\.\s|\n", text[before : said.start()])[-1]
        tail = re.split(r"\.\s|\.$|\n", text[said.end() : after], maxsplit=1)[0]
        follows = [] if said[1].endswith((".", "!", "?")) else _named(tail, people)
        precedes = _named(head, people)
        speaker = follows[0] if follows else precedes[-1] if precedes else _heading(text, said.start(), people)
        yield Speech(said.start(), said.end(), said[1], speaker)


def _named(text: str, people: dict[str, str]) -> list[str]:
    """The people whose surname stands in `text`, in order."""
    at = {id: text.find(name.split()[-1]) for id, name in people.items()}
    return sorted((id for id in at if at[id] >= 0), key=lambda id: at[id])


def _heading(text: str, start: int, people: dict[str, str]) -> str:
    if text[:start].rstrip(" ")[-1:] != "\n":
        return NOBODY
    above = [line.strip() for line in text[:start].split("\n") if line.strip()][-2:]
    return next((id for id, name in people.items() if name in above), NOBODY)


def _phrases(knowledge: Knowledge) -> Iterator[Problem]:
    spoken = {f"phrases.yaml: {n}": t for n, t in knowledge.phrases.items()}
    spoken |= {f"talk.yaml: {t.id}": t.reply for t in knowledge.talk.values()}
    for name, texts in spoken.items():
        for language, text in texts.items():
            if any(f.unit == "" and f.value > 2 for f in numbers_in(text)):  # what no passage can prove
                file, _, entry = name.partition(": ")
                yield Problem(file, entry, language, "holds a figure: only entries may give one")
    for name, texts in knowledge.phrases.items():
        slots = [{slot for _, slot, _, _ in Formatter().parse(text) if slot} for text in texts.values()]
        if any(a != b for a, b in pairwise(slots)):
            yield Problem("phrases.yaml", name, "", "French and English do not fill in the same {words}")


def _values(text: str) -> set[tuple[object, str, str]]:
    return {f.meaning for f in numbers_in(text)}


def _closest(figure: Figure, proven: list[Figure], evidence: str) -> str:
    """The figure of the evidence nearest in value, with the words around it."""
    if not proven:
        return _short(evidence)
    best = min(proven, key=lambda p: abs(math.log(float(p.value) + 1) - math.log(float(figure.value) + 1)))
    start = evidence.rfind(" ", 0, max(0, best.start - 8)) + 1
    end = evidence.find(" ", best.end + 12)
    return evidence[start : end if end > 0 else len(evidence)].replace("\n", " ")


def _nearest(quote: str, text: str) -> str:
    found = fuzz.partial_ratio_alignment(quote, text)
    if found is None or found.score < 40:
        return ""
    return text[found.dest_start : found.dest_end].replace("\n", " ")


def _short(text: str, most: int = 80) -> str:
    text = " ".join(text.split())
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
