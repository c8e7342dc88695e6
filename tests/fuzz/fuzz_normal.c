/* A byte: room for a cut form; the rest is a title. */
#include "base/normal.h"
#include "base/utf8.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>

static void check_form(struct str form)
{
	char again[NORMAL_MOST];

	must(form.n <= NORMAL_MOST && utf8_valid(form));
	must(form.n == 0 || (form.p[0] != ' ' && form.p[form.n - 1] != ' '));
	must(str_find(form, STR("  ")) < 0);
	for (size_t i = 0; i < form.n; i++) {
		unsigned char c = (unsigned char)form.p[i];

		must(c >= 0x80 || c == ' ' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z'));
	}
	must(normal_title(form, again, sizeof(again)) == form.n);
	must(form.n == 0 || memcmp(again, form.p, form.n) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new(FUZZ_ARENA);
	struct str s = fuzz_text(data, size), form, cut;
	size_t room = fuzz_byte(&s);
	char *to = arena_alloc(a, 256);

	form = normal_str(a, s);
	check_form(form);
	cut = (struct str){ to, normal_title(s, to, room) };
	must(cut.n <= room && str_starts(form, cut));
	check_form(cut);
	arena_free(a);
	return 0;
}
