"""YAML and text files -> Knowledge. The only module that reads YAML.

Every scalar is read as text, so that `no`, `on` or 2023 in a list of patterns stay what the curator typed. What is
malformed becomes a Problem, not an exception: a curator sees all of them at once.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

from knowledge.errors import KnowledgeError, Problem
from knowledge.model import LANGUAGES, Bar, Chart, Concept, Entry, Evidence, Example, Knowledge, Source, Talk

FAQ = Path(__file__).parents[1] / "faq"
SEEDS = Path(__file__).parents[2] / "seeds"
KINDS = ("figure", "quotation", "person", "organisation", "definition", "background", "digest")
FORMS = ("bars", "crowd")

_FIELDS = {"id", "kind", "questions", "answer", "evidence", "related", "speaker", "entries", "covers", "quiz", "short"}
_CHART_FIELDS = {"short", "id", "form", "title", "unit", "counted", "bars", "note"}
_BAR_FIELDS = {"entry", "label", "note"}
_NOT_ENTRIES = ("sources.yaml", "phrases.yaml", "talk.yaml", "charts.yaml")
_UNLEARNED = {"charts.yaml", "phrases.yaml"}  # nothing to train on: the trained model stays when they change


def load(faq: Path = FAQ, seeds: Path | None = None) -> Knowledge:
    """Read the knowledge in `faq` and the articles in `seeds` (default: the folder "seeds" beside `faq`).

    For the built-in folder that is the project's own `seeds/`. Phrases, small talk and question words that `faq`
    lacks are taken from the built-in folder. Raises KnowledgeError with everything that is malformed.
    """
    faq = faq.resolve()
    seeds = seeds or (
        SEEDS if faq == FAQ.resolve() else faq / "seeds" if (faq / "seeds").is_dir() else faq.parent / "seeds"
    )
    reader = _Reader(faq)
    if not (faq / "sources.yaml").is_file():
        raise KnowledgeError([Problem("sources.yaml", "", "", f"not found in {faq}: not a folder of knowledge")])
    sources, waived = reader.sources(seeds)
    entries = reader.entries()
    own = faq == FAQ.resolve()
    home = reader if own else _Reader(FAQ)
    concepts = reader.concepts()
    known = {c.id for c in concepts}
    if not own:  # how people ask is the same everywhere; what they ask about is not
        concepts += [c for c in home.concepts() if c.kind in ("asks", "language") and c.id not in known]
    shorthand = home.shorthand()
    talk = (reader if (faq / "talk.yaml").is_file() else home).talk()
    phrases = home.phrases()
    if not own:
        phrases["covers"] = {lang: " ; ".join(s.label[lang] for s in sources.values()) for lang in LANGUAGES}
        phrases |= reader.phrases() if (faq / "phrases.yaml").is_file() else {}
    examples = reader.examples({*entries, *(t.label for t in talk.values())})
    charts = reader.charts()
    digest = reader.digest() + ("" if own else home.digest())
    problems = reader.problems + (home.problems if home is not reader else [])
    if problems:
        raise KnowledgeError(sorted(problems))
    return Knowledge(faq, sources, entries, concepts, shorthand, talk, phrases, waived, charts, examples, digest)


class _Reader:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.problems: list[Problem] = []
        self._languages: tuple[str, ...] = LANGUAGES
        self._read: dict[str, bytes] = {}

    def _name(self, path: Path) -> str:
        return path.relative_to(self.folder).as_posix()  # so that a folder may move and keep its trained model

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
                label, about = _both(item["label"]), _both(item["about"])
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
                with self._malformed(path.name, item):
                    entry = self._entry(path.name, item)
                    if entry and entry.id in found:
                        self._problem(path.name, entry.id, "id", f"is also in {found[entry.id].file}")
                    elif entry:
                        found[entry.id] = entry
        return found

    def _entry(self, file: str, item: Any) -> Entry | None:
        name = str(item.get("id", "?")) if isinstance(item, dict) else "?"
        proof = "entries" if isinstance(item, dict) and item.get("kind") == "digest" else "evidence"
        if not isinstance(item, dict) or not self._has(file, name, item, ("id", "kind", "questions", "answer", proof)):
            return None
        before = len(self.problems)
        for extra in sorted(set(item) - _FIELDS):
            self._problem(file, name, extra, f"is no field of an entry; known: {', '.join(sorted(_FIELDS))}")
        self._named_well(file, name)
        if item["kind"] not in KINDS:
            self._problem(file, name, "kind", f'"{item["kind"]}" is none of {", ".join(KINDS)}')
        for part in ("questions", "answer"):
            for language in self._languages:
                if not isinstance(item[part], dict) or not item[part].get(language):
                    self._problem(file, name, f"{part}.{language}", "is missing")
        if "short" in item and not all(_both(item["short"]).get(language) for language in self._languages):
            self._problem(file, name, "short", "needs a few words in each language")
        if "quiz" in item and not all(_both(item["quiz"]).get(language) for language in self._languages):
            self._problem(file, name, "quiz", "needs a question in each language that the figure of the answer answers")
        evidence = item.get("evidence", [])
        passages = [p for p in evidence if isinstance(p, dict) and p.get("source") and p.get("quote")]
        if len(passages) != len(evidence) or (proof == "evidence" and not passages):
            self._problem(file, name, "evidence", "needs a list of passages, each with source and quote")
        if (proof == "entries" and evidence) or (proof == "evidence" and "entries" in item):
            self._problem(file, name, proof, "a digest has entries and no evidence; any other entry has evidence")
        if len(self.problems) > before:
            return None
        return Entry(
            name,
            item["kind"],
            {lang: tuple(_in(item["questions"], lang)) for lang in LANGUAGES},
            {lang: str(_in(item["answer"], lang)) for lang in LANGUAGES},
            tuple(
                Evidence(p["source"], p["quote"], p.get("translation", ""), p.get("hidden", "").lower() == "true")
                for p in passages
            ),
            tuple(item.get("related", ())),
            item.get("speaker", ""),
            tuple(item.get("entries", ())),
            tuple(item.get("covers", ())),
            _both(item.get("quiz")),
            _both(item.get("short")),
            file,
        )

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
                    found[name] = Concept(name, item["kind"], patterns, label, person, says)
        return list(found.values())

    def shorthand(self) -> dict[str, dict[str, str]]:
        path = self.folder / "lexicon" / "shorthand.yaml"
        return {lang: dict(table) for lang, table in self._yaml(path).items()} if path.is_file() else {}

    def talk(self) -> dict[str, Talk]:
        found = {}
        for item in self._items(self.folder / "talk.yaml"):
            with self._malformed("talk.yaml", item):
                if self._has("talk.yaml", str(item.get("id", "?")), item, ("id", "kind", "questions")):
                    questions = {lang: tuple(item["questions"][lang]) for lang in LANGUAGES}
                    found[item["id"]] = Talk(item["id"], item["kind"], questions, dict(item.get("reply", {})))
        return found

    def phrases(self) -> dict[str, dict[str, str]]:
        found = {}
        for name, texts in self._yaml(self.folder / "phrases.yaml").items():
            for language in LANGUAGES:
                if not isinstance(texts, dict) or not texts.get(language):
                    self._problem("phrases.yaml", name, language, "is missing")
            found[name] = _both(texts)
        return found

    def charts(self) -> dict[str, Chart]:
        path = self.folder / "charts.yaml"
        found: dict[str, Chart] = {}
        for item in self._items(path) if path.is_file() else ():
            with self._malformed(path.name, item):
                chart = self._chart(path.name, item)
                if chart and chart.id in found:
                    self._problem(path.name, chart.id, "id", "is a chart already")
                elif chart:
                    found[chart.id] = chart
        return found

    def _chart(self, file: str, item: Any) -> Chart | None:
        name = str(item.get("id", "?")) if isinstance(item, dict) else "?"
        if not self._has(file, name, item, ("id", "form", "title", "short", "unit", "counted", "bars")):
            return None
        before = len(self.problems)
        self._named_well(file, name)
        if item["form"] not in FORMS:
            self._problem(file, name, "form", f'"{item["form"]}" is none of {", ".join(FORMS)}')
        for field in ("title", "short", "unit", *(["note"] if "note" in item else [])):
            self._spelled_out(file, name, field, item[field], str)
        self._spelled_out(file, name, "counted", item["counted"], list)
        for extra in sorted(set(item) - _CHART_FIELDS):
            self._problem(file, name, extra, f"is no field of a chart; known: {', '.join(sorted(_CHART_FIELDS))}")
        for number, bar in enumerate(item["bars"], 1):
            field = f"bars {number}"
            if not isinstance(bar, dict) or not isinstance(bar.get("entry"), str) or not bar.get("label"):
                self._problem(file, name, field, "needs an entry and a label")
                continue
            for part in ("label", *(["note"] if "note" in bar else [])):
                self._spelled_out(file, name, f"{field}: {part}", bar[part], str)
            for extra in sorted(set(bar) - _BAR_FIELDS):
                self._problem(file, name, field, f'"{extra}" is no field of a bar: its figure is that of its entry')
        if len(self.problems) > before:
            return None
        return Chart(
            name,
            item["form"],
            _each(item["title"]),
            _each(item["short"]),
            _each(item["unit"]),
            {lang: tuple(_in(item["counted"], lang)) for lang in LANGUAGES},
            tuple(Bar(bar["entry"], _each(bar["label"]), _each(bar.get("note"))) for bar in item["bars"]),
            _each(item.get("note")),
        )

    def examples(self, labels: set[str]) -> list[Example]:
        found: list[Example] = []
        for path in sorted((self.folder / "training").glob("*.jsonl")):
            self._read[self._name(path)] = path.read_bytes()
            for number, line in enumerate(self._read[self._name(path)].decode("utf-8").splitlines(), 1):
                try:
                    read = list(_examples(json.loads(line), path.stem))
                except (ValueError, KeyError, TypeError) as error:
                    self._problem(f"training/{path.name}", f"line {number}", "", f"is no example: {error!r}")
                    continue
                for label in sorted({e.label for e in read} - labels):
                    if not label.startswith("none:"):
                        self._problem(f"training/{path.name}", f"line {number}", "label", f'"{label}" is no entry')
                found += read
        return found

    def _items(self, path: Path) -> list[Any]:
        items = self._yaml(path)
        if not isinstance(items, list):
            self._problem(path.name, "", "", "needs a list of items, each beginning with - id:")
            return []
        return items

    def _yaml(self, path: Path) -> Any:
        try:
            self._read[self._name(path)] = path.read_bytes()
            return yaml.load(self._read[self._name(path)], yaml.CBaseLoader) or []  # noqa: S506 - builds only lists, dicts and text
        except (OSError, yaml.YAMLError, UnicodeDecodeError) as error:
            self._problem(path.name, "", "", f"cannot be read: {' '.join(str(error).split())}")
            return []

    @contextmanager
    def _malformed(self, file: str, item: Any) -> Iterator[None]:
        """Whatever the shape of `item` breaks becomes a Problem of it."""
        try:
            yield
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            name = str(item.get("id", "?")) if isinstance(item, dict) else str(item)[:40]
            self._problem(file, name, "", f"is not built as it should be: {error!r}")

    def _has(self, file: str, name: str, item: Any, fields: Iterable[str]) -> bool:
        missing = [f for f in fields if not isinstance(item, dict) or not item.get(f)]
        for field in missing:
            self._problem(file, name, field, "is missing")
        return not missing

    def _named_well(self, file: str, name: str) -> None:
        if not re.fullmatch(r"[a-z0-9-]{1,50}", name):  # what a button, a link and a file can carry
            self._problem(file, name, "id", "must be of a-z, 0-9 and -, at most 50")

    def _spelled_out(self, file: str, name: str, field: str, texts: Any, kind: type) -> None:
        """A problem for each language of this folder in which `texts` has nothing of this `kind`."""
        for language in self._languages:
            if not isinstance(texts, dict) or not texts.get(language) or not isinstance(texts[language], kind):
                self._problem(file, name, f"{field}.{language}", "is missing")

    def _problem(self, file: str, entry: str, field: str, message: str) -> None:
        self.problems.append(Problem(file, entry, field, message))


def _examples(row: Any, group: str) -> Iterator[Example]:
    """The examples of one line: a question, or a conversation under "turns"."""
    before: list[tuple[str, str]] = []
    for turn in row.get("turns", [row]):
        language = turn["lang"] if turn.get("style") != "mixed" else ""
        yield Example(turn["q"], turn["label"], group, language, tuple(before), turn.get("decoy", False))
        before.append((turn["q"], turn["label"]))


def _spoken(items: Iterable[Any]) -> tuple[str, ...]:
    """The languages that a folder's entries are in: both, unless all of them leave the same one out."""
    questions = [
        item["questions"] for item in items if isinstance(item, dict) and isinstance(item.get("questions"), dict)
    ]
    return tuple(lang for lang in LANGUAGES if any(lang in q for q in questions)) or LANGUAGES


def _in(texts: Any, language: str) -> Any:
    """The text in `language`; in a folder of one language, that one."""
    return texts.get(language) or next(iter(texts.values()))


def _each(texts: Any) -> dict[str, str]:
    """The text in every language; "" where there is none at all."""
    return {language: _in(texts, language) if texts else "" for language in LANGUAGES}


def _both(texts: Any) -> dict[str, str]:
    if isinstance(texts, str):
        return dict.fromkeys(LANGUAGES, texts)
    return {language: str(texts.get(language, "")) for language in LANGUAGES} if isinstance(texts, dict) else {}
