#include "cleaner/place.h"

static bool widest_first(struct str language)
{
	struct str tag = str_sub(language, 0, 2);

	return (language.n == 2 || (language.n > 2 && language.p[2] == '-')) &&
	       (str_eq_nocase(tag, STR("ko")) || str_eq_nocase(tag, STR("ja")) ||
		str_eq_nocase(tag, STR("zh")));
}

static struct str first_parts(struct str place, int most)
{
	size_t end = 0, i = 0;

	while (most-- > 0 && i < place.n) {
		while (i < place.n && place.p[i] != ' ')
			i++;
		end = i;
		while (i < place.n && place.p[i] == ' ')
			i++;
	}
	return str_sub(place, 0, end);
}

static struct str last_parts(struct str place, int most)
{
	size_t at = place.n;

	while (at > 0 && (place.p[at - 1] != ',' || --most > 0))
		at--;
	return str_trim(str_sub(place, at, place.n));
}

struct str place_cut(struct str place, int most, struct str language)
{
	place = str_trim(place);
	if (most <= 0)
		return place;
	return widest_first(language) ? first_parts(place, most) : last_parts(place, most);
}
