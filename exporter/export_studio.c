#include "exporter/export_studio.h"

#include "exporter/export_row.h"

#include <inttypes.h>

static void choice(struct json *j, struct str id, struct str category)
{
	json_array(j, "result");
	json_object(j, NULL);
	json_str(j, "id", id);
	json_text(j, "from_name", "category");
	json_text(j, "to_name", "title");
	json_text(j, "type", "choices");
	json_object(j, "value");
	json_array(j, "choices");
	json_str(j, NULL, category);
	json_end_array(j);
	json_end_object(j);
	json_end_object(j);
	json_end_array(j);
}

static void prediction(struct json *j, struct str who, struct str category, double score)
{
	json_object(j, NULL);
	json_str(j, "model_version", who);
	json_num(j, "score", score, 4);
	choice(j, who, category);
	json_end_object(j);
}

static void predictions(const struct export_item *x, struct arena *a, struct json *j)
{
	const struct listing_view *v = x->view;
	const struct label *rules = export_item_rules(x);

	if (v->labeled && v->label.by == LABEL_BY_RULES && v->label.category.n)
		rules = &v->label;
	json_array(j, "predictions");
	if (v->suggested && v->suggestion.category[0].n)
		prediction(j, v->model_name.n ? v->model_name : STR("model"),
			   v->suggestion.category[0], v->suggestion.p[0]);
	if (rules)
		prediction(j,
			   x->seller ? STR("seller")
				     : arena_fmt(a, "rules-%016" PRIx64, rules->version),
			   rules->category, rules->confidence);
	json_end_array(j);
}

static void annotation(const struct label *l, struct arena *a, struct json *j)
{
	json_object(j, NULL);
	json_bool(j, "was_cancelled", false);
	json_bool(j, "ground_truth", false);
	json_str(j, "created_at", export_item_time(l->made_ms, a));
	choice(j, arena_fmt(a, "piped-%" PRId64 "-%.*s", l->id, STR_ARG(l->category)), l->category);
	json_end_object(j);
}

/* What each person said, where the log was looked at; else the one that is the label. */
static void annotations(const struct export_item *x, struct arena *a, struct json *j)
{
	const struct listing_view *v = x->view;

	json_array(j, "annotations");
	for (int i = 0; i < x->n_labels; i++)
		if (export_item_opinion(x, i) && x->labels[i].label.category.n)
			annotation(&x->labels[i].label, a, j);
	if (!x->n_labels && v->labeled && v->label.by == LABEL_BY_PERSON && v->label.category.n)
		annotation(&v->label, a, j);
	json_end_array(j);
}

void export_studio_row(const struct export_columns *c, const struct export_item *x, struct arena *a,
		       struct json *j)
{
	const struct listing *l = &x->view->listing;

	json_object(j, NULL);
	json_object(j, "data");
	json_str(j, "piped", arena_fmt(a, "%.*s/%.*s", STR_ARG(l->source), STR_ARG(l->ext_id)));
	/* The object of the labeling interface, whatever columns there are. */
	json_str(j, "title", l->title);
	export_row_members(c, x, EXPORT_ROW_TASK, a, j);
	json_end_object(j);
	predictions(x, a, j);
	annotations(x, a, j);
	json_end_object(j);
}

static void xml(struct buf *to, struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '&')
			buf_add_text(to, "&amp;");
		else if (s.p[i] == '<')
			buf_add_text(to, "&lt;");
		else if (s.p[i] == '"')
			buf_add_text(to, "&quot;");
		else if ((unsigned char)s.p[i] >= 0x20)
			buf_add_char(to, s.p[i]);
	}
}

void export_studio_config(const struct export_opt *o, const struct export_tally *t,
			  const struct export_result *r, struct buf *to)
{
	(void)t;
	(void)r;
	buf_add_text(to, "<View>\n"
			 "  <Text name=\"title\" value=\"$title\"/>\n"
			 "  <Choices name=\"category\" toName=\"title\" choice=\"single\">\n");
	for (int i = 0; i < o->n_classes; i++) {
		buf_add_text(to, "    <Choice value=\"");
		xml(to, o->classes[i].code);
		buf_add_text(to, "\" hint=\"");
		xml(to, o->classes[i].name);
		buf_add_text(to, "\"/>\n");
	}
	buf_add_text(to, "  </Choices>\n</View>\n");
}
