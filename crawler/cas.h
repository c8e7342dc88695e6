/* cas.h: content-addressed files: each is named by the SHA-256 of what it holds,
 * in a folder of the first two digits ("ab/ab12....jpg"), so that equal bytes are
 * one file. Blocks; any thread; several threads may put the same at once. */
#ifndef PIPED_CAS_H
#define PIPED_CAS_H

#include "base/err.h"
#include "base/hash.h"
#include "base/str.h"

#define CAS_NAME 96 /* with NUL */

/* "ab/ab12....jpg" of a hash in hexadecimal and an ending with its dot. */
void cas_name(const char hash[HASH_SHA256_HEX], const char *ending, char to[CAS_NAME]);
/* Durable when it returns. Bytes that are there already are left as they are, but for
 * their time, which is now. `ret_new`, which may be NULL: they were not there; set on failure,
 * too. */
enum err cas_put(const char *folder, const char *name, struct str bytes, bool *ret_new,
		 struct reason *why);
bool cas_has(const char *folder, const char *name);
/* Fine when it is not there. */
enum err cas_drop(const char *folder, const char *name, struct reason *why);

struct cas_entry {
	const char *name; /* as cas_name makes them */
	int64_t bytes, changed_ms;
};
#define CAS_PARTS 256
/* Every file whose hash begins with the byte `part`, in no order, until `each` returns
 * false. Half-written ones that changed before `before_ms` are removed on the way; a
 * folder that is not there is empty. */
enum err cas_each(const char *folder, int part, int64_t before_ms,
		  bool (*each)(void *ctx, const struct cas_entry *e), void *ctx,
		  struct reason *why);

#endif
