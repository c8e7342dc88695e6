#include "crawler/secret.h"

#include "base/buf.h"
#include "config/conf_auth.h"
#include "crawler/url.h"

#include <string.h>

static struct str value_of(const struct conf_source *s, struct str name, bool in_url)
{
	for (int i = 0; i < s->n_credentials; i++)
		if (str_eq(s->credentials[i].name, name) && (s->credentials[i].in_urls || !in_url))
			return s->credentials[i].value;
	return (struct str){ 0 };
}

static struct str put(const struct conf_source *s, struct str text, bool in_url, struct arena *a)
{
	struct str rest = text, before, name, value, out = STR(""), was;
	bool any;

	do {
		was = rest;
		any = conf_auth_next(&rest, &before, &name);
		value = any ? value_of(s, name, in_url) : STR("");
		if (!value.p) /* none of ours: it stays as it is */
			value = str_sub(was, before.n, was.n - before.n - rest.n);
		else if (in_url)
			value = url_escape(value, a);
		out = arena_fmt(a, "%.*s%.*s%.*s", STR_ARG(out), STR_ARG(before), STR_ARG(value));
	} while (any);
	return out;
}

struct str secret_put(const struct conf_source *s, struct str text, struct arena *a)
{
	return put(s, text, false, a);
}

static bool has_name(struct str param, struct str name)
{
	return str_starts(param, name) && (param.n == name.n || param.p[name.n] == '=');
}

static struct str with_query(struct str url, struct str name, struct str value, struct arena *a)
{
	ptrdiff_t mark = str_find_char(url, '?');
	struct str query, each, out = mark < 0 ? url : str_sub(url, 0, (size_t)mark);
	const char *joint = "?";

	query = mark < 0 ? (struct str){ 0 } : str_sub(url, (size_t)mark + 1, url.n);
	while (str_next(&query, '&', &each)) {
		if (each.n == 0 || has_name(each, name))
			continue;
		out = arena_fmt(a, "%.*s%s%.*s", STR_ARG(out), joint, STR_ARG(each));
		joint = "&";
	}
	return arena_fmt(a, "%.*s%s%.*s=%.*s", STR_ARG(out), joint, STR_ARG(name), STR_ARG(value));
}

struct str secret_url(const struct conf_source *s, struct str url, struct arena *a)
{
	const struct conf_auth *auth = &s->auth;

	if (!s->n_credentials)
		return url;
	url = put(s, url, true, a);
	if (!auth->credential.p || auth->type != AUTH_QUERY)
		return url;
	return with_query(url, auth->name, url_escape(value_of(s, auth->credential, false), a), a);
}

/* RFC 4648 4. */
static struct str base64(struct str s, struct arena *a)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	char *to = arena_alloc(a, (s.n + 2) / 3 * 4 + 1);
	size_t n = 0;

	for (size_t i = 0; i < s.n; i += 3) {
		size_t left = s.n - i;
		uint32_t x = 0;

		for (size_t k = 0; k < 3; k++)
			x = x << 8 | (k < left ? (unsigned char)s.p[i + k] : 0);
		for (size_t k = 0; k < 4; k++)
			to[n++] = (char)(k <= left ? digits[x >> (18 - 6 * k) & 63] : '=');
	}
	to[n] = 0;
	return (struct str){ to, n };
}

/* What basic says: USER:PASSWORD. */
static struct str user_and_password(const struct conf_auth *auth, struct str value, struct arena *a)
{
	return auth->user.p ? arena_fmt(a, "%.*s:%.*s", STR_ARG(auth->user), STR_ARG(value))
			    : value;
}

bool secret_header(const struct conf_source *s, struct arena *a, struct conf_header *ret)
{
	const struct conf_auth *auth = &s->auth;
	struct str value = value_of(s, auth->credential, false);

	if (!auth->credential.p || !value.p)
		return false;
	switch (auth->type) {
	case AUTH_BASIC:
		value = base64(user_and_password(auth, value, a), a);
		*ret = (struct conf_header){ STR("Authorization"),
					     arena_fmt(a, "Basic %.*s", STR_ARG(value)) };
		return true;
	case AUTH_BEARER:
		*ret = (struct conf_header){ STR("Authorization"),
					     arena_fmt(a, "Bearer %.*s", STR_ARG(value)) };
		return true;
	case AUTH_HEADER:
		*ret = (struct conf_header){ auth->name, value };
		return true;
	case AUTH_QUERY:
		break;
	}
	return false;
}

bool secret_is(const struct conf_header *h)
{
	struct str rest = h->value, before, name;

	return conf_auth_next(&rest, &before, &name) ||
	       str_eq_nocase(h->name, STR("authorization")) ||
	       str_eq_nocase(h->name, STR("cookie"));
}

/* ---- out of what is kept ---- */

static struct str without(struct str text, struct str secret, struct str name, struct arena *a)
{
	struct str rest = text;
	struct buf out;
	ptrdiff_t at;

	/* shorter ones are not taken at all, but a part of one may be */
	if (secret.n < CONF_AUTH_LEAST || str_find(text, secret) < 0)
		return text;
	buf_init(&out, SIZE_MAX / 2);
	while ((at = str_find(rest, secret)) >= 0) {
		buf_add(&out, str_sub(rest, 0, (size_t)at));
		if (name.p)
			buf_fmt(&out, "{credential:%.*s}", STR_ARG(name));
		for (size_t i = 0; !name.p && i < secret.n; i++)
			buf_add_char(&out, '*');
		rest = str_sub(rest, (size_t)at + secret.n, rest.n);
	}
	buf_add(&out, rest);
	text = arena_str(a, buf_str(&out));
	buf_done(&out);
	return text;
}

static struct str password_of(struct str value)
{
	ptrdiff_t colon = str_find_char(value, ':');

	return colon < 0 ? (struct str){ 0 } : str_sub(value, (size_t)colon + 1, value.n);
}

static struct str clean(const struct conf_source *s, struct str text, bool masked, struct arena *a)
{
	for (int i = 0; s && i < s->n_credentials && text.n; i++) {
		const struct conf_credential *c = &s->credentials[i];
		struct str name = masked ? (struct str){ 0 } : c->name;
		bool basic = s->auth.type == AUTH_BASIC && s->auth.credential.p &&
			     str_eq(s->auth.credential, c->name);

		if (!c->value.p)
			continue;
		if (basic)
			text = without(text, base64(user_and_password(&s->auth, c->value, a), a),
				       name, a);
		text = without(text, url_escape(c->value, a), name, a);
		text = without(text, c->value, name, a);
		if (basic && !s->auth.user.p)
			text = without(text, password_of(c->value), name, a);
	}
	return text;
}

struct str secret_hide(const struct conf_source *s, struct str text, struct arena *a)
{
	return clean(s, text, false, a);
}

struct str secret_mask(const struct conf_source *s, struct str text, struct arena *a)
{
	return clean(s, text, true, a);
}
