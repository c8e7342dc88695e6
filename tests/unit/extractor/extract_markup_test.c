/* JSON-LD, microdata and Open Graph against what is expected of pages of schema.org, the
 * W3C and others (shared/data/pages/extruct). Where an answer differs on purpose, its row
 * says why, and the test fails once it does not differ any more. */
#include "extractor/extract_jsonld.h"
#include "extractor/extract_microdata.h"
#include "extractor/extract_opengraph.h"
#include "extractor/extract_rdfa.h"
#include "tests/unit/extractor/extract_make.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SAMPLES PIPED_SHARED "/data/pages/extruct/tests/samples/"

enum form { JSONLD, MICRODATA, OPENGRAPH, RDFA };

static const struct row {
	const char *page, *want;
	const char *at;	  /* member of the file; NULL: all of it */
	const char *base; /* that addresses are made absolute by; NULL: none */
	const char *why;  /* it differs; NULL: it does not */
	enum form form;
	bool plain; /* lists of one are written as what is in them */
} rows[] = {
	{ .page = "custom.invalid/AllocateAction.001.html",
	  .want = "custom.invalid/AllocateAction.001.jsonld" },
	{ .page = "custom.invalid/JSONLD_with_JS_comment.html",
	  .want = "custom.invalid/JSONLD_with_JS_comment.jsonld" },
	{ .page = "custom.invalid/JSONLD_with_control_characters.html",
	  .want = "custom.invalid/JSONLD_with_control_characters.jsonld" },
	{ .page = "custom.invalid/JSONLD_with_control_characters_comment.html",
	  .want = "custom.invalid/JSONLD_with_control_characters_comment.jsonld" },
	{ .page = "custom.invalid/JoinAction.001.html",
	  .want = "custom.invalid/JoinAction.001.jsonld" },
	{ .page = "misc/null_ld_mock.html", .want = "misc/null_ld_mock.jsonld" },
	{ .page = "schema.org/CreativeWork.001.html",
	  .want = "schema.org/CreativeWork.001.jsonld" },
	{ .page = "schema.org.invalid/AllocateAction.001.html",
	  .want = "schema.org.invalid/AllocateAction.001.jsonld" },
	{ .page = "schema.org.invalid/JoinAction.001.html",
	  .want = "schema.org.invalid/JoinAction.001.jsonld" },
	{ .page = "songkick/Elysian Fields Brooklyn Tickets, The Owl Music Parlor, 31 Oct "
		  "2015.html",
	  .want = "songkick/Elysian Fields Brooklyn Tickets, The Owl Music Parlor, 31 Oct "
		  "2015.jsonld" },
	{ .page = "songkick/Maxïmo Park Gigography, Tour History & Past Concerts.html",
	  .want = "songkick/Maxïmo Park Gigography, Tour History & Past Concerts.jsonld",
	  .at = "items" },
	{ .page = "songkick/Years & Years Tickets, Tour Dates 2015 & Concerts.html",
	  .want = "songkick/Years & Years Tickets, Tour Dates 2015 & Concerts.jsonld",
	  .at = "items" },
	{ .page = "songkick/jsonld_empty_item_test.html",
	  .want = "songkick/jsonld_empty_item_test.jsonld" },
	{ .page = "songkick/elysianfields.html",
	  .want = "songkick/elysianfields.json",
	  .at = "json-ld" },
	{ .page = "songkick/tovestyrke.html", .want = "songkick/tovestyrke.json", .at = "json-ld" },
	{ .form = MICRODATA,
	  .page = "songkick/elysianfields.html",
	  .want = "songkick/elysianfields.json",
	  .at = "microdata" },
	{ .form = MICRODATA,
	  .plain = true,
	  .page = "schema.org/CreativeWork.001.html",
	  .want = "schema.org/CreativeWork.001.json" },
	{ .form = MICRODATA,
	  .plain = true,
	  .page = "schema.org/Event.001.html",
	  .want = "schema.org/Event.001.json" },
	{ .form = MICRODATA,
	  .plain = true,
	  .page = "schema.org/Event.002.html",
	  .want = "schema.org/Event.002.json" },
	{ .form = MICRODATA,
	  .plain = true,
	  .page = "schema.org/Event.003.html",
	  .want = "schema.org/Event.003.json" },
	{ .form = MICRODATA,
	  .plain = true,
	  .page = "schema.org/Event.004.html",
	  .want = "schema.org/Event.004.json" },
	{ .form = MICRODATA,
	  .plain = true,
	  .page = "schema.org/Event.008.html",
	  .want = "schema.org/Event.008.json" },
	{ .form = MICRODATA,
	  .plain = true,
	  .page = "schema.org/LocalBusiness.002.html",
	  .want = "schema.org/LocalBusiness.002.json" },
	{ .form = MICRODATA,
	  .plain = true,
	  .page = "schema.org/LocalBusiness.003.html",
	  .want = "schema.org/LocalBusiness.003.json" },
	{ .form = MICRODATA,
	  .plain = true,
	  .page = "schema.org/MusicRecording.001.html",
	  .want = "schema.org/MusicRecording.001.json" },
	{ .form = MICRODATA,
	  .plain = true,
	  .page = "schema.org/SearchAction.001.html",
	  .why = "an <input> has no value in the standard; there its attributes become "
		 "schema.org's valueName and valueRequired",
	  .want = "schema.org/SearchAction.001.json" },
	{ .form = MICRODATA,
	  .plain = true,
	  .page = "schema.org/product.html",
	  .want = "schema.org/product.json" },
	{ .form = MICRODATA,
	  .plain = true,
	  .page = "schema.org/product.html",
	  .base = "http://some-example.com",
	  .want = "schema.org/product_custom_url.json" },
	{ .form = MICRODATA,
	  .plain = true,
	  .page = "schema.org/product-ref.html",
	  .want = "schema.org/product-ref.json" },
	{ .form = MICRODATA,
	  .plain = true,
	  .page = "websites/microdata-with-description.html",
	  .want = "websites/microdata-with-description.json" },
	{ .form = MICRODATA,
	  .page = "w3c/microdata.4.2.data.html",
	  .want = "w3c/microdata.4.2.data.json" },
	{ .form = MICRODATA,
	  .page = "w3c/microdata.4.2.meter.html",
	  .want = "w3c/microdata.4.2.meter.json" },
	{ .form = MICRODATA,
	  .page = "w3c/microdata.4.2.strings.html",
	  .want = "w3c/microdata.4.2.strings.json" },
	{ .form = MICRODATA,
	  .page = "w3c/microdata.4.2.strings.unclean.html",
	  .want = "w3c/microdata.4.2.strings.unclean.json" },
	{ .form = MICRODATA, .page = "w3c/microdata.5.2.html", .want = "w3c/microdata.5.2.json" },
	{ .form = MICRODATA, .page = "w3c/microdata.5.3.html", .want = "w3c/microdata.5.3.json" },
	{ .form = MICRODATA, .page = "w3c/microdata.5.5.html", .want = "w3c/microdata.5.5.json" },
	{ .form = MICRODATA,
	  .base = "http://blog.example.com/progress-report",
	  .page = "w3c/microdata.7.1.html",
	  .want = "w3c/microdata.7.1.json" },
	{ .form = MICRODATA,
	  .base = "http://www.example.com/microdata/",
	  .page = "w3c/microdata.object.html",
	  .want = "w3c/microdata.object.json" },
	{ .form = OPENGRAPH,
	  .page = "misc/opengraph_test.html",
	  .want = "misc/opengraph_test.json" },
	{ .form = OPENGRAPH,
	  .page = "misc/opengraph_ns_product_test.html",
	  .want = "misc/opengraph_ns_product_test.json" },
	{ .form = OPENGRAPH,
	  .why = "the prefix that the page declares is `songkick-concerts`; there it is cut "
		 "down to `concerts`, and properties of it are lost",
	  .page = "songkick/elysianfields.html",
	  .want = "songkick/elysianfields.json",
	  .at = "opengraph" },
	{ .form = OPENGRAPH,
	  .why = "the same prefix",
	  .page = "songkick/tovestyrke.html",
	  .want = "songkick/tovestyrke.json",
	  .at = "opengraph" },
	{ .form = RDFA,
	  .page = "w3crdfa/w3c.rdf11primer.example014.html",
	  .want = "w3crdfa/w3c.rdf11primer.example014.expanded.json" },
	{ .form = RDFA,
	  .page = "w3crdfa/w3c.rdfalite.example003.html",
	  .want = "w3crdfa/w3c.rdfalite.example003.expanded.json" },
	{ .form = RDFA,
	  .page = "w3crdfa/w3c.rdfalite.example004.html",
	  .want = "w3crdfa/w3c.rdfalite.example004.expanded.json" },
	{ .form = RDFA,
	  .page = "w3crdfa/w3c.rdfalite.example005.html",
	  .want = "w3crdfa/w3c.rdfalite.example005.expanded.json" },
	{ .form = RDFA,
	  .page = "w3crdfa/w3c.rdfaprimer.example005.html",
	  .want = "w3crdfa/w3c.rdfaprimer.example005.expanded.json" },
	{ .form = RDFA,
	  .page = "w3crdfa/w3c.rdfaprimer.example006.html",
	  .want = "w3crdfa/w3c.rdfaprimer.example006.expanded.json" },
	{ .form = RDFA,
	  .page = "w3crdfa/w3c.rdfaprimer.example007.html",
	  .want = "w3crdfa/w3c.rdfaprimer.example007.expanded.json" },
	{ .form = RDFA,
	  .page = "w3crdfa/w3c.rdfaprimer.example008.html",
	  .want = "w3crdfa/w3c.rdfaprimer.example008.expanded.json" },
	{ .form = RDFA,
	  .page = "w3crdfa/w3c.rdfaprimer.example009.html",
	  .want = "w3crdfa/w3c.rdfaprimer.example009.expanded.json" },
	{ .form = RDFA,
	  .page = "w3crdfa/w3c.rdfaprimer.example010.html",
	  .want = "w3crdfa/w3c.rdfaprimer.example010.expanded.json" },
	{ .form = RDFA,
	  .page = "w3crdfa/w3c.rdfaprimer.example011.html",
	  .want = "w3crdfa/w3c.rdfaprimer.example011.expanded.json" },
	{ .form = RDFA,
	  .page = "w3crdfa/w3c.rdfaprimer.example015.html",
	  .want = "w3crdfa/w3c.rdfaprimer.example015.expanded.json" },
	{ .form = RDFA,
	  .page = "misc/expanded_OG_support_test.html",
	  .want = "misc/expanded_OG_support_test.json" },
};

/* Texts with their white space folded, as there is no rule for that of an element's text. */
static json_t *folded(const char *s)
{
	char *to = mem_zero(strlen(s) + 1);
	json_t *text;
	size_t n = 0;

	for (; *s; s++) {
		bool space = (unsigned char)*s <= ' ';

		if (!space)
			to[n++] = *s;
		else if (n && to[n - 1] != ' ')
			to[n++] = ' ';
	}
	while (n && to[n - 1] == ' ')
		n--;
	text = json_stringn(to, n);
	mem_free(to);
	return text;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Triples have no order, and nodes without an address no name. */
static json_t *sorted(json_t *j)
{
	size_t n = json_array_size(j), i;
	char **text = mem_array(n + 1, sizeof(*text));
	json_t *made = json_pack("[]"), *each;

	json_array_foreach(j, i, each)
	{
		char *blank;

		text[i] = json_dumps(each, JSON_SORT_KEYS | JSON_ENCODE_ANY);
		for (blank = text[i]; (blank = strstr(blank, "\"_:"));)
			for (blank += 3; *blank && *blank != '"';)
				memmove(blank, blank + 1, strlen(blank));
	}
	qsort(text, n, sizeof(*text), by_text);
	for (i = 0; i < n; i++) {
		json_array_append_new(made, json_loads(text[i], JSON_DECODE_ANY, NULL));
		free(text[i]);
	}
	mem_free(text);
	return made;
}

/* `rdf`: lists are sets. */
static json_t *settled(json_t *j, bool plain, bool rdf)
{
	json_t *made, *each;
	const char *key;
	size_t i;

	if (json_is_string(j))
		return folded(json_string_value(j));
	if (json_is_array(j)) {
		if (plain && json_array_size(j) == 1)
			return settled(json_array_get(j, 0), plain, rdf);
		made = json_pack("[]"); /* json_array is ours, too */
		json_array_foreach(j, i, each)
			json_array_append_new(made, settled(each, plain, rdf));
		each = rdf ? sorted(made) : json_incref(made);
		json_decref(made);
		return each;
	}
	if (!json_is_object(j))
		return json_incref(j);
	made = json_pack("{}");
	json_object_foreach(j, key, each) json_object_set_new(made, key, settled(each, plain, rdf));
	return made;
}

/* Some files have a list for each script. */
static json_t *flat(json_t *list)
{
	json_t *made = json_pack("[]"), *each;
	size_t i;

	json_array_foreach(list, i, each)
	{
		if (json_is_array(each))
			json_array_extend(made, each);
		else
			json_array_append(made, each);
	}
	return made;
}

static struct extract_node *answer(const struct row *row, struct extract_html_page *page,
				   struct arena *a)
{
	switch (row->form) {
	case JSONLD:
		return extract_jsonld_read(page->doc, a);
	case MICRODATA:
		return extract_microdata_read(page, str_of(row->base), a);
	case RDFA:
		return extract_rdfa_read(page, STR("http://www.example.com/index.html"), a);
	case OPENGRAPH:
		break;
	}
	return extract_opengraph_read(page->doc, a);
}

static json_t *got(const struct row *row, struct extract_heap *heap, struct arena *a)
{
	struct extract_want all = { .all = true };
	struct extract_html_page page;
	struct reason why;
	struct buf body, text;
	char path[600];
	json_t *j;

	buf_init(&body, 8 << 20);
	buf_init(&text, 8 << 20);
	snprintf(path, sizeof(path), "%s%s", SAMPLES, row->page);
	assert_int_equal(file_read(path, &body, NULL), ERR_OK);
	assert_int_equal(extract_html_page_read(&page, heap, &all, buf_str(&body),
						(struct str){ 0 }, a, &why),
			 ERR_OK);
	extract_node_json(answer(row, &page, a), &text);
	extract_html_page_done(&page);
	j = json_loadb(text.p, text.n, 0, NULL);
	assert_non_null(j);
	buf_done(&text);
	buf_done(&body);
	return j;
}

static void report(const struct row *row, const json_t *got_j, const json_t *want_j)
{
	char *g = json_dumps(got_j, JSON_INDENT(1) | JSON_SORT_KEYS),
	     *w = json_dumps(want_j, JSON_INDENT(1) | JSON_SORT_KEYS);
	size_t i = 0;

	while (g[i] && g[i] == w[i])
		i++;
	i = i > 200 ? i - 200 : 0;
	print_error("%s: got ...%.400s\nwant ...%.400s\n", row->want, g + i, w + i);
	free(g);
	free(w);
}

static void pages_are_read_as_expected(void **state)
{
	struct extract_heap *heap = extract_heap_new();
	struct arena *a = arena_new(1 << 20);
	int wrong = 0;

	(void)state;
	if (access(SAMPLES, R_OK) != 0)
		skip();
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		json_t *g = got(&rows[i], heap, a), *all, *w, *gs, *ws;
		json_error_t e;
		char path[600];

		snprintf(path, sizeof(path), "%s%s", SAMPLES, rows[i].want);
		all = w = json_load_file(path, 0, &e);
		if (rows[i].at)
			w = json_object_get(w, rows[i].at);
		assert_non_null(w);
		w = flat(w);
		gs = settled(g, rows[i].plain, rows[i].form == RDFA);
		ws = settled(w, rows[i].plain, rows[i].form == RDFA);
		if (json_equal(gs, ws) == (rows[i].why != NULL)) {
			report(&rows[i], gs, ws);
			wrong++;
		}
		json_decref(gs);
		json_decref(w);
		json_decref(ws);
		json_decref(g);
		json_decref(all);
		arena_reset(a);
	}
	arena_free(a);
	extract_heap_free(heap);
	assert_int_equal(wrong, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(pages_are_read_as_expected) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
