/* A line: the address; the rest: a page that a source is drafted from. Its file loads,
 * whatever the page says. */
#include "base/mem.h"
#include "daemon/draft_run.h"
#include "serve/serve.h"
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>

static struct conf *conf;
static struct labeler *labeler;
static struct serve_view view;

void __lsan_disable(void) __attribute__((weak));
void __lsan_enable(void) __attribute__((weak));

static void tear_down(void)
{
	labeler_free(labeler);
	conf_free(conf);
}

static void set_up(void)
{
	struct conf_problem *problems = NULL;
	struct reason why;
	int n = 0;

	must(!conf_load_source(STR("name: a\nseeds: [{ page: p, url: \"https://a.example/\" }]\n"
				   "pages: { p: { format: none } }\n"),
			       STR("a.yaml"), &conf, &problems, &n));
	conf->max_body_bytes = 1 << 20;
	conf->max_ratio = 200;
	must(!labeler_new(conf, &labeler, &why));
	view = (struct serve_view){ .conf = conf, .labeler = labeler };
	must(!atexit(tear_down));
}

static void look(const struct draft *d)
{
	must(d->n > 0 && d->n <= DRAFT_WAYS && d->best < d->n);
	must(d->best < 0 || (d->yaml.n && !d->ways[d->best].trouble.n));
	for (int i = 0; i < d->n; i++) {
		must(d->ways[i].distinct <= d->ways[i].kept);
		for (int f = 0; f < FIELD_COUNT; f++)
			must(d->ways[i].filled[f] <= d->ways[i].kept);
		must(d->ways[i].loads);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str body = fuzz_text(data, size), url = fuzz_line(&body);
	struct arena *a = arena_new(FUZZ_ARENA);
	struct reason why = { "" };
	struct draft d;
	struct draft_in in = { .view = &view, .now_ms = INT64_C(1764064800000) };

	/* libjq keeps a pointer to the end of its stack only, which counts as none */
	if (__lsan_disable)
		__lsan_disable();
	if (!conf)
		set_up();
	in.body = body;
	in.url = str_starts(url, STR("http")) ? url : (struct str){ 0 };
	switch (draft_run("/nonexistent", &in, a, &d, &why)) {
	case ERR_OK:
		look(&d);
		break;
	case ERR_BAD:
	case ERR_TOO_BIG:
		must(why.text[0]);
		break;
	default:
		must(false);
	}
	arena_free(a);
	if (__lsan_enable)
		__lsan_enable();
	return 0;
}
