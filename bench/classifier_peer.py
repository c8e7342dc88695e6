#!/usr/bin/env python3
"""scikit-learn beside pipeclass: LinearSVC over TF-IDF of characters 1-5 and words 1-2.

classifier_peer.py TRAIN TEST, both __label__CATEGORY TITLE, titles in their normal form. One
line: top-1, top-3, macro-F1, CPU seconds to train, peak MB, microseconds a title."""
import resource
import sys
import time

import numpy
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import f1_score
from sklearn.pipeline import make_union
from sklearn.svm import LinearSVC


def read(path):
    labels, titles = [], []
    with open(path, encoding="utf-8", newline="\n") as f:
        for line in f:
            label, _, title = line.rstrip("\n").partition(" ")
            labels.append(label)
            titles.append(title)
    return labels, titles


def main():
    (train_labels, train_titles), (labels, titles) = read(sys.argv[1]), read(sys.argv[2])
    began = time.process_time()
    features = make_union(
        TfidfVectorizer(analyzer="char", ngram_range=(1, 5), sublinear_tf=True, min_df=2, dtype=numpy.float32),
        TfidfVectorizer(ngram_range=(1, 2), token_pattern=r"\S+", sublinear_tf=True, min_df=2, dtype=numpy.float32),
    )
    model = LinearSVC(C=0.3)
    model.fit(features.fit_transform(train_titles), train_labels)
    train_seconds = time.process_time() - began
    began = time.process_time()
    scores = numpy.atleast_2d(model.decision_function(features.transform(titles)))
    seconds = time.process_time() - began
    if scores.shape[0] != len(titles):
        scores = numpy.stack([-scores[0], scores[0]], axis=1)
    best = numpy.argsort(-scores, axis=1)[:, :3]
    truth = numpy.array(labels)
    names = model.classes_[best]
    top1 = (names[:, 0] == truth).mean()
    top3 = (names == truth[:, None]).any(axis=1).mean()
    macro = f1_score(truth, names[:, 0], average="macro", zero_division=0)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{top1:.4f} {top3:.4f} {macro:.4f} {train_seconds:.2f} {peak} {seconds * 1e6 / len(titles):.1f}")


main()
