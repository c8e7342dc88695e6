/* Every kind of mistake in every kind of file: where it is said to be, and what
 * is said about it. */
#include "base/buf.h"
#include "base/mem.h"
#include "config/conf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* Which file of a small good configuration is replaced by the text. */
enum file_part { PIPED, SOURCE, TAXONOMY, RULES, WORDS, PARTS };

static const char *const names[PARTS] = { "piped.yaml", "s.yaml", "t.yaml", "r.yaml", "w.yaml" };

static const char *const good[PARTS] = {
	[PIPED] = "sources: [s.yaml]\ntaxonomy: t.yaml\nrules: [r.yaml]\nwords: w.yaml\n",
	[SOURCE] = ("name: shop\nseeds:\n- page: list\n  url: https://a.example/?c={c}&p={p}\n"
		    "  vars: {c: [1, 2], p: 0}\npages:\n  list:\n    format: json\n    items: "
		    ".list[]\n"
		    "    fields: {id: .id, title: .t}\n    paging: {var: p, more: .more}\n"),
	[TAXONOMY] = ("name: t\nversion: 1\ntaxa:\n  a: {ko: 가, en: A}\n  a.b: {ko: 나, en: B}\n"
		      "mappings:\n  shop: {x: a.b}\n"),
	[RULES] = "rules:\n  r1: {taxon: a.b, any: [셔츠]}\n",
	[WORDS] = "brand: {nike: [나이키, nike]}\n",
};

/* Sources are told apart by what follows; the seed is one line to keep columns short. */
#define SEED "seeds: [{page: p, url: 'https://a.example/'}]\n"
#define PAGE "pages: {p: {format: json, fields: {id: .i, title: .t}}}\n"
#define TAXA "name: t\nversion: 1\ntaxa:\n  a: {ko: 가, en: A}\n"
/* a, a.b, c at version 3; the changes of version 2 and 3 follow, from line 10 and 13 on. */
#define PAST                                                                                       \
	"name: t\nversion: 3\ntaxa:\n  a: {ko: 가, en: A}\n  a.b: {ko: 나, en: B}\n"             \
	"  c: {ko: 다, en: C}\nhistory:\n- version: 2\n  date: 2026-01-02\n  changes: ["
#define THEN "]\n- version: 3\n  date: 2026-01-03\n  changes: ["

static const struct bad {
	enum file_part part;
	const char *text;
	int line, column;
	const char *says; /* a part of the message */
} bads[] = {
	/* YAML */
	{ PIPED, "a: [1, 2\nb: 3\n", 2, 2, "not YAML" },
	{ PIPED, "\tretries: 1\n", 1, 1, "not YAML" },
	{ PIPED, "salt: \"a\n", 2, 1, "not YAML" },
	{ PIPED, "salt: \xff\n", 1, 7, "not YAML" },
	{ PIPED, "salt: &x a\n", 1, 7, "anchors" },
	{ PIPED, "salt: *x\n", 1, 7, "aliases" },
	{ PIPED, "retries: !!int 3\n", 1, 10, "tags" },
	{ PIPED, "retries: 3\n---\nretries: 4\n", 2, 1, "second document" },
	{ PIPED, "retries: 3\nretries: 4\n", 2, 1, "duplicate key `retries`; it stands on line 1" },
	{ PIPED, "[a, b]: 1\n", 1, 1, "key must be plain text" },
	{ PIPED, "salt: \"a\\0b\"\n", 1, 7, "zero byte" },
	{ PIPED, "[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]\n", 1, 17, "deeper than 16" },
	{ PIPED, "- a\n", 1, 1, "a map of keys belongs here, not a list" },
	/* piped.yaml */
	{ PIPED, "retrys: 3\n", 1, 1, "unknown key `retrys`; did you mean `retries`?" },
	{ PIPED, "colour: red\n", 1, 1, "unknown key `colour`; known here: sources, taxonomy" },
	{ PIPED, "retries: many\n", 1, 10,
	  "`retries` wants a whole number, from 0 to 100, not `many`" },
	{ PIPED, "retries: \"3\"\n", 1, 10, "not the text \"3\"" },
	{ PIPED, "retries: 101\n", 1, 10, "from 0 to 100" },
	{ PIPED, "retries:\n", 1, 9, "not nothing" },
	{ PIPED, "retries: [3]\n", 1, 10, "not a list" },
	{ PIPED, "timeout: 30\n", 1, 10, "a time such as 200ms, 30s" },
	{ PIPED, "timeout: 5m\n", 1, 10, "from 100ms to 1h" },
	{ PIPED, "timeout: 2h\n", 1, 10, "from 100ms to 1h" },
	{ PIPED, "max-body: 8MB\n", 1, 11, "a size such as 512KiB" },
	{ PIPED, "max-body: 1GiB\n", 1, 11, "from 1KiB to 256MiB" },
	{ PIPED, "log-level: loud\n", 1, 12, "one of debug, info, warn, error" },
	{ PIPED, "salt: \"\"\n", 1, 7, "`salt` is empty" },
	{ PIPED, "review-margin: 1.5\n", 1, 16, "from 0 to 1" },
	{ PIPED, "review-margin: nan\n", 1, 16, "a number" },
	{ PIPED, "validation-share: 0.6\ntest-share: 0.5\n", 2, 13, "leave nothing to train" },
	{ PIPED, "backoff-first: 1h\nbackoff-max: 1s\n", 1, 16, "above `backoff-max`" },
	{ PIPED, "archive-keep: 90\n", 1, 15, "a time such as 200ms, 30s" },
	{ PIPED, "archive-keep: 30min\n", 1, 15, "`archive-keep` is 0, or at least 1h" },
	{ PIPED, "archive-max: 50GB\n", 1, 14, "a size such as 512KiB" },
	{ PIPED, "archive-max: 1GiB\n", 1, 14, "at least twice `segment-size`" },
	{ PIPED, "segment-size: 100MiB\narchive-max: 199MiB\n", 2, 14, "at least twice" },
	{ PIPED, "connect-to: [a:1:b]\n", 1, 14, "HOST:PORT:HOST2:PORT2" },
	{ PIPED, "connect-to: ['a:99999:b:1']\n", 1, 14, "HOST:PORT:HOST2:PORT2" },
	{ PIPED, "allow-networks: [localhost]\n", 1, 18, "such as 10.0.0.0/8, fd00::/8 or ::1" },
	{ PIPED, "allow-networks:\n  - ::1\n  - 10.0.0.0/33\n", 3, 5, "0 to 32 bits" },
	{ PIPED, "allow-networks: ['fd00::/129']\n", 1, 18, "0 to 128 bits" },
	{ PIPED, "allow-networks: [10.0.0.1/8]\n", 1, 18, "bits set past the prefix" },
	{ PIPED, "metrics-address: 9464\n", 1, 18, "such as 127.0.0.1:9464" },
	{ PIPED, "metrics-address: 'localhost:9464'\n", 1, 18, "such as 127.0.0.1:9464" },
	{ PIPED, "metrics-address: '::1:9464'\n", 1, 18, "such as 127.0.0.1:9464" },
	{ PIPED, "metrics-address: '[::1]:65536'\n", 1, 18, "such as 127.0.0.1:9464" },
	{ PIPED, "metrics-address: '127.0.0.1:0'\n", 1, 18, "such as 127.0.0.1:9464" },
	{ PIPED, "allow-networks: 10.0.0.0/8\n", 1, 17, "a list of texts" },
	{ PIPED, "hosts: {a.example: {rate: 5}}\n", 1, 27, "a rate such as 1/s" },
	{ PIPED, "hosts: {a.example: {rat: 5/s}}\n", 1, 21, "did you mean `rate`?" },
	{ PIPED, "hosts: {'https://a': {}}\n", 1, 9, "a port is a number" },
	{ PIPED, "user-agent: 한국\n", 1, 13, "ASCII" },
	{ PIPED, "sources: [nothing.yaml]\n", 1, 11, "cannot open" },
	{ PIPED, "sources: no-such/*.yaml\n", 1, 10, "no file matches" },
	{ PIPED, "rules: [r.yaml]\n", 2, 15, "no category `a.b`" }, /* said in r.yaml */
	/* a source */
	{ SOURCE, SEED PAGE, 1, 1, "key `name` is missing" },
	{ SOURCE, "name: Shop\n" SEED PAGE, 1, 7, "a name is made of a-z" },
	{ SOURCE, "name: shop\n" PAGE, 1, 1, "key `seeds` is missing" },
	{ SOURCE, "name: shop\n" PAGE "seeds: [{page: q, url: 'https://a.example/'}]\n", 3, 16,
	  "no page kind `q`; did you mean `p`?" },
	{ SOURCE, "name: shop\n" PAGE "seeds: [{page: p, url: 'ftp://a.example/'}]\n", 3, 24,
	  "starts with https://" },
	{ SOURCE, "name: shop\n" PAGE "seeds: [{page: p, url: 'https://a.example/{x'}]\n", 3, 24,
	  "brace without its partner" },
	{ SOURCE, "name: shop\n" PAGE "seeds: [{page: p, url: 'https://a.example/{Ab}'}]\n", 3, 24,
	  "braces hold a variable as {name}" },
	{ SOURCE,
	  "name: shop\n" PAGE
	  "seeds: [{page: p, url: 'https://a.example/', body: '{\"q\":{x}}'}]\n",
	  3, 52, "no variable for {x}" },
	{ SOURCE,
	  "name: shop\n" PAGE
	  "seeds: [{page: p, url: 'https://a.example/{x}', vars: {x: {file: none.txt}}}]\n",
	  3, 66, "none.txt" },
	{ SOURCE,
	  "name: shop\n" PAGE
	  "seeds: [{page: p, url: 'https://a.example/{x}', vars: {x: {file: t.yaml, y: 1}}}]\n",
	  3, 74, "unknown key `y`" },
	{ SOURCE,
	  "name: shop\npages: {p: {format: json, fields: {id: .i, title: .t}, paging: {rel-next: "
	  "true, next: .n}}}\n" SEED,
	  2, 65, "`rel-next` leads from page to page: it stands alone" },
	{ SOURCE,
	  "name: shop\npages: {p: {format: json, fields: {id: .i, title: .t}, paging: {var: p, "
	  "more: "
	  ".m, total: .t}}}\nseeds: [{page: p, url: 'https://a.example/{p}', vars: {p: 0}}]\n",
	  2, 56, "`total` and `window` go together" },
	{ SOURCE,
	  "name: shop\n" PAGE
	  "seeds: [{page: p, url: 'https://a.example/{&a,b}', split: [{min: a, max: b}]}]\n",
	  3, 52, "has no `total` and `window`" },
	{ SOURCE,
	  "name: shop\n" PAGE
	  "seeds: [{page: p, url: 'https://a.example/{&a}', split: [{min: a, max: b}]}]\n",
	  3, 58, "a variable of it is never used" },
	{ SOURCE,
	  "name: shop\n" PAGE
	  "seeds: [{page: p, url: 'https://a.example/{&a}', split: [{var: a}]}]\n",
	  3, 58, "parted by `min` and `max`, or by `var`" },
	{ SOURCE,
	  "name: shop\n" PAGE
	  "seeds: [{page: p, url: 'https://a.example/{&a}', split: [{var: a, found: x}]}]\n",
	  3, 58, "no page kind finds values `x`" },
	{ SOURCE,
	  "name: shop\n" PAGE
	  "seeds: [{page: p, url: 'https://a.example/{a}', vars: {a: {found: x}}}]\n",
	  3, 59, "no page kind finds values `x`" },
	{ SOURCE, "name: shop\n" PAGE "seeds: [{page: p, url: 'https://{x}.example/'}]\n", 3, 24,
	  "host has no variables" },
	{ SOURCE, "name: shop\n" PAGE "seeds: [{page: p, url: 'https://a.example/a b'}]\n", 3, 24,
	  "no spaces" },
	{ SOURCE,
	  "name: shop\n" PAGE "seeds: [{page: p, url: 'https://a.example/{ca}', vars: {cat: 1}}]\n",
	  3, 24, "no variable for {ca}; did you mean `cat`?" },
	{ SOURCE,
	  "name: shop\n" PAGE "seeds: [{page: p, url: 'https://a.example/', vars: {x: 1}}]\n", 3,
	  53, "variable `x` is never used" },
	{ SOURCE,
	  "name: shop\n" PAGE "seeds: [{page: p, url: 'https://a.example/{x}', vars: {x: []}}]\n",
	  3, 59, "has no value" },
	{ SOURCE,
	  "name: shop\n" PAGE
	  "seeds: [{page: p, url: 'https://a.example/{x}', vars: {x: [1, 1]}}]\n",
	  3, 63, "stands here twice" },
	{ SOURCE,
	  "name: shop\n" PAGE
	  "seeds: [{page: p, url: 'https://a.example/{x}', vars: {x: {from: 9, to: 1}}}]\n",
	  3, 56, "ends before it starts" },
	{ SOURCE,
	  "name: shop\n" PAGE
	  "seeds: [{page: p, url: 'https://a.example/{x}', vars: {x: {from: 1, to: 1000001}}}]\n",
	  3, 56, "a range of 1000001 values" },
	{ SOURCE,
	  "name: shop\n" PAGE "seeds:\n- page: p\n  url: https://a.example/{x}/{y}\n"
	  "  vars: {x: {from: 1, to: 2000}, y: {from: 1, to: 2000}}\n",
	  4, 3, "more than 1000000 jobs" },
	{ SOURCE, "name: shop\nhosts: [b.example]\n" SEED PAGE, 3, 24,
	  "host `a.example` is not one of the source's `hosts`" },
	{ SOURCE, "name: shop\nhosts: ['*.a.example']\n" SEED PAGE, 3, 24,
	  "host `a.example` is not one of the source's `hosts`" },
	{ SOURCE, "name: shop\nhosts: ['*.']\n" SEED PAGE, 2, 9, "1 to 255 characters" },
	{ SOURCE, "name: shop\nhosts: ['a.*.example/x']\n" SEED PAGE, 2, 9,
	  "without scheme or path" },
	{ SOURCE, "name: shop\nscope: {allow: [item]}\n" SEED PAGE, 2, 17, "starts with / or *" },
	{ SOURCE, "name: shop\nscope: {schemes: [ftp]}\n" SEED PAGE, 2, 19,
	  "a scheme is http or https" },
	{ SOURCE, "name: shop\nscope: {max-dept: 3}\n" SEED PAGE, 2, 9,
	  "did you mean `max-depth`?" },
	{ SOURCE, "name: shop\nscope: {prefix-segments: 0}\n" SEED PAGE, 2, 26, "1 to 8" },
	{ SOURCE,
	  "name: shop\nignore-params: [p*]\n" PAGE
	  "seeds: [{page: p, url: 'https://a.example/?pos={x}', vars: {x: 1}}]\n",
	  4, 24, "parameter `pos` makes no other page" },
	{ SOURCE,
	  "name: shop\n" PAGE
	  "seeds: [{page: p, url: 'https://a.example/?n_query={x}', vars: {x: 1}}]\n",
	  3, 24, "see `keep-params`" },
	{ SOURCE, "name: shop\nrate: 0/s\n" SEED PAGE, 2, 7, "from 1/h to 1000/s" },
	{ SOURCE, "name: shop\ncurrency: won\n" SEED PAGE, 2, 11, "three capitals" },
	{ SOURCE, "name: shop\nenabled: yes\n" SEED PAGE, 2, 10, "true or false, not `yes`" },
	{ SOURCE, "name: shop\nheaders: {\"A b\": c}\n" SEED PAGE, 2, 11, "no name of a header" },
	{ SOURCE, "name: shop\nheaders: {X: \"a\\r\\nB: c\"}\n" SEED PAGE, 2, 14,
	  "no line breaks" },
	{ SOURCE, "name: shop\nheaders: {host: a}\n" SEED PAGE, 2, 11, "set by piped" },
	{ SOURCE, "name: shop\nheaders: {Authorization: Bearer abcdefgh}\n" SEED PAGE, 2, 26,
	  "a secret does not stand in the configuration: write {credential:NAME} for the value "
	  "of `Authorization`" },
	{ SOURCE, "name: shop\nheaders: {Cookie: a=b}\n" SEED PAGE, 2, 19, "of `Cookie`" },
	{ SOURCE, "name: shop\nheaders:\n  proxy-authorization: Basic eA\n" SEED PAGE, 3, 24,
	  "of `proxy-authorization`" },
	{ SOURCE, "name: shop\nheaders: {X-Naver-Client-Secret: abc}\n" SEED PAGE, 2, 34,
	  "of `X-Naver-Client-Secret`" },
	{ SOURCE, "name: shop\nheaders: {x_apikey: '{credential}'}\n" SEED PAGE, 2, 21,
	  "of `x_apikey`" },
	{ SOURCE,
	  "name: shop\n" SEED "pages: {p: {format: html, script: X, fields: {id: a, title: b}}}\n",
	  3, 27, "`script` is for format json" },
	{ SOURCE, "name: shop\ncondition: {\"0\": usd}\n" SEED PAGE, 2, 18,
	  "a condition is new, used, refurbished or damaged, not `usd`; did you mean `used`?" },
	{ SOURCE, "name: shop\nlocation-parts: -1\n" SEED PAGE, 2, 17, "location-parts" },
	{ SOURCE, "name: shop\nstatus: {\"0\": saling}\n" SEED PAGE, 2, 15,
	  "not `saling`; did you mean `selling`?" },
	{ SOURCE, "name: shop\n" SEED "pages: {p: {fields: {id: .i, title: .t}}}\n", 3, 9,
	  "key `format` is missing" },
	{ SOURCE, "name: shop\n" SEED "pages: {p: {format: xml}}\n", 3, 21, "one of json, html" },
	{ SOURCE, "name: shop\n" SEED "pages: {p: {format: json, fields: {id: .i, titel: .t}}}\n",
	  3, 44, "unknown field `titel`; did you mean `title`?" },
	{ SOURCE, "name: shop\n" SEED "pages: {p: {format: json, fields: {title: .t}}}\n", 3, 27,
	  "field `id` is missing" },
	{ SOURCE,
	  "name: shop\n" SEED "pages: {p: {format: json, fields: {id: {css: a}, title: .t}}}\n", 3,
	  41, "`css` reads html pages; this one is json" },
	{ SOURCE,
	  "name: shop\n" SEED "pages: {p: {fields: {id: {jq: .a}, title: h1}, format: html}}\n", 3,
	  27, "`jq` reads json pages; this one is html" },
	{ SOURCE,
	  "name: shop\n" SEED
	  "pages: {p: {format: json, fields: {id: {jq: .a, const: b}, title: .t}}}\n",
	  3, 36, "one of jq, css, xpath or const; this has 2" },
	{ SOURCE,
	  "name: shop\n" SEED "pages: {p: {format: json, fields: {id: {prefix: a}, title: .t}}}\n",
	  3, 36, "this has 0" },
	{ SOURCE,
	  "name: shop\n" SEED
	  "pages: {p: {format: json, items: {jq: .l, prefix: a}, fields: {id: .i, title: .t}}}\n",
	  3, 43, "`prefix` is for fields" },
	{ SOURCE, "name: shop\n" SEED "pages: {p: {format: json, items: .l}}\n", 3, 27,
	  "`items` without `fields`" },
	{ SOURCE,
	  "name: shop\n" SEED
	  "pages: {p: {format: json, revisit-min: 1h, fields: {id: .i, title: .t}}}\n",
	  3, 27, "`revisit-min` without `revisit`" },
	{ SOURCE,
	  "name: shop\n" SEED
	  "pages: {p: {format: json, revisit-max: 1h, fields: {id: .i, title: .t}}}\n",
	  3, 27, "`revisit-max` without `revisit`" },
	{ SOURCE,
	  "name: shop\n" SEED
	  "pages: {p: {format: json, revisit: 1h, revisit-min: 2h, fields: {id: .i, title: .t}}}\n",
	  3, 53, "`revisit-min` is longer than `revisit`" },
	{ SOURCE,
	  "name: shop\n" SEED "pages: {p: {format: json, revisit: 1h, revisit-max: 1min, fields: "
	  "{id: .i, title: .t}}}\n",
	  3, 53, "`revisit-max` is shorter than `revisit`" },
	{ SOURCE,
	  "name: shop\n" SEED
	  "pages: {p: {format: json, revisit: 1h, gone-after: 1, fields: {id: .i, title: .t}}}\n",
	  3, 40, "`gone-after` is for lists" },
	{ SOURCE,
	  "name: shop\n" SEED "pages: {p: {format: json, fields: {id: .i, title: .t, price: .p}, "
	  "checks: {prize: {min: 1}}}}\n",
	  3, 76, "unknown field `prize`; did you mean `price`?" },
	{ SOURCE,
	  "name: shop\n" SEED "pages: {p: {format: json, fields: {id: .i, title: .t, price: .p}, "
	  "checks: {price: {mim: 1}}}}\n",
	  3, 84, "unknown key `mim`" },
	{ SOURCE,
	  "name: shop\n" SEED "pages: {p: {format: json, fields: {id: .i, title: .t, price: .p}, "
	  "checks: {price: {min: lots}}}}\n",
	  3, 89, "of price `min` wants a number, not `lots`" },
	{ SOURCE,
	  "name: shop\n" SEED "pages: {p: {format: json, fields: {id: .i, title: .t, price: .p}, "
	  "checks: {price: {min: 5, max: 4}}}}\n",
	  3, 89, "`min` is above `max`" },
	{ SOURCE,
	  "name: shop\n" SEED "pages: {p: {format: json, fields: {id: .i, title: .t, price: .p}, "
	  "checks: {price: {pattern: x}}}}\n",
	  3, 84, "`pattern` is for texts" },
	{ SOURCE,
	  "name: shop\n" SEED "pages: {p: {format: json, fields: {id: .i, title: .t, price: .p}, "
	  "checks: {title: {min: 1}}}}\n",
	  3, 84, "`min` is for price, posted and updated" },
	{ SOURCE,
	  "name: shop\n" SEED
	  "pages: {p: {format: json, fields: {id: .i, title: .t, attributes: {'': "
	  ".a}}}}\n",
	  3, 68, "the name of an attribute has 1 to 60 bytes" },
	{ SOURCE,
	  "name: shop\n" SEED "pages: {p: {format: json, fields: {id: .i, title: .t, attributes: "
	  "{size: {css: b}}}}}\n",
	  3, 75, "`css` reads html pages" },
	{ SOURCE,
	  "name: shop\n" SEED "pages: {p: {format: json, fields: {id: .i, title: .t, price: .p}, "
	  "checks: {title: {}}}}\n",
	  3, 76, "`title` is not checked: give it pattern or values" },
	{ SOURCE,
	  "name: shop\n" SEED "pages: {p: {format: json, fields: {id: .i, title: .t, price: .p}, "
	  "checks: {posted: {max: 4}}}}\n",
	  3, 76, "no field `posted`" },
	{ SOURCE,
	  "name: shop\n" SEED "pages: {p: {format: json, fields: {id: .i, title: .t, price: .p}, "
	  "checks: {title: {required: true}}}}\n",
	  3, 84, "`required` stands with the field" },
	{ SOURCE, "name: shop\n" SEED "pages: {p: {format: auto, checks: {posted: {max: 4}}}}\n", 3,
	  50, "of posted `max` wants a time" },
	{ SOURCE,
	  "name: shop\n" SEED "pages: {p: {format: auto, checks: {status: {values: [on]}}}}\n", 3,
	  54, "a state is selling" },
	{ SOURCE, "name: shop\n" SEED "pages: {p: {format: auto, checks: [price]}}\n", 3, 35,
	  "a map belongs here, not a list" },
	{ SOURCE,
	  "name: shop\n" SEED
	  "pages: {p: {format: json, items: .l, gone-after: 1, fields: {id: .i, title: .t}}}\n",
	  3, 38, "`gone-after` is for lists" },
	{ SOURCE,
	  "name: shop\n" SEED "pages: {p: {format: html, links: [{find: a, page: detial}]}}\n", 3,
	  51, "no page kind `detial`" },
	{ SOURCE, "name: shop\n" SEED "pages: {p: {format: json, paging: {var: page, more: .m}}}\n",
	  3, 41, "`page` is no variable of the seed on line 2" },
	{ SOURCE,
	  "name: shop\nseeds: [{page: p, url: 'https://a.example/{n}', vars: {n: [1, 2]}}]\n"
	  "pages: {p: {format: json, paging: {var: n, more: .m}}}\n",
	  2, 9, "it wants one whole number" },
	{ SOURCE,
	  "name: shop\n" SEED
	  "pages: {p: {format: json}, q: {format: json, paging: {var: n, last: .m}}}\n",
	  3, 60, "no seed asks for page kind `q`" },
	{ SOURCE,
	  "name: shop\nseeds: [{page: p, url: 'https://a.example/{n}', vars: {n: 1}}]\n"
	  "pages: {p: {format: json, paging: {var: n}}}\n",
	  3, 27, "paging needs `more` or `last`" },
	{ SOURCE, "name: shop\n" SEED "pages: {p: {format: html, paging: {more: a}}}\n", 3, 27,
	  "paging needs `var`, `next` or `rel-next`" },
	{ SOURCE, "name: shop\n" SEED "pages: {p: {format: html, paging: {next: a, last: b}}}\n", 3,
	  36, "`next` leads from page to page" },
	{ SOURCE,
	  "name: shop\nseeds: [{page: p, url: 'https://a.example/{n}', vars: {n: [a, b]}}]\n"
	  "pages: {p: {format: json, paging: {var: n, next: .n}}}\n",
	  2, 9, "variable `n` takes what `next` finds: it wants one value" },
	{ SOURCE,
	  "name: shop\nseeds: [{page: p, url: 'https://a.example/{n}', vars: {n: a}}]\n"
	  "pages: {p: {format: json, revisit: 1h, gone-after: 2, items: .l, fields: {id: .i, "
	  "title: "
	  ".t}, paging: {var: n, next: .n}}}\n",
	  3, 40, "`gone-after` wants pages that are the same from pass to pass" },
	{ SOURCE, "name: shop\n" SEED "pages: {p: {format: html, links: [{page: p}]}}\n", 3, 35,
	  "key `find` is missing" },
	{ SOURCE,
	  "name: shop\n" SEED
	  "pages: {p: {format: html, links: [{find: a, match: /item/*, page: p}]}}\n",
	  3, 52, "whole addresses are compared" },
	/* sitemaps and feeds */
	{ SOURCE,
	  "name: shop\n" SEED
	  "pages: {p: {format: html, links: [{find: a, hreflang: ko, page: p}]}}\n",
	  3, 45, "`hreflang` is for sitemaps" },
	{ SOURCE,
	  "name: shop\n" SEED "pages: {p: {format: sitemap, links: [{hreflang: KO, page: p}]}}\n",
	  3, 49, "languages are compared in lower case" },
	{ SOURCE, "name: shop\n" SEED "pages: {p: {format: sitmap, links: [{page: p}]}}\n", 3, 21,
	  "one of json, html, sitemap, feed, auto" },
	{ SOURCE, "name: shop\n" SEED "pages: {p: {format: sitemap}}\n", 3, 9,
	  "a sitemap without `links` leads nowhere" },
	{ SOURCE, "name: shop\n" SEED "pages: {p: {format: feed, links: []}}\n", 3, 9,
	  "a feed without `links` leads nowhere" },
	{ SOURCE, "name: shop\n" SEED "pages: {p: {format: feed, links: [{find: a, page: p}]}}\n",
	  3, 36, "`find` is for json, html and auto pages; a feed knows its addresses" },
	{ SOURCE,
	  "name: shop\n" SEED "pages: {p: {format: sitemap, items: .x, links: [{page: p}]}}\n", 3,
	  30, "`items` is for json and html pages; of a sitemap only links are taken" },
	{ SOURCE,
	  "name: shop\n" SEED "pages: {p: {links: [{page: p}], paging: {next: a}, format: feed}}\n",
	  3, 33, "`paging` is for json and html pages" },
	/* pages that are read without selectors */
	{ SOURCE, "name: shop\n" SEED "pages: {p: {format: auto, items: .x}}\n", 3, 27,
	  "`items` is for json and html pages; format auto finds listings and their fields" },
	{ SOURCE, "name: shop\n" SEED "pages: {p: {fields: {id: a, title: b}, format: auto}}\n", 3,
	  13, "`fields` is for json and html pages" },
	{ SOURCE,
	  "name: shop\n" SEED "pages: {p: {format: auto, links: [{find: {jq: .x}, page: p}]}}\n", 3,
	  43, "`jq` reads json pages; this one is auto" },
	{ SOURCE, "name: shop\n" SEED "pages: {p: {format: auto, paging: {next: {jq: .x}}}}\n", 3,
	  43, "`jq` reads json pages; this one is auto" },
	{ SOURCE, "name: shop\n" SEED "pages: {p: {format: feed, links: [{page: q}]}}\n", 3, 42,
	  "no page kind `q`; did you mean `p`?" },
	/* a taxonomy */
	{ TAXONOMY,
	  "name: t\nversion: 0\ntaxa: {a.b: {ko: 가, en: A, parent: c}, c: {ko: 가, en: A}}\n", 2,
	  10, "from 1 to" },
	{ TAXONOMY, TAXA "  a.b: {ko: 나}\n", 5, 3, "key `en` is missing" },
	{ TAXONOMY, TAXA "  a.b: {ko: 나, en: B}\n  x.y: {ko: 다, en: C}\n", 6, 3,
	  "no category `x` for `x.y` to stand below" },
	{ TAXONOMY, TAXA "  a.b: {ko: 나, en: B, parent: a.b}\n", 5, 3, "stands below itself" },
	{ TAXONOMY, TAXA "  A b: {ko: 나, en: B}\n  a.b: {ko: 나, en: B}\n", 5, 3,
	  "a name is made of" },
	{ TAXONOMY, TAXA "  a.b: {ko: 나, en: B}\nmappings: {shop: {x: a.c}}\n", 6, 22,
	  "no category `a.c`; did you mean `a.b`?" },
	{ TAXONOMY, TAXA "  a.b: {ko: 나, en: B}\nmappings: {shpo: {x: a.b}}\n", 6, 12,
	  "no source `shpo`; did you mean `shop`?" },
	{ TAXONOMY, TAXA "  a.b: {ko: 나, en: B, names: {japanese!: C}}\n", 5, 31,
	  "a language is a BCP 47 tag" },
	{ TAXONOMY, TAXA "  a.b: {ko: 나, en: B, names: {ja: C, JA: D}}\n", 5, 30,
	  "`names` has `JA` twice" },
	/* its history */
	{ TAXONOMY, PAST "{renam: x, to: c}" THEN "]\n", 10, 14, "did you mean `rename`?" },
	{ TAXONOMY, PAST "{rename: x, merge: [y], to: c}" THEN "]\n", 10, 13, "this is several" },
	{ TAXONOMY, PAST "{to: c}" THEN "]\n", 10, 13, "this is none" },
	{ TAXONOMY, PAST "{rename: x, into: c}" THEN "]\n", 10, 25,
	  "`into` does not go with `rename`" },
	{ TAXONOMY, PAST "{rename: x}" THEN "]\n", 10, 13, "wants `to`, `was` or both" },
	{ TAXONOMY, PAST "{rename: c, to: c}" THEN "]\n", 10, 29, "leads `c` to itself" },
	{ TAXONOMY, PAST "{merge: [x, x], into: c}" THEN "]\n", 10, 25, "`x` stands here twice" },
	{ TAXONOMY, PAST "{merge: [x, y]}" THEN "]\n", 10, 13, "`merge` wants one category" },
	{ TAXONOMY, PAST "{split: x, into: [c]}" THEN "]\n", 10, 13, "`split` wants two" },
	{ TAXONOMY, PAST "{rename: [x], to: c}" THEN "]\n", 10, 22,
	  "`rename` wants a category's code, not a list" },
	{ TAXONOMY, PAST "{rename: X y, to: c}" THEN "]\n", 10, 22, "a name is made of a-z" },
	/* unknown codes */
	{ TAXONOMY, PAST "{rename: x, to: a.bb}" THEN "]\n", 10, 29,
	  "no category `a.bb` at version 2, by what `taxa` and later changes say; did you mean "
	  "`a.b`?" },
	{ TAXONOMY, PAST "{retire: x, successor: y}" THEN "]\n", 10, 36,
	  "no category `y` at version 2" },
	{ TAXONOMY, PAST "{move: x, below: a}" THEN "]\n", 10, 20, "no category `x` at version 2" },
	/* what was taken away and is used, or comes back */
	{ TAXONOMY, PAST "{retire: x}" THEN "{rename: x, to: c}]\n", 13, 22,
	  "`rename` of version 3: `x` was retired in version 2 (line 10), and is no category any "
	  "more" },
	{ TAXONOMY, PAST "{retire: x}" THEN "{merge: [y], into: x}, {rename: x, to: c}]\n", 13, 32,
	  "`x` was retired in version 2 (line 10): a code does not come back" },
	{ TAXONOMY, PAST "{retire: c}" THEN "]\n", 6, 3,
	  "`c` was retired in version 2 (line 10): a code does not come back with another "
	  "meaning" },
	{ TAXONOMY, PAST "{merge: [a.b, x], into: c}" THEN "]\n", 5, 3,
	  "`a.b` was merged into c in version 2 (line 10)" },
	{ TAXONOMY, PAST "{rename: x, to: y}" THEN "{rename: z, to: x}, {retire: x}]\n", 13, 29,
	  "`x` was renamed to y in version 2" },
	{ TAXONOMY, PAST "{rename: x, to: a}, {retire: x}" THEN "]\n", 10, 42,
	  "`retire` of version 2: `x` was renamed to a in version 2" },
	/* circles */
	{ TAXONOMY, PAST "{retire: x, successor: y}, {retire: y, successor: x}" THEN "]\n", 10, 63,
	  "no category `x` at version 2" },
	{ TAXONOMY, PAST "{rename: a, to: c}, {rename: c, to: a}" THEN "]\n", 6, 3,
	  "`c` was renamed to a in version 2 (line 10)" },
	{ TAXONOMY, PAST "{move: a, below: c}, {move: c, below: a}" THEN "]\n", 10, 30,
	  "`a` was moved below c, and stands at the top" },
	{ TAXONOMY, PAST "{move: a.b, below: c}" THEN "]\n", 10, 32,
	  "`a.b` was moved below c, and stands below a" },
	{ TAXONOMY, PAST "{split: c, into: [a, a.b]}" THEN "]\n", 10, 21,
	  "`c` was split and still stands in `taxa`" },
	/* order */
	{ TAXONOMY, PAST "]\n- version: 2\n  date: 2026-01-03\n- version: 3\n  date: 2026-01-04\n",
	  11, 3, "version 2 stands behind version 2" },
	{ TAXONOMY, PAST "]\n- version: 3\n  date: 2026-01-01\n", 11, 3,
	  "version 3 is of 2026-01-01, the one before it of 2026-01-02" },
	{ TAXONOMY, PAST "]\n- version: 4\n  date: 2026-01-04\n", 11, 3,
	  "the history ends with version 4, and `version` is 3" },
	{ TAXONOMY, PAST "]\n- version: 3\n  date: 2026-02-30\n", 12, 9,
	  "a day is written as 2026-03-01" },
	{ TAXONOMY, PAST "{rename: x, to: c, was: [X]}" THEN "]\n", 10, 37,
	  "a map of names by language, not a list" },
	{ TAXONOMY, PAST "{merge: [x, y], into: c}" THEN "]\nmappings: {shop: {q: x}}\n", 14, 22,
	  "no category `x`: it was merged into c in version 2" },
	/* words */
	{ WORDS, "brnd: {nike: [x]}\n", 1, 1, "did you mean `brand`?" },
	{ WORDS, "brand: [x]\n", 1, 8, "a map of values" },
	{ WORDS, "brand: {Nike: [x]}\n", 1, 9, "brand `Nike`" },
	{ WORDS, "brand: {nike: x}\n", 1, 15, "list" },
	{ WORDS, "brand: {nike: [x, '=!']}\n", 1, 19, "nothing is left of `=!`" },
	{ WORDS, "condition: {newish: [x]}\n", 1, 13, "`condition` has no value `newish`" },
	{ WORDS, "urgent: {yes: [x]}\n", 1, 10, "no value `yes`" },
	{ WORDS, "brand: {a: [Nike],\n  b: [NIKE]}\n", 2, 7, "word `nike` stands in" },
	{ WORDS, "brand: {a: [x]}\nsize: {m: [x]}\n", 2, 12, "line 1, too" },
	/* rules */
	{ RULES, "rules: {r: {taxon: a.x, any: [셔츠]}}\n", 1, 20, "no category `a.x`" },
	{ RULES, "rules: {r: {flag: wantd, any: [셔츠]}}\n", 1, 19, "did you mean `wanted`?" },
	{ RULES, "rules: {r: {any: [셔츠]}}\n", 1, 9, "has neither" },
	{ RULES, "rules: {r: {taxon: a, flag: wanted, any: [셔츠]}}\n", 1, 9, "has both" },
	{ RULES, "rules: {r: {taxon: a, none: [셔츠]}}\n", 1, 9, "holds for every listing" },
	{ RULES, "rules: {r: {taxon: a, any: [셔츠], precision: 1}}\n", 1, 45,
	  "from 0.01 to 0.999" },
	{ RULES, "rules: {r: {taxon: a, any: ['!!']}}\n", 1, 29, "nothing is left" },
	{ RULES, "rules: {r: {taxon: a, any: 셔츠}}\n", 1, 28, "`any` wants a list of words" },
	{ RULES, "rules: {r: {taxon: a, source: shopp}}\n", 1, 31, "did you mean `shop`?" },
	{ RULES, "rules: {r: {taxon: a, source: [shop, shopp]}}\n", 1, 38, "did you mean `shop`?" },
	{ RULES, "rules: {r: {taxon: a, regex: '(x'}}\n", 1, 30,
	  "no regular expression: missing closing parenthesis at byte 2: `(x`" },
	{ RULES, "rules: {r: {taxon: a, written: [x, '+']}}\n", 1, 36,
	  "no regular expression: quantifier" },
	{ RULES, "rules: {r: {taxon: a, any: [{regex: '['}]}}\n", 1, 37, "no regular expression" },
	{ RULES, "rules: {r: {taxon: a, any: [{wrod: x}]}}\n", 1, 30, "did you mean `word`?" },
	{ RULES, "rules: {r: {taxon: a, any: [{word: x, list: y}]}}\n", 1, 29,
	  "one of `word`, `regex`, `written` and `list` belongs here" },
	{ RULES, "rules: {r: {taxon: a, any: [{whole: true}]}}\n", 1, 29, "one of `word`" },
	{ RULES, "rules: {r: {taxon: a, any: [{regex: x, whole: true}]}}\n", 1, 47,
	  "`whole` goes with `word`" },
	{ RULES, "rules: {r: {taxon: a, any: [{word: '!'}]}}\n", 1, 36, "nothing is left" },
	{ RULES, "rules: {r: {taxon: a, any: [x], whole: yes}}\n", 1, 40,
	  "one of by-script, true, false" },
	{ RULES, "lists: {brands: [x]}\nrules: {r: {taxon: a, any: [{list: brand}]}}\n", 2, 36,
	  "no list `brand`; did you mean `brands`?" },
	{ RULES, "lists: {l: []}\n", 1, 9, "list `l` has no word" },
	{ RULES, "lists: {l: [{regex: x}]}\n", 1, 21, "a lookup list holds words" },
	{ RULES, "lists: {l: {file: absent.txt}}\n", 1, 19, "absent.txt" },
	{ RULES, "lists: {'L!': [x]}\n", 1, 9, "list `L!`" },
	{ RULES, "{}\n", 1, 1, "key `rules` is missing" },
	{ RULES, "rules: {r: {taxon: a, any: [x], priority: 1001}}\n", 1, 43,
	  "from -1000 to 1000" },
	{ RULES, "rules: {r: {taxon: a, price-min: 9, price-max: 1}}\n", 1, 34,
	  "above `price-max`" },
	{ RULES, "rules: {source-category: {taxon: a, any: [셔츠]}}\n", 1, 9, "names the votes" },
};

struct files {
	char folder[32];
};

static int setup(void **state)
{
	struct files *f = mem_zero(sizeof(*f));

	memcpy(f->folder, "/tmp/piped-conf-XXXXXX", 23);
	if (!mkdtemp(f->folder))
		return -1;
	*state = f;
	return 0;
}

static void path_of(const struct files *f, const char *name, char to[64])
{
	snprintf(to, 64, "%s/%s", f->folder, name);
}

static void write_part(const struct files *f, const char *name, const char *text)
{
	char path[64];
	FILE *to;

	/* Not file_write(): its fsync is for what must survive. */
	path_of(f, name, path);
	to = fopen(path, "w");
	assert_non_null(to);
	assert_int_equal(fputs(text, to) < 0, false);
	assert_int_equal(fclose(to), 0);
}

static void write_good(const struct files *f)
{
	for (int i = 0; i < PARTS; i++)
		write_part(f, names[i], good[i]);
}

static int teardown(void **state)
{
	struct files *f = *state;
	char path[64];

	for (int i = 0; i < PARTS; i++) {
		path_of(f, names[i], path);
		unlink(path);
	}
	rmdir(f->folder);
	mem_free(f);
	return 0;
}

static enum err load(const struct files *f, struct conf **c, struct conf_problem **p, int *n)
{
	char path[64];

	path_of(f, names[PIPED], path);
	return conf_load(path, c, p, n);
}

static void test_good(void **state)
{
	struct conf_problem *p;
	struct conf *c = NULL;
	int n;

	write_good(*state);
	assert_int_equal(load(*state, &c, &p, &n), ERR_OK);
	assert_null(p);
	conf_free(c);
}

static bool said(const struct bad *b, const struct conf_problem *p, int n)
{
	for (int i = 0; i < n; i++)
		if (p[i].at.line == b->line && p[i].at.column == b->column &&
		    strstr(p[i].text, b->says))
			return true;
	return false;
}

static void test_bad(void **state)
{
	int failed = 0;

	for (size_t i = 0; i < sizeof(bads) / sizeof(bads[0]); i++) {
		struct conf_problem *p;
		struct conf *c = NULL;
		char text[512];
		int n;

		write_good(*state);
		write_part(*state, names[bads[i].part], bads[i].text);
		if (load(*state, &c, &p, &n) == ERR_BAD && said(&bads[i], p, n)) {
			mem_free(p);
			continue;
		}
		failed++;
		print_error("%zu: %s  not said: %d:%d %s\n", i, bads[i].text, bads[i].line,
			    bads[i].column, bads[i].says);
		for (int k = 0; k < n; k++) {
			conf_problem_text(&p[k], text);
			print_error("  said: %s\n", text);
		}
		mem_free(p);
		conf_free(c);
	}
	assert_int_equal(failed, 0);
}

/* All of them are told at once, in the order of the files and lines. */
static void test_all_at_once(void **state)
{
	static const char *const ends[] = { "piped.yaml", "piped.yaml", "s.yaml", "t.yaml",
					    "r.yaml" };
	struct conf_problem *p;
	struct conf *c = NULL;
	char text[512];
	int n;

	write_good(*state);
	write_part(
		*state, "piped.yaml",
		"retries: x\nsources: [s.yaml]\ntaxonomy: t.yaml\nrules: [r.yaml]\ntimeot: 1s\n");
	write_part(*state, "s.yaml", "name: shop\nrate: fast\n" SEED PAGE);
	write_part(*state, "t.yaml", TAXA "  a.b: {ko: 나, en: B, n: 1}\n");
	write_part(*state, "r.yaml", "rules: {r: {taxon: a.b, all: [x], al: [y]}}\n");
	assert_int_equal(load(*state, &c, &p, &n), ERR_BAD);
	assert_int_equal(n, 5);
	for (int i = 0; i < n; i++)
		assert_true(str_ends(str_of(p[i].at.file), str_of(ends[i])));
	assert_int_equal(p[0].at.line, 1);
	assert_int_equal(p[1].at.line, 5);
	conf_problem_text(&p[1], text);
	assert_non_null(
		strstr(text, "/piped.yaml:5:1: unknown key `timeot`; did you mean `timeout`?"));
	mem_free(p);
}

/* A file of nothing but mistakes is answered with a bounded list. */
static void test_too_many(void **state)
{
	struct conf_problem *p;
	struct conf *c = NULL;
	struct buf b;
	int n;

	buf_init(&b, 1 << 20);
	for (int i = 0; i < 3000; i++)
		buf_fmt(&b, "key%d: 1\n", i);
	write_good(*state);
	write_part(*state, "piped.yaml", b.p);
	assert_int_equal(load(*state, &c, &p, &n), ERR_BAD);
	assert_int_equal(n, 500);
	assert_string_equal(p[0].text, "2501 more problems are not shown");
	mem_free(p);
	buf_done(&b);
}

static void test_path_itself(void **state)
{
	struct conf_problem *p;
	struct conf *c = NULL;
	int n;

	(void)state;
	assert_int_equal(conf_load("/nowhere/piped.yaml", &c, &p, &n), ERR_NOT_FOUND);
	assert_null(p);
	assert_int_equal(n, 0);
}

static void a_source_alone_reads_no_other_file(void **state)
{
	static const char text[] =
		"name: shop\nseeds: [{page: p, url: 'https://a.example/{q}', vars: {q: {file: "
		"/etc/hostname}}}]\n" PAGE;
	struct conf_problem *problems = NULL;
	struct conf *c = NULL;
	int n = 0;

	(void)state;
	assert_int_equal(conf_load_source(STR(SEED PAGE), STR("s.yaml"), &c, &problems, &n),
			 ERR_BAD);
	assert_int_equal(n, 1);
	assert_non_null(strstr(problems[0].text, "name"));
	assert_string_equal(problems[0].at.file, "s.yaml");
	mem_free(problems);
	assert_int_equal(conf_load_source(str_of(text), STR("s.yaml"), &c, &problems, &n), ERR_BAD);
	assert_int_equal(n, 1);
	assert_int_equal(problems[0].at.line, 2);
	assert_non_null(strstr(problems[0].text, "not read for a test"));
	mem_free(problems);
	assert_int_equal(
		conf_load_source(STR("name: shop\n" SEED PAGE), STR("s.yaml"), &c, &problems, &n),
		ERR_OK);
	assert_int_equal(c->n_sources, 1);
	assert_string_equal(c->sources[0].at.file, "s.yaml");
	conf_free(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_source_alone_reads_no_other_file),
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_all_at_once),
		cmocka_unit_test(test_too_many),
		cmocka_unit_test(test_path_itself),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
