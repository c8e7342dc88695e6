/* Which model may go live, which are retired, and what is told of files at start. */
#include "daemon/registry.h"

#include "base/file.h"
#include "daemon/gate.h"
#include "tests/unit/classifier/toy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static void a_worse_model_is_told(void **state)
{
	static const struct {
		int64_t only_old, only_new;
		bool worse;
		double p;
	} rows[] = {
		{ 0, 0, false, 1 },	      { 4, 0, false, 1.0 / 16 },
		{ 5, 0, true, 1.0 / 32 },     { 0, 5, false, 1 }, /* better is not worse */
		{ 8, 2, false, 56.0 / 1024 }, { 9, 2, true, 67.0 / 2048 },
		{ 500, 500, false, 1 },	      { 600, 500, true, 0.00142 },
	};
	double p;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(gate_worse(rows[i].only_old, rows[i].only_new, &p), rows[i].worse);
		assert_true(p > rows[i].p - 1e-4 && p < rows[i].p + 1e-4);
	}
}

static void make_model(const char *path, double wrong, struct classifier **ret)
{
	struct toy t = { .n = 400, .seed = 7, .wrong = wrong };
	const struct classifier_rows rows = { &t, toy_rewind, toy_next };
	struct classifier_opt opt = classifier_defaults();
	struct classifier_report report;
	struct reason why = { "" };

	opt.epochs = 3;
	opt.rate = 0.02;
	if (classifier_train(&rows, &opt, path, &report, &why) || classifier_open(path, ret, &why))
		fail_msg("%s", why.text);
}

static void path_in(const char *folder, const char *name, char to[256])
{
	snprintf(to, 256, "%s/%s", folder, name);
}

static void the_gate_compares(void **state)
{
	const char *folder = *state;
	struct toy t = { .n = 300, .seed = 9 };
	const struct classifier_rows rows = { &t, toy_rewind, toy_next };
	struct classifier *good = NULL, *bad = NULL;
	struct reason why = { "" };
	struct gate g;
	char path[256];

	path_in(folder, "good.bin", path);
	make_model(path, 0, &good);
	path_in(folder, "bad.bin", path);
	make_model(path, 1, &bad);
	assert_int_equal(gate_judge(NULL, good, &rows, 300, 1, &g, &why), ERR_OK);
	assert_true(!g.tested && !g.worse && strstr(g.text, "no model was live"));
	assert_int_equal(gate_judge(good, bad, &rows, 0, 1, &g, &why), ERR_OK);
	assert_true(!g.tested && !g.worse && strstr(g.text, "no rows"));
	assert_int_equal(gate_judge(good, bad, &rows, 300, 1, &g, &why), ERR_OK);
	assert_true(g.tested && g.worse && strstr(g.text, "worse than the live model on 300"));
	assert_int_equal(gate_judge(bad, good, &rows, 300, 1, &g, &why), ERR_OK);
	assert_true(g.tested && !g.worse);
	classifier_close(good);
	classifier_close(bad);
}

static void the_oldest_are_retired(void **state)
{
	const struct model_row models[] = {
		{ .id = 9, .state = MODEL_KEPT },
		{ .id = 8, .state = MODEL_LIVE },
		{ .id = 7, .state = MODEL_KEPT },
		{ .id = 6, .state = MODEL_KEPT, .suggestions = 1 },
		{ .id = 5, .state = MODEL_RETIRED },
		{ .id = 4, .state = MODEL_KEPT },
		{ .id = 3, .state = MODEL_KEPT },
	};
	int64_t ret[7];

	(void)state;
	assert_int_equal(registry_excess(models, 7, 5, ret), 0);
	assert_int_equal(registry_excess(models, 7, 2, ret), 2);
	assert_true(ret[0] == 4 && ret[1] == 3);
	assert_int_equal(registry_excess(models, 7, 1, ret), 3);
	assert_int_equal(ret[0], 7);
}

static void files_are_checked(void **state)
{
	const char *folder = *state;
	struct model_row models[] = {
		{ .id = 1, .name = STR("whole"), .file = STR("1.bin"), .state = MODEL_LIVE },
		{ .id = 2, .name = STR("cut"), .file = STR("2.bin"), .state = MODEL_KEPT },
		{ .id = 3, .name = STR("gone"), .file = STR("3.bin"), .state = MODEL_KEPT },
		{ .id = 4, .name = STR("old"), .file = STR("4.bin"), .state = MODEL_RETIRED },
	};
	struct classifier *c = NULL;
	struct buf bytes;
	char path[256], rest[256];

	path_in(folder, "1.bin", path);
	make_model(path, 0, &c);
	classifier_close(c);
	assert_int_equal(registry_check(str_of(folder), models, 1), 0);
	buf_init(&bytes, 64 << 20);
	assert_int_equal(file_read(path, &bytes, NULL), ERR_OK);
	path_in(folder, "2.bin", path);
	assert_int_equal(file_write(path, str_sub(buf_str(&bytes), 0, bytes.n / 2), NULL), ERR_OK);
	buf_done(&bytes);
	path_in(folder, "5.bin", path); /* nobody's */
	assert_int_equal(file_write(path, STR("x"), NULL), ERR_OK);
	path_in(folder, "7.bin.tmp", rest);
	assert_int_equal(file_write(rest, STR("x"), NULL), ERR_OK);
	path_in(folder, "4.bin", path);
	assert_int_equal(file_write(path, STR("x"), NULL), ERR_OK);
	assert_int_equal(registry_check(str_of(folder), models, 4), 3);
	assert_false(file_exists(path));
	assert_false(file_exists(rest));
}

static int make_folder(void **state)
{
	static char folder[64];

	snprintf(folder, sizeof(folder), "/tmp/piped-registry-XXXXXX");
	*state = mkdtemp(folder);
	return *state ? 0 : -1;
}

static int drop_folder(void **state)
{
	char line[128];

	snprintf(line, sizeof(line), "rm -rf '%s'", (const char *)*state);
	return system(line);
}

#define IN_FOLDER(f) cmocka_unit_test_setup_teardown(f, make_folder, drop_folder)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_worse_model_is_told),
		IN_FOLDER(the_gate_compares),
		cmocka_unit_test(the_oldest_are_retired),
		IN_FOLDER(files_are_checked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
