#include "base/hash.h"
#include "base/mem.h"
#include "daemon/rule_report.h"

#include <stdlib.h>
#include <string.h>

/* What other rules would change: labels, flags, and which rules speak. */

#define EXAMPLES 5
#define MOVES_SHOWN 100
#define RULES_SHOWN 200

struct example {
	int64_t id;
	char *title, *why;
};

/* From one category to another; -1: none. */
struct move {
	int from, to;
	int64_t n;
	struct example examples[EXAMPLES];
	int n_examples;
};

struct flagging {
	int64_t set, unset;
	struct example examples[2][EXAMPLES]; /* set, unset */
	int n_examples[2];
};

/* Of one set of rules. */
struct side {
	const struct conf *conf;
	const struct labeler *labeler;
	struct labeler_scratch *scratch;
	int64_t labeled, right; /* right: of the reviewed */
	int64_t *fired;		/* by rule */
	/* of the listing at hand */
	struct vote votes[LABEL_MOST_VOTES];
	int n;
	uint32_t flags;
	int taxon;
	struct str why;
};

struct diff {
	struct side was, now;
	struct move *moves;
	size_t n, cap;
	struct flagging flags[FLAG_COUNT];
	int64_t listings, reviewed, changed, kept_by_people;
};

static void side_start(struct side *s, const struct conf *conf, const struct labeler *labeler)
{
	s->conf = conf;
	s->labeler = labeler;
	s->scratch = labeler_scratch_new();
	s->fired = mem_array((size_t)conf->rules.n_rules + 1, sizeof(*s->fired));
}

static void *diff_start(const struct rule_report_in *in)
{
	struct diff *d = mem_zero(sizeof(*d));

	side_start(&d->was, in->view->conf, in->view->labeler);
	side_start(&d->now, in->conf, in->labeler);
	return d;
}

static void count_fired(void *ctx, const struct conf_rule *rule)
{
	struct side *s = ctx;

	s->fired[rule - s->conf->rules.rules]++;
}

/* The flags that rules set, aside from what the cleaner sees. */
static void look(struct side *s, const struct listing *stored, struct arena *a)
{
	struct listing l = *stored;
	struct str category = { 0 };
	double sure;

	l.flags = 0;
	l.flag_reason = STR("");
	s->n = labeler_judge_counted(s->labeler, s->scratch, &l, s->votes, count_fired, s);
	s->flags = l.flags;
	s->why = STR("");
	s->taxon = -1;
	if (labeler_resolve(s->labeler, s->votes, s->n, a, &category, &sure, &s->why))
		s->taxon = conf_taxon(s->conf, category);
	s->labeled += s->taxon >= 0;
}

static struct move *move_of(struct diff *d, int from, int to)
{
	size_t i = 0;

	while (i < d->n && (d->moves[i].from != from || d->moves[i].to != to))
		i++;
	if (i == d->n) {
		mem_grow(&d->moves, &d->cap, d->n + 1, sizeof(*d->moves));
		d->moves[d->n++] = (struct move){ .from = from, .to = to };
	}
	return &d->moves[i];
}

static void keep_example(struct example *e, int *n, const struct listing *l, struct str why)
{
	struct buf text;

	if (*n == EXAMPLES)
		return;
	e[*n].id = l->id;
	buf_init(&text, 1 << 14);
	buf_add(&text, l->title);
	e[*n].title = mem_text(buf_str(&text).p);
	buf_clear(&text);
	buf_add(&text, why);
	e[*n].why = mem_text(buf_str(&text).p);
	buf_done(&text);
	(*n)++;
}

static void compare_flags(struct diff *d, const struct listing *l)
{
	uint32_t set = d->now.flags & ~d->was.flags, unset = d->was.flags & ~d->now.flags;

	for (int f = 0; f < FLAG_COUNT; f++) {
		struct flagging *x = &d->flags[f];

		if (set & FLAG_BIT(f)) {
			x->set++;
			keep_example(x->examples[0], &x->n_examples[0], l, STR(""));
		}
		if (unset & FLAG_BIT(f)) {
			x->unset++;
			keep_example(x->examples[1], &x->n_examples[1], l, STR(""));
		}
	}
}

static void diff_add(void *ctx, int pass, const struct listing_view *v, struct arena *a)
{
	struct diff *d = ctx;
	bool person = v->labeled && v->label.by == LABEL_BY_PERSON;
	struct move *m;

	(void)pass;
	d->listings++;
	look(&d->was, &v->listing, a);
	look(&d->now, &v->listing, a);
	compare_flags(d, &v->listing);
	if (person) {
		d->reviewed++;
		d->was.right += rule_report_right(d->was.conf, d->was.taxon, v->label.category);
		d->now.right += rule_report_right(d->now.conf, d->now.taxon, v->label.category);
	}
	if (d->was.taxon == d->now.taxon)
		return;
	/* a person's word stands */
	if (person) {
		d->kept_by_people++;
		return;
	}
	d->changed++;
	m = move_of(d, d->was.taxon, d->now.taxon);
	m->n++;
	keep_example(m->examples, &m->n_examples, &v->listing,
		     d->now.taxon < 0 ? d->was.why : d->now.why);
}

/* ---- the report */

static void category(struct json *j, const char *key, const struct conf *c, int taxon)
{
	if (taxon < 0) {
		json_null(j, key);
		return;
	}
	json_object(j, key);
	json_str(j, "category", c->taxonomy.taxa[taxon].code);
	json_str(j, "ko", c->taxonomy.taxa[taxon].ko);
	json_str(j, "en", c->taxonomy.taxa[taxon].en);
	json_end_object(j);
}

static void examples(struct json *j, const char *key, const struct example *e, int n)
{
	json_array(j, key);
	for (int i = 0; i < n; i++) {
		json_object(j, NULL);
		json_int(j, "listing", e[i].id);
		json_text(j, "title", e[i].title);
		json_text(j, "why", e[i].why);
		json_end_object(j);
	}
	json_end_array(j);
}

static int most_first(const void *a, const void *b)
{
	const struct move *x = a, *y = b;

	if (x->n != y->n)
		return x->n < y->n ? 1 : -1;
	return x->from != y->from ? x->from - y->from : x->to - y->to;
}

static void print_moves(struct diff *d, struct json *j)
{
	if (d->n)
		qsort(d->moves, d->n, sizeof(*d->moves), most_first);
	json_array(j, "moves");
	for (size_t i = 0; i < d->n && i < MOVES_SHOWN; i++) {
		json_object(j, NULL);
		category(j, "from", d->was.conf, d->moves[i].from);
		category(j, "to", d->now.conf, d->moves[i].to);
		json_int(j, "listings", d->moves[i].n);
		examples(j, "examples", d->moves[i].examples, d->moves[i].n_examples);
		json_end_object(j);
	}
	json_end_array(j);
	json_int(j, "moves_left_out", d->n > MOVES_SHOWN ? (int64_t)(d->n - MOVES_SHOWN) : 0);
}

static void print_flags(const struct diff *d, struct json *j)
{
	json_array(j, "flags");
	for (int f = 0; f < FLAG_COUNT; f++) {
		const struct flagging *x = &d->flags[f];

		if (!x->set && !x->unset)
			continue;
		json_object(j, NULL);
		json_text(j, "flag", listing_flags[f].name);
		json_int(j, "set", x->set);
		json_int(j, "unset", x->unset);
		examples(j, "set_examples", x->examples[0], x->n_examples[0]);
		examples(j, "unset_examples", x->examples[1], x->n_examples[1]);
		json_end_object(j);
	}
	json_end_array(j);
}

/* Rules by name, of both sides. */
struct named {
	struct str name;
	int64_t was, now; /* -1: there is no such rule */
};

static int by_name(const void *a, const void *b)
{
	return str_cmp(((const struct named *)a)->name, ((const struct named *)b)->name);
}

static int gather(const struct diff *d, struct named *all)
{
	int n = 0, kept = 0;

	for (int i = 0; i < d->was.conf->rules.n_rules; i++)
		all[n++] = (struct named){ d->was.conf->rules.rules[i].name, d->was.fired[i], -1 };
	for (int i = 0; i < d->now.conf->rules.n_rules; i++)
		all[n++] = (struct named){ d->now.conf->rules.rules[i].name, -1, d->now.fired[i] };
	if (n)
		qsort(all, (size_t)n, sizeof(*all), by_name);
	for (int i = 0; i < n; i++) {
		if (kept && str_eq(all[kept - 1].name, all[i].name)) {
			if (all[i].was >= 0)
				all[kept - 1].was = all[i].was;
			if (all[i].now >= 0)
				all[kept - 1].now = all[i].now;
		} else {
			all[kept++] = all[i];
		}
	}
	return kept;
}

static void fired(struct json *j, const char *key, int64_t n)
{
	if (n < 0)
		json_null(j, key);
	else
		json_int(j, key, n);
}

static void print_rules(const struct diff *d, struct json *j)
{
	size_t room = (size_t)d->was.conf->rules.n_rules + (size_t)d->now.conf->rules.n_rules + 1;
	struct named *all = mem_array(room, sizeof(*all));
	int n = gather(d, all), shown = 0;

	json_array(j, "rules");
	for (int i = 0; i < n; i++) {
		if (all[i].was == all[i].now || shown++ >= RULES_SHOWN)
			continue;
		json_object(j, NULL);
		json_str(j, "rule", all[i].name);
		fired(j, "was", all[i].was);
		fired(j, "now", all[i].now);
		json_end_object(j);
	}
	json_end_array(j);
	json_int(j, "rules_left_out", shown > RULES_SHOWN ? shown - RULES_SHOWN : 0);
	mem_free(all);
}

static void side_print(struct json *j, const char *key, const struct side *s)
{
	json_object(j, key);
	json_int(j, "rules", s->conf->rules.n_rules);
	json_int(j, "labeled", s->labeled);
	json_int(j, "right", s->right);
	json_end_object(j);
}

static void diff_print(void *ctx, struct json *j)
{
	struct diff *d = ctx;

	json_int(j, "listings", d->listings);
	json_int(j, "changed", d->changed);
	json_int(j, "kept_by_people", d->kept_by_people);
	json_int(j, "reviewed", d->reviewed);
	side_print(j, "was", &d->was);
	side_print(j, "now", &d->now);
	print_moves(d, j);
	print_flags(d, j);
	print_rules(d, j);
}

static void examples_free(struct example *e, int n)
{
	for (int i = 0; i < n; i++) {
		mem_free(e[i].title);
		mem_free(e[i].why);
	}
}

static void side_done(struct side *s)
{
	labeler_scratch_free(s->scratch);
	mem_free(s->fired);
}

static void diff_free(void *ctx)
{
	struct diff *d = ctx;

	for (size_t i = 0; i < d->n; i++)
		examples_free(d->moves[i].examples, d->moves[i].n_examples);
	for (int f = 0; f < FLAG_COUNT; f++)
		for (int i = 0; i < 2; i++)
			examples_free(d->flags[f].examples[i], d->flags[f].n_examples[i]);
	side_done(&d->was);
	side_done(&d->now);
	mem_free(d->moves);
	mem_free(d);
}

const struct rule_report rule_diff_report = {
	.name = "diff",
	.passes = 1,
	.start = diff_start,
	.add = diff_add,
	.print = diff_print,
	.free = diff_free,
};
