#include "extractor/extract_several.h"

#include "base/utf8.h"

#include <string.h>

/* Bytes of an attribute: the cleaner keeps less, of what is masked. */
#define MOST_VALUE 1500

void extract_several_init(struct extract_several *s, enum listing_field f, struct arena *a)
{
	s->a = a;
	s->field = f;
	s->n = 0;
}

static bool is_full(const struct extract_several *s)
{
	const struct listing_field_row *row = &listing_fields[s->field];
	int each = row->kind == LISTING_PAIRS ? 2 : 1;

	return s->n >= row->most * each || s->n + each > EXTRACT_SEVERAL_MOST;
}

void extract_several_pair(struct extract_several *s, struct str name, struct str value)
{
	name = str_trim(name);
	value = utf8_cut(str_trim(value), MOST_VALUE);
	if (!name.n || !value.n || is_full(s))
		return;
	s->value[s->n++] = name;
	s->value[s->n++] = value;
}

void extract_several_add(struct extract_several *s, struct str value)
{
	ptrdiff_t colon;

	value = str_trim(value);
	if (listing_fields[s->field].kind == LISTING_PAIRS) {
		colon = str_find_char(value, ':');
		if (colon > 0)
			extract_several_pair(s, str_sub(value, 0, (size_t)colon),
					     str_sub(value, (size_t)colon + 1, value.n));
		return;
	}
	if (value.n && !is_full(s))
		s->value[s->n++] = value;
}

static size_t put(char *to, struct str s)
{
	memcpy(to, s.p, s.n);
	for (size_t i = 0; i < s.n; i++)
		if (to[i] == LISTING_BETWEEN)
			to[i] = ' ';
	return s.n;
}

struct str extract_several_text(const struct extract_several *s)
{
	size_t all = 0, n = 0;
	char *p;

	if (!s->n)
		return (struct str){ 0 };
	for (int i = 0; i < s->n; i++)
		all += s->value[i].n + 1;
	p = arena_alloc(s->a, all);
	for (int i = 0; i < s->n; i++) {
		n += put(p + n, s->value[i]);
		p[n++] = LISTING_BETWEEN;
	}
	p[--n] = 0;
	return (struct str){ p, n };
}

/* How many values there are. */
static int count(struct str text)
{
	struct str part;
	int n = 0;

	while (text.n && str_next(&text, LISTING_BETWEEN, &part))
		n++;
	return n;
}

struct str extract_several_with(struct str text, struct str name, struct str value, struct arena *a)
{
	struct extract_several s;
	struct str more;

	extract_several_init(&s, FIELD_ATTRIBUTES, a);
	extract_several_pair(&s, name, value);
	more = extract_several_text(&s);
	if (!more.n || count(text) >= 2 * listing_fields[FIELD_ATTRIBUTES].most)
		return text;
	return text.n ? arena_fmt(a, "%.*s%c%.*s", STR_ARG(text), LISTING_BETWEEN, STR_ARG(more))
		      : more;
}
