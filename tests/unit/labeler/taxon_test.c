#include "labeler/taxon.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define S(text)                                                                                    \
	{                                                                                          \
		text, sizeof(text) - 1                                                             \
	}

static struct str padding_aliases[] = { S("파카"), S("다운 점퍼") };
static struct conf_name jacket_names[] = { { S("ja"), S("ジャケット") },
					   { S("zh-Hans"), S("夹克") } };
/* old.coat was renamed men.outer.padding in version 2, when it was called 돕바. */
static struct conf_name was[] = { { S("ko"), S("돕바") } };
static struct conf_code from = { .code = S("old.coat") }, to = { .code = S("men.outer.padding") };
static struct conf_change change = { .kind = CONF_RENAME,
				     .from = &from,
				     .n_from = 1,
				     .to = &to,
				     .n_to = 1,
				     .was = was,
				     .n_was = 1 };
static struct conf_edition history = { .version = 2, .changes = &change, .n_changes = 1 };
static struct recode recode = {
	.code = S("old.coat"), .until = 2, .fate = RECODE_CODE, .category = S("men.outer.padding")
};
static struct conf_taxon taxa[] = {
	{ .code = S("men"), .ko = S("남성 의류"), .en = S("Men"), .parent = -1 },
	{ .code = S("men.top"), .ko = S("상의"), .en = S("Tops"), .parent = 0 },
	{ .code = S("men.top.tee"),
	  .ko = S("반팔 티셔츠"),
	  .en = S("T-shirts"),
	  .parent = 1,
	  .leaf = true },
	{ .code = S("men.top.shirt"),
	  .ko = S("셔츠"),
	  .en = S("Shirts"),
	  .parent = 1,
	  .leaf = true },
	{ .code = S("men.outer.padding"),
	  .ko = S("패딩"),
	  .en = S("Down jackets"),
	  .parent = 0,
	  .leaf = true,
	  .aliases = padding_aliases,
	  .n_aliases = 2 },
	{ .code = S("men.outer.jacket"),
	  .names = jacket_names,
	  .n_names = 2,
	  .ko = S("자켓"),
	  .en = S("Jackets"),
	  .parent = 0,
	  .leaf = true },
};
static const struct conf_taxonomy tree = { .version = 2,
					   .taxa = taxa,
					   .n_taxa = 6,
					   .history = &history,
					   .n_history = 1,
					   .recodes = &recode,
					   .n_recodes = 1 };

#define END (-1)

static const struct {
	const char *text;
	int found[8];
} searches[] = {
	{ "셔츠", { 3, 2, END } },
	{ "티셔츠", { 2, END } },
	{ "반팔티셔츠", { 2, END } },
	{ "SHIRT", { 3, 2, END } },
	{ "jackets", { 5, 4, END } },
	{ "파카", { 4, END } },
	{ "다운점퍼", { 4, END } },
	{ "men.top.tee", { 2, END } },
	{ "top", { 1, 2, 3, END } },
	{ "men", { 0, 2, 3, 5, 4, 1, END } },
	{ "패", { 4, END } },
	{ "ジャケット", { 5, END } },
	{ "夹克", { 5, END } },
	{ "돕바", { 4, END } },
	{ "old.coat", { 4, END } },
	/* first consonants, alone or among syllables, spaces aside; the whole name first */
	{ "ㅈㅋ", { 5, END } },
	{ "ㅈ켓", { 5, END } },
	{ "자ㅋ", { 5, END } },
	{ "ㅅㅊ", { 3, 2, END } },
	{ "ㅌㅅㅊ", { 2, END } },
	{ "ㅂㅍㅌㅅㅊ", { 2, END } },
	{ "반ㅍ ㅌ", { 2, END } },
	{ "ㄷㅇㅈㅍ", { 4, END } },
	{ "ㅍ", { 4, 2, END } },
	{ "ㅈ캣", { END } },
	{ "ㅊㅋ", { END } },
	{ "ㅈㅋㅅ", { END } },
	{ "ㅉㅋ", { END } },
	{ "모자", { END } },
	{ "", { END } },
	{ "★", { END } },
};

static void names_are_found_best_first(void **state)
{
	struct taxon *t = taxon_new(&tree);

	(void)state;
	for (size_t i = 0; i < sizeof(searches) / sizeof(searches[0]); i++) {
		int found[8], n = taxon_search(t, str_of(searches[i].text), found, 8), k = 0;

		while (k < n && found[k] == searches[i].found[k])
			k++;
		if (k != n || searches[i].found[n] != END)
			fail_msg("'%s': %d found, differs at %d (%d)", searches[i].text, n, k,
				 k < n ? found[k] : END);
	}
	taxon_free(t);
}

static void no_more_than_asked_for(void **state)
{
	struct taxon *t = taxon_new(&tree);
	int found[2] = { -1, -1 };

	(void)state;
	assert_int_equal(taxon_search(t, STR("men"), found, 1), 1);
	assert_int_equal(found[0], 0);
	assert_int_equal(found[1], -1);
	assert_int_equal(taxon_search(t, STR("men"), found, 0), 0);
	taxon_free(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_found_best_first),
		cmocka_unit_test(no_more_than_asked_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
