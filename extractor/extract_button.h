/* extract_button.h: whether a page sells what it shows, by its buttons. Pure. */
#ifndef PIPED_EXTRACT_BUTTON_H
#define PIPED_EXTRACT_BUTTON_H

#include "extractor/extract_html_page.h"

/* "selling", "reserved" or "sold", as the first button or note on stock behind the heading
 * says (NULL: anywhere); {0}: none says anything. */
struct str extract_button_status(struct extract_html_page *page, const xmlNode *heading,
				 struct arena *a);

#endif
