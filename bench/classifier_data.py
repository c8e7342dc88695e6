#!/usr/bin/env python3
"""The sets that bench/classifier.sh measures on, as title TAB category, from ../shared/data.

classifier_data.py SET FOLDER writes FOLDER/train.tsv and FOLDER/test.tsv. bunjang has its own
two files, split by time. The others are split by a hash of the title, a fifth for the test, so
that equal titles are on one side; rows without a title or a label are left out, labels stand
as they are found. thousand has 1,000 classes: Bunjang's titles by the brand that was searched
for and the category, the 1,000 commonest pairs. grown-N has N rows made of Bunjang's titles: each
as it is, then with words of its neighbours in it."""
import collections
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


def thousand():
    with gzip.open(os.path.join(SHARED, "bunjang", "listings.tsv.gz"), "rt", newline="\n") as f:
        names = f.readline().rstrip("\n").split("\t")
        title, category, brand = (names.index(x) for x in ("title", "category_path", "brand_query"))
        rows = [line.rstrip("\n").split("\t") for line in f]
    rows = [(r[title], r[category] + ">" + r[brand]) for r in rows]
    usual = {pair for pair, _ in collections.Counter(pair for _, pair in rows).most_common(1000)}
    yield from hashed(r for r in rows if r[1] in usual)


def grown(n):
    kept = []
    for part, title, category in bunjang():
        if part == "test":
            yield part, title, category
        else:
            kept.append((title, category))
    for i in range(n):
        turn, at = divmod(i, len(kept))
        title, category = kept[at]
        if turn:
            words = kept[(at + turn * 7919) % len(kept)][0].split()
            title = " ".join([title] + words[turn % 3 : turn % 3 + 2])
        yield "train", title, category


def main():
    sets = {"bunjang": bunjang, "joripje": joripje, "pricerunner": pricerunner, "thousand": thousand}
    if len(sys.argv) == 3 and sys.argv[1].startswith("grown-") and sys.argv[1][6:].isdigit():
        sets[sys.argv[1]] = lambda: grown(int(sys.argv[1][6:]))
    if len(sys.argv) != 3 or sys.argv[1] not in sets:
        sys.exit("classifier_data: SET FOLDER, a set of grown-N, " + ", ".join(sets))
    files = {p: open(os.path.join(sys.argv[2], p + ".tsv"), "w", newline="\n") for p in ("train", "test")}
    for part, title, category in sets[sys.argv[1]]():
        files[part].write(title.replace("\t", " ").replace("\r", " ").replace("\n", " ") + "\t" + category + "\n")
    for f in files.values():
        f.close()


try:
    main()
except FileNotFoundError as e:
    sys.exit(f"classifier_data: no {e.filename}")
