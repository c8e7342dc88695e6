/* digest.h: checks sums as archives write them: "sha1:" or "sha256:" and base
 * 32, base 16 or base 64 of them (RFC 4648, padding or none). Pure. */
#ifndef PIPED_DIGEST_H
#define PIPED_DIGEST_H

#include "base/str.h"

struct digest;

/* For bytes that are to have this sum; borrowed till the end. NULL: the name
 * before the colon is none of md5, sha1, sha256, sha384, sha512. */
struct digest *digest_new(struct str sum);
void digest_add(struct digest *d, struct str s);
/* Whether what was added has the sum. Frees `d`. */
bool digest_end(struct digest *d);
void digest_free(struct digest *d);

#endif
