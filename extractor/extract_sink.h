/* extract_sink.h: where the JSON and the HTML reader put what they find: the
 * limits of fields, the prefix, what is required, the counts. One page each;
 * everything lives in the arena. */
#ifndef PIPED_EXTRACT_SINK_H
#define PIPED_EXTRACT_SINK_H

#include "extractor/extractor.h"

struct extract_sink {
	struct arena *a;
	const struct conf_page *page;
	struct extract_out *out;
	size_t room;			/* listings that fit */
	size_t link_room;		/* links that fit */
	size_t value_room;		/* values that fit */
	int link_most;			/* EXTRACT_MOST_LINKS, unless set to another */
	struct str url;			/* of the page: what `match` is compared with is absolute */
	struct listing_raw now;		/* the item being read */
	struct str absent[FIELD_COUNT]; /* why a field is not there; may be {0} */
	uint32_t failed;		/* 1 << field: its selector failed */
	const char *const *readers;	/* what found its fields; NULL: selectors */
	struct found_all *found;	/* who asks what became of each item; or NULL */
};

void extract_sink_init(struct extract_sink *s, struct arena *a, const struct conf_page *page,
		       struct extract_out *out);

/* Room for `n` more items; ERR_TOO_BIG past EXTRACT_MOST_ITEMS. */
enum err extract_sink_items(struct extract_sink *s, size_t n, struct reason *why);

/* Begins the next item. */
void extract_sink_item(struct extract_sink *s);
/* A value of the item, copied; none: absent, because of `why` (may be {0}).
 * NUL and ill-formed bytes become U+FFFD, longer ones are cut at a character;
 * ids and addresses are not cut but absent, as a part of one is another one.
 * Empty ones are absent too, but for the title, which is the cleaner's to judge. Of a
 * field of several `value` is what extract_several_text made, prefixes and all; but for an
 * attribute that has a name, whose value it is. */
void extract_sink_field(struct extract_sink *s, const struct conf_field *f, struct str value,
			struct str why);
/* How the item ends: kept if all that is required is there, else rejected. */
void extract_sink_keep(struct extract_sink *s);
void extract_sink_skip(struct extract_sink *s);
/* `field`: enum listing_field, or REJECT_NO_FIELD. */
void extract_sink_reject(struct extract_sink *s, enum reject_code code, int field, struct str why);

/* Copies; empty and longer than a field `url` may be: left out. ERR_TOO_BIG
 * past link_most. */
enum err extract_sink_link(struct extract_sink *s, struct str url, struct str page,
			   struct reason *why);
/* The same for what `link` found, unless its `match` says no. */
enum err extract_sink_found(struct extract_sink *s, const struct conf_link *link, struct str url,
			    struct reason *why);
/* Whether the link's `match` lets the address pass. */
bool extract_sink_fits(struct extract_sink *s, const struct conf_link *link, struct str url);
/* The next page of the list: a link to the page's own kind. */
enum err extract_sink_next(struct extract_sink *s, struct str url, struct reason *why);

/* A value for seeds, of `name`; empty and too long ones are left out. `under` may be
 * {0}. ERR_TOO_BIG past EXTRACT_MOST_FOUND. */
enum err extract_sink_value(struct extract_sink *s, struct str name, struct str value,
			    struct str under, struct reason *why);

#endif
