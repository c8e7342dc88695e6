#include "market_control.h"

#include "base/json.h"

#include <stdio.h>

static void complain(struct market_answer *a, int status, const char *why)
{
	struct json j;

	a->status = status;
	json_init(&j, &a->body);
	json_object(&j, NULL);
	json_text(&j, "error", why);
	json_end_object(&j);
}

static void answer_fault(struct market_faults *f, const struct market_request *q,
			 struct market_answer *a)
{
	struct str spec = market_request_arg(q, "add");
	struct reason why;

	if (market_request_arg(q, "clear").n)
		market_fault_clear(f);
	if (spec.p && market_fault_add(f, spec, &why) != ERR_OK)
		complain(a, 400, why.text);
	else
		market_fault_json(f, &a->body);
}

static void answer_loop(const struct market_request *q, struct market_answer *a)
{
	int64_t n;

	if (!market_request_number(q, "n", 0, INT32_MAX - 1, 0, &n))
		n = 0;
	a->status = 302;
	snprintf(a->location, sizeof(a->location), MARKET_CONTROL_PATH "loop?n=%lld",
		 (long long)n + 1);
}

void market_control_answer(struct market_faults *f, struct market_journal *j, bool local,
			   const struct market_request *q, struct market_answer *a)
{
	a->type = "application/json; charset=utf-8";
	if (str_is(q->path, MARKET_CONTROL_PATH "loop"))
		answer_loop(q, a);
	else if (!local)
		complain(a, 403, "only from this machine");
	else if (str_is(q->path, MARKET_CONTROL_PATH "fault"))
		answer_fault(f, q, a);
	else if (str_is(q->path, MARKET_CONTROL_PATH "stats"))
		market_journal_json(j, &a->body);
	else
		complain(a, 404, "no such control");
}
