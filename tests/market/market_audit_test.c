/* The audit finds what is wrong, and only that. */
#include "market_audit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define RULES                                                                                      \
	"# two hosts of one address\n"                                                             \
	"address-rate 15\nslack 20\ntolerance 5\n"                                                 \
	"host a rate 10 concurrency 2 address x disallow /private\n"                               \
	"host b rate 10 address x\n"                                                               \
	"host c rate 100 delay 1000\n"

static struct market_audit_result judge(const char *journal)
{
	struct market_audit *a = market_audit_new();
	struct market_audit_result r;
	struct reason why = { "" };

	if (market_audit_rules(a, str_of(RULES), &why) ||
	    market_audit_journal(a, str_of(journal), &why))
		fail_msg("%s", why.text);
	market_audit_judge(a, &r);
	market_audit_free(a);
	return r;
}

#define AT(ms, host, path, status, retry, answered)                                                \
#ms "\t" host "\t" path "\t" #status "\t10\t-\t" retry "\t" #answered "\n"
#define ROBOTS(host) AT(1000, host, "/robots.txt", 200, "-", 1001)
#define PAGE(ms, host) AT(ms, host, "/1", 200, "-", ms)

static void each_kind_is_found(void **state)
{
	static const struct {
		const char *journal;
		int64_t n[AUDIT_KINDS];
	} cases[] = {
		{ ROBOTS("a") PAGE(1100, "a") PAGE(1180, "a") PAGE(1280, "a"), { 0 } },
		{ ROBOTS("a") PAGE(1100, "a") PAGE(1170, "a"), { [AUDIT_RATE] = 1 } },
		{ ROBOTS("a") ROBOTS("b") PAGE(1250, "a") PAGE(1250, "b"),
		  { [AUDIT_ADDRESS] = 1 } },
		{ ROBOTS("c") PAGE(2000, "c") PAGE(2990, "c"), { [AUDIT_DELAY] = 1 } },
		{ ROBOTS("c") PAGE(2000, "c") PAGE(2996, "c"), { 0 } },
		{ ROBOTS("b") AT(1100, "b", "/1", 200, "-", 1300) PAGE(1250, "b"),
		  { [AUDIT_CONCURRENCY] = 1 } },
		{ ROBOTS("a") AT(1100, "a", "/1", 200, "-", 1300) PAGE(1250, "a"), { 0 } },
		{ ROBOTS("a") AT(1100, "a", "/1", 429, "5000", 1110) PAGE(6000, "a"),
		  { [AUDIT_RETRY_AFTER] = 1 } },
		{ ROBOTS("a") AT(1100, "a", "/1", 429, "5000", 1110) PAGE(6110, "a"), { 0 } },
		{ ROBOTS("a") AT(1200, "a", "/private/1", 200, "-", 1210), { [AUDIT_ROBOTS] = 1 } },
		{ PAGE(1000, "a") ROBOTS("b"), { [AUDIT_UNASKED] = 1 } },
		{ AT(1000, "a", "/robots.txt", 503, "-", 1001) PAGE(1200, "a"),
		  { [AUDIT_UNASKED] = 1 } },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct market_audit_result r = judge(cases[i].journal);

		for (int k = 0; k < AUDIT_KINDS; k++)
			if (r.violations[k] != cases[i].n[k])
				fail_msg("case %zu: %s %lld", i,
					 market_audit_name((enum market_audit_kind)k),
					 (long long)r.violations[k]);
	}
}

/* Ten seconds at half the rate, three of them on hold. */
static void use_is_of_what_is_allowed(void **state)
{
	struct market_audit_result r;
	struct buf journal;

	(void)state;
	buf_init(&journal, 1 << 16);
	buf_add_text(&journal, "0\tc\t/robots.txt\t200\t10\t-\t-\t1\n");
	for (int i = 1; i <= 10; i++)
		buf_fmt(&journal, "%d\tc\t/%d\t%d\t10\t-\t%s\t%d\n", i * 2000, i,
			i == 5 ? 429 : 200, i == 5 ? "2000" : "-", i * 2000);
	r = judge(buf_str(&journal).p);
	buf_done(&journal);
	assert_int_equal(r.all, 0);
	assert_true(r.allowed > 17.9 && r.allowed < 18.1);
	assert_true(r.used == 10);
}

static void nonsense_is_refused(void **state)
{
	struct market_audit *a = market_audit_new();
	struct reason why;

	(void)state;
	assert_int_equal(market_audit_rules(a, STR("host a"), &why), ERR_BAD);
	assert_int_equal(market_audit_rules(a, STR("host a rate x"), &why), ERR_BAD);
	assert_int_equal(market_audit_rules(a, STR("slack"), &why), ERR_BAD);
	assert_int_equal(market_audit_journal(a, STR("1\tz\t/\t200\t1\t-\t-\t1"), &why),
			 ERR_NOT_FOUND);
	assert_int_equal(market_audit_journal(a, STR("1\ta\t/"), &why), ERR_BAD);
	market_audit_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_kind_is_found),
		cmocka_unit_test(use_is_of_what_is_allowed),
		cmocka_unit_test(nonsense_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
