#include "classifier/model_file.h"

#include "base/hash.h"
#include "base/mem.h"
#include "base/must.h"
#include "classifier/kernel.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

#define MODEL_VERSION 3u
#define MODEL_ENDIAN 0x01020304u
#define FIELDS_BYTES (1u << 16)
#define LEVELS 127 /* int8 rows use -127..127 */
/* No honest weight comes near; sums of so many stay finite. */
#define WEIGHT_MOST 1e6f
#define RATE_MOST 1.0

struct header {
	char magic[8];
	uint32_t version, endian;
	uint64_t file_bytes, checksum;
	uint32_t classes, members, dim, bits;
	uint32_t names_bytes, epochs;
	uint64_t rows, seed;
	double rate;
	float temperature, dev_top1, dev_top3;
	uint32_t fields_bytes, features;
	uint32_t unused[7];
};
_Static_assert(sizeof(struct header) == 128, "the header has no holes");

static const char magic[8] = { 'p', 'i', 'p', 'e', 'd', 'c', 'l', 's' };

/* Where each section begins. */
struct layout {
	size_t shares, bias, head, ends, names, fields, slots, rows, total;
};

static struct layout layout_of(const struct header *h)
{
	const size_t classes = h->classes, members = h->members, dim = h->dim;
	const size_t bytes[] = { classes * 4,
				 members * classes * 4,
				 members * classes * dim * 4,
				 classes * 4,
				 h->names_bytes,
				 h->fields_bytes,
				 slots_buckets(h->bits) * sizeof(struct slots_bucket),
				 members * dim * h->features };
	size_t at[9] = { sizeof(struct header) };

	for (size_t i = 0; i < 8; i++)
		at[i + 1] = (at[i] + bytes[i] + 63) / 64 * 64;
	return (struct layout){ at[0], at[1], at[2], at[3], at[4], at[5], at[6], at[7], at[8] };
}

/* Upper bounds of what a row holds, an eighth of an octave apart, from 2^-25 to
 * 2^7; one byte a row keeps all of them in a near cache. */
static void scale_bounds(float to[256])
{
	static const float eighth[8] = { 1.0f,	     1.0905077f, 1.1892071f, 1.2968396f,
					 1.4142136f, 1.5422108f, 1.6817928f, 1.8340081f };

	for (int i = 0; i < 256; i++)
		to[i] = ldexpf(eighth[i % 8], i / 8 - 25);
}

static uint8_t scale_for(const float bounds[256], float most)
{
	unsigned low = 1, high = 255;

	if (!(most > 0))
		return 0;
	while (low < high) {
		unsigned middle = (low + high) / 2;

		if (bounds[middle] < most)
			low = middle + 1;
		else
			high = middle;
	}
	return (uint8_t)low;
}

static void pack_part(const float *x, size_t dim, float by, int8_t *to)
{
	for (size_t i = 0; i < dim; i++) {
		float y = x[i] * by;

		y = y > LEVELS ? LEVELS : y < -LEVELS ? -LEVELS : y;
		to[i] = (int8_t)(y + (y < 0 ? -0.5f : 0.5f));
	}
}

/* The members' parts of feature i, side by side; returns their level. */
static uint8_t pack_row(const float bounds[256], const struct learn_weights *w, size_t i,
			int8_t *to)
{
	const size_t dim = (size_t)w->shape.dim;
	float most = 0;
	uint8_t level;

	for (int m = 0; m < w->shape.members; m++)
		for (size_t k = i * dim; k < (i + 1) * dim; k++)
			most = fabsf(w->member[m].rows[k]) > most ? fabsf(w->member[m].rows[k])
								  : most;
	level = scale_for(bounds, most);
	for (int m = 0; m < w->shape.members && level; m++)
		pack_part(w->member[m].rows + i * dim, dim, LEVELS / bounds[level],
			  to + (size_t)m * dim);
	return level;
}

static void pack_rows(const struct learn_weights *w, const struct corpus *c, unsigned bits,
		      char *image, const struct layout *at)
{
	const size_t width = (size_t)w->shape.members * (size_t)w->shape.dim;
	const uint32_t n = vocab_size(corpus_vocab(c));
	uint8_t *levels = mem_array(n, sizeof(*levels));
	float bounds[256];

	scale_bounds(bounds);
	for (uint32_t i = 0; i < n; i++)
		levels[i] = pack_row(bounds, w, i, (int8_t *)image + at->rows + i * width);
	slots_build(vocab_keys(corpus_vocab(c)), levels, n, bits,
		    (struct slots_bucket *)(void *)(image + at->slots));
	mem_free(levels);
}

static void pack_names(const struct corpus *names, char *image, const struct layout *at)
{
	uint32_t *ends = (uint32_t *)(void *)(image + at->ends);
	uint32_t end = 0;

	for (int k = 0; k < corpus_classes(names); k++) {
		struct str s = corpus_class(names, k);

		memcpy(image + at->names + end, s.p, s.n);
		ends[k] = end += (uint32_t)s.n;
	}
}

static void pack_head(const struct learn_weights *w, const float *shares, char *image,
		      const struct layout *at)
{
	size_t classes = (size_t)w->shape.classes, members = (size_t)w->shape.members;
	size_t head = classes * (size_t)w->shape.dim;
	float *bias = (float *)(void *)(image + at->bias);

	memcpy(image + at->shares, shares, classes * 4);
	for (size_t m = 0; m < members; m++) {
		memcpy(bias + m * classes, w->member[m].bias, classes * 4);
		memcpy(image + at->head + m * head * 4, w->member[m].head, head * 4);
	}
	for (size_t i = 0; i < members * classes; i++)
		if (!(shares[i % classes] > 0))
			bias[i] = MODEL_NEVER;
}

static uint64_t checksum(struct str bytes)
{
	const size_t at = offsetof(struct header, checksum);

	return hash64_join(hash64(str_sub(bytes, 0, at), 0),
			   hash64(str_sub(bytes, at + 8, bytes.n), 0));
}

static uint32_t fields_bytes(const struct corpus *c)
{
	size_t n = 0;

	for (int i = 0; i < corpus_fields(c); i++)
		n += corpus_field(c, i).n + 1;
	return (uint32_t)n;
}

static void pack_fields(const struct corpus *c, char *to)
{
	for (int i = 0; i < corpus_fields(c); i++) {
		struct str s = corpus_field(c, i);

		memcpy(to, s.p, s.n);
		to += s.n + 1;
	}
}

static struct header header_of(const struct learn_weights *w, const struct corpus *c, unsigned bits,
			       const struct model_facts *facts)
{
	struct header h = { .version = MODEL_VERSION,
			    .endian = MODEL_ENDIAN,
			    .classes = (uint32_t)w->shape.classes,
			    .members = (uint32_t)w->shape.members,
			    .dim = (uint32_t)w->shape.dim,
			    .bits = bits,
			    .fields_bytes = fields_bytes(c),
			    .features = vocab_size(corpus_vocab(c)),
			    .epochs = facts->epochs,
			    .rows = facts->rows,
			    .seed = facts->seed,
			    .rate = facts->rate,
			    .temperature = facts->temperature,
			    .dev_top1 = facts->dev_top1,
			    .dev_top3 = facts->dev_top3 };

	memcpy(h.magic, magic, sizeof(magic));
	for (int k = 0; k < corpus_classes(c); k++)
		h.names_bytes += (uint32_t)corpus_class(c, k).n;
	return h;
}

void model_pack(const struct learn_weights *w, const struct corpus *c, unsigned bits,
		const float *shares, const struct model_facts *facts, struct buf *to)
{
	struct header h = header_of(w, c, bits, facts);
	struct layout at = layout_of(&h);
	char *image;

	buf_clear(to);
	image = buf_room(to, at.total);
	must(image);
	memset(image, 0, at.total);
	to->n = at.total;
	h.file_bytes = at.total;
	memcpy(image, &h, sizeof(h));
	pack_head(w, shares, image, &at);
	pack_names(c, image, &at);
	pack_fields(c, image + at.fields);
	pack_rows(w, c, bits, image, &at);
	h.checksum = checksum(buf_str(to));
	memcpy(image, &h, sizeof(h));
}

static enum err check_header(const struct header *h, size_t n, struct reason *why)
{
	if (n < sizeof(*h) || memcmp(h->magic, magic, sizeof(magic)) != 0)
		return reason_set(why, ERR_BAD, "not a model file");
	if (h->endian == __builtin_bswap32(MODEL_ENDIAN))
		return reason_set(why, ERR_VERSION,
				  "made on a machine of the other byte order; train again here");
	if (h->version != MODEL_VERSION || h->endian != MODEL_ENDIAN)
		return reason_set(why, ERR_VERSION,
				  "model format %u; this program reads format %u; train again",
				  h->version, MODEL_VERSION);
	if (h->classes < 2 || h->classes > CORPUS_CLASSES || h->members < 1 ||
	    h->members > LEARN_MEMBERS || h->dim < 16 || h->dim > KERNEL_WIDTH || h->dim % 16 ||
	    h->bits < MODEL_BITS_LEAST || h->members * h->dim > KERNEL_WIDTH ||
	    h->bits > MODEL_BITS_MOST || h->features > slots_most(h->bits) ||
	    h->names_bytes > CORPUS_CLASSES * CORPUS_NAME || h->fields_bytes > FIELDS_BYTES ||
	    h->file_bytes != n)
		return reason_set(why, ERR_BAD, "the sizes in its header do not fit its %zu bytes",
				  n);
	if (!(h->temperature >= 0.01f && h->temperature <= 100))
		return reason_set(why, ERR_BAD, "its temperature is out of range");
	if (!(h->rate > 0 && h->rate <= RATE_MOST))
		return reason_set(why, ERR_BAD, "its rate is out of range");
	return ERR_OK;
}

static bool sane(const float *x, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!(fabsf(x[i]) <= WEIGHT_MOST))
			return false;
	return true;
}

static bool shares_sane(const float *x, size_t n)
{
	double sum = 0;

	for (size_t i = 0; i < n; i++) {
		if (!(x[i] >= 0 && x[i] <= 1))
			return false;
		sum += (double)x[i];
	}
	return fabs(sum - 1) < 0.01;
}

static bool slots_sane(const struct model *m)
{
	for (uint32_t i = 0; i < slots_buckets(m->bits); i++)
		for (unsigned at = 0; at < SLOTS_BUCKET; at++)
			if (m->slots[i].tag[at] && slots_row(m->slots[i].entry[at]) >= m->features)
				return false;
	return true;
}

static bool names_rise(const struct model *m, size_t names_bytes)
{
	uint32_t from = 0;

	for (int k = 0; k < m->classes; k++) {
		if (m->ends[k] <= from || m->ends[k] > names_bytes ||
		    m->ends[k] - from > CORPUS_NAME)
			return false;
		from = m->ends[k];
		if (k && str_cmp(model_name(m, k - 1), model_name(m, k)) >= 0)
			return false;
	}
	return from == names_bytes;
}

static enum err check_sections(const struct model *m, size_t names_bytes, struct reason *why)
{
	size_t classes = (size_t)m->classes, outputs = classes * (size_t)m->members;

	if (!shares_sane(m->shares, classes) || !sane(m->bias, outputs) ||
	    !sane(m->head, outputs * (size_t)m->dim))
		return reason_set(why, ERR_BAD, "it has weights that are no sane numbers");
	if (!slots_sane(m))
		return reason_set(why, ERR_BAD,
				  "its table of features names rows it does not have");
	if (m->fields.n && m->fields.p[m->fields.n - 1] != 0)
		return reason_set(why, ERR_BAD, "its names of fields have no end");
	if (!names_rise(m, names_bytes))
		return reason_set(why, ERR_BAD, "its class names are out of order");
	return ERR_OK;
}

enum err model_view(struct str bytes, struct model *ret, struct reason *why)
{
	struct header h = { .version = 0 };
	struct model m = { .scale = { 0 } };
	struct layout at;
	enum err err;

	memcpy(&h, bytes.p, bytes.n < sizeof(h) ? bytes.n : sizeof(h));
	err = check_header(&h, bytes.n, why);
	if (err)
		return err;
	at = layout_of(&h);
	if (at.total != bytes.n)
		return reason_set(why, ERR_BAD, "the sizes in its header do not fit its %zu bytes",
				  bytes.n);
	if (checksum(bytes) != h.checksum)
		return reason_set(why, ERR_BAD, "its checksum is wrong; the file is damaged");
	m.classes = (int)h.classes;
	m.members = (int)h.members;
	m.dim = (int)h.dim;
	m.bits = h.bits;
	m.facts = (struct model_facts){ .rows = h.rows,
					.seed = h.seed,
					.rate = h.rate,
					.epochs = h.epochs,
					.temperature = h.temperature,
					.dev_top1 = h.dev_top1,
					.dev_top3 = h.dev_top3 };
	m.shares = (const float *)(const void *)(bytes.p + at.shares);
	m.bias = (const float *)(const void *)(bytes.p + at.bias);
	m.head = (const float *)(const void *)(bytes.p + at.head);
	m.ends = (const uint32_t *)(const void *)(bytes.p + at.ends);
	m.names = bytes.p + at.names;
	m.fields = str_sub(bytes, at.fields, h.fields_bytes);
	m.features = h.features;
	m.slots = (const struct slots_bucket *)(const void *)(bytes.p + at.slots);
	m.rows = (const int8_t *)bytes.p + at.rows;
	scale_bounds(m.scale);
	for (unsigned i = 0; i < 256; i++)
		m.scale[i] /= LEVELS;
	err = check_sections(&m, h.names_bytes, why);
	if (!err)
		*ret = m;
	return err;
}

struct str model_name(const struct model *m, int k)
{
	uint32_t from = k ? m->ends[k - 1] : 0;

	return (struct str){ m->names + from, m->ends[k] - from };
}

int model_find(const struct model *m, struct str name)
{
	int low = 0, high = m->classes;

	while (low < high) {
		int middle = (low + high) / 2, order = str_cmp(model_name(m, middle), name);

		if (order == 0)
			return middle;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return -1;
}
