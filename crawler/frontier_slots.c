#include "crawler/frontier_state.h"

/* After so long without an answer a request holds no slot any longer: sooner where
 * nobody knows whether there will be one. So many of each kind do not hold one,
 * beside two for each slot, but at most HANG_MOST. */
#define HANG_MS 2000
#define HANG_PROVEN_MS 10000
#define HANG_LEAST 128
#define HANG_MOST 256

/* Hosts that may never answer leave some slots to those that do, and those that did
 * not the last time leave most of these to the others. */
struct turn *frontier_slots_first(const struct frontier *f)
{
	int all = f->conf->concurrency, few = all / 4 > 0 ? all / 4 : 1;
	struct turn *first = turn_first(&f->ready[METER_PROVEN]);

	if (f->running >= all)
		return NULL;
	if (f->held[METER_NEW] + f->held[METER_SILENT] >= all - all / 4)
		return first;
	first = turn_sooner(first, turn_first(&f->ready[METER_NEW]));
	return f->held[METER_SILENT] < few ? turn_sooner(first, turn_first(&f->ready[METER_SILENT]))
					   : first;
}

void frontier_slots_take(struct frontier *f, struct window_job *j)
{
	enum meter_trust trust = j->host->meter->trust;
	int64_t for_ms = trust == METER_PROVEN ? HANG_PROVEN_MS : HANG_MS;

	j->trust = trust;
	f->running++;
	f->held[trust]++;
	turn_set(&f->hang[trust], &j->hang, frontier_us(f->now_ms + for_ms));
}

static void let_go(struct frontier *f, struct window_job *j)
{
	turn_drop(&f->hang[j->trust], &j->hang);
	f->running--;
	f->held[j->trust]--;
}

/* A host that has us wait keeps no slot from others: more requests than slots are
 * under way then. */
int64_t frontier_slots_wait_us(struct frontier *f)
{
	int64_t most = frontier_sooner(HANG_LEAST + 2 * f->conf->concurrency, HANG_MOST);
	int64_t soonest = JOB_NEVER;
	struct turn *first;

	for (int i = 0; i < METER_TRUSTS; i++) {
		while ((first = turn_first(&f->hang[i])) && f->hanging[i] < most &&
		       first->at_us <= f->now_ms * 1000) {
			let_go(f, (struct window_job *)((char *)first -
							offsetof(struct window_job, hang)));
			f->hanging[i]++;
		}
		if (first && f->hanging[i] < most)
			soonest = frontier_sooner(soonest, first->at_us);
	}
	return soonest;
}

/* A failure that took its time will take it again. */
static void judge(const struct frontier *f, struct meter *m, const struct window_job *j,
		  enum frontier_news news)
{
	bool soon = f->now_ms - j->started_ms < HANG_MS;

	if (news == FRONTIER_FINE)
		m->trust = METER_PROVEN;
	else if (news == FRONTIER_TROUBLE || news == FRONTIER_SLOW_DOWN)
		m->trust = soon ? METER_NEW : METER_SILENT;
}

void frontier_slots_give(struct frontier *f, struct window_job *j, enum frontier_news news)
{
	if (j->hang.place)
		let_go(f, j);
	else
		f->hanging[j->trust]--;
	judge(f, j->host->meter, j, news);
}
