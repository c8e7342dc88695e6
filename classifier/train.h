/* train.h: from rows to a model file: what to hold out, which rate and how
 * many epochs, the temperature, the last fit on all rows. One thread. */
#ifndef PIPED_TRAIN_H
#define PIPED_TRAIN_H

#include "classifier/classifier.h"

/* What classifier_train promises. */
enum err train_model(const struct classifier_rows *rows, const struct classifier_opt *opt,
		     const char *path, struct classifier_report *ret, struct reason *why);

#endif
