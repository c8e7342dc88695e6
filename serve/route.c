#include "serve/routes.h"

#include <stdio.h>
#include <string.h>

int route_parts(struct str path, struct str *parts, int most)
{
	struct str rest = path, part;
	int n = 0;

	while (str_next(&rest, '/', &part)) {
		if (!part.n)
			continue;
		if (n == most)
			return -1;
		parts[n++] = part;
	}
	return n;
}

static bool matches(const struct route *r, const struct str *parts, int n)
{
	struct str own[ROUTE_MOST_PARTS];
	int m = route_parts(str_of(r->path), own, ROUTE_MOST_PARTS);

	if (m != n)
		return false;
	for (int i = 0; i < n; i++)
		if (own[i].p[0] != '{' && !str_eq(own[i], parts[i]))
			return false;
	return true;
}

static bool allows(const struct route *r, struct str method)
{
	return str_is(method, r->method) || (str_is(method, "HEAD") && !strcmp(r->method, "GET"));
}

enum err route_find(struct str method, struct str path, unsigned door, const struct route **ret,
		    struct str ret_parts[ROUTE_MOST_PARTS], char ret_allow[64])
{
	int n = route_parts(path, ret_parts, ROUTE_MOST_PARTS);
	const struct route *r;
	size_t len = 0;

	ret_allow[0] = 0;
	for (size_t i = 0; (r = routes_at(i)); i++) {
		if ((door && !(r->doors & door)) || !matches(r, ret_parts, n))
			continue;
		if (allows(r, method)) {
			*ret = r;
			return ERR_OK;
		}
		len += (size_t)snprintf(ret_allow + len, 64 - len, "%s%s", len ? ", " : "",
					strcmp(r->method, "GET") ? r->method : "GET, HEAD");
	}
	return len ? ERR_DENIED : ERR_NOT_FOUND;
}

void route_door_paths(unsigned door, char *to, size_t room)
{
	const struct route *r;
	const char *last = "";
	size_t n = 0;

	to[0] = 0;
	for (size_t i = 0; n < room && (r = routes_at(i)); i++) {
		if (!(r->doors & door) || !strcmp(r->path, last))
			continue;
		last = r->path;
		n += (size_t)snprintf(to + n, room - n, "%s%s", n ? ", " : "", last);
	}
}

const struct route *route_nearest(struct str path)
{
	const struct route *best = NULL, *r;
	size_t least = SIZE_MAX, d;

	for (size_t i = 0; (r = routes_at(i)); i++) {
		d = str_distance(path, str_of(r->path));
		if (d < least) {
			least = d;
			best = r;
		}
	}
	return best;
}

int route_place(const struct route *r, const char *name)
{
	struct str own[ROUTE_MOST_PARTS];
	int n = route_parts(str_of(r->path), own, ROUTE_MOST_PARTS);

	for (int i = 0; i < n; i++)
		if (own[i].p[0] == '{' && str_is(str_sub(own[i], 1, own[i].n - 2), name))
			return i;
	return -1;
}

bool route_has_body(const struct route *r)
{
	bool has = false;

	if (strcmp(r->method, "POST") != 0)
		return false;
	for (const struct route_param *p = r->params; p && p->name; p++)
		has = has || p->in != ROUTE_PATH;
	return has;
}

const char *route_type_name(enum route_type t)
{
	static const char *const names[] = {
		[ROUTE_TEXT] = "text",	   [ROUTE_INT] = "number",  [ROUTE_BOOL] = "bool",
		[ROUTE_CHOICE] = "choice", [ROUTE_TEXTS] = "texts", [ROUTE_ANY] = "JSON",
	};

	return names[t];
}
