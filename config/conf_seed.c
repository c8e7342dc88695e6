#include "config/conf_seed.h"

#include "config/conf_page.h"
#include "config/conf_seedurl.h"
#include "config/conf_show.h"
#include "config/conf_split.h"
#include "config/conf_values.h"
#include "config/conf_var.h"

static const char *const body_types[] = {
	[CONF_BODY_JSON] = "json",
	[CONF_BODY_FORM] = "form",
	NULL,
};

const struct conf_row conf_seed_rows[] = {
	{ .name = "page",
	  .type = CONF_TEXT,
	  .at = offsetof(struct conf_seed, page),
	  .required = true,
	  .doc = "The page kind that answers." },
	{ .name = "url",
	  .type = CONF_TEXT,
	  .at = offsetof(struct conf_seed, url),
	  .required = true,
	  .wrong = conf_seedurl_wrong,
	  .doc = "The address, with {name} where a variable's value goes. {&a,b} and {?a,b} "
		 "stand for &a=...&b=... and ?a=...&b=... of the variables that have a value." },
	{ .name = "body",
	  .type = CONF_TEXT,
	  .at = offsetof(struct conf_seed, body),
	  .doc = "Makes it a POST: what is sent, with {name} as in the address. In JSON a value "
		 "within quotes is escaped, and one outside of them is a number, true, false, "
		 "null or a quoted text by itself; other braces are JSON's own." },
	{ .name = "body-type",
	  .type = CONF_CHOICE,
	  .at = offsetof(struct conf_seed, body_type),
	  .choices = body_types,
	  .def = "json",
	  .doc = "What the body is: json, or form (application/x-www-form-urlencoded)." },
	{ .name = "vars",
	  .type = CONF_PART,
	  .at = offsetof(struct conf_seed, vars),
	  .part = &conf_var_part,
	  .doc = "Variables of the address; every combination of their values is asked for." },
	{ .name = "split",
	  .type = CONF_PART,
	  .at = offsetof(struct conf_seed, splits),
	  .part = &conf_split_part,
	  .doc = "How a list with more results than the `window` of its page kind is parted into "
		 "narrower ones, again and again until each fits. `pipectl windows` shows what "
		 "came of "
		 "it." },
	{ .name = "priority",
	  .type = CONF_INT,
	  .at = offsetof(struct conf_seed, priority),
	  .def = "5",
	  .max = 9,
	  .doc = "0 is asked first, 9 last." },
	{ .name = NULL },
};

static void read_seed(struct conf_reader *r, const struct conf_node *n, void *into)
{
	struct conf_seed *seed = into;

	seed->at = n->at;
	conf_table_read(r, conf_seed_rows, n, seed);
	conf_seedurl_check(r, n, seed);
}

static void read_seeds(struct conf_reader *r, const struct conf_row *row, const struct conf_node *n,
		       void *into)
{
	struct conf_source *s = into;

	(void)row;
	s->seeds = conf_table_items(r, n, NODE_LIST, sizeof(*s->seeds), read_seed, &s->n_seeds);
}

static struct conf_node *show_seeds(struct arena *a, const struct conf_row *row, const void *from)
{
	const struct conf_source *s = from;
	struct conf_node *list = conf_show_list(a);

	(void)row;
	for (int i = 0; i < s->n_seeds; i++)
		conf_show_add(list, conf_show_rows(a, conf_seed_rows, &s->seeds[i]));
	return list;
}

const struct conf_part conf_seed_part = {
	.what = "a list of seeds",
	.read = read_seeds,
	.show = show_seeds,
};

/* Jobs that a seed makes, or one more than the bound. */
static int64_t jobs_of(const struct conf_seed *seed)
{
	int64_t jobs = 1;

	for (int i = 0; i < seed->n_vars && jobs <= CONF_SEED_JOBS; i++)
		jobs *= seed->vars[i].n > 0 ? seed->vars[i].n : 1;
	return jobs > CONF_SEED_JOBS ? CONF_SEED_JOBS + 1 : jobs;
}

static void check_page(struct conf_reader *r, const struct conf_source *s,
		       const struct conf_seed *seed, const struct conf_node *n)
{
	const struct conf_node *page = conf_yaml_child(n, "page");
	char hint[128];

	if (page && seed->page.p && !conf_page(s, seed->page))
		conf_problem_add(r->problems, page->at, "no page kind `%.60s`%s", seed->page.p,
				 conf_page_hint(s, seed->page, hint));
}

void conf_seed_check(struct conf_reader *r, struct conf_source *s, const struct conf_node *seeds)
{
	const struct conf_node *n = seeds ? seeds->first : NULL;
	int64_t jobs = 0;

	for (int i = 0; i < s->n_seeds && n; i++, n = n->next) {
		check_page(r, s, &s->seeds[i], n);
		conf_split_check(r, s, &s->seeds[i], n);
		conf_values_check(r, s, &s->seeds[i], n);
		if (jobs <= CONF_SEED_JOBS) {
			jobs += jobs_of(&s->seeds[i]);
			if (jobs > CONF_SEED_JOBS)
				conf_problem_add(r->problems, n->at,
						 "with this seed the source would start more than "
						 "1000000 jobs: fewer values, please");
		}
	}
	conf_seedurl_hosts(r, s, seeds);
}
