/* JSON text from the daemon, whatever a listing's title holds. What is
 * printed cannot steer a terminal. */
#include "base/utf8.h"
#include "pipectl/screen.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>

static void check_text(struct str s)
{
	uint32_t code = 0;
	size_t n;

	for (size_t i = 0; i < s.n; i += n) {
		n = utf8_decode(str_sub(s, i, s.n), &code);
		must(n > 0);
		must(code >= 0x20 && code != 0x7f && (code < 0x80 || code >= 0xa0));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new(FUZZ_ARENA);
	struct str s = fuzz_text(data, size), clean;
	const char *shown;
	json_t *v;
	int width;

	(void)screen_width(s);
	clean = utf8_clean(a, s);
	v = json_stringn(clean.p, clean.n);
	must(v);
	shown = screen_text(v);
	check_text(str_of(shown));
	width = screen_width(str_of(shown));
	must(width >= 0 && (size_t)width <= 2 * strlen(shown));
	json_decref(v);
	arena_free(a);
	return 0;
}
