#include "labeler/fields.h"

#include "base/normal.h"

#include <string.h>

#define BETWEEN " > "

static struct fields_pattern pattern(struct str s)
{
	struct fields_pattern p = { .text = s };

	if (str_ends(s, STR("*"))) {
		p.open = true;
		p.text = str_sub(s, 0, s.n - 1);
	}
	return p;
}

static struct fields_patterns patterns(struct arena *a, const struct conf_texts *t)
{
	struct fields_patterns f = { .p = arena_array(a, (size_t)t->n + 1, sizeof(*f.p)),
				     .n = t->n };

	for (int i = 0; i < t->n; i++)
		f.p[i] = pattern(t->v[i]);
	return f;
}

static struct fields_patterns folded(struct arena *a, const struct conf_texts *t)
{
	struct fields_patterns f = patterns(a, t);

	for (int i = 0; i < f.n; i++)
		f.p[i].text = normal_str(a, f.p[i].text);
	return f;
}

/* "남성의류 > 아우터 > *" */
static struct fields_patterns paths(struct arena *a, const struct conf_texts *t)
{
	struct fields_patterns f = patterns(a, t);

	for (int i = 0; i < f.n; i++) {
		struct str rest = f.p[i].text, level, path = STR("");

		for (int k = 0; str_next(&rest, '>', &level); k++)
			path = arena_fmt(a, "%.*s%s%.*s", STR_ARG(path), k ? BETWEEN : "",
					 STR_ARG(normal_str(a, level)));
		f.p[i].text = path;
	}
	return f;
}

void fields_compile(struct fields *f, struct arena *a, const struct conf_rule *rule)
{
	*f = (struct fields){
		.source = patterns(a, &rule->source),
		.category = patterns(a, &rule->category),
		.brand = folded(a, &rule->brand),
		.condition = folded(a, &rule->condition),
		.path = paths(a, &rule->path),
		.price_min = rule->price_min,
		.price_max = rule->price_max,
	};
}

void fields_start(struct fields_scratch *x)
{
	x->brand = x->condition = x->path = (struct str){ 0 };
}

static bool fits(const struct fields_patterns *f, struct str s)
{
	for (int i = 0; i < f->n; i++)
		if (f->p[i].open ? str_starts(s, f->p[i].text) : str_eq(s, f->p[i].text))
			return true;
	return f->n == 0;
}

static bool folded_fits(const struct fields_patterns *f, struct str field, char *room, size_t n,
			struct str *form)
{
	if (f->n == 0)
		return true;
	if (!form->p)
		*form = (struct str){ room, normal_title(field, room, n) };
	return fits(f, *form);
}

/* The next text of a JSON array, as it is written between its quotes: what its normal form
 * sees of an escape is a mark. */
static bool next_level(struct str *rest, struct str *ret)
{
	ptrdiff_t from = str_find_char(*rest, '"');
	size_t to;

	if (from < 0)
		return false;
	for (to = (size_t)from + 1; to < rest->n && rest->p[to] != '"'; to++)
		if (rest->p[to] == '\\')
			to++;
	if (to >= rest->n)
		return false;
	*ret = str_sub(*rest, (size_t)from + 1, to - (size_t)from - 1);
	*rest = str_sub(*rest, to + 1, rest->n);
	return true;
}

static void make_path(struct fields_scratch *x, const struct listing *l)
{
	struct str rest = l->category_path, level;
	char *to = x->path_room;
	size_t n = 0, between = sizeof(BETWEEN) - 1;

	if (l->category_path.n == 0)
		n = normal_title(l->category, to, sizeof(x->path_room));
	while (next_level(&rest, &level) && n + between < sizeof(x->path_room)) {
		if (n) {
			memcpy(to + n, BETWEEN, between);
			n += between;
		}
		n += normal_title(level, to + n, sizeof(x->path_room) - n);
	}
	x->path = (struct str){ to, n };
}

static bool path_fits(const struct fields_patterns *f, struct fields_scratch *x,
		      const struct listing *l)
{
	if (f->n == 0)
		return true;
	if (!x->path.p)
		make_path(x, l);
	return fits(f, x->path);
}

static bool price_fits(const struct fields *f, const struct listing *l)
{
	int64_t unit = 1;

	if (f->price_min == LISTING_NO_PRICE && f->price_max == LISTING_NO_PRICE)
		return true;
	if (l->price == LISTING_NO_PRICE)
		return false;
	for (int i = 0; i < l->price_digits && i < 6; i++)
		unit *= 10;
	if (f->price_min != LISTING_NO_PRICE && l->price / unit < f->price_min)
		return false;
	return f->price_max == LISTING_NO_PRICE ||
	       l->price / unit + (l->price % unit > 0) <= f->price_max;
}

const char *fields_against(const struct fields *f, struct fields_scratch *x,
			   const struct listing *l)
{
	if (!fits(&f->source, l->source))
		return "source";
	if (!fits(&f->category, l->category))
		return "category";
	if (!price_fits(f, l))
		return "price";
	if (!folded_fits(&f->brand, l->brand, x->brand_room, sizeof(x->brand_room), &x->brand))
		return "brand";
	if (!folded_fits(&f->condition, l->condition, x->condition_room, sizeof(x->condition_room),
			 &x->condition))
		return "condition";
	return path_fits(&f->path, x, l) ? NULL : "category-path";
}
