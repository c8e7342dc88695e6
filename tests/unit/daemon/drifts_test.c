/* What is learned of pages, over reloads. */
#include "daemon/drifts.h"

#include "base/mem.h"
#include "tests/unit/store/store_fixture.h"

#define HEAD                                                                                       \
	"name: shop\ntitle: A shop\nlanguage: ko\ncurrency: KRW\nhosts: [a.example]\n"             \
	"seeds: [{page: list, url: 'https://a.example/'}]\n"

static struct view *view_of(const char *source)
{
	struct rule_set *rules = mem_zero(sizeof(*rules));
	struct conf_problem *problems = NULL;
	struct view *v;
	int n = 0;

	if (conf_load_source(str_of(source), STR("s.yaml"), &rules->conf, &problems, &n))
		fail_msg("%s", problems[0].text);
	rules->users = 1;
	rules->conf->drift_pages = 10000;
	v = view_new(rules, NULL);
	rule_set_release(rules);
	return v;
}

static void show(struct drifts *d, const struct view *v, int64_t id)
{
	struct write w = { .now_ms = FX_NOW, .job.source = STR("shop") };
	struct drift_page shown = { .listed = true, .listings = 10 };

	w.page.id = id;
	w.page.page_kind = STR("list");
	w.page.extract_version = v->rules->conf->sources[0].pages[0].version;
	drifts_page(d, &w, &shown);
}

static void pages_are(const struct drifts *d, const char *want)
{
	struct json j;
	struct buf b;

	buf_init(&b, 1 << 16);
	json_init(&j, &b);
	json_object(&j, NULL);
	drifts_json(d, STR("shop"), &j);
	json_end_object(&j);
	if (str_find(buf_str(&b), str_of(want)) < 0)
		fail_msg("%.*s", STR_ARG(buf_str(&b)));
	buf_done(&b);
}

/* Pages that were under way at a reload come after those that are read by the new rules. */
static void a_reload_learns_anew_once(void **state)
{
	struct fx *f = *state;
	struct view *old = view_of(HEAD "pages: {list: {format: json, items: '.a[]', "
					"fields: {id: .id, title: .t}}}\n");
	struct view *new = view_of(HEAD "pages: {list: {format: json, items: '.b[]', "
					"fields: {id: .id, title: .t}}}\n");
	struct reason why = { "" };
	struct drifts *d;

	if (drifts_new(&clock_system, f->store, f->writer, old, &d, &why))
		fail_msg("%s", why.text);
	for (int i = 1; i <= 10; i++)
		show(d, old, i);
	pages_are(d, "\"pages\":10,");
	drifts_set_view(d, new);
	for (int i = 11; i <= 16; i++)
		show(d, i % 2 ? new : old, i);
	pages_are(d, "\"pages\":3,");
	/* what it handed to the writer is answered */
	fx_ok(f, fx_seeds(f, "shop", 0, 1));
	drifts_free(d);
	view_release(old);
	view_release(new);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_reload_learns_anew_once, fx_setup_open,
						fx_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
