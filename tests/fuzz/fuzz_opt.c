/* Each line is an argument. */
#include "base/opt.h"
#include "base/utf8.h"
#include "tests/fuzz/fuzz.h"

#include <math.h>
#include <string.h>

#define ARGS_MOST 64

struct given {
	bool flag, other;
	const char *text;
	int64_t number, any;
	double real;
};

static const struct opt table[] = {
	{ .name = "flag", .letter = 'f', .type = OPT_FLAG, .at = offsetof(struct given, flag) },
	{ .name = "other", .type = OPT_FLAG, .at = offsetof(struct given, other) },
	{ .name = "text", .letter = 't', .type = OPT_TEXT, .at = offsetof(struct given, text) },
	{ .name = "number",
	  .letter = 'n',
	  .type = OPT_INT,
	  .at = offsetof(struct given, number),
	  .min = -5,
	  .max = 1000 },
	{ .name = "any", .letter = 'a', .type = OPT_INT, .at = offsetof(struct given, any) },
	{ .name = "real",
	  .letter = 'r',
	  .type = OPT_REAL,
	  .at = offsetof(struct given, real),
	  .max = 1 },
	{ .name = NULL },
};

static void check(int argc, char **argv)
{
	const char *args[ARGS_MOST];
	struct reason why = { "" };
	struct given g = { 0 };
	int n = 0;

	if (opt_parse(table, argc, argv, &g, args, &n, &why)) {
		must(why.text[0]);
		return;
	}
	must(n >= 0 && n < argc);
	must(g.number >= -5 && g.number <= 1000);
	must(isfinite(g.real) && g.real >= 0 && g.real <= 1);
	for (int i = 0, at = 0; i < n; i++) {
		/* arguments keep their order */
		while (at < argc && argv[at] != args[i])
			at++;
		must(at < argc);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new(FUZZ_ARENA);
	struct str rest = fuzz_text(data, size), line;
	char *argv[ARGS_MOST];
	int argc = 0;

	while (argc < ARGS_MOST && str_next(&rest, '\n', &line)) {
		argv[argc] = arena_alloc(a, line.n + 1);
		memcpy(argv[argc], line.p, line.n);
		argv[argc][line.n] = '\0';
		argc++;
	}
	check(argc, argv);
	arena_free(a);
	return 0;
}
