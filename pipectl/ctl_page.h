/* ctl_page.h: pages and configurations that are handed to `pipectl source`. */
#ifndef PIPED_CTL_PAGE_H
#define PIPED_CTL_PAGE_H

#include "base/buf.h"
#include "pipectl/screen.h"

/* As the routes take them. */
#define CTL_PAGE_BYTES ((size_t)32 << 20)

/* Adds a file's bytes, or with "-" those of standard input; an exit code. */
int ctl_page_add(const char *path, struct buf *to);
/* Writes `text` to --out, over what is there only with --force; an exit code. */
int ctl_page_write(const struct command_env *env, const char *text);
/* Prints what is wrong with a configuration; EXIT_USAGE. */
int ctl_page_problems(const json_t *list);
/* Says what is wrong with the command line; EXIT_USAGE. */
int ctl_page_usage(const char *why);

#endif
