#!/usr/bin/env python3
"""Presidio without a model: its AnalyzerEngine over a blank Japanese spaCy pipeline, with recognisers for Japan.

    adapters/install presidio_blank
    owabi test --label-map presidio --detector 'process:adapters/.venvs/presidio_blank/bin/python adapters/presidio_blank.py'

Presidio 2.2.366 has no recogniser for Japan and no Japanese model of its own, so this is what someone who knows it writes first:
patterns with check digits for what has a shape, patterns behind a label for what has none, and context words for what has too little.
Word boundaries are written out, because Python's \\b sees none between 「は」 and 「info@…」; deny lists are not used for the same reason.

It answers values as `findings` under Presidio's names. Presidio has no notion of a category that is only named, so the words for
categories are one more pattern, the same as in regex_baseline.py, and so is the way their status is told.
"""

import json
import re
import sys

import spacy
from presidio_analyzer import AnalyzerEngine, Pattern, PatternRecognizer, RecognizerRegistry
from presidio_analyzer.nlp_engine import SpacyNlpEngine
from presidio_analyzer.predefined_recognizers import CreditCardRecognizer, IpRecognizer, MacAddressRecognizer, UsSsnRecognizer

from regex_baseline import TERM, WORDS, data, normalise

# Below this a finding is dropped. Presidio lifts what has a context word near it to at least 0.4.
THRESHOLD = 0.4
# The tokeniser refuses more than 49,149 bytes at once; a piece is whole lines of so many characters, or one long line cut.
PIECE = 10_000
# The entity of the words for categories.
CATEGORY = "CATEGORY"


def digits(text):
    return [int(character) for character in text if character.isdigit()]


def my_number(text):
    """The last of twelve digits is a check digit."""
    numbers = digits(text)
    rest = sum(digit * (place + 1 if place <= 6 else place - 5) for place, digit in enumerate(reversed(numbers[:11]), start=1)) % 11
    return numbers[11] == (0 if rest <= 1 else 11 - rest)


def corporate_number(text):
    """The first of thirteen digits is a check digit."""
    numbers = digits(text)
    return numbers[0] == 9 - sum(digit * (1 if place % 2 else 2) for place, digit in enumerate(reversed(numbers[1:]), start=1)) % 9


def drivers_license(text):
    """The eleventh of twelve digits is a check digit."""
    numbers = digits(text)
    rest = sum(digit * weight for digit, weight in zip(numbers, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2])) % 11
    return numbers[10] == (0 if rest <= 1 else 11 - rest)


class Checked(PatternRecognizer):
    """A pattern with a check digit: what fails it is dropped, what passes is certain."""

    def __init__(self, check, **settings):
        self.check = check
        super().__init__(**settings)

    def validate_result(self, pattern_text):
        return self.check(pattern_text)


NO_DIGIT_BEFORE, NO_DIGIT_BEHIND = r"(?<![\d-])", r"(?![\d-])"
LABELLED = r"(?<=(?:{})[: ] *)"
DATE = r"(?:\d{4}|(?:明治|大正|昭和|平成|令和|[MTSHR])\s?(?:\d{1,2}|元))[年/.-]\d{1,2}[月/.-]\d{1,2}日?"

# Entity, pattern, score, context words, check.
VALUES = [
    ("EMAIL_ADDRESS", r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]+@(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}", 0.9, [], None),
    ("PHONE_NUMBER", NO_DIGIT_BEFORE + r"(?:0\d{1,4}-\d{1,4}-\d{3,4}|0\d{1,4}\(\d{1,4}\)\d{4}|\(0\d{1,4}\)\d{1,4}-\d{4})"
        + NO_DIGIT_BEHIND, 0.7, [], None),
    ("PHONE_NUMBER", NO_DIGIT_BEFORE + r"0(?:[5789]0\d{8}|\d{9})" + NO_DIGIT_BEHIND, 0.3, ["電話", "携帯", "TEL", "FAX", "連絡"], None),
    ("PHONE_NUMBER", r"(?<![\d-])\+81[- ]?\d{1,4}[- ]?\d{1,4}[- ]?\d{3,4}" + NO_DIGIT_BEHIND, 0.8, [], None),
    ("JP_POSTAL_CODE", r"〒\s?\d{3}-?\d{4}" + NO_DIGIT_BEHIND, 0.9, [], None),
    ("JP_POSTAL_CODE", NO_DIGIT_BEFORE + r"\d{3}-\d{4}" + NO_DIGIT_BEHIND, 0.2, ["郵便", "住所"], None),
    ("LOCATION", r"(?:東京都|北海道|(?:大阪|京都)府|(?:神奈川|和歌山|鹿児島|[一-龥]{2})県)[一-龥ぁ-んァ-ヶー々]{1,12}?[市区町村郡]"
        + r"[^\s、。,;「」()<>]{0,20}?\d+(?:丁目|番地?|号|-|の|\d)*", 0.8, [], None),
    ("JP_MY_NUMBER", NO_DIGIT_BEFORE + r"\d{4}([ -]?)\d{4}\1\d{4}" + NO_DIGIT_BEHIND, 0.4, ["マイナンバー", "個人番号"], my_number),
    ("JP_CORPORATE_NUMBER", NO_DIGIT_BEFORE + r"\d{13}" + NO_DIGIT_BEHIND, 0.4, ["法人"], corporate_number),
    ("JP_DRIVER_LICENSE", r"(?<=免許[^\d\n]{0,12})" + NO_DIGIT_BEFORE + r"\d{12}" + NO_DIGIT_BEHIND, 0.4, ["免許"], drivers_license),
    ("JP_PASSPORT", r"(?<![A-Za-z0-9])[A-Z]{2}\d{7}(?![A-Za-z0-9])", 0.3, ["旅券", "パスポート"], None),
    ("JP_RESIDENCE_CARD", r"(?<![A-Za-z0-9])[A-Z]{2}\d{8}[A-Z]{2}(?![A-Za-z0-9])", 0.7, ["在留"], None),
    ("JP_PENSION_NUMBER", NO_DIGIT_BEFORE + r"\d{4}-?\d{6}" + NO_DIGIT_BEHIND, 0.1, ["年金"], None),
    ("JP_HEALTH_INSURANCE", NO_DIGIT_BEFORE + r"\d{8}" + NO_DIGIT_BEHIND, 0.1, ["保険", "被保険"], None),
    ("JP_BANK_ACCOUNT", r"(?<=(?:普通|当座|貯蓄)(?:預金)?[:\s]*)\d{6,7}" + NO_DIGIT_BEHIND, 0.8, [], None),
    ("JP_BANK_ACCOUNT", NO_DIGIT_BEFORE + r"\d{7}" + NO_DIGIT_BEHIND, 0.1, ["口座"], None),
    ("JP_VEHICLE_REGISTRATION", r"[一-龥ぁ-ん]{1,4}\s?\d{2,3}\s?[ぁ-ん]\s?\d{1,2}-\d{2}(?!\d)", 0.7, [], None),
    ("JP_CUSTOMER_ID", LABELLED.format("会員番号|会員ID|顧客番号|顧客ID|お客様番号") + r"[A-Za-z]{0,4}-?\d[\d-]{3,}", 0.8, [], None),
    ("JP_EMPLOYEE_ID", LABELLED.format("社員番号|職員番号|従業員番号") + r"[A-Za-z]{0,4}-?\d[\d-]{2,}", 0.8, [], None),
    ("JP_STUDENT_ID", LABELLED.format("学籍番号|学生番号|受験番号") + r"[A-Za-z0-9-]{4,}", 0.8, [], None),
    ("ID", LABELLED.format("患者番号|患者ID|診察券番号|カルテ番号") + r"[A-Za-z]{0,4}-?\d[\d-]{2,}", 0.8, [], None),
    ("DATE_OF_BIRTH", LABELLED.format("生年月日|誕生日") + DATE, 0.9, [], None),
    ("DATE_OF_BIRTH", DATE + r"(?=\s?生(?:まれ)?)", 0.9, [], None),
    ("PERSON", LABELLED.format("氏名|お名前|名前|姓名|担当者|担当") + r"[一-龥々ぁ-んァ-ヶー]{1,5}[ \t]?[一-龥々ぁ-んァ-ヶー]{1,5}", 0.6, [], None),
    ("PERSON", r"(?<![一-龥々])[一-龥々]{1,3}[ \t][一-龥々ぁ-ん]{1,4}(?=\s?(?:様|さん|氏)(?![一-龥]))", 0.6, [], None),
]


class BlankJapanese(SpacyNlpEngine):
    """Only splits words, so that context words can be looked for."""

    def load(self):
        self.nlp = {"ja": spacy.blank("ja")}


def recognisers():
    # Presidio ignores capitals unless it is told otherwise.
    settings = {"supported_language": "ja", "global_regex_flags": re.DOTALL | re.MULTILINE}
    for number, (entity, pattern, score, context, check) in enumerate(VALUES):
        own = {"supported_entity": entity, "patterns": [Pattern(entity, pattern, score)], "context": context, "name": f"{entity} {number}"}
        yield Checked(check, **own, **settings) if check else PatternRecognizer(**own, **settings)
    yield PatternRecognizer(supported_entity=CATEGORY, patterns=[Pattern(CATEGORY, TERM.pattern, 0.5)], **settings)
    # Presidio's own, with word boundaries that know Japanese.
    card = Pattern("card", NO_DIGIT_BEFORE + r"(?:[2-6]\d{3}([ -]?)\d{4}\1\d{4}\1\d{4}|3\d{3}([ -]?)\d{6}\2\d{4,5})" + NO_DIGIT_BEHIND, 0.3)
    yield CreditCardRecognizer(patterns=[card], context=["カード"], supported_language="ja")
    ipv4 = Pattern("IPv4", r"(?<![\d.])(?:{0}\.){{3}}{0}(?!\.?\d)".format(r"(?:25[0-5]|2[0-4]\d|1?\d?\d)"), 0.6)
    ipv6 = Pattern("IPv6", r"(?<![0-9A-Za-z:])(?:[0-9A-Fa-f]{0,4}:){2,7}[0-9A-Fa-f]{1,4}(?![0-9A-Za-z:])", 0.6)
    yield IpRecognizer(patterns=[ipv4, ipv6], supported_language="ja")
    yield MacAddressRecognizer(supported_language="ja")
    yield UsSsnRecognizer(supported_language="ja")


def engine(nlp_engine, more=()):
    """Presidio with these recognisers and `more`."""
    nlp_engine.load()
    registry = RecognizerRegistry(recognizers=[*recognisers(), *more], supported_languages=["ja"])
    return AnalyzerEngine(registry=registry, nlp_engine=nlp_engine, supported_languages=["ja"])


def pieces(text):
    """The text in pieces with their starts."""
    start = 0
    while start < len(text):
        end = start + PIECE
        if end < len(text):
            end = text.rfind("\n", start, end) + 1 or end
        yield start, text[start:end]
        start = end


def answer(analyzer, question):
    text, places = normalise(question["text"])
    findings, mentions = [], []
    for offset, piece in pieces(text):
        for result in sorted(analyzer.analyze(piece, language="ja", score_threshold=THRESHOLD), key=lambda found: (found.start, found.end)):
            start, end = offset + result.start, offset + result.end
            if result.entity_type == CATEGORY:
                mentions.append((WORDS[text[start:end]], start, end))
            elif start < end:
                span = {"start": places[start], "end": places[end - 1] + 1}
                findings.append({"label": result.entity_type, **span, "score": round(result.score, 3)})
    return {"id": question["id"], "labels": {"data": data(mentions, text, places)}, "findings": findings}


def main(analyzer):
    for line in sys.stdin:
        if line.strip():
            print(json.dumps(answer(analyzer, json.loads(line)), ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main(engine(BlankJapanese()))
