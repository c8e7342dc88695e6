/* What a person asks for of the archive, and how far it is: imports, and pages to be read
 * again; and what is removed from it. */
#include "store_fixture.h"

static void exec(struct fx *f, const char *sql)
{
	struct store_engine *e;
	struct reason why = { "" };

	if (store_engine_open(f->path, STORE_ENGINE_WRITE, &e, &why) || store_engine_exec(e, sql))
		fail_msg("%s", sql);
	store_engine_close(e);
}

static struct write *intake(struct fx *f, struct intake *row)
{
	struct write *w = fx_write(f, WRITE_INTAKE);

	row->changed_ms = FX_NOW;
	w->intake = row;
	fx_ok(f, w);
	return w;
}

static struct intake last(struct fx *f)
{
	struct intake row = { .id = 0 };
	struct reason why = { "" };

	if (reader_intake(f->reader, f->arena, &row, &why))
		fail_msg("%s", why.text);
	return row;
}

static void an_import_is_a_row(void **state)
{
	struct fx *f = *state;
	struct intake_count counts[] = { { STR("pages"), 3 }, { STR("not readable"), 1 } };
	struct intake row = { .file = STR("/a.warc.gz"),
			      .source = STR("a"),
			      .bytes = 900,
			      .began_ms = FX_NOW,
			      .counts = counts,
			      .n_counts = 2 };
	struct reason why = { "" };
	struct intake now;
	int64_t pages = -1;

	assert_int_equal(reader_intake(f->reader, f->arena, &now, &why), ERR_NOT_FOUND);
	row.id = intake(f, &row)->ret_intake;
	assert_int_equal(row.id, 1);
	row.done_bytes = 500;
	row.passes = 1;
	row.pass_pages = 3;
	counts[0].n = 5;
	assert_int_equal(intake(f, &row)->ret_intake, 1);
	now = last(f);
	assert_int_equal(now.id, 1);
	assert_true(str_is(now.file, "/a.warc.gz") && str_is(now.source, "a"));
	assert_true(now.state == IMPORT_RUNNING && !now.reason.n);
	assert_true(now.bytes == 900 && now.done_bytes == 500);
	assert_true(now.passes == 1 && now.pass_pages == 3 && now.began_ms == FX_NOW);
	assert_int_equal(now.n_counts, 2);
	assert_true(str_is(now.counts[0].name, "not readable") && now.counts[0].n == 1);
	assert_true(str_is(now.counts[1].name, "pages") && now.counts[1].n == 5);
	row.state = IMPORT_FAILED;
	row.reason = STR("gone");
	intake(f, &row);
	assert_int_equal(last(f).state, IMPORT_FAILED);
	assert_true(str_is(last(f).reason, "gone"));
	/* the next one is another */
	row = (struct intake){ .file = STR("/b.warc") };
	assert_int_equal(intake(f, &row)->ret_intake, 2);
	now = last(f);
	assert_true(now.id == 2 && now.n_counts == 0);
	assert_int_equal(reader_intake_pages(f->reader, 2, &pages, &why), ERR_OK);
	assert_int_equal(pages, 0);
}

static void a_page_names_its_import(void **state)
{
	struct fx *f = *state;
	struct intake row = { .file = STR("/a.warc.gz") };
	struct reason why = { "" };
	struct write *w;
	struct page p;
	int64_t pages = 0;

	row.id = intake(f, &row)->ret_intake;
	fx_ok(f, fx_seeds(f, "a", 0, 2));
	fx_ok(f, fx_page(f, "a", 1, NULL, 0));
	w = fx_page(f, "a", 2, NULL, 0);
	w->kind = WRITE_IMPORT;
	w->job.key = STR("k1");
	w->page.import = row.id;
	w->page.import_at = 4711;
	fx_ok(f, w);
	assert_int_equal(reader_page(f->reader, 1, f->arena, &p, &why), ERR_OK);
	assert_true(p.import == 0 && !p.import_file.n);
	assert_int_equal(reader_page(f->reader, 2, f->arena, &p, &why), ERR_OK);
	assert_true(p.import == row.id && p.import_at == 4711);
	assert_true(str_is(p.import_file, "/a.warc.gz"));
	assert_int_equal(reader_intake_pages(f->reader, row.id, &pages, &why), ERR_OK);
	assert_int_equal(pages, 1);
}

static bool rest(struct fx *f, struct reprocess_row *ret)
{
	struct reason why = { "" };
	bool any;

	if (reader_reprocess(f->reader, f->arena, ret, &any, &why))
		fail_msg("%s", why.text);
	return any;
}

/* Marked in slices, each committed: what is left is known after a death. */
static void pages_to_be_read_again_are_not_forgotten(void **state)
{
	struct fx *f = *state;
	struct reprocess_row left;
	struct write *w;

	fx_ok(f, fx_seeds(f, "a", 0, 1));
	fx_ok(f, fx_page(f, "a", 1, NULL, 0));
	exec(f,
	     "INSERT INTO page (job, page_kind, url, fetched_ms, status, content_type, "
	     "wire_bytes, body_bytes, body_hash, state, reason, extract_version, items, skipped, "
	     "rejected, listings, record_file, record_offset, record_bytes) "
	     "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 6000) "
	     "SELECT 1, 'search', '', 1000 + i, 200, '', 0, 0, 0, 'extracted', '', 7, 0, 0, 0, 0, "
	     "'', 0, 0 FROM n");
	assert_false(rest(f, &left));
	w = fx_write(f, WRITE_STALE);
	w->source = STR("a");
	w->page_kind = STR("search");
	w->since_ms = 1500;
	fx_ok(f, w);
	assert_int_equal(w->ret_page_from, 5000);
	fx_close(f);
	fx_open(f);
	assert_true(rest(f, &left));
	assert_true(str_is(left.source, "a") && str_is(left.page_kind, "search"));
	assert_true(left.since_ms == 1500 && left.page_from == 5000);
	w = fx_write(f, WRITE_STALE);
	w->source = left.source;
	w->page_kind = left.page_kind;
	w->since_ms = left.since_ms;
	w->page_from = left.page_from;
	fx_ok(f, w);
	assert_int_equal(w->ret_page_from, 0);
	assert_int_equal(w->ret_changed, 1001);
	assert_false(rest(f, &left));
	assert_int_equal(fx_number(f, "SELECT COUNT(*) FROM page WHERE extract_version = 7 AND "
				      "fetched_ms < 1500"),
			 499);
}

static void segment(struct fx *f, const struct write_segment *what)
{
	struct write *w = fx_write(f, WRITE_SEGMENT);

	w->segment = *what;
	fx_ok(f, w);
}

/* Of both segments that were closed the first goes, in which page 1 is. */
static void segments_are_closed_and_removed(void **state)
{
	const struct segment_closed closed[] = { { 4, STR("a.warc.gz"), 50 },
						 { 5, STR("b.warc.gz"), 60 } };
	const struct segment_removed gone = {
		.number = 4, .bytes = 900, .removed_ms = FX_NOW, .by = STR("archive-keep")
	};
	struct segment_removed removed;
	struct segment_totals totals;
	struct segment_closed *rows;
	struct segment_clock clock;
	struct fx *f = *state;
	struct reason why;
	struct page p;
	int n;

	assert_int_equal(reader_segment_clock(f->reader, &clock, &why), ERR_NOT_FOUND);
	fx_ok(f, fx_seeds(f, "a", 0, 1));
	fx_ok(f, fx_page(f, "a", 1, NULL, 0));
	segment(f, &(struct write_segment){ { 70, 700 }, closed, 2, NULL, 0 });
	segment(f, &(struct write_segment){ { 71, 710 },
					    &(struct segment_closed){ 4, closed[0].file, 99 },
					    1,
					    NULL,
					    0 });
	assert_int_equal(reader_segments(f->reader, f->arena, &rows, &n, &why), ERR_OK);
	assert_true(n == 2 && rows[0].closed_ms == 50 && rows[1].number == 5);
	assert_int_equal(reader_page(f->reader, 1, f->arena, &p, &why), ERR_OK);
	assert_true(p.removed_ms == 0 && !p.removed_by.n);
	assert_int_equal(
		reader_segment_removed(f->reader, closed[0].file, f->arena, &removed, &why),
		ERR_NOT_FOUND);
	segment(f, &(struct write_segment){ { 72, 720 }, NULL, 0, &gone, 0 });
	assert_int_equal(reader_page(f->reader, 1, f->arena, &p, &why), ERR_OK);
	assert_true(p.removed_ms == FX_NOW && str_is(p.removed_by, "archive-keep"));
	assert_int_equal(reader_segment_unfinished(f->reader, f->arena, &removed, &why), ERR_OK);
	assert_true(removed.number == 4 && removed.bytes == 900);
	fx_close(f);
	fx_open(f);
	segment(f, &(struct write_segment){ { 73, 730 }, NULL, 0, NULL, 4 });
	assert_int_equal(reader_segment_unfinished(f->reader, f->arena, &removed, &why),
			 ERR_NOT_FOUND);
	assert_int_equal(
		reader_segment_removed(f->reader, closed[0].file, f->arena, &removed, &why),
		ERR_OK);
	assert_int_equal(reader_segment_totals(f->reader, &totals, &why), ERR_OK);
	assert_true(totals.n == 1 && totals.bytes == 900 && totals.last_ms == FX_NOW);
	assert_int_equal(reader_segment_clock(f->reader, &clock, &why), ERR_OK);
	assert_true(clock.counted_ms == 73 && clock.wall_ms == 730);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fx_setup_open, fx_teardown)
	const struct CMUnitTest tests[] = {
		TEST(an_import_is_a_row),
		TEST(a_page_names_its_import),
		TEST(pages_to_be_read_again_are_not_forgotten),
		TEST(segments_are_closed_and_removed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
