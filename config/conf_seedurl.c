#include "config/conf_seedurl.h"

#include "config/conf_auth.h"
#include "config/conf_scope.h"
#include "config/conf_template.h"
#include "config/host.h"

#include <string.h>

static const char *braces_wrong(struct str url)
{
	bool open = false;

	for (size_t i = 0; i < url.n; i++) {
		if (url.p[i] == '{' ? open : url.p[i] == '}' && !open)
			return "a brace without its partner";
		if (url.p[i] == '{')
			open = true;
		else if (url.p[i] == '}' && url.p[i - 1] == '{')
			return "an empty pair of braces";
		else if (url.p[i] == '}')
			open = false;
	}
	return open ? "a brace without its partner" : NULL;
}

/* Balanced, but around something else than variables. */
static const char *names_wrong(struct str url)
{
	struct conf_template_part part;

	while (conf_template_next(&url, &part))
		if (!part.names.p && str_find_char(part.text, '{') >= 0)
			return "braces hold a variable as {name}, or some as {&a,b} or {?a,b}";
	return NULL;
}

/* After "scheme://"; {0} for another scheme. */
static struct str after_scheme(struct str url)
{
	if (str_starts(url, STR("https://")))
		return str_sub(url, 8, url.n);
	if (str_starts(url, STR("http://")))
		return str_sub(url, 7, url.n);
	return (struct str){ 0 };
}

static struct str host_part(struct str url)
{
	struct str rest = after_scheme(url);
	size_t n = 0;

	while (n < rest.n && !strchr("/?#", rest.p[n]))
		n++;
	return str_sub(rest, 0, n);
}

static const char *port_wrong(struct str port)
{
	int64_t n;

	if (port.n == 0 || port.p[0] == '+' || !str_i64(port, &n) || n < 1 || n > 65535)
		return "a port is a number from 1 to 65535";
	return NULL;
}

const char *conf_seedurl_host_wrong(struct str host)
{
	struct str name, port, ascii;
	struct arena *a;
	enum err err;

	if (host.n == 0 || host.n > 255)
		return "a host has 1 to 255 characters";
	if (!host_split(host, &name, &port))
		return "not an IPv6 address";
	a = arena_new(1024);
	err = host_parse(name, a, &ascii, NULL);
	arena_free(a);
	if (err && host.p[0] == '[')
		return "not an IPv6 address";
	if (err)
		return "a host is a name such as shop.example or 장터.example, or an address, "
		       "without scheme or path";
	return port.p ? port_wrong(port) : NULL;
}

const char *conf_seedurl_wrong(struct str url)
{
	struct str host = host_part(url);

	if (!after_scheme(url).p)
		return "an address starts with https:// or http://";
	for (size_t i = 0; i < url.n; i++)
		if ((unsigned char)url.p[i] <= ' ' || url.p[i] == 0x7f)
			return "an address has no spaces; write %20";
	if (str_find_char(host, '@') >= 0)
		return "an address has no user name";
	if (str_find_char(host, '{') >= 0)
		return "the host has no variables";
	if (conf_seedurl_host_wrong(host))
		return conf_seedurl_host_wrong(host);
	if (str_find_char(url, '#') >= 0)
		return "an address that is asked for has no #fragment";
	return braces_wrong(url) ? braces_wrong(url) : names_wrong(url);
}

static bool has_var(const struct conf_seed *seed, struct str name)
{
	for (int i = 0; i < seed->n_vars; i++)
		if (str_eq(seed->vars[i].name, name))
			return true;
	for (int i = 0; i < seed->n_splits; i++)
		if (str_eq(seed->splits[i].var.name, name) || str_eq(seed->splits[i].min, name) ||
		    str_eq(seed->splits[i].max, name))
			return true;
	return false;
}

static void missing_var(struct conf_reader *r, const struct conf_node *text,
			const struct conf_seed *seed, struct str name)
{
	struct conf_near near = { .wanted = name };
	char hint[128];

	for (int i = 0; i < seed->n_vars; i++)
		conf_table_near(&near, seed->vars[i].name);
	conf_problem_add(r->problems, text->at, "no variable for {%.*s}%s",
			 (int)(name.n < 60 ? name.n : 60), name.p, conf_table_hint(&near, hint));
}

/* That every variable that the text names is there. Credentials go into addresses and
 * headers only. */
static void check_text(struct conf_reader *r, const struct conf_node *n,
		       const struct conf_seed *seed, struct str text)
{
	bool address = str_eq(text, seed->url);
	struct conf_template_part part;
	struct str name;

	while (n && conf_template_next(&text, &part))
		while (part.names.p && str_next(&part.names, ',', &name))
			if (!has_var(seed, name) && !(address && conf_auth_is_credential(name)))
				missing_var(r, n, seed, name);
}

static bool used(const struct conf_seed *seed, struct str name)
{
	return !name.p || conf_template_uses(seed->url, name) ||
	       conf_template_uses(seed->body, name);
}

static void check_split_uses(struct conf_reader *r, const struct conf_node *split,
			     const struct conf_seed *seed)
{
	const struct conf_node *c = split ? split->first : NULL;

	for (int i = 0; i < seed->n_splits && c; i++, c = c->next) {
		const struct conf_split *s = &seed->splits[i];

		if (!used(seed, s->var.name) || !used(seed, s->min) || !used(seed, s->max))
			conf_problem_add(r->problems, c->at,
					 "a variable of it is never used: the address has no "
					 "{&NAME}");
	}
}

void conf_seedurl_check(struct conf_reader *r, const struct conf_node *n,
			const struct conf_seed *seed)
{
	const struct conf_node *url = conf_yaml_child(n, "url"), *vars = conf_yaml_child(n, "vars");

	if (!url || !seed->url.p)
		return;
	check_text(r, url, seed, seed->url);
	check_text(r, conf_yaml_child(n, "body"), seed, seed->body);
	check_split_uses(r, conf_yaml_child(n, "split"), seed);
	if (!vars || vars->kind != NODE_MAP)
		return;
	for (const struct conf_node *v = vars->first; v; v = v->next)
		if (!used(seed, v->key))
			conf_problem_add(
				r->problems, v->key_at,
				"variable `%.60s` is never used: the address has no {%.60s}",
				v->key.p, v->key.p);
}

/* As URLs spell it, without the port when it is the scheme's own. A host that is none
 * was complained about, and stays as it is. */
static struct str plain_host(struct arena *a, struct str host, struct str own_port)
{
	struct str name, port;

	if (str_ends(host, own_port))
		host.n -= own_port.n;
	if (!host_split(host, &name, &port) || host_parse(name, a, &name, NULL))
		return arena_str(a, host);
	return port.p ? arena_fmt(a, "%s:%.*s", name.p, STR_ARG(port)) : name;
}

struct str conf_seedurl_host(struct arena *a, struct str host)
{
	return plain_host(a, host, str_ends(host, STR(":80")) ? STR(":80") : STR(":443"));
}

static struct str seed_host(struct arena *a, struct str url)
{
	bool https = str_starts(url, STR("https:"));

	return plain_host(a, host_part(url), https ? STR(":443") : STR(":80"));
}

static bool known_host(const struct conf_source *s, struct str host)
{
	for (int i = 0; i < s->n_hosts; i++)
		if (conf_scope_host_fits(s->hosts[i], host))
			return true;
	return false;
}

void conf_seedurl_hosts(struct conf_reader *r, struct conf_source *s, const struct conf_node *seeds)
{
	const struct conf_node *n = seeds ? seeds->first : NULL;
	bool given = s->n_hosts > 0;

	for (int i = 0; i < s->n_hosts; i++)
		s->hosts[i] = conf_scope_host(r->a, s->hosts[i]);
	if (!given)
		s->hosts = arena_array(r->a, (size_t)s->n_seeds + 1, sizeof(*s->hosts));
	for (int i = 0; i < s->n_seeds && n; i++, n = n->next) {
		const struct conf_node *url = conf_yaml_child(n, "url");
		struct str host;

		if (!url || !s->seeds[i].url.p)
			continue;
		host = seed_host(r->a, s->seeds[i].url);
		if (known_host(s, host))
			continue;
		if (given)
			conf_problem_add(r->problems, url->at,
					 "host `%.100s` is not one of the source's `hosts`",
					 host.p);
		else
			s->hosts[s->n_hosts++] = host;
	}
}
