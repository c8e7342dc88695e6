#include "crawler/way.h"

#include "crawler/canon.h"
#include "crawler/httphead.h"
#include "crawler/scope.h"
#include "crawler/secret.h"

static bool leads_on(int status)
{
	return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

/* Takes an answer off: "301 URL\n". False: the rest is what is to be asked. */
static bool take_hop(struct str *way, struct fetch_hop *ret)
{
	ptrdiff_t end = str_find_char(*way, '\n');
	struct str line, status;
	int64_t n;

	if (end < 0)
		return false;
	line = str_sub(*way, 0, (size_t)end);
	*way = str_sub(*way, (size_t)end + 1, way->n);
	str_next(&line, ' ', &status);
	*ret = (struct fetch_hop){ .url = line, .status = str_i64(status, &n) ? (int)n : 0 };
	return true;
}

struct str way_next(struct str way)
{
	struct fetch_hop hop;

	while (take_hop(&way, &hop))
		continue;
	return way;
}

struct str way_asked(const struct job *j)
{
	return j->way.n ? way_next(j->way) : j->url;
}

struct str way_home(const struct job *j, struct arena *a)
{
	struct str host;

	/* what cannot be read was never led anywhere */
	return !j->way.n || canon_host(j->url, a, &host) ? j->host : host;
}

int way_hops(struct str way, struct arena *a, struct fetch_hop **ret)
{
	struct str rest = way;
	struct fetch_hop hop;
	int n = 0;

	while (take_hop(&rest, &hop))
		n++;
	*ret = arena_array(a, (size_t)n, sizeof(**ret));
	for (int i = 0; i < n; i++)
		take_hop(&way, &(*ret)[i]);
	return n;
}

bool way_posts(struct str way)
{
	struct fetch_hop hop;

	while (take_hop(&way, &hop))
		if (hop.status < 307)
			return false;
	return true;
}

enum fetch_end way_on(const struct way_answer *in, struct arena *a, struct str *ret_way,
		      struct reason *why)
{
	struct str location = httphead_value(in->response_head, STR("location")), before = in->way;
	struct fetch_hop *hops;
	struct reason bad;
	struct url u;

	if (!location.n || !leads_on(in->status))
		return FETCH_ANSWER;
	if (way_hops(in->way, a, &hops) >= in->most) {
		reason_set(why, ERR_TOO_BIG, "more than %d redirects", in->most);
		return FETCH_REDIRECTS;
	}
	if (url_resolve(in->asked, secret_hide(in->source, location, a), a, &u, &bad)) {
		reason_set(why, ERR_BAD, "redirect: %s", bad.text);
		return FETCH_REDIRECTS;
	}
	if (!scope_redirect(in->source, &u, why))
		return FETCH_OUTSIDE;
	before.n -= in->way.n ? way_next(in->way).n : 0;
	*ret_way = arena_fmt(a, "%.*s%d %.*s\n%.*s", STR_ARG(before), in->status,
			     STR_ARG(in->asked), STR_ARG(u.text));
	return FETCH_MOVED;
}
