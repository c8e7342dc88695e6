#include "store/mailbox.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define MOST 4
#define HOUR 3600000

/* What is put, in letters: 'w' may wait, 'u' may not, 'c' closes. Everything is
 * put before the first take, so that no take has to sleep: what is left out of
 * `taken` would wait. */
static const struct row {
	const char *put;
	int64_t wait_ms;
	int taken[3]; /* by each take; -1: not tried */
} rows[] = {
	{ .put = "u", .wait_ms = HOUR, .taken = { 1, -1, -1 } },
	{ .put = "uuuuu", .wait_ms = HOUR, .taken = { 4, 1, -1 } },
	{ .put = "wwww", .wait_ms = HOUR, .taken = { 4, -1, -1 } },
	{ .put = "wwwu", .wait_ms = HOUR, .taken = { 4, -1, -1 } },
	{ .put = "wu", .wait_ms = HOUR, .taken = { 2, -1, -1 } },
	{ .put = "uw", .wait_ms = HOUR, .taken = { 2, -1, -1 } },
	{ .put = "wwwwu", .wait_ms = HOUR, .taken = { 4, 1, -1 } },
	/* the urgent one is gone with the first four: the rest waits */
	{ .put = "uwwwwwwww", .wait_ms = HOUR, .taken = { 4, 4, -1 } },
	{ .put = "ww", .wait_ms = 0, .taken = { 2, -1, -1 } },
	{ .put = "wwc", .wait_ms = HOUR, .taken = { 2, 0, 0 } },
	{ .put = "wwwwwc", .wait_ms = HOUR, .taken = { 4, 1, 0 } },
	{ .put = "c", .wait_ms = HOUR, .taken = { 0, 0, -1 } },
};

static void taken_when_there_is_reason(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct write items[16] = { { .kind = WRITE_PAGE } }, *got[MOST];
		struct mailbox m;
		int n = 0, at = 0;

		mailbox_init(&m, MOST, rows[i].wait_ms);
		for (const char *p = rows[i].put; *p; p++) {
			if (*p == 'c') {
				mailbox_close(&m);
				continue;
			}
			items[n].may_wait = *p == 'w';
			mailbox_put(&m, &items[n++]);
		}
		for (int k = 0; k < 3 && rows[i].taken[k] >= 0; k++) {
			assert_int_equal(mailbox_take(&m, got), rows[i].taken[k]);
			for (int g = 0; g < rows[i].taken[k]; g++)
				assert_ptr_equal(got[g], &items[at++]);
		}
		/* what was left lies there still, in order */
		for (int k = at; k < n; k++)
			assert_ptr_equal(mailbox_next(&m.list), &items[k]);
		assert_null(mailbox_next(&m.list));
		mailbox_done(&m);
	}
}

static void waits_no_longer_than_said(void **state)
{
	struct write w = { .kind = WRITE_PAGE, .may_wait = true }, *got[MOST];
	struct mailbox m;

	(void)state;
	mailbox_init(&m, MOST, 1);
	mailbox_put(&m, &w);
	assert_int_equal(mailbox_take(&m, got), 1);
	assert_ptr_equal(got[0], &w);
	mailbox_done(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(taken_when_there_is_reason),
		cmocka_unit_test(waits_no_longer_than_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
