#include "base/opt.h"

#include "base/must.h"

#include <stdio.h>
#include <string.h>

static const struct opt *by_name(const struct opt *t, struct str name)
{
	for (; t->name; t++)
		if (str_is(name, t->name))
			return t;
	return NULL;
}

static const struct opt *by_letter(const struct opt *t, char c)
{
	for (; t->name; t++)
		if (t->letter && t->letter == c)
			return t;
	return NULL;
}

static enum err unknown(const struct opt *t, struct str name, struct reason *why)
{
	const char *near = NULL;
	size_t best = 4, d;

	for (; t->name; t++) {
		d = str_distance(name, str_of(t->name));
		if (d < best) {
			best = d;
			near = t->name;
		}
	}
	if (near)
		return reason_set(why, ERR_BAD, "unknown option --%.*s; did you mean --%s?",
				  STR_ARG(name), near);
	return reason_set(why, ERR_BAD, "unknown option --%.*s; see --help", STR_ARG(name));
}

static bool in_range(const struct opt *o, double x)
{
	return (o->min == 0 && o->max == 0) || (x >= (double)o->min && x <= (double)o->max);
}

static enum err store_value(const struct opt *o, const char *text, void *into, struct reason *why)
{
	char *at = (char *)into + o->at;
	int64_t n;
	double x;

	switch (o->type) {
	case OPT_FLAG:
		*(bool *)at = true;
		return ERR_OK;
	case OPT_TEXT:
		memcpy(at, &text, sizeof(text));
		return ERR_OK;
	case OPT_INT:
		if (!str_i64(str_of(text), &n) || !in_range(o, (double)n))
			break;
		memcpy(at, &n, sizeof(n));
		return ERR_OK;
	case OPT_REAL:
		if (!str_f64(str_of(text), &x) || !in_range(o, x))
			break;
		memcpy(at, &x, sizeof(x));
		return ERR_OK;
	}
	if (o->min == 0 && o->max == 0)
		return reason_set(why, ERR_BAD, "--%s wants a number, not '%s'", o->name, text);
	return reason_set(why, ERR_BAD, "--%s wants a number from %lld to %lld, not '%s'", o->name,
			  (long long)o->min, (long long)o->max, text);
}

struct walk {
	const struct opt *table;
	int argc, i;
	char **argv;
	void *into;
	struct reason *why;
};

static enum err take(struct walk *w, const struct opt *o, const char *value)
{
	if (o->type != OPT_FLAG && !value) {
		if (w->i + 1 >= w->argc)
			return reason_set(w->why, ERR_BAD, "--%s wants a value: %s", o->name,
					  o->value ? o->value : "VALUE");
		value = w->argv[++w->i];
	}
	return store_value(o, value, w->into, w->why);
}

static enum err long_option(struct walk *w, const char *arg)
{
	struct str name = str_of(arg + 2);
	ptrdiff_t eq = str_find_char(name, '=');
	const char *value = NULL;
	const struct opt *o;

	if (eq >= 0) {
		value = name.p + eq + 1;
		name = str_sub(name, 0, (size_t)eq);
	}
	o = by_name(w->table, name);
	if (!o)
		return unknown(w->table, name, w->why);
	if (o->type == OPT_FLAG && value)
		return reason_set(w->why, ERR_BAD, "--%s takes no value", o->name);
	return take(w, o, value);
}

static enum err short_options(struct walk *w, const char *arg)
{
	const struct opt *o;
	enum err err;

	for (arg++; *arg; arg++) {
		o = by_letter(w->table, *arg);
		if (!o)
			return reason_set(w->why, ERR_BAD, "unknown option -%c; see --help", *arg);
		if (o->type != OPT_FLAG)
			return take(w, o, arg[1] ? arg + 1 : NULL);
		err = take(w, o, NULL);
		if (err)
			return err;
	}
	return ERR_OK;
}

enum err opt_parse(const struct opt *table, int argc, char **argv, void *into, const char **args,
		   int *ret_n, struct reason *why)
{
	struct walk w = { .table = table, .argc = argc, .argv = argv, .into = into, .why = why };
	bool only_args = false;
	enum err err;
	int n = 0;

	for (w.i = 1; w.i < argc; w.i++) {
		const char *a = argv[w.i];

		if (only_args || a[0] != '-' || a[1] == 0) {
			args[n++] = a;
			continue;
		}
		if (strcmp(a, "--") == 0) {
			only_args = true;
			continue;
		}
		err = a[1] == '-' ? long_option(&w, a) : short_options(&w, a);
		if (err)
			return err;
	}
	*ret_n = n;
	return ERR_OK;
}

/* Words of `doc` from column `left` on, broken before column 80. */
static void wrapped(struct buf *to, const char *doc, size_t left, size_t column)
{
	struct str rest = str_of(doc), word;

	while (str_next(&rest, ' ', &word)) {
		if (column > left && column + word.n + 1 > 80) {
			buf_fmt(to, "\n%*s", (int)left, "");
			column = left;
		} else if (column > left) {
			buf_add_char(to, ' ');
			column++;
		}
		buf_add(to, word);
		column += word.n;
	}
	buf_add_char(to, '\n');
}

void opt_help(const struct opt *table, struct buf *to)
{
	const size_t left = 26;

	for (; table->name; table++) {
		size_t from = to->n, used;

		if (table->letter)
			buf_fmt(to, "  -%c, --%s", table->letter, table->name);
		else
			buf_fmt(to, "      --%s", table->name);
		if (table->type != OPT_FLAG)
			buf_fmt(to, " %s", table->value ? table->value : "VALUE");
		used = to->n - from;
		if (used + 2 > left) {
			buf_add_char(to, '\n');
			used = 0;
		}
		buf_fmt(to, "%*s", (int)(left - used), "");
		wrapped(to, table->doc, left, left);
	}
}

void opt_mdoc_text(const char *text, struct buf *to)
{
	bool start = true; /* of a line */

	for (; *text; text++) {
		if (start && (*text == '.' || *text == '\''))
			buf_add_text(to, "\\&");
		start = *text == '\n' || strncmp(text, ". ", 2) == 0;
		if (start && *text == '.') {
			buf_add_text(to, ".\n");
			text++;
		} else if (*text == '\\') {
			buf_add_text(to, "\\e");
		} else {
			buf_add_char(to, *text);
		}
	}
	buf_add_char(to, '\n');
}

void opt_mdoc(const struct opt *table, struct buf *to)
{
	for (; table->name; table++) {
		buf_add_text(to, ".It ");
		if (table->letter)
			buf_fmt(to, "Fl %c , ", table->letter);
		buf_fmt(to, "Fl -%s", table->name);
		if (table->type != OPT_FLAG)
			buf_fmt(to, " Ar %s", table->value ? table->value : "VALUE");
		buf_add_char(to, '\n');
		opt_mdoc_text(table->doc, to);
	}
}
