#include "labeler/category_form.h"

#include "base/hash.h"
#include "base/normal.h"

#include <stdlib.h>

#define GRAMS_MOST 64

static int gram_order(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static size_t char_bytes(struct str s)
{
	size_t n = 1;

	while (n < s.n && ((unsigned char)s.p[n] & 0xc0) == 0x80)
		n++;
	return n;
}

static struct str without_spaces(struct str s, struct arena *a)
{
	char *p = arena_alloc(a, s.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] != ' ')
			p[n++] = s.p[i];
	p[n] = 0;
	return (struct str){ p, n };
}

struct category_form category_form_of(struct str name, struct arena *a)
{
	struct category_form f = { .grams = arena_array(a, GRAMS_MOST, sizeof(uint32_t)),
				   .text = without_spaces(normal_str(a, name), a) };
	struct str rest = f.text;

	while (rest.n && f.n < GRAMS_MOST) {
		size_t one = char_bytes(rest), two = one;

		if (one < rest.n)
			two += char_bytes(str_sub(rest, one, rest.n));
		else if (f.n) /* a name of one character is a pair of its own */
			break;
		f.grams[f.n++] = (uint32_t)hash64(str_sub(rest, 0, two), 0);
		f.bits |= UINT64_C(1) << (f.grams[f.n - 1] & 63);
		rest = str_sub(rest, one, rest.n);
	}
	qsort(f.grams, (size_t)f.n, sizeof(*f.grams), gram_order);
	return f;
}

double category_form_alike(const struct category_form *x, const struct category_form *y)
{
	int i = 0, k = 0, shared = 0;
	double dice;

	if (!(x->bits & y->bits) || !x->n || !y->n)
		return 0;
	if (str_eq(x->text, y->text))
		return 1;
	while (i < x->n && k < y->n) {
		if (x->grams[i] == y->grams[k]) {
			shared++;
			i++;
			k++;
		} else if (x->grams[i] < y->grams[k]) {
			i++;
		} else {
			k++;
		}
	}
	dice = 2.0 * shared / (x->n + y->n);
	if (dice < .75 && (str_find(x->text, y->text) >= 0 || str_find(y->text, x->text) >= 0))
		dice = .75;
	return dice;
}
