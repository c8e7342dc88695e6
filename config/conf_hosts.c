#include "config/conf_hosts.h"

#include "config/conf_seedurl.h"
#include "config/conf_show.h"

const struct conf_row conf_hosts_rows[] = {
	{ .name = "rate",
	  .type = CONF_RATE,
	  .at = offsetof(struct conf_host, rate),
	  .min = 1.0 / 3600,
	  .max = 1000,
	  .doc = "Requests to it, at most; without it, as the source says." },
	{ .name = "concurrency",
	  .type = CONF_INT,
	  .at = offsetof(struct conf_host, concurrency),
	  .min = 1,
	  .max = 64,
	  .doc = "Requests at once to it; without it, as the source says." },
	{ .name = NULL },
};

/* Takes HOST or [IPv6] off *rest up to the next colon. */
static bool take_host(struct str *rest)
{
	ptrdiff_t end = rest->n && rest->p[0] == '[' ? str_find_char(*rest, ']') + 1 : 0;
	struct str after = str_sub(*rest, (size_t)end, rest->n), host;

	if (!str_next(&after, ':', &host) || !after.p || (end > 0 && host.n > 0))
		return false;
	host = str_sub(*rest, 0, (size_t)end + host.n);
	*rest = after;
	return host.n == 0 || !conf_seedurl_host_wrong(host);
}

static bool port_fits(struct str port)
{
	int64_t n;

	return port.n == 0 || (str_i64(port, &n) && n >= 1 && n <= 65535);
}

const char *conf_hosts_connect_wrong(struct str s)
{
	struct str rest = s, port;

	if (take_host(&rest) && str_next(&rest, ':', &port) && port_fits(port) && rest.p &&
	    take_host(&rest) && port_fits(rest))
		return NULL;
	return "wants HOST:PORT:HOST2:PORT2, such as site.example:443:127.0.0.1:8443";
}

static void read_host(struct conf_reader *r, const struct conf_node *n, void *into)
{
	struct conf_host *h = into;

	h->name = conf_seedurl_host(r->a, n->key);
	if (conf_seedurl_host_wrong(n->key))
		conf_problem_add(r->problems, n->key_at, "host `%.60s`: %s", n->key.p,
				 conf_seedurl_host_wrong(n->key));
	conf_table_read(r, conf_hosts_rows, n, h);
}

static void read_hosts(struct conf_reader *r, const struct conf_row *row, const struct conf_node *n,
		       void *into)
{
	struct conf *c = into;

	(void)row;
	c->hosts = conf_table_items(r, n, NODE_MAP, sizeof(*c->hosts), read_host, &c->n_hosts);
}

static struct conf_node *show_hosts(struct arena *a, const struct conf_row *row, const void *from)
{
	const struct conf *c = from;
	struct conf_node *map = conf_show_map(a), *host;

	(void)row;
	for (int i = 0; i < c->n_hosts; i++) {
		host = conf_show_map(a);
		if (c->hosts[i].rate > 0)
			conf_show_put(host, STR("rate"),
				      conf_show_number(a, CONF_RATE, c->hosts[i].rate));
		if (c->hosts[i].concurrency > 0)
			conf_show_put(host, STR("concurrency"),
				      conf_show_number(a, CONF_INT, c->hosts[i].concurrency));
		conf_show_put(map, c->hosts[i].name, host);
	}
	return map;
}

const struct conf_part conf_hosts_part = {
	.what = "a map of hosts, each a map of rate and concurrency",
	.read = read_hosts,
	.show = show_hosts,
};
