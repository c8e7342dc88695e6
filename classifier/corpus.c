#include "classifier/corpus.h"

#include "base/hash.h"
#include "base/mem.h"
#include "base/normal.h"
#include "classifier/spill.h"

#include <stdlib.h>
#include <string.h>

#define NAMES_SEEN 65536u  /* before small classes are left out */
#define NAME_SLOTS 131072u /* twice that */

struct name {
	char *p;
	uint32_t n;
	int32_t klass; /* final number; -1: left out */
	int64_t rows;
};

/* Before each text in the spill; texts are padded to whole records of 4. */
struct record {
	uint32_t name;
	float weight;
	uint32_t text_n;
};

struct corpus {
	struct spill *spill;
	const char *bytes;
	uint32_t *at; /* of each record, in units of 4 bytes */
	size_t n, room;
	int64_t left_out;
	struct name *names;
	size_t names_n, names_room;
	uint32_t *slots; /* 1 + index in names */
	uint32_t *classes;
	int classes_n;
};

void corpus_free(struct corpus *c)
{
	if (!c)
		return;
	for (size_t i = 0; i < c->names_n; i++)
		mem_free(c->names[i].p);
	mem_free(c->names);
	mem_free(c->slots);
	mem_free(c->classes);
	mem_free(c->at);
	spill_free(c->spill);
	mem_free(c);
}

/* Index of the name, added when new; -1 when there are too many. */
static int64_t name_of(struct corpus *c, struct str s)
{
	uint32_t slot = (uint32_t)hash64(s, 0) % NAME_SLOTS;

	for (; c->slots[slot]; slot = (slot + 1) % NAME_SLOTS) {
		const struct name *m = &c->names[c->slots[slot] - 1];

		if (m->n == s.n && memcmp(m->p, s.p, s.n) == 0)
			return c->slots[slot] - 1;
	}
	if (c->names_n == NAMES_SEEN)
		return -1;
	mem_grow(&c->names, &c->names_room, c->names_n + 1, sizeof(*c->names));
	c->names[c->names_n] = (struct name){ .p = mem_dup(s.p, s.n), .n = (uint32_t)s.n };
	c->slots[slot] = (uint32_t)++c->names_n;
	return c->slots[slot] - 1;
}

static enum err add_row(struct corpus *c, struct str title, struct str klass, float weight,
			struct reason *why)
{
	static const char padding[4];
	char form[NORMAL_MOST];
	struct record r = { .weight = weight > 16 ? 16 : weight };
	int64_t name;
	enum err err;

	if (c->n == CORPUS_ROWS || spill_bytes(c->spill) > CORPUS_TEXT)
		return reason_set(why, ERR_TOO_BIG, "more than %zu rows, or %zu bytes of them",
				  CORPUS_ROWS, CORPUS_TEXT);
	if (klass.n > CORPUS_NAME)
		return reason_set(why, ERR_TOO_BIG,
				  "a class name of %zu bytes; at most %d are read", klass.n,
				  CORPUS_NAME);
	name = name_of(c, klass);
	if (name < 0)
		return reason_set(why, ERR_TOO_BIG, "more than %u class names", NAMES_SEEN);
	r.name = (uint32_t)name;
	r.text_n = (uint32_t)normal_title(title, form, sizeof(form));
	mem_grow(&c->at, &c->room, c->n + 1, sizeof(*c->at));
	c->at[c->n++] = (uint32_t)(spill_bytes(c->spill) / 4);
	c->names[name].rows++;
	err = spill_add(c->spill, &r, sizeof(r), why);
	if (!err)
		err = spill_add(c->spill, form, r.text_n, why);
	if (!err)
		err = spill_add(c->spill, padding, -r.text_n % 4u, why);
	return err;
}

static enum err read_all(struct corpus *c, const struct classifier_rows *rows, struct reason *why)
{
	struct str title, klass;
	float weight;
	enum err err = ERR_OK;

	rows->rewind(rows->ctx);
	while (!err) {
		weight = 1;
		if (!rows->next(rows->ctx, &title, &klass, &weight))
			break;
		if (klass.n == 0 || !(weight > 0))
			c->left_out++;
		else
			err = add_row(c, title, klass, weight, why);
	}
	return err;
}

static const struct record *record_at(const struct corpus *c, uint32_t at)
{
	return (const struct record *)(const void *)(c->bytes + (size_t)at * 4);
}

static int by_name(const void *a, const void *b, void *ctx)
{
	const struct corpus *c = ctx;
	const struct name *x = &c->names[*(const uint32_t *)a];
	const struct name *y = &c->names[*(const uint32_t *)b];

	return str_cmp((struct str){ x->p, x->n }, (struct str){ y->p, y->n });
}

static void number_classes(struct corpus *c, int64_t min_rows)
{
	size_t kept = 0;

	c->classes = mem_array(c->names_n + 1, sizeof(*c->classes));
	for (uint32_t i = 0; i < c->names_n; i++) {
		c->names[i].klass = -1;
		if (c->names[i].rows >= min_rows)
			c->classes[c->classes_n++] = i;
	}
	qsort_r(c->classes, (size_t)c->classes_n, sizeof(*c->classes), by_name, c);
	for (int k = 0; k < c->classes_n; k++)
		c->names[c->classes[k]].klass = k;
	for (size_t i = 0; i < c->n; i++) {
		if (c->names[record_at(c, c->at[i])->name].klass >= 0)
			c->at[kept++] = c->at[i];
	}
	c->left_out += (int64_t)(c->n - kept);
	c->n = kept;
}

enum err corpus_read(const struct classifier_rows *rows, int64_t min_rows, const char *beside,
		     struct corpus **ret, struct reason *why)
{
	struct corpus *c = mem_zero(sizeof(*c));
	enum err err;

	c->spill = spill_new(CORPUS_MEMORY, beside);
	c->slots = mem_array(NAME_SLOTS, sizeof(*c->slots));
	err = read_all(c, rows, why);
	if (!err)
		err = spill_map(c->spill, &c->bytes, why);
	if (err)
		goto out;
	number_classes(c, min_rows);
	if (c->classes_n < 2)
		err = reason_set(why, ERR_BAD,
				 "%d class with at least %lld rows; a model needs two or more",
				 c->classes_n, (long long)min_rows);
	else if (c->classes_n > CORPUS_CLASSES)
		err = reason_set(why, ERR_TOO_BIG, "%d classes; at most %d can be learned",
				 c->classes_n, CORPUS_CLASSES);
	if (err)
		goto out;
	*ret = c;
	c = NULL;
out:
	corpus_free(c);
	return err;
}

uint32_t corpus_rows(const struct corpus *c)
{
	return (uint32_t)c->n;
}

int64_t corpus_left_out(const struct corpus *c)
{
	return c->left_out;
}

int corpus_classes(const struct corpus *c)
{
	return c->classes_n;
}

struct str corpus_class(const struct corpus *c, int k)
{
	const struct name *m = &c->names[c->classes[k]];

	return (struct str){ m->p, m->n };
}

struct corpus_row corpus_row(const struct corpus *c, uint32_t i)
{
	const struct record *r = record_at(c, c->at[i]);

	return (struct corpus_row){
		.text = { (const char *)(r + 1), r->text_n },
		.klass = (uint32_t)c->names[r->name].klass,
		.weight = r->weight,
	};
}

void corpus_fetch(const struct corpus *c, uint32_t i)
{
	const char *p = c->bytes + (size_t)c->at[i] * 4;

	__builtin_prefetch(p);
	__builtin_prefetch(p + 64);
}
