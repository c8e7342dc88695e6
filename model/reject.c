#include "model/reject.h"

#define ROW(id, name, doc) [id] = { name, doc },
const struct reject_row rejects[REJECTS] = { REJECT_ROWS(ROW, ROW) };
#undef ROW

bool reject_parse(struct str name, enum reject_code *ret)
{
	for (int i = 0; i < REJECTS; i++) {
		if (str_is(name, rejects[i].name)) {
			*ret = (enum reject_code)i;
			return true;
		}
	}
	return false;
}

const char *reject_field_name(int field)
{
	return field >= 0 && field < FIELD_COUNT ? listing_fields[field].name : "";
}
