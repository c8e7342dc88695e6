#include "extractor/extract_sink.h"

#include "base/utf8.h"
#include "extractor/extract_match.h"
#include "extractor/extract_several.h"

#include <libxml/uri.h>

#include <string.h>

void extract_sink_init(struct extract_sink *s, struct arena *a, const struct conf_page *page,
		       struct extract_out *out)
{
	*s = (struct extract_sink){
		.a = a, .page = page, .out = out, .link_most = EXTRACT_MOST_LINKS
	};
	*out = (struct extract_out){ .last = -1, .total = -1 };
}

enum err extract_sink_items(struct extract_sink *s, size_t n, struct reason *why)
{
	if (n > EXTRACT_MOST_ITEMS)
		return reason_set(why, ERR_TOO_BIG, "%zu items; at most %d are read", n,
				  EXTRACT_MOST_ITEMS);
	s->room = n;
	s->out->listings = arena_array(s->a, n, sizeof(*s->out->listings));
	return ERR_OK;
}

void extract_sink_item(struct extract_sink *s)
{
	s->now = (struct listing_raw){ 0 };
	memset(s->absent, 0, sizeof(s->absent));
	s->failed = 0;
	s->readers = NULL;
}

static void tell(struct extract_sink *s, enum found_end end, struct str reason)
{
	struct found_all *f = s->found;
	struct found_item *item;

	if (!f || f->n == EXTRACT_MOST_ITEMS)
		return;
	if (f->n == f->room) {
		f->room = f->room ? f->room * 2 : 16;
		item = arena_array(s->a, (size_t)f->room, sizeof(*item));
		if (f->n)
			memcpy(item, f->items, (size_t)f->n * sizeof(*item));
		f->items = item;
	}
	item = &f->items[f->n++];
	*item = (struct found_item){ .end = end, .reason = reason, .raw = s->now };
	memcpy(item->absent, s->absent, sizeof(item->absent));
	for (int i = 0; s->readers && i < FIELD_COUNT; i++)
		item->reader[i] = s->now.field[i].p ? s->readers[i] : NULL;
}

/* U+FFFD for NUL, at which C and SQLite would end the text. */
static struct str without_nul(struct arena *a, struct str s)
{
	char *to;
	size_t n = 0;

	if (str_find_char(s, 0) < 0)
		return s;
	to = arena_alloc(a, s.n * 3);
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i])
			to[n++] = s.p[i];
		else
			n += utf8_encode(0xfffd, to + n);
	}
	return (struct str){ to, n };
}

static struct str join(struct arena *a, struct str x, struct str y)
{
	char *p = arena_alloc(a, x.n + y.n + 1);

	if (x.n)
		memcpy(p, x.p, x.n);
	memcpy(p + x.n, y.p, y.n);
	p[x.n + y.n] = 0;
	return (struct str){ p, x.n + y.n };
}

/* Values as they are gathered, as many whole ones as the field takes; a name goes with its value. */
static struct str whole_values(struct str value, enum listing_field f)
{
	const size_t most = listing_fields[f].most_bytes;
	const int each = listing_fields[f].kind == LISTING_PAIRS ? 2 : 1;
	size_t n = 0;
	int ends = 0;

	if (value.n <= most)
		return value;
	for (size_t i = 0; i <= most; i++)
		if (value.p[i] == LISTING_BETWEEN && ++ends % each == 0)
			n = i;
	return str_sub(value, 0, n);
}

static void several(struct extract_sink *s, const struct conf_field *f, struct str value)
{
	struct str *to = &s->now.field[f->field];

	value = without_nul(s->a, utf8_clean(s->a, value));
	if (f->name.n)
		value = extract_several_with(*to, f->name, join(s->a, f->prefix, value), s->a);
	value = whole_values(value, f->field);
	if (value.n)
		*to = arena_str(s->a, value);
	else if (!to->p)
		s->absent[f->field] = STR("too long");
}

static bool whole_or_nothing(enum listing_field f)
{
	return f == FIELD_ID || f == FIELD_URL || f == FIELD_IMAGE;
}

void extract_sink_field(struct extract_sink *s, const struct conf_field *f, struct str value,
			struct str why)
{
	size_t most = listing_raw_bytes(f->field);

	if (!value.p || (!value.n && f->field != FIELD_TITLE)) {
		s->absent[f->field] = value.p ? STR("empty") : why;
		if (!value.p && why.n)
			s->failed |= 1u << f->field;
		return;
	}
	if (listing_fields[f->field].kind != LISTING_TEXT) {
		several(s, f, value);
		return;
	}
	if (f->prefix.n + value.n > most) {
		if (whole_or_nothing(f->field)) {
			s->absent[f->field] = arena_fmt(s->a, "longer than %zu bytes", most);
			return;
		}
		value = utf8_cut(value, most);
	}
	value = without_nul(s->a, utf8_clean(s->a, value));
	s->now.field[f->field] = utf8_cut(join(s->a, f->prefix, value), most);
}

static bool is_there(const struct extract_sink *s, const struct conf_field *f)
{
	struct str value = s->now.field[f->field];

	return f->name.n ? listing_raw_has(value, f->name) : value.p != NULL;
}

void extract_sink_keep(struct extract_sink *s)
{
	struct str why;

	for (int i = 0; i < s->page->n_fields; i++) {
		const struct conf_field *f = &s->page->fields[i];

		if (!f->required || is_there(s, f))
			continue;
		why = s->absent[f->field].p ? s->absent[f->field] : STR("nothing found");
		extract_sink_reject(
			s, s->failed & 1u << f->field ? REJECT_SELECTOR : REJECT_MISSING,
			(int)f->field,
			arena_fmt(s->a, "%s `%.*s`: %.*s", listing_fields[f->field].name,
				  (int)utf8_cut(f->sel.expr, 100).n, f->sel.expr.p, STR_ARG(why)));
		return;
	}
	s->now.place = ++s->out->items;
	s->out->listings[s->out->n_listings++] = s->now;
	tell(s, FOUND_KEPT, (struct str){ 0 });
}

void extract_sink_skip(struct extract_sink *s)
{
	s->out->items++;
	s->out->skipped++;
	tell(s, FOUND_SKIPPED, (struct str){ 0 });
}

/* Lists want to know what is there, however much of it is rejected. */
static void note_id(struct extract_sink *s)
{
	struct extract_out *out = s->out;

	if (!s->now.field[FIELD_ID].n || !s->room)
		return;
	if (!out->n_rejected_ids)
		out->rejected_ids = arena_array(s->a, s->room, sizeof(*out->rejected_ids));
	out->rejected_ids[out->n_rejected_ids++] = s->now.field[FIELD_ID];
}

void extract_sink_reject(struct extract_sink *s, enum reject_code code, int field, struct str why)
{
	struct extract_out *out = s->out;
	bool kept = out->n_rejects < REJECT_MOST;

	s->now.place = ++out->items;
	out->rejected++;
	out->reject_times[code]++;
	if (!kept)
		note_id(s);
	if (!kept && !s->found)
		return;
	why = arena_str(s->a, utf8_cut(why, REJECT_WHY_BYTES));
	tell(s, FOUND_REJECTED, why);
	if (!kept)
		return;
	if (!out->n_rejects) {
		out->rejects = arena_array(s->a, REJECT_MOST, sizeof(*out->rejects));
		out->reject_reason = why;
	}
	out->rejects[out->n_rejects++] =
		(struct extract_reject){ .code = code, .field = field, .why = why, .raw = s->now };
}

enum err extract_sink_link(struct extract_sink *s, struct str url, struct str page,
			   struct reason *why)
{
	struct extract_link *more;
	int n = s->out->n_links;

	url = str_trim(url);
	if (!url.n || url.n > listing_fields[FIELD_URL].most_bytes)
		return ERR_OK;
	if (n == s->link_most)
		return reason_set(why, ERR_TOO_BIG, "more than %d links", s->link_most);
	if ((size_t)s->out->n_links == s->link_room) {
		s->link_room = s->link_room ? s->link_room * 2 : 64;
		more = arena_array(s->a, s->link_room, sizeof(*more));
		if (s->out->n_links)
			memcpy(more, s->out->links, (size_t)s->out->n_links * sizeof(*more));
		s->out->links = more;
	}
	s->out->links[s->out->n_links++] = (struct extract_link){
		.url = arena_str(s->a, without_nul(s->a, utf8_clean(s->a, url))),
		.priority = -1,
		.page = n && str_eq(s->out->links[n - 1].page, page) ? s->out->links[n - 1].page
								     : arena_str(s->a, page),
	};
	return ERR_OK;
}

/* As `match` sees it. What is no URI, or absolute already, is compared as found. */
static struct str absolute(struct extract_sink *s, struct str url)
{
	xmlChar *made;

	if (extract_match_web(url) || url.n > listing_fields[FIELD_URL].most_bytes)
		return url;
	made = xmlBuildURI((const xmlChar *)arena_str(s->a, url).p,
			   (const xmlChar *)arena_str(s->a, s->url).p);
	if (made)
		url = arena_text(s->a, (const char *)made);
	xmlFree(made);
	return url;
}

bool extract_sink_fits(struct extract_sink *s, const struct conf_link *link, struct str url)
{
	return !link->match.n || str_like(absolute(s, str_trim(url)), link->match);
}

enum err extract_sink_found(struct extract_sink *s, const struct conf_link *link, struct str url,
			    struct reason *why)
{
	int before = s->out->n_links;
	enum err err = ERR_OK;

	if (extract_sink_fits(s, link, url))
		err = extract_sink_link(s, url, link->page, why);
	if (s->out->n_links > before)
		s->out->links[before].priority = link->priority;
	return err;
}

enum err extract_sink_next(struct extract_sink *s, struct str url, struct reason *why)
{
	int before = s->out->n_links;
	enum err err;

	if (conf_paging_by_cursor(&s->page->paging)) {
		if (url.n && url.n <= EXTRACT_VALUE_BYTES)
			s->out->cursor = arena_str(s->a, without_nul(s->a, utf8_clean(s->a, url)));
		return ERR_OK;
	}
	err = extract_sink_link(s, url, s->page->name, why);

	if (s->out->n_links > before)
		s->out->links[before].next = true;
	return err;
}

/* As it is stored and compared. */
static struct str tidy(struct extract_sink *s, struct str text)
{
	return arena_str(s->a, without_nul(s->a, utf8_clean(s->a, str_trim(text))));
}

enum err extract_sink_value(struct extract_sink *s, struct str name, struct str value,
			    struct str under, struct reason *why)
{
	struct extract_out *out = s->out;
	struct value *more;

	value = str_trim(value);
	if (!value.n || value.n > EXTRACT_VALUE_BYTES || under.n > EXTRACT_VALUE_BYTES)
		return ERR_OK;
	if (out->n_values == EXTRACT_MOST_FOUND)
		return reason_set(why, ERR_TOO_BIG, "more than %d values", EXTRACT_MOST_FOUND);
	if ((size_t)out->n_values == s->value_room) {
		s->value_room = s->value_room ? s->value_room * 2 : 64;
		more = arena_array(s->a, s->value_room, sizeof(*more));
		if (out->n_values)
			memcpy(more, out->values, (size_t)out->n_values * sizeof(*more));
		out->values = more;
	}
	out->values[out->n_values++] =
		(struct value){ .name = name, .value = tidy(s, value), .under = tidy(s, under) };
	return ERR_OK;
}
