#include "market_data.h"

#include "base/hash.h"
#include "base/mem.h"
#include "base/must.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#define TEXT_MOST ((size_t)1 << 30)
#define NODES_MOST 4096
#define COLUMNS 9

enum {
	COL_PID,
	COL_TITLE,
	COL_CATEGORY,
	COL_PATH,
	COL_PRICE,
	COL_STATUS,
	COL_BRAND,
	COL_SEEN,
	COL_IMAGE
};

struct reading {
	struct market_data *d;
	size_t items_cap, nodes_cap;
	const char *name;
	int line;
	struct reason *why;
};

static enum err bad(struct reading *r, const char *what)
{
	return reason_set(r->why, ERR_BAD, "%s:%d: %s", r->name, r->line, what);
}

static int node_find(const struct market_data *d, struct str id)
{
	int i;

	for (i = 0; i < d->n_nodes; i++)
		if (str_eq(d->nodes[i].id, id))
			return i;
	return -1;
}

static int node_add(struct reading *r, struct str id, struct str title, int parent)
{
	struct market_data *d = r->d;

	mem_grow(&d->nodes, &r->nodes_cap, (size_t)d->n_nodes + 1, sizeof(*d->nodes));
	d->nodes[d->n_nodes] = (struct market_node){
		.id = arena_str(d->arena, id),
		.title = arena_str(d->arena, title),
		.parent = parent,
	};
	return d->n_nodes++;
}

/* The node of `id` and those above it, made when new: three digits a level. */
static enum err node_of(struct reading *r, struct str id, struct str path, uint16_t *ret)
{
	struct str part = { 0 };
	int at = 0, parent = 0;
	size_t n;

	if (id.n < 3 || id.n > 9 || id.n % 3 || r->d->n_nodes + 3 > NODES_MOST)
		return bad(r, "category_id wants 3, 6 or 9 digits");
	for (n = 3; n <= id.n; n += 3) {
		if (!str_next(&path, '>', &part))
			part = str_sub(id, 0, n);
		at = node_find(r->d, str_sub(id, 0, n));
		if (at < 0)
			at = node_add(r, str_sub(id, 0, n), part, parent);
		parent = at;
	}
	*ret = (uint16_t)at;
	return ERR_OK;
}

static enum err short_text(struct reading *r, struct str s, uint32_t *ret_at, uint16_t *ret_n)
{
	if (s.n > UINT16_MAX)
		return bad(r, "a column is longer than 65,535 bytes");
	*ret_at = (uint32_t)(s.p - r->d->text.p);
	*ret_n = (uint16_t)s.n;
	return ERR_OK;
}

static enum err read_item(struct reading *r, const struct str col[COLUMNS], struct market_item *to)
{
	int64_t pid, price, status, seen;
	enum err err;

	if (!str_i64(col[COL_PID], &pid) || pid <= 0)
		return bad(r, "pid wants a number above 0");
	if (!str_i64(col[COL_PRICE], &price) || price < 0)
		return bad(r, "price_krw wants a number");
	if (!str_i64(col[COL_STATUS], &status) || status < 0 || status > 9)
		return bad(r, "status wants one digit");
	if (!str_i64(col[COL_SEEN], &seen) || seen < 0 || seen > UINT32_MAX)
		return bad(r, "first_seen_unix wants seconds since 1970");
	*to = (struct market_item){ .pid = (uint64_t)pid,
				    .price = price,
				    .status = (uint8_t)status,
				    .seen = (uint32_t)seen };
	err = short_text(r, col[COL_TITLE], &to->title, &to->title_n);
	if (!err)
		err = short_text(r, col[COL_BRAND], &to->brand, &to->brand_n);
	if (!err)
		err = short_text(r, col[COL_IMAGE], &to->image, &to->image_n);
	if (!err)
		err = node_of(r, col[COL_CATEGORY], col[COL_PATH], &to->node);
	return err;
}

static enum err read_line(struct reading *r, struct str line)
{
	struct str col[COLUMNS], rest = line, part;
	struct market_data *d = r->d;
	int n = 0;

	while (str_next(&rest, '\t', &part)) {
		if (n == COLUMNS)
			return bad(r, "has more than 9 columns");
		col[n++] = part;
	}
	if (n != COLUMNS)
		return bad(r, "has fewer than 9 columns");
	mem_grow(&d->items, &r->items_cap, (size_t)d->n_items + 1, sizeof(*d->items));
	return read_item(r, col, &d->items[d->n_items++]);
}

static int newest_first(const void *a, const void *b)
{
	const struct market_item *x = a, *y = b;

	if (x->seen != y->seen)
		return x->seen < y->seen ? 1 : -1;
	return (x->pid > y->pid) - (x->pid < y->pid);
}

struct scored {
	uint64_t score;
	uint32_t at;
};

static int by_score(const void *a, const void *b)
{
	const struct scored *x = a, *y = b;

	if (x->score != y->score)
		return x->score < y->score ? -1 : 1;
	return (x->at > y->at) - (x->at < y->at);
}

static struct scored *score_all(const struct market_data *d)
{
	struct scored *all = mem_array(d->n_items + 1, sizeof(*all));
	uint32_t i;

	for (i = 0; i < d->n_items; i++)
		all[i] = (struct scored){ hash64_join(d->items[i].pid, 7), i };
	qsort(all, d->n_items, sizeof(*all), by_score);
	return all;
}

static void index_nodes(struct market_data *d)
{
	uint32_t *date_n = mem_array((size_t)d->n_nodes, sizeof(*date_n));
	uint32_t *score_n = mem_array((size_t)d->n_nodes, sizeof(*score_n));
	struct scored *scored = score_all(d);
	uint32_t i;
	int k;

	for (i = 0; i < d->n_items; i++) {
		d->nodes[d->items[i].node].own++;
		for (k = d->items[i].node; k >= 0; k = d->nodes[k].parent)
			d->nodes[k].n++;
	}
	for (k = 0; k < d->n_nodes; k++) {
		d->nodes[k].by_date = arena_array(d->arena, d->nodes[k].n, sizeof(uint32_t));
		d->nodes[k].by_score = arena_array(d->arena, d->nodes[k].n, sizeof(uint32_t));
	}
	for (i = 0; i < d->n_items; i++) {
		for (k = d->items[i].node; k >= 0; k = d->nodes[k].parent)
			d->nodes[k].by_date[date_n[k]++] = i;
		for (k = d->items[scored[i].at].node; k >= 0; k = d->nodes[k].parent)
			d->nodes[k].by_score[score_n[k]++] = scored[i].at;
	}
	mem_free(date_n);
	mem_free(score_n);
	mem_free(scored);
}

enum err market_data_new(struct buf *text, const char *name, struct market_data **ret,
			 struct reason *why)
{
	struct market_data *d = mem_zero(sizeof(*d));
	struct reading r = { .d = d, .name = name, .line = 1, .why = why };
	struct str rest, line = { 0 };
	enum err err = ERR_OK;

	d->text = *text;
	buf_init(text, text->cap);
	d->arena = arena_new(1 << 16);
	node_add(&r, STR(""), STR(""), -1);
	rest = buf_str(&d->text);
	if (!str_next(&rest, '\n', &line) || !str_is(line, MARKET_DATA_HEADER))
		err = bad(&r, "does not begin with the header line " MARKET_DATA_HEADER);
	while (!err && str_next(&rest, '\n', &line)) {
		r.line++;
		if (line.n || rest.p)
			err = read_line(&r, line);
	}
	if (err) {
		market_data_free(d);
		return err;
	}
	if (d->n_items)
		qsort(d->items, d->n_items, sizeof(*d->items), newest_first);
	index_nodes(d);
	*ret = d;
	return ERR_OK;
}

/* gzread passes plain files through as they are. */
static enum err read_all(gzFile f, const char *path, struct buf *to, struct reason *why)
{
	const unsigned step = 1 << 20;
	int n = 1, code = 0;
	char *room;

	while (n > 0) {
		room = buf_room(to, step);
		if (!room)
			return reason_set(why, ERR_TOO_BIG, "%s: more than 1 GB of text", path);
		n = gzread(f, room, step);
		if (n > 0)
			to->n += (size_t)n;
	}
	gzerror(f, &code);
	if (n < 0 || (code != Z_OK && code != Z_STREAM_END))
		return reason_set(why, ERR_IO, "%s: cannot be read whole", path);
	return ERR_OK;
}

enum err market_data_read(const char *path, struct market_data **ret, struct reason *why)
{
	gzFile f = gzopen(path, "rb");
	struct buf text;
	enum err err;

	if (!f)
		return reason_set(why, ERR_IO, "%s: %s", path, strerror(errno));
	buf_init(&text, TEXT_MOST);
	err = read_all(f, path, &text, why);
	gzclose(f);
	if (!err)
		err = market_data_new(&text, path, ret, why);
	buf_done(&text);
	return err;
}

void market_data_free(struct market_data *d)
{
	if (!d)
		return;
	buf_done(&d->text);
	mem_free(d->items);
	mem_free(d->nodes);
	arena_free(d->arena);
	mem_free(d);
}

struct str market_data_title(const struct market_data *d, const struct market_item *i)
{
	return (struct str){ d->text.p + i->title, i->title_n };
}

struct str market_data_brand(const struct market_data *d, const struct market_item *i)
{
	return (struct str){ d->text.p + i->brand, i->brand_n };
}

struct str market_data_image(const struct market_data *d, const struct market_item *i)
{
	return (struct str){ d->text.p + i->image, i->image_n };
}

const struct market_node *market_data_node(const struct market_data *d, struct str id)
{
	int i = node_find(d, id);

	return i < 0 ? NULL : &d->nodes[i];
}

struct str market_data_path(const struct market_data *d, int node, struct arena *a)
{
	struct str path = { 0 };

	must(node >= 0 && node < d->n_nodes);
	for (; node > 0; node = d->nodes[node].parent) {
		struct str t = d->nodes[node].title;

		path = path.p ? arena_fmt(a, "%.*s>%.*s", STR_ARG(t), STR_ARG(path)) : t;
	}
	return path.p ? path : STR("");
}
