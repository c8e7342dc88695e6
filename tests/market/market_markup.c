#include "market_markup.h"

#include <stdio.h>

static const char *entity(char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	default:
		return NULL;
	}
}

void market_markup_text(struct buf *b, struct str s)
{
	size_t from = 0, i;
	const char *e;

	for (i = 0; i < s.n; i++) {
		e = entity(s.p[i]);
		if (!e)
			continue;
		buf_add(b, str_sub(s, from, i - from));
		buf_add_text(b, e);
		from = i + 1;
	}
	buf_add(b, str_sub(s, from, s.n - from));
}

void market_markup_script(struct buf *b, struct str json)
{
	struct str part;
	bool first = true;

	while (str_next(&json, '<', &part)) {
		if (!first)
			buf_add_text(b, "\\u003c");
		buf_add(b, part);
		first = false;
	}
}

void market_markup_price(struct buf *b, int64_t won)
{
	char digits[24];
	int n = snprintf(digits, sizeof(digits), "%lld", (long long)won), i;

	for (i = 0; i < n; i++) {
		if (i > 0 && (n - i) % 3 == 0)
			buf_add_char(b, ',');
		buf_add_char(b, digits[i]);
	}
	buf_add_text(b, "원");
}
