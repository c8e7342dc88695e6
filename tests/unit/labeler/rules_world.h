/* Rules as a file has them, compiled: for tests of labels. */
#ifndef PIPED_RULES_WORLD_H
#define PIPED_RULES_WORLD_H

#include "base/buf.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/normal.h"
#include "labeler/labeler.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

struct rules_world {
	char folder[32];
	struct conf *conf;
	struct labeler *labeler;
	struct labeler_scratch *scratch;
	struct arena *a;
};

static inline void rules_write(const struct rules_world *w, const char *name, struct str text)
{
	char path[64];

	snprintf(path, sizeof(path), "%s/%s", w->folder, name);
	assert_int_equal(file_write(path, text, NULL), ERR_OK);
}

/* `rules` speak of the taxa of `taxonomy`. */
static inline void rules_start(struct rules_world *w, const char *taxonomy, struct str rules)
{
	struct conf_problem *problems = NULL;
	struct reason why = { "" };
	char path[64], text[512];
	int n;

	rules_write(w, "t.yaml", str_of(taxonomy));
	rules_write(w, "r.yaml", rules);
	rules_write(w, "piped.yaml", STR("taxonomy: t.yaml\nrules: r.yaml\n"));
	snprintf(path, sizeof(path), "%s/piped.yaml", w->folder);
	if (conf_load(path, &w->conf, &problems, &n)) {
		conf_problem_text(problems, text);
		fail_msg("%s", text);
	}
	if (labeler_new(w->conf, &w->labeler, &why))
		fail_msg("%s", why.text);
	w->scratch = labeler_scratch_new();
	w->a = arena_new(1 << 14);
}

static inline void rules_stop(struct rules_world *w)
{
	labeler_free(w->labeler);
	labeler_scratch_free(w->scratch);
	conf_free(w->conf);
	arena_free(w->a);
}

static inline void rules_open(struct rules_world *w)
{
	*w = (struct rules_world){ .folder = "/tmp/piped-rules.XXXXXX" };
	assert_non_null(mkdtemp(w->folder));
}

static inline void rules_close(struct rules_world *w)
{
	static const char *const names[] = { "t.yaml", "r.yaml", "piped.yaml", "words.txt" };
	char path[64];

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s", w->folder, names[i]);
		(void)unlink(path);
	}
	assert_int_equal(rmdir(w->folder), 0);
}

#endif
