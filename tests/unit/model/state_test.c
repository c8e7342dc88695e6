#include "model/state.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct {
	const char *kind, *sql;
	int n;
} kinds[STATE_KINDS] = {
	[STATE_JOB] = { "job",
			"state = 'due' OR state = 'done' OR state = 'failed' OR state = 'refused' "
			"OR state = 'gone'",
			JOB_STATES },
	[STATE_PAGE] = { "page",
			 "state = 'extracted' OR state = 'unchanged' OR state = "
			 "'unparsable' OR state = 'error'",
			 PAGE_STATES },
	[STATE_LISTING] = { "listing",
			    "state = 'selling' OR state = 'reserved' OR state = 'sold' OR state = "
			    "'gone' OR state = 'unknown'",
			    LISTING_STATES },
	[STATE_MODEL] = { "model", "state = 'kept' OR state = 'live' OR state = 'retired'",
			  MODEL_STATES },
	[STATE_BREAKER] = { "breaker", "state = 'closed' OR state = 'open' OR state = 'half-open'",
			    BREAKER_STATES },
	[STATE_IMPORT] = { "import", "state = 'running' OR state = 'done' OR state = 'failed'",
			   IMPORT_STATES },
};

static void names_and_sql_come_from_the_table(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 4096);
	for (int k = 0; k < STATE_KINDS; k++) {
		enum state_kind kind = (enum state_kind)k;
		int back = -1;

		assert_string_equal(state_kind_name(kind), kinds[k].kind);
		assert_int_equal(state_count(kind), kinds[k].n);
		buf_clear(&b);
		state_sql(kind, &b);
		assert_string_equal(b.p, kinds[k].sql);
		for (int s = 0; s < kinds[k].n; s++) {
			assert_true(state_parse(kind, str_of(state_name(kind, s)), &back));
			assert_int_equal(back, s);
			assert_true(strlen(state_doc(kind, s)) > 0);
		}
		assert_false(state_parse(kind, STR("nowhere"), &back));
		assert_false(state_parse(kind, STR(""), &back));
	}
	buf_done(&b);
}

/* Every move that is allowed; all others are not. */
static const char *const moves[STATE_KINDS][8] = {
	[STATE_JOB] = { "due due", "due done", "due failed", "due refused", "due gone",
			"done failed gone refused due" },
	[STATE_PAGE] = { "extracted extracted", "extracted unparsable", "unparsable extracted",
			 "unparsable unparsable" },
	[STATE_MODEL] = { "kept live", "kept retired", "live kept" },
	[STATE_BREAKER] = { "closed half-open open open", "open half-open", "half-open closed" },
	[STATE_IMPORT] = { "running running", "running done", "running failed" },
};

/* The last word of a row is where its other words may go; pairs are such rows. */
static bool allowed(enum state_kind k, const char *from, const char *to)
{
	for (int i = 0; i < 8 && moves[k][i]; i++) {
		const char *last = strrchr(moves[k][i], ' ') + 1;
		struct str rest = { moves[k][i], (size_t)(last - 1 - moves[k][i]) }, word;

		while (str_next(&rest, ' ', &word))
			if (str_is(word, from) && strcmp(last, to) == 0)
				return true;
	}
	return k == STATE_LISTING;
}

static void only_listed_moves_are_made(void **state)
{
	(void)state;
	for (int k = 0; k < STATE_KINDS; k++) {
		for (int from = 0; from < kinds[k].n; from++) {
			for (int to = 0; to < kinds[k].n; to++) {
				enum state_kind kind = (enum state_kind)k;
				const char *a = state_name(kind, from), *b = state_name(kind, to);

				if (state_may_move(kind, from, to) != allowed(kind, a, b))
					fail_msg("%s: %s to %s", kinds[k].kind, a, b);
				if (allowed(kind, a, b))
					assert_int_equal(state_move(kind, from, to), to);
			}
		}
	}
}

static void starts_are_few(void **state)
{
	(void)state;
	assert_true(state_may_start(STATE_JOB, JOB_DUE));
	assert_true(state_may_start(STATE_JOB, JOB_REFUSED));
	assert_true(state_may_start(STATE_JOB, JOB_DONE));
	assert_false(state_may_start(STATE_JOB, JOB_FAILED));
	assert_false(state_may_start(STATE_JOB, JOB_GONE));
	for (int s = 0; s < PAGE_STATES; s++)
		assert_true(state_may_start(STATE_PAGE, s));
}

static void every_state_can_be_reached(void **state)
{
	(void)state;
	for (int k = 0; k < STATE_KINDS; k++) {
		for (int to = 0; to < kinds[k].n; to++) {
			bool reached = state_may_start((enum state_kind)k, to);

			for (int from = 0; from < kinds[k].n; from++)
				reached |=
					from != to && state_may_move((enum state_kind)k, from, to);
			assert_true(reached);
		}
	}
}

static void diagrams_show_starts_and_moves(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 4096);
	state_diagram(STATE_MODEL, &b);
	assert_string_equal(b.p, "stateDiagram-v2\n"
				 "    [*] --> kept\n"
				 "    kept --> live\n"
				 "    kept --> retired\n"
				 "    [*] --> live\n"
				 "    live --> kept\n");
	buf_done(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_and_sql_come_from_the_table),
		cmocka_unit_test(only_listed_moves_are_made),
		cmocka_unit_test(starts_are_few),
		cmocka_unit_test(every_state_can_be_reached),
		cmocka_unit_test(diagrams_show_starts_and_moves),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
