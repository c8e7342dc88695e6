/* conf_history.h: whether a history can have been so, and what it makes of codes. */
#include "base/mem.h"
#include "base/must.h"
#include "config/conf_history.h"

#include <stdlib.h>
#include <string.h>

#define WHY_BYTES 300
#define TEXT_MOST (1 << 20)
#define NOT_MOVED (-2)

/* A code that stands anywhere in the file, and how it fares while changes are replayed. */
struct entry {
	struct str code;
	int taxon; /* -1: it is none now */
	bool alive;
	int meaning;			 /* the entry that had its meaning first */
	const struct conf_change *ended; /* what took it away; NULL: nothing yet */
	int64_t ended_version;
	int below; /* meaning of what it was moved below last; -1: the top */
	struct conf_at below_at;
};

struct replay {
	struct conf_reader *r;
	struct conf_taxonomy *t;
	struct entry *e; /* by code */
	int n;
};

static int entry_order(const void *a, const void *b)
{
	return str_cmp(((const struct entry *)a)->code, ((const struct entry *)b)->code);
}

static struct entry *find(const struct replay *p, struct str code)
{
	const struct entry key = { .code = code };
	struct entry *e = bsearch(&key, p->e, (size_t)p->n, sizeof(key), entry_order);

	must(e);
	return e;
}

static int count_codes(const struct conf_taxonomy *t)
{
	int n = t->n_taxa;

	for (int v = 0; v < t->n_history; v++)
		for (int i = 0; i < t->history[v].n_changes; i++)
			n += t->history[v].changes[i].n_from + t->history[v].changes[i].n_to;
	return n;
}

static void add_codes(struct replay *p, const struct conf_code *codes, int n)
{
	for (int i = 0; i < n; i++)
		p->e[p->n++] = (struct entry){ .code = codes[i].code, .taxon = -1 };
}

static void all_codes(struct replay *p)
{
	const struct conf_taxonomy *t = p->t;
	int kept = 0;

	p->e = mem_array((size_t)count_codes(t) + 1, sizeof(*p->e));
	for (int v = 0; v < t->n_history; v++)
		for (int i = 0; i < t->history[v].n_changes; i++) {
			const struct conf_change *c = &t->history[v].changes[i];

			add_codes(p, c->from, c->n_from);
			add_codes(p, c->to, c->n_to);
		}
	for (int i = 0; i < t->n_taxa; i++)
		p->e[p->n++] = (struct entry){ .code = t->taxa[i].code };
	qsort(p->e, (size_t)p->n, sizeof(*p->e), entry_order);
	for (int i = 0; i < p->n; i++)
		if (!kept || !str_eq(p->e[i].code, p->e[kept - 1].code))
			p->e[kept++] = p->e[i];
	p->n = kept;
	for (int i = 0; i < p->n; i++)
		p->e[i] = (struct entry){
			.code = p->e[i].code, .taxon = -1, .meaning = i, .below = NOT_MOVED
		};
	for (int i = 0; i < t->n_taxa; i++) {
		struct entry *e = find(p, t->taxa[i].code);

		e->taxon = i;
		e->alive = true;
	}
}

static bool leads_to(const struct conf_change *c, struct str code)
{
	for (int i = 0; i < c->n_to; i++)
		if (str_eq(c->to[i].code, code))
			return true;
	return false;
}

static bool takes_away(const struct conf_change *c)
{
	return c->kind != CONF_MOVE && (c->kind != CONF_RENAME || c->n_to);
}

/* ---- back, from now: which codes were there ---- */

static void wanted(struct replay *p, const struct conf_code *c, int64_t version)
{
	struct conf_near near = { .wanted = c->code };
	struct entry *e = find(p, c->code);
	char hint[128];

	if (e->alive)
		return;
	e->alive = true; /* said once */
	for (int i = 0; i < p->t->n_taxa && conf_problem_room(p->r->problems); i++)
		if (!str_eq(p->t->taxa[i].code, c->code))
			conf_table_near(&near, p->t->taxa[i].code);
	conf_problem_add(p->r->problems, c->at,
			 "no category `%.60s` at version %lld, by what `taxa` and later changes "
			 "say%s",
			 c->code.p, (long long)version, conf_table_hint(&near, hint));
}

static void back(struct replay *p, struct conf_change *c, int64_t version)
{
	for (int i = 0; i < c->n_to; i++)
		wanted(p, &c->to[i], version);
	for (int i = 0; i < c->n_from; i++) {
		struct entry *e = find(p, c->from[i].code);

		if (!takes_away(c))
			wanted(p, &c->from[i], version);
		if (c->kind == CONF_SPLIT)
			c->stays = e->alive;
		e->alive = true;
	}
	if (c->kind == CONF_RENAME && c->n_to && !leads_to(c, c->from[0].code))
		find(p, c->to[0].code)->alive = false;
}

/* ---- forth, from the start: what each code means ---- */

static void is_gone(struct replay *p, const struct conf_code *c, const struct entry *e,
		    const char *verb, int64_t version)
{
	struct buf how;

	if (!e->ended) /* it was never there, which was said */
		return;
	buf_init(&how, TEXT_MOST);
	conf_history_text(e->ended, &how);
	conf_problem_add(p->r->problems, c->at,
			 "`%s` of version %lld: `%.60s` was %.100s in version %lld (line %d), and "
			 "is no category any more",
			 verb, (long long)version, c->code.p, how.p, (long long)e->ended_version,
			 e->ended->at.line);
	buf_done(&how);
}

static void comes_back(struct replay *p, const struct conf_code *c, const struct entry *e)
{
	struct buf how;

	buf_init(&how, TEXT_MOST);
	conf_history_text(e->ended, &how);
	conf_problem_add(p->r->problems, c->at,
			 "`%.60s` was %.100s in version %lld (line %d): a code does not come back "
			 "with another meaning; give this category another code",
			 c->code.p, how.p, (long long)e->ended_version, e->ended->at.line);
	buf_done(&how);
}

static void becomes(struct replay *p, const struct conf_code *to, const struct entry *from)
{
	struct entry *e = find(p, to->code);

	if (e->alive)
		conf_problem_add(p->r->problems, to->at,
				 "`%.60s` is a category already: `merge` puts one into another",
				 to->code.p);
	else if (e->ended && e->meaning != from->meaning)
		comes_back(p, to, e);
	e->alive = true;
	e->meaning = from->meaning;
}

static void stands(struct replay *p, const struct conf_code *to)
{
	struct entry *e = find(p, to->code);

	if (!e->alive && e->ended)
		comes_back(p, to, e);
	e->alive = true;
}

static void moved(struct replay *p, const struct conf_change *c)
{
	struct entry *e = find(p, c->from[0].code);

	e->below = c->n_to ? find(p, c->to[0].code)->meaning : -1;
	e->below_at = c->n_to ? c->to[0].at : c->at;
}

static void forth(struct replay *p, const struct conf_change *c, int64_t version)
{
	const char *verb = conf_history_kind_name(c->kind);

	for (int i = 0; i < c->n_from; i++) {
		struct entry *e = find(p, c->from[i].code);

		if (!e->alive)
			is_gone(p, &c->from[i], e, verb, version);
	}
	for (int i = 0; i < c->n_to; i++) {
		if (c->kind == CONF_RENAME)
			becomes(p, &c->to[i], find(p, c->from[0].code));
		else if (c->kind == CONF_MERGE || c->kind == CONF_SPLIT)
			stands(p, &c->to[i]);
		else if (!find(p, c->to[i].code)->alive)
			is_gone(p, &c->to[i], find(p, c->to[i].code), verb, version);
	}
	if (c->kind == CONF_MOVE && c->n_from)
		moved(p, c);
	for (int i = 0; i < c->n_from && takes_away(c); i++) {
		struct entry *e = find(p, c->from[i].code);

		if (c->stays || leads_to(c, c->from[i].code))
			continue;
		e->alive = false;
		e->ended = c;
		e->ended_version = version;
	}
}

/* ---- and now ---- */

static bool stands_below(const struct conf_taxonomy *t, int taxon, int above)
{
	int steps = 0;

	for (; taxon >= 0 && steps <= t->n_taxa; taxon = t->taxa[taxon].parent, steps++)
		if (taxon == above)
			return true;
	return false;
}

/* A code that was split and is still there is a part of itself, or their group. */
static void check_stay(struct replay *p, const struct conf_change *c)
{
	const struct entry *e = find(p, c->from[0].code);

	if (e->taxon < 0 || e->ended || !c->stays || leads_to(c, e->code))
		return;
	for (int i = 0; i < c->n_to; i++) {
		const struct entry *part = find(p, c->to[i].code);

		if (part->taxon < 0 || stands_below(p->t, part->taxon, e->taxon))
			return;
	}
	conf_problem_add(
		p->r->problems, c->from[0].at,
		"`%.60s` was split and still stands in `taxa`: leave it out there, name it "
		"under `into` if it is one of the parts, or let the parts stand below it",
		e->code.p);
}

static void check_now(struct replay *p)
{
	const struct conf_taxonomy *t = p->t;

	for (int i = 0; i < t->n_taxa; i++) {
		const struct conf_code here = { t->taxa[i].code, t->taxa[i].at };
		const struct entry *e = find(p, here.code);
		int above = t->taxa[i].parent;

		if (!e->alive && e->ended)
			comes_back(p, &here, e);
		if (e->below == NOT_MOVED ||
		    e->below == (above < 0 ? -1 : find(p, t->taxa[above].code)->meaning))
			continue;
		conf_problem_add(p->r->problems, e->below_at,
				 "`%.60s` was moved %s%.60s, and stands %s%.60s in `taxa`",
				 here.code.p, e->below < 0 ? "to the top" : "below ",
				 e->below < 0 ? "" : p->e[e->below].code.p,
				 above < 0 ? "at the top" : "below ",
				 above < 0 ? "" : t->taxa[above].code.p);
	}
	for (int v = 0; v < t->n_history; v++)
		for (int i = 0; i < t->history[v].n_changes; i++)
			if (t->history[v].changes[i].kind == CONF_SPLIT)
				check_stay(p, &t->history[v].changes[i]);
}

static void check_order(struct replay *p)
{
	const struct conf_taxonomy *t = p->t;
	const struct conf_edition *last = &t->history[t->n_history - 1];

	for (int i = 1; i < t->n_history; i++) {
		const struct conf_edition *was = &t->history[i - 1], *now = &t->history[i];

		if (now->version <= was->version)
			conf_problem_add(p->r->problems, now->at,
					 "version %lld stands behind version %lld: the oldest is "
					 "first, and each has a number of its own",
					 (long long)now->version, (long long)was->version);
		else if (str_cmp(now->date, was->date) < 0)
			conf_problem_add(p->r->problems, now->at,
					 "version %lld is of %.20s, the one before it of %.20s",
					 (long long)now->version, now->date.p, was->date.p);
	}
	if (last->version != t->version)
		conf_problem_add(p->r->problems, last->at,
				 "the history ends with version %lld, and `version` is %lld: say "
				 "here what that did (`changes` may be left out)",
				 (long long)last->version, (long long)t->version);
}

/* ---- what codes are now ---- */

/* What a code may be now, seen from before the changes that were looked at. */
struct outcome {
	int *codes; /* entries, ascending; -1: none of the categories */
	int n;
	struct str why;
};

struct recoding {
	struct replay *p;
	struct arena *a;     /* of what is thrown away */
	struct outcome *now; /* of each entry */
	int *open;	     /* of each entry: its row whose `since` is not known yet; -1 */
	struct recode *rows;
	size_t n, cap;
};

static void join(struct outcome *o, const struct outcome *other, struct arena *a)
{
	int *all = arena_array(a, (size_t)(o->n + other->n), sizeof(*all));
	int n = 0, i = 0, k = 0;

	while (i < o->n || k < other->n) {
		int next = k == other->n || (i < o->n && o->codes[i] <= other->codes[k])
				   ? o->codes[i++]
				   : other->codes[k++];

		if (!n || all[n - 1] != next)
			all[n++] = next;
	}
	o->codes = all;
	o->n = n;
}

static struct outcome only(int code, struct arena *a)
{
	struct outcome o = { .codes = arena_array(a, 1, sizeof(int)), .n = 1 };

	o.codes[0] = code;
	return o;
}

/* "merged into b (version 2), renamed to c (version 5)". */
static struct str why_of(const struct recoding *x, const struct conf_change *c, int64_t version)
{
	struct str then = { 0 }, text;
	struct buf b;

	buf_init(&b, TEXT_MOST);
	conf_history_text(c, &b);
	buf_fmt(&b, " (version %lld)", (long long)version);
	if (c->n_to == 1)
		then = x->now[find(x->p, c->to[0].code) - x->p->e].why;
	if (then.n)
		buf_fmt(&b, ", %.*s", STR_ARG(then));
	text = buf_str(&b);
	if (text.n > WHY_BYTES) {
		for (text.n = WHY_BYTES - 3; text.n && text.p[text.n] != ' ';)
			text.n--;
		text = arena_fmt(x->p->r->a, "%.*s ...", STR_ARG(text));
	} else {
		text = arena_str(x->p->r->a, text);
	}
	buf_done(&b);
	return text;
}

/* The row of `code` for labels made before `version`. A second change of one version concerns
 * the same labels. */
static struct recode *row_of(struct recoding *x, int code, int64_t version)
{
	int open = x->open[code];

	if (open >= 0 && x->rows[open].until == version)
		return &x->rows[open];
	if (open >= 0)
		x->rows[open].since = version;
	mem_grow(&x->rows, &x->cap, x->n + 1, sizeof(*x->rows));
	x->open[code] = (int)x->n;
	return &x->rows[x->n++];
}

static void recode_add(struct recoding *x, int code, int64_t version)
{
	const struct outcome *o = &x->now[code];
	bool one = o->n == 1 && o->codes[0] >= 0;

	*row_of(x, code, version) = (struct recode){
		.code = x->p->e[code].code,
		.until = version,
		.fate = one	    ? RECODE_CODE
			: o->n == 1 ? RECODE_NONE
				    : RECODE_SPLIT,
		.category = one ? x->p->e[o->codes[0]].code : (struct str){ 0 },
		.why = o->why,
	};
}

static void recode_change(struct recoding *x, const struct conf_change *c, int64_t version)
{
	struct outcome to = { 0 };

	if (!takes_away(c))
		return;
	for (int i = 0; i < c->n_to; i++)
		join(&to, &x->now[find(x->p, c->to[i].code) - x->p->e], x->a);
	if (!c->n_to)
		to = only(-1, x->a);
	to.why = why_of(x, c, version);
	for (int i = 0; i < c->n_from; i++) {
		int code = (int)(find(x->p, c->from[i].code) - x->p->e);

		if (c->kind != CONF_SPLIT && leads_to(c, c->from[i].code))
			continue; /* others were merged into it */
		x->now[code] = to;
		recode_add(x, code, version);
	}
}

static int row_order(const void *a, const void *b)
{
	const struct recode *x = a, *y = b;
	int order = str_cmp(x->code, y->code);

	return order ? order : (x->until > y->until) - (x->until < y->until);
}

/* From the last change to the first, so that what a change leads to is known. */
static void recode_all(struct replay *p)
{
	struct conf_taxonomy *t = p->t;
	struct recoding x = { .p = p, .a = arena_new(1 << 14) };

	x.now = arena_array(x.a, (size_t)p->n, sizeof(*x.now));
	x.open = arena_array(x.a, (size_t)p->n, sizeof(*x.open));
	for (int i = 0; i < p->n; i++) {
		x.now[i] = only(i, x.a);
		x.open[i] = -1;
	}
	for (int v = t->n_history - 1; v >= 0; v--)
		for (int i = t->history[v].n_changes - 1; i >= 0; i--)
			recode_change(&x, &t->history[v].changes[i], t->history[v].version);
	if (x.n)
		qsort(x.rows, x.n, sizeof(*x.rows), row_order);
	t->recodes = arena_array(p->r->a, x.n, sizeof(*t->recodes));
	t->n_recodes = (int)x.n;
	if (x.n)
		memcpy(t->recodes, x.rows, x.n * sizeof(*x.rows));
	mem_free(x.rows);
	arena_free(x.a);
}

void conf_history_check(struct conf_reader *r, struct conf_taxonomy *t)
{
	struct replay p = { .r = r, .t = t };
	int before = r->problems->n;

	if (!t->n_history)
		return;
	check_order(&p);
	all_codes(&p);
	for (int v = t->n_history - 1; v >= 0; v--)
		for (int i = t->history[v].n_changes - 1; i >= 0; i--)
			back(&p, &t->history[v].changes[i], t->history[v].version);
	for (int v = 0; v < t->n_history; v++)
		for (int i = 0; i < t->history[v].n_changes; i++)
			forth(&p, &t->history[v].changes[i], t->history[v].version);
	check_now(&p);
	if (r->problems->n == before)
		recode_all(&p);
	mem_free(p.e);
}
