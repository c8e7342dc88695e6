#include "model/label.h"

#include "base/hash.h"
#include "base/must.h"

const char *label_by_name(enum label_by by)
{
	static const char *const names[LABEL_BY_N] = {
		[LABEL_BY_RULES] = "rules",
		[LABEL_BY_PERSON] = "person",
	};

	must(by < LABEL_BY_N);
	return names[by];
}

const char *split_name(enum split s)
{
	static const char *const names[SPLIT_N] = {
		[SPLIT_TRAIN] = "train",
		[SPLIT_VALIDATION] = "validation",
		[SPLIT_TEST] = "test",
	};

	must(s < SPLIT_N);
	return names[s];
}

enum split split_of(uint64_t family, uint64_t salt, double validation, double test)
{
	double x = (double)(hash64_join(family, salt) >> 11) * 0x1p-53;

	if (x < test)
		return SPLIT_TEST;
	return x < test + validation ? SPLIT_VALIDATION : SPLIT_TRAIN;
}
