"""YAML and text files -> Knowledge. The only module that reads YAML.

Every scalar is read as text, so that `no`, `on` or 2023 in a list of patterns stay what the curator typed. What is
malformed becomes a Problem, not an exception: a curator sees all of them at once.
"""

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import yaml

from knowledge.curating.fields import CHART, ENTRY, Field, both, make, problems_of
from knowledge.errors import KnowledgeError, Problem
from knowledge.languages import LANGUAGES
from knowledge.model import Chart, ClaimExample, Concept, Entry, Example, Knowledge, Label, Source, Talk

Shape = TypeVar("Shape", list[Any], dict[str, Any])
FAQ = Path(__file__).parents[1] / "faq"
SEEDS = Path(__file__).parents[2] / "seeds"
_NOT_ENTRIES = ("sources.yaml", "phrases.yaml", "talk.yaml", "charts.yaml")
_UNLEARNED = {"charts.yaml", "phrases.yaml"}  # nothing to train on: the trained model stays when they change


def load(faq: Path = FAQ, seeds: Path | None = None) -> Knowledge:
    """Read the knowledge in `faq` and the articles in `seeds` (default: the folder "seeds" beside `faq`).

    For the built-in folder that is the project's own `seeds/`. Phrases, small talk and question words that `faq`
    lacks are taken from the built-in folder. Raises KnowledgeError with everything that is malformed.
    """
    faq = faq.resolve()
    own = faq == FAQ.resolve()
    beside = faq / "seeds" if (faq / "seeds").is_dir() else faq.parent / "seeds"
    reader = _Reader(faq)
    if not (faq / "sources.yaml").is_file():
        raise KnowledgeError([Problem("sources.yaml", "", "", f"not found in {faq}: not a folder of knowledge")])
    sources, waived = reader.sources(seeds or (SEEDS if own else beside))
    entries = reader.entries()
    home = reader if own else _Reader(FAQ)
    concepts = reader.concepts()
    known = {c.id for c in concepts}
    if not own:  # how people ask is the same everywhere; what they ask about is not
        concepts += [c for c in home.concepts() if c.kind in ("asks", "language") and c.id not in known]
    shorthand = home.shorthand()
    talks = own or (faq / "talk.yaml").is_file()
    talk = (reader if talks else home).talk()
    phrases = home.phrases()
    if not own:
        phrases["covers"] = {lang: " ; ".join(s.label[lang] for s in sources.values()) for lang in LANGUAGES}
        phrases |= reader.phrases() if (faq / "phrases.yaml").is_file() else {}
    for id, item in talk.items():
        if talks:
            reader.refers("talk.yaml", item, {*entries, *reader.broken}, talk)
        else:  # the built-in small talk offers what only the built-in folder tells
            talk[id] = replace(item, offers=tuple(offer for offer in item.offers if offer in entries))
    examples = reader.examples({*map(Label, (*entries, *reader.broken)), *(t.label for t in talk.values())})
    claims = reader.claims(entries)
    charts = reader.charts()
    digest = reader.digest() + ("" if own else home.digest())
    if problems := reader.problems + ([] if own else home.problems):
        raise KnowledgeError(sorted(problems))
    taught = (waived, charts, examples, claims)
    return Knowledge(faq, sources, entries, concepts, shorthand, talk, phrases, *taught, digest)


class _Reader:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.problems: list[Problem] = []
        self.broken: set[str] = set()  # entries that are there and wrong: who names them is not told so too
        self._languages: tuple[str, ...] = LANGUAGES
        self._read: dict[str, bytes] = {}

    def _bytes(self, path: Path) -> bytes:
        name = path.relative_to(self.folder).as_posix()  # so that a folder may move and keep its trained model
        self._read[name] = path.read_bytes()
        return self._read[name]

    def digest(self) -> str:
        digest = hashlib.sha256()
        for name in sorted(self._read.keys() - _UNLEARNED):
            digest.update(name.encode() + b"\0" + self._read[name] + b"\0")
        return digest.hexdigest()

    def sources(self, seeds: Path) -> tuple[dict[str, Source], dict[str, str]]:
        found: dict[str, Source] = {}
        waived: dict[str, str] = {}
        for item in self._items(self.folder / "sources.yaml"):
            with self._malformed("sources.yaml", item):
                name = f"{item.get('id', '?')}"
                if not self._has("sources.yaml", name, item, ("id", "file", "sha256", "label", "about")):
                    continue
                path = seeds / Path(item["file"]).name
                try:
                    data = path.read_bytes()
                    text = data.decode("utf-8")
                except (OSError, UnicodeDecodeError) as error:
                    self._problem("sources.yaml", name, "file", f"cannot be read: {error}")
                    continue
                if hashlib.sha256(data).hexdigest() != item["sha256"]:
                    self._problem("sources.yaml", name, "sha256", f"{path.name} is not the article that was checked in")
                label, about = both(item["label"]), both(item["about"])
                found[name] = Source(name, path.name, label, about, text, item["sha256"], item.get("digest", ""))
                for waiver in item.get("waived", []):
                    waived[waiver["text"]] = waiver["reason"]
        return found, waived

    def entries(self) -> dict[str, Entry]:
        found: dict[str, Entry] = {}
        files = [path for path in sorted(self.folder.glob("*.yaml")) if path.name not in _NOT_ENTRIES]
        items = {path: self._items(path) for path in files}
        self._languages = _spoken(item for path in files for item in items[path])
        for path in files:
            for item in items[path]:
                entry = None
                with self._malformed(path.name, item):
                    entry = self._entry(path.name, item)
                    if entry and entry.id in found:
                        self._problem(path.name, entry.id, "id", f"is also in {found[entry.id].file}")
                    elif entry:
                        found[entry.id] = entry
                if entry is None:
                    self.broken.add(_name(item))
        return found

    def _entry(self, file: str, item: Any) -> Entry | None:
        proof, other = ("entries", "evidence") if item.get("kind") == "digest" else ("evidence", "entries")
        if self._wrong(file, item, ENTRY, "an entry"):
            return None
        if not item.get(proof):
            self._problem(file, item["id"], proof, "is missing")
        elif item.get(other):
            message = "a digest has entries and no evidence; any other entry has evidence"
            self._problem(file, item["id"], proof, message)
        else:
            return make(Entry, item, ENTRY, file=file)
        return None

    def concepts(self) -> list[Concept]:
        found: dict[str, Concept] = {}
        for path in sorted((self.folder / "lexicon").glob("*.yaml")):
            if path.name == "shorthand.yaml":
                continue
            for item in self._items(path):
                file = f"lexicon/{path.name}"
                with self._malformed(file, item):
                    name = str(item.get("id", "?"))
                    if not self._has(file, name, item, ("id", "kind")):
                        continue
                    if name in found:
                        self._problem(file, name, "id", "is a concept already")
                    patterns = {lang: tuple(item.get(lang, ())) for lang in LANGUAGES}
                    label, person, says = item.get("label", {}), item.get("name"), item.get("says", "")
                    quiet = item.get("quiet") == "true"
                    found[name] = Concept(name, item["kind"], patterns, label, person, says, quiet)
        return list(found.values())

    def shorthand(self) -> dict[str, dict[str, str]]:
        path = self.folder / "lexicon" / "shorthand.yaml"
        found: dict[str, dict[str, str]] = {}
        for language, table in self._mapping(path).items() if path.is_file() else ():
            if isinstance(table, dict) and all(isinstance(text, str) for text in table.values()):
                found[language] = dict(table)
            else:
                self._problem(path.name, language, "", "needs a word for each shorthand")
        return found

    def talk(self) -> dict[str, Talk]:
        found = {}
        for item in self._items(self.folder / "talk.yaml"):
            with self._malformed("talk.yaml", item):
                if self._has("talk.yaml", str(item.get("id", "?")), item, ("id", "kind", "questions")):
                    questions = {lang: tuple(item["questions"][lang]) for lang in LANGUAGES}
                    told = dict(item.get("reply", {})), tuple(item.get("offers", ())), item.get("otherwise", "")
                    found[item["id"]] = Talk(item["id"], item["kind"], questions, *told)
        return found

    def refers(self, file: str, item: Talk, entries: Collection[str], talk: Collection[str]) -> None:
        """Report what a line of small talk names that is not there."""
        for id in item.offers:
            if id not in entries:
                self._problem(file, item.id, "offers", f'"{id}" is no entry')
        if item.otherwise and item.otherwise not in talk:
            self._problem(file, item.id, "otherwise", f'"{item.otherwise}" is no small talk')

    def phrases(self) -> dict[str, dict[str, str]]:
        found = {}
        for name, texts in self._mapping(self.folder / "phrases.yaml").items():
            for language in LANGUAGES:
                if not isinstance(texts, dict) or not texts.get(language):
                    self._problem("phrases.yaml", str(name), language, "is missing")
            found[name] = both(texts)
        return found

    def charts(self) -> dict[str, Chart]:
        path = self.folder / "charts.yaml"
        found: dict[str, Chart] = {}
        for item in self._items(path) if path.is_file() else ():
            with self._malformed(path.name, item):
                if not self._wrong(path.name, item, CHART, "a chart"):
                    if item["id"] in found:
                        self._problem(path.name, item["id"], "id", "is a chart already")
                    found[item["id"]] = make(Chart, item, CHART)
        return found

    def examples(self, labels: set[Label]) -> list[Example]:
        found: list[Example] = []
        for file, group, number, line in self._lines("training"):
            try:
                read = list(_examples(json.loads(line), group))
            except (ValueError, KeyError, TypeError) as error:
                self._problem(file, number, "", f"is no example: {error!r}")
                continue
            for label in sorted({label for e in read for label in e.labels if not label.silent} - labels):
                self._problem(file, number, "label", f'"{label}" is no entry')
            found += read
        return found

    def claims(self, entries: Mapping[str, Entry]) -> list[ClaimExample]:
        found: list[ClaimExample] = []
        for file, group, number, line in self._lines("claims"):
            try:
                row = json.loads(line)
                claim = ClaimExample(row["q"], row["lang"], row["entry"], row["true"], f"claims {group}")
            except (ValueError, KeyError, TypeError) as error:
                self._problem(file, number, "", f"is no claim: {error!r}")
                continue
            if claim.entry in self.broken:
                continue
            if claim.entry not in entries:
                self._problem(file, number, "entry", f'"{claim.entry}" is no entry')
            elif entries[claim.entry].entries:
                self._problem(file, number, "entry", f'"{claim.entry}" is a digest, which tells too much for a claim')
            found.append(claim)
        return found

    def _lines(self, folder: str) -> Iterator[tuple[str, str, str, str]]:
        """(file, whose it is, number, line) of each line of JSON in `folder`."""
        for path in sorted((self.folder / folder).glob("*.jsonl")):
            for number, line in enumerate(self._bytes(path).decode("utf-8").splitlines(), 1):
                yield f"{folder}/{path.name}", path.stem, f"line {number}", line

    def _items(self, path: Path) -> list[Any]:
        return self._shaped(path, list, "needs a list of items, each beginning with - id:")

    def _mapping(self, path: Path) -> dict[str, Any]:
        return self._shaped(path, dict, "needs a mapping: each line a name, a colon and what it stands for")

    def _shaped(self, path: Path, shape: type[Shape], needs: str) -> Shape:
        """What the file holds, if it is of this `shape`; else it gets a Problem, and nothing is read of it."""
        try:
            found = yaml.load(self._bytes(path), yaml.CBaseLoader) or []  # noqa: S506 - builds only lists, dicts and text
        except (OSError, yaml.YAMLError, UnicodeDecodeError) as error:
            self._problem(path.name, "", "", f"cannot be read: {' '.join(str(error).split())}")
            return shape()
        if not isinstance(found, shape):
            self._problem(path.name, "", "", needs)
            return shape()
        return found

    @contextmanager
    def _malformed(self, file: str, item: Any) -> Iterator[None]:
        """Whatever the shape of `item` breaks becomes a Problem of it."""
        try:
            yield
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            self._problem(file, _name(item), "", f"is not built as it should be: {error!r}")

    def _has(self, file: str, name: str, item: Any, fields: Iterable[str]) -> bool:
        missing = [f for f in fields if not isinstance(item, dict) or not item.get(f)]
        for field in missing:
            self._problem(file, name, field, "is missing")
        return not missing

    def _wrong(self, file: str, item: Mapping[str, Any], fields: Mapping[str, Field], what: str) -> bool:
        """Whether anything is wrong with `item`; each thing becomes a Problem of it."""
        found = list(problems_of(item, fields, what, self._languages))
        for field, message in found:
            self._problem(file, _name(item), field, message)
        return bool(found)

    def _problem(self, file: str, entry: str, field: str, message: str) -> None:
        self.problems.append(Problem(file, entry, field, message))


def _name(item: Any) -> str:
    """What an item that may be of any shape is called in a Problem."""
    return str(item.get("id", "?")) if isinstance(item, dict) else str(item)[:40]


def _examples(row: Any, group: str) -> Iterator[Example]:
    """The examples of one line: a question, or a conversation under "turns"."""
    before: list[tuple[str, Label]] = []
    for turn in row.get("turns", [row]):
        language = turn["lang"] if turn.get("style") != "mixed" else ""
        label, also = Label(turn["label"]), tuple(map(Label, turn.get("also", ())))
        yield Example(turn["q"], label, group, language, tuple(before), turn.get("decoy", False), also)
        before.append((turn["q"], label))


def _spoken(items: Iterable[Any]) -> tuple[str, ...]:
    """The languages that a folder's entries are in: both, unless all of them leave the same one out."""
    questions = [item.get("questions") for item in items if isinstance(item, dict)]
    return tuple(lang for lang in LANGUAGES if any(isinstance(q, dict) and lang in q for q in questions)) or LANGUAGES
