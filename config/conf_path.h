/* conf_path.h: paths of a configuration. */
#ifndef PIPED_CONF_PATH_H
#define PIPED_CONF_PATH_H

#include "config/conf_table.h"

/* The folder part: "." for a bare name. */
struct str conf_path_folder(struct arena *a, struct str path);
/* `name` within `folder`; an absolute name stays as it is. */
struct str conf_path_join(struct arena *a, struct str folder, struct str name);
/* From the root, by the working folder. Symbolic links are not resolved. */
struct str conf_path_absolute(struct arena *a, struct str path);

/* Files that `n`, a name or a list of names, stands for: each a file, a folder (its
 * *.yaml) or a pattern, relative to the file of `r`. Problems for what is
 * not there. */
void conf_path_files(struct conf_reader *r, const struct conf_node *n, struct conf_file **ret,
		     int *ret_n);

/* Reads a file of the configuration; NULL with a problem, at `named` when the
 * file cannot be read. */
const struct conf_node *conf_path_read(struct conf_reader *r, const char *file,
				       struct conf_at named);

/* The text of a file beside the one of `r` unless the path says otherwise, without its byte order
 * mark, appended to `b` and borrowed from it; {0} with a problem at `named`. *ret_path is what
 * messages call it. */
struct str conf_path_text(struct conf_reader *r, struct str name, struct conf_at named,
			  struct buf *b, struct str *ret_path);

#endif
