/* rejects.h: what is kept of a record that becomes no listing: bounded, and without personal
 * data where the source's is masked. Pure; any thread. */
#ifndef PIPED_REJECTS_H
#define PIPED_REJECTS_H

#include "extractor/extractor.h"
#include "store/writer.h"

/* Counts it in `w`, and keeps it there while those of the page are few, then its id alone. Text
 * in w->arena. After rejects_found, of one of its listings. */
void rejects_add(struct write *w, const struct conf_source *source, const struct extract_reject *r);
/* The extractor's: all that it counted, and those that it kept. */
void rejects_found(struct write *w, const struct conf_source *source,
		   const struct extract_out *out);

/* Why a page was not read, as it is kept: programs' messages quote the page. */
struct str rejects_reason(struct arena *a, const struct conf_source *s, const struct reason *why);

#endif
