/* A byte: where to cut; the rest is text. Decoding is held against utf8proc's. */
#include "base/utf8.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>
#include <utf8proc.h>

static void check_character(struct str s)
{
	const utf8proc_uint8_t *p = (const utf8proc_uint8_t *)s.p;
	uint32_t code = 0;
	size_t n = utf8_decode(s, &code);
	utf8proc_int32_t theirs;
	char again[4];

	if (utf8proc_iterate(p, (utf8proc_ssize_t)s.n, &theirs) < 1) {
		must(n == 0);
		return;
	}
	must(n > 0 && code == (uint32_t)theirs);
	must(utf8_encode(code, again) == n && memcmp(again, s.p, n) == 0);
}

static void check_cut(struct str clean, size_t most)
{
	struct str cut = utf8_cut(clean, most);

	must(cut.n <= most && cut.n <= clean.n && utf8_valid(cut));
	must(cut.n == clean.n || most - cut.n < 4);
	must(cut.n == 0 || memcmp(cut.p, clean.p, cut.n) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new(FUZZ_ARENA);
	struct str s = fuzz_text(data, size), clean;
	size_t most = fuzz_byte(&s);

	for (size_t i = 0; i < s.n; i++)
		check_character(str_sub(s, i, s.n));
	clean = utf8_clean(a, s);
	must(utf8_valid(clean) && clean.n <= 3 * s.n);
	must(utf8_valid(s) == (clean.p == s.p && clean.n == s.n));
	must(utf8_clean(a, clean).p == clean.p);
	check_cut(clean, most);
	(void)utf8_cut(s, most);
	arena_free(a);
	return 0;
}
