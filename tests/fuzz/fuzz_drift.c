/* What was kept of a page kind's statistics, as the database has it: read, or refused; what was
 * read is written the same again, and goes on to learn from pages. */
#include "base/mem.h"
#include "drift/drift.h"
#include "tests/fuzz/fuzz.h"

static void keep(const struct drift *d, struct buf *to)
{
	buf_init(to, DRIFT_TEXT_BYTES);
	drift_write(d, to);
	must(to->n && !to->full);
}

static void go_on(struct drift *d)
{
	struct drift_page *p = mem_zero(sizeof(*p));
	struct listing l = {
		.title = STR("t"), .category = STR("c1"), .currency = STR("KRW"), .price = 5000
	};
	char words[DRIFT_STATS][32];

	p->listed = true;
	p->links = 3;
	for (int i = 0; i < 3; i++)
		drift_page_add(p, &l);
	for (int i = 0; i < 70; i++)
		(void)drift_add(d, p, d->pages + 1, i, 1e6);
	for (int s = 0; s < DRIFT_STATS; s++) {
		struct buf to;

		drift_stat_name((enum drift_stat)s, words[s]);
		buf_init(&to, 4096);
		drift_words((enum drift_stat)s, drift_usual(d, (enum drift_stat)s), 0, &to);
		buf_done(&to);
	}
	mem_free(p);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct drift *d = mem_zero(sizeof(*d)), *again = mem_zero(sizeof(*again));
	struct buf first, second;

	if (!drift_read(d, fuzz_text(data, size))) {
		keep(d, &first);
		must(!drift_read(again, buf_str(&first)));
		keep(again, &second);
		must(str_eq(buf_str(&first), buf_str(&second)));
		buf_done(&first);
		buf_done(&second);
	}
	go_on(d);
	mem_free(d);
	mem_free(again);
	return 0;
}
