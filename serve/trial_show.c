#include "serve/trial_show.h"

#include "serve/api_json.h"
#include "serve/trial_value.h"

#define LINKS_SHOWN 20

static const struct conf_field *field_of(const struct conf_page *kind, enum listing_field f)
{
	for (int i = 0; i < kind->n_fields; i++)
		if (kind->fields[i].field == f)
			return &kind->fields[i];
	return NULL;
}

/* Whether the page kind can fill it. */
static bool is_filled(const struct conf_page *kind, enum listing_field f)
{
	return field_of(kind, f) || kind->format == FORMAT_AUTO;
}

static bool is_required(const struct conf_page *kind, enum listing_field f)
{
	const struct conf_field *c = field_of(kind, f);

	return c ? c->required : kind->format == FORMAT_AUTO && (f == FIELD_ID || f == FIELD_TITLE);
}

static void sel_members(struct json *j, const struct conf_sel *sel)
{
	static const char *const kinds[] = {
		[SEL_JQ] = "jq", [SEL_CSS] = "css", [SEL_XPATH] = "xpath", [SEL_CONST] = "const"
	};

	json_str(j, "selector", sel && sel->kind ? sel->expr : (struct str){ 0 });
	json_text(j, "language", sel && sel->kind ? kinds[sel->kind] : NULL);
	json_text(j, "file", sel && sel->kind ? sel->at.file : NULL);
	json_int(j, "line", sel ? sel->at.line : 0);
	json_int(j, "column", sel ? sel->at.column : 0);
}

static void part(struct json *j, const char *name, const struct conf_sel *sel)
{
	if (!sel->kind)
		return;
	json_object(j, NULL);
	json_text(j, "name", name);
	sel_members(j, sel);
	json_end_object(j);
}

/* The selectors besides the fields'. */
static void parts(struct json *j, const struct conf_page *kind)
{
	json_array(j, "parts");
	part(j, "items", &kind->items);
	part(j, "skip", &kind->skip);
	part(j, "more", &kind->paging.more);
	part(j, "last", &kind->paging.last);
	part(j, "next", &kind->paging.next);
	part(j, "total", &kind->paging.total);
	for (int i = 0; i < kind->n_links; i++)
		part(j, "links", &kind->links[i].sel);
	for (int i = 0; i < kind->n_values; i++)
		part(j, "values", &kind->values[i].sel);
	json_end_array(j);
}

/* `name`: of an attribute; {0}: all of the field. */
static int found_in(const struct found_all *f, enum listing_field field, struct str name)
{
	int n = 0;

	for (int i = 0; i < f->n; i++) {
		struct str raw = f->items[i].raw.field[field];

		n += f->items[i].end != FOUND_SKIPPED && raw.p &&
		     (!name.n || listing_raw_has(raw, name));
	}
	return n;
}

/* `c`: NULL where the page says so of itself. */
static void field_sel(const struct trial_show *t, enum listing_field f, const struct conf_field *c)
{
	struct str name = str_of(listing_fields[f].name), one = c ? c->name : (struct str){ 0 };
	struct json *j = &t->rq->j;

	if (one.n)
		name = arena_fmt(t->rq->arena, "%.*s.%.*s", STR_ARG(name), STR_ARG(one));
	json_object(j, NULL);
	json_str(j, "field", name);
	sel_members(j, c ? &c->sel : NULL);
	json_bool(j, "required", c ? c->required : is_required(t->in.kind, f));
	json_int(j, "found", found_in(&t->trial.found, f, one));
	json_end_object(j);
}

static void fields(const struct trial_show *t)
{
	const struct conf_page *kind = t->in.kind;

	json_array(&t->rq->j, "fields");
	for (int f = 0; f < FIELD_COUNT; f++) {
		if (!field_of(kind, (enum listing_field)f) &&
		    is_filled(kind, (enum listing_field)f))
			field_sel(t, (enum listing_field)f, NULL);
		for (int i = 0; i < kind->n_fields; i++)
			if ((int)kind->fields[i].field == f)
				field_sel(t, (enum listing_field)f, &kind->fields[i]);
	}
	json_end_array(&t->rq->j);
}

/* --- one item */

struct shown {
	const struct trial_show *t;
	const struct found_item *item;
	const struct listing *now;	   /* NULL: it was not kept */
	const struct listing_view *stored; /* or NULL */
};

static struct str id_of(const struct trial_show *t, int i)
{
	const struct found_item *item = &t->trial.found.items[i];

	return item->end == FOUND_KEPT ? t->trial.listings[i].ext_id : item->raw.field[FIELD_ID];
}

static bool changed(const struct shown *s, enum listing_field f, struct str now, struct str was)
{
	/* nothing tells the address of a page that is given without one */
	if (!s->stored || (f == FIELD_URL && !s->t->in.addressed && !is_filled(s->t->in.kind, f)))
		return false;
	return s->now ? !str_eq(now, was) : was.n && !s->item->raw.field[f].p;
}

static void field_json(const struct shown *s, enum listing_field f)
{
	const struct conf_page *kind = s->t->in.kind;
	struct arena *a = s->t->rq->arena;
	struct json *j = &s->t->rq->j;
	struct str none = { 0 };
	struct str raw = listing_raw_text(&s->item->raw, f, a), why = s->item->absent[f];
	struct str now = s->now ? trial_value(s->now, f, a) : none;
	struct str was = s->stored ? trial_value(&s->stored->listing, f, a) : none;
	bool differs = changed(s, f, now, was);

	if (!is_filled(kind, f) && !differs)
		return;
	json_object(j, NULL);
	json_text(j, "field", listing_fields[f].name);
	json_str(j, "raw", raw);
	json_str(j, "value", now);
	json_text(j, "reader", s->item->reader[f]);
	json_bool(j, "required", is_required(kind, f));
	if (raw.p)
		json_null(j, "missing");
	else if (!is_filled(kind, f))
		json_text(j, "missing", "no selector");
	else
		json_str(j, "missing", why.n ? why : STR("nothing found"));
	/* what is no text of the site's may be text that says nothing */
	json_bool(j, "unclear", raw.p && s->now && !now.p);
	json_bool(j, "changed", differs);
	json_str(j, "was", differs ? was : none);
	json_end_object(j);
}

static void flags(struct json *j, const struct listing *l)
{
	json_array(j, "flags");
	for (int i = 0; l && i < FLAG_COUNT; i++)
		if (l->flags & FLAG_BIT(i))
			json_text(j, NULL, listing_flags[i].name);
	json_end_array(j);
}

static void item_json(const struct shown *s, struct str id)
{
	static const char *const ends[] = {
		[FOUND_KEPT] = "kept", [FOUND_SKIPPED] = "skipped", [FOUND_REJECTED] = "rejected"
	};
	struct json *j = &s->t->rq->j;

	json_object(j, NULL);
	json_text(j, "end", ends[s->item->end]);
	json_str(j, "ext_id", id);
	json_str(j, "reason", s->item->reason);
	flags(j, s->now);
	if (s->stored) {
		json_int(j, "stored", s->stored->listing.id);
		api_json_time(j, "stored_seen", s->stored->seen_ms);
	} else {
		json_null(j, "stored");
		json_null(j, "stored_seen");
	}
	json_array(j, "fields");
	for (int f = 0; f < FIELD_COUNT; f++)
		field_json(s, (enum listing_field)f);
	json_end_array(j);
	json_end_object(j);
}

/* A page about one thing that is asked for by that thing is about it, whatever it says. */
static const struct listing_view *stored_of(const struct trial_show *t, struct str id)
{
	struct listing_view *v;
	struct reason why;

	if (t->only && t->in.kind->items.kind == SEL_NONE && t->trial.found.n == 1)
		return t->only;
	if (!id.n)
		return NULL;
	v = arena_zero(t->rq->arena, sizeof(*v));
	return reader_listing(t->rq->reader, 0, t->in.source->name, id, t->rq->arena, v, &why)
		       ? NULL
		       : v;
}

static void show_item(const struct trial_show *t, int i)
{
	const struct found_item *item = &t->trial.found.items[i];
	struct shown s = { .t = t, .item = item };
	struct str id = id_of(t, i);

	s.now = t->trial.listings[i].source.n ? &t->trial.listings[i] : NULL;
	s.stored = stored_of(t, id);
	item_json(&s, id);
}

/* Which item is the listing that is asked for; -1: none. */
static int only_at(const struct trial_show *t)
{
	if (t->in.kind->items.kind == SEL_NONE && t->trial.found.n == 1)
		return 0;
	for (int i = 0; i < t->trial.found.n; i++)
		if (str_eq(id_of(t, i), t->only->listing.ext_id))
			return i;
	return -1;
}

/* Those that were kept or rejected, or just the one that is asked for; what was rejected if
 * that is not there. */
static void items(const struct trial_show *t, int at)
{
	const struct found_all *f = &t->trial.found;
	int64_t left = request_int(t->rq, "limit");

	json_array(&t->rq->j, "listings");
	if (at >= 0)
		show_item(t, at);
	for (int i = 0; i < f->n && at < 0 && left; i++) {
		if (f->items[i].end == FOUND_SKIPPED ||
		    (t->only && f->items[i].end != FOUND_REJECTED))
			continue;
		show_item(t, i);
		left--;
	}
	json_end_array(&t->rq->j);
}

/* --- where it leads, and the whole */

static void leads(struct json *j, const struct trial *r)
{
	json_bool(j, "more", r->more);
	json_int(j, "last", r->last);
	json_int(j, "total", r->total);
	json_str(j, "cursor", r->cursor);
	json_str(j, "canonical", r->canonical);
	json_int(j, "values", r->n_values);
	json_int(j, "links", r->n_links);
	json_array(j, "some_links");
	for (int i = 0; i < r->n_links && i < LINKS_SHOWN; i++) {
		json_object(j, NULL);
		json_str(j, "url", r->links[i].url);
		json_str(j, "page", r->links[i].page);
		json_bool(j, "next", r->links[i].next);
		json_end_object(j);
	}
	json_end_array(j);
}

static void page_json(struct json *j, const char *key, const struct page *p)
{
	if (!p) {
		json_null(j, key);
		return;
	}
	json_object(j, key);
	api_json_page(j, p);
	json_end_object(j);
}

static bool is_good(const struct trial_show *t, int at)
{
	const struct trial *r = &t->trial;

	if (r->unreadable.text[0])
		return false;
	if (t->only)
		return at >= 0 && r->found.items[at].end == FOUND_KEPT;
	if (r->rejected)
		return false;
	return t->in.kind->lists ? r->kept > 0 : r->n_links > 0 || r->n_values > 0;
}

void trial_show(struct trial_show *t)
{
	static const char *const formats[] = {
		[FORMAT_JSON] = "json", [FORMAT_HTML] = "html", [FORMAT_SITEMAP] = "sitemap",
		[FORMAT_FEED] = "feed", [FORMAT_AUTO] = "auto", [FORMAT_NONE] = "none"
	};
	struct json *j = &t->rq->j;
	const struct trial *r = &t->trial;
	int at = t->only && !r->unreadable.text[0] ? only_at(t) : -1;

	json_str(j, "page_kind", t->in.kind->name);
	json_text(j, "format", formats[t->in.kind->format]);
	json_str(j, "url", t->page ? t->page->url : t->in.url);
	page_json(j, "page", t->page);
	page_json(j, "last_good", t->last);
	json_str(j, "listing", t->only ? t->only->listing.ext_id : (struct str){ 0 });
	json_text(j, "unreadable", r->unreadable.text[0] ? r->unreadable.text : NULL);
	json_int(j, "kept", r->kept);
	json_int(j, "skipped", r->skipped);
	json_int(j, "rejected", r->rejected);
	fields(t);
	parts(j, t->in.kind);
	items(t, at);
	leads(j, r);
	json_bool(j, "good", is_good(t, at));
	json_end_object(j);
}
