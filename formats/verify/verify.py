"""Loads exports of owabi with the libraries that people read them with, and compares every span with the records.

    python verify.py RECORDS.jsonl FOLDER

FOLDER holds an export of the records in each format, as `run` makes them. Prints a line a format; the exit code is 1 where one differs.
"""

import csv
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

os.environ.update(HF_HUB_OFFLINE="1", HF_DATASETS_OFFLINE="1", HF_HUB_DISABLE_TELEMETRY="1", HF_DATASETS_DISABLE_PROGRESS_BARS="1")

SPLITS = ["train", "validation", "test"]
FIELDS = {"causes": "cause", "data": "category", "counts": "unit", "dates": "role", "parties": "role", "values": "kind", "distractors": "category"}
PREFIXES = {"causes": "cause", "counts": "count", "dates": "date", "parties": "party", "values": "value", "distractors": "no"}


def spans_of(record):
    """The record's spans with the names of docs/formats.md: (start, end, name), in code points."""
    spans = []
    for field, key in FIELDS.items():
        for item in record["labels"].get(field, []):
            for span in item.get("spans", []):
                if field == "data":
                    name = f"{item['category']}:{span.get('status', item['status'])}"
                else:
                    name = f"{PREFIXES[field]}:{item[key]}"
                spans.append((span["start"], span["end"], name))
    return spans


def document_labels(record):
    labels = record["labels"]
    found = {f"{key}:{labels[key]}" for key in ("genre", "exposure") if labels.get(key)}
    found |= {"via_vendor"} if labels.get("via_vendor") else set()
    found |= {f"cause:{item['cause']}" for item in labels.get("causes", [])}
    return found | {f"{item['category']}:{item['status']}" for item in labels.get("data", [])}


def lines(path):
    with open(path, encoding="utf-8", newline="\n") as file:
        return [json.loads(line) for line in file]


def split_of(record):
    return record.get("provenance", {}).get("split", "train")


def same(what, expected, found):
    if expected != found:
        print(f"{what}\n  expected {expected!r}\n  found    {found!r}"[:2000], file=sys.stderr)
        raise SystemExit(f"{what}: differs")


def by_split(records):
    return {split: [record for record in records if split_of(record) == split] for split in SPLITS}


def files_of(records, folder):
    """(record, name of its files) for formats with a file a document; names are read off documents.jsonl or guessed from plain ids."""
    for split, part in by_split(records).items():
        for record in part:
            yield record, folder / split / percent(record["id"])


def percent(id):
    """docs/formats.md: letters, digits and -_.+ stay, a leading dot and all else is percent-encoded."""
    kept = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.+"
    one = lambda place, byte: chr(byte) if chr(byte) in kept and not (place == 0 and byte == 0x2E) else f"%{byte:02X}"
    return "".join(one(place, byte) for place, byte in enumerate(id.encode()))


def text(records, folder):
    for record, name in files_of(records, folder):
        same(record["id"], record["text"].encode(), Path(f"{name}.txt").read_bytes())


def table(records, rows):
    """Rows of Parquet, whoever read them."""
    same("ids", [record["id"] for record in records], [row["id"] for row in rows])
    for record, row in zip(records, rows):
        labels = record["labels"]
        same(f"{record['id']}: text", record["text"], row["text"])
        same(f"{record['id']}: spans", spans_of(record), [(span["start"], span["end"], span["label"]) for span in row["spans"]])
        for key in ("genre", "exposure", "via_vendor"):
            same(f"{record['id']}: {key}", labels.get(key), row[key])
        for status in ("confirmed", "possible", "denied"):
            expected = [item["category"] for item in labels["data"] if item["status"] == status] if "data" in labels else None
            same(f"{record['id']}: {status}", expected, row[status])
        same(f"{record['id']}: causes", [item["cause"] for item in labels["causes"]] if "causes" in labels else None, row["causes"])
        primary = [item["cause"] for item in labels.get("causes", []) if item["primary"]]
        same(f"{record['id']}: primary_cause", primary[0] if primary else None, row["primary_cause"])
        same(f"{record['id']}: record", record, {**json.loads(row["record"]), "text": row["text"]})


def parquet(records, path):
    import pyarrow.parquet

    table(records, pyarrow.parquet.read_table(path).to_pylist())


def hf(records, folder):
    import datasets

    with tempfile.TemporaryDirectory() as cache:
        loaded = datasets.load_dataset(str(folder), cache_dir=cache)
        same("splits", SPLITS, sorted(loaded, key=SPLITS.index))
        parts = by_split(records)
        for split in SPLITS:
            table(parts[split], list(loaded[split]))
        # Whoever knows the skeletons and phrases of one split by heart knows none of another.
        for key in ("skeleton", "phrases"):
            told = {}
            for split in SPLITS:
                for row in loaded[split]:
                    value = json.loads(row["record"]).get("provenance", {}).get(key, [])
                    for one in value if isinstance(value, list) else [value]:
                        same(f"{key} {one}", split, told.setdefault(one, split))
            assert len(told) > 20, (key, len(told))


def fragments(text, start, end):
    """A span without line breaks and tabs, which brat cannot have."""
    places = [place for place in range(start, end) if text[place] not in "\t\n\v\f\r\x1c\x1d\x1e\x85\u2028\u2029"]
    found = []
    for place in places:
        if found and found[-1][1] == place:
            found[-1][1] = place + 1
        else:
            found.append([place, place + 1])
    return sorted(map(tuple, found)) or [(start, end)]


def brat(records, folder):
    from bioc import brat as reader

    types = {line.strip() for line in (folder / "annotation.conf").read_text().split("[relations]")[0].splitlines()}
    for record, name in files_of(records, folder):
        with open(f"{name}.txt", encoding="utf-8", newline="") as text, open(f"{name}.ann", encoding="utf-8") as ann:
            document = reader.load(text, ann, record["id"])
        same(f"{record['id']}: text", record["text"], document.text)
        status = {note.refid: next(iter(note.attributes)) for note in document.attributes if note.type == "status"}
        found = []
        for entity in document.entities:
            assert entity.type in types, entity.type
            places = sorted((place.begin, place.end) for place in entity.locations)
            name = entity.type.replace("-", ":", 1) if "-" in entity.type else f"{entity.type}:{status[entity.id]}"
            found.append((places, name))
            words = " ".join(document.text[start:end] for start, end in places)
            same(f"{record['id']} {entity.id}: words", words.strip(), entity.text.strip())
        expected = [(fragments(record["text"], start, end), name) for start, end, name in spans_of(record)]
        same(f"{record['id']}: spans", sorted(expected), sorted(found))


def without_overlaps(record):
    """The longest first, of equals the first; between visible characters."""
    visible = [not (c.isspace() or ord(c) < 32 or 127 <= ord(c) < 160) for c in record["text"]]
    taken, kept = set(), []
    for start, end, name in sorted(spans_of(record), key=lambda span: (span[0] - span[1], span[0])):
        inside = [place for place in range(start, end) if visible[place]]
        if inside and not taken.intersection(range(start, end)):
            taken.update(range(start, end))
            kept.append((inside[0], inside[-1] + 1, name))
    return sorted(kept)


def conll(records, path):
    from spacy.training.converters import conll_ner_to_docs

    # Documents are parted here and converted one by one: the converter gives no documents for what has no tokens.
    first = "-DOCSTART- -X- O O\n"
    with open(path, encoding="utf-8", newline="\n") as file:
        content = file.read()
    assert content.startswith(first)
    documents = content[len(first) :].split("\n" + first)
    same("documents", len(records), len(documents))
    for record, document in zip(records, documents):
        found, seen = [], []
        if document.strip():
            for doc in conll_ner_to_docs(first + document, n_sents=0, no_print=True):
                seen += [(int(token.tag_), token.text) for token in doc]
                found += [(int(ent[0].tag_), int(ent[-1].tag_) + 1, ent.label_) for ent in doc.ents]
        for place, token in seen:
            same(f"{record['id']}: character {place}", record["text"][place], token)
        same(f"{record['id']}: spans", without_overlaps(record), sorted(found))


def spacy(records, folder):
    import spacy
    from spacy.tokens import DocBin
    from spacy.util import filter_spans

    vocab = spacy.blank("xx").vocab
    for split, part in by_split(records).items():
        out = folder / f"{split}.spacy"
        subprocess.run([sys.executable, folder / "make_docbin.py", folder / f"{split}.jsonl", out], check=True)
        docs = list(DocBin(store_user_data=True).from_disk(out).get_docs(vocab))
        same("documents", [record["id"] for record in part], [doc.user_data["id"] for doc in docs])
        for record, doc in zip(part, docs):
            same(f"{record['id']}: text", record["text"], doc.text)
            found = [(span.start_char, span.end_char, span.label_) for span in doc.spans["sc"]]
            same(f"{record['id']}: spans", spans_of(record), found)
            words = [span.text for span in doc.spans["sc"]]
            same(f"{record['id']}: words", [record["text"][start:end] for start, end, _ in spans_of(record)], words)
            ents = [(span.start_char, span.end_char, span.label_) for span in filter_spans(doc.spans["sc"])]
            same(f"{record['id']}: ents", ents, [(ent.start_char, ent.end_char, ent.label_) for ent in doc.ents])
            same(f"{record['id']}: cats", document_labels(record), {cat for cat, value in doc.cats.items() if value == 1})


def utf16(text, start, end):
    return text.encode("utf-16-le", "surrogatepass")[2 * start : 2 * end].decode("utf-16-le")


# What doccano's documentation says of a line of sequence labelling.
DOCCANO = {
    "type": "object",
    "required": ["text", "label"],
    "properties": {
        "text": {"type": "string"},
        "label": {
            "type": "array",
            "items": {
                "type": "array",
                "prefixItems": [{"type": "integer", "minimum": 0}, {"type": "integer", "minimum": 1}, {"type": "string", "minLength": 1}],
                "minItems": 3,
                "maxItems": 3,
            },
        },
    },
}


def doccano(records, path, cut=utf16):
    import jsonschema

    validator = jsonschema.Draft202012Validator(DOCCANO)
    for record, line in zip(records, lines(path), strict=True):
        validator.validate(line)
        same("text", record["text"], line["text"])
        expected = [(record["text"][start:end], name) for start, end, name in spans_of(record)]
        same(f"{record['id']}: spans", expected, [(cut(line["text"], start, end), name) for start, end, name in line["label"]])


def points(text, start, end):
    return text[start:end]


def label_studio(records, folder, cut=points):
    from label_studio_sdk.converter import Converter
    from label_studio_sdk.label_interface import LabelInterface

    config = (folder / "config.xml").read_text()
    interface = LabelInterface(config)
    interface.validate()
    converter = Converter(config=config, project_dir=None)
    for split, part in by_split(records).items():
        path = str(folder / f"{split}.json")
        for task in json.loads(Path(path).read_text()):
            errors = interface.validate_prediction(task["annotations"][0], return_errors=True)
            same(f"{task['data']['id']}: errors", [], errors)
        items = list(converter.iter_from_json_file(path))
        same("documents", [record["id"] for record in part], [item["input"]["id"] for item in items])
        for record, item in zip(part, items):
            same("text", record["text"], item["input"]["text"])
            regions = item["output"].get("label", [])
            found = [(cut(record["text"], region["start"], region["end"]), region["text"], region["labels"]) for region in regions]
            expected = [(record["text"][start:end],) * 2 + ([name],) for start, end, name in spans_of(record)]
            same(f"{record['id']}: spans", expected, found)
            for key in ("genre", "exposure"):
                told = [choice for region in item["output"].get(key, []) for choice in region["choices"]]
                same(f"{record['id']}: {key}", [record["labels"][key]] if key in record["labels"] else [], told)


def table_of_labels(records, path):
    with open(path, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    same("documents", len(records), len(rows))
    plain = lambda cell: cell[1:] if cell.startswith("'") else cell
    for record, row in zip(records, rows):
        for key, cell in row.items():
            assert not cell.lstrip(" '").startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")) or cell.startswith("'"), (key, cell)
        labels = record["labels"]
        same("id", record["id"], plain(row["id"]))
        same(f"{record['id']}: genre", labels.get("genre", ""), row["genre"])
        for status in ("confirmed", "possible", "denied"):
            of = [item["category"] for item in labels.get("data", []) if item["status"] == status]
            same(f"{record['id']}: {status}", ";".join(of) or ("none" if "data" in labels else ""), row[status])
        for role in ("breached", "vendor"):
            names = list(dict.fromkeys(item["name"] for item in labels.get("parties", []) if item["role"] == role))
            same(f"{record['id']}: {role}", " / ".join(names) or ("none" if "parties" in labels else ""), plain(row[role]))


def main():
    records, folder = lines(sys.argv[1]), Path(sys.argv[2])
    total = sum(len(spans_of(record)) for record in records)
    print(f"{len(records)} documents, {total} spans, {Counter(map(split_of, records))}")
    checks = [
        ("text (as bytes)", lambda: text(records, folder / "text")),
        ("Parquet (pyarrow)", lambda: parquet(records, folder / "all.parquet")),
        ("Hugging Face layout (datasets)", lambda: hf(records, folder / "hf")),
        ("brat (bioc)", lambda: brat(records, folder / "brat")),
        ("CoNLL (spaCy's converter)", lambda: conll(records, folder / "all.conll")),
        ("spaCy (DocBin)", lambda: spacy(records, folder / "spacy")),
        ("doccano (its schema), utf16", lambda: doccano(records, folder / "doccano.jsonl")),
        ("doccano (its schema), code-points", lambda: doccano(records, folder / "doccano-points.jsonl", points)),
        ("Label Studio (label-studio-sdk), code-points", lambda: label_studio(records, folder / "label-studio")),
        ("Label Studio (label-studio-sdk), utf16", lambda: label_studio(records, folder / "label-studio-utf16", utf16)),
        ("CSV (csv)", lambda: table_of_labels(records, folder / "all.csv")),
    ]
    for name, check in checks:
        check()
        print(f"{name}: the same")


if __name__ == "__main__":
    main()
