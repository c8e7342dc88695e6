/* api_json.h: the nouns as the API shows them. Pure. Times are ISO 8601 in
 * UTC, null when unknown; categories come with their names. */
#ifndef PIPED_API_JSON_H
#define PIPED_API_JSON_H

#include "base/json.h"
#include "config/conf.h"
#include "labeler/labeler.h"
#include "store/reader.h"

void api_json_time(struct json *j, const char *key, int64_t ms);
void api_json_hex(struct json *j, const char *key, uint64_t n);
/* "category", "ko", "en"; null names when the taxonomy has it no more. */
void api_json_category(struct json *j, const struct conf *c, struct str code);
/* {"category", "ko", "en", "p"} */
/* A problem of a configuration, as an element of an array; `ctx` is the struct json. */
void api_json_problem(void *ctx, const struct conf_problem *p);
/* "names": those beside ko and en, by language; NULL: none. */
void api_json_names(struct json *j, const struct conf_taxon *t);
void api_json_guess(struct json *j, const struct conf *c, struct str code, double p);
/* Members of an object that the caller opened: */
void api_json_listing(struct json *j, const struct conf *c, const struct listing_view *v,
		      struct arena *a);
void api_json_listing_more(struct json *j, const struct listing_view *v);
void api_json_votes(struct json *j, const char *key, const struct conf *c, const struct vote *v,
		    int n);
void api_json_label(struct json *j, const struct conf *c, const struct label *l);
void api_json_record(struct json *j, const char *key, const struct page_record *r);
void api_json_page(struct json *j, const struct page *p);
void api_json_job(struct json *j, const struct job *job);
/* {"due": 12, ...} and {"pages": 3, ...} */
void api_json_jobs(struct json *j, const char *key, const int64_t n[JOB_STATES]);
void api_json_tallies(struct json *j, const char *key, const int64_t n[TALLY_COUNT]);

#endif
