/* ctl.h: the commands' functions and their option tables; command.c names
 * them in its table. */
#ifndef PIPED_CTL_H
#define PIPED_CTL_H

#include "pipectl/command.h"

/* ctl_status.c */
extern const struct opt ctl_status_options[];
int ctl_status(const struct command_env *env);
/* ctl_source.c */
int ctl_source_list(const struct command_env *env);
int ctl_source_windows(const struct command_env *env);
int ctl_source_run(const struct command_env *env);
int ctl_source_pause(const struct command_env *env);
int ctl_source_resume(const struct command_env *env);
int ctl_source_retry(const struct command_env *env);
extern const struct opt ctl_source_retry_options[];
/* ctl_source_test.c */
extern const struct opt ctl_source_options[];
int ctl_source(const struct command_env *env);
/* ctl_source_new.c */
int ctl_source_new(const struct command_env *env);
/* ctl_crawl.c */
extern const struct opt ctl_crawl_options[];
int ctl_crawl(const struct command_env *env);
/* Has one address fetched and waits for its end, told on stderr; an exit code. */
int ctl_crawl_fetch(const struct command_env *env, const char *url, const char *source);
/* ctl_why.c */
extern const struct opt ctl_why_options[];
int ctl_why(const struct command_env *env);
/* ctl_model.c */
extern const struct opt ctl_model_train_options[];
int ctl_model_train(const struct command_env *env);
extern const struct opt ctl_model_options[];
int ctl_model(const struct command_env *env);
/* ctl_study.c: `model folds` and `model curve`. */
int ctl_study(const struct command_env *env, bool is_curve);
/* ctl_evaluate.c */
extern const struct opt ctl_evaluate_options[];
int ctl_evaluate(const struct command_env *env);
/* ctl_suggest.c */
extern const struct opt ctl_suggest_options[];
int ctl_suggest(const struct command_env *env);
/* ctl_refused.c */
int ctl_refused(const struct command_env *env);
/* ctl_rejected.c */
extern const struct opt ctl_rejected_options[];
int ctl_rejected(const struct command_env *env);
/* ctl_drift.c */
extern const struct opt ctl_drift_options[];
int ctl_drift(const struct command_env *env);
/* ctl_export.c */
extern const struct opt ctl_export_options[];
int ctl_export(const struct command_env *env);
/* ctl_export_diff.c: two exported folders row by row, as diff(1) does: EXIT_DONE (0) the same,
 * EXIT_FAILED (1) they differ, EXIT_USAGE (2) they cannot be compared. */
int ctl_export_diff(const struct command_env *env, const char *a, const char *b);
/* ctl_pictures.c: an image folder: SPLIT/metadata.jsonl of `folder` names pictures of the
 * daemon's `image_dir`, which are put beside it. *ret_put, *ret_missing count them. Gives an
 * exit code; `link`: symbolic links in place of copies. */
int ctl_pictures_put(const char *folder, const char *split, const char *image_dir, bool link,
		     int64_t *ret_put, int64_t *ret_missing);
/* Whether a split's folder may be written: it is not there, or has only what no export named. */
bool ctl_pictures_free(const char *folder, const char *split);
/* ctl_listing.c */
extern const struct opt ctl_listing_options[];
int ctl_listing(const struct command_env *env);
/* ctl_trace.c */
extern const struct opt ctl_trace_options[];
int ctl_trace(const struct command_env *env);
/* ctl_review.c */
extern const struct opt ctl_review_options[];
int ctl_review(const struct command_env *env);
/* The name that decisions are stored under. */
const char *ctl_review_user(const struct command_env *env);
/* ctl_agreement.c */
int ctl_agreement(const struct command_env *env);
/* ctl_grid.c */
int ctl_grid(const struct command_env *env);
/* ctl_family.c */
extern const struct opt ctl_family_options[];
int ctl_family(const struct command_env *env);
/* ctl_label_in.c */
extern const struct opt ctl_label_in_options[];
int ctl_label_in(const struct command_env *env);
/* ctl_label.c */
int ctl_label_rules(const struct command_env *env);
extern const struct opt ctl_rules_options[];
int ctl_rules(const struct command_env *env);
/* ctl_taxonomy.c */
extern const struct opt ctl_taxonomy_options[];
int ctl_taxonomy(const struct command_env *env);
/* ctl_daemon.c */
extern const struct opt ctl_daemon_log_options[];
int ctl_daemon_log(const struct command_env *env);
int ctl_daemon_config(const struct command_env *env);
int ctl_daemon_reload(const struct command_env *env);
/* ctl_images.c */
extern const struct opt ctl_images_options[];
int ctl_images(const struct command_env *env);
/* ctl_metrics.c */
int ctl_metrics(const struct command_env *env);
/* ctl_archive.c */
extern const struct opt ctl_archive_options[];
int ctl_archive(const struct command_env *env);
extern const struct opt ctl_archive_import_options[];
int ctl_archive_import(const struct command_env *env);
extern const struct opt ctl_archive_reprocess_options[];
int ctl_archive_reprocess(const struct command_env *env);
/* ctl_help.c */
extern const struct opt ctl_help_options[];
int ctl_help(const struct command_env *env);

#endif
