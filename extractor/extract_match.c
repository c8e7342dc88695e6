#include "extractor/extract_match.h"

/* Only the last `*` is ever taken back: what stands before it has matched as
 * early as it could. So the work is bounded by the product of both lengths. */
bool extract_match(struct str pattern, struct str s)
{
	size_t p = 0, i = 0, star = SIZE_MAX, from = 0;

	while (i < s.n) {
		if (p < pattern.n && pattern.p[p] == '*') {
			star = p++;
			from = i;
		} else if (p < pattern.n && pattern.p[p] == s.p[i]) {
			p++;
			i++;
		} else if (star != SIZE_MAX) {
			p = star + 1;
			i = ++from;
		} else {
			return false;
		}
	}
	while (p < pattern.n && pattern.p[p] == '*')
		p++;
	return p == pattern.n;
}

bool extract_match_web(struct str s)
{
	return str_eq_nocase(str_sub(s, 0, 7), STR("http://")) ||
	       str_eq_nocase(str_sub(s, 0, 8), STR("https://"));
}
