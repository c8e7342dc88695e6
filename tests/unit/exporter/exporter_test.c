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

/* A struct str in a table that is static. */
#define S(literal)                                                                                 \
	{                                                                                          \
		literal, sizeof(literal) - 1                                                       \
	}
#include <zlib.h>

#define N_LISTINGS 5000
#define FEW 700

/* The store's part is played here: listings in id order, four to a family. */
struct reader {
	int begun, calls;
	int64_t n; /* listings; 0: N_LISTINGS */
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
	v->listing.first_seen_ms = id;
	v->seen_ms = 1700000000000 + id;
	v->labeled = id % 10 != 0;
	v->label = (struct label){ .category = category[id / 4 % 2],
				   .by = id % 7 ? LABEL_BY_RULES : LABEL_BY_PERSON,
				   .confidence = 0.5,
				   .made_ms = id,
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
	for (int64_t id = f->after_id + 1;
	     id <= f->after_id + f->most && id <= (r->n ? r->n : N_LISTINGS); id++) {
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

/* Rules say what the label says, the seller the first category; two people have decided every
 * 14th, and differ on every 28th. */
enum err reader_votes(struct reader *r, int64_t listing, struct arena *a, struct vote **ret,
		      int *ret_n, struct reason *why)
{
	static const struct vote vote = { .rule = { "source-category", 15 },
					  .category = { "women", 5 },
					  .weight = 0.9 };

	(void)why;
	(void)listing;
	assert_int_equal(r->begun, 1);
	*ret = arena_array(a, 1, sizeof(**ret));
	**ret = vote;
	*ret_n = 1;
	return ERR_OK;
}

enum err reader_labels(struct reader *r, int64_t listing, struct arena *a, struct label_row **ret,
		       int *ret_n, struct reason *why)
{
	struct listing_view v;
	struct label_row *rows = arena_array(a, 3, sizeof(*rows));
	int n = 0;

	(void)why;
	assert_int_equal(r->begun, 1);
	fill(listing, &v);
	if (v.labeled) {
		rows[n].label = v.label;
		rows[n++].label.by = LABEL_BY_RULES;
	}
	if (v.labeled && v.label.by == LABEL_BY_PERSON) {
		rows[n].label = v.label;
		rows[n++].label.who = STR("kim");
	}
	if (v.labeled && listing % 14 == 0) {
		rows[n].label = v.label;
		rows[n].label.who = STR("lee");
		if (listing % 28 == 0)
			rows[n].label.category = STR("other");
		n++;
	}
	*ret = rows;
	*ret_n = n;
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
	assert_int_equal(export_pick_read(&p->opt.pick.ask, false, &p->opt.pick, NULL), ERR_OK);
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
	p->opt.pick.all = true;
	run(p);
	assert_int_equal(p->result.rows, N_LISTINGS);
	assert_int_equal(p->result.left_out, 0);
}

/* Families of a file, as its lines name them, against the other files. */
static void check_families(struct place *p)
{
	struct buf side[SPLIT_N];
	struct str rest, row;
	int64_t seen = 0;

	run(p);
	assert_true(p->result.families > 0);
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

static void no_family_is_on_two_sides(void **state)
{
	static const struct export_ask asks[] = {
		{ .labels = { NULL, 0 } },
		{ .labels = S("reviewed") },
		{ .labels = S("weak"), .min_confidence = S("0.5") },
		{ .labels = S("seller"), .source = S("attic") },
		{ .agree = S("rules,undisputed"), .columns = S("family,soft_labels") },
	};
	struct place *p = *state;

	p->reader.n = FEW;
	for (size_t i = 0; i < sizeof(asks) / sizeof(asks[0]); i++) {
		assert_int_equal(export_pick_read(&asks[i], false, &p->opt.pick, NULL), ERR_OK);
		check_families(p);
	}
}

/* What is asked for, and how many rows that is: told by the numbers alone. */
static bool labeled(int64_t id)
{
	return id % 10 && id % 11;
}
static bool reviewed(int64_t id)
{
	return labeled(id) && id % 7 == 0;
}
static bool fit(int64_t id)
{
	return id % 11;
}
static bool attic(int64_t id)
{
	return labeled(id) && id % 2 == 0;
}
static bool dresses(int64_t id)
{
	return labeled(id) && id / 4 % 2 == 0;
}
static bool several(int64_t id)
{
	return labeled(id) && id % 14 == 0 && id % 28;
}
static bool undisputed(int64_t id)
{
	return labeled(id) && id % 28;
}
static bool early(int64_t id)
{
	return labeled(id) && id < 500;
}
static bool none(int64_t id)
{
	(void)id;
	return false;
}

static const struct {
	struct export_ask ask;
	bool (*want)(int64_t id);
	enum export_left left; /* what only this asking leaves out */
} filters[] = {
	{ { .labels = S("reviewed") }, reviewed, EXPORT_LEFT_UNLABELED },
	{ { .labels = S("reviewed,weak") }, labeled, EXPORT_LEFT_UNLABELED },
	{ { .labels = S("weak") }, labeled, EXPORT_LEFT_UNLABELED },
	{ { .labels = S("seller") }, fit, EXPORT_LEFT_UNFIT },
	{ { .min_confidence = S("0.51") }, reviewed, EXPORT_LEFT_CONFIDENCE },
	{ { .labels = S("weak"), .min_confidence = S("0.51") }, none, EXPORT_LEFT_CONFIDENCE },
	{ { .labels = S("weak,seller"), .min_confidence = S("1") }, fit, EXPORT_LEFT_UNFIT },
	{ { .source = S("attic") }, attic, EXPORT_LEFT_SOURCE },
	{ { .source = S("attic, bunjang") }, labeled, EXPORT_LEFT_UNLABELED },
	{ { .category = S("women") }, dresses, EXPORT_LEFT_CATEGORY },
	{ { .category = S("women.dress") }, dresses, EXPORT_LEFT_CATEGORY },
	{ { .category = S("women.dres") }, none, EXPORT_LEFT_CATEGORY },
	{ { .agree = S("reviewers") }, several, EXPORT_LEFT_AGREEMENT },
	{ { .agree = S("undisputed") }, undisputed, EXPORT_LEFT_AGREEMENT },
	{ { .agree = S("rules") }, labeled, EXPORT_LEFT_UNLABELED },
	{ { .agree = S("model") }, none, EXPORT_LEFT_AGREEMENT },
	{ { .agree = S("seller,rules") }, dresses, EXPORT_LEFT_AGREEMENT },
	{ { .seen_until = S("1970-01-01T00:00:00.5Z") }, early, EXPORT_LEFT_FIRST_SEEN },
	{ { .seen_since = S("1970-01-01"), .seen_until = S("1970-01-01T00:00:00.5Z") },
	  early,
	  EXPORT_LEFT_FIRST_SEEN },
	{ { .labeled_until = S("1970-01-01T00:00:00.5Z") }, early, EXPORT_LEFT_LABELED },
	{ { .labels = S("seller"), .labeled_since = S("1970-01-01") }, none, EXPORT_LEFT_LABELED },
};

static void filters_leave_out_what_they_say(void **state)
{
	struct place *p = *state;

	p->reader.n = FEW;
	for (size_t i = 0; i < sizeof(filters) / sizeof(filters[0]); i++) {
		int64_t want = 0, sum = 0;
		struct buf b;
		char said[128];

		for (int64_t id = 1; id <= FEW; id++)
			want += filters[i].want(id);
		assert_int_equal(export_pick_read(&filters[i].ask, false, &p->opt.pick, NULL),
				 ERR_OK);
		run(p);
		if (p->result.rows != want)
			fail_msg("filter %zu: %lld rows, not %lld", i, (long long)p->result.rows,
				 (long long)want);
		for (int k = 0; k < EXPORT_LEFTS; k++)
			sum += p->result.left[k];
		assert_int_equal(sum, FEW - want);
		assert_int_equal(p->result.left_out, sum);
		assert_true(p->result.left[filters[i].left] > 0);
		b = content(p, "manifest.json");
		snprintf(said, sizeof(said), "\"%s\":%lld", export_lefts[filters[i].left].name,
			 (long long)p->result.left[filters[i].left]);
		assert_non_null(strstr(b.p, said));
		assert_non_null(strstr(b.p, "\"families_on_two_sides\":0,"));
		buf_done(&b);
	}
}

static void what_is_asked_for_is_in_manifest_and_card(void **state)
{
	const struct export_ask ask = { .labels = STR("reviewed,weak"),
					.min_confidence = STR("0.25") };
	struct place *p = *state;
	struct buf b;

	assert_int_equal(export_pick_read(&ask, false, &p->opt.pick, NULL), ERR_OK);
	run(p);
	b = content(p, "manifest.json");
	assert_non_null(strstr(b.p, "\"filters\":{\"labels\":\"reviewed,weak\","
				    "\"min_confidence\":\"0.25\"},"));
	buf_done(&b);
	b = content(p, "README.md");
	assert_non_null(strstr(b.p, "- `labels` = `reviewed,weak`. Whose word"));
	buf_done(&b);
}

static void what_cannot_be_asked_for_is_told(void **state)
{
	static const struct {
		struct export_ask ask;
		const char *why;
	} cases[] = {
		{ { .labels = S("reviewed,strong") }, "there are: reviewed, weak, seller" },
		{ { .agree = S("me") }, "`agree` has no \"me\"" },
		{ { .min_confidence = S("90%") }, "`min_confidence` wants 0 to 1" },
		{ { .min_confidence = S("1.1") }, "`min_confidence` wants 0 to 1" },
		{ { .min_confidence = S("nan") }, "`min_confidence` wants 0 to 1" },
		{ { .seen_since = S("yesterday") }, "`seen_since` wants 2025-03-01" },
		{ { .labeled_until = S("2025-02-29") }, "`labeled_until` wants" },
		{ { .seen_since = S("2025-03-01"), .seen_until = S("2025-03-01") },
		  "is not before" },
		{ { .source = S("attic,") }, "empty name" },
		{ { .columns = S("titel") }, "did you mean `title`" },
	};
	struct export_pick pick;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct reason why = { "" };

		assert_int_equal(export_pick_read(&cases[i].ask, false, &pick, &why), ERR_BAD);
		if (!strstr(why.text, cases[i].why))
			fail_msg("%s", why.text);
	}
}

static void check_sums(const struct place *p)
{
	char hex[HASH_SHA256_HEX];

	assert_int_equal(p->result.n_files, export_formats[p->opt.format].beside ? 6 : 5);
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
		if (p->opt.gzip && export_formats[p->opt.format].no_gzip)
			continue;
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
	assert_true(has(p, "train.metadata.jsonl"));
	assert_false(has(p, "croissant.json"));
	assert_false(has(p, "label-config.xml"));
	assert_false(has(p, "train.txt"));
	assert_false(has(p, "train.jsonl"));
	assert_false(has(p, "test.csv.gz"));
}

/* The API offers what there is, in a table of its own as the layers want it. */
static void the_names_of_formats_are_the_tables(void **state)
{
	char names[256] = "";
	size_t n = 0;

	(void)state;
	for (int f = 0; f < EXPORT_FORMATS; f++)
		n += (size_t)snprintf(names + n, sizeof(names) - n, "%s%s", f ? "|" : "",
				      export_formats[f].name);
	assert_string_equal(names, EXPORT_FORMAT_NAMES);
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
	p->opt.pick.all = true;
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
		cmocka_unit_test_setup_teardown(filters_leave_out_what_they_say, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_is_asked_for_is_in_manifest_and_card, set_up,
						tear_down),
		cmocka_unit_test(what_cannot_be_asked_for_is_told),
		cmocka_unit_test(the_names_of_formats_are_the_tables),
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
