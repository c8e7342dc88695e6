#include "config/conf_scope.h"

#include "config/conf_seedurl.h"
#include "config/conf_show.h"

static void read_scope(struct conf_reader *r, const struct conf_row *row, const struct conf_node *n,
		       void *into);
static struct conf_node *show_scope(struct arena *a, const struct conf_row *row, const void *from);

const struct conf_part conf_scope_part = {
	.what = "a map",
	.read = read_scope,
	.show = show_scope,
};

static const char *pattern_wrong(struct str s)
{
	return s.n && (s.p[0] == '/' || s.p[0] == '*') ? NULL
						       : "path and query are compared: it starts "
							 "with / or *";
}

static const char *scheme_wrong(struct str s)
{
	return str_is(s, "http") || str_is(s, "https") ? NULL : "a scheme is http or https";
}

#define DAY_MS 86400e3

const struct conf_row conf_scope_rows[] = {
	{ .name = "schemes",
	  .type = CONF_TEXTS,
	  .at = offsetof(struct conf_scope, schemes),
	  .at_n = offsetof(struct conf_scope, n_schemes),
	  .wrong = scheme_wrong,
	  .doc = "Schemes that links may have. Without it: http and https." },
	{ .name = "allow",
	  .type = CONF_TEXTS,
	  .at = offsetof(struct conf_scope, allow),
	  .at_n = offsetof(struct conf_scope, n_allow),
	  .wrong = pattern_wrong,
	  .doc = "Only links whose path and query are like one of these, as /item/*. A * is any "
		 "text, the whole is compared. Without it: all." },
	{ .name = "deny",
	  .type = CONF_TEXTS,
	  .at = offsetof(struct conf_scope, deny),
	  .at_n = offsetof(struct conf_scope, n_deny),
	  .wrong = pattern_wrong,
	  .doc = "No links whose path and query are like one of these, whatever `allow` says; "
		 "redirects neither." },
	{ .name = "max-depth",
	  .type = CONF_INT,
	  .at = offsetof(struct conf_scope, max_depth),
	  .def = "0",
	  .max = 1000000,
	  .doc = "Most links from a seed; pages of one list do not count. 0: no bound." },
	{ .name = "max-url",
	  .type = CONF_INT,
	  .at = offsetof(struct conf_scope, max_url),
	  .def = "2048",
	  .min = 32,
	  .max = 4096,
	  .doc = "Longest link, in bytes." },
	{ .name = "max-params",
	  .type = CONF_INT,
	  .at = offsetof(struct conf_scope, max_params),
	  .def = "50",
	  .max = 4096,
	  .doc = "Most parameters of a link that count (see `ignore-params`); 0: no bound." },
	{ .name = "max-repeats",
	  .type = CONF_INT,
	  .at = offsetof(struct conf_scope, max_repeats),
	  .def = "2",
	  .max = 1000,
	  .doc = "How often segments of a path may follow themselves: /a/b/a/b/a/b is three "
		 "times, and comes of relative links on a page that any path shows. 0: no "
		 "bound." },
	{ .name = "dates-ahead",
	  .type = CONF_DURATION,
	  .at = offsetof(struct conf_scope, dates_ahead_ms),
	  .def = "400d",
	  .max = 36500 * DAY_MS,
	  .doc = "Links whose path or parameters name a day or month (2031-05, /2031/05/, "
		 "year=2031&month=5) later than that are of an endless calendar; 0: no bound." },
	{ .name = "dates-back",
	  .type = CONF_DURATION,
	  .at = offsetof(struct conf_scope, dates_back_ms),
	  .def = "18250d",
	  .max = 36500 * DAY_MS,
	  .doc = "The same for the past: 50 years; 0: no bound." },
	{ .name = "prefix-jobs",
	  .type = CONF_INT64,
	  .at = offsetof(struct conf_scope, prefix_jobs),
	  .def = "1000000",
	  .max = 1e12,
	  .doc = "Most jobs from links in one folder of a host, so that a trap that is wide "
		 "instead of deep ends. Pages of lists and links of sitemaps and feeds do not "
		 "count. The first 10,000 folders of a host are counted each, the others "
		 "together. 0: no bound." },
	{ .name = "prefix-segments",
	  .type = CONF_INT,
	  .at = offsetof(struct conf_scope, prefix_segments),
	  .def = "1",
	  .min = 1,
	  .max = 8,
	  .doc = "How many segments of the path make a folder in `prefix-jobs`: with 1 "
		 "/shop/hats/7 is in /shop." },
	{ .name = NULL },
};

static void read_scope(struct conf_reader *r, const struct conf_row *row, const struct conf_node *n,
		       void *into)
{
	(void)row;
	conf_table_read(r, conf_scope_rows, n, &((struct conf_source *)into)->scope);
}

static struct conf_node *show_scope(struct arena *a, const struct conf_row *row, const void *from)
{
	(void)row;
	return conf_show_rows(a, conf_scope_rows, &((const struct conf_source *)from)->scope);
}

static bool is_wide(struct str host)
{
	return str_starts(host, STR("*."));
}

const char *conf_scope_host_wrong(struct str host)
{
	return conf_seedurl_host_wrong(is_wide(host) ? str_sub(host, 2, host.n) : host);
}

struct str conf_scope_host(struct arena *a, struct str host)
{
	if (!is_wide(host))
		return conf_seedurl_host(a, host);
	return arena_fmt(a, "*.%s", conf_seedurl_host(a, str_sub(host, 2, host.n)).p);
}

/* Ports are part of both. */
bool conf_scope_host_fits(struct str pattern, struct str host)
{
	struct str end;

	if (!is_wide(pattern))
		return str_eq_nocase(pattern, host);
	end = str_sub(pattern, 1, pattern.n);
	return host.n > end.n && str_eq_nocase(str_sub(host, host.n - end.n, end.n), end);
}
