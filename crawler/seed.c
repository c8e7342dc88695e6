#include "crawler/seed.h"

#include "base/hash.h"
#include "base/must.h"
#include "crawler/canon.h"
#include "crawler/expand.h"
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

/* Two questions to one address are two jobs. No URL has a fragment here. */
static struct str with_body(struct str key, const struct job *j, struct arena *a)
{
	char hex[HASH_SHA256_HEX];

	if (!j->body.n)
		return key;
	hash_sha256_hex(arena_fmt(a, "%.*s\n%.*s", STR_ARG(j->body_type), STR_ARG(j->body)), hex);
	return arena_fmt(a, "%.*s#%.32s", STR_ARG(key), hex);
}

/* Fills in url, body, key and host from the job's variables; what may not be asked
 * becomes a refused job, so that somebody sees it. */
static void address(const struct conf_source *s, const struct conf_seed *seed, struct arena *a,
		    struct job *j)
{
	struct str url = expand_url(seed->url, j->vars, a);
	struct reason why = { "" };
	struct url u;

	j->state = JOB_DUE;
	j->body_type = expand_body_type(seed);
	if (expand_body(seed, j->vars, a, &j->body, &why) || url_parse(url, a, &u, &why) ||
	    canon_key(s, u.text, a, &j->key, &j->host, &why)) {
		j->url = url;
		j->key = with_body(url, j, a);
		j->host = STR("");
	} else {
		j->url = u.text;
		j->key = with_body(j->key, j, a);
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

/* What a variable goes through: given values, or found ones. */
static int values_of(const struct conf_var *var, const struct values *v,
		     const struct value **ret_found)
{
	int n = var->n;

	*ret_found = NULL;
	if (var->found.p)
		*ret_found = values_find(v, var->found, var->under.p ? var->under : STR(""), &n);
	return n;
}

/* How many values the seed's variable number `i` goes through. */
static int64_t steps(const struct conf_source *s, const struct values *v,
		     const struct conf_seed *seed, int i)
{
	const struct conf_page *p = conf_page(s, seed->page);
	const struct value *found;
	int n = values_of(&seed->vars[i], v, &found);

	return p && p->paging.var.p && str_eq(p->paging.var, seed->vars[i].name) && n ? 1 : n;
}

/* At most one more than SEED_MOST. */
static int64_t product(const struct conf_source *s, const struct values *v,
		       const struct conf_seed *seed)
{
	int64_t n = 1;

	for (int i = 0; i < seed->n_vars && n; i++) {
		n *= steps(s, v, seed, i);
		if (n > SEED_MOST)
			n = SEED_MOST + 1;
	}
	for (int i = 0; i < seed->n_vars; i++)
		if (!steps(s, v, seed, i))
			return 0;
	return n;
}

/* The variables of combination `at` of the product, the last one fastest. */
static struct str combination(const struct conf_source *s, const struct values *v,
			      const struct conf_seed *seed, int64_t at, struct arena *a)
{
	const struct value *found;
	struct str out = STR("");
	struct str value;
	int64_t n;

	for (int i = seed->n_vars; i-- > 0;) {
		n = steps(s, v, seed, i);
		must(n > 0);
		values_of(&seed->vars[i], v, &found);
		value = found ? found[at % n].value : seed->vars[i].values[at % n];
		out = arena_fmt(a, "%s=%s%s%s", url_escape(seed->vars[i].name, a).p,
				url_escape(value, a).p, out.n ? "&" : "", out.p);
		at /= n;
	}
	return out;
}

static void seed_job(const struct conf_source *s, const struct values *v, int seed, int64_t at,
		     int64_t now_ms, struct arena *a, struct job *j)
{
	const struct conf_seed *from = &s->seeds[seed];

	*j = (struct job){
		.source = s->name,
		.page = from->page,
		.vars = combination(s, v, from, at, a),
		.seed = seed,
		.priority = from->priority,
		.due_ms = now_ms,
	};
	address(s, from, a, j);
}

bool seed_jobs(const struct conf_source *s, const struct values *v, int64_t now_ms, struct arena *a,
	       struct job **ret, int *ret_n)
{
	struct arena *scratch = arena_new(16384);
	int64_t total = 0;
	struct job *jobs, j;
	bool all;
	int n = 0;

	for (int i = 0; i < s->n_seeds && total <= SEED_MOST; i++)
		total += product(s, v, &s->seeds[i]);
	all = total <= SEED_MOST;
	if (!all)
		total = SEED_MOST;
	jobs = arena_array(a, (size_t)total, sizeof(*jobs));
	for (int i = 0; i < s->n_seeds; i++) {
		for (int64_t k = 0, last = product(s, v, &s->seeds[i]); k < last && n < total;
		     k++) {
			seed_job(s, v, i, k, now_ms, scratch, &j);
			job_copy(a, &j, &jobs[n++]);
			arena_reset(scratch);
		}
	}
	arena_free(scratch);
	*ret = jobs;
	*ret_n = n;
	return all;
}

bool seed_page_value(const struct conf_page *p, const struct job *from, int64_t *ret_value)
{
	struct arena *a;
	struct str text;
	bool found;

	if (!p->paging.var.p)
		return false;
	a = arena_new(1024);
	found = expand_value(from->vars, p->paging.var, a, &text) && str_i64(text, ret_value);
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
	struct str body;
	int at;

	for (int i = -1; i < s->n_seeds; i++) {
		at = i < 0 ? (int)from->seed : i;
		if (at < 0 || at >= s->n_seeds || !str_eq(s->seeds[at].page, from->page))
			continue;
		if (same_page(s, expand_url(s->seeds[at].url, from->vars, a), from->url, a) &&
		    !expand_body(&s->seeds[at], from->vars, a, &body, NULL) &&
		    str_eq(body, from->body))
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

static struct job further(const struct conf_source *s, const struct conf_page *p,
			  const struct job *from, int seed, struct str value, int64_t now_ms,
			  struct arena *a)
{
	return (struct job){
		.source = s->name,
		.page = p->name,
		.vars = expand_with(from->vars, p->paging.var, value, a),
		.seed = seed,
		.parent = from->id,
		.depth = from->depth,
		.priority = priority_page(p, s->seeds[seed].priority),
		.due_ms = now_ms,
	};
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
	j = further(s, p, from, seed, arena_fmt(a, "%lld", (long long)value), now_ms, a);
	seed_further(from, value - was > 0 ? value - was : 1, &j);
	address(s, &s->seeds[seed], a, &j);
	*ret_job = j;
	return true;
}

bool seed_cursor(const struct conf_source *s, const struct conf_page *p, const struct job *from,
		 struct str value, int64_t now_ms, struct arena *a, struct job *ret_job)
{
	int seed = seed_of(s, from, a);
	struct job j;

	if (seed < 0 || !var_of(&s->seeds[seed], p->paging.var))
		return false;
	j = further(s, p, from, seed, value, now_ms, a);
	seed_further(from, 1, &j);
	j.again = true;
	address(s, &s->seeds[seed], a, &j);
	*ret_job = j;
	return !str_eq(j.key, from->key);
}

void seed_further(const struct job *from, int64_t by, struct job *j)
{
	j->list = from->list ? from->list : from->id;
	j->nth = from->nth + by;
}

const struct conf_seed *seed_of_job(const struct conf_source *s, const struct job *j,
				    struct arena *a)
{
	int at = seed_of(s, j, a);

	return at < 0 ? NULL : &s->seeds[at];
}

int64_t seed_first_page(const struct conf_source *s, const struct conf_page *p, const struct job *j)
{
	struct arena *a = arena_new(4096);
	const struct conf_seed *seed = seed_of_job(s, j, a);
	const struct conf_var *v = seed ? var_of(seed, p->paging.var) : NULL;
	int64_t first;

	arena_free(a);
	return v && v->n && str_i64(v->values[0], &first) ? first : -1;
}

bool seed_part(const struct conf_source *s, const struct job *from, struct str vars, int64_t now_ms,
	       struct arena *a, struct job *ret_job)
{
	int seed = seed_of(s, from, a);

	if (seed < 0)
		return false;
	*ret_job = (struct job){
		.source = s->name,
		.page = from->page,
		.vars = vars,
		.seed = seed,
		.parent = from->id,
		.depth = from->depth,
		.priority = from->priority,
		.due_ms = now_ms,
	};
	address(s, &s->seeds[seed], a, ret_job);
	return true;
}
