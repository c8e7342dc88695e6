/* A line: an absolute URL; the next: a link on that page. */
#include "config/host.h"
#include "crawler/canon.h"
#include "crawler/link.h"
#include "crawler/scope.h"
#include "tests/fuzz/fuzz.h"

#include <curl/curl.h>
#include <string.h>

static struct str ignore[] = { { .p = "p*", .n = 2 }, { .p = "ref", .n = 3 } };
static struct str keep[] = { { .p = "utm_id", .n = 6 } };
static struct str hosts[] = { { .p = "a.example", .n = 9 }, { .p = "*.b.example:8080", .n = 16 } };
static struct str deny[] = { { .p = "*logout*", .n = 8 } };
#define SOURCE                                                                                     \
	.name = { .p = "shop", .n = 4 }, .hosts = hosts, .n_hosts = 2, .ignore_params = ignore,    \
	.n_ignore_params = 2, .keep_params = keep, .n_keep_params = 1,                             \
	.scope = { .deny = deny,                                                                   \
		   .n_deny = 1,                                                                    \
		   .max_depth = 4,                                                                 \
		   .max_url = 300,                                                                 \
		   .max_params = 5,                                                                \
		   .max_repeats = 2,                                                               \
		   .dates_ahead_ms = 400LL * 86400000,                                             \
		   .dates_back_ms = 18250LL * 86400000,                                            \
		   .prefix_jobs = 9,                                                               \
		   .prefix_segments = 2 }
static const struct conf_source sources[] = {
	{ SOURCE, .sort_params = true },
	{ SOURCE, .merge_slashes = true, .strip_params = true },
};
#define NOW_MS 1740000000000

static void check_part(CURLU *c, CURLUPart what, struct str wanted)
{
	char *got = NULL;

	must(curl_url_get(c, what, &got, 0) == CURLUE_OK);
	must(str_is(wanted, got));
	curl_free(got);
}

/* libcurl asks for what was checked: it refuses the URL, or goes where we think. */
static void check_curl(const struct url *u)
{
	struct str host, port;
	CURLU *c = curl_url();

	must(c && host_split(u->host, &host, &port));
	if (!curl_url_set(c, CURLUPART_URL, u->text.p, 0)) {
		check_part(c, CURLUPART_SCHEME, u->https ? STR("https") : STR("http"));
		check_part(c, CURLUPART_HOST, host);
		if (port.p)
			check_part(c, CURLUPART_PORT, port);
	}
	curl_url_cleanup(c);
}

static void check_url(const struct url *u, struct arena *a)
{
	struct reason why;
	struct url again;

	must(u->text.n <= URL_MOST && u->host.n > 0);
	must(str_starts(u->text, u->https ? STR("https://") : STR("http://")));
	must(str_find_char(u->text, '#') < 0);
	for (size_t i = 0; i < u->text.n; i++)
		must(u->text.p[i] > ' ' && u->text.p[i] < 127);
	for (size_t i = 0; i < u->host.n; i++)
		must(u->host.p[i] > ' ' && u->host.p[i] < 127 &&
		     !(u->host.p[i] >= 'A' && u->host.p[i] <= 'Z'));
	check_curl(u);
	must(!url_parse(u->text, a, &again, &why));
	must(str_eq(again.text, u->text) && str_eq(again.host, u->host));
	must(again.https == u->https);
}

static void check_key(const struct conf_source *s, struct str text, struct arena *a)
{
	struct str key, host, key2, host2, query;
	struct reason why = { "" };
	struct url u;

	if (canon_key(s, text, a, &key, &host, &why)) {
		must(why.text[0]);
		return;
	}
	must(!url_parse(text, a, &u, &why));
	check_url(&u, a);
	must(!canon_key(s, key, a, &key2, &host2, &why));
	must(str_eq(key, key2) && str_eq(host, host2));
	must(str_find_char(key, '#') < 0);
	must(str_next(&key, '?', &query));
	while (str_next(&key, '&', &query))
		must(query.n && query.p[0] != 'p' && !str_starts(query, STR("ref=")) &&
		     !str_starts(query, STR("utm_source")));
}

static void check_link(const struct conf_source *s, struct str base, struct str link,
		       struct arena *a)
{
	const struct job from = { .depth = 3, .priority = 9 };
	const struct link_found found = { .url = link, .page = STR("page"), .priority = -1 };
	struct link_refused refused = { .kind = REFUSALS };
	struct url at;
	struct job j;

	if (url_parse(base, a, &at, NULL))
		return;
	if (!link_job(s, &from, &at, &found, NOW_MS, a, &j, &refused)) {
		must(refused.why.text[0] && refused.kind < REFUSALS);
		return;
	}
	must(str_is(j.host, "a.example") || str_ends(j.host, STR(".b.example:8080")));
	must(j.depth == 4 && j.due_ms == NOW_MS && j.seed == -1 && j.state == JOB_DUE);
	must(j.priority >= 0 && j.priority <= JOB_PRIORITY_LAST);
	must(j.url.n <= 300 && str_find(j.url, STR("logout")) < 0);
	must(j.prefix.n && j.prefix.p[0] == '/' && j.prefix_most == 9);
	check_key(s, j.url, a);
}

static void check_escape(struct str s, struct arena *a)
{
	struct str n = url_normal(s, a);

	must(str_eq(url_unescape(url_escape(s, a), a), s));
	must(str_eq(url_normal(n, a), n));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new(FUZZ_ARENA);
	struct str rest = fuzz_text(data, size);
	struct str base = fuzz_line(&rest), link = fuzz_line(&rest);
	struct reason why = { "" };
	struct url u;

	for (int i = 0; i < 2; i++) {
		check_key(&sources[i], base, a);
		check_link(&sources[i], base, link, a);
	}
	check_escape(base, a);
	check_escape(link, a);
	if (!url_resolve(base, link, a, &u, &why))
		check_url(&u, a);
	else
		must(why.text[0]);
	arena_free(a);
	return 0;
}
