#include "store/reader_conn.h"

#include "base/buf.h"
#include "base/must.h"
#include "base/normal.h"

#include <stdio.h>
#include <string.h>

#define SQL_MOST (16 << 10)
#define MOST_WORDS 16
#define MOST_VALUES (MOST_WORDS + 16)

static const char columns[] =
	"SELECT l.id, l.source, l.ext_id, l.url, l.title, l.description, l.currency, l.image, "
	"l.category, l.brand, l.condition, l.location, l.price, l.price_digits, l.state, "
	"l.posted_ms, l.title_clean, l.title_marks, l.title_core, l.family, l.flags, "
	"l.flag_reason, "
	"l.page, "
	"l.first_seen_ms, l.last_seen_ms, l.state_ms, l.updated_ms, l.images, l.category_path, "
	"l.attributes, "
	"COALESCE(CASE WHEN w.seen_ms > l.last_seen_ms THEN w.seen_ms END, l.last_seen_ms), "
	"COALESCE(f.size, 1), s.clean_version, "
	"s.label_version, s.review_score, s.model, s.category1, s.p1, s.category2, s.p2, "
	"s.category3, s.p3, m.name, p.record_file, p.record_offset, p.record_bytes, "
	"p.extract_version, " SQL_LABEL_COLUMNS ", im.file, im.hash";

/* Which table leads decides whether an index answers: a CROSS JOIN keeps the
 * order in SQLite, and means nothing special elsewhere. */
static const char by_listing[] = " FROM listing AS l CROSS JOIN standing AS s";
static const char by_standing[] = " FROM standing AS s CROSS JOIN listing AS l";
static const char others[] = " JOIN page AS p ON p.id = l.page"
			     " LEFT JOIN visit AS w ON w.page = l.page"
			     " LEFT JOIN family AS f ON f.id = l.family"
			     " LEFT JOIN label AS b ON b.id = s.label" SQL_LABEL_RECODE
			     " LEFT JOIN model AS m ON m.id = s.model"
			     " LEFT JOIN listing_image AS li ON li.listing = l.id"
			     " LEFT JOIN image_job AS ij ON ij.job = li.job"
			     " LEFT JOIN image AS im ON im.id = ij.image"
			     " WHERE s.listing = l.id";

/* A statement being put together: text with marks, and what they stand for. */
struct build {
	struct buf sql;
	struct arena *arena;
	struct {
		bool is_text;
		struct str text;
		int64_t number;
	} value[MOST_VALUES];
	int n;
};

static void add(struct build *b, const char *sql)
{
	buf_add_text(&b->sql, sql);
}

static void add_text(struct build *b, const char *sql, struct str value)
{
	must(b->n < MOST_VALUES);
	add(b, sql);
	b->value[b->n].is_text = true;
	b->value[b->n++].text = value;
}

static void add_int(struct build *b, const char *sql, int64_t value)
{
	must(b->n < MOST_VALUES);
	add(b, sql);
	b->value[b->n++].number = value;
}

static void add_version(struct build *b, const char *sql, uint64_t value)
{
	int64_t bits;

	memcpy(&bits, &value, sizeof(bits));
	add_int(b, sql, bits);
}

/* Text as a LIKE pattern that matches it and nothing else. */
static struct str escaped(struct arena *a, struct str s)
{
	char *p = arena_alloc(a, 2 * s.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '%' || s.p[i] == '_' || s.p[i] == '\\')
			p[n++] = '\\';
		p[n++] = s.p[i];
	}
	p[n] = 0;
	return (struct str){ p, n };
}

static void add_words(struct build *b, struct str text)
{
	struct str rest = normal_str(b->arena, text), word;
	int n = 0;

	while (n < MOST_WORDS && str_next(&rest, ' ', &word)) {
		if (!word.n)
			continue;
		add_text(b, " AND l.title_clean LIKE ? ESCAPE '\\'",
			 arena_fmt(b->arena, "%%%s%%", escaped(b->arena, word).p));
		n++;
	}
}

static void add_stale(struct build *b, const struct listing_filter *f)
{
	add_version(b, " AND (s.label_version <> ?", f->label_version);
	add_int(b, " OR s.clean_version <> ?", f->clean_version);
	if (f->model)
		/* Nothing is suggested for an empty title: it would be stale forever. */
		add_int(b, " OR (COALESCE(s.model, 0) <> ? AND l.title_clean <> '')", f->model);
	add(b, ")");
}

static enum err add_named(struct build *b, const struct listing_filter *f, struct reason *why)
{
	enum listing_flag flag;
	int state;

	if (f->state.n) {
		if (!state_parse(STATE_LISTING, f->state, &state))
			return reason_set(why, ERR_BAD, "no listing state is named \"%.*s\"",
					  STR_ARG(f->state));
		add_text(b, " AND l.state = ?", f->state);
	}
	if (f->flag.n) {
		if (!listing_flag_parse(f->flag, &flag))
			return reason_set(why, ERR_BAD, "no flag is named \"%.*s\"",
					  STR_ARG(f->flag));
		add_int(b, " AND (l.flags & ?) <> 0", FLAG_BIT(flag));
	}
	return ERR_OK;
}

static enum err add_filter(struct build *b, const struct listing_filter *f, struct reason *why)
{
	bool standing = f->review_queue || f->stale;

	add(b, columns);
	add(b, standing ? by_standing : by_listing);
	add(b, others);
	if (f->source.n)
		add_text(b, " AND l.source = ?", f->source);
	if (f->category.n) {
		add_text(b, " AND (" SQL_LABEL_NOW " = ?", f->category);
		add_text(b, " OR " SQL_LABEL_NOW " LIKE ? ESCAPE '\\')",
			 arena_fmt(b->arena, "%s.%%", escaped(b->arena, f->category).p));
	}
	add_words(b, f->text);
	if (f->family)
		add_int(b, " AND l.family = ?", f->family);
	if (f->stale)
		add_stale(b, f);
	if (f->review_queue)
		add(b, " AND s.reviewed = 0 AND s.review_score > 0");
	else if (f->after_id)
		add_int(b, standing ? " AND s.listing > ?" : " AND l.id > ?", f->after_id);
	return add_named(b, f, why);
}

static void add_order(struct build *b, const struct listing_filter *f)
{
	add(b, f->review_queue ? " ORDER BY s.review_score DESC, s.listing"
	       : f->stale      ? " ORDER BY s.listing"
	       : f->by_name    ? " ORDER BY l.source, l.ext_id"
			       : " ORDER BY l.id");
	if (f->most > 0)
		add_int(b, " LIMIT ?", f->most);
}

static void row_listing(struct query *q, struct arena *a, struct listing *l)
{
	l->id = query_get_int(q);
	l->source = row_text(q, a);
	l->ext_id = row_text(q, a);
	l->url = row_text(q, a);
	l->title = row_text(q, a);
	l->description = row_text(q, a);
	l->currency = row_text(q, a);
	l->image = row_text(q, a);
	l->category = row_text(q, a);
	l->brand = row_text(q, a);
	l->condition = row_text(q, a);
	l->location = row_text(q, a);
	l->price = query_at_null(q) ? LISTING_NO_PRICE : 0;
	l->price += query_get_int(q);
	l->price_digits = (int)query_get_int(q);
	l->state = (enum listing_state)query_get_state(q, STATE_LISTING);
	l->posted_ms = query_get_int(q);
	l->title_clean = row_text(q, a);
	l->title_marks = row_text(q, a);
	l->title_core = row_text(q, a);
	l->family = query_get_version(q);
	l->flags = (uint32_t)query_get_int(q);
	l->flag_reason = row_text(q, a);
	l->page = query_get_int(q);
	l->first_seen_ms = query_get_int(q);
	l->last_seen_ms = query_get_int(q);
	l->state_ms = query_get_int(q);
	l->updated_ms = query_get_int(q);
	l->images = row_text(q, a);
	l->category_path = row_text(q, a);
	l->attributes = row_text(q, a);
}

/* `hex` holds the family's name where there is no arena. */
static void row_view(struct query *q, struct arena *a, char hex[17], struct listing_view *v)
{
	memset(v, 0, sizeof(*v));
	row_listing(q, a, &v->listing);
	v->seen_ms = query_get_int(q);
	v->family_size = query_get_int(q);
	v->listing.clean_version = (uint32_t)query_get_int(q);
	v->label_version = query_get_version(q);
	v->review_score = query_get_real(q);
	row_suggestion(q, a, &v->suggestion);
	v->suggested = v->suggestion.model != 0;
	v->model_name = row_text(q, a);
	v->record.file = row_text(q, a);
	v->record.offset = query_get_int(q);
	v->record.bytes = query_get_int(q);
	v->extract_version = query_get_version(q);
	v->labeled = !query_at_null(q);
	row_label(q, a, &v->label);
	v->image_file = row_text(q, a);
	v->image_hash = row_text(q, a);
	/* Rules that have nothing to say any more leave a line without category. */
	v->labeled = v->labeled && (v->label.category.n || v->label.by == LABEL_BY_PERSON) &&
		     !(v->label.recoded && v->label.fate == RECODE_SPLIT);
	snprintf(hex, 17, "%016llx", (unsigned long long)v->listing.family);
	v->family_name = (struct str){ hex, 16 };
	if (a)
		v->family_name = arena_str(a, v->family_name);
}

static struct query *prepare(struct reader *r, const struct build *b)
{
	struct query *q = query_new(r->engine, b->sql.p);

	for (int i = 0; i < b->n; i++) {
		if (b->value[i].is_text)
			query_text(q, b->value[i].text);
		else
			query_int(q, b->value[i].number);
	}
	return q;
}

enum err reader_listings(struct reader *r, const struct listing_filter *f, struct arena *a,
			 bool (*each)(void *ctx, const struct listing_view *v), void *ctx,
			 struct reason *why)
{
	struct build b = { .arena = a };
	struct query *q = NULL;
	struct listing_view v;
	char hex[17];
	bool more = true;
	enum err err;

	buf_init(&b.sql, SQL_MOST);
	err = add_filter(&b, f, why);
	if (err)
		goto out;
	add_order(&b, f);
	must(!b.sql.full);
	q = prepare(r, &b);
	err = query_row(q, &more);
	while (!err && more) {
		row_view(q, NULL, hex, &v);
		more = each(ctx, &v);
		if (more)
			err = query_row(q, &more);
	}
	err = reader_error(r, err, why);
out:
	query_free(q);
	buf_done(&b.sql);
	return err;
}

enum err reader_listing(struct reader *r, int64_t id, struct str source, struct str ext_id,
			struct arena *a, struct listing_view *ret, struct reason *why)
{
	struct build b = { .arena = a };
	struct query *q;
	char hex[17];
	enum err err;

	buf_init(&b.sql, SQL_MOST);
	add(&b, columns);
	add(&b, by_listing);
	add(&b, others);
	if (source.n) {
		add_text(&b, " AND l.source = ?", source);
		add_text(&b, " AND l.ext_id = ?", ext_id);
	} else {
		add_int(&b, " AND l.id = ?", id);
	}
	q = prepare(r, &b);
	err = query_one(q);
	if (!err) {
		row_view(q, a, hex, ret);
		err = query_end(q);
	}
	if (err == ERR_NOT_FOUND && source.n)
		reason_set(why, err, "no listing %.*s/%.*s", STR_ARG(source), STR_ARG(ext_id));
	else if (err == ERR_NOT_FOUND)
		reason_set(why, err, "no listing %lld", (long long)id);
	else
		reader_error(r, err, why);
	query_free(q);
	buf_done(&b.sql);
	return err;
}
