#include "store_fixture.h"

#include "base/file.h"
#include "store/schema.h"
#include "store/store_check.h"

static struct store_engine *raw(struct fx *f)
{
	struct store_engine *e;
	struct reason why;

	if (store_engine_open(f->path, STORE_ENGINE_CREATE, &e, &why))
		fail_msg("%s", why.text);
	return e;
}

static void sql(struct fx *f, const char *text)
{
	struct store_engine *e = raw(f);

	if (store_engine_exec(e, text))
		fail_msg("%s: %s", text, e->why.text);
	store_engine_close(e);
}

static enum err opens(struct fx *f, struct reason *why)
{
	struct store *s = NULL;
	enum err err = store_open(f->path, &s, why);

	store_close(s);
	return err;
}

static void test_fresh(void **state)
{
	struct fx *f = *state;
	struct reason why;

	assert_int_equal(opens(f, &why), ERR_OK);
	assert_int_equal(fx_number(f, "PRAGMA user_version"), store_schema_version());
	assert_int_equal(fx_number(f, "SELECT COUNT(*) FROM job"), 0);
	/* and once more, now that it is there */
	assert_int_equal(opens(f, &why), ERR_OK);
}

static const char first_rows[] =
	"INSERT INTO source (name) VALUES ('a');"
	"INSERT INTO job (source, key, host, page_kind, url, vars, seed, depth, priority, state,"
	" due_ms, attempts, changed_ms, reason) VALUES ('a', 'k', 'h', 'p', 'u', '', 0, 0, 0,"
	" 'due', 5, 0, 0, '');";

/* The table as a later release will have it. */
static enum err upgrade(struct fx *f, const char *second, struct reason *why)
{
	struct schema_migration m[2] = { schema_migrations[0],
					 { .doc = "second", .sql = { second } } };
	struct store_engine *e = raw(f);
	int was = -1;
	enum err err = schema_apply(e, m, 2, &was, why);

	if (!err)
		assert_int_equal(was, 1);
	store_engine_close(e);
	return err;
}

static void version_one(struct fx *f)
{
	struct store_engine *e = raw(f);
	struct reason why;
	int was;

	assert_int_equal(schema_apply(e, schema_migrations, 1, &was, &why), ERR_OK);
	assert_int_equal(was, 0);
	store_engine_close(e);
	sql(f, first_rows);
}

static void test_upgrade_keeps_rows(void **state)
{
	struct fx *f = *state;
	struct reason why;

	version_one(f);
	assert_int_equal(
		upgrade(f, "ALTER TABLE job ADD COLUMN extra BIGINT NOT NULL DEFAULT 4;", &why),
		ERR_OK);
	assert_int_equal(fx_number(f, "PRAGMA user_version"), 2);
	assert_int_equal(fx_number(f, "SELECT due_ms + extra FROM job"), 9);
}

/* A database of the first release: its due jobs are counted. */
static void test_hosts_of_old_jobs(void **state)
{
	struct fx *f = *state;
	struct reason why;

	version_one(f);
	sql(f, "INSERT INTO job (source, key, host, page_kind, url, vars, seed, depth, priority,"
	       " state, due_ms, attempts, changed_ms, reason) SELECT source, key || state.s, host,"
	       " page_kind, url, vars, seed, depth, priority, state.s, due_ms - 2, attempts,"
	       " changed_ms, reason FROM job, (SELECT 'due' AS s UNION SELECT 'done') AS state;");
	assert_int_equal(opens(f, &why), ERR_OK);
	assert_int_equal(fx_number(f, "SELECT COUNT(*) FROM host"), 1);
	assert_int_equal(fx_number(f, "SELECT due FROM host"), 2);
	assert_int_equal(fx_number(f, "SELECT next_ms FROM host"), 3);
	assert_int_equal(fx_number(f, "SELECT value FROM tally WHERE name = 'hosts-due'"), 1);
}

/* `sql` with the states that there were in the first release. */
static char *with_old_states(const char *sql)
{
	static const char mark[] = "@listing_states@", old[] = "state = 'selling' OR state = "
							       "'sold' OR state = 'unknown'";
	const char *at = strstr(sql, mark);
	size_t n = strlen(sql) + sizeof(old);
	char *text = calloc(1, n);

	must(at && text);
	snprintf(text, n, "%.*s%s%s", (int)(at - sql), sql, old, at + sizeof(mark) - 1);
	return text;
}

static const char old_rows[] =
	"INSERT INTO page SELECT 1, 1, '', '', 0, 0, '', 0, 0, 0, 'extracted', '', 0, 0, 0, 0, 0, "
	"'', 0, 0;"
	"INSERT INTO listing (id, source, ext_id, page, first_seen_ms, last_seen_ms, state,"
	" price_digits, posted_ms, family, flags, title, title_clean, flag_reason, currency,"
	" category, url, image, brand, condition, location, description) VALUES"
	" (1, 'a', '1', 1, 5, 9, 'sold', 0, 0, 0, 0, 't', '', '', '', '', '', '', '', '', '', ''),"
	" (2, 'a', '2', 1, 5, 9, 'selling', 0, 0, 0, 0, 't', '', '', '', '', '', '', '', '', '',"
	" '');"
	"INSERT INTO history (listing, seen_ms, page, field, was, now) VALUES"
	" (1, 6, 1, 'state', 'selling', 'sold'), (1, 7, 1, 'state', 'selling', 'sold'),"
	" (1, 8, 1, 'price', '1', '2'), (2, 8, 1, 'title', 's', 't');";

/* Tables that were made before a state was thought of let it in, keep their rows,
 * and still let in no other. */
static void test_new_states(void **state)
{
	struct fx *f = *state;
	struct schema_migration old = schema_migrations[0];
	char *listings = with_old_states(old.sql[1]);
	struct store_engine *e = raw(f);
	struct reason why;
	int was;

	old.sql[1] = listings;
	assert_int_equal(schema_apply(e, &old, 1, &was, &why), ERR_OK);
	store_engine_close(e);
	free(listings);
	sql(f, first_rows);
	sql(f, old_rows);
	e = raw(f);
	assert_int_equal(store_engine_exec(e, "UPDATE listing SET state = 'gone'"), ERR_BAD);
	store_engine_close(e);

	assert_int_equal(opens(f, &why), ERR_OK);
	assert_int_equal(fx_number(f, "SELECT state_ms FROM listing WHERE id = 1"), 7);
	assert_int_equal(fx_number(f, "SELECT state_ms FROM listing WHERE id = 2"), 0);
	e = raw(f);
	assert_int_equal(store_engine_exec(e, "UPDATE listing SET state = 'gone' WHERE id = 2"),
			 ERR_OK);
	assert_int_equal(store_engine_exec(e, "UPDATE page SET state = 'unchanged', same_as = 1"),
			 ERR_OK);
	assert_int_equal(store_engine_exec(e, "UPDATE listing SET state = 'lost'"), ERR_BAD);
	assert_int_equal(store_engine_exec(e, "UPDATE listing SET title = NULL"), ERR_BAD);
	store_engine_close(e);
	assert_int_equal(fx_number(f, "SELECT COUNT(*) FROM pragma_integrity_check WHERE "
				      "integrity_check = 'ok'"),
			 1);
	assert_int_equal(fx_number(f, "SELECT COUNT(*) FROM pragma_foreign_key_check"), 0);
}

static void test_check_that_is_not_there(void **state)
{
	struct fx *f = *state;
	struct store_engine *e;

	version_one(f);
	e = raw(f);
	assert_int_equal(store_check_set(e, "listing", "title", STR("title = ''")), ERR_BAD);
	assert_non_null(strstr(e->why.text, "listing has no check of title"));
	assert_int_equal(store_check_set(e, "nothing", "state", STR("state = ''")), ERR_NOT_FOUND);
	store_engine_close(e);
}

static void test_failed_upgrade_changes_nothing(void **state)
{
	struct fx *f = *state;
	struct reason why;

	version_one(f);
	assert_int_equal(upgrade(f, "DELETE FROM job; CREATE TABLE job (id @id@);", &why), ERR_BAD);
	assert_non_null(strstr(why.text, "migration 2 (second)"));
	assert_int_equal(fx_number(f, "PRAGMA user_version"), 1);
	assert_int_equal(fx_number(f, "SELECT COUNT(*) FROM job"), 1);
}

static void test_newer_is_left_alone(void **state)
{
	struct fx *f = *state;
	struct buf before, after;
	struct reason why;

	assert_int_equal(opens(f, &why), ERR_OK);
	sql(f, "PRAGMA user_version=999");
	buf_init(&before, 16 << 20);
	buf_init(&after, 16 << 20);
	assert_int_equal(file_read(f->path, &before, NULL), ERR_OK);
	assert_int_equal(opens(f, &why), ERR_VERSION);
	assert_non_null(strstr(why.text, "newer piped"));
	assert_int_equal(file_read(f->path, &after, NULL), ERR_OK);
	assert_true(str_eq(buf_str(&before), buf_str(&after)));
	buf_done(&before);
	buf_done(&after);
}

static void test_others_are_refused(void **state)
{
	struct fx *f = *state;
	struct reason why;

	sql(f, "CREATE TABLE cookies (name)");
	assert_int_equal(opens(f, &why), ERR_BAD);
	assert_non_null(strstr(why.text, "not one that piped made"));

	assert_int_equal(file_write(f->path,
				    STR("This is a letter, not a database.\n\n"
					"It is long enough to have a header of a "
					"hundred bytes, which none of it is."),
				    NULL),
			 ERR_OK);
	assert_int_equal(opens(f, &why), ERR_BAD);
	assert_non_null(strstr(why.text, f->path));
}

static void test_truncated(void **state)
{
	struct fx *f = *state;
	struct reason why;

	assert_int_equal(opens(f, &why), ERR_OK);
	must(truncate(f->path, 3 * 4096 + 100) == 0);
	assert_int_equal(opens(f, &why), ERR_BAD);
	assert_non_null(strstr(why.text, "malformed"));
}

static void overwrite(struct fx *f, size_t at, size_t n)
{
	struct buf bytes;

	buf_init(&bytes, 16 << 20);
	assert_int_equal(file_read(f->path, &bytes, NULL), ERR_OK);
	must(at < bytes.n);
	memset(bytes.p + at, 0xa5, n < bytes.n - at ? n : bytes.n - at);
	assert_int_equal(file_write(f->path, buf_str(&bytes), NULL), ERR_OK);
	buf_done(&bytes);
}

/* The schema itself is lost: found on opening. */
static void test_corrupt_schema(void **state)
{
	struct fx *f = *state;
	struct reason why;

	assert_int_equal(opens(f, &why), ERR_OK);
	overwrite(f, 4096, SIZE_MAX);
	assert_int_equal(opens(f, &why), ERR_BAD);
	assert_non_null(strstr(why.text, "malformed"));
}

/* A page of a table is lost: found where it is read, as an error. */
static void test_corrupt_table(void **state)
{
	struct fx *f = *state;
	struct write_listing l = fx_listing("a", "1", "phone");
	struct listing_view v;
	struct reason why;
	int64_t root;

	fx_open(f);
	fx_ok(f, fx_seeds(f, "a", 0, 1));
	fx_ok(f, fx_page(f, "a", 1, &l, 1));
	root = fx_number(f, "SELECT rootpage FROM sqlite_schema WHERE name = 'listing'");
	fx_close(f);
	overwrite(f, (size_t)(root - 1) * 4096, 4096);
	fx_open(f);
	assert_int_equal(reader_listing(f->reader, 1, (struct str){ 0 }, (struct str){ 0 },
					f->arena, &v, &why),
			 ERR_BAD);
	assert_int_equal(fx_run(f, fx_page(f, "a", 1, &l, 1)), ERR_BAD);
}

static const struct {
	const char *what, *sql;
} refused[] = {
	{ "a state of no name", "UPDATE job SET state = 'lost'" },
	{ "a priority past 9", "UPDATE job SET priority = 10" },
	{ "a source that is not there", "UPDATE job SET source = 'b'" },
	{ "a page without job",
	  "INSERT INTO page SELECT 1, 99, '', '', 0, 0, '', 0, 0, 0, 'error', '', 0, 0, 0, 0, 0, "
	  "'', 0, 0" },
	{ "a label by nobody known",
	  "INSERT INTO label (listing, made_by, who, confidence, version, made_ms, why) VALUES "
	  "(1, 'dog', '', 1, 0, 0, '')" },
	{ "two live models",
	  "INSERT INTO model (name, file, sha256, metrics, rows_used, made_ms, state) VALUES "
	  "('a', '', '', '', 0, 0, 'live'), ('b', '', '', '', 0, 0, 'live')" },
	{ "a sure label past 1",
	  "INSERT INTO label (listing, made_by, who, confidence, version, made_ms, why) VALUES "
	  "(1, 'rules', '', 1.5, 0, 0, '')" },
};

static void test_checks(void **state)
{
	struct fx *f = *state;
	struct store_engine *e;

	version_one(f);
	e = raw(f);
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
		if (!store_engine_exec(e, refused[i].sql))
			fail_msg("%s was let in", refused[i].what);
		else if (!strstr(e->why.text, "constraint"))
			fail_msg("%s: %s", refused[i].what, e->why.text);
	store_engine_close(e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_fresh, fx_setup, fx_teardown),
		cmocka_unit_test_setup_teardown(test_upgrade_keeps_rows, fx_setup, fx_teardown),
		cmocka_unit_test_setup_teardown(test_hosts_of_old_jobs, fx_setup, fx_teardown),
		cmocka_unit_test_setup_teardown(test_new_states, fx_setup, fx_teardown),
		cmocka_unit_test_setup_teardown(test_check_that_is_not_there, fx_setup,
						fx_teardown),
		cmocka_unit_test_setup_teardown(test_failed_upgrade_changes_nothing, fx_setup,
						fx_teardown),
		cmocka_unit_test_setup_teardown(test_newer_is_left_alone, fx_setup, fx_teardown),
		cmocka_unit_test_setup_teardown(test_others_are_refused, fx_setup, fx_teardown),
		cmocka_unit_test_setup_teardown(test_truncated, fx_setup, fx_teardown),
		cmocka_unit_test_setup_teardown(test_corrupt_schema, fx_setup, fx_teardown),
		cmocka_unit_test_setup_teardown(test_corrupt_table, fx_setup, fx_teardown),
		cmocka_unit_test_setup_teardown(test_checks, fx_setup, fx_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
