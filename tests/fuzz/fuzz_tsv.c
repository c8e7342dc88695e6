/* A file of labeled titles, plain or gzip. Two passes give the same rows. */
#include "base/hash.h"
#include "classifier/tsv.h"
#include "tests/fuzz/fuzz.h"

#include <stdio.h>

static uint64_t pass(const struct classifier_rows *rows, int64_t *ret_n)
{
	struct classifier_row row = { .weight = 0 };
	uint64_t sum = 0;
	int64_t n = 0;

	rows->rewind(rows->ctx);
	while (rows->next(rows->ctx, &row)) {
		struct str title = row.title, klass = row.labels[0].klass;

		must(row.weight > 0 && row.labels_n == 1);
		must(str_find_char(title, '\t') < 0 && str_find_char(klass, '\t') < 0);
		must(str_find_char(title, '\n') < 0 && str_find_char(klass, '\n') < 0);
		sum = hash64_join(hash64_join(sum, hash64(title, 0)), hash64(klass, 1));
		n++;
	}
	*ret_n = n;
	return sum;
}

static void check(const char *path, const char *columns)
{
	struct classifier_rows rows;
	struct reason why = { "" };
	int64_t n = -1, again = -1;
	struct tsv_count count;
	struct tsv *t = NULL;
	uint64_t sum;

	if (tsv_open(path, columns, &t, &why)) {
		must(!t && why.text[0]);
		return;
	}
	rows = tsv_rows(t);
	count = tsv_count(t);
	sum = pass(&rows, &n);
	must(n == count.rows && (count.misshapen > 0) == (count.first_misshapen > 0));
	must(pass(&rows, &again) == sum && again == n);
	tsv_close(t);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int fd = fuzz_fd(fuzz_text(data, size));
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	check(path, NULL);
	check(path, "brand,price,-,weight,group");
	close(fd);
	return 0;
}
