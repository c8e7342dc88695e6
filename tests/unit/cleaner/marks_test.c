/* The words that are shipped, on titles; and on real ones where they are at hand. */
#include "base/clock.h"
#include "base/mem.h"
#include "base/normal.h"
#include "cleaner/cleaner.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include <cmocka.h>

#define LISTINGS PIPED_SHARED "/data/bunjang/listings.tsv.gz"

static struct conf *conf;
static struct marks *marks;

static int load(void **state)
{
	struct conf_problem *problems = NULL;
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
	marks = marks_new(&conf->words);
	return 0;
}

static int unload(void **state)
{
	(void)state;
	marks_free(marks);
	conf_free(conf);
	return 0;
}

static struct str found(struct arena *a, struct str title)
{
	return marks_find(marks, normal_str(a, title), a);
}

static const struct {
	const char *title, *marks;
} titles[] = {
	{ "", "" },
	{ "예쁜 원피스", "" },
	{ "[새상품] 나이키 에어포스1 270 택포",
	  "{\"brand\":[\"nike\"],\"model\":[\"nike-air-force-1\"],\"size\":[\"270\"],"
	  "\"condition\":\"new\",\"shipping\":\"included\"}" },
	{ "급처) 몽클레어 패딩 XL 네고불가",
	  "{\"brand\":[\"moncler\"],\"size\":[\"xl\"],\"negotiable\":false,\"urgent\":true}" },
	{ "스투시 후드 3만원택포 네고 가능",
	  "{\"brand\":[\"stussy\"],\"shipping\":\"included\",\"negotiable\":true}" },
	{ "카네고 지갑", "" },
	{ "S급 톰브라운 가디건 2사이즈",
	  "{\"brand\":[\"thom-browne\"],\"size\":[\"2\"],\"condition\":\"like-new\"}" },
	{ "[M/95] 라코스테 카라티", "{\"brand\":[\"lacoste\"],\"size\":[\"m\",\"95\"]}" },
	{ "리바이스 501 W32 L34",
	  "{\"brand\":[\"levis\"],\"model\":[\"levis-501\"],\"size\":[\"w32l34\"]}" },
	{ "Levi's 데님 자켓", "{\"brand\":[\"levis\"]}" },
	{ "디젤 청바지 32인치", "{\"brand\":[\"diesel\"],\"size\":[\"32in\"]}" },
	{ "아디다스 삼바 US 9.5",
	  "{\"brand\":[\"adidas\"],\"model\":[\"adidas-samba\"],\"size\":[\"us9.5\"]}" },
	{ "[50] 솔리드옴므 셔츠", "{\"brand\":[\"solid-homme\"],\"size\":[\"50\"]}" },
	{ "톰포드 자켓 48", "{\"brand\":[\"tom-ford\"],\"size\":[\"48\"]}" },
	{ "디올 50 주년 48 개 자켓 A3 사이즈", "{\"brand\":[\"dior\"]}" },
	{ "프라다 로퍼 EU 42", "{\"brand\":[\"prada\"],\"size\":[\"eu42\"]}" },
	{ "뉴발란스 993 265mm",
	  "{\"brand\":[\"new-balance\"],\"model\":[\"new-balance-993\"],\"size\":[\"265\"]}" },
	{ "휴먼메이드 케이코 22 2xl", "{\"brand\":[\"human-made\"],\"size\":[\"xxl\"]}" },
	{ "아이폰13 프로 128GB 자급제 직거래",
	  "{\"brand\":[\"apple\"],\"model\":[\"iphone-13-pro\"],\"storage\":[\"128gb\"],"
	  "\"direct\":true}" },
	{ "갤럭시 S22 256기가", "{\"brand\":[\"samsung\"],\"model\":[\"galaxy-s22\"],"
				"\"storage\":[\"256gb\"]}" },
	{ "판매완료) 정품 구찌 벨트 95",
	  "{\"brand\":[\"gucci\"],\"size\":[\"95\"],\"status\":\"sold\",\"authentic\":true}" },
	{ "구찌 벨트 정품아님 번개페이",
	  "{\"brand\":[\"gucci\"],\"authentic\":false,\"safe-payment\":true}" },
	{ "면100% 반팔 90s 빈티지", "" },
	{ "울 100 코트 100만원 95,000원", "" },
	{ "M65 필드자켓", "" },
	{ "소니 WH-1000XM4", "{\"brand\":[\"sony\"],\"model\":[\"sony-wh-1000xm4\"]}" },
	{ "메종 마르지엘라 MM6 후드", "{\"brand\":[\"mm6\"]}" },
	{ "나이키 X 오프화이트 나이키 반팔 프리사이즈",
	  "{\"brand\":[\"nike\",\"off-white\"],\"size\":[\"free\"]}" },
	{ "새제품급 셔츠, 미개봉 아님", "{\"condition\":\"like-new\"}" },
	{ "쓰레기통 20 L, 소금 100 g, 95 장", "" },
};

static void titles_say_what_they_say(void **state)
{
	struct arena *a = arena_new(1 << 14);
	int wrong = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(titles) / sizeof(titles[0]); i++) {
		struct str got = found(a, str_of(titles[i].title));

		if (str_is(got, titles[i].marks))
			continue;
		print_error("%s\n\tgot  %.*s\n\twant %s\n", titles[i].title, STR_ARG(got),
			    titles[i].marks);
		wrong++;
	}
	assert_int_equal(wrong, 0);
	arena_free(a);
}

static const struct {
	const char *title, *core;
} cores[] = {
	{ "", "" },
	{ "예쁜 원피스", "" },
	{ "[새상품] 나이키 에어포스1 270 택포", "나이키 에어포스 1 270" },
	{ "급처) 몽클레어 패딩 XL 네고불가", "몽클레어 패딩 xl" },
	/* a part of a word stays: it may be another word's */
	{ "스투시 후드 3만원택포", "" },
	{ "카네고 지갑", "" },
	{ "중고등 교복 자켓", "" },
	{ "판매완료) 정품 구찌 벨트 95", "구찌 벨트 95" },
	/* nothing else: it stays as it is */
	{ "새상품 택포", "" },
	{ "급처", "" },
};

static void the_things_name_is_left(void **state)
{
	struct arena *a = arena_new(1 << 14);

	(void)state;
	for (size_t i = 0; i < sizeof(cores) / sizeof(cores[0]); i++) {
		struct listing l = { .title = str_of(cores[i].title) };
		struct str core;

		cleaner_again(marks, a, &l);
		if (!str_is(l.title_core, cores[i].core))
			fail_msg("%s: \"%.*s\"", cores[i].title, STR_ARG(l.title_core));
		core = listing_core(&l);
		assert_true(core.n > 0 || l.title_clean.n == 0);
		assert_true(str_eq(core, normal_str(a, core)));
	}
	arena_free(a);
}

static void words_are_part_of_the_version(void **state)
{
	struct conf_words others = conf->words;
	struct marks *m;

	(void)state;
	assert_int_equal(cleaner_version(NULL), CLEANER_VERSION);
	assert_int_equal(cleaner_version(marks) & 0xff, CLEANER_VERSION);
	assert_true(cleaner_version(marks) >> 8 != 0);
	others.version ^= UINT64_C(1) << 60;
	m = marks_new(&others);
	assert_true(cleaner_version(m) != cleaner_version(marks));
	marks_free(m);
}

/* However long, a title gives bounded, valid text. */
static void a_title_of_words_alone_is_bounded(void **state)
{
	struct arena *a = arena_new(1 << 16);
	char title[NORMAL_MOST];
	size_t n = 0;
	struct str got;

	(void)state;
	for (int i = 0; n < sizeof(title) - 64; i = (i + 1) % conf->words.n_words) {
		struct str w = conf->words.words[i].text;

		memcpy(title + n, w.p, w.n);
		n += w.n;
		title[n++] = ' ';
	}
	got = found(a, (struct str){ title, n });
	assert_in_range(got.n, 100, 4096);
	arena_free(a);
}

struct brand_count {
	int64_t titles, with_brand, agree, with_size;
};

/* The value of the brand that stands first in a text. */
static struct str first_brand(struct arena *a, struct str text)
{
	struct str got = found(a, text), key = STR("{\"brand\":[\"");
	ptrdiff_t end;

	if (!str_starts(got, key))
		return STR("");
	got = str_sub(got, key.n, got.n);
	end = str_find(got, STR("\""));
	return end < 0 ? STR("") : str_sub(got, 0, (size_t)end);
}

static void count(struct arena *a, struct str title, struct str query, struct brand_count *c)
{
	struct str brand = first_brand(a, query), got = found(a, title);
	ptrdiff_t end = str_find(got, STR("]"));

	if (!brand.n)
		return;
	c->titles++;
	c->with_size += str_find(got, STR("\"size\"")) >= 0;
	if (!str_starts(got, STR("{\"brand\":[")) || end < 0)
		return;
	c->with_brand++;
	c->agree += str_find(str_sub(got, 0, (size_t)end),
			     arena_fmt(a, "\"%.*s\"", STR_ARG(brand))) >= 0;
}

static void brands_agree_with_the_search(void **state)
{
	gzFile f = gzopen(LISTINGS, "rb");
	struct arena *a = arena_new(1 << 16);
	struct brand_count c = { 0 };
	struct str part[9], rest;
	char line[8192];
	int64_t rows = 0;

	(void)state;
	if (!f) {
		print_message("no %s: skipped\n", LISTINGS);
		arena_free(a);
		skip();
	}
	/* Every eighth: the sanitizers make this slow. */
	for (gzgets(f, line, sizeof(line)); gzgets(f, line, sizeof(line)); rows++) {
		int n = 0;

		rest = str_of(line);
		while (n < 9 && str_next(&rest, '\t', &part[n]))
			n++;
		arena_reset(a);
		if (n == 9 && rows % 8 == 0)
			count(a, part[1], part[6], &c);
	}
	gzclose(f);
	arena_free(a);
	print_message("%lld titles found by a brand's name: a brand in %.1f%%, of which %.1f%% "
		      "have that one; a size in %.1f%%\n",
		      (long long)c.titles, 100.0 * (double)c.with_brand / (double)c.titles,
		      100.0 * (double)c.agree / (double)c.with_brand,
		      100.0 * (double)c.with_size / (double)c.titles);
	assert_true(c.titles * 8 > rows * 95 / 100);
	assert_true(c.with_brand * 100 > c.titles * 95);
	assert_true(c.agree * 100 > c.with_brand * 95);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(titles_say_what_they_say),
		cmocka_unit_test(the_things_name_is_left),
		cmocka_unit_test(words_are_part_of_the_version),
		cmocka_unit_test(a_title_of_words_alone_is_bounded),
		cmocka_unit_test(brands_agree_with_the_search),
	};

	return cmocka_run_group_tests(tests, load, unload);
}
