/* hash.h: 64-bit hashes that are the same on every machine (XXH3, libxxhash)
 * and SHA-256 for files and payloads. Pure. */
#ifndef PIPED_HASH_H
#define PIPED_HASH_H

#include "base/err.h"
#include "base/str.h"

uint64_t hash64(struct str s, uint64_t seed);
/* One number of several parts, order matters. */
uint64_t hash64_join(uint64_t a, uint64_t b);

#define HASH_SHA256_HEX 65 /* with NUL */

void hash_sha256(struct str s, unsigned char to[32]);
void hash_sha256_hex(struct str s, char to[HASH_SHA256_HEX]);
void hash_hex(const unsigned char *p, size_t n, char *to); /* to: 2n + 1 */
/* "sha256:" and base32 as WARC digests are written; to: 64 bytes. */
void hash_sha256_base32(struct str s, char to[64]);

/* SHA-256 of what is fed piece by piece. */
struct hash_stream;
struct hash_stream *hash_stream_new(void);
void hash_stream_add(struct hash_stream *h, struct str s);
/* Frees `h`. */
void hash_stream_end(struct hash_stream *h, char to[HASH_SHA256_HEX]);

#endif
