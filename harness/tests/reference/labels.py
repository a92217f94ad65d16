"""Scores sets of labels with scikit-learn: a corpus a line on stdin, its scores a line on stdout.

{"gold":[["x","y"],[]],"predicted":[["x"],["y"]]}  →  {"labels":["x","y"],"micro":[P,R,F1],"f2":[F2],"macro":[P,R,F1],"each":[[P,R,F1],…]}

A list is a document's set of labels. `labels` are those that either side holds, sorted. F2 is F-beta with beta 2, micro-averaged.
"""

import json
import sys

from sklearn.metrics import fbeta_score, precision_recall_fscore_support
from sklearn.preprocessing import MultiLabelBinarizer

for line in sys.stdin:
    corpus = json.loads(line)
    labels = sorted({label for side in ("gold", "predicted") for document in corpus[side] for label in document})
    binarizer = MultiLabelBinarizer(classes=labels)
    gold, predicted = binarizer.fit_transform(corpus["gold"]), binarizer.transform(corpus["predicted"])
    scores = {"labels": labels}
    for average in ("micro", "macro"):
        scores[average] = precision_recall_fscore_support(gold, predicted, average=average, zero_division=0)[:3]
    scores["f2"] = [fbeta_score(gold, predicted, beta=2, average="micro", zero_division=0)]
    each = precision_recall_fscore_support(gold, predicted, average=None, zero_division=0)[:3]
    scores["each"] = [[float(figure) for figure in label] for label in zip(*each)]
    print(json.dumps(scores))
