/* The rules of TREC questions (Awasthi et al., ICLR 2020): 68 expressions of Python as rules of
 * ours give the votes that Python gives, every one of 34,000 cells. */
#include "tests/unit/labeler/rules_world.h"

#include "base/utf8.h"

#include <ctype.h>

#define SUITE PIPED_SHARED "/data/suites/trec-rules/"
#define RULES 68
#define QUESTIONS 500

/* By the classes' names in rule.txt. */
static const char *const classes[] = { "ABBREVIATION", "DESCRIPTION", "ENTITY",
				       "HUMAN",	       "LOCATION",    "NUMERIC" };
static const char taxonomy[] =
	"name: trec\nversion: 1\ntaxa:\n  c0: {ko: a, en: a}\n  c1: {ko: b, en: b}\n"
	"  c2: {ko: c, en: c}\n  c3: {ko: d, en: d}\n  c4: {ko: e, en: e}\n  c5: {ko: f, en: f}\n";

static struct str suite_text(const char *name, struct buf *b)
{
	char path[256];

	snprintf(path, sizeof(path), SUITE "%s", name);
	buf_init(b, 1 << 20);
	assert_int_equal(file_read(path, b, NULL), ERR_OK);
	return buf_str(b);
}

static int class_of(struct str name)
{
	for (int i = 0; i < 6; i++)
		if (str_is(name, classes[i]))
			return i;
	fail_msg("class %.*s", STR_ARG(name));
	return -1;
}

/* Questions keep their marks, so the rules read them as they are written. */
static void make_rules(struct buf *to)
{
	struct buf file;
	struct str rest = suite_text("rule.txt", &file), line, class, regex;
	int n = 0;

	buf_init(to, 1 << 20);
	(void)buf_add_text(to, "rules:\n");
	while (str_next(&rest, '\n', &line) && line.n) {
		assert_true(str_next(&line, '\t', &class) && str_next(&line, '\t', &regex));
		assert_int_equal(str_find_char(regex, '\''), -1);
		(void)buf_fmt(to, "  r%d: {taxon: c%d, written: '%.*s'}\n", n++, class_of(class),
			      STR_ARG(regex));
	}
	assert_int_equal(n, RULES);
	buf_done(&file);
}

/* Latin-1, without its first word, as the suite says: stripped and lower-cased. */
static struct str question(struct arena *a, struct str line)
{
	char *to = arena_alloc(a, 2 * line.n + 1);
	struct str text;
	size_t n = 0;

	assert_true(str_next(&line, ' ', &text));
	for (size_t i = 0; i < line.n; i++)
		n += utf8_encode((unsigned char)line.p[i], to + n);
	text = str_trim((struct str){ to, n });
	for (size_t i = 0; i < text.n; i++)
		to[(size_t)(text.p - to) + i] = (char)tolower((unsigned char)text.p[i]);
	return text;
}

static void read_votes(signed char cells[QUESTIONS][RULES])
{
	struct buf file;
	struct str rest = suite_text("test.votes.csv", &file), line, part[3];

	memset(cells, -1, QUESTIONS * RULES);
	str_next(&rest, '\n', &line);
	while (str_next(&rest, '\n', &line) && line.n) {
		int64_t x[3];

		for (int i = 0; i < 3; i++)
			assert_true(str_next(&line, ',', &part[i]) &&
				    str_i64(str_trim(part[i]), &x[i]));
		cells[x[0]][x[1]] = (signed char)x[2];
	}
	buf_done(&file);
}

static int compare(struct rules_world *w, struct str text, int row, const signed char *want)
{
	struct listing x = { .title = text,
			     .title_clean = normal_str(w->a, text),
			     .price = LISTING_NO_PRICE,
			     .flag_reason = STR("") };
	struct vote votes[LABEL_MOST_VOTES];
	signed char got[RULES];
	int64_t rule;
	int n = labeler_judge(w->labeler, w->scratch, &x, votes);

	memset(got, -1, sizeof(got));
	for (int i = 0; i < n; i++) {
		assert_true(str_i64(str_sub(votes[i].rule, 1, 9), &rule));
		got[rule] = (signed char)(votes[i].category.p[1] - '0');
	}
	for (int r = 0; r < RULES; r++)
		if (got[r] != want[r])
			fail_msg("question %d, rule %d: %d, not %d: %.*s", row, r, got[r], want[r],
				 STR_ARG(text));
	return n;
}

static void all_votes_are_the_same(void **state)
{
	static signed char cells[QUESTIONS][RULES];
	struct rules_world w;
	struct buf rules, file;
	struct str rest, line;
	int votes = 0, row = 0;

	(void)state;
	if (!file_exists(SUITE "rule.txt")) {
		print_message("skipped: " SUITE " is not here\n");
		skip();
	}
	make_rules(&rules);
	rules_open(&w);
	rules_start(&w, taxonomy, buf_str(&rules));
	read_votes(cells);
	rest = suite_text("test.txt", &file);
	for (; str_next(&rest, '\n', &line) && line.n; row++)
		votes += compare(&w, question(w.a, line), row, cells[row]);
	assert_int_equal(row, QUESTIONS);
	assert_int_equal(votes, 788);
	print_message("%d questions, %d rules: %d votes\n", row, RULES, votes);
	buf_done(&rules);
	buf_done(&file);
	rules_stop(&w);
	rules_close(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(all_votes_are_the_same) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
