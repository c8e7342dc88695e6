/* export_studio.h: rows as tasks of Label Studio, and the labeling interface that they fit.
 * Results go from the control `category` to the object `title`; those of annotations are named
 * piped-LABEL-CATEGORY, by which an import knows those that were not changed. Pure. */
#ifndef PIPED_EXPORT_STUDIO_H
#define PIPED_EXPORT_STUDIO_H

#include "exporter/export_report.h"

/* {"data": {the columns, and "piped": "SOURCE/ID"}, "predictions": [], "annotations": []} */
void export_studio_row(const struct export_columns *c, const struct export_item *x, struct arena *a,
		       struct json *j);
/* label-config.xml */
void export_studio_config(const struct export_opt *o, const struct export_tally *t,
			  const struct export_result *r, struct buf *to);

#endif
