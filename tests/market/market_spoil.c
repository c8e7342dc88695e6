#include "market_spoil.h"

#include "market_gzip.h"

#include "base/mem.h"
#include "base/must.h"
#include "base/utf8.h"

#include <iconv.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static bool is_html(const struct market_answer *a)
{
	return strncmp(a->type, "text/html", 9) == 0;
}

static bool is_json(const struct market_answer *a)
{
	return strncmp(a->type, "application/json", 16) == 0;
}

static void retry_after(const struct market_fault *f, int64_t now_ms, struct market_answer *a)
{
	time_t then = (time_t)(now_ms / 1000 + f->after);
	struct tm tm;

	if (f->after < 0)
		return;
	a->retry_ms = f->date ? (int64_t)then * 1000 - now_ms : f->after * 1000;
	if (a->retry_ms < 0)
		a->retry_ms = 0;
	if (!f->date) {
		snprintf(a->retry_after, sizeof(a->retry_after), "%lld", (long long)f->after);
		return;
	}
	gmtime_r(&then, &tm);
	strftime(a->retry_after, sizeof(a->retry_after), "%a, %d %b %Y %H:%M:%S GMT", &tm);
}

static void spoil_status(const struct market_fault *f, int64_t now_ms, struct market_answer *a)
{
	a->status = (int)f->code;
	a->type = "text/plain; charset=utf-8";
	buf_clear(&a->body);
	buf_fmt(&a->body, "%d\n", a->status);
	retry_after(f, now_ms, a);
}

static void spoil_redirect(const struct market_fault *f, struct market_answer *a)
{
	a->status = 302;
	a->type = "text/plain; charset=utf-8";
	buf_clear(&a->body);
	snprintf(a->location, sizeof(a->location), "%s", f->to[0] ? f->to : "/_market/loop?n=1");
}

/* Replaces every `from` by `to` in the body. */
static void replace(struct buf *body, struct str from, struct str to)
{
	struct str rest = buf_str(body);
	struct buf out;
	ptrdiff_t at;

	buf_init(&out, body->cap);
	while ((at = str_find(rest, from)) >= 0) {
		buf_add(&out, str_sub(rest, 0, (size_t)at));
		buf_add(&out, to);
		rest = str_sub(rest, (size_t)at + from.n, rest.n);
	}
	buf_add(&out, rest);
	buf_done(body);
	*body = out;
}

static const struct renamed {
	const char *from, *to;
} html_names[] = {
	{ .from = "class=\"listing\"", .to = "class=\"prd-wrap\"" },
	{ .from = "<h1 class=\"title\">", .to = "<h1 class=\"prd-name\">" },
	{ .from = "class=\"price\"", .to = "class=\"prd-won\"" },
	{ .from = "class=\"item\"", .to = "class=\"prd-link\"" },
	{ .from = "class=\"main\"", .to = "class=\"prd-photo\"" },
	{ .from = "class=\"category\"", .to = "class=\"prd-path\"" },
	{ .from = "data-id=", .to = "data-prd=" },
}, json_names[] = {
	{ .from = "\"list\":", .to = "\"products\":" },
	{ .from = "\"pid\":", .to = "\"product_id\":" },
	{ .from = "\"name\":", .to = "\"product_name\":" },
};

static void spoil_markup(struct market_answer *a)
{
	size_t i;

	for (i = 0; is_html(a) && i < sizeof(html_names) / sizeof(html_names[0]); i++)
		replace(&a->body, str_of(html_names[i].from), str_of(html_names[i].to));
	for (i = 0; is_json(a) && i < sizeof(json_names) / sizeof(json_names[0]); i++)
		replace(&a->body, str_of(json_names[i].from), str_of(json_names[i].to));
}

/* What stands between `from` and the next `end` becomes `to`, everywhere. */
static void replace_between(struct buf *body, struct str from, char end, struct str to)
{
	struct str rest = buf_str(body);
	struct buf out;
	ptrdiff_t at;

	buf_init(&out, body->cap + (64 << 10));
	while ((at = str_find(rest, from)) >= 0) {
		buf_add(&out, str_sub(rest, 0, (size_t)at + from.n));
		buf_add(&out, to);
		rest = str_sub(rest, (size_t)at + from.n, rest.n);
		at = str_find_char(rest, end);
		rest = str_sub(rest, at < 0 ? rest.n : (size_t)at, rest.n);
	}
	buf_add(&out, rest);
	buf_done(body);
	*body = out;
}

static void spoil_category(struct market_answer *a)
{
	const struct str path = STR("기타>기타>기타");

	if (is_json(a))
		replace_between(&a->body, STR("\"category_id\":\""), '"', STR("999999999"));
	if (!is_html(a))
		return;
	replace_between(&a->body, STR("\"category\":\""), '"', path);
	replace_between(&a->body, STR("<span class=\"category\">"), '<', path);
}

static void spoil_end(struct market_answer *a)
{
	if (is_html(a))
		replace(&a->body, STR("</body>"), STR("<a rel=\"next\" href=\"\">다음</a></body>"));
}

/* Each link of the site gets a parameter that no answer before had. */
static void spoil_links(const struct market_fault *f, const char *name, struct market_answer *a)
{
	const struct str from = STR(" href=\"/");
	struct str rest = buf_str(&a->body), url;
	struct buf out;
	ptrdiff_t at;

	if (!is_html(a))
		return;
	buf_init(&out, a->body.cap);
	while ((at = str_find(rest, from)) >= 0) {
		buf_add(&out, str_sub(rest, 0, (size_t)at + from.n));
		rest = str_sub(rest, (size_t)at + from.n, rest.n);
		at = str_find_char(rest, '"');
		url = str_sub(rest, 0, at < 0 ? rest.n : (size_t)at);
		buf_add(&out, url);
		buf_fmt(&out, "%s%s=%016llx", str_find_char(url, '?') < 0 ? "?" : "&amp;", name,
			(unsigned long long)f->hit);
		rest = str_sub(rest, url.n, rest.n);
	}
	buf_add(&out, rest);
	buf_done(&a->body);
	a->body = out;
}

/* A comma before the last brace of the JSON-LD; the API's JSON loses its tail. */
static void spoil_json(struct market_answer *a)
{
	size_t keep = a->body.n * 2 / 3;

	if (is_html(a))
		replace(&a->body, STR("}</script>"), STR(",}</script>"));
	if (!is_json(a))
		return;
	while (keep > 0 && ((unsigned char)a->body.p[keep] & 0xc0) == 0x80)
		keep--;
	a->body.n = keep;
	buf_add_text(&a->body, ",]}");
}

/* One character, or a numeric reference where CP949 has none. */
static void add_cp949(iconv_t to_cp949, struct str one, struct buf *out)
{
	char copy[4], packed[8], *in = copy, *to = packed;
	size_t in_left = one.n, to_left = sizeof(packed);
	uint32_t code;

	memcpy(copy, one.p, one.n);
	if (iconv(to_cp949, &in, &in_left, &to, &to_left) != (size_t)-1) {
		buf_add(out, (struct str){ packed, sizeof(packed) - to_left });
		return;
	}
	iconv(to_cp949, NULL, NULL, NULL, NULL);
	if (utf8_decode(one, &code))
		buf_fmt(out, "&#%lu;", (unsigned long)code);
}

static void spoil_charset(struct market_answer *a)
{
	struct str rest;
	struct buf out;
	iconv_t cd;
	size_t len;

	if (!is_html(a))
		return;
	replace(&a->body, STR("<meta charset=\"utf-8\">"), STR("<meta charset=\"euc-kr\">"));
	cd = iconv_open("CP949", "UTF-8");
	must(cd != (iconv_t)-1);
	buf_init(&out, a->body.cap);
	for (rest = buf_str(&a->body); rest.n; rest = str_sub(rest, len, rest.n)) {
		len = utf8_length(rest);
		if (len == 0)
			len = 1;
		add_cp949(cd, str_sub(rest, 0, len), &out);
	}
	iconv_close(cd);
	buf_done(&a->body);
	a->body = out;
	a->type = "text/html; charset=euc-kr";
}

void market_spoil_answer(const struct market_fault *f, int64_t now_ms, struct market_answer *a)
{
	switch (f->does) {
	case FAULT_STATUS:
		spoil_status(f, now_ms, a);
		break;
	case FAULT_REDIRECT:
		spoil_redirect(f, a);
		break;
	case FAULT_EUCKR:
		spoil_charset(a);
		break;
	case FAULT_BADJSON:
		spoil_json(a);
		break;
	case FAULT_MARKUP:
		spoil_markup(a);
		break;
	case FAULT_CATEGORY:
		spoil_category(a);
		break;
	case FAULT_ENDLESS:
		spoil_end(a);
		break;
	case FAULT_SESSION:
		spoil_links(f, "PHPSESSID", a);
		break;
	case FAULT_TRACKED:
		spoil_links(f, "t", a);
		break;
	case FAULT_EMPTY:
		buf_clear(&a->body);
		break;
	case FAULT_BOMB:
		buf_clear(&a->body);
		market_gzip_bomb(f->mb, &a->body);
		a->packed = true;
		break;
	default:
		return;
	}
	a->etag = false;
}
