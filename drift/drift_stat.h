/* drift_stat.h: the table of statistics, and their values on a page. Pure. */
#ifndef PIPED_DRIFT_STAT_H
#define PIPED_DRIFT_STAT_H

#include "drift/drift.h"

const struct drift_look *drift_stat_look(enum drift_stat s);
/* The value on this page; NaN: it has none. */
double drift_stat_value(enum drift_stat s, const struct drift_page *p, const struct drift *d);
/* The forms of the page's categories are among those that are known. */
void drift_stat_learn(struct drift *d, const struct drift_page *p);

#endif
