#include "classifier/corpus.h"

#include "base/hash.h"
#include "base/mem.h"
#include "base/normal.h"
#include "classifier/names.h"
#include "classifier/spill.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define WEIGHT_MOST 16.0f
#define FEW_ROWS 5000
#define LEFT_OUT UINT32_MAX

/* In the spill, each followed by its labels and its features, all of them
 * whole numbers of 4 bytes. */
struct record {
	uint64_t group;
	float weight;
	uint32_t labels_n, features_n;
	uint32_t input; /* number of the row as it was read */
};

/* A row as it is read and rewritten. */
struct held {
	struct record r;
	struct corpus_label labels[CLASSIFIER_LABELS]; /* at first klass is a name's number */
	uint32_t features[CORPUS_FEATURES];	       /* at first keys */
};

struct corpus {
	struct spill *spill;
	const char *bytes; /* NULL: on disk */
	uint32_t *at;	   /* of each record, in units of 4 bytes */
	uint16_t *klass;
	float *weight;
	size_t n, room;
	int64_t left_out, read;
	struct names *names, *fields;
	int64_t *rows_of; /* by number of the name, before small ones are left out */
	uint32_t *number; /* of the class, by number of the name; or LEFT_OUT */
	uint32_t *classes;
	int classes_n;
	struct vocab *vocab;
};

void corpus_free(struct corpus *c)
{
	if (!c)
		return;
	spill_free(c->spill);
	names_free(c->names);
	names_free(c->fields);
	vocab_free(c->vocab);
	mem_free(c->rows_of);
	mem_free(c->number);
	mem_free(c->classes);
	mem_free(c->klass);
	mem_free(c->weight);
	mem_free(c->at);
	mem_free(c);
}

static enum err add_label(struct corpus *c, const struct classifier_label *l, struct held *h,
			  struct reason *why)
{
	struct corpus_label *to = &h->labels[h->r.labels_n];
	int64_t name;

	if (l->klass.n == 0 || !(l->share > 0) || !isfinite(l->share))
		return ERR_OK;
	if (l->klass.n > CORPUS_NAME)
		return reason_set(why, ERR_TOO_BIG,
				  "a class name of %zu bytes; at most %d are read", l->klass.n,
				  CORPUS_NAME);
	name = names_number(c->names, l->klass);
	if (name < 0)
		return reason_set(why, ERR_TOO_BIG, "more than %u class names", NAMES_MOST);
	*to = (struct corpus_label){ .klass = (uint32_t)name, .share = l->share };
	/* The largest first. */
	if (h->r.labels_n && to->share > h->labels[0].share) {
		struct corpus_label first = h->labels[0];

		h->labels[0] = *to;
		*to = first;
	}
	h->r.labels_n++;
	return ERR_OK;
}

static enum err add_fields(struct corpus *c, const struct classifier_row *row, struct held *h,
			   struct reason *why)
{
	char form[NORMAL_MOST];

	for (int i = 0; i < row->fields_n; i++) {
		const struct classifier_field *f = &row->fields[i];
		struct str value = { form, normal_title(f->value, form, sizeof(form)) };

		if (value.n == 0)
			continue;
		if (names_number(c->fields, f->name) >= CLASSIFIER_FIELDS)
			return reason_set(why, ERR_TOO_BIG, "more than %d names of fields",
					  CLASSIFIER_FIELDS);
		h->features[h->r.features_n++] = feature_field(f->name, value);
	}
	return ERR_OK;
}

static enum err keep(struct corpus *c, const struct held *h, struct reason *why)
{
	enum err err;

	mem_grow(&c->at, &c->room, c->n + 1, sizeof(*c->at));
	c->at[c->n++] = (uint32_t)(spill_bytes(c->spill) / 4);
	for (uint32_t i = 0; i < h->r.labels_n; i++)
		c->rows_of[h->labels[i].klass]++;
	vocab_count(c->vocab, h->features, h->r.features_n);
	err = spill_add(c->spill, &h->r, sizeof(h->r), why);
	if (!err)
		err = spill_add(c->spill, h->labels, h->r.labels_n * sizeof(h->labels[0]), why);
	if (!err)
		err = spill_add(c->spill, h->features, h->r.features_n * sizeof(h->features[0]),
				why);
	return err;
}

static enum err add_row(struct corpus *c, const struct classifier_row *row, struct reason *why)
{
	char form[NORMAL_MOST];
	struct str normal = { form, 0 };
	struct held h;
	enum err err = ERR_OK;

	if (c->read == (int64_t)CORPUS_ROWS || spill_bytes(c->spill) > CORPUS_BYTES)
		return reason_set(why, ERR_TOO_BIG, "more than %zu rows, or %zu bytes of them",
				  CORPUS_ROWS, CORPUS_BYTES);
	h.r = (struct record){ .input = (uint32_t)c->read++ };
	for (int i = 0; i < row->labels_n && !err; i++)
		err = add_label(c, &row->labels[i], &h, why);
	if (err)
		return err;
	if (h.r.labels_n == 0 || !(row->weight > 0)) {
		c->left_out++;
		return ERR_OK;
	}
	h.r.weight = row->weight < WEIGHT_MOST ? row->weight : WEIGHT_MOST;
	normal.n = normal_title(row->title, form, sizeof(form));
	h.r.features_n = feature_keys(normal, h.features);
	h.r.group = corpus_group_of(row, normal);
	err = add_fields(c, row, &h, why);
	return err ? err : keep(c, &h, why);
}

static enum err read_all(struct corpus *c, const struct classifier_rows *rows, struct reason *why)
{
	struct classifier_row row;
	enum err err = ERR_OK;

	rows->rewind(rows->ctx);
	for (;;) {
		row = (struct classifier_row){ .weight = 1 };
		if (!rows->next(rows->ctx, &row))
			return spill_end(c->spill, why);
		err = add_row(c, &row, why);
		if (err)
			return err;
	}
}

static int by_name(const void *a, const void *b, void *ctx)
{
	const struct corpus *c = ctx;

	return str_cmp(names_at(c->names, *(const uint32_t *)a),
		       names_at(c->names, *(const uint32_t *)b));
}

static enum err number_classes(struct corpus *c, int64_t min_rows, struct reason *why)
{
	uint32_t n = names_count(c->names);

	c->classes = mem_array(n + 1, sizeof(*c->classes));
	c->number = mem_array(n + 1, sizeof(*c->number));
	for (uint32_t i = 0; i < n; i++) {
		c->number[i] = LEFT_OUT;
		if (c->rows_of[i] > 0 && c->rows_of[i] >= min_rows)
			c->classes[c->classes_n++] = i;
	}
	if (c->classes_n < 2)
		return reason_set(why, ERR_BAD,
				  "%d class with at least %lld rows; a model needs two or more",
				  c->classes_n, (long long)min_rows);
	if (c->classes_n > CORPUS_CLASSES)
		return reason_set(why, ERR_TOO_BIG, "%d classes; at most %d can be learned",
				  c->classes_n, CORPUS_CLASSES);
	qsort_r(c->classes, (size_t)c->classes_n, sizeof(*c->classes), by_name, c);
	for (int k = 0; k < c->classes_n; k++)
		c->number[c->classes[k]] = (uint32_t)k;
	return ERR_OK;
}

static enum err read_held(const struct corpus *c, uint32_t at, struct held *h)
{
	size_t byte = (size_t)at * 4;
	enum err err = spill_read(c->spill, byte, &h->r, sizeof(h->r));

	byte += sizeof(h->r);
	if (!err)
		err = spill_read(c->spill, byte, h->labels, h->r.labels_n * sizeof(h->labels[0]));
	byte += h->r.labels_n * sizeof(h->labels[0]);
	if (!err)
		err = spill_read(c->spill, byte, h->features,
				 h->r.features_n * sizeof(h->features[0]));
	return err;
}

/* Names become classes, keys become numbers; what has none goes. The rest
 * takes no more room than before. */
static void renumber(const struct corpus *c, struct held *h)
{
	uint32_t labels = 0, features = 0;
	float sum = 0;

	for (uint32_t i = 0; i < h->r.labels_n; i++) {
		struct corpus_label l = h->labels[i];

		if (c->number[l.klass] == LEFT_OUT)
			continue;
		sum += l.share;
		h->labels[labels++] =
			(struct corpus_label){ .klass = c->number[l.klass], .share = l.share };
	}
	for (uint32_t i = 0; i < labels; i++)
		h->labels[i].share /= sum;
	for (uint32_t i = 0; i < h->r.features_n; i++) {
		uint32_t id = vocab_id(c->vocab, h->features[i]);

		if (id != VOCAB_NONE)
			h->features[features++] = id;
	}
	h->r.labels_n = labels;
	h->r.features_n = features;
}

static enum err write_held(struct corpus *c, uint32_t at, const struct held *h)
{
	char bytes[sizeof(*h)];
	size_t labels = h->r.labels_n * sizeof(h->labels[0]);
	size_t features = h->r.features_n * sizeof(h->features[0]);

	memcpy(bytes, &h->r, sizeof(h->r));
	memcpy(bytes + sizeof(h->r), h->labels, labels);
	memcpy(bytes + sizeof(h->r) + labels, h->features, features);
	return spill_write(c->spill, (size_t)at * 4, bytes, sizeof(h->r) + labels + features);
}

static enum err renumber_all(struct corpus *c, struct reason *why)
{
	size_t kept = 0;
	struct held h;
	enum err err = ERR_OK;

	c->klass = mem_array(c->n, sizeof(*c->klass));
	c->weight = mem_array(c->n, sizeof(*c->weight));
	for (size_t i = 0; i < c->n && !err; i++) {
		err = read_held(c, c->at[i], &h);
		if (err)
			break;
		renumber(c, &h);
		if (h.r.labels_n == 0)
			continue;
		c->at[kept] = c->at[i];
		c->klass[kept] = (uint16_t)h.labels[0].klass;
		c->weight[kept++] = h.r.weight;
		err = write_held(c, c->at[i], &h);
	}
	if (err)
		return reason_set(why, err, "rows spilled to the disk could not be read back");
	c->left_out += (int64_t)(c->n - kept);
	c->n = kept;
	return ERR_OK;
}

/* What each row counts for; see classifier_opt. */
static void weigh(struct corpus *c, double balance, double newer)
{
	double *of = mem_array((size_t)c->classes_n, sizeof(*of)), sum = 0;
	uint32_t *rows = mem_array((size_t)c->classes_n, sizeof(*rows));
	uint32_t *seen = mem_array((size_t)c->classes_n, sizeof(*seen));

	for (size_t i = 0; i < c->n; i++)
		rows[c->klass[i]]++;
	for (int k = 0; k < c->classes_n; k++)
		of[k] = rows[k] ? pow((double)rows[k] / (double)c->n, -balance) : 0;
	for (size_t i = 0; i < c->n; i++) {
		unsigned k = c->klass[i];
		double place = (seen[k]++ + 0.5) / rows[k];

		c->weight[i] *= (float)(of[k] * (1 + newer * (place - 0.5)));
		sum += (double)c->weight[i];
	}
	for (size_t i = 0; i < c->n; i++) {
		float w = (float)(c->weight[i] * (double)c->n / sum);

		c->weight[i] = w < WEIGHT_MOST ? w : WEIGHT_MOST;
	}
	mem_free(of);
	mem_free(rows);
	mem_free(seen);
}

enum err corpus_read(const struct classifier_rows *rows, const struct corpus_opt *opt,
		     struct corpus **ret, struct reason *why)
{
	struct corpus *c = mem_zero(sizeof(*c));
	enum err err;

	c->spill = spill_new(CORPUS_MEMORY, opt->beside);
	c->names = names_new();
	c->fields = names_new();
	c->vocab = vocab_new();
	c->rows_of = mem_array(NAMES_MOST, sizeof(*c->rows_of));
	err = read_all(c, rows, why);
	if (!err)
		err = number_classes(c, opt->min_rows, why);
	if (err)
		goto out;
	vocab_choose(c->vocab, opt->least ? opt->least : c->n < FEW_ROWS ? 1 : 2, opt->most);
	err = renumber_all(c, why);
	if (err)
		goto out;
	vocab_forget(c->vocab);
	c->bytes = spill_memory(c->spill);
	weigh(c, opt->balance, opt->newer);
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
	return names_at(c->names, c->classes[k]);
}

const struct vocab *corpus_vocab(const struct corpus *c)
{
	return c->vocab;
}

int corpus_fields(const struct corpus *c)
{
	return (int)names_count(c->fields);
}

struct str corpus_field(const struct corpus *c, int i)
{
	return names_at(c->fields, (uint32_t)i);
}

enum err corpus_row(const struct corpus *c, uint32_t i, struct corpus_row *ret)
{
	const size_t at = (size_t)c->at[i] * 4;
	struct record r;
	size_t labels;
	enum err err = spill_read(c->spill, at, &r, sizeof(r));

	if (err)
		return err;
	ret->labels_n = (int)r.labels_n;
	ret->n = r.features_n;
	labels = r.labels_n * sizeof(ret->labels[0]);
	if (c->bytes) {
		ret->labels = (const void *)(c->bytes + at + sizeof(r));
		ret->features = (const void *)(c->bytes + at + sizeof(r) + labels);
		return ERR_OK;
	}
	ret->labels = ret->labels_held;
	ret->features = ret->features_held;
	err = spill_read(c->spill, at + sizeof(r), ret->labels_held, labels);
	if (err)
		return err;
	return spill_read(c->spill, at + sizeof(r) + labels, ret->features_held,
			  r.features_n * sizeof(ret->features[0]));
}

float corpus_weight(const struct corpus *c, uint32_t i)
{
	return c->weight[i];
}

/* A record whose bytes can't be read is all zero; corpus_row says so. */
static struct record record_of(const struct corpus *c, uint32_t i)
{
	struct record r = { .group = 0 };

	if (spill_read(c->spill, (size_t)c->at[i] * 4, &r, sizeof(r)))
		r = (struct record){ .group = 0 };
	return r;
}

uint32_t corpus_main(const struct corpus *c, uint32_t i)
{
	return c->klass[i];
}

uint64_t corpus_group_of(const struct classifier_row *row, struct str normal)
{
	return row->group ? row->group : hash64(normal, 0);
}

uint64_t corpus_group(const struct corpus *c, uint32_t i)
{
	return record_of(c, i).group;
}

int64_t corpus_input(const struct corpus *c, uint32_t i)
{
	return record_of(c, i).input;
}

void corpus_fetch(const struct corpus *c, uint32_t i)
{
	const char *p = c->bytes ? c->bytes + (size_t)c->at[i] * 4 : NULL;

	if (!p)
		return;
	for (size_t at = 0; at < 320; at += 64)
		__builtin_prefetch(p + at);
}
