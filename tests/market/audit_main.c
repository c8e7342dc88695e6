/* market_audit: judges a crawler by the market's journal; see market_audit.h. */
#include "market_audit.h"

#include "base/file.h"
#include "base/mem.h"
#include "base/opt.h"

#include <stdio.h>

#define FILE_MOST ((size_t)1 << 30)

static enum err read_all(struct market_audit *a, int n, char **paths, struct reason *why)
{
	enum err err = ERR_OK;
	struct buf text;

	for (int i = 0; i < n && !err; i++) {
		buf_init(&text, FILE_MOST);
		err = file_read(paths[i], &text, why);
		if (!err)
			err = i ? market_audit_journal(a, buf_str(&text), why)
				: market_audit_rules(a, buf_str(&text), why);
		if (err)
			fprintf(stderr, "market_audit: %s: %s\n", paths[i], why->text);
		buf_done(&text);
	}
	return err;
}

int main(int argc, char **argv)
{
	struct market_audit *a = market_audit_new();
	struct market_audit_result r = { 0 };
	struct reason why = { "" };
	int code = EXIT_DONE;
	struct buf text;

	buf_init(&text, 1 << 16);
	if (argc < 3) {
		fprintf(stderr, "usage: market_audit RULES JOURNAL...\n"
				"Exit code 1: a rule was broken, or a file cannot be read.\n");
		code = EXIT_USAGE;
	} else if (read_all(a, argc - 1, argv + 1, &why)) {
		code = EXIT_FAILED;
	} else {
		market_audit_judge(a, &r);
		market_audit_print(&r, &text);
		fputs(buf_str(&text).p, stdout);
		code = r.all ? EXIT_FAILED : EXIT_DONE;
	}
	buf_done(&text);
	market_audit_free(a);
	return code;
}
