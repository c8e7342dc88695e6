/* A JSON page for page kinds of all sorts: what is found in what they look at is what is
 * found in the whole. The first byte says which kind. */
#include "tests/fuzz/fuzz.h"
#include "tests/unit/extractor/extract_project_same.h"

#include <stdlib.h>

static struct same all[SAME_KINDS];

void __lsan_disable(void) __attribute__((weak));
void __lsan_enable(void) __attribute__((weak));

static void tear_down(void)
{
	for (size_t i = 0; i < SAME_KINDS; i++)
		same_done(&all[i]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf cut, whole;

	if (!all[0].cut) {
		/* libjq keeps a pointer to the end of its stack only, which counts as none */
		if (__lsan_disable)
			__lsan_disable();
		for (size_t i = 0; i < SAME_KINDS; i++)
			must(same_make(&all[i], &same_kinds[i]));
		must(!atexit(tear_down));
		if (__lsan_enable)
			__lsan_enable();
	}
	if (!size)
		return 0;
	buf_init(&cut, 64 << 20);
	buf_init(&whole, 64 << 20);
	must(same_found(&all[data[0] % SAME_KINDS], fuzz_text(data + 1, size - 1), &cut, &whole));
	buf_done(&cut);
	buf_done(&whole);
	return 0;
}
