/* export_more.h: values of the columns that are only written where they are asked for: who said
 * what, under which versions; export_columns.c has their documentation. Pure. */
#ifndef PIPED_EXPORT_MORE_H
#define PIPED_EXPORT_MORE_H

#include "exporter/export_item.h"

struct str export_more_listing(const struct export_item *x, struct arena *a);
struct str export_more_label_who(const struct export_item *x, struct arena *a);
struct str export_more_label_made(const struct export_item *x, struct arena *a);
struct str export_more_label_version(const struct export_item *x, struct arena *a);
struct str export_more_label_taxonomy(const struct export_item *x, struct arena *a);
struct str export_more_rules_label(const struct export_item *x, struct arena *a);
struct str export_more_rules_confidence(const struct export_item *x, struct arena *a);
struct str export_more_seller_label(const struct export_item *x, struct arena *a);
struct str export_more_votes(const struct export_item *x, struct arena *a);
struct str export_more_reviewers(const struct export_item *x, struct arena *a);
struct str export_more_opinions(const struct export_item *x, struct arena *a);
struct str export_more_soft_labels(const struct export_item *x, struct arena *a);
struct str export_more_model(const struct export_item *x, struct arena *a);
struct str export_more_extractor(const struct export_item *x, struct arena *a);
struct str export_more_cleaner(const struct export_item *x, struct arena *a);
struct str export_more_page(const struct export_item *x, struct arena *a);
struct str export_more_archive_bytes(const struct export_item *x, struct arena *a);

#endif
