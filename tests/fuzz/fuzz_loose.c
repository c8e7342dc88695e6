/* JSON as pages have it, as documents and as a value of JavaScript: what is made of it is
 * JSON that is read as itself. */
#include "extractor/extract_loose.h"
#include "tests/fuzz/fuzz.h"

static void check_again(struct buf *first, struct arena *a)
{
	struct extract_node *docs;
	struct reason why = { "" };
	struct buf second;
	enum err err = extract_loose_read(buf_str(first), a, &docs, &why);

	/* a list around what nests as deep as it may */
	if (err == ERR_TOO_BIG)
		return;
	must(!err && docs->first && !docs->first->next);
	buf_init(&second, 64 << 20);
	extract_node_json(docs->first, &second);
	must(str_eq(buf_str(&second), buf_str(first)));
	buf_done(&second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = fuzz_text(data, size);
	struct arena *a = arena_new(FUZZ_ARENA);
	struct extract_node *docs, *n = NULL;
	struct reason why = { "" };
	struct buf b;
	size_t used = 0;
	enum err err = extract_loose_read(text, a, &docs, &why);

	must(!err || ((err == ERR_BAD || err == ERR_TOO_BIG) && why.text[0]));
	must(err || docs->first);
	buf_init(&b, 64 << 20);
	extract_node_json(docs, &b);
	check_again(&b, a);
	why.text[0] = 0;
	err = extract_loose_value(text, a, &n, &used, &why);
	must(err ? why.text[0] != 0 : n != NULL && used <= text.n);
	buf_done(&b);
	arena_free(a);
	return 0;
}
