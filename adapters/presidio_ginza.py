#!/usr/bin/env python3
"""Presidio with GiNZA's Japanese model for names and places, and the recognisers of presidio_blank.py for the rest.

    adapters/install presidio_ginza
    owabi test --label-map presidio --count 200 \\
        --detector 'process:adapters/.venvs/presidio_ginza/bin/python adapters/presidio_ginza.py'

The model comes with the package ja_ginza. Its labels are Sekine's extended named entities; those that are a person or part of a postal
address become PERSON and LOCATION, as spaCy's own labels do in Presidio. Organisations are left out, as Presidio leaves them out by
default. Any place that is named counts as LOCATION, a city in prose like a street and a number: so does Presidio.

It reads a few kilobytes a second: give it hundreds of documents, not thousands.
"""

import spacy
from presidio_analyzer.nlp_engine import NerModelConfiguration, SpacyNlpEngine
from presidio_analyzer.predefined_recognizers import SpacyRecognizer

from presidio_blank import engine, main

ENTITIES = {
    "Person": "PERSON",
    "City": "LOCATION",
    "County": "LOCATION",
    "Postal_Address": "LOCATION",
    "Province": "LOCATION",
}


class Ginza(SpacyNlpEngine):
    """Every label of the model that is not in ENTITIES is ignored."""

    def load(self):
        model = spacy.load("ja_ginza")
        others = sorted(set(model.get_pipe("ner").labels) - set(ENTITIES))
        self.ner_model_configuration = NerModelConfiguration(model_to_presidio_entity_mapping=ENTITIES, labels_to_ignore=others)
        self.nlp = {"ja": model}


if __name__ == "__main__":
    main(engine(Ginza(), [SpacyRecognizer(supported_language="ja", supported_entities=["PERSON", "LOCATION"])]))
