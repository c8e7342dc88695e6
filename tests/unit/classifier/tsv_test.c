#include "classifier/tsv.h"

#include "base/file.h"
#include "classifier/spill.h"
#include "classifier/titles.h"
#include "tests/unit/classifier/toy.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <zlib.h>

#include <cmocka.h>

#define FILE_NAME "rows.tsv"

static struct tsv *open_bytes(struct str bytes, enum err want, struct reason *why)
{
	struct tsv *t = NULL;

	assert_int_equal(file_write(toy_path(FILE_NAME), bytes, NULL), ERR_OK);
	assert_int_equal(tsv_open(toy_path(FILE_NAME), NULL, &t, why), want);
	return t;
}

static void shapes_test(void **state)
{
	static const char text[] = "후드티\t상의\n\nno tab\na\tb\tc\n\t신발\r\n제목 없음\t\n"
				   "nul\0in title\t모자\nlast\t가방";
	static const char *const classes[] = { "상의", "신발", "", "모자", "가방" };
	static const size_t bytes[] = { 9, 0, 13, 12, 4 };
	struct reason why;
	struct tsv *t = open_bytes((struct str){ text, sizeof(text) - 1 }, ERR_OK, &why);
	struct classifier_rows rows = tsv_rows(t);
	struct tsv_count n = tsv_count(t);
	struct classifier_row row;

	(void)state;
	assert_int_equal(n.rows, 5);
	assert_int_equal(n.misshapen, 3);
	assert_int_equal(n.first_misshapen, 2);
	for (int pass = 0; pass < 2; pass++) {
		rows.rewind(rows.ctx);
		for (size_t i = 0; i < 5; i++) {
			assert_true(rows.next(rows.ctx, &row));
			assert_true(str_is(row.labels[0].klass, classes[i]));
			assert_int_equal(row.title.n, bytes[i]);
			assert_true(row.weight == 1);
		}
		assert_false(rows.next(rows.ctx, &row));
	}
	tsv_close(t);
	tsv_close(NULL);
	toy_remove(FILE_NAME);
}

static void columns_test(void **state)
{
	static const char text[] = "코트\tA\tnike\t39000\tx\t2.5\tf1\n"
				   "바지\tB\t\t\ty\t\tf1\n"
				   "셔츠\tC\tnike\tcheap\tz\t1\tf2\n"
				   "short\tD\tnike\n"
				   "long\tE\tnike\t1\tx\t1\tf\tmore\n"
				   "같은 값\tF\tadidas\t52000\tx\t1\tf3\n";
	struct classifier_row a, b;
	struct classifier_rows rows;
	char first[CLASSIFIER_BAND];
	struct reason why;
	struct tsv *t = NULL;

	(void)state;
	assert_int_equal(file_write(toy_path(FILE_NAME), str_of(text), NULL), ERR_OK);
	assert_int_equal(tsv_open(toy_path(FILE_NAME), "brand, price,-,weight,group", &t, &why),
			 ERR_OK);
	assert_int_equal(tsv_count(t).rows, 3);
	assert_int_equal(tsv_count(t).first_misshapen, 3);
	rows = tsv_rows(t);
	rows.rewind(rows.ctx);
	assert_true(rows.next(rows.ctx, &a));
	assert_int_equal(a.fields_n, 2);
	assert_true(str_is(a.fields[0].name, "brand") && str_is(a.fields[0].value, "nike"));
	assert_true(str_is(a.fields[1].name, "price"));
	assert_true(str_eq(a.fields[1].value, classifier_price_band(39000, first)));
	assert_true(a.weight == 2.5f && a.group != 0);
	assert_true(rows.next(rows.ctx, &b));
	assert_true(b.fields[0].value.n == 0 && b.fields[1].value.n == 0 && b.weight == 1);
	assert_true(b.group == a.group);
	assert_true(rows.next(rows.ctx, &b));
	/* 39,000 and 52,000 are one band, four times as much is another. */
	assert_true(str_eq(b.fields[1].value, str_of(first)) && b.group != a.group);
	assert_false(str_eq(b.fields[1].value, classifier_price_band(160000, (char[16]){ 0 })));
	assert_false(rows.next(rows.ctx, &b));
	tsv_close(t);
	t = NULL;
	/* No group is no group of its own, and each price has its band. */
	assert_int_equal(file_write(toy_path(FILE_NAME), STR("x\tA\t1\t100000\t\n"), NULL), ERR_OK);
	assert_int_equal(tsv_open(toy_path(FILE_NAME), "price,price,group", &t, &why), ERR_OK);
	rows = tsv_rows(t);
	rows.rewind(rows.ctx);
	assert_true(rows.next(rows.ctx, &a) && a.group == 0 && a.fields_n == 2);
	assert_true(str_is(a.fields[0].value, "0") && str_is(a.fields[1].value, "20"));
	tsv_close(t);
	t = NULL;
	assert_int_equal(tsv_open(toy_path(FILE_NAME), "brand,,x", &t, &why), ERR_BAD);
	assert_non_null(strstr(why.text, "without a name"));
	assert_int_equal(
		tsv_open(toy_path(FILE_NAME), "a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p,q", &t, &why),
		ERR_TOO_BIG);
	assert_null(t);
	toy_remove(FILE_NAME);
}

static void gzip_test(void **state)
{
	struct classifier_row row;
	struct classifier_rows rows;
	struct reason why;
	struct buf b;
	struct tsv *t;
	gzFile f = gzopen(toy_path(FILE_NAME), "wb");

	(void)state;
	for (int i = 0; i < 30000; i++)
		gzprintf(f, "title %d\tclass %d\n", i * 7919, i % 7);
	gzclose(f);
	assert_int_equal(tsv_open(toy_path(FILE_NAME), NULL, &t, &why), ERR_OK);
	assert_int_equal(tsv_count(t).rows, 30000);
	assert_int_equal(tsv_count(t).misshapen, 0);
	rows = tsv_rows(t);
	rows.rewind(rows.ctx);
	assert_true(rows.next(rows.ctx, &row));
	assert_true(str_is(row.title, "title 0"));
	tsv_close(t);
	/* Cut short, and damaged inside: nothing is to be built on either. */
	buf_init(&b, 1 << 20);
	assert_int_equal(file_read(toy_path(FILE_NAME), &b, NULL), ERR_OK);
	open_bytes((struct str){ b.p, b.n / 2 }, ERR_BAD, &why);
	assert_non_null(strstr(why.text, FILE_NAME ":"));
	b.p[b.n / 2] = (char)(b.p[b.n / 2] ^ 0x55);
	b.p[b.n / 2 + 1] = (char)(b.p[b.n / 2 + 1] ^ 0xff);
	open_bytes(buf_str(&b), ERR_BAD, &why);
	buf_done(&b);
	assert_int_equal(tsv_open(toy_path("none"), NULL, &t, &why), ERR_NOT_FOUND);
	toy_remove(FILE_NAME);
}

static void long_line_test(void **state)
{
	struct classifier_rows rows;
	struct classifier_row row;
	struct reason why;
	struct buf b;
	struct tsv *t;

	(void)state;
	buf_init(&b, 8 << 20);
	for (size_t i = 0; i < TSV_LINE + 10; i++)
		buf_add_char(&b, 'x');
	buf_add_text(&b, "\tlong\nshort\tclass\n");
	t = open_bytes(buf_str(&b), ERR_OK, &why);
	assert_int_equal(tsv_count(t).rows, 1);
	assert_int_equal(tsv_count(t).first_misshapen, 1);
	rows = tsv_rows(t);
	rows.rewind(rows.ctx);
	assert_true(rows.next(rows.ctx, &row));
	assert_true(str_is(row.title, "short"));
	tsv_close(t);
	buf_done(&b);
	toy_remove(FILE_NAME);
}

static void spill_test(void **state)
{
	static const size_t memory[] = { 0, 100, 5 << 20 };
	struct rng r = { 1 };

	(void)state;
	for (size_t m = 0; m < 3; m++) {
		struct spill *s = spill_new(memory[m], toy_path("beside"));
		uint32_t word, n = 600000;

		for (uint32_t i = 0; i < n; i++) {
			word = i * 2654435761u;
			assert_int_equal(spill_add(s, &word, sizeof(word), NULL), ERR_OK);
		}
		assert_int_equal(spill_bytes(s), n * sizeof(word));
		assert_int_equal(spill_end(s, NULL), ERR_OK);
		assert_int_equal(spill_memory(s) != NULL, m == 2);
		for (int i = 0; i < 1000; i++) {
			uint32_t at = (uint32_t)rng_below(&r, n);

			assert_int_equal(spill_read(s, at * sizeof(word), &word, sizeof(word)),
					 ERR_OK);
			assert_int_equal(word, at * 2654435761u);
		}
		word = 7;
		assert_int_equal(spill_write(s, 4000, &word, sizeof(word)), ERR_OK);
		assert_int_equal(spill_read(s, 4000, &word, sizeof(word)), ERR_OK);
		assert_int_equal(word, 7);
		assert_int_equal(spill_read(s, 4004, &word, sizeof(word)), ERR_OK);
		assert_int_equal(word, 1001 * 2654435761u);
		assert_int_equal(spill_read(s, (size_t)n * 4 - 2, &word, sizeof(word)), ERR_IO);
		spill_free(s);
	}
	spill_free(NULL);
}

static void spill_refused_test(void **state)
{
	struct spill *s = spill_new(0, "/no/such/folder/model");
	struct reason why;

	(void)state;
	assert_int_equal(spill_add(s, "abc", 3, &why), ERR_NOT_FOUND);
	assert_non_null(strstr(why.text, "/no/such/folder/"));
	spill_free(s);
}

/* What pipeclass predict writes for those bytes of input. */
static void predicted(const struct classifier *c, struct str in, struct buf *out)
{
	struct reason why;
	int from, to;

	assert_int_equal(file_write(toy_path("in"), in, NULL), ERR_OK);
	from = open(toy_path("in"), O_RDONLY);
	to = open(toy_path("out"), O_WRONLY | O_CREAT | O_TRUNC, 0600);
	assert_int_equal(titles_predict(c, &(struct titles_opt){ .sure = 0 }, from, to, &why),
			 ERR_OK);
	close(from);
	close(to);
	buf_clear(out);
	assert_int_equal(file_read(toy_path("out"), out, NULL), ERR_OK);
	toy_remove("in");
	toy_remove("out");
}

static size_t lines(const struct buf *b)
{
	size_t n = 0;

	for (size_t i = 0; i < b->n; i++)
		n += b->p[i] == '\n';
	return n;
}

static void titles_test(void **state)
{
	struct toy t = { .n = 200 };
	struct classifier_rows rows = toy_rows(&t);
	struct classifier_opt opt = { .seed = 1, .bits = 12 };
	struct classifier_report report;
	struct classifier *c;
	struct buf in, out;

	(void)state;
	assert_int_equal(classifier_train(&rows, &opt, toy_path("m"), &report, NULL), ERR_OK);
	assert_int_equal(classifier_open(toy_path("m"), &c, NULL), ERR_OK);
	buf_init(&in, 8 << 20);
	buf_init(&out, 8 << 20);
	predicted(c, STR(""), &out);
	assert_int_equal(out.n, 0);
	predicted(c, STR("운동화 \"A\"\r\n\n백팩"), &out);
	assert_int_equal(lines(&out), 3);
	assert_true(str_starts(buf_str(&out),
			       STR("{\"title\":\"운동화 "
				   "\\\"A\\\"\",\"top\":[{\"category\":\"신발>운동화\",\"p\":0.")));
	assert_true(str_find(buf_str(&out), STR("\n{\"title\":\"\",\"top\":[")) > 0);
	for (size_t i = 0; i < 3 * TITLES_LINE; i++)
		buf_add_char(&in, i % 7 ? 'x' : ' ');
	for (size_t i = 0; i < 30000; i++)
		buf_add_text(&in, "\n데님 32");
	predicted(c, buf_str(&in), &out);
	assert_int_equal(lines(&out), 30001);
	buf_done(&in);
	buf_done(&out);
	classifier_close(c);
	toy_remove("m");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shapes_test), cmocka_unit_test(columns_test),
		cmocka_unit_test(gzip_test),   cmocka_unit_test(long_line_test),
		cmocka_unit_test(spill_test),  cmocka_unit_test(spill_refused_test),
		cmocka_unit_test(titles_test),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
