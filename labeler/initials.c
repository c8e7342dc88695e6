#include "labeler/initials.h"

#include "base/utf8.h"

/* Unicode 15, 3.12: syllables are in the order of their 19 first consonants, 588 of each. */
#define SYLLABLES 0xac00u
#define SYLLABLES_END 0xd7a3u
#define PER_INITIAL 588u
#define INITIALS 0x1100u
#define INITIALS_END 0x1112u

static bool is_initial(uint32_t c)
{
	return c >= INITIALS && c <= INITIALS_END;
}

static bool stands_for(uint32_t typed, uint32_t c)
{
	if (typed == c)
		return true;
	return is_initial(typed) && c >= SYLLABLES && c <= SYLLABLES_END &&
	       (c - SYLLABLES) / PER_INITIAL == typed - INITIALS;
}

bool initials_any(struct str text)
{
	uint32_t c = 0;
	size_t n;

	for (; text.n; text = str_sub(text, n ? n : 1, text.n)) {
		n = utf8_decode(text, &c);
		if (n && is_initial(c))
			return true;
	}
	return false;
}

size_t initials_begin(struct str key, struct str text)
{
	size_t at = 0, n, m;
	uint32_t typed = 0, c = 0;

	while (text.n) {
		if (text.p[0] == ' ') {
			text = str_sub(text, 1, text.n);
			continue;
		}
		if (at && at < key.n && key.p[at] == ' ') {
			at++;
			continue;
		}
		n = utf8_decode(text, &typed);
		m = utf8_decode(str_sub(key, at, key.n), &c);
		if (!n || !m || !stands_for(typed, c))
			return 0;
		at += m;
		text = str_sub(text, n, text.n);
	}
	return at;
}
