/* vote_suites.h: reads votes of suites/ in place. For tests. */
#ifndef PIPED_TEST_VOTE_SUITES_H
#define PIPED_TEST_VOTE_SUITES_H

#include "labeler/vote_matrix.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SUITES PIPED_SHARED "/data/suites/"
#define SUITE_ROWS 8000
#define SUITE_COLUMNS 128

struct vote_suite {
	struct vote_matrix m;
	int truth[SUITE_ROWS]; /* -1: unknown */
};

/* One column for each rule and class, of which a rule of one class uses one. */
static inline void vote_suite_start(struct vote_suite *s, int rules, int classes)
{
	struct vote_column columns[1024];
	int n = 0;

	for (int r = 0; r < rules; r++)
		for (int k = 0; k < classes; k++)
			columns[n++] = (struct vote_column){ .rule = r, .klass = k, .family = -1 };
	vote_matrix_init(&s->m, classes, rules, columns, n);
}

/* Rows of "y,vote,vote,...", or of votes alone; a vote is a class less `base`, and none
 * is `none`. */
static inline bool vote_suite_dense(struct vote_suite *s, const char *path, int rules, int classes,
				    bool truth, int base, int none)
{
	FILE *f = fopen(path, "r");
	char line[4096];

	if (!f)
		return false;
	vote_suite_start(s, rules, classes);
	while (fgets(line, sizeof(line), f)) {
		uint32_t votes[SUITE_COLUMNS];
		char *at = line;
		int n = 0;

		if (line[0] == 'y')
			continue;
		s->truth[s->m.rows] = truth ? (int)strtol(at, &at, 10) : -1;
		for (int r = 0; r < rules; r++) {
			int said;

			at += *at == ',';
			said = (int)strtol(at, &at, 10);
			if (said != none)
				votes[n++] = (uint32_t)(r * classes + (said == base ? 0 : said));
		}
		vote_matrix_add(&s->m, votes, n);
	}
	(void)fclose(f);
	return true;
}

/* suites/trec-rules: `part` is "train" or "test". */
static inline bool vote_suite_trec(struct vote_suite *s, const char *part)
{
	char path[4096];
	FILE *votes, *truth;
	int row = -1, rule = 0, klass = 0, y;
	uint32_t held[SUITE_COLUMNS];
	bool ok = false;

	(void)snprintf(path, sizeof(path), SUITES "trec-rules/%s.votes.csv", part);
	votes = fopen(path, "r");
	(void)snprintf(path, sizeof(path), SUITES "trec-rules/%s.y.txt", part);
	truth = fopen(path, "r");
	if (!votes || !truth)
		goto out;
	vote_suite_start(s, 68, 6);
	(void)fscanf(votes, "%*[^\n]");
	for (int i = 0, n = 0; fscanf(truth, "%d", &y) == 1; i++, n = 0) {
		s->truth[i] = y;
		while (row < i && fscanf(votes, "%d,%d,%d", &row, &rule, &klass) == 3 && row < i)
			;
		while (row == i) {
			held[n++] = (uint32_t)(rule * 6 + klass);
			if (fscanf(votes, "%d,%d,%d", &row, &rule, &klass) != 3)
				row = -1;
		}
		vote_matrix_add(&s->m, held, n);
	}
	ok = true;
out:
	if (votes)
		(void)fclose(votes);
	if (truth)
		(void)fclose(truth);
	return ok;
}

#endif
