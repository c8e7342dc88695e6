/* sieve_cache.h: compiled databases of patterns as files of one folder. Blocks. */
#ifndef PIPED_SIEVE_CACHE_H
#define PIPED_SIEVE_CACHE_H

#include "base/buf.h"
#include "base/hash.h"

#define SIEVE_CACHE_BYTES ((size_t)1 << 30) /* of one file */

/* What was written under that key, appended to `to`; ERR_NOT_FOUND: nothing, or what is there is
 * damaged or of another key. */
enum err sieve_cache_read(const char *folder, const char key[HASH_SHA256_HEX], struct buf *to);
/* In one step; all but the newest few files of the folder are removed. */
enum err sieve_cache_write(const char *folder, const char key[HASH_SHA256_HEX], struct str payload,
			   struct reason *why);

#endif
