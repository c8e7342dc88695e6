/* Five lines: a URL template, the variables of a job, the paging variable's
 * values with commas between, another variable's, the next page; then hosts. */
#include "crawler/seed.h"
#include "tests/fuzz/fuzz.h"

#define VALUES_MOST 16

static struct conf_var var_of(const char *name, struct str list, struct arena *a)
{
	struct conf_var v = { .name = str_of(name) };
	struct str each;

	v.values = arena_array(a, VALUES_MOST, sizeof(*v.values));
	while (v.n < VALUES_MOST && str_next(&list, ',', &each))
		v.values[v.n++] = arena_str(a, each);
	return v;
}

static void check_job(const struct conf_source *s, const struct job *j)
{
	must(j->url.p && j->key.p && j->host.p && j->vars.p);
	must(j->state == JOB_DUE || (j->state == JOB_REFUSED && j->reason.n));
	must(j->state != JOB_DUE || j->host.n);
	must(str_eq(j->source, s->name) && j->priority >= 0 && j->priority <= 9);
}

/* Every page of a list comes back as the same job, whichever it is asked from. */
static void check_pages(const struct conf_source *s, const struct job *from, int64_t value,
			struct arena *a)
{
	const struct conf_page *p = &s->pages[0];
	struct job next, again;
	int64_t got = -1;

	if (!seed_page(s, p, from, value, 0, a, &next))
		return;
	check_job(s, &next);
	must(seed_page_value(p, &next, &got) && got == value);
	if (next.state != JOB_DUE)
		return;
	must(seed_page(s, p, &next, value, 0, a, &again));
	must(str_eq(again.url, next.url) && str_eq(again.key, next.key));
	must(str_eq(again.vars, next.vars));
}

static void check_source(const struct conf_source *s, struct str vars, int64_t value,
			 struct arena *a)
{
	struct job *jobs, odd;
	int n = -1;

	seed_jobs(s, NULL, 5, a, &jobs, &n);
	must(n >= 0 && n <= VALUES_MOST);
	for (int i = 0; i < n; i++) {
		check_job(s, &jobs[i]);
		check_pages(s, &jobs[i], value, a);
		/* a job of an older configuration */
		odd = jobs[i];
		odd.vars = vars;
		odd.seed = value > -9 && value < 9 ? value : 0;
		check_pages(s, &odd, value, a);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new(FUZZ_ARENA);
	struct str rest = fuzz_text(data, size);
	struct conf_seed seed = { .page = STR("list"), .url = arena_str(a, fuzz_line(&rest)) };
	struct str vars = fuzz_line(&rest), hosts[1];
	struct conf_var var[2];
	struct conf_page page = { .name = STR("list"), .paging = { .var = STR("page") } };
	struct str ignore[] = { STR("no*") };
	struct conf_source s = { .name = STR("shop"),
				 .ignore_params = ignore,
				 .n_ignore_params = 1,
				 .hosts = hosts,
				 .n_hosts = 1,
				 .seeds = &seed,
				 .n_seeds = 1,
				 .pages = &page,
				 .n_pages = 1 };
	int64_t value = 0;

	var[0] = var_of("page", fuzz_line(&rest), a);
	var[1] = var_of("a b", fuzz_line(&rest), a);
	seed.vars = var;
	seed.n_vars = 2;
	if (size > 4096 || !str_i64(fuzz_line(&rest), &value))
		value = 1;
	page.paging.max = value % 7;
	s.sort_params = value % 2 == 0;
	s.strip_params = value % 3 == 0;
	s.merge_slashes = value % 5 == 0;
	hosts[0] = rest;
	if (size <= 4096)
		check_source(&s, vars, value, a);
	arena_free(a);
	return 0;
}
