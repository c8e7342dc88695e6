/* Precision and recall of every flag, cleaner and shipped rules together, on listings that a
 * person judged (flags_judged.tsv; how it was made stands in docs/ARCHITECTURE.md). In
 * flags_judged_several.tsv only whether it is several things was judged; rules were tuned on it. */
#include "../stream/crawl_stream.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/mem.h"
#include "cleaner/cleaner.h"
#include "labeler/labeler.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define JUDGED PIPED_SOURCE "/tests/unit/labeler/"
#define STREAM PIPED_SHARED "/data/crawl-stream"
#define MOST 300
#define STRATA_MOST 16

struct stratum {
	struct str name;
	int64_t rows; /* that it has in all files, each title once */
	int drawn;
};

struct judged {
	struct str file;
	int64_t row; /* from 1, the head not counted */
	uint64_t hash;
	int stratum;
	uint32_t flags, found;
	bool seen;
};

static struct {
	struct arena *a;
	struct stratum strata[STRATA_MOST];
	int n_strata;
	struct judged rows[MOST];
	int n;
} table;

/* Weighted by what a row stands for; a little below what was measured. */
struct bound {
	enum listing_flag flag;
	double precision, recall;
};

static struct str field(struct str *rest, char sep)
{
	struct str part = { 0 };

	assert_true(str_next(rest, sep, &part));
	return part;
}

static int stratum_of(struct str name, int64_t rows)
{
	int i = 0;

	while (i < table.n_strata && !str_eq(table.strata[i].name, name))
		i++;
	if (i == table.n_strata) {
		assert_true(i < STRATA_MOST);
		table.strata[table.n_strata++] =
			(struct stratum){ .name = arena_str(table.a, name), .rows = rows };
	}
	assert_int_equal(table.strata[i].rows, rows);
	table.strata[i].drawn++;
	return i;
}

static uint32_t flags_of(struct str names)
{
	enum listing_flag flag;
	uint32_t flags = 0;
	struct str name;

	while (!str_is(names, "-") && str_next(&names, ',', &name)) {
		assert_true(listing_flag_parse(name, &flag));
		flags |= FLAG_BIT(flag);
	}
	return flags;
}

/* file row hash stratum rows flags doubt */
static void read_judged(struct str line)
{
	struct judged *j = &table.rows[table.n++];
	struct str hash, name;
	int64_t rows;
	char digits[17];

	j->file = arena_str(table.a, field(&line, '\t'));
	assert_true(str_i64(field(&line, '\t'), &j->row));
	hash = field(&line, '\t');
	snprintf(digits, sizeof(digits), "%.*s", STR_ARG(hash));
	j->hash = strtoull(digits, NULL, 16);
	name = field(&line, '\t');
	assert_true(str_i64(field(&line, '\t'), &rows));
	j->stratum = stratum_of(name, rows);
	j->flags = flags_of(field(&line, '\t'));
}

static void read_table(const char *name)
{
	char line[512];
	FILE *f;

	snprintf(line, sizeof(line), JUDGED "%s", name);
	f = fopen(line, "r");
	assert_non_null(f);
	assert_non_null(fgets(line, sizeof(line), f)); /* the head */
	while (fgets(line, sizeof(line), f)) {
		assert_true(table.n < MOST);
		read_judged(str_trim(str_of(line)));
	}
	fclose(f);
}

struct judge {
	struct conf *conf;
	const struct conf_source *source;
	struct labeler *labeler;
	struct labeler_scratch *scratch;
};

static void judge_one(const struct judge *with, struct judged *j, const struct crawl_stream_row *r)
{
	struct arena *a = arena_new(1 << 14);
	struct listing_raw raw = { .field[FIELD_ID] = STR("1") };
	struct cleaner_in in = { .source = with->source, .raw = &raw, .now_ms = 1 };
	struct listing l;

	raw.field[FIELD_TITLE] = r->title;
	raw.field[FIELD_PRICE] = r->price;
	if (hash64(raw.field[FIELD_TITLE], 0) != j->hash)
		fail_msg("%.*s, row %lld: another title than was judged", STR_ARG(j->file),
			 (long long)j->row);
	cleaner_run(&in, a, &l);
	labeler_flags(with->labeler, with->scratch, &l);
	j->found = l.flags;
	j->seen = true;
	arena_free(a);
}

static void judge_file(const struct judge *with, struct str file)
{
	struct crawl_stream *s = crawl_stream_open(STREAM, file);
	struct crawl_stream_row r;

	assert_non_null(s);
	while (crawl_stream_next(s, &r))
		for (int i = 0; i < table.n; i++)
			if (table.rows[i].row == r.row && str_eq(table.rows[i].file, file))
				judge_one(with, &table.rows[i], &r);
	crawl_stream_close(s);
}

static void judge_all(const struct judge *with)
{
	for (int i = 0; i < table.n; i++)
		if (!table.rows[i].seen)
			judge_file(with, table.rows[i].file);
}

static void load(struct judge *with)
{
	struct conf_problem *problems = NULL;
	struct reason why = { "" };
	int n = 0;

	*with = (struct judge){ .scratch = labeler_scratch_new() };
	assert_int_equal(conf_load(PIPED_SOURCE "/etc/piped.yaml", &with->conf, &problems, &n),
			 ERR_OK);
	assert_int_equal(labeler_new(with->conf, &with->labeler, &why), ERR_OK);
	for (int i = 0; i < with->conf->n_sources; i++)
		if (str_is(with->conf->sources[i].name, "bunjang"))
			with->source = &with->conf->sources[i];
	assert_non_null(with->source);
}

static void unload(struct judge *with)
{
	labeler_scratch_free(with->scratch);
	labeler_free(with->labeler);
	conf_free(with->conf);
}

/* Rows that count, those of them that are right, and their weights. */
struct share {
	int n, right;
	double weight, weight_squared, right_weight;
};

static void count(struct share *s, bool counts, bool right, double weight)
{
	if (!counts)
		return;
	s->n++;
	s->right += right;
	s->weight += weight;
	s->weight_squared += weight * weight;
	s->right_weight += right ? weight : 0;
}

static double share_of(const struct share *s)
{
	return s->weight > 0 ? s->right_weight / s->weight : 0;
}

/* Wilson's interval (95%) of a share `p` of `n`. */
static void wilson(double p, double n, double *ret_low, double *ret_high)
{
	const double z = 1.959964;
	double mid, half;

	*ret_low = 0;
	*ret_high = 1;
	if (n <= 0)
		return;
	mid = (p + z * z / (2 * n)) / (1 + z * z / n);
	half = z / (1 + z * z / n) * sqrt(p * (1 - p) / n + z * z / (4 * n * n));
	*ret_low = mid - half;
	*ret_high = mid + half;
}

/* Of the sample as drawn, then of the population: for that Wilson with Kish's effective size
 * (sum w)^2 / (sum w^2), a guide only, since a stratum where nothing was met adds nothing. */
static void print_share(const char *what, const struct share *s)
{
	double low, high, sample = s->n ? (double)s->right / s->n : 0;

	wilson(sample, s->n, &low, &high);
	print_message("  %-9s sample %3d of %3d, %.3f (%.3f to %.3f)", what, s->right, s->n, sample,
		      low, high);
	wilson(share_of(s), s->weight > 0 ? s->weight * s->weight / s->weight_squared : 0, &low,
	       &high);
	print_message("; weighted %.3f (%.3f to %.3f)\n", share_of(s), low, high);
}

static void print_strata(uint32_t bit)
{
	for (int i = 0; i < table.n_strata; i++) {
		int met = 0, found = 0, both = 0;

		for (int k = 0; k < table.n; k++) {
			const struct judged *j = &table.rows[k];

			if (j->stratum != i)
				continue;
			met += (j->flags & bit) != 0;
			found += (j->found & bit) != 0;
			both += (j->flags & j->found & bit) != 0;
		}
		if (met || found)
			print_message("    %-9.*s judged %2d, found %2d, both %2d of %d\n",
				      STR_ARG(table.strata[i].name), met, found, both,
				      table.strata[i].drawn);
	}
}

static void hold_to(const struct bound *b)
{
	uint32_t bit = FLAG_BIT(b->flag);
	struct share precision = { 0 }, recall = { 0 };

	for (int k = 0; k < table.n; k++) {
		const struct judged *j = &table.rows[k];
		const struct stratum *s = &table.strata[j->stratum];
		double weight = (double)s->rows / s->drawn;

		count(&precision, j->found & bit, j->flags & bit, weight);
		count(&recall, j->flags & bit, j->found & bit, weight);
	}
	print_message("%s\n", listing_flags[b->flag].name);
	print_share("precision", &precision);
	print_share("recall", &recall);
	print_strata(bit);
	assert_true(share_of(&precision) >= b->precision);
	assert_true(share_of(&recall) >= b->recall);
}

static void hold_table(const char *name, int rows, const struct bound *bounds, size_t n)
{
	struct judge with;

	if (!file_exists(STREAM "/mans_category_20250125_142524.csv.gz")) {
		print_message("skipped: " STREAM " is not here\n");
		skip();
	}
	memset(&table, 0, sizeof(table));
	table.a = arena_new(1 << 16);
	read_table(name);
	assert_int_equal(table.n, rows);
	load(&with);
	judge_all(&with);
	for (size_t i = 0; i < n; i++)
		hold_to(&bounds[i]);
	unload(&with);
	arena_free(table.a);
}

static void every_flag_is_as_good_as_measured(void **state)
{
	static const struct bound bounds[] = {
		{ FLAG_WANTED, 0.95, 0.90 },	 { FLAG_EXCHANGE, 0.95, 0.95 },
		{ FLAG_JOKE_PRICE, 0.95, 0.88 }, { FLAG_ADVERTISEMENT, 0.95, 0.95 },
		{ FLAG_MULTI_ITEM, 0.90, 0.55 },
	};

	(void)state;
	hold_table("flags_judged.tsv", 300, bounds, sizeof(bounds) / sizeof(bounds[0]));
}

static void several_things_are_found(void **state)
{
	static const struct bound several = { FLAG_MULTI_ITEM, 0.90, 0.55 };

	(void)state;
	hold_table("flags_judged_several.tsv", 270, &several, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_flag_is_as_good_as_measured),
		cmocka_unit_test(several_things_are_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
