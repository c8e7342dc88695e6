/* ctl_rules.h: files of rules on their way to the daemon (ctl_rules_pack.c). */
#ifndef PIPED_CTL_RULES_H
#define PIPED_CTL_RULES_H

#include "base/buf.h"

#define CTL_RULES_BYTES ((size_t)16 << 20)

/* Adds a file of rules with the text files beside it that it names, or all of a folder's *.yaml and
 * *.txt, as serve/pack.h has them. Says what is wrong; an exit code. */
int ctl_rules_pack(const char *path, struct buf *to);
bool ctl_rules_is_folder(const char *path);
/* Adds one file. */
int ctl_rules_add(const char *name, struct str text, struct buf *to);

#endif
