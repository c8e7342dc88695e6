/* Recall and false joins on real titles, which are read in place. */
#include "near_judged.h"
#include "near_real.h"

#include "base/hash.h"
#include "base/mem.h"
#include "near/near_find.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include <cmocka.h>

#define LISTINGS PIPED_SHARED "/data/bunjang/listings.tsv.gz"
#define EDITS PIPED_SHARED "/data/near-duplicates/bunjang-title-edits/pairs.tsv.gz"
#define ROWS 226865
#define PARTS 9

struct row {
	int64_t pid;
	struct shingle_set set;
	struct near_item item;
};

static struct row *rows; /* by pid */
static int n_rows;
static struct near_index *all;
static struct near_real *real;

static int by_pid(const void *a, const void *b)
{
	int64_t x = ((const struct row *)a)->pid, y = ((const struct row *)b)->pid;

	return (x > y) - (x < y);
}

static const struct row *row_of(int64_t pid)
{
	struct row *key = mem_zero(sizeof(*key));
	const struct row *found;

	key->pid = pid;
	found = bsearch(key, rows, (size_t)n_rows, sizeof(*rows), by_pid);
	mem_free(key);
	return found;
}

static int set_up(void **state)
{
	gzFile f = gzopen(LISTINGS, "rb");
	struct str part[PARTS];
	char line[8192];

	(void)state;
	if (!f)
		return 0;
	real = near_real_new();
	rows = mem_array(ROWS, sizeof(*rows));
	all = near_index_new();
	near_index_reserve(all, ROWS);
	while (n_rows < ROWS && near_real_line(f, line, sizeof(line), part, PARTS)) {
		struct row *r = &rows[n_rows];

		if (!str_i64(part[0], &r->pid))
			continue;
		r->item = (struct near_item){ .key = near_real_title(real, part[1], &r->set),
					      .price = near_real_price(part[4]),
					      .category = hash64(part[2], 0),
					      .image = hash64(part[8], 0),
					      .leader = true };
		near_index_add(all, &r->set, &r->item);
		n_rows++;
	}
	gzclose(f);
	qsort(rows, (size_t)n_rows, sizeof(*rows), by_pid);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	near_index_free(all);
	mem_free(rows);
	near_real_free(real);
	return 0;
}

static bool joined(const struct judged *j)
{
	const struct row *a = row_of(j->pid[0]), *b = row_of(j->pid[1]);
	struct near_likeness l;

	assert_non_null(a);
	assert_non_null(b);
	return near_find_compare(all, &a->set, &a->item, &b->set, &b->item, false, &l) !=
	       NEAR_SIGNALS;
}

static void few_are_false(const struct judged *judged, int n)
{
	int joins = 0, wrong = 0;

	for (int i = 0; i < n; i++)
		if (joined(&judged[i])) {
			joins++;
			wrong += !judged[i].same;
		}
	print_message("joined %d of %d judged, %d of them false: %.1f%%\n", joins, n, wrong,
		      100.0 * wrong / joins);
	/* weights of all titles are not quite those of the ones that came before */
	assert_true(joins > n * 95 / 100);
	assert_true(wrong * 100 < joins * 2);
}

static void few_joins_are_false(void **state)
{
	(void)state;
	if (!all)
		skip();
	few_are_false(judged_joins, (int)(sizeof(judged_joins) / sizeof(judged_joins[0])));
	few_are_false(judged_core_joins,
		      (int)(sizeof(judged_core_joins) / sizeof(judged_core_joins[0])));
}

static void what_differs_stays_apart(void **state)
{
	int n = (int)(sizeof(judged_others) / sizeof(judged_others[0])), joins = 0;

	(void)state;
	if (!all)
		skip();
	for (int i = 0; i < n; i++)
		if (joined(&judged_others[i])) {
			joins++;
			print_message("%lld and %lld joined\n", (long long)judged_others[i].pid[0],
				      (long long)judged_others[i].pid[1]);
		}
	/* "knit" and "knit trousers": the longer title adds a kind */
	assert_true(joins <= 1);
}

/* What the later title has in common with the first one, beside words. */
static const struct recalled {
	const char *what;
	bool image, category;
	double price; /* share of the first one's */
	int least;    /* found, of a hundred */
} recalled[] = {
	{ "the image", .image = true, .category = true, .price = 1, .least = 85 },
	{ "price and category", .category = true, .price = 1, .least = 40 },
	{ "price", .price = 1, .least = 25 },
	{ "category, a tenth cheaper", .category = true, .price = 0.9, .least = 30 },
	{ "nothing, a tenth cheaper", .price = 0.9, .least = 25 },
};
#define RECALLED (int)(sizeof(recalled) / sizeof(recalled[0]))

struct recall {
	int n, own, other[RECALLED];
};

static bool is_found(const struct row *first, const struct shingle_set *set, struct near_item item,
		     const struct recalled *by)
{
	struct near_likeness l;
	struct near_match m;

	item.price *= by->price;
	item.category = by->category ? item.category : 0;
	if (by->image)
		return near_find_best(all, set, &item, &m) && m.key == first->item.key;
	item.image = 0;
	return near_find_compare(all, &first->set, &first->item, set, &item, false, &l) !=
	       NEAR_SIGNALS;
}

/* The later title: of the same listing; in another one. */
static void edit(struct recall *r, const struct row *first, struct str later)
{
	struct near_item item = first->item;
	struct shingle_set set;
	struct near_likeness l;
	bool same;

	item.key = near_real_title(real, later, &set);
	same = item.key == first->item.key;
	r->n++;
	r->own += same || near_find_compare(all, &first->set, &first->item, &set, &item, false,
					    &l) != NEAR_SIGNALS;
	for (int i = 0; i < RECALLED; i++)
		r->other[i] += same || is_found(first, &set, item, &recalled[i]);
}

static void edits_are_found(void **state)
{
	gzFile f = gzopen(EDITS, "rb");
	struct recall r = { .n = 0 };
	struct str part[3];
	char line[8192];

	(void)state;
	if (!f || !all)
		skip();
	while (near_real_line(f, line, sizeof(line), part, 3)) {
		const struct row *first;
		int64_t pid;

		if (str_i64(part[0], &pid) && (first = row_of(pid)) != NULL)
			edit(&r, first, part[2]);
	}
	gzclose(f);
	assert_true(r.n > 1300);
	print_message("%d edits: of the listing itself %.3f\n", r.n, (double)r.own / r.n);
	assert_true(r.own * 100 >= r.n * 85);
	for (int i = 0; i < RECALLED; i++) {
		print_message("  in another with %-26s %.3f\n", recalled[i].what,
			      (double)r.other[i] / r.n);
		assert_true(r.other[i] * 100 >= r.n * recalled[i].least);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(few_joins_are_false),
		cmocka_unit_test(what_differs_stays_apart),
		cmocka_unit_test(edits_are_found),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
