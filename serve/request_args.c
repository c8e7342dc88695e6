#include "base/utf8.h"
#include "serve/body.h"
#include "serve/request.h"

#include <string.h>

static void bad(struct request *rq, const struct route_param *p, const char *what)
{
	request_fail(rq, 400, "bad", p->doc, "`%s` %s", p->name, what);
}

static bool chosen(const char *choices, struct str s)
{
	struct str rest = str_of(choices), one;

	while (str_next(&rest, '|', &one))
		if (str_eq(one, s))
			return true;
	return false;
}

static void set_int(struct request *rq, const struct route_param *p, struct request_arg *a,
		    int64_t n)
{
	if (n < p->min || n > p->max)
		request_fail(rq, 400, "bad", p->doc, "`%s` must be %lld to %lld", p->name,
			     (long long)p->min, (long long)p->max);
	a->n = n;
}

static void set_text(struct request *rq, const struct route_param *p, struct request_arg *a,
		     struct str s)
{
	if (s.n > (size_t)p->max)
		request_fail(rq, 413, "too-big", p->doc, "`%s` is longer than %lld bytes", p->name,
			     (long long)p->max);
	else if (!utf8_valid(s))
		bad(rq, p, "is not UTF-8");
	else if (str_find_char(s, 0) >= 0)
		bad(rq, p, "holds a NUL");
	a->text = s;
}

/* A value as it stands in a URL. */
static void set(struct request *rq, const struct route_param *p, struct request_arg *a,
		struct str s)
{
	int64_t n = 0;

	a->given = true;
	switch (p->type) {
	case ROUTE_TEXT:
		set_text(rq, p, a, s);
		break;
	case ROUTE_CHOICE:
		if (!chosen(p->choices, s))
			request_fail(rq, 400, "bad", p->doc, "`%s` must be one of %s", p->name,
				     p->choices);
		a->text = s;
		break;
	case ROUTE_INT:
		if (str_i64(s, &n))
			set_int(rq, p, a, n);
		else
			bad(rq, p, "must be a whole number");
		break;
	case ROUTE_BOOL:
		a->yes = chosen("1|true|yes", s);
		if (!a->yes && !chosen("0|false|no", s))
			bad(rq, p, "must be true or false");
		break;
	case ROUTE_TEXTS:
	case ROUTE_ANY:
		bad(rq, p, "belongs in the body");
		break;
	}
}

static void set_texts(struct request *rq, const struct route_param *p, struct request_arg *a,
		      const struct body_member *m)
{
	if (m->type != BODY_TEXTS || m->n_texts < p->min || m->n_texts > p->max)
		request_fail(rq, 400, "bad", p->doc, "`%s` must be an array of %lld to %lld texts",
			     p->name, (long long)p->min, (long long)p->max);
	for (int i = 0; i < m->n_texts && !rq->failed; i++)
		if (m->texts[i].n > ROUTE_TEXTS_BYTES)
			request_fail(rq, 413, "too-big", p->doc,
				     "`%s` holds a text longer than %d bytes, at index %d", p->name,
				     ROUTE_TEXTS_BYTES, i);
	a->texts = m->texts;
	a->n_texts = m->n_texts;
}

static void set_member(struct request *rq, const struct route_param *p, struct request_arg *a,
		       const struct body_member *m)
{
	a->given = true;
	if (p->type == ROUTE_TEXTS) {
		set_texts(rq, p, a, m);
	} else if (p->type == ROUTE_ANY) {
		a->text = m->json;
		if (a->text.n > (size_t)p->max)
			request_fail(rq, 413, "too-big", p->doc, "`%s` is longer than %lld bytes",
				     p->name, (long long)p->max);
	} else if (m->type == BODY_NULL) {
		a->given = false;
	} else if (m->type == BODY_TEXT && p->type != ROUTE_INT && p->type != ROUTE_BOOL) {
		set(rq, p, a, m->text);
	} else if (m->type == BODY_INT && p->type == ROUTE_INT) {
		set_int(rq, p, a, m->n);
	} else if (m->type == BODY_BOOL && p->type == ROUTE_BOOL) {
		a->yes = m->yes;
	} else {
		request_fail(rq, 400, "bad", p->doc, "`%s` must be a %s", p->name,
			     p->type == ROUTE_CHOICE ? "text" : route_type_name(p->type));
	}
}

static void unknown(struct request *rq, struct str name)
{
	const struct route_param *p = rq->route->params;
	const char *best = NULL;
	size_t least = SIZE_MAX;

	for (int i = 0; p && p[i].name; i++) {
		size_t d = str_distance(name, str_of(p[i].name));

		if (p[i].in != ROUTE_PATH && d < least) {
			least = d;
			best = p[i].name;
		}
	}
	name = utf8_clean(rq->arena, utf8_cut(name, 64));
	if (best)
		request_fail(rq, 400, "bad", rq->route->doc,
			     "unknown argument `%.*s`; did you mean `%s`?", STR_ARG(name), best);
	else
		request_fail(rq, 400, "bad", rq->route->doc, "`%s` takes no argument `%.*s`",
			     rq->route->path, STR_ARG(name));
}

static const struct route_param *find(const struct request *rq, struct str name)
{
	for (const struct route_param *p = rq->route->params; p && p->name; p++)
		if (p->in != ROUTE_PATH && str_is(name, p->name))
			return p;
	return NULL;
}

static struct request_arg *place(struct request *rq, const struct route_param *p)
{
	return &rq->args[p - rq->route->params];
}

void request_read_url(struct request *rq, const struct str *parts, const struct request_pair *pairs,
		      int n)
{
	const struct route_param *p;

	for (p = rq->route->params; p && p->name && !rq->failed; p++)
		if (p->in == ROUTE_PATH)
			set(rq, p, place(rq, p), parts[route_place(rq->route, p->name)]);
	for (int k = 0; k < n && !rq->failed; k++) {
		p = find(rq, pairs[k].name);
		if (!p)
			unknown(rq, pairs[k].name);
		else if (place(rq, p)->given)
			bad(rq, p, "is given twice");
		else
			set(rq, p, place(rq, p), pairs[k].value);
	}
}

static void read_members(struct request *rq, struct str body)
{
	const struct route_param *p;
	struct body_member *m = NULL;
	struct reason why = { "" };
	int n = 0;
	enum err err;

	err = body_read(body, rq->arena, &m, &n, &why);
	if (err) {
		request_err(rq, err, &why, "The body is a JSON object; see docs/api.md.");
		return;
	}
	for (int k = 0; k < n && !rq->failed; k++) {
		p = find(rq, m[k].name);
		if (!p)
			unknown(rq, m[k].name);
		else if (place(rq, p)->given)
			bad(rq, p, "is given twice");
		else
			set_member(rq, p, place(rq, p), &m[k]);
	}
}

void request_read_body(struct request *rq, struct str body)
{
	const struct route_param *p;

	if (body.n && !route_has_body(rq->route))
		request_fail(rq, 400, "bad", rq->route->doc, "%s %s takes no body",
			     rq->route->method, rq->route->path);
	else if (body.n)
		read_members(rq, body);
	for (p = rq->route->params; p && p->name && !rq->failed; p++) {
		if (!place(rq, p)->given && p->def)
			set(rq, p, place(rq, p), str_of(p->def));
		else if (!place(rq, p)->given && p->required)
			bad(rq, p, "is missing");
	}
}
