"""Claims held against the passages: what differs, what gets a yes, what a no."""

import pytest

from bench.questions import read
from bench.score import claims
from knowledge.claims.differences import Part
from knowledge.engine import Engine
from knowledge.matching.matcher import Matcher
from knowledge.model import Claim, Outcome
from knowledge.reading.judge import Judge
from knowledge.words.text import folded


def parts(engine: Engine, text: str, entry: str) -> list[tuple[Part, str]]:
    found = engine.reader.judge.differences.of(text, engine.analyst.analyse(text), entry)
    return [(difference.part, difference.said) for difference in found]


@pytest.mark.parametrize(
    ("text", "entry", "wanted"),
    [
        ("Intelcia made 734 million euros in 2023", "intelcia-revenue", []),
        ("Intelcia made 734M€ in '23", "intelcia-revenue", []),
        ("Intelcia made 734 million dollars", "intelcia-revenue", [(Part.CURRENCY, "$")]),
        ("Intelcia a fait 437 millions d'euros", "intelcia-revenue", [(Part.NUMBER, "437 millions")]),
        ("Intelcia made 734 million euros in 2021", "intelcia-revenue", [(Part.YEAR, "2021")]),
        ("20 000 en Tunisie", "tunisia-staff", [(Part.BOUND, "20 000")]),
        ("on dépasse les vingt mille en Tunisie", "tunisia-staff", []),
        ("moins de 20k en Tunisie", "tunisia-staff", [(Part.BOUND, "20k")]),
        ("10 000 nouveaux postes par mois", "jobs-a-year", [(Part.SPAN, "month")]),
        ("un tiers du marché français", "french-market-share", [(Part.NUMBER, "tiers")]),
        ("50 % du marché français", "french-market-share", []),
        ("la première édition du Club, à Casablanca", "club-meeting", [(Part.ORDINAL, "première")]),
        ("le club s'est réuni à Rabat", "club-meeting", [(Part.NAME, "Rabat")]),
        ("Klarna built it with Google", "klarna-openai", [(Part.NAME, "Google")]),
        ("« chaque brief est une corvée »", "quote-kotbi", [(Part.QUOTE, "chaque brief est une corvée")]),
        ("« chaque brief est une opportunité d’apprendre »", "quote-kotbi", []),
    ],
)  # fmt: skip
def test_what_differs_is_found(engine: Engine, text: str, entry: str, wanted: list[tuple[Part, str]]) -> None:
    assert parts(engine, text, entry) == wanted


@pytest.mark.parametrize(
    ("text", "claim", "lead"),
    [
        ("Altice bought Intelcia in 2016, right?", Claim.CONFIRMED, "That is what the article says."),
        ("20 000 employés en Tunisie, c'est ça ?", Claim.INEXACT, "Plus exactement : plus de 20 000."),
        ("Intelcia made 734 million dollars?", Claim.CONTRADICTED, "No, the article says: 734 million euros."),
        ("Intelcia made 734 million euros in 2021?", Claim.CONTRADICTED, "No, the article says: 2023."),
        ("Morocco lost 10,000 jobs a year?", Claim.CONTRADICTED, "That is not what the article says."),
        ("24 entreprises ont perdu le prix ?", Claim.CONTRADICTED, "Ce n’est pas ce que dit l’article."),
        ("Klarna a remplacé 700 personnes ?", Claim.CONTRADICTED, "Ce n’est pas ce que dit l’article."),
        ("Combien de personnes Intelcia emploie-t-elle ?", Claim.NONE, ""),
    ],
)  # fmt: skip
def test_a_claim_gets_its_verdict_first(engine: Engine, text: str, claim: Claim, lead: str) -> None:
    reply = engine.ask(text)
    assert (reply.claim, reply.lead.replace("\u202f", " ").replace("\u00a0", " ")) == (claim, lead)
    assert reply.citations
    assert (reply.outcome is Outcome.ANSWER) == (claim is not Claim.CONTRADICTED)


def test_strangers_claims_are_never_confirmed_when_false_and_mostly_when_true(engine: Engine) -> None:
    counts = claims(engine)
    true, false = counts["true"], counts["false"]
    assert false["confirmed"] == 0
    assert false["contradicted"] / false.total() >= 0.65
    assert true["confirmed"] / true.total() >= 0.6
    assert true["contradicted"] / true.total() <= 0.025


def test_what_follows_a_denied_claim_leans_on_what_was_shown(engine: Engine) -> None:
    denied = engine.ask("Intelcia made 734 million dollars in 2023?")
    source = engine.ask("source?", denied.conversation, now=1.0)
    assert [part.entry for part in source.parts] == ["intelcia-revenue"]


def test_by_words_alone_no_verdict_is_given(engine: Engine) -> None:
    matcher = Matcher(engine.knowledge.entries, engine.matcher.models, engine.analyst.vocabulary)
    judge = Judge(engine.knowledge, engine.analyst, matcher, stance=engine.reader.judge.stance)
    by_words = Engine(engine.knowledge, judge)
    assert by_words.ask("Morocco lost 10,000 jobs a year?").claim is Claim.NONE


def test_no_tested_claim_is_learned(engine: Engine) -> None:
    learned = {folded(claim.text) for claim in engine.knowledge.claims}
    assert not learned & {folded(row["q"]) for row in read("verdicts")}
