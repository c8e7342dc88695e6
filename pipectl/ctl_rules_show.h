/* ctl_rules_show.h: what is told of rules, printed. */
#ifndef PIPED_CTL_RULES_SHOW_H
#define PIPED_CTL_RULES_SHOW_H

#include "pipectl/screen.h"

void ctl_rules_show_test(const struct command_env *env, const json_t *root);
void ctl_rules_show_diff(const struct command_env *env, const json_t *report);
void ctl_rules_show_stats(const struct command_env *env, const json_t *report);
void ctl_rules_show_suggest(const struct command_env *env, const json_t *report);

#endif
