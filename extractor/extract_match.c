#include "extractor/extract_match.h"

bool extract_match_web(struct str s)
{
	return str_eq_nocase(str_sub(s, 0, 7), STR("http://")) ||
	       str_eq_nocase(str_sub(s, 0, 8), STR("https://"));
}
