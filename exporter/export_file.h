/* export_file.h: one file of a dataset as it is written: NAME.tmp, perhaps
 * gzip (RFC 1952, time 0 so that bytes repeat), hashed on the way. Blocks. */
#ifndef PIPED_EXPORT_FILE_H
#define PIPED_EXPORT_FILE_H

#include "exporter/exporter.h"

struct export_out;

/* Creates FOLDER/NAME.tmp. ERR_IO, ERR_FULL. */
enum err export_file_open(const char *folder, const char *name, bool gzip, struct export_out **ret,
			  struct reason *why);
enum err export_file_add(struct export_out *o, struct str bytes, struct reason *why);
/* Ends the stream and makes the bytes durable under the temporary name;
 * `ret` gets name, bytes and checksum. Still to be renamed or freed. */
enum err export_file_finish(struct export_out *o, struct export_file *ret, struct reason *why);
/* NAME.tmp becomes NAME. After _finish. */
enum err export_file_rename(struct export_out *o, struct reason *why);
/* Removes the temporary file if it is still there. Takes NULL. */
void export_file_free(struct export_out *o);

#endif
