/* After any sequence of writes the counts are what counting gives, and what is
 * kept for speed is what it repeats. */
#include "store_fixture.h"

#include "base/rng.h"

#define STEPS 400
#define JOBS 6

static const char *const sources[] = { "a", "b" };

struct chance {
	struct fx *f;
	struct rng rng;
	int64_t model[2];
	int64_t retries[2];
};

static uint64_t below(struct chance *c, uint64_t n)
{
	return rng_below(&c->rng, n);
}

static void listing(struct chance *c, const char *source, struct write_listing *l)
{
	static const char *const titles[] = { "phone", "coat", "phones", "tv", "" };
	static const char *const categories[] = { "phone", "tv", "tv.flat" };
	char id[8];

	snprintf(id, sizeof(id), "%d", (int)below(c, 30));
	*l = fx_listing(source, arena_text(c->f->arena, id).p, titles[below(c, 5)]);
	l->listing.family = 1 + below(c, 8);
	l->listing.flags = (uint32_t)below(c, 4) ? 0 : (uint32_t)below(c, 1 << FLAG_COUNT);
	l->listing.price = (int64_t)below(c, 3) * 1000;
	l->listing.state = (enum listing_state)below(c, LISTING_STATES);
	l->label_version = 1 + below(c, 2);
	if (below(c, 3))
		l->listing.brand = STR("brand"); /* else a poorer sight */
	l->labeled = below(c, 3) > 0;
	if (l->labeled) {
		l->n_votes = 1 + (int)below(c, 2);
		l->votes = arena_array(c->f->arena, 2, sizeof(*l->votes));
		l->votes[0] =
			(struct vote){ .rule = STR("r1"), .category = STR("phone"), .weight = 0.5 };
		l->votes[1] =
			(struct vote){ .rule = STR("r2"), .category = STR("tv"), .weight = 0.5 };
		l->label.category = str_of(categories[below(c, 3)]);
		l->label.confidence = 0.5;
	}
	l->suggested = below(c, 2);
	l->suggestion = (struct suggestion){ c->model[below(c, 2)], { STR("tv") }, { 1 } };
	l->review_score = below(c, 2) ? 0.25 : 0;
}

static struct write *random_page(struct chance *c, int s, int64_t job)
{
	struct write_listing l[10];
	int n = (int)below(c, 10);
	struct write *w;

	for (int i = 0; i < n; i++)
		listing(c, sources[s], &l[i]);
	w = fx_page(c->f, sources[s], job, l, n);
	w->page.state = (enum page_state)below(c, PAGE_STATES);
	w->page.skipped = (int)below(c, 3);
	w->page.rejected = (int)below(c, 3);
	w->page.wire_bytes = (int64_t)below(c, 1000);
	w->job.attempts = (int)below(c, 2);
	w->job.state = below(c, 9) ? JOB_DUE : JOB_DONE;
	if (!below(c, 12) && n)
		w->listings[n - 1].listing.price_digits = 99; /* refused: all of it is undone */
	return w;
}

static void only_suggestion(struct write_listing *l)
{
	l->listing.clean_version = 0;
	l->label_version = 0;
	l->n_votes = 0;
	l->labeled = false;
}

static struct write *random_derived(struct chance *c)
{
	struct write *w = fx_write(c->f, WRITE_DERIVED);
	int n = (int)below(c, 4);

	w->listings = arena_array(c->f->arena, 4, sizeof(*w->listings));
	for (int i = 0; i < n; i++) {
		listing(c, sources[0], &w->listings[i]);
		w->listings[i].listing.id = 1 + (int64_t)below(c, 40);
		w->listings[i].listing.last_seen_ms = 0;
		if (below(c, 2))
			only_suggestion(&w->listings[i]);
	}
	w->n_listings = n;
	return w;
}

static struct write *random_review(struct chance *c)
{
	struct write *w = fx_write(c->f, WRITE_REVIEW);

	w->action = (enum review_action)below(c, REVIEW_ACTIONS);
	w->listing = w->action == REVIEW_UNDO ? 0 : 1 + (int64_t)below(c, 40);
	w->who = below(c, 2) ? STR("kim") : STR("lee");
	w->category = below(c, 4) ? STR("tv") : (struct str){ 0 };
	w->event.wants = 1 + (int)below(c, 2);
	w->with_family = review_actions[w->action].decides && below(c, 3) == 0;
	return w;
}

static struct write *random_other(struct chance *c)
{
	struct write *w = fx_write(c->f, below(c, 2) ? WRITE_RETRY : WRITE_JOB);
	int64_t job = 1 + (int64_t)below(c, 2UL * JOBS);

	w->retry_states = (unsigned)below(c, 1u << JOB_STATES);
	w->only_job = below(c, 3) ? job : 0;
	w->job.id = job;
	w->job.attempts = (int)below(c, 3);
	w->job.state = (enum job_state)below(c, JOB_STATES);
	return w;
}

static struct write *step(struct chance *c)
{
	int64_t job = 1 + (int64_t)below(c, 2UL * JOBS);

	switch (below(c, 8)) {
	case 0:
	case 1:
	case 2:
		return random_page(c, job > JOBS, job);
	case 3:
	case 4:
		return random_review(c);
	case 5:
		return random_other(c);
	case 6:
		return fx_seeds(c->f, "a", 100 + (int)below(c, 20), 3);
	default:
		return random_derived(c);
	}
}

static const struct {
	enum tally tally;
	const char *sql; /* ?: the source */
} recounts[] = {
	{ TALLY_PAGES, "SELECT COUNT(*) FROM page p JOIN job j ON j.id = p.job WHERE "
		       "j.source = ?" },
	{ TALLY_PAGES_UNPARSABLE, "SELECT COUNT(*) FROM page p JOIN job j ON j.id = p.job WHERE "
				  "p.state = 'unparsable' AND j.source = ?" },
	{ TALLY_PAGES_ERROR, "SELECT COUNT(*) FROM page p JOIN job j ON j.id = p.job WHERE "
			     "p.state = 'error' AND j.source = ?" },
	{ TALLY_BYTES, "SELECT SUM(p.wire_bytes) FROM page p JOIN job j ON j.id = p.job WHERE "
		       "j.source = ?" },
	{ TALLY_SKIPPED, "SELECT SUM(p.skipped) FROM page p JOIN job j ON j.id = p.job WHERE "
			 "j.source = ?" },
	{ TALLY_REJECTED, "SELECT SUM(p.rejected) FROM page p JOIN job j ON j.id = p.job WHERE "
			  "j.source = ?" },
	{ TALLY_LISTINGS, "SELECT COUNT(*) FROM listing WHERE source = ?" },
	{ TALLY_DUPLICATES, "SELECT COUNT(*) FROM listing l WHERE EXISTS (SELECT 1 FROM listing o "
			    "WHERE o.family = l.family AND o.id < l.id) AND l.source = ?" },
	{ TALLY_FLAGGED, "SELECT COUNT(*) FROM listing WHERE flags <> 0 AND source = ?" },
	{ TALLY_CHANGES, "SELECT COUNT(*) FROM history h JOIN listing l ON l.id = h.listing WHERE "
			 "l.source = ?" },
	{ TALLY_LABELED, "SELECT COUNT(*) FROM current_label c JOIN listing l ON l.id = c.listing "
			 "WHERE (c.category IS NOT NULL OR c.made_by = 'person') AND "
			 "l.source = ?" },
	{ TALLY_REVIEWED, "SELECT COUNT(*) FROM current_label c JOIN listing l ON l.id = "
			  "c.listing WHERE c.made_by = 'person' AND l.source = ?" },
	{ TALLY_SUGGESTED, "SELECT COUNT(*) FROM standing s JOIN listing l ON l.id = s.listing "
			   "WHERE s.model IS NOT NULL AND l.source = ?" },
};

/* Rows that should not be: each gives 0. */
static const char *const wrong[] = {
	"SELECT COUNT(*) FROM standing s LEFT JOIN current_label c ON c.listing = s.listing "
	"WHERE COALESCE(s.label, 0) <> COALESCE(c.id, 0)",
	"SELECT COUNT(*) FROM standing s WHERE s.reviewed <> EXISTS (SELECT 1 FROM review r WHERE "
	"r.listing = s.listing AND r.action NOT IN ('undo', 'skip', 'unsure') AND NOT EXISTS "
	"(SELECT 1 FROM "
	"review u WHERE u.undoes = COALESCE(r.batch, r.id)))",
	/* who decided alone where two are wanted waits for another */
	"SELECT COUNT(*) FROM standing s WHERE (s.waits_in <> '') <> (SELECT COUNT(DISTINCT r.who) "
	"= 1 AND MAX(r.wants) = 2 AND MAX(r.action = 'adjudicate') = 0 FROM review r WHERE "
	"r.listing = s.listing AND r.action NOT IN ('undo', 'skip', 'unsure') AND NOT EXISTS "
	"(SELECT 1 FROM review u WHERE u.undoes = COALESCE(r.batch, r.id)))",
	"SELECT COUNT(*) FROM label b WHERE b.made_by = 'person' AND EXISTS (SELECT 1 FROM review "
	"r JOIN review u ON u.undoes = COALESCE(r.batch, r.id) WHERE r.label = b.id) <> EXISTS "
	"(SELECT 1 FROM label_undo x WHERE x.label = b.id)",
	"SELECT COUNT(*) FROM listing l LEFT JOIN family f ON f.id = l.family WHERE "
	"COALESCE(f.size, 1) <> (SELECT COUNT(*) FROM listing o WHERE o.family = l.family)",
	"SELECT COUNT(*) FROM family WHERE id NOT IN (SELECT family FROM listing)",
	"SELECT COUNT(*) FROM listing WHERE id NOT IN (SELECT listing FROM standing)",
	"SELECT COUNT(*) FROM page p WHERE p.listings > p.items",
	"SELECT COUNT(*) FROM pragma_foreign_key_check",
};

static void check_jobs(struct chance *c, const struct source_counts *s)
{
	for (int k = 0; k < JOB_STATES; k++) {
		struct str sql = arena_fmt(c->f->arena,
					   "SELECT COUNT(*) FROM job WHERE state = '%s' AND "
					   "source = ?",
					   state_name(STATE_JOB, k));

		assert_int_equal(s->jobs[k], fx_number_of(c->f, sql.p, 1, s->source.p));
	}
}

static void check_unfit(struct chance *c, const struct source_counts *s)
{
	unsigned unfit = 0;
	struct str sql;

	for (int i = 0; i < FLAG_COUNT; i++)
		unfit |= listing_flags[i].unfit ? FLAG_BIT(i) : 0;
	sql = arena_fmt(c->f->arena,
			"SELECT COUNT(*) FROM listing WHERE (flags & %u) <> 0 AND source = ?",
			unfit);
	assert_int_equal(s->tally[TALLY_UNFIT], fx_number_of(c->f, sql.p, 1, s->source.p));
}

static void check(struct chance *c)
{
	struct source_counts *s;
	struct reason why;
	int n;

	assert_int_equal(reader_sources(c->f->reader, c->f->arena, &s, &n, &why), ERR_OK);
	assert_int_equal(n, 2);
	for (int i = 0; i < n; i++) {
		for (size_t k = 0; k < sizeof(recounts) / sizeof(recounts[0]); k++) {
			int64_t kept = s[i].tally[recounts[k].tally];
			int64_t counted = fx_number_of(c->f, recounts[k].sql, 1, sources[i]);

			if (kept != counted)
				fail_msg("%s of %s: kept %lld, counted %lld",
					 tallies[recounts[k].tally].name, sources[i],
					 (long long)kept, (long long)counted);
		}
		check_jobs(c, &s[i]);
		check_unfit(c, &s[i]);
		assert_int_equal(s[i].tally[TALLY_RETRIES], c->retries[i]);
	}
	for (size_t k = 0; k < sizeof(wrong) / sizeof(wrong[0]); k++)
		if (fx_number(c->f, wrong[k]) != 0)
			fail_msg("%s", wrong[k]);
}

static void count_retry(struct chance *c, const struct write *w)
{
	bool moves = w->kind == WRITE_PAGE || w->kind == WRITE_JOB;

	if (!w->err && moves && w->job.state == JOB_DUE && w->job.attempts > 0)
		c->retries[w->job.id > JOBS]++;
}

static void run(struct fx *f, uint64_t seed)
{
	struct chance c = { .f = f, .rng = { seed } };
	int put = 0, failed = 0;
	struct write *w[STEPS];

	fx_ok(f, fx_seeds(f, "a", 0, JOBS));
	fx_ok(f, fx_seeds(f, "b", 0, JOBS));
	c.model[0] = fx_model(f, "one", true);
	c.model[1] = fx_model(f, "two", false);
	while (put < STEPS) {
		/* some wait together, so that batches fail together */
		int burst = 1 + (int)below(&c, 12), until = f->done;

		for (; burst && put < STEPS; burst--, until++) {
			w[put] = step(&c);
			writer_put(f->writer, w[put++]);
		}
		fx_wait(f, until);
	}
	for (int i = 0; i < STEPS; i++) {
		failed += w[i]->err != ERR_OK;
		count_retry(&c, w[i]);
	}
	assert_in_range(failed, 1, STEPS / 2);
	check(&c);
}

static void test_random_writes(void **state)
{
	struct fx *f = *state;
	uint64_t seed = 0;

	memcpy(&seed, "piped", 5);
	for (int i = 0; i < 4; i++) {
		if (i) {
			fx_teardown(state);
			fx_setup_open(state);
			f = *state;
		}
		print_message("seed %llu\n", (unsigned long long)seed + (unsigned long long)i);
		run(f, seed + (uint64_t)i);
	}
}

static void test_names(void **state)
{
	(void)state;
	for (int i = 0; i < TALLY_COUNT; i++)
		assert_true(tallies[i].name && tallies[i].doc);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_random_writes, fx_setup_open, fx_teardown),
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
