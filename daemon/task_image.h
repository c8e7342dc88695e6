/* task_image.h: what is made of an answer to an image job: a file of its own and
 * its row, or a reason why there is none. Part of a task, on a pool thread; the one
 * step that writes a file itself: it is named by what it holds, so that doing it
 * twice is doing it once. */
#ifndef PIPED_TASK_IMAGE_H
#define PIPED_TASK_IMAGE_H

#include "daemon/task.h"

bool task_image_is(const struct job *j);
/* What is asked with: the formats that are kept. */
extern const struct conf_header task_image_accept[1];
/* Fills `write` from `answer`, which has a status: WRITE_IMAGE or WRITE_JOB. */
void task_image_run(struct task *t);

#endif
