#include "base/err.h"

#include "base/must.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const struct {
	const char *name, *text;
} errs[ERR_N] = {
	[ERR_OK] = { "ok", "no error" },
	[ERR_IO] = { "io", "input/output error" },
	[ERR_FULL] = { "full", "disk full" },
	[ERR_TOO_BIG] = { "too-big", "over the limit" },
	[ERR_BAD] = { "bad", "malformed" },
	[ERR_NOT_FOUND] = { "not-found", "not found" },
	[ERR_EXISTS] = { "exists", "exists already" },
	[ERR_BUSY] = { "busy", "in use" },
	[ERR_VERSION] = { "version", "made by another version" },
	[ERR_TIMEOUT] = { "timeout", "timed out" },
	[ERR_NET] = { "net", "network error" },
	[ERR_DENIED] = { "denied", "not allowed" },
	[ERR_CANCELLED] = { "cancelled", "cancelled" },
	[ERR_UNSUPPORTED] = { "unsupported", "not supported" },
};

const char *err_text(enum err e)
{
	must(e < ERR_N);
	return errs[e].text;
}

const char *err_name(enum err e)
{
	must(e < ERR_N);
	return errs[e].name;
}

bool err_is_world(enum err e)
{
	return e == ERR_FULL || e == ERR_IO || e == ERR_BUSY || e == ERR_DENIED;
}

enum err err_errno(int error_number)
{
	switch (error_number) {
	case 0:
		return ERR_OK;
	case ENOSPC:
	case EDQUOT:
		return ERR_FULL;
	case ENOENT:
		return ERR_NOT_FOUND;
	case EEXIST:
		return ERR_EXISTS;
	case EACCES:
	case EPERM:
	case EROFS:
		return ERR_DENIED;
	case EBUSY:
	case EAGAIN:
		return ERR_BUSY;
	default:
		return ERR_IO;
	}
}

enum err reason_set(struct reason *r, enum err e, const char *fmt, ...)
{
	va_list ap;
	size_t n;
	int all;

	if (!r)
		return e;
	va_start(ap, fmt);
	all = vsnprintf(r->text, sizeof(r->text), fmt, ap);
	va_end(ap);
	if (all < 0 || (size_t)all < sizeof(r->text))
		return e;
	/* Cut: step back over a character that lost its tail. */
	n = strlen(r->text);
	while (n && ((unsigned char)r->text[n - 1] & 0xc0) == 0x80)
		n--;
	if (n && (unsigned char)r->text[n - 1] >= 0xc0)
		n--;
	r->text[n] = 0;
	return e;
}
