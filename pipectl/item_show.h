/* item_show.h: an item of review on the screen. */
#ifndef PIPED_ITEM_SHOW_H
#define PIPED_ITEM_SHOW_H

#include "pipectl/screen.h"

/* What a number key takes: suggestions, then, where people disagree, what they said. */
#define ITEM_SHOW_CHOICES 9

void item_show(const struct command_env *env, const json_t *item, int64_t waiting);
/* Number key `n`, from 1: its category, "" for "none of them"; NULL: there is no such choice. */
const char *item_show_choice(const json_t *item, int n);
/* The keys, and whether the next decision is for the family. */
void item_show_keys(const struct command_env *env, const json_t *item, bool family);
/* What the person saw, for the log of events. */
json_t *item_show_seen(const json_t *item);

#endif
