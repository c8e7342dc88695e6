/* conf_yaml.h: YAML 1.1 text -> a tree of nodes that know where they stand
 * (libyaml). Only what a configuration needs: one document of maps with
 * scalar keys, lists and scalars. Anchors, aliases and tags are refused, so
 * nothing expands. Pure. */
#ifndef PIPED_CONF_YAML_H
#define PIPED_CONF_YAML_H

#include "config/conf_problem.h"

#define CONF_YAML_BYTES (16 << 20) /* of one file */
#define CONF_YAML_DEPTH 16
#define CONF_YAML_NODES 1000000

enum conf_node_kind { NODE_SCALAR, NODE_LIST, NODE_MAP };

struct conf_node {
	enum conf_node_kind kind;
	struct conf_at at;
	struct str text; /* scalar; NUL-terminated, no NUL within */
	bool quoted;	 /* or a block scalar: text whatever it looks like */
	struct str key;	 /* within a map; unique there */
	struct conf_at key_at;
	const char *doc;		/* when made to be shown */
	struct conf_node *first, *last; /* children */
	struct conf_node *next;
	int n;
};

/* `file` is for the places of nodes and problems and is
 * borrowed. An empty text is an empty map. ERR_BAD: no tree, and a problem that
 * says why. ERR_OK may have added problems too (duplicate keys). */
enum err conf_yaml_parse(struct str text, const char *file, struct arena *a,
			 struct conf_problems *problems, struct conf_node **ret);

/* The child of a map; NULL when absent or when `map` is no map. */
const struct conf_node *conf_yaml_child(const struct conf_node *map, const char *key);
/* A plain scalar that says nothing: `key:`, `~`, `null`. */
bool conf_yaml_none(const struct conf_node *n);
/* Where it starts for a reader: its key, or itself. */
struct conf_at conf_yaml_at(const struct conf_node *n);
/* "a list", for messages. */
const char *conf_yaml_kind(const struct conf_node *n);

#endif
