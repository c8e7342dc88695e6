/* A jq program for a selector: the first line is the JSON that it is run on, the rest the program.
 * What extract_bound.h takes, and compiles, ends: with results, an error, or a limit; and soon: no
 * instruction goes on for long behind the limit of extract_watch.h. */
#include "extractor/extract_bound.h"
#include "extractor/extract_jq.h"
#include "extractor/extract_scan.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>
#include <time.h>

#define CPU_MS 100
#define MOST_RESULTS 100000
#define LATE_MS 4000 /* with sanitizers */

void __lsan_disable(void) __attribute__((weak));
void __lsan_enable(void) __attribute__((weak));

static int64_t cpu_ms(void)
{
	struct timespec t;

	must(clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t) == 0);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void run(struct extract_jq *q, jv input, struct arena *a)
{
	int64_t began = cpu_ms();
	struct reason why = { "" };
	struct str said = { 0 };
	enum err err = ERR_OK;
	int n = 0;
	jv result;

	extract_jq_limit(q, CPU_MS, (int64_t)256 << 20);
	extract_jq_start(q, input);
	while (n < MOST_RESULTS && extract_jq_next(q, &result, &err, &why)) {
		extract_jq_text(result, a, &said);
		n++;
	}
	extract_jq_stop(q);
	must(n == MOST_RESULTS || err == ERR_OK || err == ERR_BAD || err == ERR_TOO_BIG);
	must(err == ERR_OK || why.text[0]);
	must(cpu_ms() - began < LATE_MS);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str rest = fuzz_text(data, size), body = fuzz_line(&rest);
	struct arena *a = arena_new(FUZZ_ARENA);
	struct str program = arena_str(a, rest);
	struct extract_jq *q = NULL;
	struct reason why = { "" };
	enum err bound = extract_bound_check(program, &why);
	bool lone;
	jv input;

	must(bound == ERR_OK || (bound == ERR_BAD && why.text[0]));
	if (!memchr(program.p, 0, program.n)) {
		enum err err;

		/* libjq 1.6 forgets some bytes of a text that nothing ends */
		if (__lsan_disable)
			__lsan_disable();
		err = extract_jq_new(program.p, &q, &why);
		if (__lsan_enable)
			__lsan_enable();
		must(err == ERR_OK || (err == ERR_BAD && why.text[0]));
		must(err == ERR_BAD || bound == ERR_OK);
	}
	if (!body.n)
		body = STR("null");
	if (q && !extract_scan_json(body, &lone, &why) && !extract_jq_parse(body, &input, &why))
		run(q, input, a);
	extract_jq_free(q);
	arena_free(a);
	return 0;
}
