/* Whole datasets: what is written for a fabricated store, and that it repeats. */
#include "base/file.h"
#include "base/hash.h"
#include "base/mem.h"
#include "exporter/exporter.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <zlib.h>

#define N_LISTINGS 5000

/* The store's part is played here: listings in id order, four to a family. */
struct reader {
	int begun, calls;
};

static void fill(int64_t id, struct listing_view *v)
{
	static const struct str category[] = { { "women.dress", 11 }, { "men.outer", 9 } };
	static const struct str source[] = { { "attic", 5 }, { "bunjang", 7 } };

	*v = (struct listing_view){ .listing = {
					    .id = id,
					    .source = source[id % 2],
					    .ext_id = STR("x"),
					    .title = STR("셔츠, 새것"),
					    .title_clean = STR("셔츠 새것"),
					    .price = 1000 * id,
					    .state = LISTING_SELLING,
					    .family = hash64((struct str){ (const char *)&(int64_t){
										   id / 4 },
									   8 },
							     1) >>
						      1,
					    .clean_version = 3,
				    } };
	v->seen_ms = 1700000000000 + id;
	v->labeled = id % 10 != 0;
	v->label = (struct label){ .category = category[id / 4 % 2],
				   .by = id % 7 ? LABEL_BY_RULES : LABEL_BY_PERSON,
				   .confidence = 0.5,
				   .why = id % 7 ? STR("source-category") : STR("accept") };
	v->suggested = true;
	v->model_name = STR("older");
	v->label_version = 0xabc;
	if (id % 11 == 0)
		v->listing.flags = FLAG_BIT(FLAG_WANTED);
}

enum err reader_begin(struct reader *r, struct reason *why)
{
	(void)why;
	r->begun++;
	return ERR_OK;
}

void reader_end(struct reader *r)
{
	r->begun--;
}

enum err reader_listings(struct reader *r, const struct listing_filter *f, struct arena *a,
			 bool (*each)(void *ctx, const struct listing_view *v), void *ctx,
			 struct reason *why)
{
	(void)a;
	(void)why;
	assert_int_equal(r->begun, 1);
	r->calls++;
	for (int64_t id = f->after_id + 1; id <= f->after_id + f->most && id <= N_LISTINGS; id++) {
		struct listing_view v;

		fill(id, &v);
		if (!each(ctx, &v))
			break;
	}
	return ERR_OK;
}

enum err reader_models(struct reader *r, struct arena *a, struct model_row **ret, int *ret_n,
		       struct reason *why)
{
	static const struct model_row models[] = {
		{ .id = 2, .name = { "newer", 5 }, .sha256 = { "22", 2 } },
		{ .id = 1,
		  .name = { "older", 5 },
		  .sha256 = { "11", 2 },
		  .rows = 900,
		  .metrics = { "{\"seed\":1}", 10 } },
	};

	(void)why;
	assert_int_equal(r->begun, 1);
	*ret = arena_array(a, 2, sizeof(**ret));
	memcpy(*ret, models, sizeof(models));
	*ret_n = 2;
	return ERR_OK;
}

struct place {
	char folder[64];
	struct reader reader;
	struct export_opt opt;
	struct export_result result;
	struct reason why;
};

static int set_up(void **state)
{
	struct place *p = mem_zero(sizeof(*p));

	snprintf(p->folder, sizeof(p->folder), "/tmp/piped-export-XXXXXX");
	assert_non_null(mkdtemp(p->folder));
	p->opt = (struct export_opt){ .format = EXPORT_JSONL,
				      .folder = p->folder,
				      .salt = STR("salt"),
				      .validation = 0.1,
				      .test = 0.2,
				      .taxonomy_name = STR("fashion"),
				      .taxonomy_version = 4,
				      .rules_version = 0x77,
				      .language = STR("ko") };
	*state = p;
	return 0;
}

static int tear_down(void **state)
{
	struct place *p = *state;
	char command[128];

	snprintf(command, sizeof(command), "rm -r %s", p->folder);
	assert_int_equal(system(command), 0); /* NOLINT(cert-env33-c): a folder of ours */
	mem_free(p);
	return 0;
}

static void path_of(const struct place *p, const char *name, char to[256])
{
	snprintf(to, 256, "%s/%s", p->folder, name);
}

static struct buf content(const struct place *p, const char *name)
{
	struct buf b;
	char path[256];

	path_of(p, name, path);
	buf_init(&b, 64 << 20);
	assert_int_equal(file_read(path, &b, NULL), ERR_OK);
	return b;
}

static bool has(const struct place *p, const char *name)
{
	char path[256];

	path_of(p, name, path);
	return file_exists(path);
}

static void run(struct place *p)
{
	if (exporter_run(&p->reader, &p->opt, &p->result, &p->why))
		fail_msg("%s", p->why.text);
	assert_int_equal(p->reader.begun, 0);
}

static int64_t lines(struct str s)
{
	int64_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		n += s.p[i] == '\n';
	return n;
}

static void fit_and_labeled_rows_are_chosen(void **state)
{
	struct place *p = *state;
	int64_t want = 0, per_split[SPLIT_N] = { 0 };

	for (int64_t id = 1; id <= N_LISTINGS; id++) {
		struct listing_view v;

		fill(id, &v);
		if (!v.labeled || v.listing.flags)
			continue;
		want++;
		per_split[split_of(v.listing.family, hash64(STR("salt"), 0), 0.1, 0.2)]++;
	}
	run(p);
	assert_int_equal(p->result.rows, want);
	assert_int_equal(p->result.left_out, N_LISTINGS - want);
	for (int s = 0; s < SPLIT_N; s++) {
		struct buf b = content(p, p->result.files[s].name);

		assert_int_equal(p->result.per_split[s], per_split[s]);
		assert_int_equal(p->result.files[s].rows, per_split[s]);
		assert_int_equal(lines(buf_str(&b)), per_split[s]);
		buf_done(&b);
	}
	assert_true(p->reader.calls > 1);
	p->opt.all = true;
	run(p);
	assert_int_equal(p->result.rows, N_LISTINGS);
	assert_int_equal(p->result.left_out, 0);
}

/* Families of a file, as its lines name them, against the other files. */
static void no_family_is_on_two_sides(void **state)
{
	struct place *p = *state;
	struct buf side[SPLIT_N];
	struct str rest, row;
	int64_t seen = 0;

	run(p);
	for (int s = 0; s < SPLIT_N; s++)
		side[s] = content(p, p->result.files[s].name);
	rest = buf_str(&side[SPLIT_TEST]);
	while (str_next(&rest, '\n', &row) && row.n) {
		ptrdiff_t at = str_find(row, STR("\"family\":\""));
		struct str family = str_sub(row, (size_t)at, 27);

		assert_true(at > 0);
		assert_int_equal(str_find(buf_str(&side[SPLIT_TRAIN]), family), -1);
		assert_int_equal(str_find(buf_str(&side[SPLIT_VALIDATION]), family), -1);
		seen++;
	}
	assert_int_equal(seen, p->result.per_split[SPLIT_TEST]);
	assert_true(seen > 0 && p->result.per_split[SPLIT_VALIDATION] > 0);
	for (int s = 0; s < SPLIT_N; s++)
		buf_done(&side[s]);
}

static void check_sums(const struct place *p)
{
	char hex[HASH_SHA256_HEX];

	assert_int_equal(p->result.n_files, 5);
	for (int i = 0; i < p->result.n_files; i++) {
		const struct export_file *f = &p->result.files[i];
		struct buf b = content(p, f->name);

		hash_sha256_hex(buf_str(&b), hex);
		assert_string_equal(hex, f->sha256);
		assert_int_equal(b.n, f->bytes);
		buf_done(&b);
	}
}

static void sums_are_right_and_in_the_manifest(void **state)
{
	struct place *p = *state;

	for (int f = 0; f < EXPORT_FORMATS * 2; f++) {
		struct buf manifest, card;

		p->opt.format = (enum export_format)(f / 2);
		p->opt.gzip = f % 2;
		run(p);
		check_sums(p);
		manifest = content(p, "manifest.json");
		card = content(p, "README.md");
		for (int s = 0; s < SPLIT_N; s++) {
			struct str sum = str_of(p->result.files[s].sha256);

			assert_true(str_find(buf_str(&manifest), sum) > 0);
			assert_true(str_find(buf_str(&card), sum) > 0);
		}
		assert_true(str_find(buf_str(&manifest), str_of(p->result.files[4].sha256)) > 0);
		buf_done(&manifest);
		buf_done(&card);
	}
	assert_true(has(p, "train.txt.gz"));
	assert_false(has(p, "train.txt"));
	assert_false(has(p, "train.jsonl"));
	assert_false(has(p, "test.csv.gz"));
}

static void same_state_same_bytes(void **state)
{
	struct place *p = *state;
	struct export_result first;

	p->opt.gzip = true;
	run(p);
	first = p->result;
	run(p);
	for (int i = 0; i < first.n_files; i++)
		assert_string_equal(first.files[i].sha256, p->result.files[i].sha256);
}

static void gzip_unpacks_to_the_plain_file(void **state)
{
	struct place *p = *state;
	struct buf plain;
	char path[256], *got;
	gzFile z;

	run(p);
	plain = content(p, "validation.jsonl");
	p->opt.gzip = true;
	run(p);
	path_of(p, "validation.jsonl.gz", path);
	z = gzopen(path, "rb");
	assert_non_null(z);
	got = mem_alloc(plain.n + 1);
	assert_int_equal(gzread(z, got, (unsigned)plain.n + 1), (int)plain.n);
	assert_memory_equal(got, plain.p, plain.n);
	assert_int_equal(gzclose(z), Z_OK);
	mem_free(got);
	buf_done(&plain);
}

static void the_manifest_tells_versions_and_counts(void **state)
{
	static const char *const parts[] = {
		"{\"tool\":\"piped\",",
		"\"newest_seen\":\"2023-11-14T22:13:24Z\"",
		"\"taxonomy\":{\"name\":\"fashion\",\"version\":4}",
		"\"rules\":\"0000000000000077\"",
		"\"salt\":\"salt\"",
		"\"labels\":{\"0000000000000abc\":{\"train\":",
		"\"cleaner\":{\"3\":{",
		"\"label_sources\":{\"person\":{",
		"\"label_whys\":{\"accept\":{",
		("\"models\":[{\"name\":\"older\",\"sha256\":\"11\",\"rows\":900,"
		 "\"metrics\":{\"seed\":1}}],"),
		"\"categories\":{\"men.outer\":{",
		"\"sources\":{\"attic\":{",
		"\"left_out\":{\"unfit\":",
	};
	struct place *p = *state;
	struct buf b;

	run(p);
	b = content(p, "manifest.json");
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		assert_non_null(strstr(b.p, parts[i]));
	buf_done(&b);
	b = content(p, "README.md");
	assert_true(str_starts(buf_str(&b), STR("---\nlanguage:\n- ko\n")));
	assert_non_null(strstr(b.p, "- 1K<n<10K\n"));
	assert_non_null(strstr(b.p, "| `label_source` |"));
	assert_non_null(strstr(b.p, "\n| source-category | "));
	buf_done(&b);
}

static void a_foreign_manifest_is_left_alone(void **state)
{
	struct place *p = *state;
	struct buf b;
	char path[256];

	path_of(p, "manifest.json", path);
	assert_int_equal(file_write(path, STR("{\"name\":\"web app\"}"), NULL), ERR_OK);
	assert_int_equal(exporter_run(&p->reader, &p->opt, &p->result, &p->why), ERR_EXISTS);
	assert_non_null(strstr(p->why.text, "manifest.json"));
	b = content(p, "manifest.json");
	assert_string_equal(b.p, "{\"name\":\"web app\"}");
	assert_false(has(p, "train.jsonl"));
	buf_done(&b);
}

static bool stop_at_2000(void *ctx, int64_t rows)
{
	(void)ctx;
	return rows < 2000;
}

static void cancelled_leaves_nothing_new(void **state)
{
	struct place *p = *state;
	struct buf before, after;

	run(p);
	before = content(p, "train.jsonl");
	p->opt.all = true;
	p->opt.progress = stop_at_2000;
	assert_int_equal(exporter_run(&p->reader, &p->opt, &p->result, &p->why), ERR_CANCELLED);
	assert_int_equal(p->reader.begun, 0);
	after = content(p, "train.jsonl");
	assert_int_equal(before.n, after.n);
	assert_true(has(p, "manifest.json"));
	assert_false(has(p, "train.jsonl.tmp"));
	buf_done(&before);
	buf_done(&after);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(fit_and_labeled_rows_are_chosen, set_up, tear_down),
		cmocka_unit_test_setup_teardown(no_family_is_on_two_sides, set_up, tear_down),
		cmocka_unit_test_setup_teardown(sums_are_right_and_in_the_manifest, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(same_state_same_bytes, set_up, tear_down),
		cmocka_unit_test_setup_teardown(gzip_unpacks_to_the_plain_file, set_up, tear_down),
		cmocka_unit_test_setup_teardown(the_manifest_tells_versions_and_counts, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(a_foreign_manifest_is_left_alone, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(cancelled_leaves_nothing_new, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
