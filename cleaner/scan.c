#include "cleaner/scan.h"

static bool is_letter(char c)
{
	return (c | 32) >= 'a' && (c | 32) <= 'z';
}

bool scan_word(struct str *s, const char *word)
{
	struct str w = str_of(word);

	if (!str_eq_nocase(str_sub(*s, 0, w.n), w))
		return false;
	if (is_letter(w.p[w.n - 1]) && s->n > w.n && is_letter(s->p[w.n]))
		return false;
	*s = str_sub(*s, w.n, s->n);
	return true;
}

int scan_any(struct str *s, const char *const *words)
{
	for (int i = 0; words[i]; i++)
		if (scan_word(s, words[i]))
			return i;
	return -1;
}

size_t scan_number(struct str *s, size_t most, int64_t *ret)
{
	int64_t v = 0;
	size_t n = 0;

	for (; n < s->n && s->p[n] >= '0' && s->p[n] <= '9'; n++) {
		if (n == most)
			return 0;
		v = v * 10 + (s->p[n] - '0');
	}
	if (!n)
		return 0;
	*s = str_sub(*s, n, s->n);
	*ret = v;
	return n;
}

void scan_space(struct str *s)
{
	while (s->n && (s->p[0] == ' ' || (s->p[0] >= '\t' && s->p[0] <= '\r')))
		*s = str_sub(*s, 1, s->n);
}
