"""Trains a small model on an export of owabi and says how well it reads notices that it has not seen.

    owabi generate --count 2000 --format hf -o notices/             (a build with Parquet)
    python examples/training/train.py notices/

    mkdir notices && for split in train test; do owabi generate --split $split --count 500 -o notices/$split.jsonl; done
    python examples/training/train.py notices/                      (any build; records as they are)

Character n-grams (TF-IDF) and one linear model a label: which categories a notice says to have leaked or possibly leaked, and by which
causes. It learns from the train split and is tested on the test split, which shares no template and no phrase with it; and on real
notices when OWABI_REAL_CORPUS names a folder with documents/ID.txt and labels.jsonl. Prints micro F1, no text.
"""

import json
import os
import sys
from pathlib import Path

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import SGDClassifier
from sklearn.metrics import f1_score
from sklearn.multiclass import OneVsRestClassifier
from sklearn.preprocessing import MultiLabelBinarizer

# Labels with fewer examples are not learnt.
RARE = 5


def facts(labels):
    """What a document says, as one set: categories that leaked for sure or possibly, and causes."""
    leaked = {f"{item['category']}" for item in labels.get("data", []) if item["status"] != "denied"}
    return leaked | {f"cause:{item['cause']}" for item in labels.get("causes", [])}


def split(folder, name):
    """Texts and facts of a split: of the layout for dataset hubs, or of records a line."""
    table, records = folder / "data" / f"{name}.parquet", folder / f"{name}.jsonl"
    if table.exists():
        import pyarrow.parquet

        rows = pyarrow.parquet.read_table(table, columns=["text", "confirmed", "possible", "causes"]).to_pylist()
        told = lambda row: {*row["confirmed"], *row["possible"], *(f"cause:{cause}" for cause in row["causes"])}
        return [row["text"] for row in rows], [told(row) for row in rows]
    if not records.exists():
        sys.exit(f"{folder}: neither data/{name}.parquet nor {name}.jsonl")
    with open(records, encoding="utf-8", newline="\n") as file:
        rows = [json.loads(line) for line in file]
    return [row["text"] for row in rows], [facts(row["labels"]) for row in rows]


def real(folder):
    """Texts and facts of documents/ID.txt and labels.jsonl."""
    texts, told = [], []
    with open(folder / "labels.jsonl", encoding="utf-8") as file:
        for line in map(json.loads, file):
            texts.append((folder / "documents" / f"{line['id']}.txt").read_text(encoding="utf-8"))
            told.append(facts(line["labels"]))
    return texts, told


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: python train.py FOLDER")
    folder = Path(sys.argv[1])
    texts, told = split(folder, "train")
    counts = {label: sum(label in one for one in told) for label in set().union(*told)}
    labels = sorted(label for label, count in counts.items() if count >= RARE)
    binarizer = MultiLabelBinarizer(classes=labels)
    pick = lambda told: binarizer.fit_transform([[label for label in one if label in counts and counts[label] >= RARE] for one in told])
    vectorizer = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), min_df=3, max_features=100_000, sublinear_tf=True)
    model = OneVsRestClassifier(SGDClassifier(loss="modified_huber", alpha=1e-5, class_weight="balanced", random_state=0))
    model.fit(vectorizer.fit_transform(texts), pick(told))
    print(f"trained on {len(texts)} documents, {len(labels)} labels")

    tests = [("test split", split(folder, "test"))]
    corpus = os.environ.get("OWABI_REAL_CORPUS")
    if corpus:
        tests.append(("real notices", real(Path(corpus))))
    for name, (texts, told) in tests:
        truth, found = pick(told), model.predict(vectorizer.transform(texts))
        causes = [index for index, label in enumerate(labels) if label.startswith("cause:")]
        data = [index for index, label in enumerate(labels) if not label.startswith("cause:")]
        figures = [f"{what} {f1_score(truth[:, of], found[:, of], average='micro'):.3f}" for what, of in [("categories", data), ("causes", causes)]]
        print(f"{name}, {len(texts)} documents: micro F1 {f1_score(truth, found, average='micro'):.3f} ({', '.join(figures)})")
    if not corpus:
        print("real notices: none; OWABI_REAL_CORPUS names no folder")


if __name__ == "__main__":
    main()
