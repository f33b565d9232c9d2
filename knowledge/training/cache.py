"""What was learned, kept beside the folder that it was learned from.

It is stored under a name that digests everything it depends on, so nothing stale can be loaded; a folder that cannot
be written is served all the same.
"""

import hashlib
import json
from collections import Counter
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np

from knowledge.arrays import read_arrays, write_arrays
from knowledge.encoder.encoder import Encoder
from knowledge.matching.models import Gate, Models, Net, Ranker
from knowledge.matching.profiles import Profile, Profiles
from knowledge.model import Label

PARTS = tuple(field.name for field in fields(Net))
TRAINING = (  # what a trained model depends on, beside the folder: files of this package
    "languages.py", "model.py", "words/*.py", "matching/*.py", "reading/follow_ups.py", "reading/judge.py",
    "arrays.py", "encoder/*.py",
    "training/*.py", "curating/load.py",
)  # fmt: skip
PROVING = ("**/*.py",)


@dataclass(frozen=True, slots=True)
class Trained:
    """All that training yields."""

    models: Models
    heard: dict[str, Counter[str]]  # how often each word stands in the questions of each language


class Cache:
    """The trained model of one folder of knowledge, and the word that its questions were proven with it."""

    def __init__(self, folder: Path, digest: str, encoder: Encoder | None = None) -> None:
        trained = _code(digest + (encoder.digest if encoder else ""), TRAINING)
        self.path = folder / ".cache" / f"model-{trained}.npz"
        self.mark = self.path.with_name(f"{self.path.stem}.{_code(digest, PROVING)}.proven")

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
        kept = read_arrays(self.path)
        if kept is None:
            return None
        told = json.loads(str(kept["told"]))
        seen = {name: Profile(n, Counter(c), Counter(w), set(y)) for name, (n, c, w, y) in told["profiles"].items()}
        ranker = Ranker(
            tuple(map(Label, told["labels"])),
            {f: i for i, f in enumerate(told["features"])},
            kept["rarity"],
            kept["weights"].astype(np.float32),
            kept["bias"],
            told["letters"],
        )
        nets = {name: Net(*(kept[f"{name}.{part}"].astype(np.float32) for part in PARTS)) for name in told["nets"]}
        gate, gate_of_both = Gate(nets["gate"]), Gate(nets["gate_of_both"])
        models = Models(ranker, Profiles.of(seen), gate, gate_of_both, nets.get("meaning"))
        return Trained(models, {language: Counter(counts) for language, counts in told["heard"].items()})

    def write(self, trained: Trained) -> None:
        """Store the model in place of older ones."""
        models = trained.models
        ranker = models.ranker
        nets = {"gate": models.gate.net, "gate_of_both": models.gate_of_both.net}
        nets |= {"meaning": models.meaning} if models.meaning else {}
        told = {
            "labels": ranker.labels,
            "features": list(ranker.index),
            "letters": ranker.letters,
            "nets": list(nets),
            "profiles": {n: (p.size, p.concepts, p.words, sorted(p.years)) for n, p in models.profiles.items()},
            "heard": trained.heard,
        }
        arrays = {f"{name}.{part}": getattr(net, part) for name, net in nets.items() for part in PARTS}
        arrays |= {"rarity": ranker.rarity, "weights": ranker.weights.astype(np.float16), "bias": ranker.bias}
        write_arrays(self.path, told=np.array(json.dumps(told)), **arrays)


def _code(digest: str, files: tuple[str, ...]) -> str:
    """A digest of a folder's contents and of the code that works on them: the `files` of this package."""
    found = hashlib.sha256(digest.encode())
    package = Path(__file__).parents[1]
    for path in sorted({path for pattern in files for path in package.glob(pattern)}):
        found.update(path.read_bytes())
    return found.hexdigest()[:16]
