#include "base/must.h"
#include "crawler/frontier.h"

static const struct {
	const char *name, *doc;
} rows[WHY_COUNT] = {
	[WHY_RUNNING] = { "running", "it is being asked" },
	[WHY_RATE] = { "rate", "its rate allows the next request a little later" },
	[WHY_RETRY_AFTER] = { "retry-after", "it told us when to come back" },
	[WHY_BACK_OFF] = { "back-off", "it failed; the pause doubles each time" },
	[WHY_BREAKER] = { "breaker", "it failed several times in a row; after the pause one "
				     "request tries" },
	[WHY_ADDRESS] = { "address", "other hosts of its address have their turn" },
	[WHY_PAUSED] = { "paused", "its source was paused by a person" },
	[WHY_NOT_DUE] = { "not-due", "its next job's time has not come" },
	[WHY_EMPTY] = { "empty", "no job waits for it" },
	[WHY_FULL] = { "full", "as many requests run as are allowed in all" },
	[WHY_DISABLED] = { "disabled", "the configuration does not name it, or switches it off" },
};

const char *frontier_why_name(enum frontier_why w)
{
	must(w < WHY_COUNT);
	return rows[w].name;
}

const char *frontier_why_doc(enum frontier_why w)
{
	must(w < WHY_COUNT);
	return rows[w].doc;
}
