#include "base/digest.h"

#include "base/mem.h"
#include "base/must.h"

#include <openssl/evp.h>
#include <string.h>

struct digest {
	EVP_MD_CTX *ctx;
	struct str sum; /* behind the colon */
};

static const EVP_MD *algorithm(struct str name)
{
	static const struct {
		const char *name;
		const EVP_MD *(*get)(void);
	} rows[] = { { "sha256", EVP_sha256 }, { "sha1", EVP_sha1 },	 { "md5", EVP_md5 },
		     { "sha512", EVP_sha512 }, { "sha384", EVP_sha384 }, { "sha-1", EVP_sha1 },
		     { "sha-256", EVP_sha256 } };

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (str_eq_nocase(name, str_of(rows[i].name)))
			return rows[i].get();
	return NULL;
}

struct digest *digest_new(struct str sum)
{
	ptrdiff_t colon = str_find_char(sum, ':');
	const EVP_MD *md = colon > 0 ? algorithm(str_sub(sum, 0, (size_t)colon)) : NULL;
	struct digest *d;

	if (!md)
		return NULL;
	d = mem_zero(sizeof(*d));
	d->sum = str_trim(str_sub(sum, (size_t)colon + 1, sum.n));
	d->ctx = EVP_MD_CTX_new();
	must(d->ctx && EVP_DigestInit_ex(d->ctx, md, NULL) == 1);
	return d;
}

void digest_add(struct digest *d, struct str s)
{
	must(EVP_DigestUpdate(d->ctx, s.n ? s.p : "", s.n) == 1);
}

void digest_free(struct digest *d)
{
	if (!d)
		return;
	EVP_MD_CTX_free(d->ctx);
	mem_free(d);
}

/* Value of a digit in base 16, 32 or 64; -1: none. Letters of either case in
 * the first two. */
static int digit(unsigned bits, char c)
{
	static const char b64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

	if (bits == 6) {
		const char *at = c ? strchr(b64, c) : NULL;

		return at		      ? (int)(at - b64)
		       : c == '+' || c == '-' ? 62
		       : c == '/' || c == '_' ? 63
					      : -1;
	}
	if (c >= 'a' && c <= 'z')
		c = (char)(c - 'a' + 'A');
	if (bits == 4)
		return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
	return c >= 'A' && c <= 'Z' ? c - 'A' : c >= '2' && c <= '7' ? c - '2' + 26 : -1;
}

/* Whether `text` is `n` bytes at `sum` with so many bits a digit. */
static bool spells(struct str text, unsigned bits, const unsigned char *sum, size_t n)
{
	unsigned held = 0, acc = 0;
	size_t at = 0;
	int v;

	while (text.n && text.p[text.n - 1] == '=')
		text.n--;
	if (text.n != (n * 8 + bits - 1) / bits)
		return false;
	for (size_t i = 0; i < text.n; i++) {
		v = digit(bits, text.p[i]);
		if (v < 0)
			return false;
		acc = acc << bits | (unsigned)v;
		held += bits;
		if (held < 8)
			continue;
		held -= 8;
		if (sum[at++] != (acc >> held & 255))
			return false;
	}
	return at == n;
}

bool digest_end(struct digest *d)
{
	unsigned char sum[EVP_MAX_MD_SIZE];
	unsigned n = 0;
	bool same = false;

	must(EVP_DigestFinal_ex(d->ctx, sum, &n) == 1);
	for (unsigned bits = 4; bits <= 6; bits++)
		same |= spells(d->sum, bits, sum, n);
	digest_free(d);
	return same;
}
