/* extract_script.h: the JSON that an HTML page carries in a script (key `script` of a page kind
 * of format json), as text for extract_json.h. One thread at a time. */
#ifndef PIPED_EXTRACT_SCRIPT_H
#define PIPED_EXTRACT_SCRIPT_H

#include "extractor/extract_html_page.h"
#include "extractor/extractor.h"

struct extract_script;

/* `page` and `heap` are borrowed. */
struct extract_script *extract_script_new(const struct conf_page *page, struct extract_heap *heap);
void extract_script_free(struct extract_script *s);

/* *ret_json: UTF-8, in the arena; read as extract_loose.h says and written anew. Of "__next_f"
 * and "ld+json" an array of all documents, of others the first. ERR_BAD: the page has none;
 * ERR_TOO_BIG: more than is read. */
enum err extract_script_find(struct extract_script *s, const struct extract_in *in, struct arena *a,
			     struct str *ret_json, struct reason *why);

#endif
