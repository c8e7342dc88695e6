#include "extractor/extract_bound.h"

#include "base/utf8.h"

#include <string.h>

#define MOST_DEPTH 100 /* of brackets */

/* Of jq 1.6, those that end in steps bounded by what they are given. */
static const char *const taken[] = {
	/* words of the language */
	"if",
	"then",
	"elif",
	"else",
	"end",
	"and",
	"or",
	"not",
	"as",
	"try",
	"catch",
	"null",
	"true",
	"false",
	/* kinds of values */
	"type",
	"arrays",
	"objects",
	"iterables",
	"booleans",
	"numbers",
	"normals",
	"finites",
	"strings",
	"nulls",
	"values",
	"scalars",
	"isnan",
	"isinfinite",
	"isfinite",
	"isnormal",
	"infinite",
	"nan",
	/* choosing */
	"select",
	"empty",
	"error",
	"first",
	"last",
	"nth",
	"limit",
	"range",
	"isempty",
	"isvalid",
	"any",
	"all",
	"has",
	"in",
	"IN",
	"recurse",
	"recurse_down",
	/* members */
	"length",
	"utf8bytelength",
	"keys",
	"keys_unsorted",
	"map",
	"map_values",
	"path",
	"paths",
	"leaf_paths",
	"getpath",
	"del",
	"delpaths",
	"pick",
	"to_entries",
	"from_entries",
	"with_entries",
	"add",
	"flatten",
	"reverse",
	"sort",
	"sort_by",
	"group_by",
	"min",
	"max",
	"min_by",
	"max_by",
	"unique",
	"unique_by",
	"transpose",
	"toarray",
	/* numbers */
	"tonumber",
	"floor",
	"ceil",
	"round",
	"trunc",
	"sqrt",
	"fabs",
	"abs",
	"pow",
	"log",
	"log2",
	"log10",
	"exp",
	"exp2",
	"exp10",
	"nearbyint",
	/* texts */
	"tostring",
	"tojson",
	"fromjson",
	"ascii_downcase",
	"ascii_upcase",
	"explode",
	"split",
	"splits",
	"join",
	"ltrimstr",
	"rtrimstr",
	"startswith",
	"endswith",
	"trim",
	"ltrim",
	"rtrim",
	"test",
	"match",
	"capture",
	"scan",
	"sub",
	"gsub",
	/* times */
	"todate",
	"fromdate",
	"fromdateiso8601",
	"todateiso8601",
	"mktime",
	"gmtime",
	"strptime",
	"strftime",
	"now",
};

/* What people write instead. */
static const struct instead {
	const char *name, *say;
} instead[] = {
	{ "def", "`..` finds what is nested" },
	{ "repeat", "it never ends" },
	{ "until", "it may never end" },
	{ "while", "it may never end" },
	{ "walk", "`..` finds what is nested" },
	{ "reduce", "`add`, `join`, `min_by`, `group_by` look at all of an array" },
	{ "foreach", "`to_entries` has each with its number" },
	{ "index", "`test`, `match` and `split` look into texts" },
	{ "rindex", "`test`, `match` and `split` look into texts" },
	{ "indices", "`test`, `match` and `split` look into texts" },
	{ "env", "selectors see the page alone" },
	{ "ENV", "selectors see the page alone" },
};

#define IN_TEXT '\\' /* the bracket of `\(` in a text */

struct reading {
	struct str rest;
	struct reason *why;
	int depth;
	char within[MOST_DEPTH]; /* brackets that are open */
	char before;		 /* the first byte of the token before */
	bool value;		 /* the token before ends a value: a `[` looks into it */
};

static bool is_name(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
	       (c >= '0' && c <= '9');
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static void skip(struct reading *r, size_t n)
{
	r->rest = str_sub(r->rest, n, r->rest.n);
}

static char peek(const struct reading *r, size_t i)
{
	if (i >= r->rest.n)
		return 0;
	return r->rest.p[i];
}

/* And comments. Which line feeds end one is another thing in another libjq. */
static enum err skip_space(struct reading *r)
{
	bool comment = false;

	for (; r->rest.n; skip(r, 1)) {
		char c = peek(r, 0);

		if (comment && ((c == '\\' && strchr("\r\n", peek(r, 1))) ||
				(c == '\r' && peek(r, 1) != '\n')))
			return reason_set(r->why, ERR_BAD,
					  "a comment's line ends in a line feed alone");
		if (comment)
			comment = c != '\n';
		else if (c == '#')
			comment = true;
		else if (!is_space(c))
			break;
	}
	return ERR_OK;
}

static struct str take_name(struct reading *r)
{
	size_t n = 0;

	while (is_name(peek(r, n)))
		n++;

	struct str name = str_sub(r->rest, 0, n);

	skip(r, n);
	return name;
}

static enum err refuse(struct reading *r, struct str what)
{
	for (size_t i = 0; i < sizeof(instead) / sizeof(*instead); i++)
		if (str_is(what, instead[i].name))
			return reason_set(r->why, ERR_BAD, "`%s` is not taken in selectors: %s",
					  instead[i].name, instead[i].say);
	return reason_set(r->why, ERR_BAD, "`%.*s` is no function of selectors",
			  (int)utf8_cut(what, 40).n, what.p);
}

static enum err open(struct reading *r, char bracket)
{
	if (r->depth == MOST_DEPTH)
		return reason_set(r->why, ERR_BAD, "brackets nest more than %d deep", MOST_DEPTH);
	r->within[r->depth++] = bracket;
	skip(r, 1);
	return ERR_OK;
}

/* Whether what stands in brackets behind a value is nothing, numbers or texts: it names members. */
static bool is_named(const struct reading *r)
{
	bool text = false;

	for (size_t i = 1; i < r->rest.n; i++) {
		char c = r->rest.p[i];

		if (text && c == '\\' && peek(r, ++i) == '(')
			return false;
		if (c == '"')
			text = !text;
		else if (!text && c == ']')
			return true;
		else if (!text && !is_digit(c) && !is_space(c) && !strchr("-+.:,eE", c))
			return false;
	}
	return true;
}

static enum err open_square(struct reading *r)
{
	if (r->value && !is_named(r))
		return reason_set(
			r->why, ERR_BAD,
			"`[ ]` behind a value takes a number or a text in selectors: what "
			"is computed goes by getpath, as .id as $i | .a | getpath([$i])");
	return open(r, '[');
}

/* The rest of a text, up to its end or to a bracket in it. */
static enum err read_text(struct reading *r)
{
	for (; r->rest.n && peek(r, 0) != '"'; skip(r, 1)) {
		if (peek(r, 0) != '\\')
			continue;
		skip(r, 1);
		if (peek(r, 0) == '(')
			return open(r, IN_TEXT);
	}
	skip(r, 1);
	return ERR_OK;
}

static enum err close(struct reading *r)
{
	skip(r, 1);
	return r->depth && r->within[--r->depth] == IN_TEXT ? read_text(r) : ERR_OK;
}

/* Whether what stands in brackets is a path of one step or more: `(.children[]?)`. */
static bool is_path(const struct reading *r)
{
	bool steps = false;

	for (size_t i = 1; i < r->rest.n; i++) {
		char c = r->rest.p[i], was = r->rest.p[i - 1];

		if (c == ')')
			return steps;
		if (is_name(c) ? !is_name(was) && was != '.' : !is_space(c) && !strchr(".[]?", c))
			return false;
		/* not an array that is made */
		if (c == '[' && !is_name(was) && !strchr(".]?", was))
			return false;
		steps |= is_name(c) || c == '[';
	}
	return false;
}

/* A path goes down the page; `recurse(.)` goes nowhere. */
static enum err read_recurse(struct reading *r)
{
	while (is_space(peek(r, 0)))
		skip(r, 1);
	if (peek(r, 0) != '(' || is_path(r))
		return ERR_OK;
	return reason_set(r->why, ERR_BAD,
			  "`recurse` takes a path in selectors, as recurse(.children[]?)");
}

/* Of `contains("x")` one side is the program's own. */
static enum err read_contains(struct reading *r, struct str name)
{
	size_t i = 1;

	while (is_space(peek(r, 0)))
		skip(r, 1);
	while (is_space(peek(r, i)))
		i++;
	if (peek(r, 0) == '(' && peek(r, i) == '"') {
		for (i++; i < r->rest.n && r->rest.p[i] != '"'; i++)
			if (r->rest.p[i] == '\\')
				break;
		if (peek(r, i) == '"' && peek(r, i + 1) == ')')
			return ERR_OK;
	}
	return reason_set(r->why, ERR_BAD, "`%.*s` takes a text in selectors, as %.*s(\"x\")",
			  STR_ARG(name), STR_ARG(name));
}

static bool is_key(const struct reading *r)
{
	return r->depth && r->within[r->depth - 1] == '{' && strchr("{,", r->before);
}

static enum err read_word(struct reading *r)
{
	bool key = is_key(r), known = false;
	struct str name = take_name(r);

	if (key)
		return ERR_OK;
	if (str_is(name, "contains") || str_is(name, "inside"))
		return read_contains(r, name);
	for (size_t i = 0; i < sizeof(taken) / sizeof(*taken) && !known; i++)
		known = str_is(name, taken[i]);
	/* `::` is a module's */
	if (!known || (peek(r, 0) == ':' && peek(r, 1) == ':'))
		return refuse(r, name);
	return str_starts(name, STR("recurse")) ? read_recurse(r) : ERR_OK;
}

static enum err read_variable(struct reading *r)
{
	struct str name;

	skip(r, 1);
	name = take_name(r);
	if (str_is(name, "ENV") || (peek(r, 0) == ':' && peek(r, 1) == ':'))
		return refuse(r, name);
	return ERR_OK;
}

static void read_number(struct reading *r)
{
	size_t sign;

	while (is_digit(peek(r, 0)) || peek(r, 0) == '.')
		skip(r, 1);
	if (peek(r, 0) != 'e' && peek(r, 0) != 'E')
		return;
	sign = peek(r, 1) == '+' || peek(r, 1) == '-';
	if (!is_digit(peek(r, 1 + sign)))
		return;
	skip(r, 1 + sign);
	while (is_digit(peek(r, 0)))
		skip(r, 1);
}

/* Comparisons have a `=`, too. */
static enum err read_operator(struct reading *r)
{
	char c = peek(r, 0);

	if (strchr("=!<>", c) && peek(r, 1) == '=') {
		skip(r, 2);
		return ERR_OK;
	}
	skip(r, 1);
	if (c == '=' || (strchr("|+-*/%", c) && peek(r, 0) == '='))
		return reason_set(r->why, ERR_BAD,
				  "assignments are not taken in selectors: `|` hands on a value");
	return ERR_OK;
}

static enum err read_token(struct reading *r)
{
	char c = peek(r, 0);

	switch (c) {
	case '"':
		skip(r, 1);
		return read_text(r);
	case '[':
		return open_square(r);
	case '(':
	case '{':
		return open(r, c);
	case ')':
	case ']':
	case '}':
		return close(r);
	case '$':
		return read_variable(r);
	case '@':
		skip(r, 1);
		take_name(r);
		return ERR_OK;
	case '.':
		skip(r, 1);
		if (is_digit(peek(r, 0)))
			read_number(r);
		else
			take_name(r);
		return ERR_OK;
	default:
		break;
	}
	if (is_digit(c)) {
		read_number(r);
		return ERR_OK;
	}
	return is_name(c) ? read_word(r) : read_operator(r);
}

/* Of a token. A text ends where a bracket in it begins. */
static bool ends_value(struct str token)
{
	static const char *const words[] = { "if", "then", "elif", "else", "and",
					     "or", "as",   "try",  "catch" };
	char last;

	if (!token.n) /* a text that nothing ends */
		return true;
	last = token.p[token.n - 1];
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (str_is(token, words[i]))
			return false;
	return is_name(last) || strchr(".])}\"?", last);
}

enum err extract_bound_check(struct str program, struct reason *why)
{
	struct reading r = { .rest = program, .why = why };
	enum err err = ERR_OK;

	err = skip_space(&r);
	while (r.rest.n && !err) {
		struct str at = r.rest;

		err = read_token(&r);
		r.before = at.p[0];
		r.value = ends_value(str_trim(str_sub(at, 0, at.n - r.rest.n)));
		if (!err)
			err = skip_space(&r);
	}
	return err;
}
