#include "serve/metric.h"
#include "serve/routes.h"
#include "serve/serve.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const struct {
	int status;
	const char *code, *doc;
} errors[] = {
	{ 400, "bad", "An argument or the body is wrong; the message says which." },
	{ 400, "unsupported", "The daemon does not do that." },
	{ 403, "denied", "Refused by a rule." },
	{ 404, "not-found", "No such path or thing." },
	{ 405, "method-not-allowed", "The path answers to others; `Allow` lists them." },
	{ 409, "busy", "Something that admits one at a time is under way." },
	{ 409, "exists", "It is there already." },
	{ 409, "unusable", "The model's file is gone or damaged." },
	{ 413, "too-big",
	  "An argument is longer than its bound, or the body than 1 MiB or the route's own, or it "
	  "is "
	  "nested or wide past the bounds." },
	{ 429, "limited",
	  "This address asks for more suggestions than `suggest-rate`; ask again after "
	  "`Retry-After`." },
	{ 500, "io, version, too-big", "The daemon could not; its log tells more." },
	{ 503, "overloaded", "Too many requests at once; ask again after `Retry-After`." },
	{ 503, "no-model", "No model has been trained yet: `pipectl train`, or POST /api/train." },
	{ 503, "stopping", "The daemon is stopping." },
	{ 503, "cancelled", "It was stopped half-way." },
	{ 507, "full", "The disk is full." },
};
#define N_ERRORS (sizeof(errors) / sizeof(errors[0]))

static const char *const places[] = {
	[ROUTE_PATH] = "path",
	[ROUTE_ARG] = "argument",
	[ROUTE_BODY] = "body",
};

static const struct {
	enum route_door door;
	const char *key;
} doors[] = { { ROUTE_METRICS, "metrics-address" }, { ROUTE_SUGGEST, "suggest-address" } };

static void param_json(const struct route_param *p, struct json *j)
{
	json_object(j, NULL);
	json_text(j, "name", p->name);
	json_text(j, "in", places[p->in]);
	json_text(j, "type", route_type_name(p->type));
	json_text(j, "choices", p->choices);
	json_text(j, "default", p->def);
	json_bool(j, "required", p->required);
	json_text(j, "doc", p->doc);
	json_end_object(j);
}

static void route_json(const struct route *r, struct json *j)
{
	json_object(j, NULL);
	json_text(j, "method", r->method);
	json_text(j, "path", r->path);
	json_text(j, "doc", r->doc);
	json_text(j, "answer", r->answer);
	json_text(j, "example", r->example);
	json_text(j, "body", r->body);
	json_array(j, "also_at");
	for (size_t i = 0; i < sizeof(doors) / sizeof(doors[0]); i++)
		if (r->doors & doors[i].door)
			json_text(j, NULL, doors[i].key);
	json_end_array(j);
	json_array(j, "params");
	for (const struct route_param *p = r->params; p && p->name; p++)
		param_json(p, j);
	json_end_array(j);
	json_end_object(j);
}

void serve_routes_json(struct json *j)
{
	const struct route *r;

	json_object(j, NULL);
	json_array(j, "routes");
	for (size_t i = 0; (r = routes_at(i)); i++)
		route_json(r, j);
	json_end_array(j);
	json_array(j, "errors");
	for (size_t i = 0; i < N_ERRORS; i++) {
		json_object(j, NULL);
		json_int(j, "status", errors[i].status);
		json_text(j, "code", errors[i].code);
		json_text(j, "doc", errors[i].doc);
		json_end_object(j);
	}
	json_end_array(j);
	json_end_object(j);
}

static void range(const struct route_param *p, char to[64])
{
	to[0] = 0;
	if (p->type == ROUTE_INT)
		snprintf(to, 64, " %" PRId64 " to %" PRId64, p->min, p->max);
	else if (p->type == ROUTE_TEXTS)
		snprintf(to, 64, ", %" PRId64 " to %" PRId64, p->min, p->max);
	else if (p->type == ROUTE_TEXT || p->type == ROUTE_ANY)
		snprintf(to, 64, " to %" PRId64 " bytes", p->max);
}

static void param_markdown(const struct route_param *p, struct buf *to)
{
	struct str rest = str_of(p->choices), one;
	char limits[64];

	range(p, limits);
	buf_fmt(to, "| `%s` | %s | ", p->name, places[p->in]);
	if (p->choices) {
		while (str_next(&rest, '|', &one))
			buf_fmt(to, "%s%.*s", one.p == p->choices ? "" : ", ", STR_ARG(one));
	} else {
		buf_fmt(to, "%s%s", route_type_name(p->type), limits);
	}
	buf_fmt(to, " | %s | %s |\n", p->required ? "required" : p->def ? p->def : "", p->doc);
}

static void route_markdown(const struct route *r, struct buf *to)
{
	buf_fmt(to, "\n## %s %s\n\n%s\n\n", r->method, r->path, r->doc);
	for (size_t i = 0; i < sizeof(doors) / sizeof(doors[0]); i++)
		if (r->doors & doors[i].door)
			buf_fmt(to, "Also answered at `%s` of piped.yaml.\n\n", doors[i].key);
	if (r->params) {
		buf_add_text(to, "| name | in | type | default | meaning |\n"
				 "|---|---|---|---|---|\n");
		for (const struct route_param *p = r->params; p->name; p++)
			param_markdown(p, to);
		buf_add_char(to, '\n');
	}
	buf_fmt(to, "Answer: `%s`\n\n```sh\ncurl --unix-socket \"$SOCKET\" ", r->answer);
	if (r->body)
		buf_fmt(to, "-d '%s' ", r->body);
	else if (!strcmp(r->method, "POST"))
		buf_add_text(to, "-X POST ");
	buf_fmt(to, "'http://piped%s'\n```\n", r->example);
}

void serve_routes_markdown(struct buf *to)
{
	const struct route *r;

	buf_add_text(
		to,
		"# The API\n\n"
		"`piped` answers HTTP at a Unix socket (`socket` of piped.yaml, mode 0660): who "
		"may open the file may\nask. Some routes are answered over TCP as well, where "
		"piped.yaml says so. This page is made from the\nroute table (serve/routes.h); "
		"`GET /api` gives the same to programs.\n\n"
		"- Answers are JSON in UTF-8 unless said otherwise. Times are ISO 8601 in UTC, "
		"null "
		"when unknown.\n"
		"- Arguments go into the URL; those of a POST may as well be members of a JSON "
		"object in the body\n  (1 MiB, 16 levels at most). Unknown ones are errors.\n"
		"- HEAD is answered wherever GET is.\n"
		"- A category comes with its names `ko` and `en`, null when the taxonomy has it no "
		"more.\n"
		"- Errors: `{\"error\": {\"code\", \"message\", \"hint\"}}` with one of these:\n\n"
		"| status | code | meaning |\n|---|---|---|\n");
	for (size_t i = 0; i < N_ERRORS; i++)
		buf_fmt(to, "| %d | `%s` | %s |\n", errors[i].status, errors[i].code,
			errors[i].doc);
	for (size_t i = 0; (r = routes_at(i)); i++)
		route_markdown(r, to);
	buf_add_text(to, "\n# Metrics\n\nWhat `GET /metrics` tells, in Prometheus' text format. Of "
			 "very many hosts those are told\nthat `/api/status` shows.\n");
	metric_markdown(to);
}
