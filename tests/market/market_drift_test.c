/* Ten thousand normal pages of the market, read by the shipped sources, raise no alarm; its
 * changed markup does, within 30, and so does one category for all things that were seen before.
 * By format auto, which takes as long as both, 1,000 are read: PIPED_LONG=1 reads 10,000. */
#include "market_gen.h"
#include "market_site.h"
#include "market_spoil.h"

#include "base/file.h"
#include "base/hash.h"
#include "base/mem.h"
#include "cleaner/cleaner.h"
#include "drift/drift.h"
#include "extractor/extractor.h"
#include "tests/long.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define COUNT 60000
#define NORMAL 10000
#define SOON 30
#define PAGES_PER_ALARM 1e6

static const char config[] = "state-dir: /tmp\nsources: [%s/etc/sources/bunjang.yaml, "
			     "%s/etc/sources/market-html.yaml, %s/tests/scenario/conf/auto.yaml]\n";

struct reading {
	struct market_site site;
	struct conf *conf;
	struct extractor *x;
	struct arena *a;
	struct drift *drift, *usual; /* usual: as learned from the normal pages */
	struct drift_page *shown;
	struct seen {
		uint64_t id, category;
	} * seen; /* of listings, by id: what a store would have */
};

#define SEEN (1 << 18)

static void load(struct reading *r)
{
	char path[] = "/tmp/market-drift-XXXXXX", text[4096];
	struct conf_problem *problems = NULL;
	int fd = mkstemp(path), n = 0;
	struct reason why;

	assert_true(fd >= 0);
	close(fd);
	snprintf(text, sizeof(text), config, PIPED_SOURCE, PIPED_SOURCE, PIPED_SOURCE);
	assert_int_equal(file_write(path, str_of(text), &why), ERR_OK);
	assert_int_equal(conf_load(path, &r->conf, &problems, &n), ERR_OK);
	unlink(path);
	mem_free(problems);
	r->x = extractor_new(r->conf);
	r->a = arena_new(64 << 10);
	r->drift = mem_zero(sizeof(*r->drift));
	r->usual = mem_zero(sizeof(*r->usual));
	r->shown = mem_zero(sizeof(*r->shown));
	r->seen = mem_array(SEEN, sizeof(*r->seen));
}

/* The nth page of a crawl: lists of the API, each a category's, or things of the shop. */
static void ask(const struct reading *r, const char *source, int nth, struct market_answer *a,
		char path[64])
{
	static const char *const categories[] = { "310", "320" };
	struct market_request q = { .host = STR("api.bunjang.co.kr"), .tls = true };
	const struct market_site *s = &r->site;
	char page[16];

	market_answer_init(a);
	if (strcmp(source, "bunjang") != 0) {
		uint32_t i = s->shop[(uint32_t)nth % s->n_shop];

		snprintf(path, 64, "/item/m%lld", (long long)s->data->items[i].pid);
		q.host = STR("market.example");
	} else {
		snprintf(path, 64, "/api/1/find_v2.json");
		snprintf(page, sizeof(page), "%d", nth / 2 % 400);
		q.args[0] =
			(struct market_arg){ STR("f_category_id"), str_of(categories[nth % 2]) };
		q.args[1] = (struct market_arg){ STR("order"), STR("date") };
		q.args[2] = (struct market_arg){ STR("page"), str_of(page) };
		q.args[3] = (struct market_arg){ STR("n"), STR("20") };
		q.n_args = 4;
	}
	q.path = str_of(path);
	market_site_answer(s, &q, a);
	assert_int_equal(a->status, 200);
}

static void store(struct reading *r, const struct listing *l)
{
	uint64_t id = hash64(l->ext_id, 1), category = hash64(l->category, 1);
	size_t i = id % SEEN;

	while (r->seen[i].id && r->seen[i].id != id)
		i = (i + 1) % SEEN;
	if (r->seen[i].id) {
		r->shown->known++;
		r->shown->moved += r->seen[i].category != category;
	}
	r->seen[i] = (struct seen){ id, category };
}

static uint64_t read_page(struct reading *r, const struct conf_source *source,
			  const struct conf_page *kind, enum market_fault_does does, int nth)
{
	const struct market_fault fault = { .does = does };
	struct extract_in in = { .source = source, .page = kind };
	struct drift_page *p = r->shown;
	struct extract_out out = { 0 };
	struct market_answer a;
	struct reason why;
	char path[64], url[128];

	ask(r, source->name.p, nth, &a, path);
	if (does)
		market_spoil_answer(&fault, 0, &a);
	snprintf(url, sizeof(url), "https://market.example%s", path);
	in.body = buf_str(&a.body);
	in.content_type = str_of(a.type);
	in.url = str_of(url);
	memset(p, 0, sizeof(*p));
	arena_reset(r->a);
	p->listed = kind->lists;
	if (!extractor_run(r->x, &in, r->a, &out, &why)) {
		p->rejected = out.rejected;
		p->links = out.n_links;
	} else if (!does) {
		fail_msg("%s: %s", url, why.text);
	}
	for (int i = 0; i < out.n_listings; i++) {
		struct cleaner_in raw = {
			.source = source, .raw = &out.listings[i], .page_url = in.url, .now_ms = 1
		};
		struct listing l;

		cleaner_run(&raw, r->a, &l);
		drift_page_add(p, &l);
		if (l.category.n)
			store(r, &l);
	}
	market_answer_done(&a);
	return drift_add(r->drift, p, nth + 1, 0, PAGES_PER_ALARM);
}

static const char *words(const struct drift *d, uint64_t news)
{
	static char text[500];
	struct buf b;

	buf_init(&b, sizeof(text) - 1);
	for (enum drift_stat s = 0; s < DRIFT_STATS; s++)
		if (news >> s & 1)
			drift_words(s, d->watch[s].alarm.was, d->watch[s].alarm.now, &b);
	snprintf(text, sizeof(text), "%s", b.p);
	buf_done(&b);
	return text;
}

struct play {
	const char *source, *page;
	int normal;
	enum market_fault_does does;
	bool shows; /* in what is read of it */
};

static bool same_pages(const struct play *a, const struct play *b)
{
	return strcmp(a->source, b->source) == 0 && a->normal == b->normal;
}

static void learn(struct reading *r, const struct conf_source *source, const struct conf_page *kind,
		  int normal)
{
	drift_reset(r->drift, 1);
	memset(r->seen, 0, SEEN * sizeof(*r->seen));
	/* a fifth of them are read again, so that it is learned what is usual then */
	for (int i = 0; i < normal; i++) {
		uint64_t news = read_page(r, source, kind, FAULT_NONE, i % (normal * 4 / 5));

		if (news)
			fail_msg("%.*s: a false alarm at page %d: %s", STR_ARG(source->name), i + 1,
				 words(r->drift, news));
	}
	*r->usual = *r->drift;
}

static int play(struct reading *r, const struct play *p, bool learned)
{
	const struct conf_source *source = conf_source(r->conf, str_of(p->source));
	const struct conf_page *kind = conf_page(source, str_of(p->page));

	if (!learned)
		learn(r, source, kind, p->normal);
	*r->drift = *r->usual;
	/* the first ones again: what was seen before tells of other categories */
	for (int i = 1; i <= 200; i++)
		if (read_page(r, source, kind, p->does, i))
			return i;
	return -1;
}

static void changed_markup_is_noticed(void **state)
{
	const int of_auto = long_run(1000, NORMAL);
	const struct play cases[] = {
		{ "bunjang", "search", NORMAL, FAULT_MARKUP, true },
		{ "bunjang", "search", NORMAL, FAULT_CATEGORY, true },
		{ "bunjang", "search", 300, FAULT_BADJSON, true },
		{ "market-html", "detail", NORMAL, FAULT_MARKUP, true },
		{ "market-html", "detail", NORMAL, FAULT_CATEGORY, true },
		/* JSON-LD does not care for classes. */
		{ "auto", "item", of_auto, FAULT_MARKUP, false },
		{ "auto", "item", of_auto, FAULT_CATEGORY, true },
		{ "auto", "item", 300, FAULT_EMPTY, true },
	};
	struct market_data *data;
	struct reading r = { 0 };
	struct reason why;
	struct buf text;

	(void)state;
	buf_init(&text, (size_t)1 << 30);
	market_gen_rows(9, COUNT, &text);
	assert_int_equal(market_data_new(&text, "made up", &data, &why), ERR_OK);
	market_site_init(&r.site, data, 8000);
	load(&r);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		int n = play(&r, &cases[i], i > 0 && same_pages(&cases[i], &cases[i - 1]));

		printf("%s %s: no alarm in %d pages; fault %d %s %d pages\n", cases[i].source,
		       cases[i].page, cases[i].normal, (int)cases[i].does,
		       n < 0 ? "not seen in" : "noticed after", n < 0 ? 200 : n);
		if (cases[i].shows)
			assert_in_range(n, 1, SOON);
		else
			assert_int_equal(n, -1);
	}
	extractor_free(r.x);
	conf_free(r.conf);
	arena_free(r.a);
	mem_free(r.drift);
	mem_free(r.usual);
	mem_free(r.shown);
	mem_free(r.seen);
	market_site_done(&r.site);
	market_data_free(data);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(changed_markup_is_noticed) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
