#include "crawler/scope.h"

#include "config/conf_scope.h"
#include "crawler/caldate.h"

#include <string.h>

/* What was given, short enough for a reason. */
#define SHOWN(s) (int)((s).n < 120 ? (s).n : 120), (s).p

/* shop.example. is shop.example: without the dot, in `room` if need be. */
static struct str undotted(struct str host, char room[256])
{
	ptrdiff_t at = str_ends(host, STR(".")) ? (ptrdiff_t)host.n - 1 : str_find(host, STR(".:"));

	if (at < 0 || host.n > 256)
		return host;
	memcpy(room, host.p, (size_t)at);
	memcpy(room + at, host.p + at + 1, host.n - (size_t)at - 1);
	return (struct str){ room, host.n - 1 };
}

static bool listed(const struct str *hosts, int n, struct str host)
{
	char room[256];

	host = undotted(host, room);
	for (int i = 0; i < n; i++)
		if (conf_scope_host_fits(hosts[i], host))
			return true;
	return false;
}

bool scope_host(const struct conf_source *s, struct str host)
{
	return s->any_host || listed(s->hosts, s->n_hosts, host);
}

bool scope_image(const struct conf_source *s, struct str host)
{
	return scope_host(s, host) ||
	       (s->images.wanted && listed(s->images.hosts, s->images.n_hosts, host));
}

bool scope_led(const struct conf_source *s, struct str host)
{
	return scope_image(s, host) || listed(s->redirect_hosts, s->n_redirect_hosts, host);
}

static bool scheme_fits(const struct conf_scope *c, bool https)
{
	for (int i = 0; i < c->n_schemes; i++)
		if (str_is(c->schemes[i], https ? "https" : "http"))
			return true;
	return c->n_schemes == 0;
}

static bool any(const struct str *patterns, int n, struct str s)
{
	for (int i = 0; i < n; i++)
		if (str_like(s, patterns[i]))
			return true;
	return false;
}

/* Path and query of an absolute URL as url.h spells it. */
static struct str path_of(struct str url)
{
	struct str rest = str_sub(url, (size_t)str_find(url, STR("://")) + 3, url.n);
	ptrdiff_t slash = str_find_char(rest, '/');

	return slash < 0 ? STR("") : str_sub(rest, (size_t)slash, rest.n);
}

static int params_of(struct str path)
{
	struct str rest = path, each;
	int n = 0;

	str_next(&rest, '?', &each);
	while (str_next(&rest, '&', &each))
		n++;
	return n;
}

/* How often the `n` segments from `at` on follow themselves, themselves included. */
static int times(const struct str *segment, int n_segments, int at, int n)
{
	int found = 1;

	for (int i = at + n; i + n <= n_segments; i += n, found++)
		for (int k = 0; k < n; k++)
			if (!str_eq(segment[at + k], segment[i + k]))
				return found;
	return found;
}

#define RUN_MOST 8 /* segments of what is repeated */

static bool repeats(struct str path, int most, struct arena *a)
{
	struct str *segment = arena_array(a, path.n + 1, sizeof(*segment)), rest = path;
	int n = 0;

	str_next(&rest, '?', &path);
	path = str_sub(path, 1, path.n);
	while (str_next(&path, '/', &segment[n]))
		n++;
	for (int run = 1; run <= RUN_MOST; run++)
		for (int at = 0; at + run * (most + 1) <= n; at++)
			if (times(segment, n, at, run) > most)
				return true;
	return false;
}

static bool refuse(enum refusal *ret, enum refusal r, struct reason *why, struct str what)
{
	*ret = r;
	reason_set(why, ERR_DENIED, "%s: %.*s", refusals[r].name, SHOWN(what));
	return false;
}

bool scope_link(const struct conf_source *s, const struct scope_link *l, struct arena *a,
		enum refusal *ret, struct reason *why)
{
	const struct conf_scope *c = &s->scope;
	struct str url = l->url.text, path = path_of(url), key = path_of(l->key);

	if (!scheme_fits(c, l->url.https))
		return refuse(ret, REFUSAL_SCHEME, why, url);
	if (!scope_host(s, l->url.host)) {
		*ret = REFUSAL_HOST;
		reason_set(why, ERR_DENIED, "host %.*s is not one of the source's",
			   SHOWN(l->url.host));
		return false;
	}
	if (any(c->deny, c->n_deny, path) || (c->n_allow && !any(c->allow, c->n_allow, path)))
		return refuse(ret, REFUSAL_PATH, why, url);
	if (c->max_depth && l->depth > c->max_depth)
		return refuse(ret, REFUSAL_DEPTH, why, url);
	if (c->max_url && url.n > (size_t)c->max_url)
		return refuse(ret, REFUSAL_LENGTH, why, url);
	if (c->max_params && params_of(key) > c->max_params)
		return refuse(ret, REFUSAL_PARAMS, why, url);
	if (c->max_repeats && repeats(key, c->max_repeats, a))
		return refuse(ret, REFUSAL_REPEATS, why, url);
	if (caldate_beyond(key, l->now_ms, c->dates_back_ms, c->dates_ahead_ms))
		return refuse(ret, REFUSAL_DATES, why, url);
	return true;
}

bool scope_redirect(const struct conf_source *s, const struct url *u, struct reason *why)
{
	const struct conf_scope *c = &s->scope;

	if (!scope_led(s, u->host))
		reason_set(why, ERR_DENIED,
			   "redirect to host %.*s, which is not one of the source's; see "
			   "redirect-hosts",
			   STR_ARG(u->host));
	else if (!scheme_fits(c, u->https))
		reason_set(why, ERR_DENIED, "redirect to %s, which `scope: schemes` leaves out",
			   u->https ? "https" : "http");
	else if (any(c->deny, c->n_deny, path_of(u->text)))
		reason_set(why, ERR_DENIED, "redirect to %.*s, which `scope: deny` matches",
			   SHOWN(u->text));
	else
		return true;
	return false;
}

struct str scope_prefix(struct str key, int segments)
{
	struct str path = path_of(key), whole = path;
	size_t end = 0;

	str_next(&whole, '?', &path);
	for (size_t i = 1; i <= path.n && segments > 0; i++) {
		if (i < path.n ? path.p[i] != '/' : !whole.p)
			continue;
		end = i;
		segments--;
	}
	return end ? str_sub(path, 0, end) : STR("/");
}
