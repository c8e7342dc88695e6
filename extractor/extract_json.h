/* extract_json.h: JSON pages, read by the selectors of their kind as
 * extract_program.h puts them together. One thread at a time. */
#ifndef PIPED_EXTRACT_JSON_H
#define PIPED_EXTRACT_JSON_H

#include "extractor/extract_sink.h"

struct extract_json;

/* `page` is borrowed. ERR_BAD when a selector doesn't compile: `why` names it. */
enum err extract_json_new(const struct conf_page *page, struct extract_json **ret,
			  struct reason *why);
void extract_json_free(struct extract_json *j);
/* From here on libjq is given every page as it is, for comparison. */
void extract_json_whole(struct extract_json *j);

/* What the selectors find in `in->body`, into `s`. A field selector that fails
 * or finds an array or object leaves its field absent; one of the page (items,
 * more, last, links) makes the page ERR_BAD. */
enum err extract_json_run(struct extract_json *j, const struct extract_in *in,
			  struct extract_sink *s, struct reason *why);

/* A text that is none, for extractor_check_json. */
enum err extract_json_wrong(struct str text, struct reason *why);

/* One selector alone, for extractor_check. */
enum err extract_json_check(const struct conf_sel *sel, struct reason *why);

#endif
