"""The same words and expressions by Python's re: rules_peer.py RULES.yaml LISTINGS.tsv.gz TITLES

All words as one alternation, longest first, each expression by itself; only finding, no deciding.
"""
import gzip
import json
import re
import sys
import time

rules = json.load(open(sys.argv[1], encoding="utf-8"))["rules"]
titles = []
with gzip.open(sys.argv[2], "rt", encoding="utf-8") as f:
    next(f)
    for line in f:
        titles.append(line.split("\t")[1].casefold())
        if len(titles) == int(sys.argv[3]):
            break
words = {w for r in rules.values() for k in ("any", "all", "none") for w in r.get(k, [])}
words = re.compile("|".join(re.escape(w) for w in sorted(words, key=len, reverse=True)))
expressions = [re.compile(r["regex"]) for r in rules.values() if "regex" in r]
start = time.process_time()
for title in titles:
    words.findall(title)
    for e in expressions:
        e.search(title)
spent = time.process_time() - start
print(f"python re: {spent * 1e6 / len(titles):.0f} us a title ({len(titles)} titles)")
