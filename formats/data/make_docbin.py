"""Makes a spaCy DocBin of an export of owabi: python make_docbin.py train.jsonl train.spacy

Every character is a token of its own, so that every span has its tokens, wherever it begins and ends: `char_span` never returns None.
doc.spans["sc"] holds all spans (spancat), doc.ents those that do not overlap, the longest first (ner), doc.cats the labels of the
document (textcat_multilabel): 1 those that hold, 0 the others that occur anywhere in the file.
"""

import json
import sys

import spacy
from spacy.tokens import Doc, DocBin
from spacy.util import filter_spans


class Characters:
    """A tokenizer: one code point a token. White space is a token as well, so that positions are those of the text."""

    def __init__(self, vocab):
        self.vocab = vocab

    def __call__(self, text):
        return Doc(self.vocab, words=list(text), spaces=[False] * len(text))

    def to_bytes(self, **_):
        return b""

    def from_bytes(self, _, **__):
        return self

    def to_disk(self, _, **__):
        pass

    def from_disk(self, _, **__):
        return self


def lines(path):
    with open(path, encoding="utf-8", newline="\n") as file:
        for line in file:
            yield json.loads(line)


def docs(path):
    nlp = spacy.blank("ja", config={"nlp": {"tokenizer": {"@tokenizers": "owabi.characters"}}})
    cats = sorted({cat for line in lines(path) for cat in line["cats"]})
    for line in lines(path):
        doc = nlp.make_doc(line["text"])
        spans = []
        for span in line["spans"]["sc"]:
            found = doc.char_span(span["start"], span["end"], label=span["label"])
            if found is None:
                sys.exit(f"{path}: {line['meta']['id']}: no tokens for {span}")
            spans.append(found)
        doc.spans["sc"] = spans
        doc.ents = filter_spans(spans)
        doc.cats = {cat: line["cats"].get(cat, 0.0) for cat in cats}
        doc.user_data["id"] = line["meta"]["id"]
        yield doc


@spacy.registry.tokenizers("owabi.characters")
def make_tokenizer():
    return lambda nlp: Characters(nlp.vocab)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: python make_docbin.py IN.jsonl OUT.spacy")
    DocBin(docs=docs(sys.argv[1]), store_user_data=True).to_disk(sys.argv[2])
