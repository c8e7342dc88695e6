/* extract_project_same.h: page kinds of JSON, each compiled twice: as it is, and so that
 * libjq is given the whole of every page; and whether both find the same. */
#ifndef PIPED_EXTRACT_PROJECT_SAME_H
#define PIPED_EXTRACT_PROJECT_SAME_H

#include "base/must.h"
#include "extractor/extract_json.h"

#include <string.h>

/* libjq 1.6 never frees a text that a program iterates over. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:libjq.so";
}

/* Selectors as in YAML, NULL for none. */
struct same_kind {
	const char *items, *skip, *more, *last, *next, *total, *link, *value, *field[6];
};

static const struct same_kind same_kinds[] = {
	{ .items = ".list[]",
	  .skip = ".ad",
	  .more = ".no_result | not",
	  .last = ".num_found | numbers | (. / 100 | ceil) - 1",
	  .total = ".num_found",
	  .link = ".links[]?",
	  .field = { ".pid", ".pid", ".name", ".price",
		     "if .used == 1 then \"used\" elif .used == 2 then \"new\" else null end" } },
	{ .items = ".data.items[]",
	  .more = ".data.items | length == 2",
	  .next = ".data.next",
	  .field = { ".seq", ".seq | tostring", ".name", ".price",
		     ".mainLocationName // .locationNames[0]",
		     ".sortDate | strings | sub(\" \"; \"T\") + \"+09:00\"" } },
	{ .items = ".list",
	  .skip = ".shop.ad",
	  .value = ".categories[] | [.id, .name]",
	  .field = { ".pid", ".shop.name", ".shop.name.x", ".price.amount", ".a[\"b\"]",
		     ".a[0].b?" } },
	{ .items = ".list[] | select(.ad | not)",
	  .field = { ".pid", ".name", ".price", ".tags | join(\" \")" } },
	{ .items = ".data[].list[]", .field = { ".pid", ".name", ".price" } },
	{ .items = ".[]", .more = "length > 1", .field = { ".pid", ".name | .x", ".price" } },
	{ .items = ".list[0:2][]", .field = { ".pid", ".name", ".price" } },
	{ .items = ".list[]", .more = ".list[1].more", .field = { ".pid", ".", "tojson", ".a" } },
	{ .items = ".list[]?", .total = "[.list[]?.price] | add", .field = { ".pid", ".name" } },
	{ .items = ".a.list[]", .total = ".a | length", .field = { ".pid", ".name", ".a | keys" } },
	{ .total = ".a.b", .field = { ".pid", ".name", ".shop.name", ".price // .a.b" } },
	{ .items = ".list[].item",
	  .field = { ".pid", ".name", ".a as $x | $x", ".. | numbers", "\"\\(.price)\"" } },
	{ .items = ".list[]", .value = ".list[] | .pid", .field = { ".id", ".name", ".a.b.c" } },
	{ .items = ".list[], .data[]", .field = { ".pid", ".name", ".price" } },
	{ .items = ".list[]", .field = { ".pid", ".name | length", ".a | length", ".a[].b" } },
	{ .items = ".list[]", .link = ".list[] | \"x\"", .field = { ".pid", "try .a catch 1" } },
	{ .items = ".list[]",
	  .more = ".a[] | true",
	  .field = { "{a} | .a", ". as {a: $x} | .pid" } },
	{ .items = "(.list // .data)[]", .field = { ".pid", ".name", ".price - 1 | -." } },
	{ .items = ".list[]",
	  .skip = ".a.c",
	  .field = { ".pid", ".a.b", ".a[0].b?", ".a.b.c", ".shop.a // .shop[0].a" } },
	{ .items = ".data.items[]",
	  .field = { ".seq", ".a.price", ".a.currency // .a[0].currency?", ".a.b", ".a[].b?" } },
	{ .link = ".list[].url", .value = ".data.items[] | [.seq]" },
};
#define SAME_KINDS (sizeof(same_kinds) / sizeof(*same_kinds))

struct same {
	struct conf_page page;
	struct conf_link link;
	struct conf_values value;
	struct extract_json *cut, *whole;
};

static inline struct conf_sel same_sel(const char *expr)
{
	return (struct conf_sel){ .kind = expr ? SEL_JQ : SEL_NONE, .expr = str_of(expr) };
}

/* False: a selector doesn't compile. */
static inline bool same_make(struct same *s, const struct same_kind *k)
{
	static const enum listing_field fields[] = { FIELD_ID,	  FIELD_URL,	   FIELD_TITLE,
						     FIELD_PRICE, FIELD_CONDITION, FIELD_POSTED };
	struct conf_page *p = &s->page;
	struct reason why;

	*s = (struct same){ .page = { .name = STR("list"), .format = FORMAT_JSON } };
	p->items = same_sel(k->items);
	p->skip = same_sel(k->skip);
	p->paging.var = STR("page");
	p->paging.more = same_sel(k->more);
	p->paging.last = same_sel(k->last);
	p->paging.next = same_sel(k->next);
	p->paging.total = same_sel(k->total);
	s->link = (struct conf_link){ .sel = same_sel(k->link), .page = STR("detail") };
	s->value = (struct conf_values){ .sel = same_sel(k->value), .name = STR("category") };
	p->links = &s->link;
	p->n_links = k->link != NULL;
	p->values = &s->value;
	p->n_values = k->value != NULL;
	for (int i = 0; i < 6 && k->field[i]; i++)
		p->fields[p->n_fields++] = (struct conf_field){ .field = fields[i],
								.sel = same_sel(k->field[i]),
								.required = i == 0 };
	if (extract_json_new(p, &s->cut, &why))
		return false;
	must(extract_json_new(p, &s->whole, &why) == ERR_OK);
	extract_json_whole(s->whole);
	return true;
}

static inline void same_done(struct same *s)
{
	extract_json_free(s->cut);
	extract_json_free(s->whole);
}

static inline void same_put(struct buf *b, const char *what, struct str s)
{
	if (s.p)
		buf_fmt(b, " %s=[%.*s]", what, STR_ARG(s));
}

static inline void same_listings(struct buf *b, const struct extract_out *out)
{
	for (int i = 0; i < out->n_listings; i++) {
		buf_fmt(b, "\n%d", i);
		for (int f = 0; f < FIELD_COUNT; f++)
			same_put(b, listing_fields[f].name, out->listings[i].field[f]);
	}
}

/* All that is found, or why nothing is. */
static inline void same_run(const struct conf_page *page, struct extract_json *j, struct str body,
			    struct buf *b)
{
	const struct extract_in in = { .page = page, .body = body };
	struct arena *a = arena_new(1 << 16);
	struct extract_out out = { .last = -1, .total = -1 };
	struct extract_sink sink;
	struct reason why = { "" };

	buf_clear(b);
	extract_sink_init(&sink, a, page, &out);
	if (extract_json_run(j, &in, &sink, &why)) {
		buf_fmt(b, "%s", why.text);
		arena_free(a);
		return;
	}
	buf_fmt(b, "%d items %d skipped %d rejected more %d last %lld total %lld", out.items,
		out.skipped, out.rejected, out.more, (long long)out.last, (long long)out.total);
	same_put(b, "why", out.reject_reason);
	same_put(b, "cursor", out.cursor);
	for (int i = 0; i < out.n_links; i++)
		same_put(b, "link", out.links[i].url);
	for (int i = 0; i < out.n_values; i++) {
		same_put(b, "value", out.values[i].value);
		same_put(b, "under", out.values[i].under);
	}
	same_listings(b, &out);
	arena_free(a);
}

/* Whether both find the same; what each found is in `cut` and `whole`. */
static inline bool same_found(struct same *s, struct str body, struct buf *cut, struct buf *whole)
{
	same_run(&s->page, s->cut, body, cut);
	same_run(&s->page, s->whole, body, whole);
	return str_eq(buf_str(cut), buf_str(whole));
}

#endif
