"""What reading the pages of extractor_bench costs others: parsel, lxml, json, extruct.

Usage: extractor_peers.py FOLDER SECONDS
FOLDER has what extractor_bench left there. Each peer reads the same five fields by the same
selectors, for SECONDS of CPU or a round if that takes longer, and must find what piped found
(real pages: it is said how many fields are the same). Prints the whole table.
"""
import glob
import json
import os
import sys
import time

FIELDS = {
    "html": ("::attr(data-id)", "a.link::attr(href)", "h3.title::text", ".meta > .price::text",
             ".thumb img::attr(src)"),
    "html-real": ("link[rel=canonical]::attr(href)", "meta[property='og:url']::attr(content)",
                  "h1::text", "[itemprop=price]::attr(content)",
                  "meta[property='og:image']::attr(content)"),
}


def parsel_html(body):
    page = Selector(text=body.decode("utf-8", "replace"))
    more = page.css("a[rel=next]").get() is not None
    return [
        [item.attrib["data-id"], *(item.css(css).get() for css in FIELDS["html"][1:])]
        for item in page.css("ul.items > li:not(.ad)")
    ], more


def parsel_one(body):
    page = Selector(text=body.decode("utf-8", "replace"))
    return [[page.css(css).get() for css in FIELDS["html-real"]]]


def compile_xpath(css):
    """What parsel makes of a selector, compiled once, as a careful user of lxml does."""
    return etree.XPath(HTMLTranslator().css_to_xpath(css) if "::" in css
                       else HTMLTranslator().css_to_xpath(css))


def first(found):
    return found[0] if found else None


class LxmlHtml:
    def __init__(self):
        self.items = compile_xpath("ul.items > li:not(.ad)")
        self.fields = [compile_xpath(css) for css in FIELDS["html"][1:]]
        self.more = compile_xpath("a[rel=next]")

    def __call__(self, body):
        page = html.fromstring(body)
        return [[item.get("data-id"), *(first(x(item)) for x in self.fields)]
                for item in self.items(page)], bool(self.more(page))


class LxmlOne:
    def __init__(self):
        self.fields = [compile_xpath(css) for css in FIELDS["html-real"]]

    def __call__(self, body):
        page = html.fromstring(body)
        return [[first(x(page)) for x in self.fields]]


def json_list(body):
    page = json.loads(body)
    return [[i.get("pid"), i.get("pid"), i.get("name"), i.get("price"), i.get("product_image")]
            for i in page["list"] if not i.get("ad")], not page["no_result"]


def of_product(p):
    offers = p.get("offers") or {}
    return [p.get("sku"), p.get("url"), p.get("name"), offers.get("price"), p.get("image")]


def parsel_jsonld(body):
    rows = []
    page = Selector(text=body.decode())
    for text in page.css("script[type='application/ld+json']::text").getall():
        rows += [of_product(i["item"]) for i in json.loads(text).get("itemListElement", [])]
    return rows


def extruct_jsonld(body):
    found = extruct.extract(body, syntaxes=["json-ld"])["json-ld"]
    return [of_product(i["item"]) for d in found for i in d.get("itemListElement", [])]


def extruct_all(body):
    """The syntaxes that format auto reads; not made products of."""
    return extruct.extract(body, syntaxes=["json-ld", "microdata", "opengraph", "rdfa"],
                           errors="ignore")


def rows_of(answer):
    return answer[0] if isinstance(answer, tuple) else answer


def text_of(rows):
    clean = str.maketrans("\t\r\n", "   ")
    return [[(f or "").translate(clean).strip() for f in row] for row in rows]


def wanted(folder, name):
    with open(os.path.join(folder, name + ".want"), encoding="utf-8") as f:
        return [line.rstrip("\n").split("\t") for line in f]


def same(folder, name, answers, real):
    """How many fields are as piped has them."""
    want = [[f.strip() for f in row] for row in wanted(folder, name)]
    got = [row for rows in answers for row in text_of(rows)]
    if real:  # a page without a heading is no listing to piped
        want = {row[2]: row for row in want}
        got = [row for row in got if row[2] in want]
        pairs = [(want[row[2]], row) for row in got]
    else:
        if len(got) != len(want):
            sys.exit(f"{name}: {len(got)} listings, piped found {len(want)}")
        pairs = list(zip(want, got))
    fields = [(a, b) for w, g in pairs for a, b in zip(w, g)]
    equal = sum(a == b for a, b in fields)
    if not real and equal != len(fields):
        sys.exit(f"{name}: other fields than piped found: {next(p for p in fields if p[0] != p[1])}")
    return equal, len(fields)


def measure(read, pages, seconds):
    """Of the rounds the quickest, as others use the machine, too."""
    read(pages[0])
    first = time.process_time()
    best = None
    while best is None or time.process_time() - first < seconds:
        start = time.process_time()
        for body in pages:
            try:
                read(body)
            except Exception:  # a page that a peer fails on is read by it, too
                pass
        spent = time.process_time() - start
        best = spent if best is None else min(best, spent)
    return best / len(pages)


def load():
    """The peers that are installed, and the names of the packages that are not."""
    missing = []
    for module, package, names in (
            ("parsel", "python3-parsel", ("Selector",)),
            ("lxml", "python3-lxml", ("etree", "html")),
            ("cssselect", "python3-cssselect", ()),
            ("extruct", "python3-extruct", None)):
        try:
            loaded = __import__(module, fromlist=names or [""])
        except ImportError:
            missing.append(package)
            continue
        for name in names or ():
            globals()[name] = getattr(loaded, name)
        globals()[module] = loaded
    if "parsel" in globals():
        globals()["HTMLTranslator"] = __import__("parsel.csstranslator", fromlist=[""]).HTMLTranslator
    return missing


def peers():
    has = globals()
    yield "json", "Python json", json_list
    if "parsel" in has:
        yield "html", "parsel", parsel_html
    if "lxml" in has and "parsel" in has:
        yield "html", "lxml, compiled", LxmlHtml()
    if "parsel" in has:
        yield "auto", "parsel + json", parsel_jsonld
    if "extruct" in has:
        yield "auto", "extruct, JSON-LD", extruct_jsonld
    if "parsel" in has:
        yield "html-real", "parsel", parsel_one
    if "lxml" in has and "parsel" in has:
        yield "html-real", "lxml, compiled", LxmlOne()
    if "extruct" in has:
        yield "auto-real", "extruct, 4 syntaxes", extruct_all


def show(name, who, ns, size, ratio, note=""):
    print(f"{name:<10} {who:<20} {ns / 1e3:>10.0f} {size * 1e3 / ns:>8.1f} {ratio:>8.2f}  {note}".rstrip())


def main():
    folder, seconds = sys.argv[1], float(sys.argv[2])
    missing = load()
    table = {}
    with open(os.path.join(folder, "piped.tsv"), encoding="ascii") as f:
        for line in f:
            name, ns, size = line.split()
            table[name] = float(ns), float(size)
    real = [open(p, "rb").read() for p in sorted(glob.glob(os.path.join(folder, "real", "*")))]
    print(f"{'page':<10} {'by':<20} {'us CPU':>10} {'MB/s':>8} {'x piped':>8}")
    rows = list(peers())
    for name, (ns, size) in table.items():
        show(name, "piped", ns, size, 1)
        pages = real if name.endswith("-real") else [open(os.path.join(folder, name + ".page"), "rb").read()]
        for peer, who, read in rows:
            if peer != name:
                continue
            note = ""
            if read is not extruct_all:
                equal, fields = same(folder, name, [rows_of(read(p)) for p in pages], name.endswith("-real"))
                note = f"{equal} of {fields} fields the same"
            cost = measure(read, pages, seconds) * 1e9
            show(name, who, cost, size, cost / ns, note)
    for package in missing:
        print(f"not compared: install {package}")


if __name__ == "__main__":
    main()
