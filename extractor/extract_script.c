#include "extractor/extract_script.h"

#include "base/mem.h"
#include "base/must.h"
#include "extractor/extract_state.h"
#include "extractor/extract_xpath.h"

#define MOST_JSON (64 << 20)

struct extract_script {
	const struct conf_page *page;
	struct extract_heap *heap;
	struct extract_xpath *scripts;
	struct extract_want want; /* scripts, and nothing else of the page */
};

struct extract_script *extract_script_new(const struct conf_page *page, struct extract_heap *heap)
{
	const struct conf_sel sel = { .kind = SEL_CSS, .expr = STR("script::text") };
	struct extract_script *s = mem_zero(sizeof(*s));
	struct reason why;

	s->page = page;
	s->heap = heap;
	must(extract_xpath_new(&sel, &s->scripts, &why) == ERR_OK);
	extract_want_attribute(&s->want, STR("id"));
	extract_want_attribute(&s->want, STR("type"));
	extract_want_selector(&s->want, extract_xpath_plain(s->scripts), true);
	return s;
}

void extract_script_free(struct extract_script *s)
{
	if (!s)
		return;
	extract_xpath_free(s->scripts);
	mem_free(s);
}

static enum err write_json(const struct extract_node *n, struct arena *a, struct str *ret,
			   struct reason *why)
{
	struct buf b;
	enum err err = ERR_OK;

	buf_init(&b, MOST_JSON);
	extract_node_json(n, &b);
	if (b.full)
		err = reason_set(why, ERR_TOO_BIG, "a script with more JSON than is read");
	else
		*ret = arena_str(a, buf_str(&b));
	buf_done(&b);
	return err;
}

enum err extract_script_find(struct extract_script *s, const struct extract_in *in, struct arena *a,
			     struct str *ret_json, struct reason *why)
{
	struct str name = s->page->script;
	bool many = str_is(name, "ld+json") || str_ends(name, STR("__next_f"));
	struct extract_html_page page;
	const struct extract_node *found;
	enum err err;

	err = extract_html_page_read(&page, s->heap, &s->want, in->body, in->content_type, a, why);
	if (!err) {
		found = extract_state_named(page.doc, name, a);
		if (!found->first)
			err = reason_set(why, ERR_BAD, "no script has JSON for `%.*s`",
					 STR_ARG(name));
		else
			err = write_json(many ? found : found->first, a, ret_json, why);
	}
	extract_html_page_done(&page);
	return err;
}
