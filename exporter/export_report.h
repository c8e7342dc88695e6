/* export_report.h: what is said about a dataset: manifest.json for programs,
 * README.md (a dataset card as Hugging Face reads them) for people. Pure. */
#ifndef PIPED_EXPORT_REPORT_H
#define PIPED_EXPORT_REPORT_H

#include "exporter/export_count.h"
#include "exporter/exporter.h"

#define EXPORT_REPORT_MOST ((size_t)64 << 20)
/* What a manifest of ours starts with. */
#define EXPORT_REPORT_MARK "{\"tool\":\"piped\","

struct export_tally {
	struct export_count sources, categories, label_sources, label_whys, states, flags;
	struct export_count models, label_versions, clean_versions, extract_versions;
	int64_t newest_ms;
	struct model_row *known; /* models of the store; borrowed */
	int n_known;
};

/* Counts a row that is in the dataset. */
void export_report_count(struct export_tally *t, const struct export_item *x);
void export_report_sort(struct export_tally *t);
void export_report_done(struct export_tally *t);

void export_report_manifest(const struct export_opt *o, const struct export_tally *t,
			    const struct export_result *r, struct buf *to);
void export_report_card(const struct export_opt *o, const struct export_tally *t,
			const struct export_result *r, struct buf *to);

#endif
