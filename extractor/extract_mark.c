#include "extractor/extract_mark.h"

#include "base/hash.h"
#include "extractor/extract_tree.h"

#include <ctype.h>
#include <string.h>

#define MOST_NAME 60 /* bytes of a class */
#define LEAST_PART 4

/* Whose values are names that are given by hand. */
static const char *const named_by[] = { "itemprop", "data-testid", "data-test", "data-qa",
					"data-cy",  "data-role",   "role" };

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Vowels or few consonants in a row, no digits among letters, no capitals at odd places. */
static bool is_hash(struct str s)
{
	int turns = 0, digits = 0, letters = 0, vowels = 0;

	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (c >= 0x80)
			return false;
		digits += is_digit((char)c);
		letters += isalpha(c) != 0;
		vowels += strchr("aeiouyAEIOUY", c) != NULL;
		/* a digit before a letter; a small letter before a capital is camel case */
		if (i && isalpha(c) && is_digit(s.p[i - 1]))
			turns += 2;
		if (i > 1 && isupper(c) && isupper((unsigned char)s.p[i - 1]) &&
		    islower((unsigned char)s.p[i - 2]))
			turns += 2;
	}
	if (s.n < 4)
		return false;
	if (!letters)
		return s.n > 4;
	return turns > 1 || (digits > 2 && letters) || (letters > 4 && !vowels);
}

/* Where the last part of the name begins: behind - or _. */
static size_t last_part(struct str s)
{
	size_t i = s.n;

	while (i > 0 && s.p[i - 1] != '-' && s.p[i - 1] != '_')
		i--;
	return i;
}

static bool is_made(struct str s)
{
	static const char *const makers[] = { "css-",	 "sc-",	     "jsx-",   "jss",
					      "svelte-", "emotion-", "astro-", "styled__",
					      "tw-",	 "ng-",	     "_ng",    "v-" };

	for (size_t i = 0; i < sizeof(makers) / sizeof(makers[0]); i++)
		if (str_starts(s, str_of(makers[i])))
			return true;
	return false;
}

static bool is_identifier(struct str s)
{
	if (!s.n || s.n > MOST_NAME || is_digit(s.p[0]) ||
	    (s.p[0] == '-' && (s.n < 2 || !isalpha((unsigned char)s.p[1]))))
		return false;
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (c < 0x80 && !isalnum(c) && c != '-' && c != '_')
			return false;
	}
	return true;
}

bool extract_mark_stable(struct str name, struct str *ret_part)
{
	size_t at;

	*ret_part = (struct str){ 0 };
	if (!is_identifier(name) || is_made(name))
		return false;
	at = last_part(name);
	if (at == 0)
		return !is_hash(name);
	/* _3fXkq */
	if (at == 1)
		return false;
	if (!is_hash(str_sub(name, at, name.n)) &&
	    !(at > 2 && name.p[at - 2] == '_' && name.n - at > 4))
		return true;
	if (at > LEAST_PART && !is_digit(name.p[at - 2]))
		*ret_part = str_sub(name, 0, at);
	return false;
}

/* A value that stands in quotes as it is, the same on all items. */
static bool is_plain(struct str s)
{
	if (!s.n || s.n > MOST_NAME)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (c < 0x80 && !isalpha(c) && !strchr("-_:./", c))
			return false;
	}
	return true;
}

static void add(struct extract_mark *to, int *n, struct extract_mark m)
{
	if (*n < EXTRACT_MARK_MOST - 1)
		to[(*n)++] = m;
}

static void add_classes(const xmlNode *node, struct str tag, struct extract_mark *to, int *n)
{
	struct str list = extract_tree_attr(node, "class"), part;
	size_t from;

	for (size_t i = 0; i < list.n; i++) {
		struct str name;

		for (from = i; i < list.n && (unsigned char)list.p[i] > ' ';)
			i++;
		name = str_sub(list, from, i - from);
		if (extract_mark_stable(name, &part))
			add(to, n,
			    (struct extract_mark){ EXTRACT_MARK_CLASS, tag, STR("class"), name });
		else if (part.n)
			add(to, n,
			    (struct extract_mark){ EXTRACT_MARK_PART, tag, STR("class"), part });
	}
}

/* data-id and the like. */
static bool carries_id(struct str name)
{
	static const char *const ends[] = { "id", "no", "sku", "code", "seq", "idx", "key" };

	if (!str_starts(name, STR("data-")) || !is_identifier(name))
		return false;
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		if (str_ends(name, str_of(ends[i])))
			return true;
	return false;
}

int extract_mark_all(const xmlNode *node, struct extract_mark to[EXTRACT_MARK_MOST])
{
	struct str tag = str_of((const char *)node->name), value;
	int n = 0;

	if (is_identifier(tag))
		add_classes(node, tag, to, &n);
	for (size_t i = 0; i < sizeof(named_by) / sizeof(named_by[0]); i++) {
		value = extract_tree_attr(node, named_by[i]);
		if (is_plain(value))
			add(to, &n,
			    (struct extract_mark){ EXTRACT_MARK_VALUE, tag, str_of(named_by[i]),
						   value });
	}
	for (const xmlAttr *a = node->properties; a; a = a->next)
		if (carries_id(str_of((const char *)a->name)))
			add(to, &n,
			    (struct extract_mark){ .kind = EXTRACT_MARK_HAS,
						   .tag = tag,
						   .name = str_of((const char *)a->name) });
	to[n++] = (struct extract_mark){ .kind = EXTRACT_MARK_TAG, .tag = tag };
	return n;
}

struct extract_mark extract_mark_best(const xmlNode *node)
{
	struct extract_mark all[EXTRACT_MARK_MOST];
	struct str id = extract_tree_attr(node, "id"), part;

	if (is_plain(id) && extract_mark_stable(id, &part))
		return (struct extract_mark){ EXTRACT_MARK_ID, str_of((const char *)node->name),
					      STR("id"), id };
	extract_mark_all(node, all);
	return all[0];
}

uint64_t extract_mark_hash(const struct extract_mark *m)
{
	return hash64(m->value, hash64(m->name, hash64(m->tag, (uint64_t)m->kind)));
}

void extract_mark_css(const struct extract_mark *m, struct buf *to)
{
	buf_add(to, m->tag);
	switch (m->kind) {
	case EXTRACT_MARK_CLASS:
		buf_fmt(to, ".%.*s", STR_ARG(m->value));
		break;
	case EXTRACT_MARK_ID:
		buf_fmt(to, "#%.*s", STR_ARG(m->value));
		break;
	case EXTRACT_MARK_VALUE:
		buf_fmt(to, "[%.*s=\"%.*s\"]", STR_ARG(m->name), STR_ARG(m->value));
		break;
	case EXTRACT_MARK_HAS:
		buf_fmt(to, "[%.*s]", STR_ARG(m->name));
		break;
	case EXTRACT_MARK_PART:
		buf_fmt(to, "[class*=\"%.*s\"]", STR_ARG(m->value));
		break;
	case EXTRACT_MARK_TAG:
		break;
	}
}

void extract_mark_xpath(const struct extract_mark *m, struct buf *to)
{
	buf_add(to, m->tag);
	switch (m->kind) {
	case EXTRACT_MARK_CLASS:
		buf_fmt(to, "[contains(concat(' ', normalize-space(@class), ' '), ' %.*s ')]",
			STR_ARG(m->value));
		break;
	case EXTRACT_MARK_ID:
	case EXTRACT_MARK_VALUE:
		buf_fmt(to, "[@%.*s='%.*s']", STR_ARG(m->name), STR_ARG(m->value));
		break;
	case EXTRACT_MARK_HAS:
		buf_fmt(to, "[@%.*s]", STR_ARG(m->name));
		break;
	case EXTRACT_MARK_PART:
		buf_fmt(to, "[contains(@class, '%.*s')]", STR_ARG(m->value));
		break;
	case EXTRACT_MARK_TAG:
		break;
	}
}
