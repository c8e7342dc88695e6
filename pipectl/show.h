/* show.h: what most commands are: a question to the daemon, its answer printed. */
#ifndef PIPED_SHOW_H
#define PIPED_SHOW_H

#include "pipectl/http.h"
#include "pipectl/screen.h"

/* `print` gets the answer; with --json it is printed as it is instead. Gives
 * the exit code. */
int show_get(const struct command_env *env, const char *path,
	     void (*print)(const struct command_env *env, const json_t *answer));
int show_post(const struct command_env *env, const char *path,
	      void (*print)(const struct command_env *env, const json_t *answer));

/* What is kept of a job that is asked again: "visit" of a job, nothing if null. Names are
 * `width` wide. */
void show_visit(const json_t *visit, int width);

/* ctl_rejected.c: records of /api/rejected or of a page's trace; a line about those of
 * /api/status. */
void ctl_rejected_records(const struct command_env *env, const json_t *records);
void ctl_rejected_line(const json_t *status);
/* ctl_drift.c: an alarm of /api/status or /api/drift. */
void ctl_drift_alarm(const struct command_env *env, const json_t *alarm);

/* ctl_images.c: one line of what /api/status says of images; nothing without any. */
void ctl_images_line(const struct command_env *env, const json_t *status);

#endif
