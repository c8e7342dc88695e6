"""Makes rules of real titles: rules_make.py TRAIN.tsv.gz FOLDER RULES

Words are tokens of titles (and pieces of long ones) that tell a category; a rule has some of its
category, exceptions of others, and of ten rules three want two words at once, one has an
expression. Writes piped.yaml, taxonomy.yaml and rules.yaml to FOLDER.
"""
import collections
import gzip
import json
import random
import re
import sys
import unicodedata

train, folder, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
random.seed(6)


def normal(title):
    title = unicodedata.normalize("NFKC", title).casefold()
    title = re.sub(r"[\W_]+", " ", title)
    title = re.sub(
        r"(?<=[가-힣])(?=[a-z0-9])|(?<=[a-z])(?=[가-힣0-9])|(?<=[0-9])(?=[가-힣a-z])", " ", title
    )
    return " ".join(title.split())


counts = collections.Counter()
by_class = collections.defaultdict(collections.Counter)
phrases = collections.defaultdict(collections.Counter)
for line in gzip.open(train, "rt", encoding="utf-8"):
    title, category = line.rstrip("\n").split("\t")
    tokens = normal(title).split()
    tails = {t[-3:] for t in tokens if "가" <= t[0] <= "힣" and len(t) > 3}
    for token in tails | set(tokens):
        counts[token] += 1
        by_class[category][token] += 1
    for pair in set(zip(tokens, tokens[1:])):
        phrases[category][" ".join(pair)] += 1

classes = sorted(by_class)
telling = {}
for c in classes:
    own = by_class[c]
    telling[c] = sorted(w for w, n in own.items() if n >= 3 and len(w) > 1 and n > counts[w] / 2)
    phrases[c] = sorted(p for p, n in phrases[c].items() if n >= 3)


def words(c, n):
    return list(dict.fromkeys(random.choices(telling[c], k=n)))


def expression(c):
    a, b, d = (re.escape(random.choice(telling[c])) for _ in range(3))
    return random.choice(
        [f"{a} ?{b}", f"(^| )({a}|{b}) ?{d}( |$)", f"{a}.{{0,8}}{b}", f"{a}\\w*{b}", f"{a}(?! ?{b})"]
    )


rules = {}
for i in range(count):
    c = classes[i % len(classes)]
    others = random.choice(classes)
    rule = {"taxon": f"c{classes.index(c)}", "precision": 0.9}
    kind = i % 10
    if kind < 6:
        rule["any"] = words(c, random.randint(1, 4))
    elif kind < 9:
        rule["all"] = words(c, 2)
    else:
        rule["regex"] = expression(c)
    if kind < 6 and kind % 2 and phrases[c]:
        rule["any"].append(random.choice(phrases[c]))
    rule["none"] = words(others, random.randint(0, 6))
    if i % 3 == 0:
        rule["price-min"] = 1000
    rules[f"rule-{i}"] = {k: v for k, v in rule.items() if v != []}

with open(f"{folder}/taxonomy.yaml", "w", encoding="utf-8") as f:
    taxa = {f"c{i}": {"ko": c, "en": c} for i, c in enumerate(classes)}
    json.dump({"name": "bench", "version": 1, "taxa": taxa}, f, ensure_ascii=False)
with open(f"{folder}/rules.yaml", "w", encoding="utf-8") as f:
    json.dump({"rules": rules}, f, ensure_ascii=False, indent=1)
with open(f"{folder}/piped.yaml", "w", encoding="utf-8") as f:
    f.write("taxonomy: taxonomy.yaml\nrules: [rules.yaml]\n")
