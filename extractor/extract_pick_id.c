#include "extractor/extract_pick_id.h"

#include "extractor/extract_tree.h"

#include <ctype.h>
#include <string.h>

#define MOST_ID 64
#define MOST_ATTRIBUTES 16 /* of an element */
#define MOST_CUTS 24	   /* places of an address where an id may begin */

/* The addresses of the records' links, those that have one. */
struct links {
	struct str at[EXTRACT_PICK_RECORDS];
	int n;
};

static bool all_differ(const struct str *s, int n)
{
	for (int i = 0; i < n; i++)
		for (int k = 0; k < i; k++)
			if (str_eq(s[i], s[k]))
				return false;
	return n > 1;
}

static bool is_id(struct str s)
{
	if (!s.n || s.n > MOST_ID)
		return false;
	for (size_t i = 0; i < s.n; i++)
		if (!isalnum((unsigned char)s.p[i]) && !strchr("-_.:", s.p[i]))
			return false;
	return true;
}

static bool has_digit(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (isdigit((unsigned char)s.p[i]))
			return true;
	return false;
}

/* --- attributes */

/* Values of the attribute in all records; false: not all have one that is an id. */
static bool values_of(const struct extract_cells *c, const struct extract_pick_keys *keys,
		      const struct extract_pick_key *k, const char *attr, struct str *to)
{
	for (int i = 0; i < keys->records; i++) {
		if (k->at[i] < 0)
			return false;
		to[i] = str_trim(extract_tree_attr(c->at[k->at[i]].node, attr));
		if (!is_id(to[i]) || !has_digit(to[i]))
			return false;
	}
	return all_differ(to, keys->records);
}

/* In how many records the link has the value in it. */
static int in_links(const struct str *values, const struct links *l)
{
	int n = 0;

	for (int i = 0; i < l->n; i++)
		n += str_find(l->at[i], values[i]) >= 0;
	return n;
}

static bool from_attribute(const struct extract_cells *c, const struct extract_pick_keys *keys,
			   const struct links *links, struct conf_sel *ret)
{
	struct str values[EXTRACT_PICK_RECORDS];
	int best = -1, score;

	for (int i = 0; i < keys->n; i++) {
		const struct extract_pick_key *k = &keys->key[i];
		const xmlNode *n;
		int left = MOST_ATTRIBUTES;

		if (k->n < keys->records || k->nth)
			continue;
		n = c->at[k->at[0]].node;
		for (const xmlAttr *at = n->properties; at && left-- > 0; at = at->next) {
			const char *name = (const char *)at->name;

			if ((strncmp(name, "data-", 5) != 0 && strcmp(name, "id") != 0) ||
			    str_find(str_of(name), STR("price")) >= 0 ||
			    !values_of(c, keys, k, name, values))
				continue;
			score = (links->n == keys->records ? 4 * in_links(values, links) : 0) +
				(str_ends(str_of(name), STR("id")) ? keys->records : 0) +
				(k->self ? 2 : 0) + (k->mark.kind == EXTRACT_MARK_CLASS);
			if (score <= best)
				continue;
			best = score;
			*ret = (struct conf_sel){ .kind = SEL_CSS,
						  .expr = arena_fmt(c->a, "%s::attr(%s)",
								    extract_pick_css(k, c->a).p,
								    name) };
		}
	}
	/* a counter is no id of the listing: its link would have it */
	return best >= 2 * keys->records || (best >= 0 && !links->n);
}

/* --- addresses */

/* Up to what ends a part of an address. */
static struct str part_at(struct str url, size_t from)
{
	size_t i = from;

	while (i < url.n && !strchr("/?&#", url.p[i]))
		i++;
	return str_sub(url, from, i - from);
}

/* The text before a part that all share: "/item/", "?id=". */
static struct str lead_of(struct str url, size_t from)
{
	const char *starts = url.p[from - 1] == '=' ? "?&" : "/";
	size_t i = from - 1;

	while (i > 0 && !strchr(starts, url.p[i - 1]))
		i--;
	i -= i > 0;
	return str_sub(url, i, from - i);
}

static bool shares_lead(const struct links *l, struct str lead, struct str *ids)
{
	for (int i = 0; i < l->n; i++) {
		ptrdiff_t at = str_find(l->at[i], lead);

		if (at < 0)
			return false;
		ids[i] = part_at(l->at[i], (size_t)at + lead.n);
		if (!is_id(ids[i]) || !has_digit(ids[i]))
			return false;
	}
	return all_differ(ids, l->n);
}

/* What follows the id: one character in all addresses that go on; false: several. */
static bool end_of(const struct links *l, struct str lead, const struct str *ids, char *ret_end,
		   bool *ret_all)
{
	*ret_end = 0;
	*ret_all = true;
	for (int i = 0; i < l->n; i++) {
		size_t at = (size_t)str_find(l->at[i], lead) + lead.n + ids[i].n;
		char end = at < l->at[i].n ? l->at[i].p[at] : 0;

		if (!end) {
			*ret_all = false;
			continue;
		}
		if (*ret_end && *ret_end != end)
			return false;
		*ret_end = end;
	}
	return true;
}

static bool write(const struct links *l, struct str lead, const struct str *ids, struct str link,
		  struct arena *a, struct conf_sel *ret)
{
	struct str behind =
		arena_fmt(a, "substring-after(%.*s, '%.*s')", STR_ARG(link), STR_ARG(lead));
	bool all;
	char end;

	if (!end_of(l, lead, ids, &end, &all) || str_find_char(lead, '\'') >= 0)
		return false;
	ret->kind = SEL_XPATH;
	ret->expr = !end  ? behind
		    : all ? arena_fmt(a, "substring-before(%s, '%c')", behind.p, end)
			  : arena_fmt(a, "substring-before(concat(%s, '%c'), '%c')", behind.p, end,
				      end);
	return true;
}

/* What precedes an id is told from the first address; parts of its path from the right, after
 * its parameters. */
static bool from_link(const struct links *l, struct str link, struct arena *a, struct conf_sel *ret)
{
	struct str ids[EXTRACT_PICK_RECORDS], first = l->at[0], lead;
	size_t cuts[MOST_CUTS], i;
	int n = 0;

	for (i = first.n; i-- > 1 && n < MOST_CUTS;)
		if (first.p[i] == '/' || first.p[i] == '=')
			cuts[n++] = i + 1;
	for (int k = 0; k < n; k++) {
		lead = lead_of(first, cuts[k]);
		if (lead.n > 1 && shares_lead(l, lead, ids) && write(l, lead, ids, link, a, ret))
			return true;
	}
	return false;
}

void extract_pick_id(struct extract_cells *c, const struct extract_pick_keys *keys,
		     const struct extract_pick_key *url, struct conf_sel *ret)
{
	struct links links = { .n = 0 };
	struct str link;

	for (int i = 0; url && i < keys->records; i++)
		if (url->at[i] >= 0)
			links.at[links.n++] = extract_cells_href(c->at[url->at[i]].node);
	*ret = (struct conf_sel){ .kind = SEL_NONE };
	if (from_attribute(c, keys, &links, ret))
		return;
	*ret = (struct conf_sel){ .kind = SEL_NONE };
	if (!links.n)
		return;
	link = arena_fmt(c->a, "%s/@href", extract_pick_xpath(url, c->a).p);
	if (links.n > 1 && from_link(&links, link, c->a, ret))
		return;
	ret->kind = SEL_CSS;
	ret->expr = arena_fmt(c->a, "%s::attr(href)", extract_pick_css(url, c->a).p);
}
