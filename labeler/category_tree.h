/* category_tree.h: a tree of categories as a site has it, or a taxonomy: from its text, compared
 * with an older one, and written down. Pure; everything lives in the arena given. */
#ifndef PIPED_CATEGORY_TREE_H
#define PIPED_CATEGORY_TREE_H

#include "config/conf.h"

#define CATEGORY_TREE_MOST 20000 /* as a taxonomy may have */

struct category_node {
	struct str id, name; /* of its own, not the path */
	int parent;	     /* index, or -1; parents may stand behind */
	bool leaf;
	int64_t count; /* of listings, as the text says; 0: it does not */
};

struct category_tree {
	struct category_node *nodes;
	int n;
	size_t cap; /* of nodes; in the arena */
};

/* Adds a node, or finds the one with that id. -1: there are too many. */
int category_tree_add(struct category_tree *t, struct arena *a, struct str id, struct str name);
int category_tree_find(const struct category_tree *t, struct str id); /* -1: none */
/* Once all are there: leaves, and that no node stands below itself. ERR_BAD. */
enum err category_tree_end(struct category_tree *t, struct reason *why);

/* Lines `id TAB name>name>name [TAB listings]`; or, with a line of headings first, pairs of columns
 * X and Xnm from the top down. ERR_BAD with the line. */
enum err category_tree_tsv(struct str text, struct arena *a, struct category_tree *ret,
			   struct reason *why);
/* Parents by what is above each node's path of names; those without ({0}) keep theirs. */
void category_tree_by_path(struct category_tree *t, const struct str *paths);
/* Of a taxonomy: codes and Korean names. */
void category_tree_taxonomy(const struct conf_taxonomy *t, struct arena *a,
			    struct category_tree *ret);
/* "여성의류>패딩/점퍼" */
struct str category_tree_path(const struct category_tree *t, int i, struct arena *a);

/* What seems to have happened between two trees: changes that lead from one to the other. */
struct category_change {
	enum conf_change_kind kind;
	struct str *from, *to;
	int n_from, n_to;
	struct str was; /* CONF_RENAME: its name until then, where that is another */
	struct str ask; /* what a person should look at; {0}: it is clear */
};
struct category_diff {
	struct category_change *changes;
	size_t n, cap;
	int same, added; /* nodes that are as they were; that are new and no change leads to */
};
void category_diff(const struct category_tree *was, const struct category_tree *now,
		   struct arena *a, struct category_diff *ret);

/* A taxonomy's file: `now` as taxa, and, unless `d` is NULL, the changes as version `version`. */
void category_draft(const struct category_tree *now, const struct category_diff *d, struct str name,
		    int64_t version, const char *date, struct buf *to);
/* The one change as it stands in a history. */
void category_draft_change(const struct category_change *c, struct buf *to);

#endif
