/* api.h: the steps of the routes; routes_*.c say which is which. `_first` and
 * `_last` run on the loop, `_work` on a pool thread with a reader. */
#ifndef PIPED_API_H
#define PIPED_API_H

#include "serve/request.h"

/* api_status.c */
void api_status_first(struct request *rq);
void api_status_work(struct request *rq);
void api_status_sources(struct request *rq);
/* api_window.c */
void api_window_sums(struct request *rq);
void api_window_parts(struct request *rq);
void api_status_log(struct request *rq);
void api_status_config(struct request *rq);
void api_status_metrics_first(struct request *rq);
void api_status_metrics(struct request *rq);
/* api_drift.c */
void api_drift_first(struct request *rq);
void api_drift_work(struct request *rq);
void api_drift_accept(struct request *rq);
/* An array of alarms, of `source` ({0}: all). */
void api_drift_alarms(struct json *j, const struct alarm *a, int n, struct str source);
/* api_refused.c */
void api_refused_list(struct request *rq);
/* api_rejected.c */
void api_rejected_list(struct request *rq);
/* Arrays of what was rejected, of `source` ({0}: all). */
void api_rejected_counts(struct json *j, const char *key, const struct reject_count *c, int n,
			 struct str source);
/* "rejected_counts", "rejected" of the object that is open; false: `rq` failed. */
bool api_rejected_of_page(struct request *rq, int64_t page);
/* api_listing.c */
void api_listing_list(struct request *rq);
void api_listing_one(struct request *rq);
/* The listing that `id`, `source` and `ext_id` name; false: `rq` failed. */
bool api_listing_find(struct request *rq, struct listing_view *ret);
/* "listing", "votes", "labels", "history" of the object that is open. */
bool api_listing_members(struct request *rq, const struct listing_view *v);
/* api_family.c */
void api_family_of(struct request *rq);
void api_family_change(struct request *rq);
/* api_trace.c */
void api_trace_listing(struct request *rq);
void api_trace_page(struct request *rq);
void api_trace_job(struct request *rq);
/* api_archive.c */
void api_archive_pages(struct request *rq);
void api_archive_page_record(struct request *rq);
void api_archive_record(struct request *rq);
void api_archive_size(struct request *rq);
/* Fails `rq`: the archive has the page's record no more. */
void api_archive_removed(struct request *rq, const struct page *p, const char *hint);
void api_archive_verify(struct request *rq);
void api_archive_verify_state(struct request *rq);
void api_archive_index(struct request *rq);
void api_archive_index_state(struct request *rq);
void api_archive_import(struct request *rq);
void api_archive_import_state(struct request *rq);
void api_archive_import_stop(struct request *rq);
void api_archive_reprocess(struct request *rq);
void api_archive_reprocess_state(struct request *rq);
/* api_review.c */
void api_review_next(struct request *rq);
void api_review_item(struct request *rq);
void api_review_grid(struct request *rq);
void api_review_draws(struct request *rq);
/* api_agreement.c */
void api_agreement(struct request *rq);
/* api_decide.c */
void api_decide_work(struct request *rq);
void api_decide_last(struct request *rq);
/* api_label.c */
void api_label_in_work(struct request *rq);
void api_label_in_last(struct request *rq);
void api_label_taxonomy(struct request *rq);
void api_label_search(struct request *rq);
void api_label_rules(struct request *rq);
/* api_taxonomy.c: of posted files */
void api_taxonomy_check(struct request *rq);
void api_taxonomy_diff(struct request *rq);
void api_taxonomy_import(struct request *rq);
/* api_history.c */
void api_history_list(struct request *rq);
/* api_mapping.c */
void api_mapping_report(struct request *rq);
/* api_model.c */
void api_model_list(struct request *rq);
void api_model_one(struct request *rq);
void api_model_use_work(struct request *rq);
void api_model_use_last(struct request *rq);
void api_model_train(struct request *rq);
/* The model of that name or number, {0}: the live one, opened; false: `rq` failed. */
bool api_model_open(struct request *rq, struct str name, struct model_row *ret,
		    struct classifier **ret_model);
/* api_study.c */
void api_study_folds(struct request *rq);
void api_study_folds_state(struct request *rq);
void api_study_folds_stop(struct request *rq);
void api_study_curve(struct request *rq);
void api_study_curve_state(struct request *rq);
void api_study_curve_stop(struct request *rq);
/* api_rules.c */
void api_rules_test(struct request *rq);
void api_rules_diff_work(struct request *rq);
void api_rules_diff(struct request *rq);
void api_rules_stats(struct request *rq);
void api_rules_suggest(struct request *rq);
void api_rules_state(struct request *rq);
/* api_evaluate.c */
void api_evaluate_work(struct request *rq);
void api_evaluate_last(struct request *rq);
void api_evaluate_state(struct request *rq);
/* api_suggest.c */
void api_suggest_quick(struct request *rq);
void api_suggest_work(struct request *rq);
void api_suggest_many_quick(struct request *rq);
void api_suggest_many(struct request *rq);
void api_suggest_last(struct request *rq);
void api_suggest_health(struct request *rq);
/* api_crawl.c */
void api_crawl_work(struct request *rq);
void api_crawl_last(struct request *rq);
/* api_why.c */
void api_why_work(struct request *rq);
void api_why_last(struct request *rq);
/* api_trial.c */
void api_trial_work(struct request *rq);
/* api_draft.c */
void api_draft_work(struct request *rq);
/* api_steer.c */
void api_steer_run(struct request *rq);
void api_steer_pause(struct request *rq);
void api_steer_resume(struct request *rq);
void api_steer_reload(struct request *rq);
void api_steer_retry_find(struct request *rq);
void api_steer_collect(struct request *rq);
void api_steer_retry(struct request *rq);
void api_steer_export(struct request *rq);
void api_steer_export_state(struct request *rq);
void api_steer_export_file(struct request *rq);
void api_steer_routes(struct request *rq);

#endif
