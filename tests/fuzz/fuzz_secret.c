/* Any text, as a URL and as what a site said: a credential that went in does not
 * come out again, and nothing else changes. */
#include "base/arena.h"
#include "config/conf_auth.h"
#include "crawler/secret.h"
#include "tests/fuzz/fuzz.h"

#define SECRET "s3cret/~1%"
#define ESCAPED "s3cret%2F~1%25"

static struct conf_credential credentials[] = {
	{ { "k", 1 }, { SECRET, sizeof(SECRET) - 1 }, true },
	{ { "other", 5 }, { 0 }, true },
};

static void check_parts(struct str text)
{
	struct str rest = text, before, name;
	size_t bytes = 0;

	while (conf_auth_next(&rest, &before, &name)) {
		must(before.p >= text.p && before.p + before.n <= name.p);
		must(name.n > 0 && name.p + name.n < text.p + text.n);
		must(++bytes <= text.n);
	}
	must(!rest.p && before.n <= text.n);
}

static void check_hidden(const struct conf_source *s, struct str text, struct arena *a)
{
	struct str hidden = secret_hide(s, text, a), masked = secret_mask(s, text, a);

	must(str_find(hidden, STR(SECRET)) < 0 && str_find(hidden, STR(ESCAPED)) < 0);
	must(str_find(masked, STR(SECRET)) < 0 && masked.n == text.n);
	if (str_find(text, STR("s3cret")) < 0)
		must(hidden.p == text.p && masked.p == text.p);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct conf_source s = { .credentials = credentials, .n_credentials = 2 };
	struct arena *a = arena_new(FUZZ_ARENA);
	struct str text = fuzz_text(data, size);

	check_parts(text);
	check_hidden(&s, text, a);
	check_hidden(&s, secret_put(&s, text, a), a);
	check_hidden(&s, secret_url(&s, text, a), a);
	s.auth = (struct conf_auth){ .type = AUTH_QUERY,
				     .credential = STR("k"),
				     .name = STR("key") };
	must(str_ends(secret_url(&s, text, a), STR("key=" ESCAPED)));
	check_hidden(&s, secret_url(&s, text, a), a);
	arena_free(a);
	return 0;
}
