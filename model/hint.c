#include "model/hint.h"

#include "base/must.h"

static const char *const names[HINT_N] = {
	[HINT_PRICE] = "price",
	[HINT_BRAND] = "brand",
	[HINT_SOURCE] = "source",
	[HINT_SOURCE_CATEGORY] = "source-category",
};

const char *hint_name(enum hint f)
{
	must(f < HINT_N);
	return names[f];
}

bool hint_parse(struct str name, enum hint *ret)
{
	for (int i = 0; i < HINT_N; i++) {
		if (!str_is(name, names[i]))
			continue;
		*ret = (enum hint)i;
		return true;
	}
	return false;
}
