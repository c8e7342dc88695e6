#!/usr/bin/env python3
"""Judges an exported folder by readers that are not ours: dataset_check.py FOLDER

What each format's own rules ask for, by Python's standard library; by mlcroissant and PyYAML,
too, where they are installed. Prints what it checked, or what is wrong, and exits 1.
"""
import csv
import hashlib
import json
import os
import re
import sys
import xml.etree.ElementTree as ET

folder = sys.argv[1]
faults = []


def fault(text):
    faults.append(text)


def path(name):
    return os.path.join(folder, name)


def load(name):
    with open(path(name), encoding="utf-8") as f:
        return json.load(f)


manifest = load("manifest.json")
FORMAT = manifest["format"]
SPLITS = ["train", "validation", "test"]
columns = [c["name"] for c in manifest["columns"]]
kinds = {c["name"]: c["type"] for c in manifest["columns"]}


def check_files():
    for f in manifest["files"]:
        with open(path(f["name"]), "rb") as b:
            data = b.read()
        if hashlib.sha256(data).hexdigest() != f["sha256"] or len(data) != f["bytes"]:
            fault(f"{f['name']}: not the bytes that the manifest tells of")


def rows(split):
    name = manifest["files"][SPLITS.index(split)]["name"]
    with open(path(name), encoding="utf-8", newline="") as f:
        if FORMAT in ("csv", "croissant"):
            return list(csv.DictReader(f, strict=True))
        if FORMAT == "labelstudio":
            return [t["data"] for t in json.load(f)]
        return [json.loads(line) for line in f]


def check_rows():
    families = {}
    for split in SPLITS:
        got = rows(split)
        if len(got) != manifest["split"]["rows"][split]:
            fault(f"{split}: {len(got)} rows, the manifest says {manifest['split']['rows'][split]}")
        for r in got:
            if set(columns) - set(r):
                fault(f"{split}: a row without {set(columns) - set(r)}")
                return
            if families.setdefault(r["family"], split) != split:
                fault(f"family {r['family']} is on two sides")


def front_matter():
    with open(path("README.md"), encoding="utf-8") as f:
        text = f.read()
    m = re.match(r"---\n(.*?)\n---\n", text, re.S)
    if not m:
        fault("README.md has no front matter")
        return None, ""
    try:
        import yaml
    except ImportError:
        return None, m.group(1)
    return yaml.safe_load(m.group(1)), m.group(1)


def check_configs(data):
    files = data["configs"][0]["data_files"]
    for f in files:
        if f["split"] not in SPLITS:
            fault(f"no split {f['split']}")
        place = f["path"].replace("/**", "")
        if not os.path.exists(path(place)):
            fault(f"the card names {f['path']}, which is not there")
    with_rows = [s for s in SPLITS if manifest["split"]["rows"][s]]
    if [f["split"] for f in files] != with_rows and FORMAT in ("huggingface", "imagefolder"):
        fault(f"splits of the card: {files}")


def of_type(value, feature):
    if value is None:
        return True
    if "list" in feature:
        return isinstance(value, list) and all(
            list(x) == [m["name"] for m in feature["list"]]
            and all(of_type(x[m["name"]], m) for m in feature["list"])
            for x in value
        )
    if "sequence" in feature:
        return isinstance(value, list) and all(isinstance(x, str) for x in value)
    if feature["dtype"] == "float64":
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    return feature["dtype"] == "string" and isinstance(value, str)


def check_huggingface():
    data, text = front_matter()
    if data is None:
        print("not checked: the card's types, as python3-yaml is not there")
        return
    check_configs(data)
    features = data["dataset_info"]["features"]
    if [f["name"] for f in features] != columns:
        fault("features of the card are not the columns")
    for s in data["dataset_info"]["splits"]:
        if s["num_examples"] != manifest["split"]["rows"][s["name"]]:
            fault(f"num_examples of {s['name']}")
    for split in SPLITS:
        for r in rows(split):
            if list(r) != columns:
                fault(f"{split}: a row's members are not the columns, in order")
                return
            for f in features:
                if not of_type(r[f["name"]], f):
                    fault(f"{split}: {f['name']} is {r[f['name']]!r}, not {f}")
                    return


# Of schema.org, as far as it is used; all else has to be a term of the context.
SCHEMA = {
    "name", "description", "license", "url", "creator", "datePublished", "version",
    "inLanguage", "distribution", "contentUrl", "contentSize", "encodingFormat", "sha256",
}


def check_terms(x, context):
    if isinstance(x, list):
        for i in x:
            check_terms(i, context)
    elif isinstance(x, dict):
        for key, value in x.items():
            if not key.startswith("@") and key not in context and key not in SCHEMA:
                fault(f"croissant.json: {key} is no term")
            if key != "data":
                check_terms(value, context)


def check_field(field, record_set, files, header, ids):
    if field["@type"] != "cr:Field" or not field["@id"].startswith(record_set["@id"] + "/"):
        fault(f"field {field['@id']}")
    if field["@id"] in ids:
        fault(f"{field['@id']} is there twice")
    ids.add(field["@id"])
    if field["dataType"] not in ("sc:Text", "sc:Float", "cr:Split"):
        fault(f"{field['@id']} has data type {field['dataType']}")
    if "source" in field:
        at = field["source"]["fileObject"]["@id"]
        if at not in files or field["source"]["extract"]["column"] not in header[at]:
            fault(f"{field['@id']} comes from nowhere")


def check_croissant():
    d = load("croissant.json")
    for key in ("@context", "@type", "conformsTo", "description", "license", "name", "url",
                "creator", "datePublished", "distribution", "recordSet"):
        if not d.get(key):
            fault(f"croissant.json lacks {key}")
    if d["@type"] != "sc:Dataset" or d["conformsTo"] != "http://mlcommons.org/croissant/1.0":
        fault("croissant.json is no dataset of Croissant 1.0")
    context = d["@context"]
    if context["@vocab"] != "https://schema.org/" or context["cr"] != "http://mlcommons.org/croissant/":
        fault("croissant.json has another context")
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", d["datePublished"]):
        fault("datePublished is no date")
    check_terms({k: v for k, v in d.items() if k != "@context"}, context)
    sums = {f["name"]: f["sha256"] for f in manifest["files"]}
    files, header, ids = {}, {}, set()
    for f in d["distribution"]:
        if f["@type"] != "cr:FileObject" or f["encodingFormat"] != "text/csv":
            fault(f"{f['@id']} is of type {f['@type']}")
        if f["sha256"] != sums[f["contentUrl"]]:
            fault(f"{f['@id']} has another checksum")
        files[f["@id"]] = f
        with open(path(f["contentUrl"]), encoding="utf-8", newline="") as c:
            header[f["@id"]] = next(csv.reader(c))
    sets = {r["@id"]: r for r in d["recordSet"]}
    for r in d["recordSet"]:
        if r["@type"] != "cr:RecordSet" or r["@id"] in ids:
            fault(f"record set {r['@id']}")
        ids.add(r["@id"])
        for field in r["field"]:
            check_field(field, r, files, header, ids)
    for r in d["recordSet"]:
        for field in r["field"]:
            if "references" in field and field["references"]["@id"] not in ids:
                fault(f"{field['@id']} refers to nothing")
    splits = sets["splits"]
    if splits["dataType"] != "cr:Split" or splits["key"]["@id"] != "splits/name":
        fault("the splits are none")
    if [x["splits/name"] for x in splits["data"]] != SPLITS or not set(SPLITS) <= set(sets):
        fault("the splits are not those of the files")
    for split in SPLITS:
        if [f["name"].split("/")[1] for f in sets[split]["field"]] != columns:
            fault(f"fields of {split} are not the columns")
        for r in rows(split):
            for field in sets[split]["field"]:
                value = r[field["name"].split("/")[1]]
                if field["dataType"] == "sc:Float" and value:
                    float(value)
    try:
        import mlcroissant
    except ImportError:
        return
    mlcroissant.Dataset(jsonld=path("croissant.json"))


def check_result(task, made):
    for r in made["result"]:
        if (r["from_name"], r["to_name"], r["type"]) != ("category", "title", "choices"):
            fault(f"{task['data']['piped']}: a result for another interface")
        if len(r["value"]["choices"]) != 1:
            fault(f"{task['data']['piped']}: not one choice")
    return made["result"][0]["value"]["choices"][0]


def check_labelstudio():
    view = ET.parse(path("label-config.xml")).getroot()
    text, choices = view.find("Text"), view.find("Choices")
    if text.get("value") != "$title" or choices.get("toName") != text.get("name"):
        fault("label-config.xml does not fit itself")
    known = {c.get("value") for c in choices.findall("Choice")}
    if len(known) < 2:
        fault("label-config.xml has no choices")
    for split in SPLITS:
        for task in load(f"{split}.json"):
            if "/" not in task["data"]["piped"] or not isinstance(task["data"]["title"], str):
                fault("a task that names no listing")
            for p in task["predictions"]:
                check_result(task, p)
                if not 0 <= p["score"] <= 1 or not p["model_version"]:
                    fault(f"{task['data']['piped']}: prediction {p}")
            for a in task["annotations"]:
                check_result(task, a)
                if not re.match(r"piped-\d+-" + re.escape(check_result(task, a)) + "$", a["result"][0]["id"]):
                    fault(f"{task['data']['piped']}: annotation {a}")


def check_imagefolder():
    data, _ = front_matter()
    if data is not None:
        check_configs(data)
    for split in SPLITS:
        seen = set()
        for r in rows(split):
            name = r["file_name"]
            if name in seen or name.split("/")[0] != r["category"]:
                fault(f"{split}: {name} of {r['category']}")
            seen.add(name)
            with open(path(f"{split}/{name}"), "rb") as f:
                if hashlib.sha256(f.read()).hexdigest() != r["image_sha256"]:
                    fault(f"{split}/{name} is another picture")
        there = {
            os.path.relpath(os.path.join(at, f), path(split))
            for at, _, fs in os.walk(path(split)) for f in fs
        } - {"metadata.jsonl"}
        if there != seen:
            fault(f"{split}: pictures that no row names: {there - seen}")


check_files()
check_rows()
if FORMAT in ("huggingface", "croissant", "labelstudio", "imagefolder"):
    globals()["check_" + FORMAT]()
for text in faults[:20]:
    print(text)
if not faults:
    print(f"{FORMAT}: {manifest['rows']} rows are as they should be")
sys.exit(1 if faults else 0)
