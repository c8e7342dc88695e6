#include "daemon/slot.h"

#include "base/mem.h"

struct slot *slot_new(void)
{
	struct slot *s = mem_zero(sizeof(*s));

	s->scratch = labeler_scratch_new();
	s->match = regex_match_new();
	return s;
}

static void slot_empty(struct slot *s)
{
	extractor_free(s->extractor);
	s->extractor = NULL;
	rule_set_release(s->rules);
	s->rules = NULL;
}

void slot_fit(struct slot *s, struct rule_set *rules)
{
	if (s->rules == rules)
		return;
	slot_empty(s);
	s->rules = rule_set_keep(rules);
	s->extractor = extractor_new(rules->conf);
}

void slot_free(struct slot *s)
{
	if (!s)
		return;
	slot_empty(s);
	labeler_scratch_free(s->scratch);
	regex_match_free(s->match);
	mem_free(s);
}
