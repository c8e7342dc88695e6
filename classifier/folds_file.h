/* folds_file.h: out-of-fold probabilities kept on disk, found by an id that the caller has given each
 * row: what looks for wrong labels reads them. Written in one step; docs/folds.md has the format.
 * A reader maps the file and goes on with the one it has opened when another takes its name. */
#ifndef PIPED_FOLDS_FILE_H
#define PIPED_FOLDS_FILE_H

#include "classifier/classifier.h"

struct folds_file_about {
	int64_t rows, made_ms;
	int64_t taxonomy; /* the version that labels are of */
	uint64_t labels;  /* whatever else tells those labels from others */
	int classes, folds;
	double temperature, top1, top3, loss;
};

/* `ids`: of the rows that `f` was made of, by their number (classifier_folds_row.input), each
 * once and at least 0. Of `about` made_ms, taxonomy and labels are taken. `progress` as
 * classifier_opt's; may be NULL. ERR_CANCELLED, ERR_FULL, ERR_IO: nothing has changed. */
enum err folds_file_write(const struct classifier_folds *f, const int64_t *ids,
			  const struct folds_file_about *about,
			  bool (*progress)(void *ctx, double done, const char *what), void *ctx,
			  const char *path, struct reason *why);

struct folds_file;
/* ERR_BAD, ERR_VERSION, ERR_NOT_FOUND, ERR_IO. */
enum err folds_file_open(const char *path, struct folds_file **ret, struct reason *why);
void folds_file_close(struct folds_file *f);
struct folds_file_about folds_file_about(const struct folds_file *f);
/* Names are sorted by bytes; borrowed until close. */
struct str folds_file_class(const struct folds_file *f, int k);

struct folds_file_row {
	int64_t id;
	int klass; /* its label */
	int fold;
	const float *p; /* of all classes; borrowed until close */
};
/* Row i of about.rows, in order of ids. Any thread. */
struct folds_file_row folds_file_row(const struct folds_file *f, int64_t i);
/* Number of the row of that id, or -1. */
int64_t folds_file_find(const struct folds_file *f, int64_t id);

#endif
