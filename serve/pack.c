#include "serve/pack.h"

#include "base/utf8.h"

static enum err bad(struct reason *why, size_t at)
{
	return reason_set(
		why, ERR_BAD,
		"byte %zu: a file begins with a line `BYTES NAME` and ends with a newline", at);
}

static enum err read_one(struct str *rest, size_t at, struct conf_text *ret, struct reason *why)
{
	struct str head, bytes;
	int64_t n;

	if (!str_next(rest, '\n', &head) || !rest->p || !str_next(&head, ' ', &bytes) || !head.n ||
	    !str_i64(bytes, &n) || n < 0 || (uint64_t)n >= rest->n || rest->p[n] != '\n')
		return bad(why, at);
	if (!utf8_valid(head))
		return reason_set(why, ERR_BAD, "byte %zu: the name is no UTF-8", at);
	*ret = (struct conf_text){ .name = head, .text = str_sub(*rest, 0, (size_t)n) };
	*rest = str_sub(*rest, (size_t)n + 1, rest->n);
	return ERR_OK;
}

enum err pack_read(struct str body, struct arena *a, struct conf_text **ret, int *ret_n,
		   struct reason *why)
{
	struct conf_text *files = arena_array(a, PACK_FILES, sizeof(*files));
	struct str rest = body;
	enum err err = ERR_OK;
	int n = 0;

	while (!err && rest.n) {
		if (n == PACK_FILES)
			return reason_set(why, ERR_TOO_BIG, "more than %d files", PACK_FILES);
		err = read_one(&rest, body.n - rest.n, &files[n++], why);
	}
	if (err)
		return err;
	*ret = files;
	*ret_n = n;
	return ERR_OK;
}
