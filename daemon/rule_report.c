#include "daemon/rule_report.h"

bool rule_report_right(const struct conf *c, int said, struct str truth)
{
	int at = truth.n ? conf_taxon(c, truth) : -1;

	for (int steps = 0; at >= 0 && steps <= c->taxonomy.n_taxa; steps++) {
		if (at == said)
			return true;
		at = c->taxonomy.taxa[at].parent;
	}
	return false;
}
