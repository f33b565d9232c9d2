"""Charts show what the entries prove: the proof bites, the words say what is drawn."""

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.curating import prove as check
from knowledge.curating.load import load
from knowledge.engine import Engine
from knowledge.errors import KnowledgeError
from knowledge.languages import LANGUAGES
from knowledge.model import Bar, Chart, Knowledge, Languages
from knowledge.telling.charts import MAX_CAPTION, candidates, caption, figure, printed, sources
from knowledge.words.figures import Figure, numbers_in
from tests.knowledge.spoilt import spoil
from tests.paths import ROOT


@pytest.fixture(scope="module")
def knowledge(engine: Engine) -> Knowledge:
    return engine.knowledge


@pytest.fixture(scope="module")
def proof(engine: Engine) -> check.Proof:
    return check.Proof(engine.knowledge, engine.analyst)


def in_both(chart: Chart) -> Iterator[tuple[Chart, str]]:
    for language in LANGUAGES:
        yield chart, language


def with_bar(chart: Chart, number: int, bar: Bar) -> Chart:
    return replace(chart, bars=(*chart.bars[:number], bar, *chart.bars[number + 1 :]))


# What is shown


def test_the_figures_are_those_of_the_articles(knowledge: Knowledge) -> None:
    shown = {
        (chart.id, bar.entry): [printed(figure(knowledge, chart, bar, lang), lang) for lang in LANGUAGES]
        for chart in knowledge.charts.values()
        for bar in chart.bars
    }
    assert shown == {
        ("staff", "morocco-staff"): ["90\u202f000", "90,000"],
        ("staff", "tunisia-staff"): ["plus de 20\u202f000", "more than 20,000"],
        ("staff", "concentrix-staff"): ["13\u202f000", "13,000"],
        ("staff", "intelcia-staff"): ["plus de 10\u202f000", "more than 10,000"],
        ("money-2023", "concentrix-revenue"): ["7,1 milliards", "7.1 billion"],
        ("money-2023", "export-revenue"): ["1,6 milliard", "1.6 billion"],
        ("money-2023", "intelcia-revenue"): ["734 millions", "734 million"],
        ("klarna", "klarna-700"): ["700", "700"],
    }


def test_a_caption_says_in_words_all_that_the_picture_shows(knowledge: Knowledge) -> None:
    assert caption(knowledge, knowledge.charts["staff"], "fr") == (
        "Centres d’appels du Maghreb\u00a0: qui emploie combien\n"
        "Personnes employées\n\n"
        "Maroc\u00a0: 90\u202f000 (dans les centres d’appels du pays)\n"
        "Tunisie\u00a0: plus de 20\u202f000 (dans les centres d’appels du pays)\n"
        "Concentrix + Webhelp\u00a0: 13\u202f000 (dans la région du Maghreb)\n"
        "Intelcia\u00a0: plus de 10\u202f000 (au Maroc et en Tunisie réunis)\n\n"
        "À ne pas additionner\u00a0: l’article ne dit pas si le personnel des entreprises est compté dans celui des "
        "pays.\n\n"
        "Article sur les centres d’appels du Maghreb (copie sans titre ni date), §1, §3, §6"
    )


def test_captions_hold_no_figure_that_their_passages_lack(knowledge: Knowledge) -> None:
    for chart in knowledge.charts.values():
        passages = [p.quote for bar in chart.bars for p in knowledge.entries[bar.entry].evidence]
        proven = {f.meaning for f in numbers_in("\n".join(passages))}
        for _, language in in_both(chart):
            text = caption(knowledge, chart, language)
            cited = sources(knowledge, chart, language)
            assert len(text.encode("utf-16-le")) // 2 <= MAX_CAPTION
            assert text.endswith("\n\n".join(cited))
            assert {f.meaning for f in numbers_in(text.removesuffix("\n\n".join(cited)))} <= proven
            for bar in chart.bars:
                value = printed(figure(knowledge, chart, bar, language), language)
                assert re.search(rf"^{re.escape(bar.label[language])}\s?: {re.escape(value)}( \(|$)", text, re.M)


def test_the_paragraphs_of_a_source_stand_in_its_order(knowledge: Knowledge) -> None:
    (line,) = sources(knowledge, knowledge.charts["money-2023"], "en")  # whose first bar is of §6
    assert line == "Article on the call centres of the Maghreb (copy without title or date), §2, §3, §6"


@given(
    st.integers(1, 10**12).map(Decimal) | st.integers(1, 10**5 - 1).map(lambda cents: Decimal(cents) / 100),
    st.sampled_from(["", "%"]),
    st.sampled_from(["", ">", "<", "~"]),
    st.sampled_from(LANGUAGES),
)
def test_what_is_printed_reads_as_what_was_meant(value: Decimal, unit: str, bound: str, language: str) -> None:
    text = printed(Figure(value, unit, bound, 0, 0), language)
    assert [f.meaning for f in numbers_in(text)] == [(value, unit, bound)]


# What the proof catches


def corruptions(chart: Chart, knowledge: Knowledge) -> Iterator[tuple[str, Chart]]:
    for number, bar in enumerate(chart.bars):
        meant = figure(knowledge, chart, bar, "fr").meaning
        for entry in knowledge.entries.values():
            if {f.meaning for f in candidates(chart, bar, entry.answer, "fr")} != {meant}:  # else it says the same
                yield f"{bar.entry} -> {entry.id}", with_bar(chart, number, replace(bar, entry=entry.id))
        yield f"{bar.entry} -> nothing", with_bar(chart, number, replace(bar, entry="nobody-knows"))
        for other in chart.bars:
            if other != bar:
                yield f"{bar.entry} labelled as {other.entry}", with_bar(chart, number, replace(bar, label=other.label))
        for what, texts in wrong_texts(bar.label):
            yield f"{bar.entry}: label: {what}", with_bar(chart, number, replace(bar, label=texts))
        for what, texts in wrong_texts(bar.note):
            yield f"{bar.entry}: note: {what}", with_bar(chart, number, replace(bar, note=texts))
    for what, texts in wrong_texts(chart.title):
        yield f"title: {what}", replace(chart, title=texts)
    for what, texts in wrong_texts(chart.unit):
        yield f"unit: {what}", replace(chart, unit=texts)
    for what, texts in wrong_texts(chart.note):
        yield f"note: {what}", replace(chart, note=texts)
    yield "counts what no answer gives", replace(chart, counted={"fr": ("heures",), "en": ("hours",)})
    yield "counts nothing in English", replace(chart, counted={**chart.counted, "en": ("hours",)})
    yield "an entry twice", replace(chart, bars=(*chart.bars, chart.bars[0]))
    form = {"bars": "crowd", "crowd": "bars"}[chart.form]
    if form == "crowd":
        yield "drawn as a crowd", replace(chart, form=form)
    yield "too long", replace(chart, note=dict.fromkeys(LANGUAGES, "Une phrase sans fin. " * 60))


def wrong_texts(texts: Languages) -> Iterator[tuple[str, Languages]]:
    """`texts` with something that no entry of this chart bears out, in one language or in both."""
    for language in LANGUAGES:
        for more in ("55 555", "2019", "« une invention »", "“an invention”", "Orange", "Algérie", "Casablanca"):
            yield f"{more} in {language}", {**texts, language: f"{texts[language]} {more}"}
        for digit in re.finditer(r"\d", texts[language]):
            other = str((int(digit[0]) + 1) % 10)
            changed = texts[language][: digit.start()] + other + texts[language][digit.end() :]
            yield f"{changed!r}", {**texts, language: changed}
    yield "55 555 in both", {lang: f"{text} 55 555" for lang, text in texts.items()}
    yield "dollars in both", {lang: f"{text} dollars" for lang, text in texts.items()}


@pytest.mark.usefixtures("read_once")
def test_every_corruption_of_a_chart_is_caught_and_names_the_chart(knowledge: Knowledge, proof: check.Proof) -> None:
    tried, missed = 0, []
    for chart in knowledge.charts.values():
        assert proof.of_chart(chart) == []
        for what, wrong in corruptions(chart, knowledge):
            tried += 1
            if not any((p.file, p.entry) == ("charts.yaml", chart.id) for p in proof.of_chart(wrong)):
                missed.append((chart.id, what))
    print(f"{tried} corruptions of {len(knowledge.charts)} charts, {len(missed)} missed")
    assert tried > 1000
    assert missed == []


def test_a_figure_changed_in_its_entry_is_told_once_and_of_the_entry(knowledge: Knowledge, proof: check.Proof) -> None:
    entry = knowledge.entries["morocco-staff"]
    wrong = replace(entry, answer={**entry.answer, "fr": entry.answer["fr"].replace("90", "95")})
    changed = replace(knowledge, entries={**knowledge.entries, entry.id: wrong})
    problems = check.prove(changed, proof.analyst)
    assert {p.entry for p in problems if p.file in ("figures.yaml", "charts.yaml")} == {"morocco-staff"}


def test_an_answer_with_two_figures_of_what_is_counted_proves_no_bar(knowledge: Knowledge, proof: check.Proof) -> None:
    entry = knowledge.entries["concentrix-staff"]
    both = {"fr": f"{entry.answer['fr']} Ou 14 000 personnes.", "en": f"{entry.answer['en']} Or 14,000 people."}
    changed = replace(knowledge, entries={**knowledge.entries, entry.id: replace(entry, answer=both)})
    problems = check.Proof(changed, proof.analyst).of_chart(knowledge.charts["staff"])
    assert any("one figure of personnes, collaborateurs is needed" in p.message for p in problems)


def test_what_says_about_is_not_drawn_as_if_it_were_exact(knowledge: Knowledge, proof: check.Proof) -> None:
    label = {"fr": "Le Maghreb", "en": "The Maghreb"}
    nouns = {"fr": ("entreprises",), "en": ("companies",)}
    bar = Bar("companies-dominating", label, dict.fromkeys(LANGUAGES, ""))
    text = {"fr": "Entreprises", "en": "Companies"}
    chart = Chart("companies", "bars", text, text, text, nouns, (bar,), dict.fromkeys(LANGUAGES, ""))
    (problem,) = proof.of_chart(chart)
    assert "30 cannot be drawn" in problem.message


# The files of a folder


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("- id: staff", "- id: Staff.1", "must be of a-z"),
        ("- id: money-2023", "- id: staff", "is a chart already"),
        ("- id: staff\n  form: bars", "- id: staff\n  form: pie", '"pie" is none of bars, crowd'),
        ("  form: bars\n", "", "staff: form: is missing"),
        ("  title:\n    fr:", "  title:\n    de:", "staff: title.fr: is missing"),
        ("  note:\n    fr: \"À ne", "  note:\n    de: \"À ne", "staff: note.fr: is missing"),
        ('        en: "Morocco"', '        de: "Morocco"', "staff: bars 1: label.en: is missing"),
        ('        fr: "Maroc"', '        fr:\n          - "Maroc"', "staff: bars 1: label.fr: is missing"),
        ("    fr:\n      - \"personnes\"\n      - \"collaborateurs\"", "    fr: \"personnes\"", "staff: counted.fr"),
        ("    - entry: morocco-staff", "    - value: 90", "staff: bars 1: needs an entry and a label"),
        ("      note:", "      value: 90 000\n      note:", 'bars 1: "value" is no field of a bar'),
        ("  unit:", "  colour: red\n  unit:", "staff: colour: is no field of a chart"),
        ("- id: staff", "- just words\n- id: staff", "charts.yaml"),
        ("- id: staff", "- [", "charts.yaml: cannot be read"),
        ("- id: staff", "x: 1\n- id: staff", "charts.yaml"),
    ],
)  # fmt: skip
def test_a_malformed_chart_is_told_by_name(folder: Path, old: str, new: str, told: str) -> None:
    spoil(folder / "charts.yaml", old, new)
    with pytest.raises(KnowledgeError) as caught:
        load(folder)
    assert told in str(caught.value)
    assert {p.file for p in caught.value.problems} == {"charts.yaml"}


def test_charts_are_no_reason_to_train_anew(folder: Path) -> None:
    before = load(folder)
    spoil(folder / "charts.yaml", "qui emploie combien", "les effectifs")
    after = load(folder)
    assert before.charts != after.charts
    assert before.digest == after.digest
    (folder / "charts.yaml").unlink()
    assert load(folder).charts == {}
    assert load(folder).digest == before.digest


def test_a_folder_of_other_knowledge_has_no_charts() -> None:
    assert load(ROOT / "docs/example").charts == {}
