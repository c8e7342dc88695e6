#include "crawler/robots.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

enum key { KEY_NONE, KEY_AGENT, KEY_ALLOW, KEY_DISALLOW, KEY_DELAY, KEY_SITEMAP };

/* Compared without regard to case, hyphens, underscores and spaces. The
 * misspellings are those that Google has seen often enough to accept. */
static const struct {
	const char *name;
	enum key key;
} keys[] = {
	{ .name = "useragent", .key = KEY_AGENT },   { .name = "allow", .key = KEY_ALLOW },
	{ .name = "disallow", .key = KEY_DISALLOW }, { .name = "dissallow", .key = KEY_DISALLOW },
	{ .name = "dissalow", .key = KEY_DISALLOW }, { .name = "disalow", .key = KEY_DISALLOW },
	{ .name = "diasllow", .key = KEY_DISALLOW }, { .name = "disallaw", .key = KEY_DISALLOW },
	{ .name = "crawldelay", .key = KEY_DELAY },  { .name = "sitemap", .key = KEY_SITEMAP },
};

/* What is said to one kind of reader: to us by name, or to all. */
struct set {
	struct robots_rule *rules;
	size_t n, room;
	int64_t delay_ms;
	int delay_line;
	bool delay_cut;
};

/* Whom the lines at hand speak to. */
struct scope {
	bool us, all;
	bool closed; /* the next user-agent line starts anew */
};

struct reader {
	struct str token;
	int64_t most_delay_ms;
	struct arena *arena; /* goes when the file is read */
	struct set us, all;
	/* A crawl-delay must not end a group (RFC 9309 2.2.4); but where each
	 * agent is given its own, it does not speak to those that follow. */
	struct scope rules, delay;
	bool named;
	struct str *sitemaps;
	size_t n_sitemaps, sitemaps_room;
	int line, ignored;
};

static bool is_token_char(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '-' || c == '_' || c == '.' || c >= 0x80;
}

struct str robots_token(struct str user_agent)
{
	size_t n = 0;

	while (n < user_agent.n && is_token_char((unsigned char)user_agent.p[n]))
		n++;
	return str_sub(user_agent, 0, n);
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool key_is(struct str s, const char *name)
{
	for (size_t i = 0; i < s.n; i++) {
		if (is_blank(s.p[i]) || s.p[i] == '-' || s.p[i] == '_')
			continue;
		if (!*name || (s.p[i] | 0x20) != *name++)
			return false;
	}
	return !*name;
}

/* "key: value", or "key value" when those are two words and nothing else. */
static bool split(struct str line, struct str *ret_key, struct str *ret_value)
{
	ptrdiff_t colon = str_find_char(line, ':');
	size_t n = 0;

	if (colon >= 0) {
		*ret_key = str_trim(str_sub(line, 0, (size_t)colon));
		*ret_value = str_trim(str_sub(line, (size_t)colon + 1, line.n));
		return true;
	}
	while (n < line.n && !is_blank(line.p[n]))
		n++;
	*ret_key = str_sub(line, 0, n);
	*ret_value = str_trim(str_sub(line, n, line.n));
	for (n = 0; n < ret_value->n; n++)
		if (is_blank(ret_value->p[n]))
			return false;
	return ret_value->n > 0;
}

static void on_agent(struct reader *r, struct str value)
{
	struct str name = robots_token(value);
	bool us = name.n && str_eq_nocase(name, r->token);
	bool all = str_is(value, "*") || (value.n > 1 && value.p[0] == '*' && is_blank(value.p[1]));

	if (r->rules.closed)
		r->rules = r->delay = (struct scope){ 0 };
	if (r->delay.closed)
		r->delay = (struct scope){ 0 };
	r->rules.us |= us;
	r->delay.us |= us;
	r->rules.all |= all;
	r->delay.all |= all;
	r->named |= us;
}

static void add_rule(struct set *to, struct robots_rule rule)
{
	mem_grow(&to->rules, &to->room, to->n + 1, sizeof(rule));
	to->rules[to->n++] = rule;
}

static void on_rule(struct reader *r, struct str value, bool allow)
{
	struct robots_rule rule;

	r->rules.closed = true;
	if (!value.n || !(r->rules.us || r->rules.all))
		return;
	rule = robots_rule_new(value, allow, r->line, r->arena);
	if (r->rules.us)
		add_rule(&r->us, rule);
	if (r->rules.all && !r->named)
		add_rule(&r->all, rule);
}

static void take_delay(struct reader *r, struct set *to, double ms)
{
	bool longer = ms > (double)r->most_delay_ms;
	int64_t granted = longer ? r->most_delay_ms : (int64_t)ms;

	to->delay_cut |= longer;
	if (granted <= to->delay_ms)
		return;
	to->delay_ms = granted;
	to->delay_line = r->line;
}

static bool on_delay(struct reader *r, struct str value)
{
	double seconds;

	for (size_t i = 0; i < value.n; i++)
		if ((value.p[i] < '0' || value.p[i] > '9') && value.p[i] != '.')
			return false;
	if (!str_f64(value, &seconds))
		return false;
	r->delay.closed = true;
	if (r->delay.us)
		take_delay(r, &r->us, seconds * 1000);
	if (r->delay.all)
		take_delay(r, &r->all, seconds * 1000);
	return true;
}

static bool on_sitemap(struct reader *r, struct str value)
{
	if (!value.n)
		return false;
	mem_grow(&r->sitemaps, &r->sitemaps_room, r->n_sitemaps + 1, sizeof(*r->sitemaps));
	r->sitemaps[r->n_sitemaps++] = value;
	return true;
}

static bool on_pair(struct reader *r, struct str name, struct str value)
{
	enum key key = KEY_NONE;

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]) && !key; i++)
		if (key_is(name, keys[i].name))
			key = keys[i].key;
	switch (key) {
	case KEY_AGENT:
		on_agent(r, value);
		return true;
	case KEY_ALLOW:
	case KEY_DISALLOW:
		on_rule(r, value, key == KEY_ALLOW);
		return true;
	case KEY_DELAY:
		return on_delay(r, value);
	case KEY_SITEMAP:
		return on_sitemap(r, value);
	case KEY_NONE:
		break;
	}
	return false;
}

static void on_line(struct reader *r, struct str line)
{
	ptrdiff_t comment = str_find_char(line, '#');
	struct str key, value;

	r->line++;
	if (comment >= 0)
		line = str_sub(line, 0, (size_t)comment);
	line = str_trim(line);
	if (line.n && !(split(line, &key, &value) && on_pair(r, key, value)))
		r->ignored++;
}

/* Lines end with CR, LF or both. */
static void read_lines(struct reader *r, struct str bytes)
{
	size_t from = 0;

	for (size_t i = 0; i < bytes.n; i++) {
		if (bytes.p[i] != '\n' && bytes.p[i] != '\r')
			continue;
		on_line(r, str_sub(bytes, from, i - from));
		if (bytes.p[i] == '\r' && i + 1 < bytes.n && bytes.p[i + 1] == '\n')
			i++;
		from = i + 1;
	}
	on_line(r, str_sub(bytes, from, bytes.n));
}

/* Half a line would be another rule than the one that was written. */
static struct str whole_lines(struct str bytes)
{
	bytes = str_sub(bytes, 0, ROBOTS_BYTES);
	while (bytes.n && bytes.p[bytes.n - 1] != '\n' && bytes.p[bytes.n - 1] != '\r')
		bytes.n--;
	return bytes;
}

static struct robots *keep(const struct reader *r, const struct set *s)
{
	struct arena *a = arena_new(s->n * (sizeof(struct robots_rule) + 32) + 512);
	struct robots *to = arena_zero(a, sizeof(*to));

	to->arena = a;
	to->named = r->named;
	to->delay_ms = s->delay_ms;
	to->delay_cut = s->delay_cut;
	to->delay_line = s->delay_line;
	to->ignored = r->ignored;
	to->n_rules = (int)s->n;
	to->rules = arena_array(a, s->n, sizeof(*to->rules));
	for (size_t i = 0; i < s->n; i++) {
		to->rules[i] = s->rules[i];
		to->rules[i].text = arena_str(a, s->rules[i].text);
	}
	if (s->n)
		qsort(to->rules, s->n, sizeof(*to->rules), robots_rule_order);
	to->n_sitemaps = (int)r->n_sitemaps;
	to->sitemaps = arena_array(a, r->n_sitemaps, sizeof(*to->sitemaps));
	for (size_t i = 0; i < r->n_sitemaps; i++)
		to->sitemaps[i] = arena_str(a, r->sitemaps[i]);
	return to;
}

struct robots *robots_new(struct str bytes, struct str token, int64_t most_delay_ms)
{
	struct reader r = { .token = token, .most_delay_ms = most_delay_ms };
	bool cut = bytes.n > ROBOTS_BYTES;
	struct robots *made;

	r.arena = arena_new(16 << 10);
	r.us.delay_ms = r.all.delay_ms = -1;
	if (cut)
		bytes = whole_lines(bytes);
	if (str_starts(bytes, STR("\xef\xbb\xbf")))
		bytes = str_sub(bytes, 3, bytes.n);
	read_lines(&r, bytes);
	made = keep(&r, r.named ? &r.us : &r.all);
	made->cut = cut;
	mem_free(r.us.rules);
	mem_free(r.all.rules);
	mem_free(r.sitemaps);
	arena_free(r.arena);
	return made;
}

void robots_free(struct robots *r)
{
	if (r)
		arena_free(r->arena);
}

struct robots_verdict robots_judge(const struct robots *r, struct str url, struct arena *scratch)
{
	struct robots_target t = robots_rule_target(url, scratch);
	struct robots_verdict v = { .allowed = true };

	/* it may always be asked for (RFC 9309 2.2.2) */
	if (str_is(t.text, "/robots.txt"))
		return v;
	for (int i = 0; i < r->n_rules; i++) {
		const struct robots_rule *rule = &r->rules[i];

		if (!robots_rule_match(rule, &t))
			continue;
		v = (struct robots_verdict){ rule->allow, rule->line, rule->text };
		break;
	}
	return v;
}
