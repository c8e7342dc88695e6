#include "crawler/seed.h"

#include "base/must.h"
#include "crawler/canon.h"
#include "crawler/priority.h"
#include "crawler/scope.h"

#include <string.h>

#define PAGES_MOST 1000000

static const struct conf_var *var_of(const struct conf_seed *seed, struct str name)
{
	for (int i = 0; i < seed->n_vars; i++)
		if (str_eq(seed->vars[i].name, name))
			return &seed->vars[i];
	return NULL;
}

/* Value of `name` in form-encoded `vars`; false when it has none. */
static bool value_of(struct str vars, struct str name, struct arena *a, struct str *ret)
{
	struct str each, key;
	ptrdiff_t eq;

	while (str_next(&vars, '&', &each)) {
		eq = str_find_char(each, '=');
		if (eq < 0)
			continue;
		key = url_unescape(str_sub(each, 0, (size_t)eq), a);
		if (!str_eq(key, name))
			continue;
		*ret = url_unescape(str_sub(each, (size_t)eq + 1, each.n), a);
		return true;
	}
	return false;
}

/* The template with each {name} replaced by its escaped value; a name that
 * `vars` lacks stays as it is. */
static struct str expand(struct str template, struct str vars, struct arena *a)
{
	struct str out = STR(""), rest = template, value;
	ptrdiff_t open, shut;

	while ((open = str_find_char(rest, '{')) >= 0) {
		shut = str_find_char(str_sub(rest, (size_t)open, rest.n), '}');
		if (shut < 0)
			break;
		if (!value_of(vars, str_sub(rest, (size_t)open + 1, (size_t)shut - 1), a, &value))
			value = str_sub(rest, (size_t)open, (size_t)shut + 1);
		else
			value = url_escape(value, a);
		out = arena_fmt(a, "%.*s%.*s%.*s", STR_ARG(out), (int)open, rest.p, STR_ARG(value));
		rest = str_sub(rest, (size_t)(open + shut + 1), rest.n);
	}
	return arena_fmt(a, "%.*s%.*s", STR_ARG(out), STR_ARG(rest));
}

/* Fills url, key and host; a URL that may not be asked becomes a refused job,
 * so that somebody sees it. */
static void address(const struct conf_source *s, struct str url, struct arena *a, struct job *j)
{
	struct reason why = { "" };
	struct url u;

	j->state = JOB_DUE;
	if (url_parse(url, a, &u, &why) || canon_key(s, u.text, a, &j->key, &j->host, &why)) {
		j->url = j->key = url;
		j->host = STR("");
	} else {
		j->url = u.text;
		if (scope_host(s, u.host)) {
			j->url = canon_asked(s, &u, a).text;
			return;
		}
		reason_set(&why, ERR_DENIED, "host %.*s is not one of the source's",
			   STR_ARG(u.host));
	}
	j->state = JOB_REFUSED;
	j->reason = arena_text(a, why.text);
}

/* How many values the seed's variable number `i` goes through. */
static int64_t steps(const struct conf_source *s, const struct conf_seed *seed, int i)
{
	const struct conf_page *p = conf_page(s, seed->page);

	if (p && p->paging.var.p && str_eq(p->paging.var, seed->vars[i].name))
		return seed->vars[i].n ? 1 : 0;
	return seed->vars[i].n;
}

static int64_t product(const struct conf_source *s, const struct conf_seed *seed)
{
	int64_t n = 1;

	for (int i = 0; i < seed->n_vars; i++) {
		n *= steps(s, seed, i);
		must(n <= SEED_MOST);
	}
	return n;
}

/* The variables of combination `at` of the product, the last one fastest. */
static struct str combination(const struct conf_source *s, const struct conf_seed *seed, int64_t at,
			      struct arena *a)
{
	struct str out = STR("");
	const struct conf_var *v;
	int64_t n;

	for (int i = seed->n_vars; i-- > 0;) {
		v = &seed->vars[i];
		n = steps(s, seed, i);
		must(n > 0);
		out = arena_fmt(a, "%s=%s%s%s", url_escape(v->name, a).p,
				url_escape(v->values[at % n], a).p, out.n ? "&" : "", out.p);
		at /= n;
	}
	return out;
}

static void seed_job(const struct conf_source *s, int seed, int64_t at, int64_t now_ms,
		     struct arena *a, struct job *j)
{
	const struct conf_seed *from = &s->seeds[seed];

	*j = (struct job){
		.source = s->name,
		.page = from->page,
		.vars = combination(s, from, at, a),
		.seed = seed,
		.priority = from->priority,
		.due_ms = now_ms,
	};
	address(s, expand(from->url, j->vars, a), a, j);
}

/* A copy without what was left lying about when it was made. */
static struct job copied(const struct job *j, struct arena *a)
{
	struct job c = *j;

	c.url = arena_str(a, j->url);
	c.key = arena_str(a, j->key);
	c.host = arena_str(a, j->host);
	c.vars = arena_str(a, j->vars);
	if (j->reason.p)
		c.reason = arena_str(a, j->reason);
	return c;
}

void seed_jobs(const struct conf_source *s, int64_t now_ms, struct arena *a, struct job **ret,
	       int *ret_n)
{
	struct arena *scratch = arena_new(16384);
	struct job *jobs, j;
	int64_t total = 0;
	int n = 0;

	for (int i = 0; i < s->n_seeds; i++)
		total += product(s, &s->seeds[i]);
	must(total <= SEED_MOST);
	jobs = arena_array(a, (size_t)total, sizeof(*jobs));
	for (int i = 0; i < s->n_seeds; i++) {
		for (int64_t k = 0, last = product(s, &s->seeds[i]); k < last; k++) {
			seed_job(s, i, k, now_ms, scratch, &j);
			jobs[n++] = copied(&j, a);
			arena_reset(scratch);
		}
	}
	arena_free(scratch);
	*ret = jobs;
	*ret_n = n;
}

bool seed_page_value(const struct conf_page *p, const struct job *from, int64_t *ret_value)
{
	struct arena *a;
	struct str text;
	bool found;

	if (!p->paging.var.p)
		return false;
	a = arena_new(1024);
	found = value_of(from->vars, p->paging.var, a, &text) && str_i64(text, ret_value);
	arena_free(a);
	return found;
}

/* By their keys: stored URLs may have been encoded otherwise, or stripped. */
static bool same_page(const struct conf_source *s, struct str url, struct str stored,
		      struct arena *a)
{
	struct str key, other, host;

	return !canon_key(s, url, a, &key, &host, NULL) &&
	       !canon_key(s, stored, a, &other, &host, NULL) && str_eq(key, other);
}

/* The seed that a job came from. Its index may be older than the
 * configuration, so the URL has to agree; -1: none does. */
static int seed_of(const struct conf_source *s, const struct job *from, struct arena *a)
{
	int at;

	for (int i = -1; i < s->n_seeds; i++) {
		at = i < 0 ? (int)from->seed : i;
		if (at < 0 || at >= s->n_seeds || !str_eq(s->seeds[at].page, from->page))
			continue;
		if (same_page(s, expand(s->seeds[at].url, from->vars, a), from->url, a))
			return at;
	}
	return -1;
}

static bool value_allowed(const struct conf_paging *p, const struct conf_var *v, int64_t value)
{
	int64_t first, last, most = p->max > 0 && p->max < PAGES_MOST ? p->max : PAGES_MOST;

	if (!v || v->n < 1 || !str_i64(v->values[0], &first) || value < first)
		return false;
	/* unsigned: `value` is what a page said, and may be anything */
	if ((uint64_t)value - (uint64_t)first >= (uint64_t)most)
		return false;
	return v->n == 1 || (str_i64(v->values[v->n - 1], &last) && value <= last);
}

/* `vars` with the value of `name` replaced, in the same order. */
static struct str replaced(struct str vars, struct str name, int64_t value, struct arena *a)
{
	struct str out = STR(""), each, key;
	const char *mark = "";

	while (str_next(&vars, '&', &each)) {
		key = str_sub(each, 0, (size_t)(str_find_char(each, '=') + 1));
		if (key.n && str_eq(url_unescape(str_sub(key, 0, key.n - 1), a), name))
			out = arena_fmt(a, "%s%s%.*s%lld", out.p, mark, STR_ARG(key),
					(long long)value);
		else
			out = arena_fmt(a, "%s%s%.*s", out.p, mark, STR_ARG(each));
		mark = "&";
	}
	return out;
}

bool seed_page(const struct conf_source *s, const struct conf_page *p, const struct job *from,
	       int64_t value, int64_t now_ms, struct arena *a, struct job *ret_job)
{
	int64_t was;
	struct job j;
	int seed;

	if (!seed_page_value(p, from, &was))
		return false;
	seed = seed_of(s, from, a);
	if (seed < 0 || !value_allowed(&p->paging, var_of(&s->seeds[seed], p->paging.var), value))
		return false;
	j = (struct job){
		.source = s->name,
		.page = p->name,
		.vars = replaced(from->vars, p->paging.var, value, a),
		.seed = seed,
		.parent = from->id,
		.depth = from->depth,
		.priority = priority_page(p, s->seeds[seed].priority),
		.due_ms = now_ms,
	};
	address(s, expand(s->seeds[seed].url, j.vars, a), a, &j);
	*ret_job = j;
	return true;
}
