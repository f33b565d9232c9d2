"""What was learned, kept beside the folder that it was learned from.

It is stored under a name that digests everything it depends on, so nothing stale can be loaded; a folder that cannot
be written is served all the same.
"""

import hashlib
import json
import logging
import os
import zipfile
import zlib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from knowledge.matching.models import Gate, Ranker
from knowledge.matching.profiles import Profile, Profiles
from knowledge.model import Label

log = logging.getLogger(__name__)
TRAINING = (  # what a trained model depends on, beside the folder: files of this package
    "languages.py", "model.py", "words/*.py", "matching/*.py", "reading/follow_ups.py", "reading/judge.py",
    "training/*.py", "curating/load.py",
)  # fmt: skip
PROVING = ("**/*.py",)


@dataclass(frozen=True, slots=True)
class Trained:
    """All that training yields."""

    ranker: Ranker
    gate: Gate
    profiles: Profiles
    heard: dict[str, Counter[str]]  # how often each word stands in the questions of each language


class Cache:
    """The trained model of one folder of knowledge, and the word that its questions were proven with it."""

    def __init__(self, folder: Path, digest: str) -> None:
        trained, proven = _code(digest, TRAINING), _code(digest, PROVING)
        self.path = folder / ".cache" / f"model-{trained}.npz"
        self.mark = self.path.with_name(f"model-{trained}.{proven}.proven")

    @property
    def proven(self) -> bool:
        """Whether every curated question came home with just this model and this code."""
        return self.mark.exists()

    def set_proven(self) -> None:
        """Remember that they did."""
        if self.path.exists():
            self.mark.touch()

    def read(self) -> Trained | None:
        """The trained model, or None if there is none that can be read."""
        try:
            with np.load(self.path, allow_pickle=False) as kept:
                names: list[str] = json.loads(str(kept["features"]))
                centre, scale, weights = kept["gate"]
                ranker = Ranker(
                    tuple(map(Label, json.loads(str(kept["labels"])))),
                    {f: i for i, f in enumerate(names)},
                    kept["rarity"],
                    kept["weights"].astype(np.float32),
                    kept["bias"],
                    bool(kept["letters"]),
                )
                seen = Profiles.of(
                    {
                        name: Profile(size, Counter(concepts), Counter(words), set(years))
                        for name, (size, concepts, words, years) in json.loads(str(kept["profiles"])).items()
                    }
                )
                heard = {language: Counter(counts) for language, counts in json.loads(str(kept["heard"])).items()}
                return Trained(ranker, Gate(centre, scale, weights, float(kept["gate_bias"])), seen, heard)
        except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile, zlib.error):
            return None

    def write(self, trained: Trained) -> None:
        """Store the model in place of older ones; a folder that cannot be written only costs time."""
        temporary = self.path.with_name(f"new-{os.getpid()}.npz")
        ranker, gate = trained.ranker, trained.gate
        seen = {name: (p.size, p.concepts, p.words, sorted(p.years)) for name, p in trained.profiles.items()}
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            np.savez_compressed(
                temporary,
                labels=np.array(json.dumps(ranker.labels)),
                features=np.array(json.dumps(list(ranker.index))),
                rarity=ranker.rarity,
                weights=ranker.weights.astype(np.float16),
                bias=ranker.bias,
                letters=np.array(ranker.letters),
                gate=np.array([gate.centre, gate.scale, gate.weights]),
                gate_bias=np.array(gate.bias),
                profiles=np.array(json.dumps(seen)),
                heard=np.array(json.dumps(trained.heard)),
            )
            temporary.replace(self.path)
            for old in self.path.parent.glob("model-*"):
                if not old.name.startswith(self.path.stem):
                    old.unlink(missing_ok=True)
        except OSError as error:
            log.warning("the trained model is not kept: %s", error)


def _code(digest: str, files: tuple[str, ...]) -> str:
    """A digest of a folder's contents and of the code that works on them: the `files` of this package."""
    found = hashlib.sha256(digest.encode())
    package = Path(__file__).parents[1]
    for path in sorted({path for pattern in files for path in package.glob(pattern)}):
        found.update(path.read_bytes())
    return found.hexdigest()[:16]
