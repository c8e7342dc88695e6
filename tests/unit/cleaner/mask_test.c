#include "cleaner/mask.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const struct {
	const char *text, *masked; /* NULL: as it is */
} rows[] = {
	{ "나이키 010-1234-5678 연락", "나이키 010-****-**** 연락" },
	{ "01012345678", "010********" },
	{ "010 1234 5678", "010 **** ****" },
	{ "010.1234.5678", "010.****.****" },
	{ "(010)1234-5678", "(010)****-****" },
	{ "０１０－１２３４－５６７８", "０１０－****－****" },
	{ "공일공 일이삼사 오육칠팔", "공일공 **** ****" },
	{ "공1공-1234-오육칠팔", "공1공-****-****" },
	{ "o1o-1234-5678", "o1o-****-****" },
	{ "O1O1234 5678 문자", "O1O**** **** 문자" },
	{ "011-234-5678", "011-***-****" },
	{ "016-1234-5678", "016-****-****" },
	{ "+82 10-1234-5678", "+82 10-****-****" },
	{ "+82-10-1234-5678", "+82-10-****-****" },
	{ "02-123-4567", "02-1**-****" },
	{ "031-1234-5678", "031-****-****" },
	{ "0507-1234-5678", "050*-****-****" },
	{ "문의 abc.d-1@naver.com 으로", "문의 ***.*-*@*****.*** 으로" },
	{ "a@b.co.kr", "*@*.**.**" },
	{ "카톡 shop_kim1 주세요", "카톡 ********* 주세요" },
	{ "카톡아이디: abcd12", "카톡아이디: ******" },
	{ "카카오톡 ID : nike.seller", "카카오톡 ID : ***********" },
	{ "kakao: shop99", "kakao: ******" },
	{ "ㅋㅌ hello12", "ㅋㅌ *******" },
	{ "https://open.kakao.com/o/sAbC12d", "https://open.kakao.com/o/*******" },
	{ "둘 010-1111-2222 010-3333-4444", "둘 010-****-**** 010-****-****" },
	/* what is none */
	{ "나이키 덩크 DD1391-100 270", NULL },
	{ "나이키 315122-111", NULL },
	{ "뉴발란스 2002R 280", NULL },
	{ "880101012345678", NULL },
	{ "010-1234", NULL },
	{ "010", NULL },
	{ "0101234567890123", NULL },
	{ "카톡 주세요", NULL },
	{ "카톡 ok", NULL },
	{ "카카오프렌즈 라이언 인형", NULL },
	{ "카카오 프렌즈", NULL },
	{ "@나이키 코트", NULL },
	{ "사이즈 @100", NULL },
	{ "공일 이삼", NULL },
	{ "오일 오이 오삼", NULL },
	{ "3,000,000원", NULL },
	{ "2024-01-01 12:30:00", NULL },
	{ "", NULL },
	{ "\xff\xfe 010", NULL },
};

static void personal_data_is_masked(void **state)
{
	struct arena *a = arena_new(1024);

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *want = rows[i].masked ? rows[i].masked : rows[i].text;
		struct str got = mask_personal(str_of(rows[i].text), a);

		if (!str_is(got, want))
			fail_msg("'%s': '%.*s'", rows[i].text, STR_ARG(got));
		/* once is enough */
		got = mask_personal(got, a);
		if (!str_is(got, want))
			fail_msg("'%s' again: '%.*s'", rows[i].text, STR_ARG(got));
	}
	arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(personal_data_is_masked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
