#include "model/state.h"

#include "base/must.h"

#define BIT(s) (1u << (s))

struct row {
	const char *name, *doc;
	unsigned next;
	bool start;
};

static const struct row job[JOB_STATES] = {
	[JOB_DUE] = { "due", "waits for its time and its host's turn",
		      BIT(JOB_DUE) | BIT(JOB_DONE) | BIT(JOB_FAILED) | BIT(JOB_REFUSED) |
			      BIT(JOB_GONE),
		      true },
	[JOB_DONE] = { "done", "answered and stored", BIT(JOB_DUE), true },
	[JOB_FAILED] = { "failed", "retries used up, or retrying won't mend it", BIT(JOB_DUE),
			 false },
	[JOB_REFUSED] = { "refused", "not asked: scope, guard or limit", BIT(JOB_DUE), true },
	[JOB_GONE] = { "gone", "the site says 404 or 410", BIT(JOB_DUE), false },
};

static const struct row page[PAGE_STATES] = {
	[PAGE_EXTRACTED] = { "extracted", "fitted its extractor",
			     BIT(PAGE_EXTRACTED) | BIT(PAGE_UNPARSABLE), true },
	[PAGE_UNCHANGED] = { "unchanged", "as the last one of its job: nothing was read", 0, true },
	[PAGE_UNPARSABLE] = { "unparsable", "did not fit its extractor; the reason says where",
			      BIT(PAGE_EXTRACTED) | BIT(PAGE_UNPARSABLE), true },
	[PAGE_ERROR] = { "error", "an HTTP error or a cut body: kept, not extracted", 0, true },
};

#define ANY_LISTING (BIT(LISTING_STATES) - 1)
static const struct row listing[LISTING_STATES] = {
	[LISTING_SELLING] = { "selling", "on sale", ANY_LISTING, true },
	[LISTING_RESERVED] = { "reserved", "promised to a buyer", ANY_LISTING, true },
	[LISTING_SOLD] = { "sold", "sold", ANY_LISTING, true },
	[LISTING_GONE] = { "gone", "no longer there: its page, or its place on a list", ANY_LISTING,
			   true },
	[LISTING_UNKNOWN] = { "unknown", "the site gave no status we know", ANY_LISTING, true },
};

static const struct row model[MODEL_STATES] = {
	[MODEL_KEPT] = { "kept", "trained and kept, not in use",
			 BIT(MODEL_LIVE) | BIT(MODEL_RETIRED), true },
	[MODEL_LIVE] = { "live", "makes the suggestions", BIT(MODEL_KEPT), true },
	[MODEL_RETIRED] = { "retired", "one too many: its file is removed, its row stays", 0,
			    false },
};

static const struct row breaker[BREAKER_STATES] = {
	[BREAKER_CLOSED] = { "closed", "asked as its rate allows", BIT(BREAKER_OPEN), true },
	[BREAKER_OPEN] = { "open", "left alone after several troubles in a row",
			   BIT(BREAKER_OPEN) | BIT(BREAKER_HALF_OPEN), false },
	[BREAKER_HALF_OPEN] = { "half-open", "the pause is over: one request tries",
				BIT(BREAKER_CLOSED) | BIT(BREAKER_OPEN), false },
};

static const struct row import[IMPORT_STATES] = {
	[IMPORT_RUNNING] = { "running", "goes on at the next start, too",
			     BIT(IMPORT_RUNNING) | BIT(IMPORT_DONE) | BIT(IMPORT_FAILED), true },
	[IMPORT_DONE] = { "done", "all of it was read", 0, false },
	[IMPORT_FAILED] = { "failed", "given up; the reason says why", 0, false },
};

static const struct {
	const char *name;
	const struct row *rows;
	int n;
} kinds[STATE_KINDS] = {
	[STATE_JOB] = { "job", job, JOB_STATES },
	[STATE_PAGE] = { "page", page, PAGE_STATES },
	[STATE_LISTING] = { "listing", listing, LISTING_STATES },
	[STATE_MODEL] = { "model", model, MODEL_STATES },
	[STATE_BREAKER] = { "breaker", breaker, BREAKER_STATES },
	[STATE_IMPORT] = { "import", import, IMPORT_STATES },
};

static const struct row *row_of(enum state_kind k, int state)
{
	must(k < STATE_KINDS);
	must(state >= 0 && state < kinds[k].n);
	return &kinds[k].rows[state];
}

const char *state_kind_name(enum state_kind k)
{
	must(k < STATE_KINDS);
	return kinds[k].name;
}

int state_count(enum state_kind k)
{
	must(k < STATE_KINDS);
	return kinds[k].n;
}

const char *state_name(enum state_kind k, int state)
{
	return row_of(k, state)->name;
}

const char *state_doc(enum state_kind k, int state)
{
	return row_of(k, state)->doc;
}

bool state_parse(enum state_kind k, struct str name, int *ret_state)
{
	for (int i = 0; i < state_count(k); i++) {
		if (str_is(name, state_name(k, i))) {
			*ret_state = i;
			return true;
		}
	}
	return false;
}

bool state_may_move(enum state_kind k, int from, int to)
{
	row_of(k, to);
	return row_of(k, from)->next & BIT(to);
}

bool state_may_start(enum state_kind k, int state)
{
	return row_of(k, state)->start;
}

int state_move(enum state_kind k, int from, int to)
{
	must(state_may_move(k, from, to));
	return to;
}

void state_sql(enum state_kind k, struct buf *to)
{
	for (int i = 0; i < state_count(k); i++)
		buf_fmt(to, "%sstate = '%s'", i ? " OR " : "", state_name(k, i));
}

void state_diagram(enum state_kind k, struct buf *to)
{
	buf_add_text(to, "stateDiagram-v2\n");
	for (int i = 0; i < state_count(k); i++) {
		if (state_may_start(k, i))
			buf_fmt(to, "    [*] --> %s\n", state_name(k, i));
		for (int j = 0; j < state_count(k); j++)
			if (state_may_move(k, i, j))
				buf_fmt(to, "    %s --> %s\n", state_name(k, i), state_name(k, j));
	}
}
