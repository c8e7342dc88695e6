/* label_errors.h: reads suites/label-errors in place: rows of probabilities and the
 * labels that were given. For tests. */
#ifndef PIPED_TEST_LABEL_ERRORS_H
#define PIPED_TEST_LABEL_ERRORS_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

struct label_errors {
	int classes, rows, at;
	double *p; /* [rows][classes], as they stand there */
	int *given;
};

/* `name` as in "cifar10"; false: not there. */
static inline bool label_errors_open(struct label_errors *e, const char *shared, const char *name,
				     int classes)
{
	char path[4096];
	FILE *p, *y;
	size_t n;

	*e = (struct label_errors){ .classes = classes };
	(void)snprintf(path, sizeof(path), "%s/data/suites/label-errors/%s_test_set.pred_probs.npy",
		       shared, name);
	p = fopen(path, "rb");
	(void)snprintf(path, sizeof(path), "%s/data/suites/label-errors/%s_test_set.given.txt",
		       shared, name);
	y = fopen(path, "r");
	if (!p || !y)
		goto out;
	(void)fseek(p, 0, SEEK_END);
	n = (size_t)(ftell(p) - 128) / sizeof(double);
	(void)fseek(p, 128, SEEK_SET); /* NumPy's header */
	e->p = malloc(n * sizeof(double));
	e->given = malloc(n / (size_t)classes * sizeof(int));
	if (e->p && e->given && fread(e->p, sizeof(double), n, p) == n)
		e->rows = (int)n / classes;
	for (int i = 0; i < e->rows; i++)
		if (fscanf(y, "%d", &e->given[i]) != 1)
			e->rows = 0;
out:
	if (p)
		(void)fclose(p);
	if (y)
		(void)fclose(y);
	return e->rows > 0;
}

static inline void label_errors_close(struct label_errors *e)
{
	free(e->p);
	free(e->given);
}

#endif
