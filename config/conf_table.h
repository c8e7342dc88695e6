/* conf_table.h: documented tables of keys, and reading a map of YAML into a
 * struct by one. Every key of every file stands in such a table; messages,
 * the effective configuration and the manual come from it. */
#ifndef PIPED_CONF_TABLE_H
#define PIPED_CONF_TABLE_H

#include "config/conf_scalar.h"
#include "config/conf_yaml.h"

#define CONF_TEXT_BYTES 65536 /* of one text */
#define CONF_LIST_MOST 100000 /* things of one list */

struct conf_row;

/* What is being read. */
struct conf_reader {
	struct arena *a; /* of the conf: what is made lives there */
	struct conf_problems *problems;
	struct conf *conf;
	const char *file;	 /* as the user named it, for messages */
	struct str folder;	 /* absolute, of that file */
	enum conf_format format; /* of the page kind being read */
	bool alone;		 /* the text is no file here: it names no other ... */
	/* ... but these */
	const struct conf_text *texts;
	int n_texts;
};

/* A value that a plain type does not describe. */
struct conf_part {
	const char *what; /* "a map of page kinds by name" */
	/* `into` is the struct that the row's table fills. */
	void (*read)(struct conf_reader *r, const struct conf_row *row, const struct conf_node *n,
		     void *into);
	/* The value as a node to print; NULL: nothing to say. May be NULL. */
	struct conf_node *(*show)(struct arena *a, const struct conf_row *row, const void *from);
};

/* A table ends with a row whose name is NULL. Rows are read in the table's order. */
struct conf_row {
	const char *name;
	enum conf_type type;
	size_t at;		    /* offset of the member in the struct that is filled */
	size_t at_n;		    /* TEXTS: offset of its int count */
	const char *def;	    /* as YAML would say it; NULL: left as it is */
	double min, max;	    /* in milliseconds, bytes, a second; both 0: any */
	bool required;		    /* and not empty */
	const char *const *choices; /* CHOICE: NULL-terminated, in the enum's order */
	const struct conf_part *part;
	/* TEXT, PATH, TEXTS: what is wrong with one value, or NULL. May be NULL. */
	const char *(*wrong)(struct str value);
	const char *doc;
};

/* Fills `into` with defaults, then with what `n` says. */
void conf_table_read(struct conf_reader *r, const struct conf_row *rows, const struct conf_node *n,
		     void *into);
/* Only the defaults. */
void conf_table_defaults(struct conf_reader *r, const struct conf_row *rows, void *into);
/* An array of `each` bytes per child of `n`, a list or a map as `kind` says,
 * filled one by one; NULL and 0 with a problem when it is of another kind. */
void *conf_table_items(struct conf_reader *r, const struct conf_node *n, enum conf_node_kind kind,
		       size_t each,
		       void (*one)(struct conf_reader *r, const struct conf_node *n, void *into),
		       int *ret_n);
/* The text of a scalar, bounded; {0} with a problem when it is none or empty.
 * `name` is what messages call it. */
struct str conf_table_text(struct conf_reader *r, const struct conf_node *n, const char *name);
/* NULL, or what is wrong with a name: 1 to 64 of a-z 0-9 . _ -, first a letter or digit. */
const char *conf_table_name_wrong(struct str name);
/* A row's pointer and count (at, at_n), written and read. */
void conf_table_put_list(const struct conf_row *row, void *into, void *items, int n);
const void *conf_table_get_list(const struct conf_row *row, const void *from, int *ret_n);
/* "one of debug, info, warn, error" or the row's range, for messages and docs. */
void conf_table_what(const struct conf_row *row, struct buf *to);

/* The nearest of the names that `each` gives, for "did you mean"; NULL: none
 * is near. Feed names one by one. */
struct conf_near {
	struct str wanted, best;
	size_t distance;
};
void conf_table_near(struct conf_near *near, struct str name);
/* "; did you mean `rate`?" or "". */
const char *conf_table_hint(const struct conf_near *near, char to[128]);

#endif
