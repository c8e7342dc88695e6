/* conf_hosts.h: hosts in piped.yaml: their own pace, and where to connect
 * instead. */
#ifndef PIPED_CONF_HOSTS_H
#define PIPED_CONF_HOSTS_H

#include "config/conf_table.h"

/* The row `hosts` of a struct conf. */
extern const struct conf_part conf_hosts_part;
/* For the manual. */
extern const struct conf_row conf_hosts_rows[];
/* NULL, or what is wrong with a HOST:PORT:HOST2:PORT2. */
const char *conf_hosts_connect_wrong(struct str s);

#endif
