/* The configuration that is shipped, on real listings where they are at hand. */
#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/normal.h"
#include "labeler/labeler.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define LISTINGS PIPED_SHARED "/data/bunjang/listings.tsv.gz"

static struct conf *conf;
static struct labeler *labeler;

static int load(void **state)
{
	struct conf_problem *problems = NULL;
	struct reason why = { "" };
	char text[512];
	int n = 0;

	(void)state;
	if (conf_load(PIPED_SOURCE "/etc/piped.yaml", &conf, &problems, &n) != ERR_OK) {
		for (int i = 0; i < n; i++) {
			conf_problem_text(&problems[i], text);
			print_error("%s\n", text);
		}
		mem_free(problems);
		return -1;
	}
	if (labeler_new(conf, &labeler, &why) != ERR_OK) {
		print_error("%s\n", why.text);
		return -1;
	}
	return 0;
}

static int unload(void **state)
{
	(void)state;
	labeler_free(labeler);
	conf_free(conf);
	return 0;
}

static const struct {
	const char *title;
	uint32_t flags;
} flagged[] = {
	{ "나이키 에어포스 270 새상품", 0 },
	{ "폴리테루 데님 자켓 삽니다", FLAG_BIT(FLAG_WANTED) },
	{ "(구매) 솔리드옴므 셔츠 구합니다", FLAG_BIT(FLAG_WANTED) },
	{ "[L, 구매] 울 블레이저 네이비", FLAG_BIT(FLAG_WANTED) },
	{ "하프 코트 베이지 44 구매", FLAG_BIT(FLAG_WANTED) },
	{ "트위드 자켓 구해봐요 ㅠㅠ", FLAG_BIT(FLAG_WANTED) },
	{ "코듀로이 팬츠 구매 원해요", FLAG_BIT(FLAG_WANTED) },
	{ "하프 코트 베이지 백화점 구매", 0 },
	{ "[260구매/새상품] 하프 코트", 0 },
	{ "니트 (2개 구매시 무료배송)", 0 },
	{ "구매가 30만 코트, 구매 후 1회 착용", 0 },
	{ "니트 해외구매 새상품", 0 },
	{ "코트 구매글입니다 L", FLAG_BIT(FLAG_WANTED) },
	{ "셔츠 판매/교환", FLAG_BIT(FLAG_EXCHANGE) },
	{ "<교/판> 블라우스", FLAG_BIT(FLAG_EXCHANGE) },
	{ "원피스 (교신X)", 0 },
	{ "원피스 교신 안해요", 0 },
	{ "니트 교환/환불 불가", 0 },
	{ "중학교 판매 교복", 0 },
	{ "청바지 2벌 일괄", FLAG_BIT(FLAG_MULTI_ITEM) },
	{ "반팔티 3종 새상품", FLAG_BIT(FLAG_MULTI_ITEM) },
	{ "(1+1) 울 가디건", FLAG_BIT(FLAG_MULTI_ITEM) },
	{ "레깅스 각 1만", FLAG_BIT(FLAG_MULTI_ITEM) },
	{ "트레이닝 세트", 0 },
	{ "보세 벌룬 니트", 0 },
	{ "블라우스 두벌 새상품", FLAG_BIT(FLAG_MULTI_ITEM) },
	{ "양말 3매입", 0 },
	{ "오리지널 m65 개파카", 0 },
	{ "원피스 묶음배송", 0 },
	{ "패딩 조끼 택100", 0 },
	{ "졸업사진 드레스대여", FLAG_BIT(FLAG_ADVERTISEMENT) },
	{ "30대여성 코트", 0 },
	{ "일본 구매대행 해드립니다", FLAG_BIT(FLAG_ADVERTISEMENT) },
	{ "모든 명품 고가 매입 도와드립니다",
	  FLAG_BIT(FLAG_ADVERTISEMENT) | FLAG_BIT(FLAG_WANTED) },
};

static void titles_are_flagged(void **state)
{
	struct labeler_scratch *s = labeler_scratch_new();
	struct arena *a = arena_new(4096);

	(void)state;
	for (size_t i = 0; i < sizeof(flagged) / sizeof(flagged[0]); i++) {
		struct listing l = { .source = STR("bunjang"),
				     .title_clean = normal_str(a, str_of(flagged[i].title)),
				     .price = 50000 };

		labeler_flags(labeler, s, &l);
		if (l.flags != flagged[i].flags)
			fail_msg("'%s': %x '%.*s'", flagged[i].title, l.flags,
				 STR_ARG(l.flag_reason));
	}
	arena_free(a);
	labeler_scratch_free(s);
}

struct sums {
	int64_t rows, mapped, ruled, labeled, agreed, flagged, ns;
};

static void one(struct labeler_scratch *s, struct arena *a, struct str line, struct sums *sums)
{
	struct vote votes[LABEL_MOST_VOTES];
	struct str id, title, category, best, why;
	struct listing l = { .source = STR("bunjang"), .price = 50000 };
	double confidence;
	int64_t began;
	int n, mapped;

	str_next(&line, '\t', &id);
	str_next(&line, '\t', &title);
	str_next(&line, '\t', &category);
	l.category = category;
	l.title_clean = normal_str(a, title);
	began = clock_thread_cpu_ns();
	labeler_flags(labeler, s, &l);
	n = labeler_votes(labeler, s, &l, votes);
	sums->rows++;
	sums->flagged += l.flags != 0;
	sums->ruled += n > 1;
	mapped = labeler_map(labeler, l.source, category);
	sums->mapped += mapped >= 0;
	if (labeler_resolve(labeler, votes, n, a, &best, &confidence, &why)) {
		assert_true(confidence > 0 && confidence <= 1);
		assert_true(conf_taxon(conf, best) >= 0);
		sums->labeled++;
		sums->agreed += conf_taxon(conf, best) == mapped;
	}
	sums->ns += clock_thread_cpu_ns() - began;
}

static void every_real_listing_is_labeled(void **state)
{
	struct labeler_scratch *s;
	struct sums sums = { 0 };
	struct arena *a;
	char *line = NULL;
	size_t room = 0;
	ssize_t n;
	FILE *f;

	(void)state;
	if (!file_exists(LISTINGS)) {
		print_message("skipped: " LISTINGS " is not here\n");
		skip();
	}
	s = labeler_scratch_new();
	a = arena_new(1 << 16);
	f = popen("zcat " LISTINGS, "r");
	assert_non_null(f);
	assert_true(getline(&line, &room, f) > 0); /* column names */
	while ((n = getline(&line, &room, f)) > 0) {
		arena_reset(a);
		one(s, a, (struct str){ line, (size_t)n }, &sums);
	}
	assert_int_equal(pclose(f), 0);
	print_message("%lld listings: %lld mapped, %lld with rules, %lld labeled, %lld as mapped, "
		      "%lld flagged, %lld ns each\n",
		      (long long)sums.rows, (long long)sums.mapped, (long long)sums.ruled,
		      (long long)sums.labeled, (long long)sums.agreed, (long long)sums.flagged,
		      (long long)(sums.rows ? sums.ns / sums.rows : 0));
	assert_true(sums.rows > 200000);
	assert_int_equal(sums.mapped, sums.rows);
	/* Rules against the seller can tie with the mapping, seldom. */
	assert_true(sums.labeled * 100 > sums.rows * 98);
	assert_true(sums.agreed * 100 > sums.labeled * 85);
	assert_true(sums.flagged * 100 < sums.rows * 10);
	free(line);
	arena_free(a);
	labeler_scratch_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(titles_are_flagged),
		cmocka_unit_test(every_real_listing_is_labeled),
	};

	return cmocka_run_group_tests(tests, load, unload);
}
