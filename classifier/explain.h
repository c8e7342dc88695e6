/* explain.h: classifier_explain (classifier.h). Pure; allocates nothing; any
 * thread. */
#ifndef PIPED_EXPLAIN_H
#define PIPED_EXPLAIN_H

#include "classifier/model_file.h"

int explain_item(const struct model *m, const struct classifier_item *item, int k,
		 char form[CLASSIFIER_FORM], size_t *ret_form, struct classifier_argument *ret);

#endif
