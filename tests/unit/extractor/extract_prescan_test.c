/* The prescan, and labels against the standard's table. */
#include "extractor/extract_prescan.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/file.h"
#include "tests/unit/extractor/extract_make.h"

#include <iconv.h>
#include <jansson.h>
#include <string.h>

#define TABLE PIPED_SHARED "/data/encodings/whatwg/encodings.json"

static const char *named(struct str body)
{
	const struct extract_encoding *e = extract_prescan(body);

	return e ? e->name : "none";
}

static void metas_are_read(void **state)
{
	static const struct {
		const char *page, *want;
	} rows[] = {
		{ "", "none" },
		{ "<meta charset=euc-kr>", "EUC-KR" },
		{ "<META\nCHARSET = 'Euc-Kr' />", "EUC-KR" },
		{ "<meta/charset=cp949>", "EUC-KR" },
		{ "<meta name=x><meta charset=shift_jis>", "Shift_JIS" },
		{ "<meta charset=utf-16>", "UTF-8" },
		{ "<meta charset=x-user-defined>", "x-user-defined" },
		{ "<meta charset=johab>", "Johab" },
		{ "<meta charset=none><meta charset=euc-kr>", "EUC-KR" },
		/* cut off before it says it all */
		{ "<meta charset=euc-kr", "none" },
		{ "<meta charset='euc-kr", "none" },
		{ "<meta content='text/html; charset=euc-kr'>", "none" },
		{ "<meta content='text/html; charset=euc-kr' http-equiv=content-TYPE>", "EUC-KR" },
		{ "<meta http-equiv=content-type content='charset charset=\"euc-kr\"'>", "EUC-KR" },
		{ "<meta http-equiv=content-type content='charset=\"euc-kr'>", "none" },
		{ "<!-- <meta charset=euc-kr> -->", "none" },
		{ "<!--><meta charset=euc-kr>", "EUC-KR" },
		{ "<p title='<meta charset=euc-kr>'>", "none" },
		{ "<p title=\"'\"><meta charset=euc-kr>", "EUC-KR" },
		{ "</p x='<meta charset=euc-kr>'><meta charset=big5>", "Big5" },
		{ "<?php '> <meta charset=euc-kr>", "EUC-KR" },
		{ "< meta charset=euc-kr>", "none" },
		{ "<metal charset=euc-kr>", "none" },
	};
	struct buf b;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (strcmp(named(str_of(rows[i].page)), rows[i].want) != 0)
			fail_msg("%s: %s, not %s", rows[i].page, named(str_of(rows[i].page)),
				 rows[i].want);
	buf_init(&b, 1 << 16);
	for (int i = 0; i < EXTRACT_PRESCAN_BYTES; i++)
		buf_add_char(&b, ' ');
	buf_add_text(&b, "<meta charset=euc-kr>");
	assert_string_equal(named(buf_str(&b)), "none");
	assert_string_equal(named(str_sub(buf_str(&b), 100, b.n)), "EUC-KR");
	buf_done(&b);
}

static void each_can_be_read(void **state)
{
	const struct extract_encoding *e;

	(void)state;
	for (int i = 0; (e = extract_label_at(i)); i++) {
		iconv_t cd = iconv_open("UTF-8", e->iconv);

		if (cd == (iconv_t)-1)
			fail_msg("iconv knows no %s", e->iconv);
		iconv_close(cd);
	}
	assert_null(extract_label(STR("")));
	assert_null(extract_label(STR("../../etc")));
	assert_null(extract_label(STR("euc-kr euckr")));
	assert_string_equal(extract_label(STR("\n EUC-kr\t"))->iconv, "CP949");
}

/* Every label of the standard; those of "replacement" are none, but of ISO-2022-KR. */
static void labels_are_the_standards(void **state)
{
	json_t *all, *group, *one, *label;
	size_t g, i, k;
	int n = 0;

	(void)state;
	if (!file_exists(TABLE)) {
		print_message("skipped: %s is not here\n", TABLE);
		skip();
	}
	all = json_load_file(TABLE, 0, NULL);
	assert_non_null(all);
	json_array_foreach(all, g, group)
	{
		json_array_foreach(json_object_get(group, "encodings"), i, one)
		{
			const char *name = json_string_value(json_object_get(one, "name"));

			json_array_foreach(json_object_get(one, "labels"), k, label)
			{
				struct str s = str_of(json_string_value(label));
				const struct extract_encoding *e = extract_label(s);
				bool none = strcmp(name, "replacement") == 0;

				n++;
				if (none ? e && strcmp(e->name, "ISO-2022-KR") != 0
					 : !e || strcmp(e->name, name) != 0)
					fail_msg("%.*s: %s, not %s", STR_ARG(s),
						 e ? e->name : "none", name);
			}
		}
	}
	json_decref(all);
	print_message("%d labels\n", n);
	assert_true(n > 200);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(metas_are_read),
		cmocka_unit_test(each_can_be_read),
		cmocka_unit_test(labels_are_the_standards),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
