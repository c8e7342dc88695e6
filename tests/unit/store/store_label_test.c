#include "store_fixture.h"

/* A story of one listing: who says what, and what stands after each line. */
enum act { RULES, SILENT, ACCEPT, CHOOSE, KEEP, SKIP, UNDO };

static const struct step {
	enum act act;
	const char *who, *category;
	uint64_t version;
	enum err err;
	const char *stands; /* "category by"; "-": nothing */
	bool queued;
	int log; /* lines of the label log */
} story[] = {
	{ SILENT, NULL, NULL, 1, ERR_OK, "-", true, 0 },
	{ RULES, NULL, "phone", 1, ERR_OK, "phone rules", true, 1 },
	/* the same again is no news; a new version or category is */
	{ RULES, NULL, "phone", 1, ERR_OK, "phone rules", true, 1 },
	{ RULES, NULL, "phone", 2, ERR_OK, "phone rules", true, 2 },
	{ RULES, NULL, "tv", 2, ERR_OK, "tv rules", true, 3 },
	/* rules fall silent: what they said no longer stands */
	{ SILENT, NULL, NULL, 3, ERR_OK, "-", true, 4 },
	{ SILENT, NULL, NULL, 4, ERR_OK, "-", true, 4 },
	{ RULES, NULL, "tv", 5, ERR_OK, "tv rules", true, 5 },
	/* a person's word is never overwritten */
	{ CHOOSE, "kim", "radio", 0, ERR_OK, "radio person", false, 6 },
	{ RULES, NULL, "phone", 6, ERR_OK, "radio person", false, 7 },
	{ SILENT, NULL, NULL, 7, ERR_OK, "radio person", false, 8 },
	/* but by a person's */
	{ ACCEPT, "lee", "phone", 0, ERR_OK, "phone person", false, 9 },
	{ UNDO, "lee", NULL, 0, ERR_OK, "radio person", false, 9 },
	{ UNDO, "lee", NULL, 0, ERR_NOT_FOUND, "radio person", false, 9 },
	{ UNDO, "kim", NULL, 0, ERR_OK, "-", true, 9 },
	{ RULES, NULL, "phone", 8, ERR_OK, "phone rules", true, 10 },
	/* done again after undoing */
	{ KEEP, "kim", "tv", 0, ERR_OK, "tv person", false, 11 },
	{ UNDO, "kim", NULL, 0, ERR_OK, "phone rules", true, 11 },
	/* skipping labels nothing, and leaves it to others */
	{ SKIP, "kim", NULL, 0, ERR_OK, "phone rules", true, 11 },
	{ UNDO, "kim", NULL, 0, ERR_OK, "phone rules", true, 11 },
	/* "none of them" is a person's word, too */
	{ CHOOSE, "kim", NULL, 0, ERR_OK, " person", false, 12 },
	{ UNDO, "kim", NULL, 0, ERR_OK, "phone rules", true, 12 },
	{ UNDO, "kim", NULL, 0, ERR_NOT_FOUND, "phone rules", true, 12 },
};

static struct write *judge(struct fx *f, const struct step *s)
{
	struct write *w = fx_write(f, WRITE_DERIVED);

	w->n_listings = 1;
	w->listings = arena_array(f->arena, 1, sizeof(*w->listings));
	w->listings->listing.id = 1;
	w->listings->label_version = s->version;
	w->listings->review_score = 0.5;
	if (s->act == RULES)
		fx_label(f, w->listings, s->category);
	return w;
}

static struct write *review(struct fx *f, const struct step *s)
{
	static const enum review_action actions[] = {
		[ACCEPT] = REVIEW_ACCEPT, [CHOOSE] = REVIEW_CHOOSE, [KEEP] = REVIEW_KEEP,
		[SKIP] = REVIEW_SKIP,	  [UNDO] = REVIEW_UNDO,
	};
	struct write *w = fx_write(f, WRITE_REVIEW);

	w->action = actions[s->act];
	w->listing = s->act == UNDO ? 0 : 1;
	w->who = str_of(s->who);
	w->category = str_of(s->category);
	w->event.shown = STR("{}");
	return w;
}

static void check(struct fx *f, size_t i)
{
	char stands[64] = "-";
	struct listing_view v;
	struct reason why;
	int64_t queued;

	fx_view(f, "a", "1", &v);
	if (v.labeled)
		snprintf(stands, sizeof(stands), "%.*s %s", STR_ARG(v.label.category),
			 label_by_name(v.label.by));
	if (strcmp(stands, story[i].stands) != 0)
		fail_msg("line %zu: %s stands", i, stands);
	assert_int_equal(reader_review_size(f->reader, &queued, &why), ERR_OK);
	if (queued != story[i].queued)
		fail_msg("line %zu: %d in the queue", i, (int)queued);
	if (fx_number(f, "SELECT COUNT(*) FROM label") != story[i].log)
		fail_msg("line %zu: %d lines in the log", i,
			 (int)fx_number(f, "SELECT COUNT(*) FROM label"));
}

static void test_story(void **state)
{
	struct fx *f = *state;
	struct write_listing l = fx_listing("a", "1", "phone");

	l.label_version = 0;
	fx_ok(f, fx_seeds(f, "a", 0, 1));
	fx_ok(f, fx_page(f, "a", 1, &l, 1));
	for (size_t i = 0; i < sizeof(story) / sizeof(story[0]); i++) {
		const struct step *s = &story[i];
		struct write *w = s->act <= SILENT ? judge(f, s) : review(f, s);

		if (fx_run(f, w) != s->err)
			fail_msg("line %zu: %s", i, w->why.text);
		check(f, i);
	}
}

static int queued_for(struct fx *f, const char *who)
{
	struct review_filter filter = { .queue = QUEUE_ALL, .who = str_of(who), .most = 10 };
	struct review_pick *picks;
	struct reason why;
	int n = 0;

	assert_int_equal(reader_review_queue(f->reader, &filter, f->arena, &picks, &n, &why),
			 ERR_OK);
	return n;
}

/* What one person skips comes to others, and back when the skip is undone. */
static void test_skip_is_personal(void **state)
{
	static const struct step skip = { .act = SKIP, .who = "kim" };
	static const struct step undo = { .act = UNDO, .who = "kim" };
	struct fx *f = *state;
	struct write_listing l = fx_listing("a", "1", "phone");

	l.review_score = 0.5;
	fx_ok(f, fx_seeds(f, "a", 0, 1));
	fx_ok(f, fx_page(f, "a", 1, &l, 1));
	assert_int_equal(queued_for(f, "kim"), 1);
	assert_int_equal(fx_run(f, review(f, &skip)), ERR_OK);
	assert_int_equal(queued_for(f, "kim"), 0);
	assert_int_equal(queued_for(f, "lee"), 1);
	assert_int_equal(queued_for(f, NULL), 1);
	assert_int_equal(fx_run(f, review(f, &undo)), ERR_OK);
	assert_int_equal(queued_for(f, "kim"), 1);
}

static void test_log_tells_all(void **state)
{
	struct fx *f = *state;
	struct label_row *rows;
	struct reason why;
	int n;

	test_story(state);
	assert_int_equal(reader_labels(f->reader, 1, f->arena, &rows, &n, &why), ERR_OK);
	assert_int_equal(n, 12);
	fx_assert_str(rows[5].label.category, "radio");
	fx_assert_str(rows[5].label.who, "kim");
	fx_assert_str(rows[5].label.why, "choose");
	assert_int_equal(rows[5].undone_ms, FX_NOW);
	assert_int_equal(rows[0].undone_ms, 0);
	assert_int_equal(rows[1].label.version, 2);
	/* every act of a person is an event, undoing included */
	assert_int_equal(fx_number(f, "SELECT COUNT(*) FROM review"), 10);
	assert_int_equal(fx_number(f, "SELECT COUNT(*) FROM review WHERE action = 'undo'"), 5);
}

static void test_votes_are_a_set(void **state)
{
	struct fx *f = *state;
	struct write_listing l = fx_listing("a", "1", "phone");
	struct vote votes[2] = { { .rule = STR("one"), .category = STR("phone"), .weight = 0.5 },
				 { .rule = STR("two"), .category = STR("tv"), .weight = 0.25 } };
	struct rule_count *rules;
	struct vote *got;
	struct reason why;
	int n;

	fx_ok(f, fx_seeds(f, "a", 0, 1));
	fx_label(f, &l, "phone");
	l.votes = votes;
	l.n_votes = 2;
	fx_ok(f, fx_page(f, "a", 1, &l, 1));
	assert_int_equal(reader_votes(f->reader, 1, f->arena, &got, &n, &why), ERR_OK);
	assert_int_equal(n, 2);
	fx_assert_str(got[1].rule, "two");
	assert_true(got[1].weight == 0.25);
	assert_int_equal(reader_rules(f->reader, f->arena, &rules, &n, &why), ERR_OK);
	assert_int_equal(n, 2);
	assert_true(rules[0].fired == 1 && rules[0].agreed == 1);
	assert_true(rules[1].fired == 1 && rules[1].agreed == 0);

	l.n_votes = 1;
	l.label_version++;
	fx_ok(f, fx_page(f, "a", 1, &l, 1));
	assert_int_equal(reader_votes(f->reader, 1, f->arena, &got, &n, &why), ERR_OK);
	assert_int_equal(n, 1);
}

/* Rules are measured on what a person decided: the category or one below it is a hit. */
static void test_measures(void **state)
{
	struct fx *f = *state;
	static const char *const decided[] = { "phone", "phone.small", "phones", NULL };
	struct vote votes[2] = { { .rule = STR("one"), .category = STR("phone"), .weight = 0.5 },
				 { .rule = STR("two"), .category = STR("tv"), .weight = 0.25 } };
	struct rule_measure kept[] = { { STR("one"), 4, 2 }, { STR("none"), 0, 0 } }, *m;
	struct reason why;
	struct write *w;
	int n;

	fx_ok(f, fx_seeds(f, "a", 0, 1));
	for (int i = 0; i < 5; i++) { /* of the last one nobody decided */
		char id[2] = { (char)('1' + i), 0 };
		struct write_listing l = fx_listing("a", arena_text(f->arena, id).p, "phone");

		fx_label(f, &l, "phone");
		l.votes = votes;
		l.n_votes = i == 3 ? 1 : 2;
		fx_ok(f, fx_page(f, "a", 1, &l, 1));
	}
	for (int i = 0; i < 4; i++) {
		const struct step s = { .act = CHOOSE, .who = "kim", .category = decided[i] };

		w = review(f, &s);
		w->listing = i + 1;
		fx_ok(f, w);
	}
	assert_int_equal(reader_measures(f->reader, false, f->arena, &m, &n, &why), ERR_OK);
	assert_int_equal(n, 2);
	fx_assert_str(m[0].rule, "one");
	assert_true(m[0].fires == 4 && m[0].hits == 2);
	fx_assert_str(m[1].rule, "two");
	assert_true(m[1].fires == 3 && m[1].hits == 0);
	assert_int_equal(reader_measures(f->reader, true, f->arena, &m, &n, &why), ERR_OK);
	assert_int_equal(n, 0);
	w = fx_write(f, WRITE_MEASURES);
	w->measures = kept;
	w->n_measures = 2;
	fx_ok(f, w);
	w = fx_write(f, WRITE_MEASURES); /* in place of the former */
	w->measures = kept;
	w->n_measures = 2;
	fx_ok(f, w);
	assert_int_equal(reader_measures(f->reader, true, f->arena, &m, &n, &why), ERR_OK);
	assert_int_equal(n, 1);
	assert_true(m[0].fires == 4 && m[0].hits == 2);
}

/* A title changed: the same category, by other rules and less surely. */
static void test_label_follows_votes(void **state)
{
	struct fx *f = *state;
	struct write_listing l = fx_listing("a", "1", "phone");
	struct listing_view v;

	fx_ok(f, fx_seeds(f, "a", 0, 1));
	fx_label(f, &l, "phone");
	fx_ok(f, fx_page(f, "a", 1, &l, 1));
	l.listing.title = STR("phone case");
	l.label.confidence = 0.25;
	l.label.why = STR("one");
	fx_ok(f, fx_page(f, "a", 1, &l, 1));
	fx_view(f, "a", "1", &v);
	assert_true(v.label.confidence == 0.25);
	fx_assert_str(v.label.why, "one");
	assert_int_equal(fx_number(f, "SELECT COUNT(*) FROM label"), 2);
	/* the price alone says nothing new */
	l.listing.price++;
	fx_ok(f, fx_page(f, "a", 1, &l, 1));
	assert_int_equal(fx_number(f, "SELECT COUNT(*) FROM label"), 2);
}

static void test_review_of_nothing(void **state)
{
	struct fx *f = *state;
	const struct step s = { .act = CHOOSE, .who = "kim", .category = "tv" };
	struct write *w = review(f, &s);

	assert_int_equal(fx_run(f, w), ERR_NOT_FOUND);
	assert_non_null(strstr(w->why.text, "listing=1 is not"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_story, fx_setup_open, fx_teardown),
		cmocka_unit_test_setup_teardown(test_skip_is_personal, fx_setup_open, fx_teardown),
		cmocka_unit_test_setup_teardown(test_log_tells_all, fx_setup_open, fx_teardown),
		cmocka_unit_test_setup_teardown(test_votes_are_a_set, fx_setup_open, fx_teardown),
		cmocka_unit_test_setup_teardown(test_label_follows_votes, fx_setup_open,
						fx_teardown),
		cmocka_unit_test_setup_teardown(test_measures, fx_setup_open, fx_teardown),
		cmocka_unit_test_setup_teardown(test_review_of_nothing, fx_setup_open, fx_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
