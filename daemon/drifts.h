/* drifts.h: watches the pages of every page kind for changes that are not chance (drift/drift.h):
 * takes each page once it is stored, in the order of commits, and tells of alarms in the log and,
 * through table drift_alarm, in status, metrics and `pipectl drift`. What is learned is kept in
 * table `drift`, with a delay: a kill loses a minute of it. Loop thread. */
#ifndef PIPED_DRIFTS_H
#define PIPED_DRIFTS_H

#include "base/clock.h"
#include "base/json.h"
#include "daemon/view.h"
#include "drift/drift.h"
#include "store/writer.h"

struct drifts;

/* Reads what was kept. The clock and the writer are borrowed; keeps `view`. */
enum err drifts_new(const struct clock *clock, struct store *store, struct writer *writer,
		    struct view *view, struct drifts **ret, struct reason *why);
/* Only when the writer has stopped. */
void drifts_free(struct drifts *d);
/* A reload: alarms of page kinds that are no longer watched end. */
void drifts_set_view(struct drifts *d, struct view *view);
/* A page was stored as `w` says, and showed `shown`. One that was read by other rules than those of
 * the view, as it was under way at a reload, says nothing. */
void drifts_page(struct drifts *d, const struct write *w, const struct drift_page *shown);
/* Once a second: keeps what has waited long enough. */
void drifts_tick(struct drifts *d);
/* Hands all that is not kept yet to the writer, which is about to stop. */
void drifts_stop(struct drifts *d);
/* What its pages show now is usual: alarms end, all is learned again. `page_kind` {0}: all of
 * the source's. ERR_NOT_FOUND: nothing is known of such pages. */
enum err drifts_accept(struct drifts *d, struct str source, struct str page_kind, int *ret_n,
		       struct reason *why);
/* "kinds": what is learned, of `source` ({0}: all). Into the open object. */
void drifts_json(const struct drifts *d, struct str source, struct json *j);

#endif
