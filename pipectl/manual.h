/* manual.h: help, manual page and completion from the command table. */
#ifndef PIPED_MANUAL_H
#define PIPED_MANUAL_H

#include "pipectl/command.h"

#include <stdio.h>

/* Of one command, or the overview when `c` is NULL. */
void manual_help(const struct command *c, FILE *to);
/* pipectl(1) as mdoc(7). */
void manual_mdoc(struct buf *to);
/* A completion script for bash. */
void manual_bash(struct buf *to);

#endif
