#include "labeler/sieve.h"

#include "base/arena.h"
#include "base/mem.h"
#include "base/must.h"
#include "base/utf8.h"
#include "labeler/sieve_cache.h"
#include "labeler/widen.h"

#include <hs/hs.h>
#include <stdio.h>
#include <string.h>

/* Part of the cache's key: raise it when the same patterns are told otherwise. */
#define SIEVE_CODE 1
#define REGEX_FLAGS                                                                                \
	(HS_FLAG_CASELESS | HS_FLAG_DOTALL | HS_FLAG_UTF8 | HS_FLAG_SINGLEMATCH |                  \
	 HS_FLAG_ALLOWEMPTY | HS_FLAG_PREFILTER)
/* Expressions that compile alone and not among the others are left out one by one so often. */
#define TRIES 16

struct sieve {
	hs_database_t *db;		/* NULL: nothing is found */
	struct sieve_pattern *patterns; /* texts are gone once it is made */
	unsigned char *found;		/* by pattern */
	int n;
	bool cached;
	char key[HASH_SHA256_HEX];
};

struct sieve_scratch {
	hs_scratch_t *scratch;
	/* Keys of the sieves that it was last made to fit: one is run on titles as they are
	 * written, another on their normal form. It only grows. */
	char fits[2][HASH_SHA256_HEX];
	char *padded;
	size_t room;
};

/* ---- compiling ---- */

/* What Vectorscan is told. */
struct told {
	const char **text;
	unsigned *flags, *ids;
	int n;
};

/* Each byte by its number where it might mean something. */
static const char *told_word(const struct sieve_pattern *p, struct arena *a)
{
	char *to = arena_alloc(a, 4 * p->text.n + 16);
	size_t n = 0;

	if (p->left)
		n += (size_t)snprintf(to + n, 5, "\\x20");
	for (size_t i = 0; i < p->text.n; i++) {
		unsigned char c = (unsigned char)p->text.p[i];

		if (c >= 0x80 || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
			to[n++] = (char)c;
		else
			n += (size_t)snprintf(to + n, 5, "\\x%02x", c);
	}
	if (p->right)
		n += (size_t)snprintf(to + n, 5, "\\x20");
	to[n] = 0;
	return to;
}

static bool compiles(const char *text)
{
	hs_expr_info_t *info = NULL;
	hs_compile_error_t *error = NULL;
	hs_error_t e = hs_expression_info(text, REGEX_FLAGS, &info, &error);

	must(e != HS_NOMEM);
	/* by the allocator of the library, which is that of libc */
	free(info);
	hs_free_compile_error(error);
	return e == HS_SUCCESS;
}

static void tell(struct sieve *s, int i, struct told *t, struct arena *a)
{
	const struct sieve_pattern *p = &s->patterns[i];
	const char *text = p->regex ? widen_regex(p->text, a).p : told_word(p, a);

	s->found[i] = text && (!p->regex || compiles(text));
	if (!s->found[i])
		return;
	t->text[t->n] = text;
	t->flags[t->n] = p->regex ? REGEX_FLAGS : 0;
	t->ids[t->n++] = (unsigned)i;
}

static void leave_out(struct sieve *s, struct told *t, int at)
{
	int kept = 0;

	for (int i = 0; i < t->n; i++) {
		/* at -1: it does not say which; then no expression is told */
		if (at < 0 ? s->patterns[t->ids[i]].regex : i == at) {
			must(s->patterns[t->ids[i]].regex);
			s->found[t->ids[i]] = 0;
			continue;
		}
		t->text[kept] = t->text[i];
		t->flags[kept] = t->flags[i];
		t->ids[kept++] = t->ids[i];
	}
	t->n = kept;
}

static enum err compile(struct sieve *s, struct reason *why)
{
	struct arena *a = arena_new(1 << 16);
	size_t n = (size_t)s->n + 1;
	struct told t = { .text = arena_array(a, n, sizeof(*t.text)),
			  .flags = arena_array(a, n, sizeof(*t.flags)),
			  .ids = arena_array(a, n, sizeof(*t.ids)) };
	enum err err = ERR_OK;

	for (int i = 0; i < s->n; i++)
		tell(s, i, &t, a);
	for (int tries = 0; t.n > 0 && !s->db; tries++) {
		hs_compile_error_t *error = NULL;
		hs_error_t e = hs_compile_multi(t.text, t.flags, t.ids, (unsigned)t.n,
						HS_MODE_BLOCK, NULL, &s->db, &error);

		must(e != HS_NOMEM);
		if (e == HS_SUCCESS)
			break;
		if (tries > TRIES) {
			err = reason_set(why, ERR_UNSUPPORTED, "Vectorscan: %s", error->message);
			hs_free_compile_error(error);
			break;
		}
		leave_out(s, &t, tries < TRIES ? error->expression : -1);
		hs_free_compile_error(error);
	}
	arena_free(a);
	return err;
}

/* ---- the cache ---- */

static void key_part(struct hash_stream *h, struct str s)
{
	uint64_t n = s.n;

	hash_stream_add(h, (struct str){ (const char *)&n, sizeof(n) });
	hash_stream_add(h, s);
}

static void make_key(struct sieve *s)
{
	struct hash_stream *h = hash_stream_new();
	hs_platform_info_t platform;
	unsigned code = SIEVE_CODE;

	memset(&platform, 0, sizeof(platform));
	(void)hs_populate_platform(&platform);
	key_part(h, (struct str){ (const char *)&code, sizeof(code) });
	key_part(h, str_of(hs_version()));
	key_part(h, (struct str){ (const char *)&platform, sizeof(platform) });
	for (int i = 0; i < s->n; i++) {
		const struct sieve_pattern *p = &s->patterns[i];
		const char how[] = { (char)p->regex, (char)p->left, (char)p->right };

		key_part(h, (struct str){ how, sizeof(how) });
		key_part(h, p->text);
	}
	hash_stream_end(h, s->key);
}

/* One byte for each pattern, then the database unless nothing is found. */
static bool recall(struct sieve *s, const char *folder)
{
	size_t n = (size_t)s->n;
	struct buf b;
	bool ok;

	buf_init(&b, SIEVE_CACHE_BYTES);
	ok = sieve_cache_read(folder, s->key, &b) == ERR_OK && b.n >= n;
	if (ok && b.n > n)
		ok = hs_deserialize_database(b.p + n, b.n - n, &s->db) == HS_SUCCESS;
	if (ok)
		memcpy(s->found, b.p, n);
	buf_done(&b);
	return ok;
}

static void remember(const struct sieve *s, const char *folder)
{
	char *bytes = NULL;
	size_t n = 0;
	struct buf b;

	if (s->db && hs_serialize_database(s->db, &bytes, &n) != HS_SUCCESS)
		return;
	buf_init(&b, SIEVE_CACHE_BYTES);
	(void)buf_add(&b, (struct str){ (const char *)s->found, (size_t)s->n });
	if (bytes)
		(void)buf_add(&b, (struct str){ bytes, n });
	free(bytes);
	if (!b.full)
		(void)sieve_cache_write(folder, s->key, buf_str(&b), NULL);
	buf_done(&b);
}

/* ---- making it ---- */

enum err sieve_new(const struct sieve_pattern *patterns, int n, const char *cache,
		   struct sieve **ret, struct reason *why)
{
	struct sieve *s;
	enum err err = ERR_OK;

	if (hs_valid_platform() != HS_SUCCESS)
		return reason_set(why, ERR_UNSUPPORTED,
				  "rules need a processor with SSSE3 (Vectorscan)");
	s = mem_zero(sizeof(*s));
	s->n = n;
	s->patterns = mem_array((size_t)n + 1, sizeof(*s->patterns));
	s->found = mem_zero((size_t)n + 1);
	if (n)
		memcpy(s->patterns, patterns, (size_t)n * sizeof(*patterns));
	make_key(s);
	s->cached = cache && n && recall(s, cache);
	if (!s->cached)
		err = compile(s, why);
	if (err) {
		sieve_free(s);
		return err;
	}
	if (cache && n && !s->cached)
		remember(s, cache);
	*ret = s;
	return ERR_OK;
}

void sieve_free(struct sieve *s)
{
	if (!s)
		return;
	hs_free_database(s->db);
	mem_free(s->patterns);
	mem_free(s->found);
	mem_free(s);
}

bool sieve_was_cached(const struct sieve *s)
{
	return s->cached;
}

bool sieve_finds(const struct sieve *s, int pattern)
{
	return s->found[pattern];
}

/* ---- finding ---- */

struct sieve_scratch *sieve_scratch_new(void)
{
	return mem_zero(sizeof(struct sieve_scratch));
}

void sieve_scratch_free(struct sieve_scratch *x)
{
	if (!x)
		return;
	hs_free_scratch(x->scratch);
	mem_free(x->padded);
	mem_free(x);
}

static void fit(struct sieve_scratch *x, const struct sieve *s)
{
	for (int i = 0; i < 2; i++)
		if (memcmp(x->fits[i], s->key, sizeof(s->key)) == 0)
			return;
	must(hs_alloc_scratch(s->db, &x->scratch) == HS_SUCCESS);
	memcpy(x->fits[0], x->fits[1], sizeof(s->key));
	memcpy(x->fits[1], s->key, sizeof(s->key));
}

/* With a space at both ends, where words and widened expressions have their edges. */
static void pad(struct sieve_scratch *x, struct str text)
{
	mem_grow(&x->padded, &x->room, text.n + 2, 1);
	x->padded[0] = ' ';
	if (text.n)
		memcpy(x->padded + 1, text.p, text.n);
	x->padded[text.n + 1] = ' ';
}

struct finding {
	const struct sieve *s;
	bool expressions;
	void (*hit)(void *ctx, int pattern, size_t end);
	void *ctx;
};

static int found(unsigned id, unsigned long long from, unsigned long long to, unsigned flags,
		 void *ctx)
{
	const struct finding *f = ctx;
	const struct sieve_pattern *p = &f->s->patterns[id];

	(void)from;
	(void)flags;
	if (!p->regex)
		f->hit(f->ctx, (int)id, (size_t)to - 1 - p->right);
	else if (f->expressions)
		f->hit(f->ctx, (int)id, 0);
	return 0;
}

bool sieve_run(const struct sieve *s, struct sieve_scratch *x, struct str text,
	       void (*hit)(void *ctx, int pattern, size_t end), void *ctx)
{
	struct finding f = { .s = s, .hit = hit, .ctx = ctx };

	f.expressions = text.n == 0 || (!memchr(text.p, '\n', text.n) && utf8_valid(text));
	if (!s->db)
		return f.expressions;
	fit(x, s);
	pad(x, text);
	must(text.n < UINT32_MAX - 2);
	must(hs_scan(s->db, x->padded, (unsigned)text.n + 2, 0, x->scratch, found, &f) ==
	     HS_SUCCESS);
	return f.expressions;
}
