/* studio.h: the annotations in a file of Label Studio's tasks (its JSON export: one array), one
 * after the other, task by task, so that memory does not grow with it. */
#ifndef PIPED_STUDIO_H
#define PIPED_STUDIO_H

#include "base/err.h"

#include <jansson.h>

struct studio;

enum err studio_open(const char *path, struct studio **ret, struct reason *why);
void studio_close(struct studio *s);
/* The next annotation as a row of `pipectl label import`: row, listing (or url), category, who,
 * when; the caller json_decrefs it. NULL: there is none. Left out are skipped tasks, and
 * annotations that came from here and were not changed (studio_ours counts them). ERR_BAD. */
enum err studio_next(struct studio *s, json_t **ret, struct reason *why);
int64_t studio_task(const struct studio *s); /* which one of the array, from 1 */
int64_t studio_ours(const struct studio *s);

#endif
