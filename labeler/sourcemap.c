#include "labeler/sourcemap.h"

#include "base/mem.h"

#include <stdlib.h>

struct entry {
	struct str source, key;
	bool open; /* `key` may be followed by anything */
	int taxon;
};

struct sourcemap {
	struct entry *entries; /* sorted */
	int n;
	size_t *lengths; /* of open keys; distinct, longest first */
	int n_lengths;
};

static int order(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	int d = str_cmp(x->source, y->source);

	if (d == 0)
		d = (int)x->open - (int)y->open;
	return d ? d : str_cmp(x->key, y->key);
}

static int longest_first(const void *a, const void *b)
{
	size_t x = *(const size_t *)a, y = *(const size_t *)b;

	return (x < y) - (x > y);
}

struct sourcemap *sourcemap_new(const struct conf_taxonomy *conf)
{
	struct sourcemap *m = mem_zero(sizeof(*m));
	size_t n = (size_t)conf->n_mappings;
	int kept = 0;

	m->n = conf->n_mappings;
	m->entries = mem_array(n + 1, sizeof(*m->entries));
	m->lengths = mem_array(n + 1, sizeof(*m->lengths));
	for (int i = 0; i < m->n; i++) {
		const struct conf_mapping *c = &conf->mappings[i];
		struct entry e = { .source = c->source, .key = c->from, .taxon = c->taxon };

		if (str_ends(c->from, STR("*"))) {
			e.open = true;
			e.key = str_sub(c->from, 0, c->from.n - 1);
			m->lengths[m->n_lengths++] = e.key.n;
		}
		m->entries[i] = e;
	}
	qsort(m->entries, n, sizeof(*m->entries), order);
	qsort(m->lengths, (size_t)m->n_lengths, sizeof(*m->lengths), longest_first);
	for (int i = 0; i < m->n_lengths; i++)
		if (i == 0 || m->lengths[i] != m->lengths[kept - 1])
			m->lengths[kept++] = m->lengths[i];
	m->n_lengths = kept;
	return m;
}

void sourcemap_free(struct sourcemap *m)
{
	if (!m)
		return;
	mem_free(m->entries);
	mem_free(m->lengths);
	mem_free(m);
}

static int look_up(const struct sourcemap *m, struct str source, struct str key, bool open)
{
	const struct entry want = { .source = source, .key = key, .open = open };
	const struct entry *e;

	e = bsearch(&want, m->entries, (size_t)m->n, sizeof(want), order);
	return e ? e->taxon : -1;
}

int sourcemap_find(const struct sourcemap *m, struct str source, struct str category)
{
	int taxon;

	if (category.n == 0)
		return -1;
	taxon = look_up(m, source, category, false);
	for (int i = 0; taxon < 0 && i < m->n_lengths; i++)
		if (m->lengths[i] <= category.n)
			taxon = look_up(m, source, str_sub(category, 0, m->lengths[i]), true);
	return taxon;
}
