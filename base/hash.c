#include "base/hash.h"

#include "base/must.h"

#include <openssl/evp.h>
#include <string.h>
#include <xxhash.h>

uint64_t hash64(struct str s, uint64_t seed)
{
	return XXH3_64bits_withSeed(s.n ? s.p : "", s.n, seed);
}

uint64_t hash64_join(uint64_t a, uint64_t b)
{
	uint64_t both[2] = { a, b };

	return XXH3_64bits(both, sizeof(both));
}

void hash_sha256(struct str s, unsigned char to[32])
{
	must(EVP_Digest(s.n ? s.p : "", s.n, to, NULL, EVP_sha256(), NULL) == 1);
}

void hash_hex(const unsigned char *p, size_t n, char *to)
{
	static const char digit[] = "0123456789abcdef";

	for (size_t i = 0; i < n; i++) {
		to[2 * i] = digit[p[i] >> 4];
		to[2 * i + 1] = digit[p[i] & 15];
	}
	to[2 * n] = 0;
}

void hash_sha256_hex(struct str s, char to[HASH_SHA256_HEX])
{
	unsigned char d[32];

	hash_sha256(s, d);
	hash_hex(d, sizeof(d), to);
}

void hash_sha256_base32(struct str s, char to[64])
{
	static const char digit[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
	unsigned char d[32];
	unsigned bits = 0, held = 0;
	char *at;

	hash_sha256(s, d);
	at = stpcpy(to, "sha256:");
	for (size_t i = 0; i < sizeof(d); i++) {
		bits = bits << 8 | d[i];
		held += 8;
		while (held >= 5) {
			held -= 5;
			*at++ = digit[bits >> held & 31];
		}
	}
	if (held)
		*at++ = digit[bits << (5 - held) & 31];
	while ((at - to - 7) % 8)
		*at++ = '=';
	*at = 0;
}

struct hash_stream *hash_stream_new(void)
{
	EVP_MD_CTX *c = EVP_MD_CTX_new();

	must(c && EVP_DigestInit_ex(c, EVP_sha256(), NULL) == 1);
	return (struct hash_stream *)c;
}

void hash_stream_add(struct hash_stream *h, struct str s)
{
	must(EVP_DigestUpdate((EVP_MD_CTX *)h, s.n ? s.p : "", s.n) == 1);
}

void hash_stream_end(struct hash_stream *h, char to[HASH_SHA256_HEX])
{
	unsigned char d[32];

	must(EVP_DigestFinal_ex((EVP_MD_CTX *)h, d, NULL) == 1);
	EVP_MD_CTX_free((EVP_MD_CTX *)h);
	hash_hex(d, sizeof(d), to);
}
