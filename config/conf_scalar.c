#include "config/conf_scalar.h"

#include "base/must.h"

#include <math.h>
#include <stdio.h>

/* A double holds every whole number up to here. */
#define MOST_WHOLE INT64_C(9007199254740992)

struct unit {
	const char *name;
	double worth;
};

/* Greatest first: the format takes the first that divides the number. */
static const struct unit durations[] = {
	{ .name = "d", .worth = 86400e3 }, { .name = "h", .worth = 3600e3 },
	{ .name = "min", .worth = 60e3 },  { .name = "s", .worth = 1e3 },
	{ .name = "ms", .worth = 1 },	   { .name = NULL },
};

static const struct unit sizes[] = {
	{ .name = "TiB", .worth = 1099511627776.0 },
	{ .name = "GiB", .worth = 1073741824.0 },
	{ .name = "MiB", .worth = 1048576.0 },
	{ .name = "KiB", .worth = 1024.0 },
	{ .name = "B", .worth = 1 },
	{ .name = NULL },
};

static const struct unit rates[] = {
	{ .name = "/s", .worth = 1 },
	{ .name = "/min", .worth = 1.0 / 60 },
	{ .name = "/h", .worth = 1.0 / 3600 },
	{ .name = NULL },
};

static const struct unit *units_of(enum conf_type t)
{
	switch (t) {
	case CONF_DURATION:
		return durations;
	case CONF_SIZE:
		return sizes;
	case CONF_RATE:
		return rates;
	default:
		return NULL;
	}
}

/* Digits and a point: no sign, no exponent, no hexadecimal. */
static bool plain_number(struct str s, double *ret)
{
	if (s.n == 0 || s.n > 30 || s.p[0] == '.' || s.p[s.n - 1] == '.')
		return false;
	for (size_t i = 0; i < s.n; i++)
		if ((s.p[i] < '0' || s.p[i] > '9') && s.p[i] != '.')
			return false;
	return str_f64(s, ret);
}

static bool with_unit(enum conf_type t, struct str s, double *ret)
{
	const struct unit *u = units_of(t);
	size_t n = 0;
	double x;

	while (n < s.n && ((s.p[n] >= '0' && s.p[n] <= '9') || s.p[n] == '.'))
		n++;
	if (!plain_number(str_sub(s, 0, n), &x))
		return false;
	s = str_trim(str_sub(s, n, s.n));
	if (s.n == 0 && x == 0) {
		*ret = 0;
		return true;
	}
	for (; u->name; u++) {
		if (!str_is(s, u->name))
			continue;
		/* Milliseconds and bytes are whole; 30 a minute is 30/60 exactly. */
		if (t == CONF_RATE)
			*ret = x / round(1 / u->worth);
		else
			*ret = round(x * u->worth);
		return *ret <= (double)MOST_WHOLE;
	}
	return false;
}

bool conf_scalar_number(enum conf_type t, struct str s, double *ret)
{
	int64_t i;
	double x;

	switch (t) {
	case CONF_INT:
	case CONF_INT64:
		if (!str_i64(s, &i) || i < -MOST_WHOLE || i > MOST_WHOLE)
			return false;
		*ret = (double)i;
		return true;
	case CONF_REAL:
		if (s.n == 0 || !plain_number(s.p[0] == '-' ? str_sub(s, 1, s.n) : s, &x))
			return false;
		*ret = s.p[0] == '-' ? -x : x;
		return true;
	default:
		return with_unit(t, s, ret);
	}
}

void conf_scalar_format(enum conf_type t, double x, char to[CONF_SCALAR_ROOM])
{
	const struct unit *u = units_of(t);

	if (!u) {
		snprintf(to, CONF_SCALAR_ROOM, "%.15g", x);
		return;
	}
	if (!(x > 0)) {
		snprintf(to, CONF_SCALAR_ROOM, "0");
		return;
	}
	for (; u->name; u++) {
		double n = round(x / u->worth), back = n * u->worth;

		if (t == CONF_RATE)
			back = n / round(1 / u->worth);
		if (n >= 1 && !(back < x) && !(back > x)) {
			snprintf(to, CONF_SCALAR_ROOM, "%.0f%s", n, u->name);
			return;
		}
	}
	must(t == CONF_RATE);
	snprintf(to, CONF_SCALAR_ROOM, "%.17f/s", x);
}

const char *conf_scalar_what(enum conf_type t)
{
	switch (t) {
	case CONF_BOOL:
		return "true or false";
	case CONF_INT:
	case CONF_INT64:
		return "a whole number";
	case CONF_REAL:
		return "a number";
	case CONF_DURATION:
		return "a time such as 200ms, 30s, 5min, 2h or 7d";
	case CONF_SIZE:
		return "a size such as 512KiB, 8MiB or 1GiB";
	case CONF_RATE:
		return "a rate such as 1/s, 30/min or 100/h";
	case CONF_TEXT:
		return "text";
	case CONF_PATH:
		return "a path";
	case CONF_CHOICE:
		return "one of several words";
	case CONF_TEXTS:
		return "a list of texts";
	case CONF_PART:
		break;
	}
	return "a part";
}
