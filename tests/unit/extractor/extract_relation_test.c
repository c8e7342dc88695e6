/* Link headers (RFC 8288): what is found in the head of a response. */
#include "extractor/extract_relation.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define HEAD "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"

static void headers(void **state)
{
	static const struct {
		const char *head, *rel, *want; /* NULL: nothing */
	} rows[] = {
		{ HEAD "Link: </2>; rel=next\r\n\r\n", "next", "/2" },
		{ HEAD "link:</2>;rel=\"next\"\r\n\r\n", "next", "/2" },
		{ HEAD "LINK:  < /2 > ; REL = \"prev NEXT\" ; title=\"x\"\r\n\r\n", "next", "/2" },
		/* commas and semicolons within the address and within quotes */
		{ HEAD "Link: </a,b;c>; title=\"d, <e>; rel=next\"; rel=up, </2>; rel=next\r\n\r\n",
		  "next", "/2" },
		{ HEAD "Link: </a>; title=\"a \\\" b\"; rel=next\r\n\r\n", "next", "/a" },
		{ HEAD "Link: </1>; rel=prev\r\nLink: </2>; rel=next\r\n\r\n", "next", "/2" },
		{ HEAD "Link: </c>; rel=canonical\r\n\r\n", "canonical", "/c" },
		/* only the first rel counts, and only links of this page */
		{ HEAD "Link: </2>; rel=prev; rel=next\r\n\r\n", "next", NULL },
		{ HEAD "Link: </2>; anchor=\"/other\"; rel=next\r\n\r\n", "next", NULL },
		{ HEAD "Link: </2>; rel=nextish\r\n\r\n", "next", NULL },
		{ HEAD "Linked: </2>; rel=next\r\n\r\n", "next", NULL },
		{ HEAD "Link: <>; rel=next\r\n\r\n", "next", NULL },
		{ HEAD "Link: /2; rel=next\r\n\r\n", "next", NULL },
		{ HEAD "Link: </2; rel=next\r\n\r\n", "next", NULL },
		{ HEAD "Link: </2>; rel=\"next\r\n\r\n", "next", "/2" },
		{ HEAD "Link: </2>; rel\r\n\r\n", "next", NULL },
		{ HEAD "Link:\r\n\r\n", "next", NULL },
		{ "", "next", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct str got = extract_relation_header(str_of(rows[i].head), str_of(rows[i].rel));

		if (!str_is(got, rows[i].want ? rows[i].want : ""))
			fail_msg("row %zu: `%.*s`", i, STR_ARG(got));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(headers) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
