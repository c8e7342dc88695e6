#define PCRE2_CODE_UNIT_WIDTH 8
#include "base/regex.h"

#include "base/mem.h"
#include "base/must.h"

#include <pcre2.h>
#include <string.h>

#define MATCH_LIMIT 100000
#define DEPTH_LIMIT 1000
#define HEAP_LIMIT_KIB 1024

struct regex {
	pcre2_code *code;
	int needs; /* a byte without which nothing matches; -1: none is known */
};

struct regex_match {
	pcre2_match_data *data;
	pcre2_match_context *limits;
};

static void *get(size_t bytes, void *ctx)
{
	(void)ctx;
	return mem_alloc(bytes);
}

static void put(void *p, void *ctx)
{
	(void)ctx;
	mem_free(p);
}

/* Letters are matched in either case. */
static int needed(const pcre2_code *code)
{
	uint32_t known = 0, unit = 0;

	(void)pcre2_pattern_info(code, PCRE2_INFO_LASTCODETYPE, &known);
	(void)pcre2_pattern_info(code, PCRE2_INFO_LASTCODEUNIT, &unit);
	return known && unit > 0 && unit < 'A' ? (int)unit : -1;
}

static enum err compile(struct str pattern, pcre2_code **ret, struct reason *why)
{
	const uint32_t how = PCRE2_UTF | PCRE2_UCP | PCRE2_CASELESS | PCRE2_NEVER_BACKSLASH_C;
	pcre2_general_context *memory = pcre2_general_context_create(get, put, NULL);
	pcre2_compile_context *context = pcre2_compile_context_create(memory);
	PCRE2_UCHAR8 text[128];
	PCRE2_SIZE at;
	pcre2_code *code;
	int error;

	code = pcre2_compile((PCRE2_SPTR8)pattern.p, pattern.n, how, &error, &at, context);
	pcre2_compile_context_free(context);
	pcre2_general_context_free(memory);
	if (!code) {
		pcre2_get_error_message(error, text, sizeof(text));
		return reason_set(why, ERR_BAD, "%s at byte %zu", (const char *)text, at);
	}
	*ret = code;
	return ERR_OK;
}

enum err regex_check(struct str pattern, struct reason *why)
{
	pcre2_code *code = NULL;
	enum err err = compile(pattern, &code, why);

	pcre2_code_free(code);
	return err;
}

enum err regex_new(struct str pattern, struct regex **ret, struct reason *why)
{
	pcre2_code *code;
	enum err err = compile(pattern, &code, why);

	if (err)
		return err;
	/* Without it (another machine, a hardened kernel) matching is only slower. */
	(void)pcre2_jit_compile(code, PCRE2_JIT_COMPLETE);
	*ret = mem_zero(sizeof(**ret));
	(*ret)->code = code;
	(*ret)->needs = needed(code);
	return ERR_OK;
}

void regex_free(struct regex *r)
{
	if (!r)
		return;
	pcre2_code_free(r->code);
	mem_free(r);
}

struct regex_match *regex_match_new(void)
{
	pcre2_general_context *memory = pcre2_general_context_create(get, put, NULL);
	struct regex_match *m = mem_zero(sizeof(*m));

	m->data = pcre2_match_data_create(1, memory);
	m->limits = pcre2_match_context_create(memory);
	must(m->data && m->limits);
	pcre2_set_match_limit(m->limits, MATCH_LIMIT);
	pcre2_set_depth_limit(m->limits, DEPTH_LIMIT);
	pcre2_set_heap_limit(m->limits, HEAP_LIMIT_KIB);
	pcre2_general_context_free(memory);
	return m;
}

void regex_match_free(struct regex_match *m)
{
	if (!m)
		return;
	pcre2_match_data_free(m->data);
	pcre2_match_context_free(m->limits);
	mem_free(m);
}

enum regex_answer regex_ask(const struct regex *r, struct regex_match *m, struct str text)
{
	PCRE2_SPTR8 p = (PCRE2_SPTR8)(text.p ? text.p : "");
	int n;

	if (r->needs >= 0 && !memchr(p, r->needs, text.n))
		return REGEX_NO;
	n = pcre2_match(r->code, p, text.n, 0, 0, m->data, m->limits);

	/* Compiled code has 32 KiB of stack; the interpreter takes the heap. */
	if (n == PCRE2_ERROR_JIT_STACKLIMIT)
		n = pcre2_match(r->code, p, text.n, 0, PCRE2_NO_JIT, m->data, m->limits);
	if (n >= 0)
		return REGEX_YES;
	return n == PCRE2_ERROR_NOMATCH ? REGEX_NO : REGEX_UNDECIDED;
}

bool regex_find(const struct regex *r, struct regex_match *m, struct str text, size_t *ret_from,
		size_t *ret_till)
{
	const PCRE2_SIZE *at;

	if (regex_ask(r, m, text) != REGEX_YES)
		return false;
	at = pcre2_get_ovector_pointer(m->data);
	/* \K may put the start behind the end */
	*ret_from = at[0] < at[1] ? at[0] : at[1];
	*ret_till = at[1];
	return true;
}
