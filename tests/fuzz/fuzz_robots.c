/* A line: our name; a line: a URL; then a robots.txt. */
#include "crawler/robots.h"
#include "tests/fuzz/fuzz.h"

#define MOST_DELAY_MS 60000

/* A pattern as RFC 9309 2.2.3 has it, by trying everything; slow. */
static bool globs(struct str pattern, bool anchored, struct str text)
{
	if (!pattern.n)
		return !anchored || !text.n;
	if (pattern.p[0] == '*') {
		pattern = str_sub(pattern, 1, pattern.n);
		for (size_t i = 0; i <= text.n; i++)
			if (globs(pattern, anchored, str_sub(text, i, text.n)))
				return true;
		return false;
	}
	return text.n && text.p[0] == pattern.p[0] &&
	       globs(str_sub(pattern, 1, pattern.n), anchored, str_sub(text, 1, text.n));
}

static bool small(struct str pattern, struct str text)
{
	int stars = 0;

	for (size_t i = 0; i < pattern.n; i++)
		stars += pattern.p[i] == '*';
	return stars <= 3 && text.n <= 64;
}

static void check_rule(const struct robots_rule *r, const struct robots_target *t)
{
	struct str pattern = str_sub(r->text, 0, r->text.n - r->anchored);

	must(r->line > 0 && r->text.n > 0 && r->text.p[r->text.n] == 0);
	must(r->text.p[0] == '/' || r->text.p[0] == '*');
	for (size_t i = 0; i < r->text.n; i++)
		must(r->text.p[i] > ' ' && r->text.p[i] <= '~');
	if (small(pattern, t->text))
		must(robots_rule_match(r, t) == (globs(pattern, r->anchored, t->text) ||
						 globs(pattern, r->anchored, t->loose)));
}

static void check_verdict(const struct robots *r, const struct robots_target *t,
			  struct robots_verdict v)
{
	must(v.line ? v.rule.n > 0 : v.allowed);
	if (str_is(t->text, "/robots.txt"))
		return;
	for (int i = 0; i < r->n_rules; i++) {
		const struct robots_rule *rule = &r->rules[i];

		check_rule(rule, t);
		must(i == 0 || robots_rule_order(rule - 1, rule) <= 0);
		if (robots_rule_match(rule, t))
			must(v.line && v.rule.n >= rule->text.n &&
			     (v.allowed || v.rule.n > rule->text.n || !rule->allow));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str bytes = fuzz_text(data, size), name = fuzz_line(&bytes), url = fuzz_line(&bytes);
	struct robots *r = robots_new(bytes, name, MOST_DELAY_MS);
	struct arena *a = arena_new(FUZZ_ARENA);
	struct robots_target t = robots_rule_target(url, a), again;

	must(r->delay_ms >= -1 && r->delay_ms <= MOST_DELAY_MS);
	must((r->delay_ms >= 0) == (r->delay_line > 0));
	must(!r->cut || bytes.n > ROBOTS_BYTES);
	for (int i = 0; i < r->n_sitemaps; i++)
		must(r->sitemaps[i].n > 0 && r->sitemaps[i].n <= bytes.n);
	must(t.text.n && t.text.p[0] == '/' && t.loose.n <= t.text.n);
	again = robots_rule_target(t.text, a);
	must(str_eq(again.text, t.text));
	check_verdict(r, &t, robots_judge(r, url, a));
	arena_free(a);
	robots_free(r);
	return 0;
}
