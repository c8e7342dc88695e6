#include "daemon/draft_yaml.h"

#include "base/utf8.h"
#include "extractor/extract_further.h"

#include <ctype.h>
#include <string.h>

#define MOST_YAML (256 << 10)
#define MOST_COMMENT 60 /* bytes of a value */

/* --- texts */

/* Characters that YAML takes for line ends, or not at all, and that turn the text behind them. */
static bool is_odd(uint32_t c)
{
	return c < 0x20 || (c >= 0x7f && c < 0xa0) || (c >= 0x2028 && c <= 0x202e) ||
	       (c >= 0x2066 && c <= 0x2069) || c == 0xfeff || (c >= 0xfffe && c <= 0xffff);
}

static void put_quoted(struct str s, struct buf *to)
{
	uint32_t c;
	size_t n;

	buf_add_char(to, '"');
	for (; (n = utf8_decode(s, &c)) > 0; s = str_sub(s, n, s.n)) {
		if (is_odd(c))
			buf_fmt(to, "\\u%04x", (unsigned)c);
		else if (c == '"' || c == '\\')
			buf_fmt(to, "\\%c", (char)c);
		else
			buf_add(to, str_sub(s, 0, n));
	}
	buf_add_char(to, '"');
}

/* Within a comment. */
static void put_said(struct str s, struct buf *to)
{
	uint32_t c;
	size_t n;

	for (s = utf8_cut(s, MOST_COMMENT); (n = utf8_decode(s, &c)) > 0; s = str_sub(s, n, s.n))
		buf_add(to, is_odd(c) ? STR(" ") : str_sub(s, 0, n));
}

static void put_sel(const char *key, const struct conf_sel *s, struct buf *to)
{
	static const char *const kinds[] = {
		[SEL_JQ] = "jq", [SEL_CSS] = "css", [SEL_XPATH] = "xpath"
	};

	buf_fmt(to, "%s: ", key);
	if (s->kind == SEL_XPATH)
		buf_fmt(to, "{ %s: ", kinds[s->kind]);
	put_quoted(s->expr, to);
	if (s->kind == SEL_XPATH)
		buf_add_text(to, " }");
}

/* --- name and address */

static struct str host_of(struct str url)
{
	ptrdiff_t at = str_find(url, STR("://"));
	struct str host = at < 0 ? STR("") : str_sub(url, (size_t)at + 3, url.n);
	size_t i = 0;

	while (i < host.n && !strchr("/?#:", host.p[i]))
		i++;
	return str_sub(host, 0, i);
}

/* The part of a host that is not the shop's own name. */
static bool is_common(struct str part)
{
	static const char *const common[] = {
		"www", "m", "api", "shop", "web", "mobile", "search"
	};

	for (size_t i = 0; i < sizeof(common) / sizeof(common[0]); i++)
		if (str_eq_nocase(part, str_of(common[i])))
			return true;
	return false;
}

struct str draft_yaml_name(struct str url, struct arena *a)
{
	struct str host = host_of(url), rest = host, part = STR("");
	char name[64];
	size_t n = 0;

	while (str_next(&rest, '.', &part) && is_common(part) && str_find_char(rest, '.') >= 0)
		continue;
	for (size_t i = 0; i < part.n && n < sizeof(name); i++)
		if (isalnum((unsigned char)part.p[i]) || (part.p[i] == '-' && n))
			name[n++] = (char)tolower((unsigned char)part.p[i]);
	return n ? arena_str(a, (struct str){ name, n }) : STR("new-source");
}

/* The list's address with its parameter as a variable, braces of its own encoded. */
static void put_url(const struct draft_yaml *y, struct buf *to)
{
	struct str url = y->url.n ? y->url : STR(DRAFT_YAML_NO_URL), value;
	ptrdiff_t at = str_find_char(url, '#'), from = -1;
	size_t i = 0;
	int64_t n;

	url = at < 0 ? url : str_sub(url, 0, (size_t)at);
	if (y->draft->param.n && y->way->more.kind) {
		struct str has = extract_further_param(url, &n);

		from = has.n ? has.p + has.n + 1 - url.p : (ptrdiff_t)url.n;
	}
	for (; i < url.n && (from < 0 || i < (size_t)from); i++)
		if (url.p[i] == '{' || url.p[i] == '}' || url.p[i] == '"' || url.p[i] == '\\')
			buf_fmt(to, "%%%02X", (unsigned char)url.p[i]);
		else
			buf_add_char(to, url.p[i]);
	if (from < 0)
		return;
	if (i == url.n && !str_ends(buf_str(to), STR("=")))
		buf_fmt(to, "%c%.*s=", str_find_char(url, '?') < 0 ? '?' : '&',
			STR_ARG(y->draft->param));
	buf_add_text(to, "{page}");
	value = str_sub(url, i, url.n);
	while (value.n && isdigit((unsigned char)value.p[0]))
		value = str_sub(value, 1, value.n);
	buf_add(to, value);
}

/* --- comments */

static bool is_list(const struct draft_yaml *y)
{
	return y->way->format == FORMAT_AUTO ? !y->tried || y->tried->kept > 1
					     : y->way->items.kind != SEL_NONE;
}

static void say_head(const struct draft_yaml *y, struct buf *to)
{
	const struct draft_way *t = y->tried;

	buf_add_text(to, "# Drafted from ");
	put_said(y->url.n ? y->url : STR("a page without an address"), to);
	buf_add_text(to, " by pipectl source new.\n# Look it over, try it on other pages "
			 "(pipectl source test --config FILE), then name it in piped.yaml.\n");
	buf_add_text(to, "# That page is ");
	put_said(y->draft->encoding, to);
	buf_fmt(to, "%s: %d listings", y->draft->told ? "" : ", as its bytes look", t->kept);
	if (t->rejected)
		buf_fmt(to, ", %d records rejected", t->rejected);
	buf_add_text(to, ", by ");
	put_said(t->what, to);
	buf_add_text(to, ".\n");
	for (int i = 0; i < y->all->n; i++) {
		const struct draft_way *w = &y->all->ways[i];

		if (w == t)
			continue;
		buf_fmt(to, "# Another way, format %s, ", w->format);
		put_said(w->what, to);
		buf_fmt(to, ": %d listings, %d with a price.\n", w->kept, w->filled[FIELD_PRICE]);
	}
}

static void say_found(const struct draft_way *t, int f, struct buf *to)
{
	buf_fmt(to, "%d of %d: ", t->filled[f], t->kept);
	put_said(t->sample[f], to);
	if (t->reader[f])
		buf_fmt(to, ", by %s", t->reader[f]);
}

/* --- parts of the file */

static void put_seed(const struct draft_yaml *y, const char *kind, struct buf *to)
{
	struct buf url;

	if (!y->url.n)
		buf_add_text(to, "# Put the page's address here.\n");
	buf_fmt(to, "seeds:\n  - page: %s\n    url: \"", kind);
	buf_init(&url, 20000);
	put_url(y, &url);
	buf_add(to, buf_str(&url));
	buf_done(&url);
	buf_add_text(to, "\"\n");
	if (y->draft->param.n && y->way->more.kind)
		buf_fmt(to, "    vars:\n      page: %lld\n", (long long)y->draft->first);
	buf_add_text(to, "\n");
}

static void put_fields(const struct draft_yaml *y, struct buf *to)
{
	buf_add_text(to, "    fields:\n");
	for (int f = 0; f < FIELD_COUNT; f++) {
		if (!y->way->fields[f].kind)
			continue;
		buf_add_text(to, "      ");
		put_sel(listing_fields[f].name, &y->way->fields[f], to);
		if (y->tried) {
			buf_add_text(to, " # ");
			say_found(y->tried, f, to);
		}
		buf_add_text(to, "\n");
	}
}

static void put_found(const struct draft_yaml *y, struct buf *to)
{
	if (!y->tried)
		return;
	buf_add_text(to, "    # Found without selectors:\n");
	for (int f = 0; f < FIELD_COUNT; f++) {
		if (!y->tried->filled[f])
			continue;
		buf_fmt(to, "    #   %s ", listing_fields[f].name);
		say_found(y->tried, f, to);
		buf_add_text(to, "\n");
	}
}

static void put_paging(const struct draft_yaml *y, struct buf *to)
{
	const struct extract_draft_way *w = y->way;

	if (!is_list(y))
		return;
	if (w->rel_next) {
		buf_add_text(to, "    paging: { rel-next: true }\n");
	} else if (w->next.kind) {
		buf_add_text(to, "    paging:\n      ");
		put_sel("next", &w->next, to);
		buf_add_text(to, "\n");
	} else if (y->draft->param.n && w->more.kind) {
		buf_add_text(to, "    paging:\n      var: page\n      ");
		put_sel("more", &w->more, to);
		buf_add_text(to, "\n");
	}
}

const char *draft_yaml_format(enum conf_format f)
{
	return f == FORMAT_JSON ? "json" : f == FORMAT_AUTO ? "auto" : "html";
}

static void put_page(const struct draft_yaml *y, const char *kind, struct buf *to)
{
	buf_fmt(to, "pages:\n  %s:\n    format: %s\n", kind, draft_yaml_format(y->way->format));
	if (y->way->script.n) {
		buf_add_text(to, "    script: ");
		put_quoted(y->way->script, to);
		buf_add_text(to, "\n");
	}
	if (y->way->format == FORMAT_AUTO) {
		put_found(y, to);
	} else {
		buf_add_text(to, "    ");
		put_sel("items", &y->way->items, to);
		buf_add_text(to, "\n");
		put_fields(y, to);
	}
	put_paging(y, to);
	buf_add_text(to, "    # To ask again and record changed prices:\n    # revisit: 1d\n");
}

static const struct state {
	const char *word, *state;
} states[] = {
	{ .word = "판매중", .state = "selling" },    { .word = "in stock", .state = "selling" },
	{ .word = "예약중", .state = "reserved" },   { .word = "예약", .state = "reserved" },
	{ .word = "reserved", .state = "reserved" }, { .word = "판매완료", .state = "sold" },
	{ .word = "거래완료", .state = "sold" },     { .word = "품절", .state = "sold" },
	{ .word = "sold", .state = "sold" },	     { .word = "sold out", .state = "sold" },
};

/* Words whose meaning is known, and the others to be filled in. */
static void put_states(const struct draft_yaml *y, struct buf *to)
{
	if (!y->n_states || !y->way->fields[FIELD_STATUS].kind)
		return;
	buf_add_text(to, "\n# What the site's words mean: selling, reserved, sold, unknown.\n"
			 "status:\n");
	for (int i = 0; i < y->n_states; i++) {
		const char *state = NULL;

		for (size_t k = 0; k < sizeof(states) / sizeof(states[0]); k++)
			if (str_eq_nocase(y->states[i], str_of(states[k].word)))
				state = states[k].state;
		buf_add_text(to, "  ");
		put_quoted(y->states[i], to);
		buf_fmt(to, ": %s\n", state ? state : "unknown");
	}
}

struct str draft_yaml(const struct draft_yaml *y, struct arena *a)
{
	const char *kind = is_list(y) ? "list" : "item";
	struct buf to;
	struct str s;

	buf_init(&to, MOST_YAML);
	if (y->tried)
		say_head(y, &to);
	buf_fmt(&to, "name: %.*s\n", STR_ARG(y->name));
	if (y->language.n)
		buf_fmt(&to, "language: %.*s\n", STR_ARG(y->language));
	if (y->currency.n)
		buf_fmt(&to, "currency: %.*s%s\n", STR_ARG(y->currency),
			y->guessed ? " # a guess by the language: the page's prices name none"
				   : "");
	buf_add_text(&to, "\n");
	put_seed(y, kind, &to);
	put_page(y, kind, &to);
	put_states(y, &to);
	s = arena_str(a, buf_str(&to));
	buf_done(&to);
	return s;
}
