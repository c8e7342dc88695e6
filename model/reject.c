#include "model/reject.h"

const struct reject_row rejects[REJECTS] = {
	[REJECT_MISSING] = { "missing", "A required field is not there." },
	[REJECT_SELECTOR] = { "selector", "A selector failed on the record." },
	[REJECT_UNREADABLE] = { "unreadable", "An entry, or a value that `checks` bound, can't be "
					      "read." },
	[REJECT_MIN] = { "min", "Below `checks: min`." },
	[REJECT_MAX] = { "max", "Above `checks: max`." },
	[REJECT_PATTERN] = { "pattern", "Does not fit `checks: pattern`." },
	[REJECT_VALUES] = { "values", "None of `checks: values`." },
};

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
