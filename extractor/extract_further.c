#include "extractor/extract_further.h"

#include "extractor/extract_around.h"
#include "extractor/extract_mark.h"
#include "extractor/extract_tree.h"

#define MOST_TRIES 20 /* links that may be the one */

static struct str query_of(struct str url)
{
	ptrdiff_t at = str_find_char(url, '?'), end = str_find_char(url, '#');

	url = end < 0 ? url : str_sub(url, 0, (size_t)end);
	return at < 0 || (end >= 0 && end < at) ? (struct str){ 0 }
						: str_sub(url, (size_t)at + 1, url.n);
}

static struct str path_of(struct str url)
{
	ptrdiff_t at = str_find(url, STR("://"));
	size_t i = 0;

	if (at >= 0) {
		url = str_sub(url, (size_t)at + 3, url.n);
		at = str_find_char(url, '/');
		url = at < 0 ? STR("/") : str_sub(url, (size_t)at, url.n);
	}
	while (i < url.n && url.p[i] != '?' && url.p[i] != '#')
		i++;
	return str_sub(url, 0, i);
}

struct str extract_further_param(struct str url, int64_t *ret_value)
{
	static const char *const names[] = { "page",	"p",	   "pg",	  "pageNo",
					     "page_no", "pageNum", "currentPage", "pageIndex" };
	struct str query = query_of(url), each, name;

	while (str_next(&query, '&', &each)) {
		struct str value = each;

		str_next(&value, '=', &name);
		for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
			if (value.p && str_eq_nocase(name, str_of(names[i])) &&
			    str_i64(value, ret_value) && *ret_value >= 0)
				return name;
	}
	return (struct str){ 0 };
}

/* What such links are called. */
static bool says_next(struct str s)
{
	static const char *const words[] = { "next",	"next page", "next »",	    "next ›",
					     "next >",	"›",	     "»",	    ">",
					     "→",	"다음",	     "다음 페이지", "다음페이지",
					     "다음 >",	"次へ",	     "次のページ",  "weiter",
					     "suivant", "siguiente" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (str_eq_nocase(s, str_of(words[i])))
			return true;
	return false;
}

/* The first element that the mark stands for is the one at `i`. */
static bool is_first(const struct extract_cells *c, int i, const struct extract_mark *m)
{
	struct extract_mark all[EXTRACT_MARK_MOST];
	uint64_t want = extract_mark_hash(m);

	for (int k = 0; k < i; k++) {
		int n = extract_mark_all(c->at[k].node, all);

		for (int j = 0; j < n; j++)
			if (extract_mark_hash(&all[j]) == want)
				return false;
	}
	return true;
}

static struct str css_of(struct extract_cells *c, int i)
{
	struct extract_mark m = extract_mark_best(c->at[i].node);
	struct str text = extract_cells_text(c, i), css;
	struct buf b;

	buf_init(&b, 600);
	if (m.kind != EXTRACT_MARK_TAG && is_first(c, i, &m)) {
		extract_mark_css(&m, &b);
	} else if (c->at[i].parent >= 0) {
		m = extract_mark_best(c->at[c->at[i].parent].node);
		if (m.kind != EXTRACT_MARK_TAG && is_first(c, c->at[i].parent, &m)) {
			extract_mark_css(&m, &b);
			buf_add_text(&b, " > a");
		}
	}
	if (!b.n && text.n && text.n < 40 && str_find_char(text, '"') < 0 &&
	    str_find_char(text, '\\') < 0)
		buf_fmt(&b, "a:contains(\"%.*s\")", STR_ARG(text));
	css = b.n ? arena_fmt(c->a, "%.*s::attr(href)", STR_ARG(buf_str(&b))) : (struct str){ 0 };
	buf_done(&b);
	return css;
}

static bool names_next(struct extract_cells *c, int i)
{
	static const char *const words[] = { "next", NULL };
	const xmlNode *n = c->at[i].node;
	bool slides = extract_cells_text(c, i).n > 20;

	return says_next(extract_cells_text(c, i)) ||
	       says_next(str_trim(extract_tree_attr(n, "aria-label"))) ||
	       says_next(str_trim(extract_tree_attr(n, "title"))) ||
	       (!slides && extract_around_named(n, words));
}

static bool rel_next(const struct extract_cells *c)
{
	xmlNodePtr top = xmlDocGetRootElement(c->page->doc);

	for (xmlNodePtr n = top; n; n = extract_tree_next(n, top))
		if ((extract_tree_is(n, "link") || extract_tree_is(n, "a")) &&
		    extract_tree_word(n, "rel", "next") && extract_tree_attr(n, "href").n)
			return true;
	return false;
}

/* Links to the same list with a number. */
static void find_param(struct extract_cells *c, struct extract_further *ret)
{
	struct str own = path_of(c->in->url), param;
	int64_t n, least = INT64_MAX;

	for (int i = 0; i < c->n; i++) {
		struct str href = extract_cells_href(c->at[i].node);

		param = href.n ? extract_further_param(href, &n) : (struct str){ 0 };
		if (!param.n || (path_of(href).n && !str_eq(path_of(href), own)))
			continue;
		ret->param = arena_str(c->a, param);
		least = n < least ? n : least;
	}
	if (ret->param.n)
		ret->first = least == 0 ? 0 : 1;
}

void extract_further_find(struct extract_cells *c, struct extract_further *ret)
{
	int tries = 0;

	*ret = (struct extract_further){ .rel_next = rel_next(c) };
	for (int i = 0; i < c->n && !ret->rel_next && !ret->css.n && tries < MOST_TRIES; i++) {
		if (!extract_cells_href(c->at[i].node).n || !names_next(c, i))
			continue;
		ret->css = css_of(c, i);
		tries++;
	}
	if (!ret->rel_next && !ret->css.n)
		find_param(c, ret);
}
