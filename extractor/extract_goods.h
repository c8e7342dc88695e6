/* extract_goods.h: products in values that no vocabulary describes (extract_state.h). Pure. */
#ifndef PIPED_EXTRACT_GOODS_H
#define PIPED_EXTRACT_GOODS_H

#include "extractor/extract_node.h"
#include "extractor/extract_product.h"

/* Objects with a title and a price, by the names that shops give such members. `one`: the one
 * that the hints name. Without it, `list`: the array that holds most of them, three at
 * least. If the values are all of the page, two are enough, arrays within a product are no
 * lists, and where there is none `one` is the outermost. */
void extract_goods_read(const struct extract_node *docs, const struct extract_hints *hints,
			struct arena *a, struct extract_products *ret);

/* Whether the outermost object is one: nothing but objects that hold just one stand around it. */
bool extract_goods_is_one(const struct extract_node *docs, struct arena *a);

#endif
