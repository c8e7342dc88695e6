/* Review over the socket: what each queue shows, what it must not, and events. */
#include "serve_world.h"

static const struct {
	const char *method, *target, *body;
	int status;
	const char *part;
} asked[] = {
	/* what rules hit stands where it is in the title; nothing is reviewed yet */
	{ "GET", "/api/review/next?n=1", NULL, 200,
	  "\"hits\":[{\"rule\":\"boots-word\",\"category\":\"shoes.boots\",\"ko\":\"부츠\",\"en\":"
	  "\"Boots\",\"word\":\"boots\",\"at\":[8,13]}],\"nearest\":[],\"second\":false,"
	  "\"served\":1" },
	{ "GET", "/api/review/next?queue=none", NULL, 400, "must be one of all|errors|uncertain" },
	{ "GET", "/api/review/next?queue=errors", NULL, 200, "{\"queue\":0,\"items\":[]}" },
	{ "GET", "/api/review/grid?category=hats", NULL, 400, "no category `hats`" },
	{ "GET", "/api/review/items/99", NULL, 404, "no listing 99" },

	/* the reviewed ones that are most like a title */
	{ "POST", "/api/review",
	  "{\"action\":\"none\",\"who\":\"ann\",\"listing\":1,\"event\":\"e1\",\"key\":\"n\","
	  "\"took_ms\":900}",
	  200, "\"category\":null,\"label\":7,\"listings\":1,\"known\":false}" },
	{ "POST", "/api/review",
	  "{\"action\":\"choose\",\"who\":\"ann\",\"listing\":5,\"category\":\"shoes.boots\","
	  "\"event\":\"e2\"}",
	  200, "\"label\":8" },
	{ "GET", "/api/review/items/2", NULL, 200,
	  "\"nearest\":[{\"id\":5,\"title\":\"leather boots 4\",\"category\":\"shoes.boots\"" },

	/* an answer that was lost is asked for again, and doubles nothing */
	{ "POST", "/api/review",
	  "{\"action\":\"none\",\"who\":\"ann\",\"listing\":1,\"event\":\"e1\"}", 200,
	  "\"label\":7,\"listings\":0,\"known\":true}" },
	{ "POST", "/api/review",
	  "{\"action\":\"none\",\"who\":\"ann\",\"listing\":3,\"event\":\"e1\"}", 409,
	  "is another one: listing 1" },

	{ "POST", "/api/review", "{\"action\":\"flag\",\"who\":\"ann\",\"listing\":3}", 400,
	  "a flag needs a reason" },
	{ "POST", "/api/review",
	  "{\"action\":\"none\",\"who\":\"ann\",\"listing\":3,\"category\":\"women\"}", 400,
	  "none names no category" },
	{ "POST", "/api/review",
	  "{\"action\":\"skip\",\"who\":\"ann\",\"listing\":3,\"family\":true}", 400,
	  "skip is said of one listing at a time" },
	{ "POST", "/api/review",
	  "{\"action\":\"choose\",\"who\":\"ann\",\"listing\":3,\"category\":\"women\","
	  "\"listings\":[\"x\"]}",
	  400, "`listings` holds \\\"x\\\"" },

	/* a family, and a page of titles, are one event */
	{ "POST", "/api/review",
	  "{\"action\":\"choose\",\"who\":\"ann\",\"listing\":3,\"category\":\"women.dress\","
	  "\"family\":true}",
	  200, "\"listings\":2" },
	{ "POST", "/api/review", "{\"action\":\"undo\",\"who\":\"ann\"}", 200,
	  "{\"listing\":3,\"action\":\"undo\",\"category\":null,\"label\":9,\"listings\":2" },
	{ "POST", "/api/review",
	  "{\"action\":\"accept\",\"who\":\"ann\",\"listing\":3,\"category\":\"women.dress\","
	  "\"listings\":[\"4\",\"6\",\"1\"]}",
	  200, "\"listings\":3" },

	/* people disagree */
	{ "GET", "/api/review/agreement", NULL, 200, "\"listings\":0,\"observed\":null," },
	{ "POST", "/api/review",
	  "{\"action\":\"choose\",\"who\":\"bob\",\"listing\":5,\"category\":\"women.dress\"}", 200,
	  "" },
	{ "GET", "/api/review/next?queue=adjudicate", NULL, 200,
	  "{\"queue\":1,\"items\":[{\"id\":5," },
	{ "GET", "/api/review/next?queue=adjudicate", NULL, 200,
	  "\"decisions\":[{\"who\":\"ann\",\"action\":\"choose\",\"category\":\"shoes.boots\"" },
	{ "POST", "/api/review", "{\"action\":\"none\",\"who\":\"bob\",\"listing\":1}", 200, "" },
	/* two listings of two people, of which one is agreed on: at both levels */
	{ "GET", "/api/review/agreement", NULL, 200,
	  "{\"people\":[{\"who\":\"ann\",\"decisions\":3,\"shared\":2,\"median_ms\":900},{"
	  "\"who\":\"bob\",\"decisions\":2,\"shared\":2,\"median_ms\":0}],\"levels\":[{"
	  "\"level\":1,\"groups\":3,\"listings\":2,\"observed\":0.5000,\"cohen\":0.3333," },
	{ "GET", "/api/review/agreement", NULL, 200,
	  "{\"level\":2,\"groups\":5,\"listings\":2,\"observed\":0.5000," },
	{ "GET", "/api/review/agreement?queue=errors", NULL, 200, "{\"people\":[]," },
	{ "POST", "/api/review",
	  "{\"action\":\"adjudicate\",\"who\":\"eve\",\"listing\":5,\"category\":\"shoes.boots\","
	  "\"queue\":\"adjudicate\"}",
	  200, "" },
	{ "GET", "/api/review/next?queue=adjudicate", NULL, 200, "{\"queue\":0,\"items\":[]}" },
	{ "GET", "/api/listings/5", NULL, 200, "\"why\":\"adjudicate\"" },
	/* which is no opinion among others */
	{ "GET", "/api/review/agreement", NULL, 200, "\"left_out\":0,\"disputed\":0}" },
};

static void review_is_answered(void **state)
{
	for (size_t i = 0; i < sizeof(asked) / sizeof(asked[0]); i++)
		expect(*state, asked[i].method, asked[i].target, asked[i].body, asked[i].status,
		       asked[i].part);
}

/* Whatever says or leads to what anybody thinks of it. */
static const char *const opinions[] = {
	"label",	"suggest", "category", "votes",	 "rule",   "keep",  "nearest",
	"review_score", "women",   "dress\"",  "family", "split",  "model", "stratum",
	"likely-wrong", "given",   "decision", "hits",	 "source", "url",   "ext_id"
};

static void audits_are_blind(void **state)
{
	static const char *const targets[] = { "/api/review/next?queue=audit&who=ann",
					       "/api/review/next?queue=audit&who=ann&draw=1&n=1",
					       "/api/review/items/5?queue=audit&draw=1" };
	const struct world *w = *state;
	struct reply r;

	/* what is known of it does not show, whoever has said what */
	expect(w, "POST", "/api/review",
	       "{\"action\":\"choose\",\"who\":\"eve\",\"listing\":5,\"category\":\"women.dress\"}",
	       200, "");
	for (size_t i = 0; i < sizeof(targets) / sizeof(targets[0]); i++) {
		r = ask(w, "GET", targets[i], NULL);
		assert_int_equal(r.status, 200);
		assert_true(says(&r, "{\"id\":5,\"title\":\"leather boots 4\",\"description\":\"\","
				     "\"price\":4000,"));
		assert_true(says(&r, "\"blind\":true,\"draw\":1,\"place\":1,\"served\":1"));
		for (size_t k = 0; k < sizeof(opinions) / sizeof(opinions[0]); k++)
			if (says(&r, opinions[k]))
				fail_msg("%s shows %s: %s", targets[i], opinions[k], r.bytes.p);
		buf_done(&r.bytes);
	}
}

static void audits_are_answered(void **state)
{
	const struct world *w = *state;

	expect(w, "GET", "/api/review/draws", NULL, 200,
	       "{\"draws\":[{\"id\":1,\"name\":\"spring\",\"who\":\"ann\",");
	expect(w, "GET", "/api/review/draws", NULL, 200,
	       "\"population\":6,\"items\":2,\"decisions\":0,\"done\":0,");
	expect(w, "GET", "/api/review/next?queue=audit", NULL, 400, "asked for with `who`");
	expect(w, "GET", "/api/review/next?queue=audit&who=ann&draw=7", NULL, 404, "no draw 7");
	expect(w, "GET", "/api/review/next?queue=audit&who=ann", NULL, 200, "{\"queue\":2,");
	expect(w, "POST", "/api/review",
	       "{\"action\":\"keep\",\"who\":\"ann\",\"listing\":5,\"queue\":\"audit\",\"draw\":1}",
	       400, "an audit is blind: there is nothing to keep");
	expect(w, "POST", "/api/review",
	       "{\"action\":\"none\",\"who\":\"ann\",\"listing\":3,\"queue\":\"audit\",\"draw\":1}",
	       404, "listing 3 is not of draw 1");
	expect(w, "POST", "/api/review",
	       "{\"action\":\"none\",\"who\":\"ann\",\"listing\":5,\"queue\":\"audit\",\"draw\":1,"
	       "\"shown\":{\"label\":\"women\"}}",
	       200, "\"listings\":1");
	/* the first is for two people: ann goes on, bob begins with it */
	expect(w, "GET", "/api/review/next?queue=audit&who=ann", NULL, 200,
	       "{\"queue\":2,\"items\":[{\"id\":4,");
	expect(w, "GET", "/api/review/next?queue=audit&who=bob", NULL, 200,
	       "{\"queue\":2,\"items\":[{\"id\":5,");
	expect(w, "POST", "/api/review",
	       "{\"action\":\"none\",\"who\":\"bob\",\"listing\":5,\"queue\":\"audit\",\"draw\":1}",
	       200, "");
	expect(w, "GET", "/api/review/next?queue=audit&who=eve", NULL, 200,
	       "{\"queue\":1,\"items\":[{\"id\":4,");
	expect(w, "GET", "/api/review/draws", NULL, 200, "\"decisions\":2,\"done\":1,");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, world_up, world_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(review_is_answered),
		TEST(audits_are_blind),
		TEST(audits_are_answered),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
