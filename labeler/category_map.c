#include "labeler/category_map.h"

#include "labeler/category_form.h"

#include <string.h>

#define AHEAD 0.08 /* of the next best, to be clear */

/* A name of one of ours. */
struct ours {
	struct category_form form;
	int taxon;
};

struct drafting {
	const struct category_tree *t;
	const struct conf_taxonomy *conf;
	struct arena *a;
	struct ours *names;
	int n;
	struct category_form *forms; /* of the tree */
};

static void add_name(struct drafting *d, struct str name, int taxon)
{
	d->names[d->n++] = (struct ours){ category_form_of(name, d->a), taxon };
}

static void all_names(struct drafting *d)
{
	const struct conf_taxonomy *c = d->conf;
	int n = 0;

	for (int i = 0; i < c->n_taxa; i++)
		n += 2 + c->taxa[i].n_aliases + c->taxa[i].n_names;
	d->names = arena_array(d->a, (size_t)n + 1, sizeof(*d->names));
	for (int i = 0; i < c->n_taxa; i++) {
		const struct conf_taxon *x = &c->taxa[i];

		add_name(d, x->ko, i);
		add_name(d, x->en, i);
		for (int k = 0; k < x->n_aliases; k++)
			add_name(d, x->aliases[k], i);
		for (int k = 0; k < x->n_names; k++)
			add_name(d, x->names[k].text, i);
	}
}

/* How well those above a node go with those above one of ours: the best likeness of any two. */
static double above(const struct drafting *d, int node, int taxon)
{
	double best = 0;

	for (int up = d->t->nodes[node].parent; up >= 0; up = d->t->nodes[up].parent)
		for (int i = 0; i < d->n; i++) {
			double like;

			if (d->names[i].taxon != taxon)
				continue;
			like = category_form_alike(&d->forms[up], &d->names[i].form);
			if (like > best)
				best = like;
		}
	return best;
}

static double line(const struct drafting *d, int node, int taxon)
{
	double best = 0;

	for (int up = taxon; up >= 0; up = d->conf->taxa[up].parent) {
		double like = above(d, node, up);

		if (like > best)
			best = like;
	}
	return best;
}

/* The taxon whose names are most like; *ret_clear: and none else is. */
static int best_of(const struct drafting *d, int node, bool *ret_clear)
{
	double best = 0, next = 0, names = 0;
	int at = -1;

	for (int i = 0; i < d->n; i++) {
		double like = category_form_alike(&d->forms[node], &d->names[i].form), score;

		if (like < CATEGORY_FORM_LIKE)
			continue;
		score = like + .4 * line(d, node, d->names[i].taxon);
		if (score > best) {
			if (at != d->names[i].taxon)
				next = best;
			best = score;
			names = like;
			at = d->names[i].taxon;
		} else if (score > next && d->names[i].taxon != at) {
			next = score;
		}
	}
	*ret_clear = names >= CATEGORY_FORM_CLEAR && best - next >= AHEAD;
	return at;
}

static void write_line(const struct drafting *d, int node, const char *mark, struct str code,
		       struct buf *to)
{
	const struct category_node *n = &d->t->nodes[node];
	struct str path = category_tree_path(d->t, node, d->a);

	buf_fmt(to, "    %s\"%.*s\": %.*s", mark, STR_ARG(n->id), STR_ARG(code));
	buf_fmt(to, "  # %.*s", STR_ARG(path));
	if (n->count)
		buf_fmt(to, ", %lld listings", (long long)n->count);
	buf_add_char(to, '\n');
}

void category_map_draft(const struct category_tree *t, struct str source,
			const struct conf_taxonomy *conf, const struct labeler *l, struct buf *to,
			struct category_mapped *ret)
{
	struct drafting d = { .t = t, .conf = conf, .a = arena_new(1 << 16) };

	memset(ret, 0, sizeof(*ret));
	all_names(&d);
	d.forms = arena_array(d.a, (size_t)t->n, sizeof(*d.forms));
	for (int i = 0; i < t->n; i++)
		d.forms[i] = category_form_of(t->nodes[i].name, d.a);
	buf_fmt(to, "mappings:\n  %.*s:\n", STR_ARG(source));
	for (int i = 0; i < t->n; i++) {
		int at = labeler_map(l, source, t->nodes[i].id);
		bool kept = at >= 0, clear = kept;

		if (!kept)
			at = best_of(&d, i, &clear);
		write_line(&d, i, clear ? "" : "# ? ", at < 0 ? STR("") : conf->taxa[at].code, to);
		*(kept ? &ret->kept : at < 0 ? &ret->none : clear ? &ret->clear : &ret->asked) += 1;
	}
	arena_free(d.a);
}

static bool below(const struct conf_taxonomy *c, int taxon, int above)
{
	while (taxon >= 0 && taxon != above)
		taxon = c->taxa[taxon].parent;
	return taxon >= 0;
}

/* `from` without its star; *ret_open: it had one. */
static struct str key_of(struct str from, bool *ret_open)
{
	*ret_open = from.n && from.p[from.n - 1] == '*';
	return str_sub(from, 0, from.n - *ret_open);
}

static bool lies_within(struct str inner, struct str outer)
{
	bool inner_open, outer_open;
	struct str a = key_of(inner, &inner_open), b = key_of(outer, &outer_open);

	return outer_open && !str_eq(inner, outer) && str_starts(a, b);
}

int category_map_overlaps(const struct conf_taxonomy *conf, struct str source,
			  struct category_overlap *ret, int most)
{
	int n = 0;

	for (int i = 0; i < conf->n_mappings && n < most; i++)
		for (int k = 0; k < conf->n_mappings && n < most; k++) {
			const struct conf_mapping *x = &conf->mappings[i], *y = &conf->mappings[k];

			if (str_eq(x->source, source) && str_eq(y->source, source) &&
			    lies_within(x->from, y->from) && !below(conf, x->taxon, y->taxon))
				ret[n++] = (struct category_overlap){ i, k };
		}
	return n;
}
