/* file.h: whole files, bounded and durable. Blocks; never on the loop while
 * the daemon runs. Errors set `why` (may be NULL) with the path in it. */
#ifndef PIPED_FILE_H
#define PIPED_FILE_H

#include "base/buf.h"
#include "base/hash.h"

/* Appends the whole file to `to`; ERR_TOO_BIG past its cap. */
enum err file_read(const char *path, struct buf *to, struct reason *why);
/* SHA-256 of a file of any length. */
enum err file_sha256(const char *path, char to[HASH_SHA256_HEX], struct reason *why);
/* Replaces `path` in one step: temporary file, fsync, rename, fsync of the
 * folder. Mode 0644. */
enum err file_write(const char *path, struct str bytes, struct reason *why);
/* The same with mode 0600. */
enum err file_write_private(const char *path, struct str bytes, struct reason *why);
/* Every byte, whatever a call takes at once; false: errno says why. */
bool file_write_all(int fd, struct str bytes);
/* mkdir -p, mode 0755. */
enum err file_folder(const char *path, struct reason *why);
/* fsync of the folder that holds `path`, so that a new name survives. */
enum err file_sync_folder(const char *path, struct reason *why);
/* Maps a whole file of `least` to `most` bytes for reading, shared; the caller unmaps
 * it. ERR_BAD, "not a WHAT": a file of another size, or none at all. */
enum err file_map(const char *path, size_t least, size_t most, const char *what, void **ret,
		  size_t *ret_n, struct reason *why);
bool file_exists(const char *path);

#endif
