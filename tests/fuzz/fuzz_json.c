/* Bytes are taken as calls of the writer; jansson reads what was written. */
#include "base/json.h"
#include "base/utf8.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/fuzz_json_read.h"

#include <stdio.h>
#include <string.h>

/* What is open, outermost first: true is an object. */
struct nest {
	bool object[JSON_DEPTH];
	unsigned depth, keys;
};

/* Keys are ours in real life: distinct and plain. */
static const char *key_of(struct nest *n, char to[16])
{
	if (!n->object[n->depth])
		return NULL;
	snprintf(to, 16, "k%u", n->keys++);
	return to;
}

static void open_one(struct json *j, struct nest *n, const char *key, bool object)
{
	if (n->depth + 2 >= JSON_DEPTH) {
		json_null(j, key);
		return;
	}
	if (object)
		json_object(j, key);
	else
		json_array(j, key);
	n->object[++n->depth] = object;
}

static void close_one(struct json *j, struct nest *n)
{
	if (n->object[n->depth--])
		json_end_object(j);
	else
		json_end_array(j);
}

static void number(struct json *j, const char *key, struct str *s)
{
	int digits = fuzz_byte(s) % 20;
	double x = 0;

	memcpy(&x, s->p, s->n < sizeof(x) ? s->n : sizeof(x));
	*s = str_sub(*s, sizeof(x), s->n);
	json_num(j, key, x, digits);
}

static void one_call(struct json *j, struct nest *n, struct str *s)
{
	uint8_t call = fuzz_byte(s);
	struct str text;
	int64_t i = 0;
	char room[16];

	switch (call % 8) {
	case 0:
	case 1:
		open_one(j, n, key_of(n, room), call % 8);
		break;
	case 2:
		if (n->depth > 1)
			close_one(j, n);
		break;
	case 3:
		memcpy(&i, s->p, s->n < sizeof(i) ? s->n : sizeof(i));
		json_int(j, key_of(n, room), i);
		break;
	case 4:
		number(j, key_of(n, room), s);
		break;
	case 5:
		json_bool(j, key_of(n, room), call & 8);
		break;
	default:
		text = str_sub(*s, 0, call >> 3);
		json_str(j, key_of(n, room), text);
		*s = str_sub(*s, text.n, s->n);
		break;
	}
}

/* A text that is well-formed comes back as it was; else as something. */
static void check_text(struct str s)
{
	struct str key = { 0 }, value = { 0 };
	struct json j;
	struct buf b;

	buf_init(&b, 6 * s.n + 64);
	json_init(&j, &b);
	json_object(&j, NULL);
	json_str(&j, "t", s);
	json_end_object(&j);
	must(!b.full && utf8_valid(buf_str(&b)));
	must(fuzz_json_read(buf_str(&b), &key, &value));
	must(str_is(key, "t") && (!utf8_valid(s) || str_eq(value, s)));
	must(fuzz_json_read(STR("[]"), NULL, NULL));
	buf_done(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str s = fuzz_text(data, size);
	struct nest n = { .depth = 1 };
	struct json j;
	struct buf b;

	check_text(s);
	buf_init(&b, 64 * size + 4096);
	json_init(&j, &b);
	json_array(&j, NULL);
	while (s.n)
		one_call(&j, &n, &s);
	while (n.depth)
		close_one(&j, &n);
	must(b.full || fuzz_json_read(buf_str(&b), NULL, NULL));
	buf_done(&b);
	return 0;
}
