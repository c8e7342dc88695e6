/* A byte: whether the checksum is set right afterwards, and how many pieces are
 * changed in a small model: each two bytes of place, one of length, and what is
 * put there. Then a title. */
#include "base/hash.h"
#include "base/mem.h"
#include "classifier/predict.h"
#include "tests/fuzz/fuzz.h"

#include <math.h>
#include <string.h>

#define BITS 8
#define CHECKSUM_AT 24 /* as model_file.c's struct header has it */

static char *made;
static size_t made_bytes;

/* Three classes with two titles each, again and again. */
struct rows {
	int at;
};

static void rewind_rows(void *ctx)
{
	((struct rows *)ctx)->at = 0;
}

static bool next_row(void *ctx, struct classifier_row *ret)
{
	static const char *const titles[] = { "wool coat", "denim jeans", "나이키 운동화",
					      "long coat", "blue jeans",  "러닝 운동화 270" };
	static const char *const classes[] = { "coat", "jeans", "shoes" };
	struct rows *r = ctx;

	if (r->at == 60)
		return false;
	classifier_row_of(str_of(titles[r->at % 6]), str_of(classes[r->at % 3]), ret);
	r->at++;
	return true;
}

static void make_model(void)
{
	static struct rows rows;
	const struct classifier_rows all = { .ctx = &rows,
					     .rewind = rewind_rows,
					     .next = next_row };
	const struct corpus_opt how = {
		.min_rows = 1, .least = 1, .most = slots_most(BITS), .beside = "fuzz"
	};
	const struct learn_opt opt = { .rate = 0.1, .epochs = 3, .to = 3, .seed = 1 };
	struct learn_shape shape = { .classes = 3, .members = 1, .dim = 16 };
	const struct model_facts facts = {
		.rows = 60, .seed = 1, .rate = 0.1, .epochs = 3, .temperature = 1
	};
	const float shares[] = { 0.25f, 0.25f, 0.5f };
	struct learn_weights w;
	struct corpus *corpus;
	struct reason why;
	uint32_t order[60];
	struct buf b;

	must(!corpus_read(&all, &how, &corpus, &why));
	shape.features = vocab_size(corpus_vocab(corpus));
	for (uint32_t i = 0; i < 60; i++)
		order[i] = i;
	learn_init(&w, &shape);
	must(!learn_fit(&w, corpus, order, 60, &opt));
	buf_init(&b, 1 << 20);
	model_pack(&w, corpus, BITS, shares, &facts, &b);
	made = buf_move(&b, &made_bytes);
	learn_done(&w);
	corpus_free(corpus);
}

static void change(char *image, size_t n, struct str *rest)
{
	size_t at = fuzz_byte(rest), most;
	struct str piece;

	at = (at << 8 | fuzz_byte(rest)) % n;
	most = fuzz_byte(rest);
	piece = str_sub(*rest, 0, most < n - at ? most : n - at);
	memcpy(image + at, piece.p, piece.n);
	*rest = str_sub(*rest, piece.n, rest->n);
}

static void set_checksum(char *image, size_t n)
{
	struct str all = { image, n };
	uint64_t sum;

	if (n < CHECKSUM_AT + sizeof(sum))
		return;
	sum = hash64_join(hash64(str_sub(all, 0, CHECKSUM_AT), 0),
			  hash64(str_sub(all, CHECKSUM_AT + sizeof(sum), n), 0));
	memcpy(image + CHECKSUM_AT, &sum, sizeof(sum));
}

static void check_model(const struct model *m, struct str title, bool ours)
{
	const struct classifier_item item = { .title = title };
	int classes = m->classes;
	float p[CORPUS_CLASSES];
	double sum = 0;

	predict_item(m, &item, p);
	for (int k = 0; k < classes; k++) {
		must(isfinite(p[k]) && model_name(m, k).n > 0);
		must(model_find(m, model_name(m, k)) == k);
		sum += (double)p[k];
	}
	must(!ours || fabs(sum - 1) < 1e-3);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str rest = fuzz_text(data, size);
	uint8_t how = fuzz_byte(&rest);
	struct reason why = { "" };
	struct model m;
	size_t n;
	char *image;

	if (!made)
		make_model();
	n = how & 0x40 ? how % 4 * made_bytes / 4 : made_bytes;
	image = mem_dup(made, n);
	for (int i = how & 15; i > 0 && rest.n && n; i--)
		change(image, n, &rest);
	if (how & 0x80)
		set_checksum(image, n);
	if (model_view((struct str){ image, n }, &m, &why))
		must(why.text[0] && (n != made_bytes || memcmp(image, made, n) != 0));
	else
		check_model(&m, rest, memcmp(image, made, n) == 0);
	mem_free(image);
	return 0;
}
