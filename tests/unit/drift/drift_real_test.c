/* What is normal on a real market, and how soon faults planted in it are noticed: each once;
 * with PIPED_LONG=1 at three places, after ever longer normal times. */
#include "drift_pages.h"

#include "base/mem.h"
#include "tests/long.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <zlib.h>

#include <cmocka.h>

#define LISTINGS PIPED_SHARED "/data/bunjang/listings.tsv.gz"
#define STREAM PIPED_SHARED "/data/crawl-stream/"
#define PER_PAGE 30
#define MOST 250000
#define PAGES_PER_ALARM 1e6

struct stream {
	const char *name;
	struct arena *a;
	struct listing *rows;
	struct str *search; /* that found the row; {0} */
	int n;
	bool again; /* all were stored before, with the category that they have */
};

static struct str field(struct str *rest, char sep)
{
	struct str part = { 0 };

	str_next(rest, sep, &part);
	return part;
}

/* pid title category_id category_path price status brand_query first_seen image */
static void add_bunjang(struct stream *s, struct str line)
{
	static const enum listing_state states[] = { LISTING_SELLING, LISTING_RESERVED,
						     LISTING_SOLD, LISTING_SOLD };
	struct listing l = { .currency = STR("KRW") };
	int64_t price, status;

	l.ext_id = field(&line, '\t');
	l.title = arena_str(s->a, field(&line, '\t'));
	l.category = arena_str(s->a, field(&line, '\t'));
	field(&line, '\t');
	l.price = str_i64(field(&line, '\t'), &price) ? price : LISTING_NO_PRICE;
	l.state = str_i64(field(&line, '\t'), &status) && status >= 0 && status < 4
			  ? states[status]
			  : LISTING_UNKNOWN;
	s->search[s->n] = arena_str(s->a, field(&line, '\t'));
	l.posted_ms = str_i64(field(&line, '\t'), &l.posted_ms) ? l.posted_ms : 0;
	l.image = arena_str(s->a, field(&line, '\t'));
	l.ext_id = arena_str(s->a, l.ext_id);
	s->rows[s->n++] = l;
}

/* Takes the last field of a line of CSV off. */
static struct str last(struct str *line)
{
	bool quoted = line->n && line->p[line->n - 1] == '"';
	size_t end = line->n - quoted, from = end;
	struct str part;

	while (from > 0 && line->p[from - 1] != (quoted ? '"' : ','))
		from--;
	part = str_sub(*line, from, end - from);
	line->n = from > 1u + quoted ? from - 1 - quoted : 0;
	return part;
}

/* "799,900" */
static int64_t whole_price(struct str text)
{
	int64_t price = 0;

	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] >= '0' && text.p[i] <= '9' && price < INT64_MAX / 100)
			price = price * 10 + (text.p[i] - '0');
		else if (text.p[i] != ',')
			return LISTING_NO_PRICE;
	}
	return text.n ? price : LISTING_NO_PRICE;
}

/* time,title,"price",when,place */
static void add_stream(struct stream *s, struct str line)
{
	struct listing l = { .currency = STR("KRW") };

	l.location = arena_str(s->a, last(&line));
	l.posted_ms = str_is(last(&line), "AD") ? 0 : 1;
	l.price = whole_price(last(&line));
	field(&line, ',');
	l.title = arena_str(s->a, line);
	s->rows[s->n++] = l;
}

static bool read_file(struct stream *s, const char *path,
		      void (*add)(struct stream *s, struct str line))
{
	static char line[1 << 16];
	gzFile f = gzopen(path, "rb");

	if (!f)
		return false;
	gzgets(f, line, sizeof(line)); /* the head */
	while (s->n < MOST && gzgets(f, line, sizeof(line)))
		add(s, str_trim(str_of(line)));
	gzclose(f);
	return true;
}

static void stream_new(struct stream *s, const char *name)
{
	*s = (struct stream){ .name = name, .a = arena_new(1 << 20) };
	s->rows = mem_zero(MOST * sizeof(*s->rows));
	s->search = mem_zero(MOST * sizeof(*s->search));
}

static void stream_done(struct stream *s)
{
	arena_free(s->a);
	mem_free(s->rows);
	mem_free(s->search);
}

/* Page by page; the fault from page `from` on. Alarms till then are false ones; returns pages
 * until the first after it, -1: none. */
static int play(const struct stream *s, enum fault f, int from, bool by_search, int *ret_pages,
		int *ret_false)
{
	struct drift *d = mem_zero(sizeof(*d));
	struct drift_page *p = mem_zero(sizeof(*p));
	int pages = 0, found = -1, i = 0;
	uint64_t news;

	*ret_false = 0;
	drift_reset(d, 1);
	while (i < s->n && found < 0) {
		bool bad = pages >= from;
		int n = 0;

		memset(p, 0, sizeof(*p));
		p->listed = true;
		for (; n < PER_PAGE && i < s->n; n++, i++) {
			struct listing l = s->rows[i];

			if (by_search && n && !str_eq(s->search[i], s->search[i - 1]))
				break;
			if (bad &&
			    (f == FAULT_NO_LISTINGS || (f == FAULT_HALF_THE_LISTINGS && n % 2)))
				continue;
			if (bad && f == FAULT_REJECTED && n % 2) {
				p->rejected++;
				continue;
			}
			if (bad && f == FAULT_OTHER_CATEGORIES)
				l.category = arena_fmt(s->a, "Category %.*s", STR_ARG(l.category));
			if (bad && f == FAULT_RENUMBERED && l.category.n)
				l.category = arena_fmt(s->a, "1%.*s", STR_ARG(l.category));
			shop_spoil(&l, bad ? f : FAULT_NOTHING, n);
			if (s->again && s->rows[i].category.n && l.category.n) {
				p->known++;
				p->moved += !str_eq(l.category, s->rows[i].category);
			}
			drift_page_add(p, &l);
		}
		p->links = p->listings + 3;
		news = drift_add(d, p, ++pages, 0, PAGES_PER_ALARM);
		for (enum drift_stat k = 0; k < DRIFT_STATS; k++) {
			const struct drift_alarm *a = &d->watch[k].alarm;
			struct buf words;

			if (!(news >> k & 1) || !a->open)
				continue;
			if (bad && a->page > from) {
				found = pages - from;
				continue;
			}
			++*ret_false;
			buf_init(&words, 500);
			drift_words(k, a->was, a->now, &words);
			if (f == FAULT_NOTHING)
				printf("  false alarm at page %d, since %d: %s\n", pages,
				       (int)a->page, words.p);
			buf_done(&words);
		}
	}
	*ret_pages = pages;
	mem_free(d);
	mem_free(p);
	return found;
}

static void judge(const struct stream *s, bool by_search, int most_false)
{
	int pages, alarms, none;

	play(s, FAULT_NOTHING, INT32_MAX, by_search, &pages, &alarms);
	printf("%s: %d false alarms in %d pages of %d\n", s->name, alarms, pages, PER_PAGE);
	assert_true(alarms <= most_false);
	for (enum fault f = FAULT_NO_LISTINGS; f < FAULTS; f++) {
		int worst = 0, all = pages;
		struct stream shown = *s;

		if (f == FAULT_NO_LINKS || f == FAULT_NO_BRAND ||
		    (!s->rows[0].category.n && f >= FAULT_OTHER_CATEGORIES &&
		     f <= FAULT_RENUMBERED))
			continue;
		/* Only what was seen before tells other codes from other goods. */
		shown.again = f == FAULT_RENUMBERED;
		printf("  %-18s noticed after", fault_names[f]);
		for (int k = 0; k < long_run(1, 3); k++) {
			int at = play(&shown, f, all * (k + 1) / 5, by_search, &none, &alarms);

			worst = at < 0 ? 10000 : at > worst ? at : worst;
			printf(" %d", at);
		}
		printf(" pages\n");
		if (f == FAULT_NO_LISTINGS || f == FAULT_NO_PRICE || f == FAULT_DEAR ||
		    f == FAULT_NO_CATEGORY || f == FAULT_ONE_CATEGORY || f == FAULT_RENUMBERED)
			assert_in_range(worst, 1, 30);
	}
}

/* As a crawl would have met them: search by search. */
static void sort_by_search(struct stream *s)
{
	struct listing *rows = mem_zero(MOST * sizeof(*rows));
	struct str *search = mem_zero(MOST * sizeof(*search));
	bool *done = mem_zero(MOST);
	int n = 0;

	for (int i = 0; i < s->n; i++) {
		if (done[i])
			continue;
		for (int k = i; k < s->n; k++) {
			if (done[k] || !str_eq(s->search[k], s->search[i]))
				continue;
			done[k] = true;
			search[n] = s->search[k];
			rows[n++] = s->rows[k];
		}
	}
	mem_free(s->rows);
	mem_free(s->search);
	mem_free(done);
	s->rows = rows;
	s->search = search;
}

static void bunjang_is_normal(void **state)
{
	struct stream s;

	(void)state;
	if (access(LISTINGS, R_OK) != 0) {
		printf("no %s\n", LISTINGS);
		skip();
	}
	stream_new(&s, "bunjang, as they came");
	assert_true(read_file(&s, LISTINGS, add_bunjang));
	judge(&s, false, 0);
	/* Runs of twenty pages of one dear brand are what the stated rate does not count on. */
	s.name = "bunjang, search by search";
	sort_by_search(&s);
	judge(&s, true, 1);
	stream_done(&s);
}

static void stream_is_normal(void **state)
{
	static const char *const files[] = {
		"mans_category_20250125_142524.csv.gz",	 "mans_category_20250126_030211.csv.gz",
		"mans_category_20250127_031325.csv.gz",	 "woman_category_20250125_145139.csv.gz",
		"woman_category_20250126_032333.csv.gz", "woman_category_20250127_033635.csv.gz",
	};
	char path[4096];
	struct stream s;

	(void)state;
	if (access(STREAM, R_OK) != 0) {
		printf("no %s\n", STREAM);
		skip();
	}
	stream_new(&s, "crawl-stream, as crawled");
	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++) {
		snprintf(path, sizeof(path), "%s%s", STREAM, files[i]);
		assert_true(read_file(&s, path, add_stream));
	}
	judge(&s, false, 0);
	stream_done(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bunjang_is_normal),
		cmocka_unit_test(stream_is_normal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
