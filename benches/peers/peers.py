#!/usr/bin/env python3
"""The peers that are written in Python: `peers.py FOLDER` answers the questions of `run`, a line each, as `owabi-peers serve` does.

Each does what someone who knows it would write: patterns are compiled once, matches are only counted, templates are parsed once.
"""

import json
import random
import re
import sys
import time
from itertools import cycle
from pathlib import Path

SEPARATOR = "\n\f\n"
SEED = 1


def scanners(surfaces):
    """Each gives for a text how many matches it has."""
    import ahocorasick
    import spacy
    from presidio_analyzer import AnalyzerEngine, Pattern, PatternRecognizer, RecognizerRegistry
    from presidio_analyzer.nlp_engine import SpacyNlpEngine

    # The longest first, as an alternation takes the first that fits.
    pattern = "|".join(map(re.escape, sorted(surfaces, key=len, reverse=True)))
    compiled = re.compile(pattern)

    automaton = ahocorasick.Automaton()
    for number, surface in enumerate(surfaces):
        automaton.add_word(surface, number)
    automaton.make_automaton()

    class Blank(SpacyNlpEngine):
        """A tokeniser without a model: whoever looks for words needs no more."""

        def __init__(self):
            super().__init__(models=[{"lang_code": "ja", "model_name": "blank"}])
            self.nlp = {"ja": spacy.blank("ja")}

    # A pattern and no deny list: that asks for word boundaries, and Japanese has none.
    recognizer = PatternRecognizer("TERM", supported_language="ja", patterns=[Pattern("term", pattern, 0.9)])
    registry = RecognizerRegistry(recognizers=[recognizer], supported_languages=["ja"])
    analyzer = AnalyzerEngine(registry=registry, nlp_engine=Blank(), supported_languages=["ja"])

    return {
        "re": lambda text: sum(1 for _ in compiled.finditer(text)),
        "pyahocorasick": lambda text: sum(1 for _ in automaton.iter(text)),
        "presidio": lambda text: sum(len(analyzer.analyze(part, language="ja")) for part in parts(text)),
    }


def parts(text, most=10_000):
    """Whole lines of at most so many characters: Presidio's tokeniser refuses more than 49,149 bytes."""
    part = ""
    for line in text.splitlines(keepends=True):
        if len(part) + len(line) > most and part:
            yield part
            part = ""
        part += line
    if part:
        yield part


def generators(templates):
    """Each gives a document as (text, spans), one after the other."""
    words = {}
    for piece in (piece for template in templates for piece in template if not isinstance(piece, str)):
        words.setdefault(piece[0], []).append(piece[1])
    # What no faker of values makes is drawn from what the documents say.
    drawn = {kind: (lambda of: lambda: random.choice(of))(of) for kind, of in words.items()}
    return {
        "jinja2-faker": jinja(templates, {**drawn, **faker()}),
        "jinja2-mimesis": jinja(templates, {**drawn, **mimesis()}),
        "presidio-evaluator": evaluator(templates, words),
    }


def faker():
    from faker import Faker

    fake = Faker("ja_JP")
    fake.seed_instance(SEED)
    return {
        "parties": fake.company,
        "dates": fake.date,
        "counts": lambda: str(fake.random_int(1, 100_000)),
        "phone": fake.phone_number,
        "fax": fake.phone_number,
        "email": fake.email,
        "name": fake.name,
    }


def mimesis():
    from mimesis import Generic
    from mimesis.locales import Locale

    make = Generic(Locale.JA, seed=SEED)
    return {
        "parties": make.finance.company,
        "dates": lambda: str(make.datetime.date()),
        "counts": lambda: str(make.numeric.integer_number(1, 100_000)),
        "phone": make.person.phone_number,
        "fax": make.person.phone_number,
        "email": make.person.email,
        "name": make.person.full_name,
    }


# Marks that no document holds: where a value begins, where its kind ends, where the value ends.
BEGIN, KIND, END = "\x02", "\x03", "\x04"
MARKED = re.compile(f"{BEGIN}([^{KIND}]*){KIND}([^{END}]*){END}")


def jinja(templates, makers):
    """A template engine tells no places, so values are marked in the text and the marks taken out again."""
    from jinja2 import Environment

    environment = Environment(autoescape=False, keep_trailing_newline=True)
    environment.globals["slot"] = lambda kind: f"{BEGIN}{kind}{KIND}{makers[kind]()}{END}"

    def source(template):
        return "".join(piece if isinstance(piece, str) else "{{ slot('" + piece[0] + "') }}" for piece in template)

    compiled = cycle([environment.from_string(source(template)) for template in templates])

    def document():
        marked = next(compiled).render()
        text, spans, done, length = [], [], 0, 0
        for match in MARKED.finditer(marked):
            before, value = marked[done : match.start()], match.group(2)
            text += [before, value]
            start = length + len(before)
            length = start + len(value)
            spans.append({"label": match.group(1), "start": start, "end": length})
            done = match.end()
        text.append(marked[done:])
        return "".join(text), spans

    return document


def evaluator(templates, words):
    """presidio-evaluator's sentence faker: templates with {{kinds}}, and spans of its own."""
    from faker.providers import BaseProvider
    from presidio_evaluator.data_generator.faker_extensions import SentenceFaker

    fake = SentenceFaker(lower_case_ratio=0, locale="ja_JP")
    fake.seed_instance(SEED)
    names = {"parties": "company", "dates": "date", "counts": "random_int", "phone": "phone_number", "fax": "phone_number", "email": "email"}
    provider = BaseProvider(fake)
    for kind, of in words.items():
        if kind not in names and kind != "name":
            setattr(provider, kind, (lambda of: lambda: random.choice(of))(of))
    fake.add_provider(provider)

    def source(template):
        return "".join(piece if isinstance(piece, str) else "{{" + names.get(piece[0], piece[0]) + "}}" for piece in template)

    sources = cycle([source(template) for template in templates])

    def document():
        sample = fake.parse(next(sources), template_id=0)
        spans = [{"label": span.entity_type, "start": span.start_position, "end": span.end_position} for span in sample.spans]
        return sample.full_text, spans

    return document


def check(name, document):
    """Spans that do not lie where they say would make any speed worthless."""
    text, spans = document()
    if not spans or any(not 0 <= span["start"] < span["end"] <= len(text) for span in spans):
        sys.exit(f"{name}: its spans are wrong")


def scan(count, documents, seconds):
    done = {"documents": 0, "bytes": 0, "found": 0}
    began = time.perf_counter()
    while True:
        for text, length in documents:
            done["found"] += count(text)
            done["bytes"] += length
            done["documents"] += 1
            if seconds and time.perf_counter() - began >= seconds:
                break
        if time.perf_counter() - began >= seconds:
            return {**done, "seconds": time.perf_counter() - began}


def generate(document, seconds):
    done = {"documents": 0, "bytes": 0, "found": 0}
    began = time.perf_counter()
    while True:
        text, spans = document()
        line = json.dumps({"id": done["documents"], "text": text, "spans": spans}, ensure_ascii=False)
        done["found"] += len(spans)
        done["bytes"] += len(text.encode()) if line else 0
        done["documents"] += 1
        if time.perf_counter() - began >= seconds:
            return {**done, "seconds": time.perf_counter() - began}


def main():
    folder = Path(sys.argv[1])
    random.seed(SEED)
    surfaces = (folder / "surfaces.txt").read_text().splitlines()
    texts = {name: (folder / f"{name}.txt").read_bytes().decode().split(SEPARATOR)[:-1] for name in ("clean", "dirty")}
    texts = {name: [(text, len(text.encode())) for text in documents] for name, documents in texts.items()}
    scan_with, generate_with = scanners(surfaces), generators(json.loads((folder / "templates.json").read_text()))
    for name, document in generate_with.items():
        check(name, document)
    print(json.dumps({"peers": [*scan_with, *generate_with]}), flush=True)
    for line in sys.stdin:
        name, text, seconds, first = line.split()
        if name in scan_with:
            answer = scan(scan_with[name], texts[text][: int(first) or None], float(seconds))
        else:
            answer = generate(generate_with[name], float(seconds))
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
