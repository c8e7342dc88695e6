#include "crawler/kind.h"

struct best {
	struct str page;
	size_t letters; /* of its pattern, * not among them */
};

static void try(struct best *b, struct str pattern, struct str url, struct str page)
{
	size_t letters = 1; /* more than nothing */

	for (size_t i = 0; i < pattern.n; i++)
		letters += pattern.p[i] != '*';
	if (letters > b->letters && str_like(url, pattern))
		*b = (struct best){ page, letters };
}

/* A seed's URL with * for each {variable}. */
static struct str seed_pattern(struct str template, struct arena *a)
{
	struct str out = STR(""), rest = template;
	ptrdiff_t open, shut;

	while ((open = str_find_char(rest, '{')) >= 0) {
		shut = str_find_char(str_sub(rest, (size_t)open, rest.n), '}');
		if (shut < 0)
			break;
		out = arena_fmt(a, "%.*s%.*s*", STR_ARG(out), (int)open, rest.p);
		rest = str_sub(rest, (size_t)(open + shut + 1), rest.n);
	}
	return arena_fmt(a, "%.*s%.*s", STR_ARG(out), STR_ARG(rest));
}

struct str kind_of(const struct conf_source *s, struct str url, struct arena *a)
{
	struct best b = { .letters = 0 };

	for (int i = 0; i < s->n_seeds; i++)
		try(&b, seed_pattern(s->seeds[i].url, a), url, s->seeds[i].page);
	for (int i = 0; i < s->n_pages; i++)
		for (int k = 0; k < s->pages[i].n_links; k++)
			if (s->pages[i].links[k].match.n)
				try(&b, s->pages[i].links[k].match, url, s->pages[i].links[k].page);
	return b.page;
}

struct str kind_only(const struct conf_source *s)
{
	struct str page = { 0 };

	if (s->n_pages == 1)
		return s->pages[0].name;
	for (int i = 0; i < s->n_pages; i++) {
		for (int k = 0; k < s->pages[i].n_links; k++) {
			const struct conf_link *l = &s->pages[i].links[k];

			if (l->match.n)
				continue;
			if (page.n && !str_eq(page, l->page))
				return (struct str){ 0 };
			page = l->page;
		}
	}
	return page;
}
