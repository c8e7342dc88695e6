/* Every statement fits the schema, and those of every page go by an index. */
#include "store_fixture.h"

#include "store/sql.h"

static void test_all_prepare(void **state)
{
	struct fx *f = *state;
	struct store_engine *e;
	struct reason why;

	assert_int_equal(store_engine_open(f->path, STORE_ENGINE_READ, &e, &why), ERR_OK);
	for (int i = 0; i < SQL_COUNT; i++) {
		struct str plan;
		struct query *q;

		assert_non_null(sql_rows[i].name);
		assert_non_null(sql_rows[i].doc);
		plan = arena_fmt(f->arena, "EXPLAIN %s", sql_rows[i].text);
		q = query_new(e, plan.p);
		for (const char *c = plan.p; *c; c++)
			if (*c == '?')
				query_null(q);
		if (query_run(q))
			fail_msg("%s: %s", sql_rows[i].name, e->why.text);
		query_free(q);
	}
	store_engine_close(e);
}

static const struct {
	enum sql_id id;
	const char *has; /* in its plan */
} plans[] = {
	{ SQL_JOB_PICK, "USING INDEX job_due" },
	{ SQL_JOB_NEXT, "USING COVERING INDEX job_due" },
	{ SQL_JOB_WALK, "USING INTEGER PRIMARY KEY (rowid>?)" },
	{ SQL_JOB_WALK_ENDED, "USING INDEX job_ended (id>?)" },
	{ SQL_HOST_NOW, "USING PRIMARY KEY (source=? AND host=?)" },
	{ SQL_HOST_RECOUNT, "USING COVERING INDEX job_due (source=? AND host=?)" },
	{ SQL_HOST_LIST,
	  "USING INDEX host_next (source=? AND (next_ms,host)>(?,?) AND next_ms<?)" },
	{ SQL_SOURCE_DUE, "USING COVERING INDEX host_next (source=?)" },
	{ SQL_LISTING_FIND, "USING INDEX sqlite_autoindex_listing_1" },
	{ SQL_FAMILY_FIRST, "USING INDEX listing_family" },
	{ SQL_FAMILY_MEMBERS, "USING INDEX listing_family" },
	{ SQL_FAMILY_TITLE, "USING INTEGER PRIMARY KEY" },
	{ SQL_FAMILY_ALONE, "USING COVERING INDEX family_title_family" },
	{ SQL_LOOK, "USING INTEGER PRIMARY KEY" },
	{ SQL_LOOK_LISTINGS, "USING INDEX image_job_image|USING COVERING INDEX image_job_image" },
	{ SQL_FAMILY_PIN, "USING INTEGER PRIMARY KEY" },
	{ SQL_FAMILY_EVENTS, "USING INDEX family_event_was" },
	{ SQL_LABEL_RULES, "USING INDEX label_listing" },
	{ SQL_LABEL_CURRENT, "USING COVERING INDEX label_listing|USING INDEX label_listing" },
	{ SQL_REVIEW_OPINIONS, "USING INDEX review_listing" },
	{ SQL_REVIEW_NEWEST, "USING INDEX review_who" },
	{ SQL_REVIEW_CLIENT, "USING INDEX sqlite_autoindex_review" },
	{ SQL_REVIEW_BATCH, "USING INDEX review_batch" },
	{ SQL_QUEUE_ALL, "s USING INDEX standing_review" },
	{ SQL_QUEUE_ERRORS, "s USING INDEX standing_errors" },
	{ SQL_QUEUE_UNCERTAIN, "s USING INDEX standing_uncertain" },
	{ SQL_QUEUE_RULES, "s USING INDEX standing_rules" },
	{ SQL_QUEUE_WAITS, "s USING INDEX standing_waits (waits_in=?)" },
	{ SQL_QUEUE_ADJUDICATE, "s USING INDEX standing_disputed" },
	{ SQL_QUEUE_GUESS, "s USING INDEX standing_guess (guess=?)" },
	{ SQL_QUEUE_GUESS_NEXT, "USING INDEX standing_guess (guess>?)" },
	{ SQL_QUEUE_KNOWN, "USING COVERING INDEX label_person|USING INDEX label_person" },
	{ SQL_REVIEWED_OF, "USING INDEX label_person (category=?)" },
	{ SQL_REVIEWED_NEWEST, "USING INDEX label_newest" },
	{ SQL_DRAW_ITEMS, "USING PRIMARY KEY (draw=? AND place>?)" },
	{ SQL_REVIEW_SIZE, "USING COVERING INDEX standing_review" },
	{ SQL_PAGES_OF_JOB, "USING INDEX page_job" },
	{ SQL_HISTORY_OF, "USING INDEX history_listing" },
	{ SQL_SITE, "USING PRIMARY KEY" },
	{ SQL_SITE_PRUNE, "INDEX site_changed" },
	{ SQL_ROBOTS, "USING PRIMARY KEY" },
	{ SQL_ROBOTS_PRUNE, "INDEX robots_changed" },
	{ SQL_TROUBLES, "USING INDEX job_trouble" },
};

static bool has(struct str plan, const char *any)
{
	struct str rest = str_of(any), part;

	while (str_next(&rest, '|', &part))
		if (str_find(plan, part) >= 0)
			return true;
	return false;
}

static struct str plan_of(struct fx *f, struct store_engine *e, const char *sql)
{
	struct str text = arena_fmt(f->arena, "EXPLAIN QUERY PLAN %s", sql), plan = STR("");
	struct query *q = query_new(e, text.p);
	bool more = true;

	for (const char *c = sql; *c; c++)
		if (*c == '?')
			query_null(q);
	while (!query_row(q, &more) && more) {
		struct str detail;

		query_get_int(q);
		query_get_int(q);
		query_get_int(q);
		detail = query_get_text(q);
		plan = arena_fmt(f->arena, "%.*s%.*s; ", STR_ARG(plan), STR_ARG(detail));
	}
	query_free(q);
	return plan;
}

/* Ten million jobs: none is worth walking over them all, by whatever index. The
 * job's names are those of the statements. */
static void test_none_scans_jobs(void **state)
{
	static const char *const bad[] = { "SCAN job", "SCAN j;", "SCAN j ", "SCAN page",
					   "SCAN p;" };
	struct fx *f = *state;
	struct store_engine *e;
	struct reason why;

	assert_int_equal(store_engine_open(f->path, STORE_ENGINE_READ, &e, &why), ERR_OK);
	for (int i = 0; i < SQL_COUNT; i++) {
		struct str plan = plan_of(f, e, sql_rows[i].text);

		for (size_t k = 0; k < sizeof(bad) / sizeof(bad[0]); k++)
			/* in the order of an index and with a limit it is no walk */
			if (str_find(plan, str_of(bad[k])) >= 0 && i != SQL_TROUBLES)
				fail_msg("%s: %.*s", sql_rows[i].name, STR_ARG(plan));
	}
	store_engine_close(e);
}

static void test_plans(void **state)
{
	struct fx *f = *state;
	struct store_engine *e;
	struct reason why;

	assert_int_equal(store_engine_open(f->path, STORE_ENGINE_READ, &e, &why), ERR_OK);
	for (size_t i = 0; i < sizeof(plans) / sizeof(plans[0]); i++) {
		const struct sql_row *s = &sql_rows[plans[i].id];
		struct str plan = plan_of(f, e, s->text);

		if (!has(plan, plans[i].has))
			fail_msg("%s: %.*s", s->name, STR_ARG(plan));
		if (plans[i].id != SQL_TROUBLES && has(plan, "TEMP B-TREE") &&
		    plans[i].id != SQL_LABEL_CURRENT)
			fail_msg("%s sorts: %.*s", s->name, STR_ARG(plan));
	}
	store_engine_close(e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_all_prepare, fx_setup_open, fx_teardown),
		cmocka_unit_test_setup_teardown(test_none_scans_jobs, fx_setup_open, fx_teardown),
		cmocka_unit_test_setup_teardown(test_plans, fx_setup_open, fx_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
