/* market_markup.h: text within HTML and XML. Pure. */
#ifndef PIPED_MARKET_MARKUP_H
#define PIPED_MARKET_MARKUP_H

#include "base/buf.h"

/* With & < > " ' escaped: good in text and in quoted attributes. */
void market_markup_text(struct buf *b, struct str s);
/* JSON within <script>: no "<" is left in it. */
void market_markup_script(struct buf *b, struct str json);
/* "12,000원" */
void market_markup_price(struct buf *b, int64_t won);

#endif
