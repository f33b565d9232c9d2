"""The proof bites: whatever is corrupted in an entry, or new in an article, is caught and named."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from knowledge.curating import load as loading
from knowledge.curating import prove as check
from knowledge.curating.load import load
from knowledge.engine import Engine
from knowledge.errors import KnowledgeError
from knowledge.model import Entry
from knowledge.words.figures import numbers_in
from tests.knowledge.spoilt import spoil, with_answer, with_entry

WORDS = {"fr": "jamais", "en": "never"}


def with_passage(entry: Entry, number: int, quote: str) -> Entry:
    passages = list(entry.evidence)
    passages[number] = replace(passages[number], quote=quote)
    return replace(entry, evidence=tuple(passages))


def told_of(engine: Engine, entry: Entry) -> list[str]:
    """What the proof says of `entry` among the others."""
    return [str(p) for p in check.Proof(engine.knowledge, engine.analyst).of_entry(entry)]


def another_digit(text: str, at: int) -> str:
    return text[:at] + str((int(text[at]) + 1) % 10) + text[at + 1 :]


def digits(entry: Entry) -> Iterator[Entry]:
    """Each digit of the answers and of the passages, one at a time, made another one."""
    for language, text in entry.answer.items():
        for match in re.finditer(r"\d", text):
            yield with_answer(entry, language, another_digit(text, match.start()))
    for number, passage in enumerate(entry.evidence):
        for match in re.finditer(r"\d", passage.quote):
            yield with_passage(entry, number, another_digit(passage.quote, match.start()))


def quoted_words(entry: Entry) -> Iterator[Entry]:
    """Each word of the passages, and of what the answers put between « » or “ ”, made another one."""
    for number, passage in enumerate(entry.evidence):
        for match in re.finditer(r"[^\W\d_]+", passage.quote):
            yield with_passage(
                entry, number, passage.quote[: match.start()] + "autrement" + passage.quote[match.end() :]
            )
    for language, text in entry.answer.items():
        for quotation in re.finditer(r"«.*?»|“.*?”", text):
            for match in re.finditer(r"[^\W\d_]+", quotation[0]):
                start, end = quotation.start() + match.start(), quotation.start() + match.end()
                yield with_answer(entry, language, text[:start] + WORDS[language] + text[end:])


def speakers(entry: Entry, people: dict[str, str]) -> Iterator[Entry]:
    """Each other person as the speaker, and each other person's name in the answers."""
    if entry.kind == "quotation":
        for person in (*people, "nobody"):
            if person != entry.speaker:
                yield replace(entry, speaker=person)
    for language, text in entry.answer.items():
        for name in people.values():
            for other in people.values():
                if name in text and other != name:
                    yield with_answer(entry, language, text.replace(name, other))


def one_language(entry: Entry) -> Iterator[Entry]:
    """Each figure of one answer, in digits or words, made another one."""
    for language, text in entry.answer.items():
        for figure in numbers_in(text):
            yield with_answer(entry, language, text[: figure.start] + "5 555" + text[figure.end :])


def bounds(entry: Entry) -> Iterator[Entry]:
    """ "plus de" dropped, or put where the article does not have it."""
    for language, more in (("fr", "lus de "), ("en", "ore than ")):
        text = entry.answer[language]
        if re.search(rf"{more}\d", text):
            yield with_answer(entry, language, re.sub(rf"\w{more}(?=\d)", "", text))
        for figure in numbers_in(text):
            if not figure.bound and figure.unit == "":
                word = {"fr": "plus de ", "en": "more than "}[language]
                yield with_answer(entry, language, text[: figure.start] + word + text[figure.start :])


def ids(entry: Entry) -> Iterator[Entry]:
    """Each related id misspelled, and each source."""
    for number, other in enumerate(entry.related):
        yield replace(entry, related=(*entry.related[:number], f"{other}x", *entry.related[number + 1 :]))
    for number, passage in enumerate(entry.evidence):
        passages = list(entry.evidence)
        passages[number] = replace(passage, source=f"{passage.source}x")
        yield replace(entry, evidence=tuple(passages))


def corruptions(entry: Entry, people: dict[str, str]) -> Iterator[Entry]:
    yield from digits(entry)
    yield from quoted_words(entry)
    yield from speakers(entry, people)
    yield from one_language(entry)
    yield from bounds(entry)
    yield from ids(entry)


def test_the_knowledge_is_proven(engine: Engine) -> None:
    assert check.prove(engine.knowledge, engine.analyst) == []
    assert check.prove_questions(engine.knowledge, engine.ask) == []


@pytest.mark.usefixtures("read_once")
def test_every_corruption_of_every_entry_is_caught_and_names_the_entry(engine: Engine) -> None:
    proof = check.Proof(engine.knowledge, engine.analyst)
    tried, missed = 0, []
    for entry in engine.knowledge.entries.values():
        for corrupted in corruptions(entry, proof.people):
            if corrupted == entry:
                continue
            tried += 1
            problems = list(proof.of_entry(corrupted))
            if not any(p.entry == entry.id for p in problems):
                missed.append((entry.id, corrupted.answer, [p.quote for p in corrupted.evidence]))
    print(f"{tried} corruptions of {len(engine.knowledge.entries)} entries, {len(missed)} missed")
    assert tried > 3000
    assert missed == []


@pytest.mark.parametrize(
    ("sentence", "named"),
    [
        ("Le secteur compte 55 000 emplois.", 'the figure "55 000"'),
        ("Il y a douze villes concernées.", 'the figure "douze"'),
        ("« Une phrase toute neuve », dit-elle.", "« Une phrase toute neuve »"),
    ],
)
def test_a_new_figure_or_quotation_that_no_entry_covers_is_named(engine: Engine, sentence: str, named: str) -> None:
    source = engine.knowledge.sources["call-centres"]
    changed = replace(source, text=f"{source.text}\n{sentence}\n")
    knowledge = replace(engine.knowledge, sources={**engine.knowledge.sources, source.id: changed})
    (problem,) = check.prove(knowledge, engine.analyst)
    assert problem.file == "call-centres.txt"
    assert problem.entry == "§9"
    assert named in problem.message


def test_a_figure_may_be_waived_by_name(engine: Engine) -> None:
    source = engine.knowledge.sources["call-centres"]
    changed = replace(source, text=f"{source.text}\nIl y a douze villes concernées.\n")
    sources = {**engine.knowledge.sources, source.id: changed}
    knowledge = replace(engine.knowledge, sources=sources, waived={"douze villes": "no reader asks for it"})
    assert check.prove(knowledge, engine.analyst) == []


def test_a_problem_gives_directions(engine: Engine) -> None:
    entry = engine.knowledge.entries["tunisia-staff"]
    wrong = with_answer(entry, "en", "25,000 people work in call centres in Tunisia.")
    problems = [str(p) for p in check.prove(with_entry(engine.knowledge, wrong), engine.analyst)]
    assert (
        'figures.yaml: tunisia-staff: answer.en: "25,000" is in no evidence quote; nearest: "plus de 20 000 en Tunisie"'
        in problems
    )


@pytest.mark.parametrize(
    ("entry", "language", "text", "told"),
    [
        (
            "morocco-staff",
            "fr",
            "Moins de 90 000 personnes travaillent dans les centres d’appels au Maroc.",
            "in no evidence",
        ),
        ("intelcia-revenue", "en", "Intelcia had a revenue of 734 million dollars in 2023.", "$ is in no evidence"),
        (
            "quote-berrada-emotions",
            "fr",
            "Saad Berrada, d’Intelcia : « remplacer la compréhension fine des émotions ».",
            "negation",
        ),
        (
            "quote-damblin",
            "fr",
            "Jean-Charles Damblin : « Le service client n’est plus un accessoire.",
            "quotation marks",
        ),
        ("quote-damblin", "fr", "Jean-Charles Damblin : „Le service client”.", "quotation marks"),
        ("quote-damblin", "en", "Jean-Charles Damblin: “” (our translation).", "an empty quotation"),
        ("quote-damblin", "en", "Jean-Charles Damblin: “is no longer an accessory”.", "is ours"),
    ],
)
def test_what_would_mislead_a_reader_is_caught(engine: Engine, entry: str, language: str, text: str, told: str) -> None:
    wrong = with_answer(engine.knowledge.entries[entry], language, text)
    assert any(told in p.message for p in check.prove(with_entry(engine.knowledge, wrong), engine.analyst))


def test_a_translation_may_not_change_speaker_or_bound(engine: Engine) -> None:
    for entry, old, new in (
        ("quote-berrada-emotions", "Saad Berrada", "Imad Kotbi"),
        ("klarna-700", "700", "more than 700"),
    ):
        right = engine.knowledge.entries[entry]
        passage = replace(right.evidence[0], translation=right.evidence[0].translation.replace(old, new))
        wrong = replace(right, evidence=(passage, *right.evidence[1:]))
        assert any(
            "the translation" in p.message for p in check.prove(with_entry(engine.knowledge, wrong), engine.analyst)
        )


def test_only_entries_give_figures(engine: Engine) -> None:
    talk = engine.knowledge.talk["thanks"]
    boast = replace(talk, reply={**talk.reply, "fr": "Avec plaisir. Le Maroc compte 500 000 téléconseillers."})
    problems = check.prove(replace(engine.knowledge, talk={**engine.knowledge.talk, "thanks": boast}), engine.analyst)
    assert [(p.file, p.entry, p.field) for p in problems] == [("talk.yaml", "thanks", "fr")]


def test_a_question_that_another_entry_steals_is_named(engine: Engine) -> None:
    entry = engine.knowledge.entries["tunisia-staff"]
    thief = replace(entry, questions={**entry.questions, "fr": ("Qui a racheté Intelcia, et quand ?",)})
    problems = check.prove_questions(with_entry(engine.knowledge, thief), engine.ask)
    assert [(p.entry, p.field, p.message) for p in problems] == [
        ("tunisia-staff", "questions.fr", '"Qui a racheté Intelcia, et quand ?" is answered by intelcia-altice')
    ]


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("figures.yaml", "- id: tunisia-staff", "- id: tunisia-stuff", '"tunisia-staff" is no'),
        ("figures.yaml", "- id: tunisia-staff", "- id: morocco-staff", "is also in"),
        ("figures.yaml", "kind: figure", "kind: number", '"number" is none of'),
        ("figures.yaml", "  answer:\n", "  anwser:\n", "answer: is missing"),
        ("figures.yaml", '    en: "90,000 people', '    de: "90,000 people', "answer.en: is missing"),
        ("figures.yaml", "related: [", "relatd: [", "is no field of an entry"),
        ("figures.yaml", "  evidence:", "  evidence: [", "cannot be read"),
        ("figures.yaml", "- id: tunisia-staff", "- id: Tunisia.Staff", "must be of a-z"),
        ("figures.yaml", "related: [tunisia-staff, jobs-a-year, intelcia-staff]", "related: 3", "is no other entry"),
        ("lexicon/subjects.yaml", "- {id: morocco,", "- just words\n- {id: morocco,", "is not built as it should be"),
        ("talk.yaml", "  questions:\n    fr:", "  questions:\n    de:", "is not built as it should be"),
        ("talk.yaml", "offers: [human-essential]", "offers: [human-esential]", '"human-esential" is no entry'),
        ("talk.yaml", "otherwise: trust", "otherwise: trsut", '"trsut" is no small talk'),
        ("phrases.yaml", "{missing}", "{mising}", "do not fill in the same"),
        ("figures.yaml", "- id: morocco-staff", "id: morocco-staff", "cannot be read"),
        ("digests.yaml", "  entries: [", "  related: [", "entries: is missing"),
        ("figures.yaml", "  evidence:", "  entries: [klarna-700]\n  evidence:", "a digest has entries and no evidence"),
        ("phrases.yaml", "  en:", "  de:", "covers: en: is missing"),
        ("sources.yaml", "584c5f", "584c50", "is not the article that was checked in"),
        ("sources.yaml", "file: call", "fiel: call", "file: is missing"),
        ("sources.yaml", "file: call", "file: kall", "cannot be read"),
        ("lexicon/organisations.yaml", "kind:", "knid:", "kind: is missing"),
        (
            "lexicon/places.yaml",
            "- id: algeria",
            "- {id: intelcia, kind: place}\n- id: algeria",
            "is a concept already",
        ),
        ("training/hasty.jsonl", '{"q', '{"q": 1}{"q', "is no example"),
        ("training/hasty.jsonl", '"label": "', '"label": "x', "is no entry"),
        ("training/tricks-turns.jsonl", '"also": ["', '"also": ["x', "is no entry"),
        ("claims/blunt.jsonl", '"entry": "', '"entry": "x', "is no entry"),
        ("claims/blunt.jsonl", '"entry": "', '"entry": "about-ai", "was": "', "tells too much for a claim"),
        ("claims/blunt.jsonl", '"q": "', '"question": "', "is no claim"),
        ("../seeds/call-centres.txt", "90 000", "91 000", "is not the article that was checked in"),
    ],
)
def test_a_spoilt_file_is_told_by_name(folder: Path, file: str, old: str, new: str, told: str) -> None:
    spoil(folder / file, old, new)
    with pytest.raises(KnowledgeError) as caught:
        Engine.open(folder)
    assert told in str(caught.value)


FILES = ["figures", "sources", "phrases", "talk", "charts", "lexicon/places", "lexicon/shorthand"]


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("text", ["just words", "- a list\n- of words", "fr: {a: [list]}\nen: words", "- [a, list]"])
def test_a_file_of_another_shape_is_told_by_name(
    folder: Path, file: str, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "FAQ", folder)  # its own shorthand and phrases are read only of the built-in folder
    path = folder / f"{file}.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(KnowledgeError) as caught:
        load(folder, folder.parent / "seeds")
    assert f"{path.name}: " in str(caught.value)


@pytest.mark.parametrize(
    ("entry", "change", "told"),
    [
        (
            "morocco-staff",
            {"short": {"fr": "Un titre qui ne tient sur aucun bouton du tout, vraiment"}},
            "a button shows",
        ),
        ("about-ai", {"entries": ("about-ai-x",)}, "is no other entry"),
        ("about-ai", {"entries": ("about-ai", "about-call-centres")}, "is a digest itself"),
        ("morocco-staff", {"speaker": "imad-kotbi"}, "only a quotation has a speaker"),
        ("quote-kotbi", {"speaker": "somebody"}, "is no person of the lexicon"),
    ],
)
def test_a_field_that_cannot_be_right_is_caught(engine: Engine, entry: str, change: Any, told: str) -> None:
    wrong = replace(engine.knowledge.entries[entry], **change)
    found = told_of(engine, wrong)
    assert any(told in p for p in found), found


@pytest.mark.parametrize(
    ("entry", "change", "told"),
    [
        ("morocco-staff", {"quote": "chiffre d’affaires"}, "stands more than once"),
        ("morocco-staff", {"hidden": True}, "at least one passage must be shown"),
        ("quote-kotbi", {"translation": ""}, "a quotation needs a translation"),
        ("quote-kotbi", {"quote": "Intelcia"}, "holds no « » of its source"),
    ],
)
def test_a_passage_that_proves_nothing_is_caught(engine: Engine, entry: str, change: Any, told: str) -> None:
    right = engine.knowledge.entries[entry]
    wrong = replace(right, evidence=tuple(replace(passage, **change) for passage in right.evidence))
    found = told_of(engine, wrong)
    assert any(told in p for p in found), found


@pytest.mark.parametrize(
    ("entry", "question", "told"),
    [
        ("morocco-staff", "Quel temps fera-t-il demain ?", "is not answered (decline,"),
        ("tunisia-staff", "How many people work in Tunisia?", "is taken for en"),
        ("intelcia-altice", "Qui a racheté Intelcia ? Qui est Imad Kotbi ?", "is taken for two questions"),
    ],
)
def test_a_curated_question_that_does_not_come_home_is_named(
    engine: Engine, entry: str, question: str, told: str
) -> None:
    right = engine.knowledge.entries[entry]
    lost = replace(right, questions={**right.questions, "fr": (question,)})
    problems = check.prove_questions(with_entry(engine.knowledge, lost), engine.ask)
    assert [told in p.message for p in problems] == [True], problems


def test_what_names_a_broken_entry_is_not_told_beside_it(folder: Path) -> None:
    spoil(folder / "figures.yaml", "  answer:\n", "  anwser:\n")
    with pytest.raises(KnowledgeError) as caught:
        Engine.open(folder)
    assert [str(p) for p in caught.value.problems] == ["figures.yaml: morocco-staff: answer: is missing"]


def test_all_problems_are_told_at_once(folder: Path) -> None:
    spoil(folder / "figures.yaml", "90 000 personnes travaillent", "95 000 personnes travaillent")
    spoil(folder / "people.yaml", "Saad Berrada est le directeur général", "Imad Kotbi est le directeur général")
    spoil(folder / "quotations.yaml", "speaker: imad-kotbi", "speaker: saad-berrada")
    with pytest.raises(KnowledgeError) as caught:
        Engine.open(folder)
    assert {p.entry for p in caught.value.problems} == {"morocco-staff", "berrada", "quote-kotbi"}


def test_a_folder_that_is_none_is_told(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeError, match=r"not a folder of knowledge"):
        load(tmp_path)


def test_each_quotation_is_credited_as_the_articles_credit_it(engine: Engine) -> None:
    proof = check.Proof(engine.knowledge, engine.analyst)
    credited = {s.words[:24]: s.speaker for speeches in proof.speeches.values() for s in speeches}
    assert credited == {
        "un travail équivalent à ": "nobody",
        "Si l’IA avait été présen": "youssef-el-aoufir",
        "Le rôle central de l’hum": "nobody",
        "Dans de tels scénarios, ": "redouane-mabchour",
        "Ce Club est avant tout u": "ghali-kettani",
        "l’IA permet d’aller plus": "saad-berrada",
        "Le client marocain est a": "saad-berrada",
        "chaque brief est une opp": "imad-kotbi",
        "Il est essentiel de valo": "jean-charles-damblin",
        "Le Club des lauréats, c’": "ghali-kettani",
        "Cette édition célèbre à ": "yann-dolleans",
    }


@pytest.mark.parametrize(
    ("entry", "quiz", "told"),
    [
        ("morocco-staff", "Qui emploie 90 000 personnes ?", "gives the answer away"),
        ("morocco-staff", "Combien de personnes en 2031 ?", "no evidence quote"),
        ("maghreb-staff", "Combien de personnes ?", "one figure and no other"),
        ("quote-kotbi", "Qui parle de briefs ?", "one figure and no other"),
    ],
)
def test_a_quiz_that_cannot_be_right_is_caught(engine: Engine, entry: str, quiz: str, told: str) -> None:
    wrong = replace(engine.knowledge.entries[entry], quiz={"fr": quiz})
    found = told_of(engine, wrong)
    assert any(f"{entry}: quiz.fr" in p and told in p for p in found), found


def test_a_source_is_summed_up_by_a_digest(engine: Engine) -> None:
    sources = {s.id: replace(s, digest="klarna") for s in engine.knowledge.sources.values()}
    found = [str(p) for p in check.prove(replace(engine.knowledge, sources=sources), engine.analyst)]
    assert found == [f'sources.yaml: {id}: digest: "klarna" is no digest' for id in sorted(sources)]
