/* What each second signal is worth: false joins among pairs with alike titles, drawn by chance
 * within strata from two real collections and judged by reading (near_signals.tsv: the stratum, how
 * many pairs it has, the two rows, what a person says, `x` where in doubt). Rows are a pid of
 * bunjang, or a file of crawl-stream and its row; judged as in near_judged.h, with the category where
 * there is one: titles that say no kind are other things in other categories. */
#include "near_real.h"

#include "../stream/crawl_stream.h"
#include "base/hash.h"
#include "base/mem.h"
#include "near/near_find.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define PAIRS PIPED_SOURCE "/tests/unit/near/near_signals.tsv"
#define LISTINGS PIPED_SHARED "/data/bunjang/listings.tsv.gz"
#define STREAM PIPED_SHARED "/data/crawl-stream"
#define MOST 1000
#define STRATA_MOST 16
#define PARTS 9
/* Weights of words are of every so many titles: they differ little, and time is short. */
#define EVERY 3

static const char *const stream_files[] = {
	"mans_category_20250125_142524",  "mans_category_20250126_030211",
	"mans_category_20250127_031325",  "woman_category_20250125_145139",
	"woman_category_20250126_032333", "woman_category_20250127_033635",
};

struct side {
	uint64_t id;
	struct shingle_set set;
	struct near_item item;
	bool seen;
};

struct stratum {
	char name[48];
	int64_t pairs;
	bool stream;
	int judged, others;
};

struct pair {
	int stratum, a, b; /* sides, before these are sorted */
	bool other;
};

static struct {
	struct pair pairs[MOST];
	struct side *sides; /* two a pair */
	struct side **by_id;
	int n;
	struct stratum strata[STRATA_MOST];
	int n_strata;
	struct near_index *index[2]; /* of the stream, of bunjang */
	struct near_real *real;
} it;

static uint64_t id_of(struct str file, int64_t row)
{
	return hash64_join(hash64(file, 0), (uint64_t)row);
}

static uint64_t read_id(struct str text)
{
	struct str file = { 0 };
	int64_t row;

	if (memchr(text.p, ':', text.n))
		str_next(&text, ':', &file);
	assert_true(str_i64(text, &row));
	return id_of(file, row);
}

static int stratum_of(struct str name, struct str pairs)
{
	char text[48];
	int i = 0;

	snprintf(text, sizeof(text), "%.*s", STR_ARG(name));
	while (i < it.n_strata && strcmp(it.strata[i].name, text) != 0)
		i++;
	if (i == it.n_strata) {
		struct stratum *s = &it.strata[it.n_strata++];

		assert_true(i < STRATA_MOST);
		memcpy(s->name, text, sizeof(text));
		s->stream = str_starts(name, STR("crawl-"));
		assert_true(str_i64(pairs, &s->pairs));
	}
	return i;
}

static int by_id(const void *a, const void *b)
{
	uint64_t x = (*(struct side *const *)a)->id, y = (*(struct side *const *)b)->id;

	return (x > y) - (x < y);
}

static void read_pairs(void)
{
	struct str part[6];
	char line[512];
	gzFile f = gzopen(PAIRS, "rb"); /* plain text, too */

	assert_non_null(f);
	assert_true(near_real_line(f, line, sizeof(line), part, 6)); /* the head */
	it.sides = mem_array(2 * MOST, sizeof(*it.sides));
	it.by_id = mem_array(2 * MOST, sizeof(struct side *));
	while (near_real_line(f, line, sizeof(line), part, 6)) {
		struct pair *p = &it.pairs[it.n];
		int at = 2 * it.n++;

		assert_true(it.n <= MOST);
		*p = (struct pair){ .stratum = stratum_of(part[0], part[1]),
				    .a = at,
				    .b = at + 1,
				    .other = str_is(part[4], "other") };
		it.strata[p->stratum].judged++;
		it.strata[p->stratum].others += p->other;
		for (int i = 0; i < 2; i++) {
			it.sides[at + i].id = read_id(part[2 + i]);
			it.by_id[at + i] = &it.sides[at + i];
		}
	}
	gzclose(f);
	qsort(it.by_id, 2 * (size_t)it.n, sizeof(struct side *), by_id);
}

/* The first of the sides of that id or, if there is none, of a later one. */
static int sides_of(uint64_t id)
{
	int low = 0, high = 2 * it.n;

	while (low < high) {
		int mid = low + (high - low) / 2;

		if (it.by_id[mid]->id < id)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static void see(struct near_index *x, uint64_t id, int64_t row, struct str title,
		struct near_item item)
{
	int at = sides_of(id);
	bool wanted = at < 2 * it.n && it.by_id[at]->id == id;
	struct shingle_set set;

	if (!wanted && row % EVERY != 0)
		return;
	item.key = near_real_title(it.real, title, &set);
	if (row % EVERY == 0)
		near_index_add(x, &set, &item);
	for (; at < 2 * it.n && it.by_id[at]->id == id; at++) {
		it.by_id[at]->set = set;
		it.by_id[at]->item = item;
		it.by_id[at]->seen = true;
	}
}

static bool read_listings(void)
{
	gzFile f = gzopen(LISTINGS, "rb");
	struct str part[PARTS];
	char line[8192];
	int64_t pid;

	if (!f)
		return false;
	for (int64_t row = 1; near_real_line(f, line, sizeof(line), part, PARTS); row++)
		if (str_i64(part[0], &pid))
			see(it.index[0], id_of(STR(""), pid), row, part[1],
			    (struct near_item){ .price = near_real_price(part[4]),
						.category = hash64(part[2], 0) });
	gzclose(f);
	return true;
}

/* "799,900" */
static double stream_price(struct str price)
{
	char digits[64];
	size_t n = 0;

	for (size_t i = 0; i < price.n && n < sizeof(digits); i++)
		if (price.p[i] != ',')
			digits[n++] = price.p[i];
	return near_real_price((struct str){ digits, n });
}

static bool read_stream(void)
{
	for (size_t i = 0; i < sizeof(stream_files) / sizeof(stream_files[0]); i++) {
		struct crawl_stream_row r;
		struct crawl_stream *s;
		char name[64];

		snprintf(name, sizeof(name), "%s.csv.gz", stream_files[i]);
		s = crawl_stream_open(STREAM, str_of(name));
		if (!s)
			return false;
		while (crawl_stream_next(s, &r))
			see(it.index[1], id_of(str_of(stream_files[i]), r.row), r.row, r.title,
			    (struct near_item){ .price = stream_price(r.price) });
		crawl_stream_close(s);
	}
	return true;
}

static int set_up(void **state)
{
	(void)state;
	it.real = near_real_new();
	for (int i = 0; i < 2; i++)
		it.index[i] = near_index_new();
	read_pairs();
	if (!read_listings() || !read_stream()) {
		print_message("skipped: no " STREAM "\n");
		it.n = 0;
	}
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++)
		near_index_free(it.index[i]);
	near_real_free(it.real);
	mem_free(it.sides);
	mem_free(it.by_id);
	return 0;
}

/* Signals that are not looked at. */
static const struct way {
	const char *name;
	bool any_category, no_category, no_price;
} ways[] = {
	{ .name = "as it is" },
	{ .name = "any category will do", .any_category = true },
	{ .name = "no category", .no_category = true },
	{ .name = "no exact price", .no_price = true },
};
#define WAYS (int)(sizeof(ways) / sizeof(ways[0]))

static bool joins(const struct pair *p, const struct way *w)
{
	const struct side *a = &it.sides[p->a], *b = &it.sides[p->b];
	const struct near_index *x = it.index[it.strata[p->stratum].stream];
	struct near_likeness l;

	if (!a->seen || !b->seen)
		fail_msg("pair %d: a row is missing", (int)(p - it.pairs) + 2);
	near_find_compare(x, &a->set, &a->item, &b->set, &b->item, false, &l);
	l.category = (l.category || w->any_category) && !w->no_category;
	l.price_same &= !w->no_price;
	return near_rule_of(&l) != NEAR_SIGNALS;
}

/* What joins, in pairs of the collection: a stratum's share times its pairs. */
struct joined {
	double pairs, others;
};

static struct joined count(const struct way *w, int stratum)
{
	const struct stratum *s = &it.strata[stratum];
	int n = 0, others = 0;

	for (int i = 0; i < it.n; i++)
		if (it.pairs[i].stratum == stratum && joins(&it.pairs[i], w)) {
			n++;
			others += it.pairs[i].other;
		}
	return (struct joined){ (double)s->pairs * n / s->judged,
				(double)s->pairs * others / s->judged };
}

static double false_share(const struct way *w, bool stream)
{
	struct joined all = { 0 };

	for (int i = 0; i < it.n_strata; i++)
		if (it.strata[i].stream == stream) {
			struct joined j = count(w, i);

			all.pairs += j.pairs;
			all.others += j.others;
		}
	print_message("  %-12s %-22s joins %6.0f, false %.4f\n",
		      stream ? "crawl-stream" : "bunjang", w->name, all.pairs,
		      all.others / all.pairs);
	return all.others / all.pairs;
}

static void each_signal_is_worth_what_was_measured(void **state)
{
	(void)state;
	if (!it.n)
		skip();
	for (int i = 0; i < it.n_strata; i++) {
		const struct stratum *s = &it.strata[i];
		struct joined j = count(&ways[0], i);

		print_message("  %-24s %6lld pairs, judged %2d, others %2d; joins %6.0f\n", s->name,
			      (long long)s->pairs, s->judged, s->others, j.pairs);
	}
	for (int i = 0; i < 2; i++) {
		double share[WAYS];

		for (int w = 0; w < WAYS; w++)
			share[w] = false_share(&ways[w], i == 1);
		assert_true(share[0] < 0.02);
		/* any category: what the category is for */
		assert_true(share[1] > share[0]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_signal_is_worth_what_was_measured),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
