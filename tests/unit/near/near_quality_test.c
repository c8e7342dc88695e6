/* Recall and false joins on real titles, which are read in place. */
#include "near_judged.h"

#include "base/hash.h"
#include "base/mem.h"
#include "base/normal.h"
#include "cleaner/marks.h"
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
static struct conf *conf;
static struct marks *marks; /* NULL: titles as they are */
static struct arena *text;

/* The fields of a line; false at the end. */
static bool next_line(gzFile f, char *line, int room, struct str *part, int most)
{
	struct str rest;
	int n = 0;

	if (!gzgets(f, line, room))
		return false;
	rest = str_trim(str_of(line));
	while (n < most)
		if (!str_next(&rest, '\t', &part[n++]))
			part[n - 1] = STR("");
	return true;
}

static uint64_t read_title(struct str title, struct shingle_set *ret)
{
	char clean[4096];
	size_t n = normal_title(title, clean, sizeof(clean));

	struct str core = { clean, n }, left = { 0 };

	arena_reset(text);
	if (marks)
		left = marks_core(marks, core, text);
	shingle_title(left.n ? left : core, ret);
	return hash64((struct str){ clean, n }, 1);
}

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

static void load_words(void)
{
	struct conf_problem *problems = NULL;
	int n = 0;

	if (conf_load(PIPED_SOURCE "/etc/piped.yaml", &conf, &problems, &n))
		fail_msg("etc/piped.yaml has %d problems", n);
	marks = marks_new(&conf->words);
}

static int set_up(void **state)
{
	gzFile f = gzopen(LISTINGS, "rb");
	struct str part[PARTS];
	char line[8192];

	(void)state;
	if (!f)
		return 0;
	load_words();
	text = arena_new(1 << 14);
	rows = mem_array(ROWS, sizeof(*rows));
	all = near_index_new();
	near_index_reserve(all, ROWS);
	while (n_rows < ROWS && next_line(f, line, sizeof(line), part, PARTS)) {
		struct row *r = &rows[n_rows];

		if (!str_i64(part[0], &r->pid))
			continue;
		r->item = (struct near_item){ .key = read_title(part[1], &r->set),
					      .image = hash64(part[8], 0),
					      .leader = true };
		if (!str_f64(part[4], &r->item.price))
			r->item.price = 0;
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
	marks_free(marks);
	conf_free(conf);
	arena_free(text);
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

struct recall {
	int n, own, same_image, price;
};

/* The later title: of the same listing; in another listing with its image; in another
 * with its price alone. */
static void edit(struct recall *r, const struct row *first, struct str later)
{
	struct near_item item = first->item;
	struct shingle_set set;
	struct near_likeness l;
	struct near_match m;

	item.key = read_title(later, &set);
	r->n++;
	r->own += item.key == first->item.key ||
		  near_find_compare(all, &first->set, &first->item, &set, &item, false, &l) !=
			  NEAR_SIGNALS;
	r->same_image += item.key == first->item.key ||
			 (near_find_best(all, &set, &item, &m) && m.key == first->item.key);
	item.image = 0;
	r->price += item.key == first->item.key ||
		    near_find_compare(all, &first->set, &first->item, &set, &item, false, &l) !=
			    NEAR_SIGNALS;
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
	while (next_line(f, line, sizeof(line), part, 3)) {
		const struct row *first;
		int64_t pid;

		if (str_i64(part[0], &pid) && (first = row_of(pid)) != NULL)
			edit(&r, first, part[2]);
	}
	gzclose(f);
	print_message("%d edits: the listing's own %.3f, another with its image %.3f, "
		      "another with its price alone %.3f\n",
		      r.n, (double)r.own / r.n, (double)r.same_image / r.n, (double)r.price / r.n);
	assert_true(r.n > 1300);
	assert_true(r.own * 100 >= r.n * 85);
	assert_true(r.same_image * 100 >= r.n * 85);
	assert_true(r.price * 100 >= r.n * 40);
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
