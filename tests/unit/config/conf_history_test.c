/* What histories make of codes: which label, made when, is which category now. */
#include "base/buf.h"
#include "base/mem.h"
#include "config/conf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#define SAME "="

/* Of taxa a, b, c, g, g.1, g.2. What is left out of a row's questions is SAME. */
static const struct past {
	const char *history[4]; /* changes of version 2, 3, ...; NULL ends it */
	struct {
		const char *code;
		int64_t version;
		const char *now; /* a code, "split", "none", SAME */
		const char *why;
	} asks[8];
} pasts[] = {
	{ { NULL }, { { "a", 0, SAME, "" }, { "x", 0, SAME, "" } } },
	/* one change of each kind, before and after */
	{ { "{rename: x, to: a}" },
	  { { "x", 0, "a", "renamed to a (version 2)" },
	    { "x", 1, "a", "renamed to a (version 2)" },
	    { "x", 2, SAME, "" },
	    { "a", 1, SAME, "" } } },
	{ { "{rename: a, was: {ko: 하나}}, {move: g.1, below: g}" }, { { "a", 1, SAME, "" } } },
	{ { "{merge: [x, y, b], into: b}" },
	  { { "x", 1, "b", "merged into b (version 2)" },
	    { "y", 1, "b", "merged into b (version 2)" },
	    { "b", 1, SAME, "" } } },
	{ { "{split: x, into: [a, b]}" },
	  { { "x", 1, "split", "split into a, b (version 2)" }, { "a", 1, SAME, "" } } },
	{ { "{retire: x}, {retire: y, successor: c}" },
	  { { "x", 1, "none", "retired (version 2)" },
	    { "y", 1, "c", "retired, now c (version 2)" } } },
	/* a code that stays when it is split: as a part, as the group of its parts */
	{ { "{split: a, into: [a, b]}" },
	  { { "a", 1, "split", "split into a, b (version 2)" }, { "a", 2, SAME, "" } } },
	{ { "{split: g, into: [g.1, g.2]}" },
	  { { "g", 0, "split", "split into g.1, g.2 (version 2)" }, { "g", 2, SAME, "" } } },
	/* chains */
	{ { "{rename: x, to: y}", "{merge: [y, z], into: q}", "{retire: q, successor: c}" },
	  { { "x", 1, "c",
	      "renamed to y (version 2), merged into q (version 3), retired, now c (version 4)" },
	    { "y", 2, "c", "merged into q (version 3), retired, now c (version 4)" },
	    { "z", 0, "c", "merged into q (version 3), retired, now c (version 4)" },
	    { "q", 3, "c", "retired, now c (version 4)" },
	    { "q", 4, SAME, "" } } },
	{ { "{rename: x, to: y}", "{retire: y}" },
	  { { "x", 0, "none", "renamed to y (version 2), retired (version 3)" } } },
	/* parts that were joined again leave nothing to ask */
	{ { "{split: x, into: [y, z]}", "{merge: [y, z], into: a}" },
	  { { "x", 1, "a", "split into y, z (version 2)" },
	    { "y", 2, "a", "merged into a (version 3)" } } },
	{ { "{split: x, into: [y, a]}", "{retire: y}" },
	  { { "x", 1, "split", "split into y, a (version 2)" }, { "a", 2, SAME, "" } } },
	/* back to the old code, and on */
	{ { "{rename: a, to: y}", "{rename: y, to: a}" },
	  { { "a", 1, "a", "renamed to y (version 2), renamed to a (version 3)" },
	    { "y", 2, "a", "renamed to a (version 3)" },
	    { "a", 3, SAME, "" } } },
	{ { "{rename: x, to: y}", "{rename: y, to: x}", "{rename: x, to: b}" },
	  { { "x", 1, "b",
	      "renamed to y (version 2), renamed to x (version 3), renamed to b (version 4)" },
	    { "y", 2, "b", "renamed to x (version 3), renamed to b (version 4)" },
	    { "x", 3, "b", "renamed to b (version 4)" } } },
	/* in one version, one after the other */
	{ { "{rename: x, to: y}, {split: y, into: [a, b]}" },
	  { { "x", 1, "split", "renamed to y (version 2), split into a, b (version 2)" } } },
};

static char folder[] = "/tmp/piped-history.XXXXXX";

static void write_file(const char *name, const char *text)
{
	char path[64];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	f = fopen(path, "w");
	assert_non_null(f);
	assert_true(fputs(text, f) >= 0 && fclose(f) == 0);
}

static struct conf *load(const struct past *p)
{
	struct conf_problem *problems = NULL;
	struct conf *c = NULL;
	char path[64], text[512];
	struct buf b;
	int n = 0;

	buf_init(&b, 1 << 16);
	while (n < 4 && p->history[n])
		n++;
	buf_fmt(&b, "name: t\nversion: %d\ntaxa:\n", n + 1);
	for (const char *const *code =
		     (const char *const[]){ "a", "b", "c", "g", "g.1", "g.2", NULL };
	     *code; code++)
		buf_fmt(&b, "  %s: {ko: k, en: e}\n", *code);
	if (n)
		buf_add_text(&b, "history:\n");
	for (int i = 0; i < n; i++)
		buf_fmt(&b, "- version: %d\n  date: 2026-01-0%d\n  changes: [%s]\n", i + 2, i + 1,
			p->history[i]);
	write_file("t.yaml", b.p);
	buf_done(&b);
	snprintf(path, sizeof(path), "%s/piped.yaml", folder);
	if (conf_load(path, &c, &problems, &n)) {
		conf_problem_text(&problems[0], text);
		fail_msg("%s: %s", p->history[0], text);
	}
	mem_free(problems);
	return c;
}

static void codes_are_what_they_became(void **state)
{
	(void)state;
	assert_non_null(mkdtemp(folder));
	write_file("piped.yaml", "taxonomy: t.yaml\n");
	for (size_t i = 0; i < sizeof(pasts) / sizeof(*pasts); i++) {
		struct conf *c = load(&pasts[i]);

		for (int k = 0; k < 8 && pasts[i].asks[k].code; k++) {
			const struct recode *m =
				conf_taxonomy_recode(&c->taxonomy, str_of(pasts[i].asks[k].code),
						     pasts[i].asks[k].version);
			struct str now = !m ? STR(SAME)
					 : m->fate == RECODE_CODE
						 ? m->category
						 : str_of(recode_fate_name(m->fate));

			if (!str_is(now, pasts[i].asks[k].now) ||
			    (m && !str_is(m->why, pasts[i].asks[k].why)))
				fail_msg("history %zu: %s of version %d is %.*s: %.*s", i,
					 pasts[i].asks[k].code, (int)pasts[i].asks[k].version,
					 STR_ARG(now), m ? (int)m->why.n : 0, m ? m->why.p : "");
		}
		conf_free(c);
	}
	write_file("t.yaml", "");
	assert_int_equal(chdir(folder), 0);
	assert_int_equal(unlink("t.yaml") | unlink("piped.yaml"), 0);
	assert_int_equal(chdir("/") | rmdir(folder), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(codes_are_what_they_became) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
