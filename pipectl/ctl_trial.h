/* ctl_trial.h: what `source test` found, for a person. */
#ifndef PIPED_CTL_TRIAL_H
#define PIPED_CTL_TRIAL_H

#include "pipectl/screen.h"

/* An answer of /api/sources/NAME/test that has no problems. */
void ctl_trial_print(const struct command_env *env, const json_t *answer);

#endif
