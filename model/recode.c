#include "model/recode.h"

#include "base/must.h"

static const char *const names[RECODE_FATES] = {
	[RECODE_CODE] = "code",
	[RECODE_SPLIT] = "split",
	[RECODE_NONE] = "none",
};

const char *recode_fate_name(enum recode_fate f)
{
	must(f < RECODE_FATES);
	return names[f];
}
