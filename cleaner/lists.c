#include "cleaner/lists.h"

#include "base/json.h"
#include "base/utf8.h"
#include "cleaner/mask.h"
#include "cleaner/resolve.h"

#define MOST 64 /* of anything; the table has less */

struct values {
	struct str at[MOST];
	int n, most;
};

static bool holds(const struct values *v, struct str s)
{
	for (int i = 0; i < v->n; i++)
		if (str_eq(v->at[i], s))
			return true;
	return false;
}

static void add(struct values *v, struct str s)
{
	if (s.n && v->n < v->most)
		v->at[v->n++] = s;
}

static struct values none(enum listing_field f)
{
	int most = listing_fields[f].most;

	return (struct values){ .most = most < MOST ? most : MOST };
}

static struct str array(const struct values *v, struct arena *a)
{
	size_t room = 16;
	struct json j;
	struct buf b;
	struct str s;

	for (int i = 0; i < v->n; i++)
		room += 6 * v->at[i].n + 4;
	buf_init(&b, room);
	json_init(&j, &b);
	json_array(&j, NULL);
	for (int i = 0; i < v->n; i++)
		json_str(&j, NULL, v->at[i]);
	json_end_array(&j);
	s = arena_str(a, buf_str(&b));
	buf_done(&b);
	return s;
}

/* Clean, and no longer than may be. */
static struct str tidy(struct str s, size_t most, struct arena *a)
{
	return str_trim(utf8_cut(str_trim(utf8_clean(a, s)), most));
}

static void read_images(struct str raw, struct str page_url, struct arena *a, struct values *ret)
{
	struct str part;

	*ret = none(FIELD_IMAGES);
	while (raw.n && str_next(&raw, LISTING_BETWEEN, &part)) {
		part = str_trim(part);
		part = part.n ? resolve_link(a, page_url, part) : part;
		if (part.n <= listing_fields[FIELD_IMAGE].most_bytes && !holds(ret, part))
			add(ret, part);
	}
}

struct str lists_images(struct str raw, struct str page_url, struct arena *a)
{
	struct values v;

	if (!raw.n)
		return STR("");
	read_images(raw, page_url, a, &v);
	return v.n ? array(&v, a) : STR("");
}

struct str lists_first(struct str images, struct arena *a)
{
	size_t end = 2;

	if (!images.n)
		return STR("");
	/* Addresses have neither quotes nor backslashes: resolve.h. */
	while (end < images.n && images.p[end] != '"')
		end++;
	return arena_str(a, str_sub(images, 2, end - 2));
}

static void part_text(struct str text, struct str separator, struct arena *a, struct values *ret)
{
	ptrdiff_t at;

	while (separator.n && (at = str_find(text, separator)) >= 0) {
		add(ret, tidy(str_sub(text, 0, (size_t)at), LISTS_LEVEL_BYTES, a));
		text = str_sub(text, (size_t)at + separator.n, text.n);
	}
	add(ret, tidy(text, LISTS_LEVEL_BYTES, a));
}

struct str lists_path(struct str raw, struct str separator, int least, struct arena *a)
{
	struct values v = none(FIELD_CATEGORY_PATH);
	struct str part;

	if (!raw.n)
		return STR("");
	if (str_find_char(raw, LISTING_BETWEEN) < 0)
		part_text(raw, separator, a, &v);
	else
		while (str_next(&raw, LISTING_BETWEEN, &part))
			add(&v, tidy(part, LISTS_LEVEL_BYTES, a));
	return v.n >= least && v.n ? array(&v, a) : STR("");
}

struct str lists_path_text(struct str raw, struct arena *a)
{
	struct str all = STR(""), part;

	while (raw.n && str_next(&raw, LISTING_BETWEEN, &part)) {
		part = tidy(part, LISTS_LEVEL_BYTES, a);
		if (part.n)
			all = all.n ? arena_fmt(a, "%.*s > %.*s", STR_ARG(all), STR_ARG(part))
				    : part;
	}
	return arena_str(a, utf8_cut(all, listing_fields[FIELD_CATEGORY].most_bytes));
}

static struct str object(const struct values *names, const struct values *values, struct arena *a)
{
	size_t room = 16;
	struct json j;
	struct buf b;
	struct str s;

	for (int i = 0; i < names->n; i++)
		room += 6 * (names->at[i].n + values->at[i].n) + 8;
	buf_init(&b, room);
	json_init(&j, &b);
	json_object(&j, NULL);
	for (int i = 0; i < names->n; i++)
		json_str(&j, names->at[i].p, values->at[i]);
	json_end_object(&j);
	s = arena_str(a, buf_str(&b));
	buf_done(&b);
	return s;
}

static void add_pair(struct values *names, struct values *values, struct str name, struct str value,
		     struct arena *a)
{
	for (int i = 0; i < names->n; i++) {
		struct str *v = &values->at[i];

		if (!str_eq(names->at[i], name))
			continue;
		if (!str_eq(*v, value))
			*v = utf8_cut(arena_fmt(a, "%.*s, %.*s", STR_ARG(*v), STR_ARG(value)),
				      LISTS_VALUE_BYTES);
		return;
	}
	if (names->n == names->most)
		return;
	add(names, arena_str(a, name));
	add(values, value);
}

struct str lists_attributes(struct str raw, bool mask, struct arena *a)
{
	struct values names = none(FIELD_ATTRIBUTES), values = names;
	struct str name, value;

	while (raw.n && str_next(&raw, LISTING_BETWEEN, &name) &&
	       str_next(&raw, LISTING_BETWEEN, &value)) {
		/* masked as a whole: half a number is none any more */
		name = utf8_clean(a, name);
		name = tidy(mask ? mask_personal(name, a) : name, LISTING_ATTRIBUTE_NAME, a);
		value = utf8_clean(a, value);
		value = tidy(mask ? mask_personal(value, a) : value, LISTS_VALUE_BYTES, a);
		if (name.n && value.n)
			add_pair(&names, &values, name, value, a);
	}
	return names.n ? object(&names, &values, a) : STR("");
}
