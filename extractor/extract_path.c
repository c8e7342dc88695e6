#include "extractor/extract_path.h"

#include "base/mem.h"

#include <limits.h>

struct extract_path {
	size_t n, room;
	jv *names; /* kept, so that each is hashed once */
};

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/* jq's FIELD: a dot, then a name. */
static bool next_name(struct str *s, struct str *ret)
{
	size_t n = 1;

	if (s->n < 2 || s->p[0] != '.' || !is_letter(s->p[1]))
		return false;
	while (n < s->n && (is_letter(s->p[n]) || (s->p[n] >= '0' && s->p[n] <= '9')))
		n++;
	*ret = str_sub(*s, 1, n - 1);
	*s = str_sub(*s, n, s->n);
	return true;
}

struct extract_path *extract_path_new(struct str program)
{
	struct str rest = program, name;
	struct extract_path *p;

	if (!rest.n || rest.n > INT_MAX)
		return NULL;
	p = mem_zero(sizeof(*p));
	while (next_name(&rest, &name)) {
		mem_grow(&p->names, &p->room, p->n + 1, sizeof(*p->names));
		p->names[p->n++] = jv_string_sized(name.p, (int)name.n);
	}
	if (rest.n) {
		extract_path_free(p);
		return NULL;
	}
	return p;
}

void extract_path_free(struct extract_path *p)
{
	if (!p)
		return;
	for (size_t i = 0; i < p->n; i++)
		jv_free(p->names[i]);
	mem_free(p->names);
	mem_free(p);
}

jv extract_path_get(const struct extract_path *p, jv v)
{
	v = jv_copy(v);
	for (size_t i = 0; i < p->n && jv_is_valid(v); i++)
		v = jv_get(v, jv_copy(p->names[i]));
	return v;
}

bool extract_path_name(const struct extract_path *p, size_t i, struct str *ret)
{
	if (i >= p->n)
		return false;
	*ret = (struct str){ jv_string_value(p->names[i]),
			     (size_t)jv_string_length_bytes(jv_copy(p->names[i])) };
	return true;
}
