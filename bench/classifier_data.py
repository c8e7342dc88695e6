#!/usr/bin/env python3
"""The sets that bench/classifier.sh measures on, as title TAB category, from ../shared/data.

classifier_data.py SET FOLDER writes FOLDER/train.tsv and FOLDER/test.tsv. bunjang has its own
two files, split by time. The others are split by a hash of the title, a fifth for the test, so
that equal titles are on one side; rows without a title or a label are left out, labels stand
as they are found."""
import csv
import gzip
import hashlib
import os
import sys

SHARED = os.path.join(os.path.dirname(__file__), "..", "..", "shared", "data")


def bunjang():
    for part in ("train", "test"):
        with gzip.open(os.path.join(SHARED, "bunjang", part + ".tsv.gz"), "rt", newline="\n") as f:
            for line in f:
                title, category = line.rstrip("\n").split("\t")
                yield part, title, category


def hashed(rows):
    for title, category in rows:
        title, category = title.strip(), category.strip()
        if title and category:
            plain = " ".join(title.lower().split())
            part = hashlib.md5(plain.encode()).digest()[0] % 5 == 0
            yield "test" if part else "train", title, category


def joripje():
    with gzip.open(os.path.join(SHARED, "joripje-search", "titles.tsv.gz"), "rt", newline="\n") as f:
        yield from hashed(line.rstrip("\n").split("\t")[:2] for line in f)


def pricerunner():
    path = os.path.join(SHARED, "pricerunner-noisy", "products.csv.gz")
    with gzip.open(path, "rt", newline="") as f:
        rows = csv.DictReader(f, skipinitialspace=True)
        yield from hashed((r["Product Title"] or "", r["Category Label"] or "") for r in rows)


def main():
    sets = {"bunjang": bunjang, "joripje": joripje, "pricerunner": pricerunner}
    if len(sys.argv) != 3 or sys.argv[1] not in sets:
        sys.exit("classifier_data: SET FOLDER, a set of " + ", ".join(sets))
    files = {p: open(os.path.join(sys.argv[2], p + ".tsv"), "w", newline="\n") for p in ("train", "test")}
    for part, title, category in sets[sys.argv[1]]():
        files[part].write(title.replace("\t", " ").replace("\r", " ").replace("\n", " ") + "\t" + category + "\n")
    for f in files.values():
        f.close()


try:
    main()
except FileNotFoundError as e:
    sys.exit(f"classifier_data: no {e.filename}")
