/* drift_bench PAGES: what watching pages costs: lists of 100 listings, and pages about one thing,
 * of a shop that is as ever. Time of adding a page to what was learned, on the loop; of noting
 * what it shows, on the pool; bytes held, and kept. */
#include "base/clock.h"
#include "base/mem.h"
#include "tests/unit/drift/drift_pages.h"

#include <stdio.h>
#include <stdlib.h>

static void measure(const char *what, int per_page, int pages)
{
	struct shop s = { .rng = { 5 }, .per_page = per_page };
	struct drift *d = mem_zero(sizeof(*d));
	struct drift_page *p = mem_zero(sizeof(*p));
	struct arena *a = arena_new(1 << 16);
	int64_t spent = 0, from;
	uint64_t told = 0;
	struct buf text;

	drift_reset(d, 1);
	for (int i = 0; i < pages; i++) {
		shop_page(&s, FAULT_NOTHING, p, a);
		from = clock_thread_cpu_ns();
		told |= drift_add(d, p, i + 1, i, 1e6);
		spent += clock_thread_cpu_ns() - from;
	}
	buf_init(&text, DRIFT_TEXT_BYTES);
	drift_write(d, &text);
	printf("%-24s %8d pages  %6.2f us a page  %zu bytes in memory  %zu bytes kept  alarms: "
	       "%s\n",
	       what, pages, (double)spent / 1e3 / pages, sizeof(*d), text.n,
	       told ? "some" : "none");
	buf_done(&text);
	arena_free(a);
	mem_free(p);
	mem_free(d);
}

int main(int argc, char **argv)
{
	int pages = argc > 1 ? atoi(argv[1]) : 100000;

	measure("lists of 100 listings", 100, pages);
	measure("pages about one thing", 1, pages);
	return 0;
}
