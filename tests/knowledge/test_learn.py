"""The learner's shortcuts give what the long way gives, and what it stores is what it learned."""

import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from scipy import sparse

from knowledge.arrays import Floats
from knowledge.curating.load import FAQ, SEEDS
from knowledge.engine import Engine
from knowledge.matching.profiles import Profile
from knowledge.model import Claim, Example, Label, Outcome
from knowledge.training.cache import Cache
from knowledge.training.nets import Recipe, fit_gate, fit_meaning, fit_nets, nearest
from knowledge.training.ridge import BLOCK, FOLDS, RIDGE, fit_ranker, folds, ridge
from tests.paths import ROOT

ROWS = [["a", "b"], ["a", "c"], ["b", "c"], ["c", "d"], ["a", "d"], ["b", "d"]]
LABELS = [Label(name) for name in "xxyyxy"]
GROUPS = ["one", "two", "one", "two", "three", "three"]
RANDOM = np.random.default_rng(1)


def closed(matrix: Floats, target: Floats, weigh: Floats) -> Floats:
    """The ridge regression by its formula."""
    gram = matrix.T @ (matrix * weigh[:, None]) + RIDGE * np.eye(matrix.shape[1])
    return np.linalg.solve(gram, matrix.T @ (target * weigh[:, None])).astype(np.float32)


def problem(rows: int, features: int, labels: int) -> tuple[Floats, Floats, Floats]:
    """A sparse matrix of rows of length 1, of frequent and rare features; targets; and how much each row counts."""
    often = 0.6 / np.arange(1, features + 1) ** 0.7
    matrix = np.where(RANDOM.random((rows, features)) < often, RANDOM.random((rows, features)) + 0.5, 0)
    matrix /= np.maximum(np.linalg.norm(matrix, axis=1), 1e-9)[:, None]
    target = np.eye(labels)[RANDOM.integers(0, labels, rows)] - 1 / labels
    weigh = np.where(RANDOM.random(rows) < 0.2, 4, 1)
    return matrix.astype(np.float32), target.astype(np.float32), weigh.astype(np.float32)


@pytest.mark.parametrize("labels", [1, 3, BLOCK, BLOCK + 5])
def test_the_weights_are_those_of_the_formula(labels: int) -> None:
    matrix, target, weigh = problem(400, 150, labels)
    start = np.zeros((150, labels), np.float32)
    found = ridge(sparse.csr_array(matrix), target, weigh, start, within=1e-4)
    assert np.abs(found - closed(matrix, target, weigh)).max() < 1e-3
    exact = matrix @ closed(matrix, target, weigh)
    assert np.abs(matrix @ ridge(sparse.csr_array(matrix), target, weigh, start) - exact).max() < 0.02
    again = ridge(sparse.csr_array(matrix), target, weigh, found)
    assert np.array_equal(again, found) or np.abs(again - found).max() < 1e-6  # nothing is left to do


def test_a_row_that_counts_nothing_is_as_good_as_absent() -> None:
    matrix, target, weigh = problem(300, 100, 4)
    out = np.arange(300) < 50
    start = np.zeros((100, 4), np.float32)
    without = ridge(sparse.csr_array(matrix), target, np.where(out, np.float32(0), weigh), start, within=1e-4)
    assert np.abs(without - closed(matrix[~out], target[~out], weigh[~out])).max() < 1e-3


def test_predictions_without_a_group_are_those_of_a_training_without_it() -> None:
    ranker, honest = fit_ranker(ROWS, LABELS, folds(GROUPS))
    matrix = np.zeros((len(ROWS), len(ranker.index)), np.float32)
    for r, row in enumerate(ROWS):
        at = [ranker.index[f] for f in row]
        matrix[r, at] = ranker.rarity[at] / np.linalg.norm(ranker.rarity[at])
    target = np.array([[label == name for name in ranker.labels] for label in LABELS], np.float32) - ranker.bias
    fold = folds(GROUPS)
    for number in range(fold.max() + 1):
        kept = fold != number
        weights = closed(matrix[kept], target[kept], np.ones(kept.sum(), np.float32))
        assert np.allclose(honest[~kept], matrix[~kept] @ weights + ranker.bias, atol=0.1)
        start = np.zeros_like(weights)
        exact = ridge(sparse.csr_array(matrix), target, kept.astype(np.float32), start, within=1e-5)
        assert np.allclose(exact, weights, atol=1e-3)


def test_no_group_is_in_two_folds_and_the_folds_are_even() -> None:
    groups = [f"writer {n}" for n in range(30) for _ in range(n + 1)]
    fold = folds(groups)
    assert all(len({f for f, g in zip(fold, groups, strict=True) if g == name}) == 1 for name in set(groups))
    sizes = np.bincount(fold)
    assert len(sizes) == FOLDS
    assert sizes.max() - sizes.min() <= 5
    assert set(folds(["one", "one"])) == {0}


def test_what_a_profile_takes_back_leaves_nothing(engine: Engine) -> None:
    first, second = (engine.analyst.analyse(q) for q in ("CA Intelcia 2023 ?", "who is Kotbi at Intelcia?"))
    profile, alone = Profile(), Profile()
    alone.add(first)
    for question in (first, second):
        profile.add(question)
    profile.add(second, -1)
    assert profile == alone


def test_serving_needs_no_scipy_and_no_terminal(engine: Engine) -> None:
    served = (
        "import sys; from knowledge.engine import Engine; Engine.open().ask('bonjour');"
        "sys.exit(any(name.split('.')[0] in ('scipy', 'sklearn', 'readline') for name in sys.modules))"
    )
    subprocess.run([sys.executable, "-c", served], cwd=ROOT, check=True)


def test_the_ranker_ranks_what_it_learned_and_explains_it() -> None:
    ranker, _ = fit_ranker(ROWS, LABELS, folds(GROUPS))
    scores = dict(zip(ranker.labels, ranker.scores(["a", "b"]), strict=True))
    assert scores["x"] > scores["y"]
    column = ranker.labels.index("x")
    total = sum(weight for _, weight in ranker.support(["a", "b"], column)) + ranker.bias[column]
    assert total == pytest.approx(scores["x"], abs=1e-5)


def test_a_question_without_a_known_feature_gets_the_bias() -> None:
    ranker, _ = fit_ranker(ROWS, LABELS, folds(GROUPS))
    assert np.array_equal(ranker.scores(["zzz"]), ranker.bias)


def test_the_gate_learns_the_side_of_a_signal() -> None:
    gate = fit_gate([[float(i), 1.0] for i in range(40)], [i > 20 for i in range(40)])
    assert gate.probability([40.0, 1.0]) > 0.9
    assert gate.probability([0.0, 1.0]) < 0.1


def test_what_is_stored_answers_as_what_was_trained(engine: Engine) -> None:
    again = Engine.open()
    for question in ("CA Intelcia 2023", "who is kotbi", "et en Algérie ?", "bonjour"):
        assert again.ask(question) == engine.ask(question)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "docs/example", tmp_path / "faq", ignore=shutil.ignore_patterns(".cache"))
    return tmp_path / "faq"


FEW = {  # writers of single questions, of conversations, of asides and of claims
    "training": ("hasty", "learners", "casablanca-turns", "few-words-turns", "asides-at-work"),
    "claims": ("blunt", "careful", "texting"),
}


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built-in knowledge with a few of its writers, so that it is learned in seconds."""
    faq = tmp_path_factory.mktemp("few") / "faq"
    shutil.copytree(FAQ, faq, ignore=shutil.ignore_patterns("model-*"))  # the vectors of its questions stay
    shutil.copytree(SEEDS, faq.parent / "seeds")
    for part, writers in FEW.items():
        for path in (faq / part).glob("*.jsonl"):
            if path.stem not in writers:
                path.unlink()
    return faq


def test_a_folder_of_few_writers_learns_all_that_the_whole_one_does(few: Path) -> None:
    engine = Engine.open(few, proven=False)  # with so few, not every curated question comes home
    models = engine.matcher.models
    assert models.meaning is not None
    assert models.turns is not None
    assert all(gate is not None for gates in (models.by_words, models.by_both) for gate in gates)
    first = engine.ask("Combien de personnes travaillent dans les centres d’appels au Maroc ?")
    assert first.entry == "morocco-staff"
    assert engine.ask("et en Tunisie ?", first.conversation).entry == "tunisia-staff"
    assert engine.ask("merci beaucoup !", first.conversation).outcome is Outcome.SMALLTALK
    assert engine.reader.judge.stance is not None
    assert engine.ask("Le Maroc emploie 70 000 personnes, c’est bien ça ?").claim is not Claim.CONFIRMED
    assert engine.ask("how do I boil an egg?").outcome is not Outcome.ANSWER


def test_a_folder_of_few_writers_is_served_as_it_was_learned(few: Path) -> None:
    engine, again = (Engine.open(few, proven=False) for _ in range(2))
    for question in ("CA Intelcia 2023", "Klarna a remplacé 7 000 personnes", "who is kotbi", "bonjour"):
        assert again.ask(question) == engine.ask(question)


def models(folder: Path) -> list[str]:
    return sorted(p.name for p in (folder / ".cache").glob("model-*"))


def test_a_changed_folder_is_trained_anew_and_the_old_model_goes(folder: Path) -> None:
    Engine.open(folder)
    before = models(folder)
    path = folder / "library.yaml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("En quelle année a ouvert", "En quel an a ouvert"), encoding="utf-8"
    )
    Engine.open(folder)
    assert len(models(folder)) == len(before) == 2
    assert models(folder) != before


def test_a_broken_model_is_trained_anew(folder: Path) -> None:
    engine = Engine.open(folder)
    path = next((folder / ".cache").glob("model-*.npz"))
    whole = path.read_bytes()
    for broken in (b"", b"no model", whole[: len(whole) // 2], whole[:3000] + bytes(500) + whole[3500:]):
        path.write_bytes(broken)
        assert Engine.open(folder).ask("combien de livres ?") == engine.ask("combien de livres ?")


def test_a_folder_that_cannot_be_written_is_served(folder: Path) -> None:
    (folder / ".cache").write_text("a file where the folder should be")
    assert Engine.open(folder).ask("combien de livres ?").entry == "collection"
    assert Cache(folder, "x").read() is None


def test_examples_carry_the_conversation_before_them(engine: Engine) -> None:
    leaning = [e for e in engine.knowledge.examples if e.before]
    assert leaning
    assert all(isinstance(e, Example) and len(e.before[0]) == 2 for e in leaning)


def test_without_training_questions_the_nearest_in_meaning_comes_first() -> None:
    asked = np.eye(6, dtype=np.float32)
    net = nearest(asked, asked, np.array([0, 0, 1, 1, 2, 2]), 3)
    logs = net.log_probabilities(asked)
    assert logs.shape == (6, 3)
    assert np.allclose(np.exp(logs).sum(1), 1, atol=1e-5)
    assert list(logs.argmax(1)) == [0, 0, 1, 1, 2, 2]


def test_a_net_learns_what_no_straight_line_parts_and_its_members_are_one_net() -> None:
    inputs = RANDOM.standard_normal((2000, 2)).astype(np.float32)
    inside = ((inputs**2).sum(1) < 1.2).astype(np.intp)
    recipe = Recipe(units=16, epochs=30, batch=64, rate=1e-2)
    one, many = (fit_nets(inputs[:1500], inside[:1500], 2, recipe, members) for members in (1, 3))
    for net in (one, many):
        assert (net.log_probabilities(inputs[1500:]).argmax(1) == inside[1500:]).mean() > 0.93
    assert many.inner.shape == (2, 48)
    assert np.array_equal(one.inner, many.inner[:, :16])


def test_the_reader_of_meanings_says_nothing_of_a_fold_that_it_has_seen() -> None:
    vectors = RANDOM.standard_normal((200, 8)).astype(np.float32)  # says nothing of the labels
    labels = [Label("xy"[i % 2]) for i in RANDOM.integers(0, 2, 200)]
    fold = np.arange(200) % 2
    _, honest = fit_meaning(vectors, labels, (Label("x"), Label("y")), fold, np.ones(200, np.float32))
    right = honest.argmax(1) == np.array([label == "y" for label in labels])
    assert 0.3 < right.mean() < 0.7


def test_the_parts_of_the_odds_are_what_each_signal_adds() -> None:
    signals = RANDOM.standard_normal((500, 3)).astype(np.float32)
    gate = fit_gate([list(row) for row in signals], [bool(row[0] > 0) for row in signals])
    first, second, third = (abs(part) for part in gate.parts([1.5, 1.5, 1.5]))
    assert first > 3 * max(second, third)
