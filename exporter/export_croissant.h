/* export_croissant.h: croissant.json, a dataset as Croissant 1.0 describes it (JSON-LD;
 * mlcommons.org/croissant/1.0): a FileObject a file, a RecordSet a split with typed fields, and
 * one that says what the splits are. Pure. */
#ifndef PIPED_EXPORT_CROISSANT_H
#define PIPED_EXPORT_CROISSANT_H

#include "exporter/export_report.h"

void export_croissant_write(const struct export_opt *o, const struct export_tally *t,
			    const struct export_result *r, struct buf *to);

#endif
