#include "exporter/export_report.h"

#include "base/clock.h"
#include "base/must.h"

#include <inttypes.h>
#include <stdio.h>

static void count_hex(struct export_count *c, uint64_t n, enum split s)
{
	char text[32];

	snprintf(text, sizeof(text), "%016" PRIx64, n);
	export_count_add(c, str_of(text), s);
}

static void count_number(struct export_count *c, uint64_t n, enum split s)
{
	char text[32];

	snprintf(text, sizeof(text), "%" PRIu64, n);
	export_count_add(c, str_of(text), s);
}

static void count_flags(struct export_tally *t, const struct export_item *x)
{
	for (int i = 0; i < FLAG_COUNT; i++)
		if (x->view->listing.flags & FLAG_BIT(i))
			export_count_add(&t->flags, str_of(listing_flags[i].name), x->split);
}

void export_report_count(struct export_tally *t, const struct export_item *x)
{
	const struct listing_view *v = x->view;
	const char *by = export_item_label_source(x);

	export_count_add(&t->sources, v->listing.source, x->split);
	export_count_add(&t->label_sources, str_of(by ? by : "none"), x->split);
	export_count_add(&t->label_whys, v->labeled ? v->label.why : STR("none"), x->split);
	export_count_add(&t->states, str_of(state_name(STATE_LISTING, (int)v->listing.state)),
			 x->split);
	if (v->labeled && v->label.category.n)
		export_count_add(&t->categories, v->label.category, x->split);
	count_flags(t, x);
	if (v->suggested)
		export_count_add(&t->models, v->model_name, x->split);
	count_hex(&t->label_versions, v->label_version, x->split);
	count_hex(&t->extract_versions, v->extract_version, x->split);
	count_number(&t->clean_versions, v->listing.clean_version, x->split);
	if (v->seen_ms > t->newest_ms)
		t->newest_ms = v->seen_ms;
}

static const struct {
	const char *name;
	size_t at;
	bool version;
} counts[] = {
	{ "sources", offsetof(struct export_tally, sources), false },
	{ "label_sources", offsetof(struct export_tally, label_sources), false },
	{ "label_whys", offsetof(struct export_tally, label_whys), false },
	{ "categories", offsetof(struct export_tally, categories), false },
	{ "states", offsetof(struct export_tally, states), false },
	{ "flags", offsetof(struct export_tally, flags), false },
	{ "models", offsetof(struct export_tally, models), true },
	{ "labels", offsetof(struct export_tally, label_versions), true },
	{ "cleaner", offsetof(struct export_tally, clean_versions), true },
	{ "extractors", offsetof(struct export_tally, extract_versions), true },
};
#define N_COUNTS (sizeof(counts) / sizeof(counts[0]))

static struct export_count *count_at(struct export_tally *t, size_t i)
{
	return (struct export_count *)(void *)((char *)t + counts[i].at);
}

void export_report_sort(struct export_tally *t)
{
	for (size_t i = 0; i < N_COUNTS; i++)
		export_count_sort(count_at(t, i));
}

void export_report_done(struct export_tally *t)
{
	for (size_t i = 0; i < N_COUNTS; i++)
		export_count_done(count_at(t, i));
}

static void count_json(const struct export_tally *t, bool version, struct json *j)
{
	const struct export_count *c;

	for (size_t i = 0; i < N_COUNTS; i++) {
		c = (const struct export_count *)(const void *)((const char *)t + counts[i].at);
		if (counts[i].version == version)
			export_count_json(c, j, counts[i].name);
	}
}

static void splits_json(const struct export_opt *o, const struct export_result *r, struct json *j)
{
	json_object(j, "split");
	json_text(j, "by", "family");
	json_str(j, "salt", o->salt);
	json_num(j, "validation_share", o->validation, 4);
	json_num(j, "test_share", o->test, 4);
	json_object(j, "rows");
	for (int s = 0; s < SPLIT_N; s++)
		json_int(j, split_name((enum split)s), r->per_split[s]);
	json_end_object(j);
	json_end_object(j);
}

static bool counted(const struct export_count *c, struct str name)
{
	for (size_t i = 0; i < c->n; i++)
		if (str_eq(c->rows[i].name, name))
			return true;
	return false;
}

/* The models whose suggestions are in the rows; their metrics tell the seed. */
static void models_json(const struct export_tally *t, struct json *j)
{
	json_array(j, "models");
	for (int i = 0; i < t->n_known; i++) {
		const struct model_row *m = &t->known[i];

		if (!counted(&t->models, m->name))
			continue;
		json_object(j, NULL);
		json_str(j, "name", m->name);
		json_str(j, "sha256", m->sha256);
		json_int(j, "rows", m->rows);
		if (m->metrics.n)
			json_raw(j, "metrics", m->metrics);
		else
			json_null(j, "metrics");
		json_end_object(j);
	}
	json_end_array(j);
}

static void versions_json(const struct export_opt *o, const struct export_tally *t, struct json *j)
{
	char hex[32];

	json_object(j, "versions");
	json_object(j, "taxonomy");
	json_str(j, "name", o->taxonomy_name);
	json_int(j, "version", o->taxonomy_version);
	json_end_object(j);
	snprintf(hex, sizeof(hex), "%016" PRIx64, o->rules_version);
	json_text(j, "rules", hex);
	models_json(t, j);
	json_object(j, "rows");
	count_json(t, true, j);
	json_end_object(j);
	json_end_object(j);
}

static void columns_json(const struct export_columns *c, struct json *j)
{
	json_array(j, "columns");
	for (int i = 0; i < c->n; i++) {
		json_object(j, NULL);
		json_text(j, "name", c->at[i]->name);
		json_text(j, "type", export_kinds[c->at[i]->kind]);
		json_text(j, "doc", c->at[i]->doc);
		json_end_object(j);
	}
	json_end_array(j);
}

/* As they were asked for. */
static void filters_json(const struct export_pick *p, struct json *j)
{
	json_object(j, "filters");
	for (int i = 0; i < export_pick_n_asks; i++) {
		struct str s = export_pick_text(&p->ask, &export_pick_asks[i]);

		if (s.p)
			json_str(j, export_pick_asks[i].name, s);
	}
	json_end_object(j);
}

static void left_out_json(const struct export_result *r, struct json *j)
{
	json_object(j, "left_out");
	for (int i = 0; i < EXPORT_LEFTS; i++)
		json_int(j, export_lefts[i].name, r->left[i]);
	json_end_object(j);
}

static void checks_json(const struct export_result *r, struct json *j)
{
	json_object(j, "checks");
	json_int(j, "families", r->families);
	json_int(j, "families_on_two_sides", 0);
	json_int(j, "titles_on_two_sides", r->titles_shared);
	json_int(j, "images_on_two_sides", r->images_shared);
	json_end_object(j);
}

static void files_json(const struct export_result *r, struct json *j)
{
	json_array(j, "files");
	for (int i = 0; i < r->n_files; i++) {
		json_object(j, NULL);
		json_text(j, "name", r->files[i].place);
		json_int(j, "rows", r->files[i].rows);
		json_int(j, "bytes", r->files[i].bytes);
		json_text(j, "sha256", r->files[i].sha256);
		json_end_object(j);
	}
	json_end_array(j);
}

void export_report_manifest(const struct export_opt *o, const struct export_tally *t,
			    const struct export_result *r, struct buf *to)
{
	char newest[32] = "";
	struct json j;

	if (t->newest_ms > 0)
		clock_iso(t->newest_ms, newest);
	json_init(&j, to);
	json_object(&j, NULL);
	json_text(&j, "tool", "piped");
	must(str_is(buf_str(to), "{\"tool\":\"piped\""));
	json_text(&j, "tool_version", PIPED_VERSION);
	json_text(&j, "format", export_formats[o->format].name);
	json_bool(&j, "gzip", o->gzip);
	json_text(&j, "selection", o->pick.all ? "all" : "labeled and fit");
	filters_json(&o->pick, &j);
	json_text(&j, "order", "listing id");
	json_text(&j, "newest_seen", newest[0] ? newest : NULL);
	json_int(&j, "rows", r->rows);
	left_out_json(r, &j);
	splits_json(o, r, &j);
	checks_json(r, &j);
	versions_json(o, t, &j);
	json_object(&j, "counts");
	count_json(t, false, &j);
	json_end_object(&j);
	columns_json(&o->pick.columns, &j);
	files_json(r, &j);
	json_end_object(&j);
	buf_add_char(to, '\n');
}
