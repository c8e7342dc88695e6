/* extract_goods.h: products in values that no vocabulary describes (extract_state.h). Pure. */
#ifndef PIPED_EXTRACT_GOODS_H
#define PIPED_EXTRACT_GOODS_H

#include "extractor/extract_node.h"
#include "extractor/extract_product.h"

/* Objects with a title and a price, by the names that shops give such members. `one`: the one
 * that the hints name. Without it, `list`: the array that holds most of them, three at
 * least. Without that, if the values are all of the page, `one` is the outermost. */
void extract_goods_read(const struct extract_node *docs, const struct extract_hints *hints,
			struct arena *a, struct extract_products *ret);

#endif
