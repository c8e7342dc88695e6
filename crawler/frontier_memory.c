#include "crawler/frontier_state.h"
#include "crawler/pace.h"

bool frontier_recalled(const struct frontier *f, struct str host)
{
	const struct meter *m = meter_find(&f->meters, host);

	return !m || m->recalled;
}

bool frontier_recall(struct frontier *f, struct str host, const struct site_host *s)
{
	struct meter *m = meter_find(&f->meters, host);
	bool may;

	if (!m || m->recalled)
		return true;
	may = pace_recall(m, s, f->conf, f->now_ms);
	if (m->hold_ms > f->now_ms)
		frontier_hosts_settle_all(f, m, NULL);
	return may;
}

bool frontier_unsaved(struct frontier *f, struct site_host *ret)
{
	struct meter *m = meter_unsaved(&f->meters);

	if (!m)
		return false;
	pace_save(m, ret);
	return true;
}

void frontier_forgot(struct frontier *f, struct str host)
{
	struct meter *m = meter_find(&f->meters, host);

	if (m)
		meter_changed(&f->meters, m);
}
