"""Counts spans with nervaluate: a document a line on stdin, its counts and scores a line on stdout.

{"gold":[["a",0,4]],"predicted":[["b",2,6]]}  →  {"strict":[COR,INC,PAR,MIS,SPU,P,R,F1],"exact":…,"partial":…,"ent_type":…}

The spans that are read are half-open; nervaluate's ends are inclusive.
"""

import json
import sys

from nervaluate import Evaluator

TAGS = ["a", "b", "c", "d"]
FIGURES = ["correct", "incorrect", "partial", "missed", "spurious", "precision", "recall", "f1"]


def entities(spans):
    return [{"label": label, "start": start, "end": end - 1} for label, start, end in spans]


for line in sys.stdin:
    document = json.loads(line)
    evaluator = Evaluator([entities(document["gold"])], [entities(document["predicted"])], tags=TAGS, loader="dict")
    overall = evaluator.evaluate()["overall"]
    print(json.dumps({scheme: [getattr(result, figure) for figure in FIGURES] for scheme, result in overall.items()}))
