"""The learner's shortcuts give what the long way gives, and what it stores is what it learned."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from knowledge.engine import Engine
from knowledge.model import Example
from knowledge.training.learn import RIDGE, fit_gate, fit_ranker
from knowledge.training.train import Cache
from tests.conftest import ROOT

ROWS = [["a", "b"], ["a", "c"], ["b", "c"], ["c", "d"], ["a", "d"], ["b", "d"]]
LABELS = ["x", "x", "y", "y", "x", "y"]
GROUPS = ["one", "two", "one", "two", "three", "three"]


def test_predictions_without_a_group_are_those_of_a_training_without_it() -> None:
    ranker, honest = fit_ranker(ROWS, LABELS, GROUPS)
    matrix = np.zeros((len(ROWS), len(ranker.index)))
    for r, row in enumerate(ROWS):
        at = [ranker.index[f] for f in row]
        matrix[r, at] = ranker.rarity[at] / np.linalg.norm(ranker.rarity[at])
    target = np.array([[label == name for name in ranker.labels] for label in LABELS], float)
    for group in set(GROUPS):
        kept = np.array([g != group for g in GROUPS])
        gram = matrix[kept] @ matrix[kept].T + RIDGE * np.eye(kept.sum())
        weights = matrix[kept].T @ np.linalg.solve(gram, target[kept] - ranker.bias)
        expected = matrix[~kept] @ weights + ranker.bias
        assert np.allclose(honest[~kept], expected, atol=1e-4)


def test_the_ranker_ranks_what_it_learned_and_explains_it() -> None:
    ranker, _ = fit_ranker(ROWS, LABELS, GROUPS)
    scores = dict(zip(ranker.labels, ranker.scores(["a", "b"]), strict=True))
    assert scores["x"] > scores["y"]
    column = ranker.labels.index("x")
    total = sum(weight for _, weight in ranker.support(["a", "b"], column)) + ranker.bias[column]
    assert total == pytest.approx(scores["x"], abs=1e-5)


def test_a_question_without_a_known_feature_gets_the_bias() -> None:
    ranker, _ = fit_ranker(ROWS, LABELS, GROUPS)
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


def models(folder: Path) -> list[str]:
    return sorted(p.name for p in (folder / ".cache").iterdir())


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
    path = next((folder / ".cache").glob("*.npz"))
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
