#include "crawler/freshness.h"

#include "crawler/httpdate.h"
#include "crawler/httphead.h"

#define SECOND INT64_C(1000)
#define DAY_MS (86400 * SECOND)
#define YEAR_MS (365 * DAY_MS)
/* Of the time since its last modification (RFC 9111 4.2.2). */
#define GUESS_SHARE 10

/* What Cache-Control and Vary say together. */
struct control {
	int64_t max_age_ms; /* -1: nothing */
	bool is_public, ask;
};

static bool digits_only(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
	return s.n > 0;
}

/* delta-seconds (RFC 9111 1.2.2): past what fits it is for ever. -1: it is none. */
static int64_t seconds_ms(struct str s)
{
	int64_t n;

	if (!digits_only(s))
		return -1;
	return str_i64(s, &n) && n < YEAR_MS / SECOND ? n * SECOND : YEAR_MS;
}

/* The next of a list of "name" and "name=value", a value in quotes being whole. */
static bool next_directive(struct str *rest, struct str *ret_name, struct str *ret_value)
{
	bool quoted = false;
	ptrdiff_t eq;
	struct str all;
	size_t n = 0;

	if (!rest->n)
		return false;
	for (; n < rest->n && (quoted || rest->p[n] != ','); n++) {
		if (rest->p[n] == '\\' && quoted && n + 1 < rest->n)
			n++;
		else if (rest->p[n] == '"')
			quoted = !quoted;
	}
	all = str_trim(str_sub(*rest, 0, n));
	*rest = str_sub(*rest, n + 1, rest->n);
	eq = str_find_char(all, '=');
	*ret_name = eq < 0 ? all : str_sub(all, 0, (size_t)eq);
	*ret_value = eq < 0 ? (struct str){ 0 } : str_sub(all, (size_t)eq + 1, all.n);
	return true;
}

static struct str unquoted(struct str s)
{
	bool quoted = s.n >= 2 && s.p[0] == '"' && s.p[s.n - 1] == '"';

	return quoted ? str_sub(s, 1, s.n - 2) : s;
}

static void read_control(struct str value, struct control *c)
{
	struct str name, is;
	int64_t ms;

	while (next_directive(&value, &name, &is)) {
		if (str_eq_nocase(name, STR("no-cache")) || str_eq_nocase(name, STR("no-store")))
			c->ask = true;
		else if (str_eq_nocase(name, STR("public")))
			c->is_public = true;
		else if (str_eq_nocase(name, STR("max-age")) && c->max_age_ms < 0) {
			ms = seconds_ms(unquoted(is));
			c->max_age_ms = ms < 0 ? 0 : ms;
		}
	}
}

static void read_vary(struct str value, struct control *c)
{
	struct str part;

	while (str_next(&value, ',', &part))
		c->ask |= str_is(str_trim(part), "*");
}

/* Statuses that may be kept without being told so (RFC 9110 15.1). */
static bool may_guess(int status)
{
	static const int known[] = { 200, 203, 204, 206, 300, 301, 308, 404, 405, 410, 414, 501 };

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (known[i] == status)
			return true;
	return false;
}

static struct str validator(struct str value)
{
	bool fine = value.n > 0 && value.n <= FRESHNESS_VALIDATOR_MOST;

	for (size_t i = 0; fine && i < value.n; i++)
		fine = (unsigned char)value.p[i] >= ' ' && value.p[i] != 127;
	return fine ? value : (struct str){ 0 };
}

/* The first of several Ages, without parameters; what cannot be read is no age. */
static int64_t age_of(struct str value)
{
	size_t n = 0;
	int64_t ms;

	while (n < value.n && value.p[n] != ',' && value.p[n] != ';')
		n++;
	ms = seconds_ms(str_trim(str_sub(value, 0, n)));
	return ms < 0 ? 0 : ms;
}

static void add_field(struct str name, struct str value, int64_t now_ms, struct freshness *f,
		      struct control *c)
{
	if (str_eq_nocase(name, STR("cache-control")))
		read_control(value, c);
	else if (str_eq_nocase(name, STR("vary")))
		read_vary(value, c);
	else if (str_eq_nocase(name, STR("etag")) && !f->etag.p)
		f->etag = validator(value);
	else if (str_eq_nocase(name, STR("last-modified")) && !f->last_modified.p)
		f->last_modified = validator(value);
	else if (str_eq_nocase(name, STR("age")) && f->age_ms < 0)
		f->age_ms = age_of(value);
	else if (str_eq_nocase(name, STR("date")) && f->date_ms < 0)
		f->date_ms = httpdate_parse(value, now_ms, &f->date_ms) ? f->date_ms : 0;
	else if (str_eq_nocase(name, STR("expires")) && f->expires_ms < 0 &&
		 (!httpdate_parse(value, now_ms, &f->expires_ms) || f->expires_ms < 0))
		f->expires_ms = 0;
}

/* Dates and the guess: when all fields are known. */
static void weigh_dates(int status, int64_t now_ms, const struct control *c, struct freshness *f)
{
	int64_t modified;

	if (f->date_ms <= 0)
		f->date_ms = now_ms;
	if (f->age_ms < now_ms - f->date_ms)
		f->age_ms = now_ms - f->date_ms;
	if (f->age_ms < 0)
		f->age_ms = 0;
	if ((!may_guess(status) && !c->is_public) ||
	    !httpdate_parse(f->last_modified, now_ms, &modified) || modified > f->date_ms)
		return;
	f->guess_ms = (f->date_ms - modified) / GUESS_SHARE;
	if (f->guess_ms > DAY_MS)
		f->guess_ms = DAY_MS;
}

void freshness_read(struct str head, int status, int64_t now_ms, struct freshness *ret)
{
	struct freshness f = { .max_age_ms = -1, .expires_ms = -1, .age_ms = -1, .date_ms = -1 };
	struct control c = { .max_age_ms = -1 };
	struct str name, value;

	while (httphead_next(&head, &name, &value))
		add_field(name, value, now_ms, &f, &c);
	f.max_age_ms = c.ask ? 0 : c.max_age_ms;
	weigh_dates(status, now_ms, &c, &f);
	*ret = f;
}

int64_t freshness_left_ms(const struct freshness *f)
{
	int64_t life = f->guess_ms;

	if (f->max_age_ms >= 0)
		life = f->max_age_ms;
	else if (f->expires_ms >= 0)
		life = f->expires_ms - f->date_ms;
	if (life > YEAR_MS)
		life = YEAR_MS;
	return life > f->age_ms ? life - f->age_ms : 0;
}

static struct str opaque(struct str etag)
{
	bool weak = str_eq_nocase(str_sub(etag, 0, 2), STR("W/"));

	return weak ? str_sub(etag, 2, etag.n) : etag;
}

bool freshness_confirms(struct str etag, const struct freshness *not_modified)
{
	return !etag.n || !not_modified->etag.n || str_eq(opaque(etag), opaque(not_modified->etag));
}

void freshness_update(struct freshness *stored, const struct freshness *not_modified)
{
	if (not_modified->etag.n)
		stored->etag = not_modified->etag;
	if (not_modified->last_modified.n)
		stored->last_modified = not_modified->last_modified;
	if (not_modified->max_age_ms >= 0)
		stored->max_age_ms = not_modified->max_age_ms;
	if (not_modified->expires_ms >= 0)
		stored->expires_ms = not_modified->expires_ms;
	stored->date_ms = not_modified->date_ms;
	stored->age_ms = not_modified->age_ms;
	stored->guess_ms = not_modified->guess_ms;
}
