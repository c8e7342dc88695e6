#include "base/file.h"
#include "model/state.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* docs/ARCHITECTURE.md shows the diagrams that the table yields. */
static void test_diagrams_in_docs(void **state)
{
	struct reason why = { "" };
	struct buf docs, diagram;

	(void)state;
	buf_init(&docs, 1 << 20);
	buf_init(&diagram, 1 << 16);
	assert_int_equal(file_read(PIPED_SOURCE "/docs/ARCHITECTURE.md", &docs, &why), ERR_OK);
	for (int k = 0; k < STATE_KINDS; k++) {
		buf_clear(&diagram);
		state_diagram((enum state_kind)k, &diagram);
		if (str_find(buf_str(&docs), buf_str(&diagram)) < 0)
			fail_msg("docs/ARCHITECTURE.md lacks the diagram of %s:\n%s",
				 state_kind_name((enum state_kind)k), diagram.p);
	}
	buf_done(&diagram);
	buf_done(&docs);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_diagrams_in_docs) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
