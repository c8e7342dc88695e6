#include "extractor/extract_jq.h"

#include "base/buf.h"
#include "base/mem.h"
#include "base/must.h"
#include "extractor/extract_bound.h"
#include "extractor/extract_guard.h"
#include "extractor/extract_watch.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct extract_jq {
	jq_state *state;
	struct reason *why; /* while compiling: where the first message goes */
	struct extract_watch watch;
};

/* jq speaks of "jq: error: WHAT at <unknown>, line 1:" and the program. */
static void on_message(void *ctx, jv m)
{
	struct extract_jq *q = ctx;
	struct str s, line;

	if (q->why && jv_get_kind(m) == JV_KIND_STRING) {
		s = (struct str){ jv_string_value(m), (size_t)jv_string_length_bytes(jv_copy(m)) };
		if (str_starts(s, STR("jq: error: ")))
			s = str_sub(s, 11, s.n);
		str_next(&s, '\n', &line);
		reason_set(q->why, ERR_BAD, "%.*s", STR_ARG(line));
		q->why = NULL;
	}
	jv_free(m);
}

static bool compile(jq_state *state, const char *program)
{
	size_t n = strlen(program);
	struct buf b;
	bool good;

	extract_guard_init();
	buf_init(&b, EXTRACT_GUARD_MOST + n);
	extract_guard_add(&b, (struct str){ program, n });
	buf_add_text(&b, program);
	must(!b.full);
	good = jq_compile(state, buf_str(&b).p);
	buf_done(&b);
	return good;
}

enum err extract_jq_new(const char *program, struct extract_jq **ret, struct reason *why)
{
	struct extract_jq *q;
	struct reason own;
	enum err err = extract_bound_check(str_of(program), why);

	if (err)
		return err;
	q = mem_zero(sizeof(*q));
	extract_jq_limit(q, EXTRACT_WATCH_CPU_MS, EXTRACT_WATCH_BYTES);
	reason_set(&own, ERR_BAD, "not a jq program");
	q->state = jq_init();
	if (!q->state)
		abort();
	/* jq_init of 1.6 leaves these unset */
	jq_set_input_cb(q->state, NULL, NULL);
	jq_set_debug_cb(q->state, NULL, NULL);
	/* without it an `import` makes libjq 1.6 abort */
	jq_set_attr(q->state, jv_string("JQ_LIBRARY_PATH"), jv_array());
	q->why = &own;
	jq_set_error_cb(q->state, on_message, q);
	if (!compile(q->state, program))
		err = reason_set(why, ERR_BAD, "%s", own.text);
	q->why = NULL;
	if (err)
		extract_jq_free(q);
	else
		*ret = q;
	return err;
}

void extract_jq_free(struct extract_jq *q)
{
	if (!q)
		return;
	extract_watch_stop(&q->watch);
	if (q->state)
		jq_teardown(&q->state);
	mem_free(q);
}

void extract_jq_start(struct extract_jq *q, jv input)
{
	jq_start(q->state, input, 0);
	extract_watch_start(&q->watch, q->state);
}

void extract_jq_stop(struct extract_jq *q)
{
	extract_watch_stop(&q->watch);
	/* lets go of the input */
	jq_start(q->state, jv_null(), 0);
}

void extract_jq_limit(struct extract_jq *q, int cpu_ms, int64_t bytes)
{
	q->watch.cpu_ms = cpu_ms;
	q->watch.most = bytes;
}

static enum err halted(const struct extract_watch *w, struct reason *why)
{
	if (w->end == WATCH_CPU)
		return reason_set(why, ERR_TOO_BIG,
				  "selectors took %d ms of CPU time, and were "
				  "stopped",
				  w->cpu_ms);
	return reason_set(why, ERR_TOO_BIG, "selectors took %lld MiB of memory, and were stopped",
			  (long long)(w->most >> 20));
}

/* The message of an invalid value, or none. Frees `v`. */
static bool message(jv v, struct reason *why)
{
	jv m = jv_invalid_get_msg(v);
	bool any = jv_get_kind(m) != JV_KIND_NULL;

	if (jv_get_kind(m) == JV_KIND_STRING)
		reason_set(why, ERR_BAD, "%s", jv_string_value(m));
	else if (any)
		reason_set(why, ERR_BAD, "an error that is not a text");
	jv_free(m);
	return any;
}

bool extract_jq_next(struct extract_jq *q, jv *ret, enum err *ret_err, struct reason *why)
{
	jv v = extract_watch_next(&q->watch);

	if (q->watch.end) {
		jv_free(v);
		*ret_err = halted(&q->watch, why);
		return false;
	}
	if (jv_get_kind(v) != JV_KIND_INVALID) {
		*ret = v;
		return true;
	}
	*ret_err = message(v, why) ? ERR_BAD : ERR_OK;
	return false;
}

enum err extract_jq_parse(struct str body, jv *ret, struct reason *why)
{
	jv_parser *p;
	jv v, more;
	enum err err = ERR_OK;

	if (body.n > INT_MAX)
		return reason_set(why, ERR_TOO_BIG, "%zu bytes of JSON", body.n);
	p = jv_parser_new(0);
	jv_parser_set_buf(p, body.p, (int)body.n, 0);
	v = jv_parser_next(p);
	if (jv_get_kind(v) == JV_KIND_INVALID) {
		if (!message(v, why))
			reason_set(why, ERR_BAD, "no JSON value");
		err = ERR_BAD;
		goto out;
	}
	more = jv_parser_next(p);
	if (jv_get_kind(more) != JV_KIND_INVALID) {
		jv_free(more);
		err = reason_set(why, ERR_BAD, "more than one JSON value");
	} else if (message(more, why)) {
		err = ERR_BAD;
	}
	if (err)
		jv_free(v);
	else
		*ret = v;
out:
	jv_parser_free(p);
	return err;
}

/* Shortest decimal that reads back as `x`; listings have prices of 0.1, not of
 * 0.10000000000000001. */
struct str extract_jq_number(double x, struct arena *a, struct str *ret_why)
{
	struct str none = { 0 };
	char text[400];
	int digits;

	if (!isfinite(x)) {
		*ret_why = STR("not a number");
		return none;
	}
	if (x == floor(x)) {
		if (fabs(x) <= 9007199254740992.0)
			return arena_fmt(a, "%.0f", x + 0.0);
		*ret_why = STR("a number past 2^53, which is not exact");
		return none;
	}
	for (digits = 1; digits < 330; digits++) {
		snprintf(text, sizeof(text), "%.*f", digits, x);
		if (strtod(text, NULL) == x)
			break;
	}
	return arena_text(a, text);
}

struct str extract_jq_text(jv v, struct arena *a, struct str *ret_why)
{
	struct str s = { 0 };

	switch (jv_get_kind(v)) {
	case JV_KIND_STRING:
		s.p = jv_string_value(v);
		s.n = (size_t)jv_string_length_bytes(jv_copy(v));
		s = arena_str(a, s);
		break;
	case JV_KIND_NUMBER:
		s = extract_jq_number(jv_number_value(v), a, ret_why);
		break;
	case JV_KIND_TRUE:
		s = STR("true");
		break;
	case JV_KIND_FALSE:
		s = STR("false");
		break;
	case JV_KIND_ARRAY:
		*ret_why = STR("an array");
		break;
	case JV_KIND_OBJECT:
		*ret_why = STR("an object");
		break;
	default:
		break;
	}
	jv_free(v);
	return s;
}
