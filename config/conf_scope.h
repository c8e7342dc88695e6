/* conf_scope.h: where the links of a source may lead. */
#ifndef PIPED_CONF_SCOPE_H
#define PIPED_CONF_SCOPE_H

#include "config/conf_table.h"

extern const struct conf_part conf_scope_part;
extern const struct conf_row conf_scope_rows[];

/* NULL, or what is wrong with one of a source's hosts: a host, or *. before one. */
const char *conf_scope_host_wrong(struct str host);
/* Such a host in the form of jobs. */
struct str conf_scope_host(struct arena *a, struct str host);
/* Whether `host`, in the form of jobs, is `pattern`, or below a pattern with a star. */
bool conf_scope_host_fits(struct str pattern, struct str host);

#endif
