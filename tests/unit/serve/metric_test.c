/* The table of metrics and how it is written. */
#include "serve/metric.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define SMALL "abcdefghijklmnopqrstuvwxyz_0123456789"

#define ALL (METRIC_COUNT + TALLY_COUNT)

/* The metrics of the table, and those that tallies are. */
static const struct metric_row *row_of(int m)
{
	static struct metric_row rows[TALLY_COUNT];
	static char names[TALLY_COUNT][METRIC_NAME];

	if (m < METRIC_COUNT)
		return &metrics[m];
	m -= METRIC_COUNT;
	metric_of_tally((enum tally)m, names[m], &rows[m]);
	return &rows[m];
}

static void rows_follow_the_conventions(void **state)
{
	(void)state;
	for (int m = 0; m < ALL; m++) {
		const struct metric_row *r = row_of(m);
		bool counter = r->type && strcmp(r->type, "counter") == 0;

		if (!r->name || !r->type) {
			fail_msg("row %d has no name, or no type", m);
			return;
		}
		assert_true(counter || strcmp(r->type, "gauge") == 0);
		assert_true(str_starts(str_of(r->name), STR("piped_")) ||
			    str_starts(str_of(r->name), STR("process_")));
		assert_int_equal(strspn(r->name, SMALL), strlen(r->name));
		assert_int_equal(counter, str_ends(str_of(r->name), STR("_total")));
		assert_true(r->doc && r->doc[strlen(r->doc) - 1] == '.' && !strchr(r->doc, '\n'));
		for (int k = 0; k < m; k++)
			assert_string_not_equal(r->name, row_of(k)->name);
	}
}

static void samples_are_written_as_prometheus_reads_them(void **state)
{
	const struct str plain[] = { STR("attic"), STR("a.example:8080"), STR("rate") };
	const struct str evil[] = { STR("a\"b\\c\nd"), STR(""), STR("\xed\x95\x9c") };
	struct buf b;

	(void)state;
	buf_init(&b, 4096);
	metric_head(&b, METRIC_HOST_WAITS);
	metric_int(&b, METRIC_HOST_WAITS, plain, 1);
	metric_num(&b, METRIC_HOST_WAITS, evil, 0.25);
	metric_one(&b, METRIC_REVIEW_QUEUE, -3);
	assert_string_equal(
		b.p,
		"# HELP piped_host_waits 1, labelled with why the host is not being asked now.\n"
		"# TYPE piped_host_waits gauge\n"
		"piped_host_waits{source=\"attic\",host=\"a.example:8080\",why=\"rate\"} 1\n"
		"piped_host_waits{source=\"a\\\"b\\\\c\\nd\",host=\"\",why=\"\xed\x95\x9c\"} 0.25\n"
		"# HELP piped_review_queue Listings waiting for a person.\n"
		"# TYPE piped_review_queue gauge\n"
		"piped_review_queue -3\n");
	buf_done(&b);
}

static void tallies_are_counters_where_they_only_grow(void **state)
{
	struct source_counts s[] = { { .source = STR("shop") }, { .source = STR("a\"b") } };
	struct buf b;

	(void)state;
	s[0].tally[TALLY_CUT] = 7;
	s[1].tally[TALLY_CUT] = 1;
	s[0].tally[TALLY_GONE] = 2;
	buf_init(&b, 4096);
	metric_tally(&b, TALLY_CUT, s, 2);
	metric_tally(&b, TALLY_GONE, s, 1);
	assert_string_equal(b.p, "# HELP piped_ends_cut_total Requests whose answer ended early.\n"
				 "# TYPE piped_ends_cut_total counter\n"
				 "piped_ends_cut_total{source=\"shop\"} 7\n"
				 "piped_ends_cut_total{source=\"a\\\"b\"} 1\n"
				 "# HELP piped_gone Of those: no longer there now.\n"
				 "# TYPE piped_gone gauge\n"
				 "piped_gone{source=\"shop\"} 2\n");
	buf_done(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_follow_the_conventions),
		cmocka_unit_test(samples_are_written_as_prometheus_reads_them),
		cmocka_unit_test(tallies_are_counters_where_they_only_grow),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
