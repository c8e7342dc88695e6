/* Events of review: undone without end, in bulk, by two people, of draws. */
#include "store_fixture.h"

#include "store/schema.h"

#define LISTINGS 6

/* Listings 1 to 6, of families 1 1 1 2 3 4. */
static void fill(struct fx *f)
{
	static const uint64_t families[LISTINGS] = { 1, 1, 1, 2, 3, 4 };
	struct write_listing l[LISTINGS];

	fx_ok(f, fx_seeds(f, "a", 0, 1));
	for (int i = 0; i < LISTINGS; i++) {
		l[i] = fx_listing("a", arena_fmt(f->arena, "%d", i + 1).p, "phone");
		fx_label(f, &l[i], "phone");
		l[i].listing.family = families[i];
		l[i].review_score = 0.5;
		l[i].worth = (struct review_worth){ .errors = 0.1 * (i + 1),
						    .uncertain = i == 2 ? 0.5 : 0,
						    .rules = i == 3 ? 0.5 : 0,
						    .guess = i < 4 ? STR("phone") : STR("tv"),
						    .guess_p = 0.1 * (i + 1) };
	}
	fx_ok(f, fx_page(f, "a", 1, l, LISTINGS));
}

static struct write *event(struct fx *f, const char *who, enum review_action action,
			   int64_t listing, const char *category)
{
	struct write *w = fx_write(f, WRITE_REVIEW);

	w->action = action;
	w->listing = listing;
	w->who = str_of(who);
	w->category = str_of(category);
	w->event.shown = STR("{}");
	return w;
}

static void say(struct fx *f, const char *who, enum review_action action, int64_t listing,
		const char *category)
{
	fx_ok(f, event(f, who, action, listing, category));
}

/* "phone person", "tv rules", ... of each listing, joined by commas */
static void stands(struct fx *f, const char *all)
{
	char text[256] = "";
	struct listing_view v;

	for (int i = 1; i <= LISTINGS; i++) {
		fx_view(f, "a", arena_fmt(f->arena, "%d", i).p, &v);
		snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s%s%.*s",
			 i > 1 ? "," : "", v.label.by == LABEL_BY_PERSON ? "!" : "",
			 STR_ARG(v.label.category));
	}
	assert_string_equal(text, all);
}

/* Listings that a queue shows, "2" for a second person's, joined by spaces. */
static void queue(struct fx *f, enum review_queue queue, const char *who, const char *shows)
{
	struct review_filter filter = { .queue = queue, .who = str_of(who), .most = 10 };
	struct review_pick *picks = NULL;
	struct reason why = { "" };
	char text[64] = "";
	int n = 0;

	if (reader_review_queue(f->reader, &filter, f->arena, &picks, &n, &why))
		fail_msg("%s", why.text);
	for (int i = 0; i < n; i++)
		snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s%d%s", i ? " " : "",
			 (int)picks[i].listing, picks[i].second ? "+" : "");
	assert_string_equal(text, shows);
}

static void test_event_keeps_all(void **state)
{
	struct fx *f = *state;
	struct write *w;
	int64_t model;

	fill(f);
	model = fx_model(f, "m", true);
	w = event(f, "kim", REVIEW_CHOOSE, 2, "tv");
	w->event = (struct review_event){ .client = STR("c-1"),
					  .shown = STR("{\"label\":\"phone\"}"),
					  .key = STR("/"),
					  .queue = QUEUE_ERRORS,
					  .place = 3,
					  .took_ms = 1234,
					  .wants = 1,
					  .model = model,
					  .rules = UINT64_MAX };
	w->taxonomy = 9;
	fx_ok(f, w);
	assert_int_equal(w->ret_changed, 1);
	assert_int_equal(
		fx_number(f, "SELECT COUNT(*) FROM review WHERE listing = 2 AND who = 'kim' AND "
			     "action = 'choose' AND category = 'tv' AND client = 'c-1' AND key = "
			     "'/' AND queue = 'errors' AND place = 3 AND took_ms = 1234 AND "
			     "taxonomy = 9 AND rules = -1 AND model = 1 AND draw IS NULL AND "
			     "drawn_p IS NULL AND reason = '' AND shown LIKE '%phone%' AND "
			     "label = (SELECT id FROM label WHERE made_by = 'person')"),
		1);
	w = event(f, "kim", REVIEW_FLAG, 3, NULL);
	w->event.reason = STR("two things");
	fx_ok(f, w);
	assert_int_equal(fx_number(f, "SELECT COUNT(*) FROM review WHERE reason = 'two things' "
				      "AND category IS NULL AND label IS NOT NULL"),
			 1);
	stands(f, "phone,!tv,!,phone,phone,phone");
}

static void test_same_event_once(void **state)
{
	struct fx *f = *state;
	struct write *w;
	int64_t label = 0;

	fill(f);
	for (int i = 0; i < 3; i++) {
		w = event(f, "kim", REVIEW_CHOOSE, 2, "tv");
		w->event.client = STR("same");
		fx_ok(f, w);
		assert_int_equal(w->ret_known, i > 0);
		assert_int_equal(w->ret_changed, i == 0);
		label = i ? label : w->ret_label;
		assert_int_equal(w->ret_label, label);
	}
	/* an undo, too: the third try must not undo what was before */
	say(f, "kim", REVIEW_CHOOSE, 3, "tv");
	for (int i = 0; i < 3; i++) {
		w = event(f, "kim", REVIEW_UNDO, 0, NULL);
		w->event.client = STR("undo-1");
		fx_ok(f, w);
		assert_int_equal(w->listing, 3);
	}
	stands(f, "phone,!tv,phone,phone,phone,phone");
	/* others may have made the same id; this one is of another event */
	w = event(f, "lee", REVIEW_CHOOSE, 3, "tv");
	w->event.client = STR("same");
	fx_ok(f, w);
	assert_false(w->ret_known);
	w = event(f, "kim", REVIEW_CHOOSE, 4, "tv");
	w->event.client = STR("same");
	assert_int_equal(fx_run(f, w), ERR_EXISTS);
	assert_non_null(strstr(w->why.text, "listing 2"));
	w = event(f, "kim", REVIEW_SKIP, 2, NULL);
	w->event.client = STR("same");
	assert_int_equal(fx_run(f, w), ERR_EXISTS);
}

static void undo_to(struct fx *f, int64_t listing, int changed, const char *all)
{
	struct write *w = event(f, "kim", REVIEW_UNDO, 0, NULL);

	fx_ok(f, w);
	assert_int_equal(w->listing, listing);
	assert_int_equal(w->ret_changed, changed);
	stands(f, all);
}

/* A chain over single decisions, a family and a page of titles. */
static void test_undo_chain(void **state)
{
	static const int64_t others[] = { 4, 6, 5 };
	struct fx *f = *state;
	struct write *w;

	fill(f);
	say(f, "lee", REVIEW_CHOOSE, 5, "radio");
	say(f, "kim", REVIEW_CHOOSE, 2, "radio");
	w = event(f, "kim", REVIEW_ACCEPT, 1, "tv");
	w->with_family = true;
	fx_ok(f, w);
	assert_int_equal(w->ret_changed, 2); /* kim has decided the second by herself */
	stands(f, "!tv,!radio,!tv,phone,!radio,phone");
	w = event(f, "kim", REVIEW_ACCEPT, 2, "cable");
	w->ids = others;
	w->n_ids = 3;
	fx_ok(f, w);
	assert_int_equal(w->ret_changed, 3); /* lee has decided the fifth */
	stands(f, "!tv,!cable,!tv,!cable,!radio,!cable");
	say(f, "kim", REVIEW_SKIP, 6, NULL);

	undo_to(f, 6, 1, "!tv,!cable,!tv,!cable,!radio,!cable");
	undo_to(f, 2, 3, "!tv,!radio,!tv,phone,!radio,phone");
	undo_to(f, 1, 2, "phone,!radio,phone,phone,!radio,phone");
	undo_to(f, 2, 1, "phone,phone,phone,phone,!radio,phone");
	assert_int_equal(fx_run(f, event(f, "kim", REVIEW_UNDO, 0, NULL)), ERR_NOT_FOUND);
	/* nothing is lost: 5 events of which 8 rows, 4 of undoing, one of lee */
	assert_int_equal(fx_number(f, "SELECT COUNT(*) FROM review"), 12);
	assert_int_equal(fx_number(f, "SELECT COUNT(*) FROM review WHERE action = 'undo'"), 4);
	assert_int_equal(fx_number(f, "SELECT COUNT(*) FROM label_undo"), 6);
}

/* Whichever listing of it is named, a bulk goes as a whole. */
static void test_undo_by_member(void **state)
{
	struct fx *f = *state;
	struct write *w;

	fill(f);
	w = event(f, "kim", REVIEW_ACCEPT, 1, "tv");
	w->with_family = true;
	fx_ok(f, w);
	stands(f, "!tv,!tv,!tv,phone,phone,phone");
	/* what another has said of one stands */
	say(f, "lee", REVIEW_CHOOSE, 2, "radio");
	w = event(f, "kim", REVIEW_UNDO, 3, NULL);
	fx_ok(f, w);
	assert_int_equal(w->listing, 1);
	stands(f, "phone,!radio,phone,phone,phone,phone");
}

static void test_bulk_of_what_is_not_there(void **state)
{
	static const int64_t others[] = { 2, 99 };
	struct fx *f = *state;
	struct write *w;

	fill(f);
	w = event(f, "kim", REVIEW_ACCEPT, 1, "tv");
	w->ids = others;
	w->n_ids = 2;
	assert_int_equal(fx_run(f, w), ERR_NOT_FOUND);
	stands(f, "phone,phone,phone,phone,phone,phone"); /* all or none */
	assert_int_equal(fx_number(f, "SELECT COUNT(*) FROM review"), 0);
}

static void say_for_two(struct fx *f, const char *who, int64_t listing, const char *category)
{
	struct write *w = event(f, who, REVIEW_CHOOSE, listing, category);

	w->event.queue = QUEUE_ERRORS;
	w->event.wants = 2;
	fx_ok(f, w);
}

static void test_second_person(void **state)
{
	struct fx *f = *state;
	int64_t n = 0;
	struct reason why;

	fill(f);
	queue(f, QUEUE_ERRORS, "kim", "6 5 4 3 2 1");
	say_for_two(f, "kim", 6, "tv");
	say_for_two(f, "kim", 5, "tv");
	queue(f, QUEUE_ERRORS, "kim", "4 3 2 1");
	queue(f, QUEUE_ERRORS, "lee", "5+ 6+ 4 3 2 1");
	queue(f, QUEUE_ALL, "lee", "1 2 3 4"); /* it is asked where it was */
	assert_int_equal(reader_queue_size(f->reader, QUEUE_ERRORS, &n, &why), ERR_OK);
	assert_int_equal(n, 6);
	/* they agree; they do not */
	say_for_two(f, "lee", 5, "tv");
	say_for_two(f, "lee", 6, "radio");
	queue(f, QUEUE_ERRORS, "ann", "4 3 2 1");
	queue(f, QUEUE_ADJUDICATE, "ann", "6");
	stands(f, "phone,phone,phone,phone,!tv,!radio");
	say(f, "ann", REVIEW_ADJUDICATE, 6, "tv");
	queue(f, QUEUE_ADJUDICATE, "ann", "");
	stands(f, "phone,phone,phone,phone,!tv,!tv");
	/* another opinion afterwards is a dispute again, the same is none */
	say(f, "lee", REVIEW_CHOOSE, 6, "tv");
	queue(f, QUEUE_ADJUDICATE, "ann", "");
	say(f, "lee", REVIEW_CHOOSE, 6, "radio");
	queue(f, QUEUE_ADJUDICATE, "ann", "6");
	say(f, "lee", REVIEW_UNDO, 0, NULL);
	queue(f, QUEUE_ADJUDICATE, "ann", "");
	say(f, "ann", REVIEW_UNDO, 0, NULL);
	queue(f, QUEUE_ADJUDICATE, "ann", "");
	say(f, "lee", REVIEW_UNDO, 0, NULL);
	queue(f, QUEUE_ADJUDICATE, "ann", "6");
	/* one of them takes it back: it waits for a second again */
	say(f, "lee", REVIEW_UNDO, 6, NULL);
	queue(f, QUEUE_ADJUDICATE, "ann", "");
	queue(f, QUEUE_ERRORS, "lee", "6+ 4 3 2 1");
}

static void test_unsure_goes_on(void **state)
{
	struct fx *f = *state;

	fill(f);
	say(f, "kim", REVIEW_UNSURE, 6, NULL);
	queue(f, QUEUE_ERRORS, "kim", "5 4 3 2 1");
	queue(f, QUEUE_ERRORS, "lee", "6 5 4 3 2 1");
	say(f, "kim", REVIEW_UNSURE, 6, NULL);
	queue(f, QUEUE_ADJUDICATE, "ann", "");
	say(f, "lee", REVIEW_UNSURE, 6, NULL);
	queue(f, QUEUE_ADJUDICATE, "ann", "6");
	say(f, "ann", REVIEW_ADJUDICATE, 6, NULL);
	queue(f, QUEUE_ADJUDICATE, "ann", "");
	stands(f, "phone,phone,phone,phone,phone,!");
}

static void test_queues(void **state)
{
	struct fx *f = *state;

	fill(f);
	queue(f, QUEUE_UNCERTAIN, "kim", "3");
	queue(f, QUEUE_RULES, "kim", "4");
	queue(f, QUEUE_NEW, "kim", "4 6"); /* the surest of each category */
	say(f, "kim", REVIEW_SKIP, 4, NULL);
	queue(f, QUEUE_NEW, "kim", "3 6");
	queue(f, QUEUE_NEW, "lee", "4 6");
	say(f, "kim", REVIEW_CHOOSE, 6, "phone"); /* so it was none of tv */
	queue(f, QUEUE_NEW, "lee", "5");
	say(f, "kim", REVIEW_UNDO, 0, NULL);
	queue(f, QUEUE_NEW, "lee", "4 6");
	/* one of its family is decided: it is not asked */
	say(f, "kim", REVIEW_CHOOSE, 1, "phone");
	queue(f, QUEUE_UNCERTAIN, "kim", "");
	/* what a machine says later changes no person's word */
	queue(f, QUEUE_ERRORS, "kim", "6 5 3 2");
}

static struct write *drawn(struct fx *f, const struct review_draw_item *items, int n)
{
	const struct review_draw draw = { .name = STR("spring"),
					  .who = STR("ann"),
					  .population = 6,
					  .seed = 5,
					  .taxonomy = 1,
					  .plan = STR("{\"strata\":2}") };
	struct write *w = fx_write(f, WRITE_DRAW);

	w->draw = memcpy(arena_zero(f->arena, sizeof(draw)), &draw, sizeof(draw));
	w->draw_items = items;
	w->n_draw_items = n;
	return w;
}

static int64_t next_of(struct fx *f, const char *who)
{
	struct review_draw_item *items = NULL;
	struct reason why = { "" };
	int n = 0;

	if (reader_draw_next(f->reader, 1, str_of(who), 1, f->arena, &items, &n, &why))
		fail_msg("%s", why.text);
	return n ? items->listing : 0;
}

static void say_of_draw(struct fx *f, const char *who, enum review_action action, int64_t listing,
			const char *category)
{
	struct write *w = event(f, who, action, listing, category);

	w->event.queue = QUEUE_AUDIT;
	w->event.draw = 1;
	w->event.drawn_p = 0.5;
	fx_ok(f, w);
}

static void test_draw(void **state)
{
	const struct review_draw_item items[] = {
		{ 1, 4, STR("sure"), 0.25, 2, STR("{}") },
		{ 2, 1, STR("doubt"), 1, 1, STR("{\"given\":\"phone\"}") },
	};
	const struct review_draw_item twice[] = { { 1, 4, STR(""), 1, 1, STR("{}") },
						  { 2, 4, STR(""), 1, 1, STR("{}") } };
	const struct review_draw_item sure[] = { { 1, 4, STR(""), 1.5, 1, STR("{}") } };
	struct review_draw_item *got = NULL, one;
	struct review_draw *draws = NULL;
	struct fx *f = *state;
	struct reason why;
	int n = 0;

	fill(f);
	assert_int_equal(fx_run(f, drawn(f, twice, 2)), ERR_EXISTS);
	assert_int_equal(fx_run(f, drawn(f, sure, 1)), ERR_BAD);
	fx_ok(f, drawn(f, items, 2));
	assert_int_equal(fx_run(f, drawn(f, items, 2)), ERR_EXISTS); /* its name */
	assert_int_equal(next_of(f, "kim"), 4);
	say_of_draw(f, "kim", REVIEW_CHOOSE, 4, "tv");
	assert_int_equal(next_of(f, "kim"), 1);
	assert_int_equal(next_of(f, "lee"), 4);
	/* unsure is no answer: another one is asked */
	say_of_draw(f, "lee", REVIEW_UNSURE, 4, NULL);
	assert_int_equal(next_of(f, "lee"), 1);
	say_of_draw(f, "ann", REVIEW_CHOOSE, 4, "tv");
	assert_int_equal(next_of(f, "eve"), 1);
	say_of_draw(f, "kim", REVIEW_NONE, 1, NULL);
	assert_int_equal(next_of(f, "eve"), 0);
	assert_int_equal(reader_draws(f->reader, 0, f->arena, &draws, &n, &why), ERR_OK);
	assert_int_equal(n, 1);
	assert_int_equal(draws->items, 2);
	assert_int_equal(draws->decisions, 3);
	assert_int_equal(draws->done, 2);
	fx_assert_str(draws->plan, "{\"strata\":2}");
	assert_int_equal(draws->seed, 5);
	say(f, "kim", REVIEW_UNDO, 0, NULL);
	assert_int_equal(next_of(f, "eve"), 1);
	/* what is said of it elsewhere is no part of the draw */
	say(f, "eve", REVIEW_CHOOSE, 1, "tv");
	assert_int_equal(next_of(f, "eve"), 1);

	assert_int_equal(reader_draw_items(f->reader, 1, 1, 0, f->arena, &got, &n, &why), ERR_OK);
	assert_int_equal(n, 1);
	fx_assert_str(got->stratum, "doubt");
	fx_assert_str(got->facts, "{\"given\":\"phone\"}");
	assert_int_equal(reader_draw_item(f->reader, 1, 4, f->arena, &one, &why), ERR_OK);
	assert_true(one.drawn_p == 0.25 && one.wants == 2);
	assert_int_equal(reader_draw_item(f->reader, 1, 5, f->arena, &one, &why), ERR_NOT_FOUND);
}

static bool count(void *ctx, const struct review_decision *d)
{
	(void)d;
	++*(int *)ctx;
	return true;
}

static void test_decisions(void **state)
{
	struct review_decision *d = NULL;
	struct fx *f = *state;
	struct reason why;
	struct write *w;
	int n = 0;

	fill(f);
	say_for_two(f, "kim", 6, "tv");
	say_for_two(f, "lee", 6, "radio");
	say(f, "ann", REVIEW_UNSURE, 6, NULL);
	w = event(f, "kim", REVIEW_ACCEPT, 1, "tv");
	w->with_family = true;
	fx_ok(f, w);
	say(f, "kim", REVIEW_CHOOSE, 4, "tv");
	say(f, "kim", REVIEW_UNDO, 0, NULL);
	assert_int_equal(reader_decisions_of(f->reader, 6, f->arena, &d, &n, &why), ERR_OK);
	assert_int_equal(n, 3);
	fx_assert_str(d[1].who, "lee");
	fx_assert_str(d[1].category, "radio");
	assert_int_equal(d[2].action, REVIEW_UNSURE);
	n = 0;
	assert_int_equal(reader_decisions(f->reader, STR(""), 0, count, &n, &why), ERR_OK);
	assert_int_equal(n, 3);
	n = 0;
	assert_int_equal(reader_decisions(f->reader, STR("errors"), 0, count, &n, &why), ERR_OK);
	assert_int_equal(n, 2);
}

static void exec(struct fx *f, const char *sql)
{
	struct store_engine *e;
	struct reason why;

	if (store_engine_open(f->path, STORE_ENGINE_CREATE, &e, &why))
		fail_msg("%s", why.text);
	if (store_engine_exec(e, sql))
		fail_msg("%s", e->why.text);
	store_engine_close(e);
}

static const char old_rows[] =
	"INSERT INTO source (name) VALUES ('a');"
	"INSERT INTO job (id, source, key, host, page_kind, url, vars, seed, depth, priority, "
	"state,"
	" due_ms, attempts, changed_ms, reason) VALUES (1, 'a', 'k', 'h', 'p', 'u', '', 0, 0, 0,"
	" 'due', 5, 0, 0, '');"
	"INSERT INTO page (id, job, page_kind, url, fetched_ms, status, content_type, wire_bytes,"
	" body_bytes, body_hash, state, reason, extract_version, items, skipped, rejected, "
	"listings,"
	" record_file, record_offset, record_bytes) VALUES (1, 1, '', '', 0, 0, '', 0, 0, 0,"
	" 'extracted', '', 0, 0, 0, 0, 0, '', 0, 0);"
	"INSERT INTO listing (id, source, ext_id, page, first_seen_ms, last_seen_ms, state,"
	" price_digits, posted_ms, family, flags, title, title_clean, flag_reason, currency,"
	" category, url, image, brand, condition, location, description) VALUES"
	" (1, 'a', '1', 1, 5, 9, 'sold', 0, 0, 0, 0, 't', '', '', '', '', '', '', '', '', '', '');"
	"INSERT INTO label (id, listing, category, made_by, who, confidence, version, made_ms, "
	"why) VALUES (1, 1, 'tv', 'person', 'kim', 1, 0, 5, 'accept');"
	"INSERT INTO label (id, listing, category, made_by, who, confidence, version, made_ms, "
	"why) VALUES (2, 1, 'radio', 'person', 'kim', 1, 0, 6, 'choose');"
	"INSERT INTO label_undo VALUES (2, 7, 'kim');"
	"INSERT INTO standing (listing, clean_version, label_version, label, reviewed,"
	" review_score, p1, p2, p3) VALUES (1, 1, 77, 1, 1, 0, 0, 0, 0);"
	"INSERT INTO review VALUES (3, 1, 'kim', 'accept', 5, '{\"x\":1}', 1, NULL);"
	"INSERT INTO review VALUES (4, 1, 'kim', 'choose', 6, '', 2, NULL);"
	"INSERT INTO review VALUES (5, 1, 'kim', 'undo', 7, '', NULL, 4);";

/* Reviews of before keep their numbers and what undid them, and go on being undone. */
static void test_old_events(void **state)
{
	struct fx *f = *state;
	struct store_engine *e;
	struct reason why;
	struct write *w;
	int before = 0, was;

	while (!strstr(schema_migrations[before].doc, "events of review"))
		before++;
	assert_int_equal(store_engine_open(f->path, STORE_ENGINE_CREATE, &e, &why), ERR_OK);
	assert_int_equal(schema_apply(e, schema_migrations, before, &was, &why), ERR_OK);
	store_engine_close(e);
	exec(f, old_rows);
	fx_open(f);
	assert_int_equal(fx_number(f, "SELECT COUNT(*) FROM review WHERE category = 'tv' AND id = "
				      "3 AND shown = '{\"x\":1}' AND queue = 'all'"),
			 1);
	assert_int_equal(fx_number(f, "SELECT undoes FROM review WHERE id = 5"), 4);
	assert_int_equal(fx_number(f, "SELECT COUNT(*) FROM pragma_foreign_key_check"), 0);
	/* the sweep is to make what queues go by */
	assert_int_equal(fx_number(f, "SELECT label_version FROM standing"), 0);
	w = event(f, "kim", REVIEW_UNDO, 0, NULL);
	fx_ok(f, w);
	assert_int_equal(w->ret_label, 1);
	assert_int_equal(fx_number(f, "SELECT MAX(id) FROM review"), 6);
	assert_int_equal(fx_run(f, event(f, "kim", REVIEW_UNDO, 0, NULL)), ERR_NOT_FOUND);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, fx_setup_open, fx_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_event_keeps_all),
		TEST(test_same_event_once),
		TEST(test_undo_chain),
		TEST(test_undo_by_member),
		TEST(test_bulk_of_what_is_not_there),
		TEST(test_second_person),
		TEST(test_unsure_goes_on),
		TEST(test_queues),
		TEST(test_draw),
		TEST(test_decisions),
		cmocka_unit_test_setup_teardown(test_old_events, fx_setup, fx_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
