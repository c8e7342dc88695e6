#include "classifier/model_file.h"

#include "base/file.h"
#include "base/hash.h"
#include "base/mem.h"
#include "classifier/predict.h"
#include "tests/unit/classifier/toy.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define MODEL "b.model"
#define CHECKSUM_AT 24

/* A small model's bytes, aligned as a map would be. */
struct image {
	char *p;
	size_t n;
};

static int make_image(void **state)
{
	struct toy t = { .n = 200 };
	struct classifier_rows rows = toy_rows(&t);
	struct classifier_opt opt = { .seed = 1, .bits = 8 };
	struct classifier_report report;
	struct image *m = mem_zero(sizeof(*m));
	struct buf b;

	buf_init(&b, 1 << 20);
	if (classifier_train(&rows, &opt, toy_path(MODEL), &report, NULL) ||
	    file_read(toy_path(MODEL), &b, NULL))
		return -1;
	m->p = buf_move(&b, &m->n);
	*state = m;
	return 0;
}

static int free_image(void **state)
{
	struct image *m = *state;

	mem_free(m->p);
	mem_free(m);
	toy_remove(MODEL);
	return 0;
}

static void repair_checksum(char *p, size_t n)
{
	struct str head = { p, CHECKSUM_AT }, tail = { p + CHECKSUM_AT + 8, n - CHECKSUM_AT - 8 };
	uint64_t sum = hash64_join(hash64(head, 0), hash64(tail, 0));

	memcpy(p + CHECKSUM_AT, &sum, 8);
}

/* Whatever the bytes say, an opened model answers within its own memory. */
static void use(const struct model *m)
{
	static const char *const titles[] = { "브랜드1 셔츠 95", "", "zzz", "운동화 270 새상품" };
	float p[CORPUS_CLASSES];
	struct classifier_guess best[3];

	for (size_t i = 0; i < 4; i++) {
		const struct classifier_item item = { .title = str_of(titles[i]) };

		predict_item(m, &item, p);
		predict_best(p, m->classes, 3, best);
	}
	for (int k = 0; k < m->classes; k++)
		model_find(m, model_name(m, k));
}

static void every_byte_test(void **state)
{
	const struct image *m = *state;
	char *copy = mem_dup(m->p, m->n);
	struct reason why;
	struct model view;

	assert_int_equal(model_view((struct str){ copy, m->n }, &view, &why), ERR_OK);
	/* Rows make up most of it and are all alike. */
	for (size_t i = 0; i < m->n; i += i < 4096 ? 1 : 97) {
		copy[i] = (char)(copy[i] ^ 0x10);
		assert_int_not_equal(model_view((struct str){ copy, m->n }, &view, &why), ERR_OK);
		copy[i] = m->p[i];
	}
	mem_free(copy);
}

static void forged_test(void **state)
{
	const struct image *m = *state;
	static const unsigned char to[] = { 0x00, 0x01, 0x7f, 0x80, 0xff };
	struct model view;
	struct reason why;
	size_t opened = 0;

	for (size_t i = 0; i < m->n; i += i < 4096 ? 1 : 61) {
		for (size_t k = 0; k < sizeof(to); k++) {
			/* A copy of exactly its size, so that any reach past it shows. */
			char *copy = mem_dup(m->p, m->n);

			copy[i] = (char)to[k];
			repair_checksum(copy, m->n);
			if (model_view((struct str){ copy, m->n }, &view, &why) == ERR_OK) {
				use(&view);
				opened++;
			}
			mem_free(copy);
		}
	}
	assert_true(opened > 0);
}

static void truncated_test(void **state)
{
	const struct image *m = *state;
	struct model view;
	struct reason why;

	for (size_t n = 0; n < m->n; n += n < 300 ? 1 : 509) {
		char *copy = mem_dup(m->p, n);

		assert_int_not_equal(model_view((struct str){ copy, n }, &view, &why), ERR_OK);
		if (n > 40) {
			repair_checksum(copy, n);
			assert_int_not_equal(model_view((struct str){ copy, n }, &view, &why),
					     ERR_OK);
		}
		mem_free(copy);
	}
}

struct field {
	const char *what;
	size_t at;
	uint32_t value;
	enum err err;
};

static const struct field fields[] = {
	{ .what = "magic", .at = 0, .value = 0x464c457f, .err = ERR_BAD },
	{ .what = "version", .at = 8, .value = 1, .err = ERR_VERSION },
	{ .what = "byte order", .at = 12, .value = 0x04030201, .err = ERR_VERSION },
	{ .what = "no classes", .at = 32, .value = 0, .err = ERR_BAD },
	{ .what = "many classes", .at = 32, .value = 0x80000001, .err = ERR_BAD },
	{ .what = "members", .at = 36, .value = 0x10000000, .err = ERR_BAD },
	{ .what = "odd dim", .at = 40, .value = 8, .err = ERR_BAD },
	{ .what = "bits", .at = 44, .value = 63, .err = ERR_BAD },
	{ .what = "names", .at = 48, .value = 0xffffffff, .err = ERR_BAD },
	{ .what = "features", .at = 92, .value = 0x10000000, .err = ERR_BAD },
	{ .what = "few features", .at = 92, .value = 1, .err = ERR_BAD },
	{ .what = "NaN rate", .at = 76, .value = 0x7ff80000, .err = ERR_BAD },
	{ .what = "share above 1", .at = 128, .value = 0x40000000, .err = ERR_BAD },
	{ .what = "share below 0", .at = 128, .value = 0xbf000000, .err = ERR_BAD },
	{ .what = "NaN temperature", .at = 80, .value = 0x7fc00000, .err = ERR_BAD },
	{ .what = "zero temperature", .at = 80, .value = 0, .err = ERR_BAD },
	{ .what = "NaN weight", .at = 192, .value = 0x7fc00000, .err = ERR_BAD },
	{ .what = "infinite weight", .at = 256, .value = 0x7f800000, .err = ERR_BAD },
};

static void fields_test(void **state)
{
	const struct image *m = *state;
	struct model view;
	struct reason why;

	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		char *copy = mem_dup(m->p, m->n);
		enum err err;

		memcpy(copy + fields[i].at, &fields[i].value, 4);
		repair_checksum(copy, m->n);
		why.text[0] = 0;
		err = model_view((struct str){ copy, m->n }, &view, &why);
		if (err != fields[i].err || !why.text[0])
			fail_msg("%s: %s, %s", fields[i].what, err_name(err), why.text);
		mem_free(copy);
	}
}

static void open_test(void **state)
{
	const struct image *m = *state;
	struct classifier *c = NULL;
	struct reason why;

	assert_int_equal(classifier_open(toy_path("none"), &c, &why), ERR_NOT_FOUND);
	assert_non_null(strstr(why.text, "none"));
	assert_int_equal(classifier_open("/tmp", &c, &why), ERR_BAD);
	assert_int_equal(classifier_open("/dev/null", &c, &why), ERR_BAD);
	assert_int_equal(file_write(toy_path("cut"), (struct str){ m->p, m->n / 2 }, NULL), ERR_OK);
	assert_int_equal(classifier_open(toy_path("cut"), &c, &why), ERR_BAD);
	assert_non_null(strstr(why.text, "cut"));
	assert_int_equal(file_write(toy_path("cut"), STR(""), NULL), ERR_OK);
	assert_int_equal(classifier_open(toy_path("cut"), &c, &why), ERR_BAD);
	assert_null(c);
	classifier_close(NULL);
	toy_remove("cut");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_byte_test), cmocka_unit_test(forged_test),
		cmocka_unit_test(truncated_test),  cmocka_unit_test(fields_test),
		cmocka_unit_test(open_test),
	};

	return cmocka_run_group_tests(tests, make_image, free_image);
}
