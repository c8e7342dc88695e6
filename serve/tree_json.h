/* tree_json.h: a site's tree of categories from the JSON that its API answers. Apart because
 * jansson and base/json.h share names. Pure. */
#ifndef PIPED_TREE_JSON_H
#define PIPED_TREE_JSON_H

#include "labeler/category_tree.h"

/* Objects that have an id and a name, at any depth, below the object that they are in, as in
 * Bunjang's categories/list.json; those with a wholeCategoryName stand where that says, and
 * category1Id, category1Name to category4Name are a chain, as Naver has them. ERR_BAD. */
enum err tree_json_read(struct str text, struct arena *a, struct category_tree *ret,
			struct reason *why);

#endif
