#include "crawler/values.h"

#include "base/arena.h"
#include "base/mem.h"

#include <stdlib.h>

struct values {
	struct arena *arena;
	struct value *rows; /* by name, under, value */
	int n;
};

static int by_place(const void *a, const void *b)
{
	const struct value *x = a, *y = b;
	int d = str_cmp(x->name, y->name);

	if (!d)
		d = str_cmp(x->under, y->under);
	return d ? d : str_cmp(x->value, y->value);
}

struct values *values_new(const struct value *v, int n)
{
	struct values *made = mem_zero(sizeof(*made));

	made->arena = arena_new(4096);
	made->n = n;
	made->rows = arena_array(made->arena, (size_t)n + 1, sizeof(*made->rows));
	for (int i = 0; i < n; i++) {
		made->rows[i].name = arena_str(made->arena, v[i].name);
		made->rows[i].value = arena_str(made->arena, v[i].value);
		made->rows[i].under = arena_str(made->arena, v[i].under);
	}
	qsort(made->rows, (size_t)n, sizeof(*made->rows), by_place);
	return made;
}

void values_free(struct values *v)
{
	if (!v)
		return;
	arena_free(v->arena);
	mem_free(v);
}

const struct value *values_find(const struct values *v, struct str name, struct str under,
				int *ret_n)
{
	const struct value key = { .name = name, .value = STR(""), .under = under };
	int from = 0, to = v ? v->n : 0, end, at;

	*ret_n = 0;
	while (from < to) {
		at = from + (to - from) / 2;
		if (by_place(&v->rows[at], &key) < 0)
			from = at + 1;
		else
			to = at;
	}
	for (end = from; v && end < v->n && str_eq(v->rows[end].name, name) &&
			 str_eq(v->rows[end].under, under);
	     end++)
		continue;
	*ret_n = end - from;
	return *ret_n ? &v->rows[from] : NULL;
}
