#include "serve/api_json.h"

#include "base/clock.h"
#include "base/hash.h"
#include "exporter/exporter.h"

#include <inttypes.h>
#include <stdio.h>

void api_json_time(struct json *j, const char *key, int64_t ms)
{
	char text[32];

	if (ms <= 0) {
		json_null(j, key);
		return;
	}
	clock_iso(ms, text);
	json_text(j, key, text);
}

void api_json_hex(struct json *j, const char *key, uint64_t n)
{
	char text[32];

	snprintf(text, sizeof(text), "%016" PRIx64, n);
	json_text(j, key, text);
}

void api_json_category(struct json *j, const struct conf *c, struct str code)
{
	int at = code.n ? conf_taxon(c, code) : -1;

	json_str(j, "category", code.n ? code : (struct str){ 0 });
	json_str(j, "ko", at < 0 ? (struct str){ 0 } : c->taxonomy.taxa[at].ko);
	json_str(j, "en", at < 0 ? (struct str){ 0 } : c->taxonomy.taxa[at].en);
}

void api_json_problem(void *ctx, const struct conf_problem *p)
{
	struct json *j = ctx;

	json_object(j, NULL);
	json_text(j, "file", p->at.file);
	json_int(j, "line", p->at.line);
	json_int(j, "column", p->at.column);
	json_text(j, "text", p->text);
	json_end_object(j);
}

void api_json_names(struct json *j, const struct conf_taxon *t)
{
	json_object(j, "names");
	for (int i = 0; t && i < t->n_names; i++)
		json_str(j, t->names[i].language.p, t->names[i].text);
	json_end_object(j);
}

void api_json_guess(struct json *j, const struct conf *c, struct str code, double p)
{
	json_object(j, NULL);
	api_json_category(j, c, code);
	json_num(j, "p", p, 4);
	json_end_object(j);
}

/* What the line says, where the taxonomy has changed since it was written. */
static void recoded(struct json *j, const char *key, const struct label *l, bool is_so)
{
	if (!is_so) {
		json_null(j, key);
		return;
	}
	json_object(j, key);
	json_str(j, "written", l->written);
	json_text(j, "fate", recode_fate_name(l->fate));
	json_str(j, "why", l->recode_why);
	json_end_object(j);
}

void api_json_label(struct json *j, const struct conf *c, const struct label *l)
{
	json_int(j, "id", l->id);
	api_json_category(j, c, l->category);
	json_text(j, "by", label_by_name(l->by));
	json_str(j, "who", l->who.n ? l->who : (struct str){ 0 });
	json_num(j, "confidence", l->confidence, 4);
	api_json_hex(j, "version", l->version);
	api_json_time(j, "made", l->made_ms);
	json_str(j, "why", l->why);
	json_int(j, "taxonomy", l->taxonomy);
	recoded(j, "recoded", l, l->recoded);
}

static void flags(struct json *j, const struct listing *l)
{
	json_array(j, "flags");
	for (int i = 0; i < FLAG_COUNT; i++)
		if (l->flags & FLAG_BIT(i))
			json_text(j, NULL, listing_flags[i].name);
	json_end_array(j);
	json_str(j, "flag_reason", l->flag_reason.n ? l->flag_reason : (struct str){ 0 });
}

/* What is JSON already. */
static void json_or_null(struct json *j, const char *key, struct str value)
{
	if (value.n)
		json_raw(j, key, value);
	else
		json_null(j, key);
}

static void fields(struct json *j, const struct listing_view *v, struct arena *a)
{
	const struct listing *l = &v->listing;
	struct str price = export_columns_price(l, a);

	json_int(j, "id", l->id);
	json_str(j, "source", l->source);
	json_str(j, "ext_id", l->ext_id);
	json_str(j, "url", l->url);
	json_str(j, "title", l->title);
	json_str(j, "title_clean", l->title_clean);
	json_str(j, "title_core", listing_core(l));
	json_or_null(j, "title_marks", l->title_marks);
	json_or_null(j, "price", price);
	json_str(j, "currency", l->currency);
	json_str(j, "image", l->image);
	json_or_null(j, "images", listing_images(l, a));
	json_str(j, "source_category", l->category);
	json_or_null(j, "category_path", listing_category_path(l, a));
	json_str(j, "brand", l->brand);
	json_str(j, "condition", l->condition);
	json_str(j, "location", l->location);
	json_or_null(j, "attributes", l->attributes);
	json_text(j, "state", state_name(STATE_LISTING, (int)l->state));
	api_json_time(j, "state_since", l->state_ms ? l->state_ms : l->first_seen_ms);
	flags(j, l);
	api_json_time(j, "posted", l->posted_ms);
	api_json_time(j, "updated", l->updated_ms);
	api_json_time(j, "first_seen", l->first_seen_ms);
	api_json_time(j, "last_seen", v->seen_ms);
}

static void suggestions(struct json *j, const struct conf *c, const struct listing_view *v)
{
	const struct suggestion *s = &v->suggestion;

	json_array(j, "suggestions");
	for (int i = 0; i < SUGGESTION_K && v->suggested && s->category[i].n; i++)
		api_json_guess(j, c, s->category[i], s->p[i]);
	json_end_array(j);
	json_str(j, "model", v->suggested ? v->model_name : (struct str){ 0 });
}

void api_json_listing(struct json *j, const struct conf *c, const struct listing_view *v,
		      struct arena *a)
{
	uint64_t salt = hash64(c->salt, 0);

	fields(j, v, a);
	json_str(j, "family", v->family_name);
	json_int(j, "family_size", v->family_size);
	json_text(
		j, "split",
		split_name(split_of(v->listing.family, salt, c->validation_share, c->test_share)));
	if (v->labeled) {
		json_object(j, "label");
		api_json_label(j, c, &v->label);
		json_end_object(j);
	} else {
		json_null(j, "label");
	}
	recoded(j, "recheck", &v->label,
		!v->labeled && v->label.recoded && v->label.by == LABEL_BY_PERSON);
	suggestions(j, c, v);
	json_num(j, "review_score", v->review_score, 4);
}

void api_json_listing_more(struct json *j, const struct listing_view *v)
{
	json_str(j, "description", v->listing.description);
	json_int(j, "page", v->listing.page);
	api_json_record(j, "record", &v->record);
	json_object(j, "versions");
	json_int(j, "cleaner", v->listing.clean_version);
	api_json_hex(j, "labeler", v->label_version);
	api_json_hex(j, "extractor", v->extract_version);
	json_int(j, "model", v->suggested ? v->suggestion.model : 0);
	json_end_object(j);
}

void api_json_votes(struct json *j, const char *key, const struct conf *c, const struct vote *v,
		    int n)
{
	json_array(j, key);
	for (int i = 0; i < n; i++) {
		json_object(j, NULL);
		json_str(j, "rule", v[i].rule);
		api_json_category(j, c, v[i].category);
		json_num(j, "weight", v[i].weight, 4);
		json_end_object(j);
	}
	json_end_array(j);
}

void api_json_record(struct json *j, const char *key, const struct page_record *r)
{
	if (!r->file.n) {
		json_null(j, key);
		return;
	}
	json_object(j, key);
	json_str(j, "file", r->file);
	json_int(j, "offset", r->offset);
	json_int(j, "bytes", r->bytes);
	json_end_object(j);
}

void api_json_page(struct json *j, const struct page *p)
{
	json_int(j, "id", p->id);
	json_int(j, "job", p->job);
	json_str(j, "source", p->source);
	json_str(j, "kind", p->page_kind);
	json_str(j, "url", p->url);
	api_json_time(j, "fetched", p->fetched_ms);
	json_int(j, "status", p->status);
	json_str(j, "content_type", p->content_type);
	json_int(j, "wire_bytes", p->wire_bytes);
	json_int(j, "body_bytes", p->body_bytes);
	api_json_hex(j, "body_hash", p->body_hash);
	json_text(j, "state", state_name(STATE_PAGE, (int)p->state));
	json_str(j, "reason", p->reason.n ? p->reason : (struct str){ 0 });
	api_json_hex(j, "extract_version", p->extract_version);
	json_int(j, "items", p->items);
	json_int(j, "skipped", p->skipped);
	json_int(j, "rejected", p->rejected);
	json_int(j, "listings", p->listings);
	api_json_record(j, "record", &p->record);
	api_json_time(j, "removed", p->removed_ms);
	json_str(j, "removed_by", p->removed_by.n ? p->removed_by : (struct str){ 0 });
	if (p->same_as)
		json_int(j, "same_as", p->same_as);
	else
		json_null(j, "same_as");
	if (!p->import) {
		json_null(j, "import");
		return;
	}
	json_object(j, "import");
	json_int(j, "id", p->import);
	json_str(j, "file", p->import_file);
	json_int(j, "offset", p->import_at);
	json_end_object(j);
}

static void visit(struct json *j, const struct visit *v)
{
	if (!v) {
		json_null(j, "visit");
		return;
	}
	json_object(j, "visit");
	json_int(j, "page", v->page);
	json_int(j, "visits", v->visits);
	json_int(j, "changes", v->changes);
	json_int(j, "interval_s", v->interval_ms / 1000);
	api_json_time(j, "held", v->seen_ms);
	api_json_time(j, "changed", v->changed_ms);
	json_str(j, "etag", v->etag.n ? v->etag : (struct str){ 0 });
	json_str(j, "last_modified", v->last_modified.n ? v->last_modified : (struct str){ 0 });
	json_end_object(j);
}

void api_json_job(struct json *j, const struct job *job)
{
	json_int(j, "id", job->id);
	json_str(j, "source", job->source);
	json_str(j, "page", job->page);
	json_str(j, "url", job->url);
	json_str(j, "key", job->key);
	json_str(j, "host", job->host);
	json_str(j, "body", job->body.n ? job->body : (struct str){ 0 });
	json_str(j, "vars", job->vars);
	json_int(j, "seed", job->seed);
	json_int(j, "parent", job->parent);
	json_int(j, "depth", job->depth);
	json_int(j, "priority", job->priority);
	json_text(j, "state", state_name(STATE_JOB, (int)job->state));
	api_json_time(j, "due", job->due_ms);
	json_int(j, "attempts", job->attempts);
	json_str(j, "reason", job->reason.n ? job->reason : (struct str){ 0 });
	visit(j, job->visit);
}

void api_json_jobs(struct json *j, const char *key, const int64_t n[JOB_STATES])
{
	json_object(j, key);
	for (int i = 0; i < JOB_STATES; i++)
		json_int(j, state_name(STATE_JOB, i), n[i]);
	json_end_object(j);
}

void api_json_tallies(struct json *j, const char *key, const int64_t n[TALLY_COUNT])
{
	json_object(j, key);
	for (int i = 0; i < TALLY_COUNT; i++)
		json_int(j, tallies[i].name, n[i]);
	json_end_object(j);
}
