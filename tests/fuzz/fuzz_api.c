/* A line: "METHOD /path?name=value&name=value" as it is once decoded; the rest: a body.
 * What is taken is within the bounds of its route's table. */
#include "base/utf8.h"
#include "serve/body.h"
#include "serve/request.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/fuzz_json_read.h"

#include <string.h>

static void check_member(const struct body_member *m)
{
	must(m->name.p && utf8_valid(m->name) && utf8_valid(m->json));
	must(m->n_texts >= 0 && m->n_texts <= BODY_TEXTS_MOST);
	must(m->type != BODY_TEXT || (m->text.p && utf8_valid(m->text)));
	for (int i = 0; i < m->n_texts; i++)
		must(m->texts[i].p && utf8_valid(m->texts[i]));
}

static void check_body(struct str body)
{
	struct arena *a = arena_new(FUZZ_ARENA);
	struct body_member *m = NULL;
	struct reason why = { "" };
	int n = -1;

	if (body_read(body, a, &m, &n, &why)) {
		must(why.text[0]);
	} else {
		must(n >= 0 && n <= BODY_MEMBERS);
		for (int i = 0; i < n; i++)
			check_member(&m[i]);
	}
	arena_free(a);
}

static void check_objects(struct str json)
{
	struct arena *a = arena_new(4096);
	struct body_object *o = NULL;
	struct reason why = { "" };
	int n = 0;

	if (body_read_objects(json, a, &o, &n, &why))
		must(why.text[0]);
	must(n >= 0 && n <= BODY_TEXTS_MOST);
	for (int i = 0; i < n; i++) {
		must(o[i].n >= 0 && o[i].n <= BODY_MEMBERS);
		for (int k = 0; k < o[i].n; k++)
			check_member(&o[i].members[k]);
	}
	arena_free(a);
}

static void check_arg(const struct route_param *p, const struct request_arg *arg)
{
	must(arg->given || !p->required);
	if (!arg->given)
		return;
	if (p->type == ROUTE_INT)
		must(arg->n >= p->min && arg->n <= p->max);
	else if (p->type == ROUTE_TEXT || p->type == ROUTE_ANY)
		must(arg->text.p && arg->text.n <= (size_t)p->max);
	if (p->type == ROUTE_ANY)
		check_objects(arg->text);
	else if (p->type == ROUTE_TEXTS)
		must(arg->n_texts >= p->min && arg->n_texts <= p->max);
	else if (p->type == ROUTE_CHOICE)
		must(str_find(str_of(p->choices), arg->text) >= 0);
}

static void check_request(const struct route *route, const struct str *parts, struct str query,
			  struct str body)
{
	struct request_pair pairs[REQUEST_MOST_PAIRS];
	struct request rq;
	struct str each;
	ptrdiff_t eq;
	int n = 0;

	request_init(&rq, NULL);
	rq.route = route;
	while (n < REQUEST_MOST_PAIRS && str_next(&query, '&', &each)) {
		eq = str_find_char(each, '=');
		pairs[n].name = eq < 0 ? each : str_sub(each, 0, (size_t)eq);
		pairs[n++].value = eq < 0 ? STR("") : str_sub(each, (size_t)eq + 1, each.n);
	}
	request_read_url(&rq, parts, pairs, n);
	if (!rq.failed)
		request_read_body(&rq, body);
	for (int i = 0; !rq.failed && route->params && route->params[i].name; i++)
		check_arg(&route->params[i], &rq.args[i]);
	if (rq.failed)
		must(rq.status >= 400 && fuzz_json_read(buf_str(&rq.out), NULL, NULL));
	request_done(&rq);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str body = fuzz_text(data, size), query = fuzz_line(&body), method, path;
	struct str parts[ROUTE_MOST_PARTS];
	const struct route *route = NULL;
	char allow[64] = "";

	/* texts of a request's head end at a NUL */
	query = str_sub(query, 0, str_find_char(query, 0) < 0 ? query.n : strlen(query.p));
	if (!str_next(&query, ' ', &method) || !str_next(&query, '?', &path))
		return 0;
	check_body(body);
	must(route_nearest(path));
	switch (route_find(method, path, 0, &route, parts, allow)) {
	case ERR_OK:
		check_request(route, parts, query, body);
		break;
	case ERR_DENIED:
		must(allow[0] && memchr(allow, 0, sizeof(allow)));
		break;
	default:
		must(!route && !allow[0]);
		break;
	}
	return 0;
}
