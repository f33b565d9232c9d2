"""What was learned, kept beside the folder that it was learned from.

It is stored under a name that digests everything it depends on, so nothing stale can be loaded; a folder that cannot
be written is served all the same.
"""

import hashlib
import json
from collections import Counter
from dataclasses import dataclass, field, fields
from pathlib import Path

import numpy as np

from knowledge.arrays import Floats, read_arrays, write_arrays
from knowledge.claims.stance import Stance
from knowledge.encoder.encoder import Encoder
from knowledge.matching.models import Gate, Gates, Models, Net, Ranker
from knowledge.matching.profiles import Profile, Profiles
from knowledge.model import Label

PARTS = tuple(field.name for field in fields(Net))
TRAINING = (  # what a trained model depends on, beside the folder: files of this package
    "languages.py", "model.py", "words/*.py", "words/*.yaml", "matching/*.py", "claims/*.py",
    "reading/follow_ups.py", "reading/judge.py", "reading/model.py", "arrays.py", "encoder/*.py",
    "training/*.py", "curating/load.py",
)  # fmt: skip
PROVING = ("**/*.py",)
GATES = ("by_words", "by_both")  # of Models


@dataclass(frozen=True, slots=True)
class Trained:
    """All that training yields."""

    models: Models
    heard: dict[str, Counter[str]]  # how often each word stands in the questions of each language
    stance: Stance | None = None  # of a folder with claims, where there is an encoder
    reasons: dict[str, Floats] = field(default_factory=dict)  # of each gap, the vector of what its label says


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
        rankers = {
            name: Ranker(
                tuple(map(Label, labels)),
                {f: i for i, f in enumerate(features)},
                kept[f"{name}.rarity"],
                kept[f"{name}.weights"].astype(np.float32),
                kept[f"{name}.bias"],
                letters,
            )
            for name, (labels, features, letters) in told["rankers"].items()
        }
        counts = {
            which: Profiles.of(
                {name: Profile(n, Counter(c), Counter(w), set(y)) for name, (n, c, w, y) in seen.items()}
            )
            for which, seen in told["profiles"].items()
        }
        nets = {name: Net(*(kept[f"{name}.{part}"].astype(np.float32) for part in PARTS)) for name in told["nets"]}
        by_words, by_both = (
            Gates(**{name: Gate(nets[f"{which}.{name}"]) for name in Gates._fields if f"{which}.{name}" in nets})
            for which in GATES
        )
        models = Models(
            rankers["ranker"], counts["questions"], by_words, by_both, nets.get("meaning"), nets.get("turns")
        )
        stance = None
        if "claims" in rankers:
            statements = zip(map(tuple, told["told"]), kept["told_vectors"].astype(np.float32), strict=True)
            by_meaning, gate_of_claims = nets["claims_meaning"], nets["claims_gate"]
            stance = Stance(rankers["claims"], by_meaning, gate_of_claims, counts["claims"], dict(statements))
        reasons = dict(zip(told["reasons"], kept["reasons"].astype(np.float32), strict=True)) if told["reasons"] else {}
        return Trained(models, {language: Counter(words) for language, words in told["heard"].items()}, stance, reasons)

    def write(self, trained: Trained) -> None:
        """Store the model in place of older ones."""
        models, stance = trained.models, trained.stance
        rankers, profiles = {"ranker": models.ranker}, {"questions": models.profiles}
        nets = {
            f"{which}.{name}": gate.net
            for which in GATES
            for name, gate in getattr(models, which)._asdict().items()
            if gate
        }
        nets |= {name: net for name in ("meaning", "turns") if (net := getattr(models, name))}
        if stance:
            rankers["claims"], profiles["claims"] = stance.words, stance.heard
            nets |= {"claims_meaning": stance.meaning, "claims_gate": stance.gate}
        told = {
            "rankers": {name: (ranker.labels, list(ranker.index), ranker.letters) for name, ranker in rankers.items()},
            "nets": list(nets),
            "profiles": {
                which: {n: (p.size, p.concepts, p.words, sorted(p.years)) for n, p in seen.items()}
                for which, seen in profiles.items()
            },
            "heard": trained.heard,
            "told": list(stance.told) if stance else [],
            "reasons": list(trained.reasons),
        }
        arrays = {f"{name}.{part}": getattr(net, part) for name, net in nets.items() for part in PARTS}
        for name, ranker in rankers.items():
            arrays |= {f"{name}.rarity": ranker.rarity, f"{name}.bias": ranker.bias}
            arrays[f"{name}.weights"] = ranker.weights.astype(np.float16)
        if stance:
            arrays["told_vectors"] = np.array(list(stance.told.values()), np.float16)
        if trained.reasons:
            arrays["reasons"] = np.array(list(trained.reasons.values()), np.float16)
        write_arrays(self.path, told=np.array(json.dumps(told)), **arrays)


def _code(digest: str, files: tuple[str, ...]) -> str:
    """A digest of a folder's contents and of the code that works on them: the `files` of this package."""
    found = hashlib.sha256(digest.encode())
    package = Path(__file__).parents[1]
    for path in sorted({path for pattern in files for path in package.glob(pattern)}):
        found.update(path.read_bytes())
    return found.hexdigest()[:16]
