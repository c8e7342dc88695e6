#include "config/conf_auth.h"

#include "base/file.h"
#include "config/conf_show.h"

#include <ctype.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const types[] = { [AUTH_BASIC] = "basic",
				     [AUTH_BEARER] = "bearer",
				     [AUTH_HEADER] = "header",
				     [AUTH_QUERY] = "query",
				     NULL };

const struct conf_row conf_auth_rows[] = {
	{ .name = "type",
	  .type = CONF_CHOICE,
	  .at = offsetof(struct conf_auth, type),
	  .required = true,
	  .choices = types,
	  .doc = "How the credential is sent: as a password (RFC 7617), as a bearer token (RFC "
		 "6750), as the value of the header or of the query parameter `name`." },
	{ .name = "credential",
	  .type = CONF_TEXT,
	  .at = offsetof(struct conf_auth, credential),
	  .required = true,
	  .wrong = conf_table_name_wrong,
	  .doc = "Its name. The value is no part of the configuration: it is the file of that name "
		 "in $CREDENTIALS_DIRECTORY (LoadCredential= of systemd), or "
		 "$PIPED_CREDENTIAL_NAME of the environment, the name in capitals with _ for . and "
		 "-." },
	{ .name = "user",
	  .type = CONF_TEXT,
	  .at = offsetof(struct conf_auth, user),
	  .doc = "With basic: who asks. Without it the credential is USER:PASSWORD." },
	{ .name = "name",
	  .type = CONF_TEXT,
	  .at = offsetof(struct conf_auth, name),
	  .doc = "With header and query: whose value it is." },
	{ .name = NULL },
};

/* What is not of the type is a slip of the pen. */
static void check_keys(struct conf_reader *r, const struct conf_auth *auth,
		       const struct conf_node *n)
{
	bool wants_name = auth->type == AUTH_HEADER || auth->type == AUTH_QUERY;
	const struct conf_node *name = conf_yaml_child(n, "name"),
			       *user = conf_yaml_child(n, "user");

	if (wants_name && !name)
		conf_problem_add(r->problems, conf_yaml_at(n), "`auth` of type %s wants a `name`",
				 types[auth->type]);
	if (!wants_name && name)
		conf_problem_add(r->problems, name->key_at,
				 "`name` is for the types header and query");
	if (auth->type != AUTH_BASIC && user)
		conf_problem_add(r->problems, user->key_at, "`user` is for the type basic");
	for (size_t i = 0; name && i < auth->name.n; i++)
		if (!isalnum((unsigned char)auth->name.p[i]) && !strchr("-_.", auth->name.p[i])) {
			conf_problem_add(r->problems, name->at,
					 "a name here is letters, digits, - _ and .");
			break;
		}
	for (size_t i = 0; user && i < auth->user.n; i++)
		if ((unsigned char)auth->user.p[i] < ' ' || auth->user.p[i] == ':') {
			conf_problem_add(r->problems, user->at, "a user's name has no colon");
			break;
		}
}

static void read_auth(struct conf_reader *r, const struct conf_row *row, const struct conf_node *n,
		      void *into)
{
	struct conf_source *s = into;
	int before = r->problems->n;

	(void)row;
	conf_table_read(r, conf_auth_rows, n, &s->auth);
	if (r->problems->n == before)
		check_keys(r, &s->auth, n);
}

static struct conf_node *show_auth(struct arena *a, const struct conf_row *row, const void *from)
{
	const struct conf_source *s = from;

	(void)row;
	return s->auth.credential.p ? conf_show_rows(a, conf_auth_rows, &s->auth) : NULL;
}

const struct conf_part conf_auth_part = {
	.what = "a map of type, credential and what the type needs",
	.read = read_auth,
	.show = show_auth,
};

/* ---- where values name one ---- */

/* The length of the mark at the start of `s`, plain or percent-encoded; or 0. */
static size_t mark(struct str s, char plain, const char *encoded)
{
	if (s.n && s.p[0] == plain)
		return 1;
	return s.n >= 3 && str_eq_nocase(str_sub(s, 0, 3), str_of(encoded)) ? 3 : 0;
}

static bool placeholder(struct str s, size_t *ret_bytes, struct str *ret_name)
{
	static const struct str word = { "credential", 10 };
	size_t open = mark(s, '{', "%7B"), at = open + word.n, n, colon, shut = 0;

	if (!open || !str_starts(str_sub(s, open, s.n), word))
		return false;
	colon = mark(str_sub(s, at, s.n), ':', "%3A");
	if (!colon)
		return false;
	at += colon;
	for (n = at; n < s.n && !shut; n++)
		shut = mark(str_sub(s, n, s.n), '}', "%7D");
	if (!shut || conf_table_name_wrong(str_sub(s, at, n - 1 - at)))
		return false;
	*ret_name = str_sub(s, at, n - 1 - at);
	*ret_bytes = n - 1 + shut;
	return true;
}

bool conf_auth_next(struct str *rest, struct str *ret_before, struct str *ret_name)
{
	size_t bytes;

	for (size_t i = 0; i < rest->n; i++) {
		if ((rest->p[i] != '{' && rest->p[i] != '%') ||
		    !placeholder(str_sub(*rest, i, rest->n), &bytes, ret_name))
			continue;
		*ret_before = str_sub(*rest, 0, i);
		*rest = str_sub(*rest, i + bytes, rest->n);
		return true;
	}
	*ret_before = *rest;
	*rest = (struct str){ 0 };
	return false;
}

static bool is_secret_word(struct str word)
{
	static const char *const ends[] = { "auth",    "authorization", "authentication",
					    "cookie",  "secret",	"token",
					    "key",     "password",	"passwd",
					    "session", "sessionid",	"credential",
					    NULL };

	for (int i = 0; ends[i]; i++) {
		size_t n = strlen(ends[i]);

		if (word.n >= n && str_eq_nocase(str_sub(word, word.n - n, n), str_of(ends[i])))
			return true;
	}
	return false;
}

/* X-Author and X-Keyword are none; X-Naver-Client-Secret and X-ApiKey are. */
bool conf_auth_is_secret(struct str header)
{
	size_t from = 0;

	for (size_t i = 0; i <= header.n; i++)
		if (i == header.n || header.p[i] == '-' || header.p[i] == '_') {
			if (is_secret_word(str_sub(header, from, i - from)))
				return true;
			from = i + 1;
		}
	return false;
}

bool conf_auth_is_credential(struct str name)
{
	static const struct str start = { "credential:", 11 };

	return str_starts(name, start) && !conf_table_name_wrong(str_sub(name, start.n, name.n));
}

/* ---- their values ---- */

static const char *value_wrong(struct str s)
{
	if (s.n < CONF_AUTH_LEAST)
		return s.n ? "is shorter than 6 bytes" : "is empty";
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] < ' ' || s.p[i] == 0x7f)
			return "has line breaks or control characters";
	return NULL;
}

/* `from` for messages. An editor's last line break is none of it. */
static bool take(struct arena *a, struct str value, const char *from, struct conf_credential *c,
		 struct str *ret_why)
{
	while (value.n && (value.p[value.n - 1] == '\n' || value.p[value.n - 1] == '\r'))
		value.n--;
	if (value_wrong(value)) {
		*ret_why = arena_fmt(a, "%s %s", from, value_wrong(value));
		return false;
	}
	c->value = arena_str(a, value);
	return true;
}

static bool from_file(struct arena *a, struct conf_credential *c, struct str *ret_why)
{
	const char *folder = getenv("CREDENTIALS_DIRECTORY");
	struct reason why = { "" };
	char path[PATH_MAX];
	bool found = false;
	struct buf b;

	if (!folder || !*folder) {
		*ret_why = STR("$CREDENTIALS_DIRECTORY is not set");
		return false;
	}
	snprintf(path, sizeof(path), "%s/%.*s", folder, STR_ARG(c->name));
	buf_init(&b, CONF_AUTH_BYTES);
	if (file_read(path, &b, &why))
		*ret_why = arena_text(a, why.text);
	else
		found = take(a, buf_str(&b), path, c, ret_why);
	buf_done(&b);
	return found;
}

static bool from_environment(struct arena *a, struct conf_credential *c, struct str *ret_why)
{
	char name[128];
	size_t n = (size_t)snprintf(name, sizeof(name), "PIPED_CREDENTIAL_%.*s", STR_ARG(c->name));
	const char *value;

	for (size_t i = 0; i < n; i++)
		name[i] = (char)(strchr(".-", name[i]) ? '_' : toupper((unsigned char)name[i]));
	value = getenv(name);
	if (!value) {
		*ret_why = arena_fmt(a, "$%s is not set", name);
		return false;
	}
	return take(a, str_of(value), arena_fmt(a, "$%s", name).p, c, ret_why);
}

struct reading {
	struct conf_reader *r;
	struct conf_source *s;
};

static void name_credential(struct reading *g, struct str name, const char *key, bool in_urls)
{
	struct arena *a = g->r->a;
	struct conf_source *s = g->s;
	struct str file = { 0 }, environment = { 0 };
	struct conf_credential *c;

	for (int i = 0; i < s->n_credentials; i++)
		if (str_eq(s->credentials[i].name, name)) {
			s->credentials[i].in_urls |= in_urls;
			return;
		}
	if (s->n_credentials == CONF_CREDENTIALS_MOST) {
		conf_problem_add(g->r->problems, s->at, "more than %d credentials",
				 CONF_CREDENTIALS_MOST);
		return;
	}
	c = &s->credentials[s->n_credentials++];
	c->name = arena_str(a, name);
	c->in_urls = in_urls;
	if (from_file(a, c, &file) || from_environment(a, c, &environment))
		return;
	if (s->missing.p) {
		s->missing =
			arena_fmt(a, "%s; nor `%.*s` (%s)", s->missing.p, STR_ARG(c->name), key);
		return;
	}
	s->missing = arena_fmt(a, "source %.*s does not start: no credential `%.*s` (%s): %s; %s",
			       STR_ARG(s->name), STR_ARG(c->name), key, file.p, environment.p);
}

static void name_all(struct reading *g, struct str text, const char *key, bool in_urls)
{
	struct str before, name;

	while (conf_auth_next(&text, &before, &name))
		name_credential(g, name, key, in_urls);
}

void conf_auth_read(struct conf_reader *r, struct conf_source *s)
{
	struct reading g = { .r = r, .s = s };

	s->credentials = arena_array(r->a, CONF_CREDENTIALS_MOST, sizeof(*s->credentials));
	if (s->auth.credential.p)
		name_credential(&g, s->auth.credential, "auth", s->auth.type == AUTH_QUERY);
	for (int i = 0; i < s->n_headers; i++)
		name_all(&g, s->headers[i].value,
			 arena_fmt(r->a, "headers: %.*s", STR_ARG(s->headers[i].name)).p, false);
	for (int i = 0; i < s->n_seeds; i++)
		name_all(&g, s->seeds[i].url, "seeds: url", true);
	name_all(&g, s->proxy.p ? s->proxy : r->conf->proxy, "proxy", false);
}
