#include "exporter/export_more.h"

#include "base/json.h"

#include <inttypes.h>

#define LIST_MOST ((size_t)512 << 10)

static struct str number(int64_t n, struct arena *a)
{
	return arena_fmt(a, "%" PRId64, n);
}

static struct str hex(uint64_t n, struct arena *a)
{
	return n ? arena_fmt(a, "%016" PRIx64, n) : (struct str){ 0 };
}

struct str export_more_listing(const struct export_item *x, struct arena *a)
{
	return number(x->view->listing.id, a);
}

struct str export_more_label_who(const struct export_item *x, struct arena *a)
{
	(void)a;
	return x->view->labeled ? x->view->label.who : (struct str){ 0 };
}

struct str export_more_label_made(const struct export_item *x, struct arena *a)
{
	return x->view->labeled ? export_item_time(x->view->label.made_ms, a) : (struct str){ 0 };
}

struct str export_more_label_version(const struct export_item *x, struct arena *a)
{
	return x->view->labeled ? hex(x->view->label.version, a) : (struct str){ 0 };
}

struct str export_more_label_taxonomy(const struct export_item *x, struct arena *a)
{
	return x->view->labeled && x->view->label.taxonomy ? number(x->view->label.taxonomy, a)
							   : (struct str){ 0 };
}

struct str export_more_rules_label(const struct export_item *x, struct arena *a)
{
	const struct label *l = export_item_rules(x);

	(void)a;
	return l ? l->category : (struct str){ 0 };
}

struct str export_more_rules_confidence(const struct export_item *x, struct arena *a)
{
	const struct label *l = export_item_rules(x);

	return l ? arena_fmt(a, "%.4f", l->confidence) : (struct str){ 0 };
}

struct str export_more_seller_label(const struct export_item *x, struct arena *a)
{
	const struct vote *v = export_item_seller(x);

	(void)a;
	return v ? v->category : (struct str){ 0 };
}

/* A JSON array as text. */
struct list {
	struct buf b;
	struct json j;
};

static void begin(struct list *l)
{
	buf_init(&l->b, LIST_MOST);
	json_init(&l->j, &l->b);
	json_array(&l->j, NULL);
}

/* Too long to be one: none, rather than half of it. */
static struct str end(struct list *l, struct arena *a)
{
	struct str s;

	json_end_array(&l->j);
	s = l->b.full ? (struct str){ 0 } : arena_str(a, buf_str(&l->b));
	buf_done(&l->b);
	return s;
}

struct str export_more_votes(const struct export_item *x, struct arena *a)
{
	struct list l;

	begin(&l);
	for (int i = 0; i < x->n_votes; i++) {
		json_object(&l.j, NULL);
		json_str(&l.j, "rule", x->votes[i].rule);
		json_str(&l.j, "category", x->votes[i].category);
		json_num(&l.j, "weight", x->votes[i].weight, 4);
		json_end_object(&l.j);
	}
	return end(&l, a);
}

static int opinions(const struct export_item *x)
{
	int n = 0;

	for (int i = 0; i < x->n_labels; i++)
		n += export_item_opinion(x, i);
	return n;
}

struct str export_more_reviewers(const struct export_item *x, struct arena *a)
{
	return number(opinions(x), a);
}

struct str export_more_opinions(const struct export_item *x, struct arena *a)
{
	struct list l;

	begin(&l);
	for (int i = 0; i < x->n_labels; i++) {
		const struct label *b = &x->labels[i].label;

		if (!export_item_opinion(x, i))
			continue;
		json_object(&l.j, NULL);
		json_str(&l.j, "who", b->who);
		json_str(&l.j, "category", b->category.n ? b->category : (struct str){ 0 });
		json_str(&l.j, "made", export_item_time(b->made_ms, a));
		json_str(&l.j, "why", b->why);
		json_end_object(&l.j);
	}
	return end(&l, a);
}

static void soft(struct json *j, const char *source, struct str category, double p)
{
	json_object(j, NULL);
	json_text(j, "source", source);
	json_str(j, "category", category);
	json_num(j, "p", p, 4);
	json_end_object(j);
}

/* Shares of what is said of the same category, which is told where it comes first. */
static void soft_people(struct json *j, const struct export_item *x)
{
	int all = opinions(x);

	for (int i = 0; i < x->n_labels; i++) {
		struct str category = x->labels[i].label.category;
		int same = 0;
		bool first = export_item_opinion(x, i) && category.n;

		for (int k = 0; k < x->n_labels && first; k++) {
			if (!export_item_opinion(x, k) ||
			    !str_eq(x->labels[k].label.category, category))
				continue;
			first = k >= i;
			same++;
		}
		if (first)
			soft(j, "people", category, (double)same / all);
	}
}

static void soft_votes(struct json *j, const struct export_item *x)
{
	double all = 0;

	for (int i = 0; i < x->n_votes; i++)
		all += x->votes[i].weight;
	for (int i = 0; i < x->n_votes && all > 0; i++) {
		double same = 0;
		bool first = true;

		for (int k = 0; k < x->n_votes && first; k++) {
			if (!str_eq(x->votes[k].category, x->votes[i].category))
				continue;
			first = k >= i;
			same += x->votes[k].weight;
		}
		if (first)
			soft(j, "votes", x->votes[i].category, same / all);
	}
}

struct str export_more_soft_labels(const struct export_item *x, struct arena *a)
{
	const struct suggestion *s = &x->view->suggestion;
	const struct label *rules = export_item_rules(x);
	struct list l;

	begin(&l);
	soft_people(&l.j, x);
	if (rules)
		soft(&l.j, "rules", rules->category, rules->confidence);
	soft_votes(&l.j, x);
	for (int i = 0; i < SUGGESTION_K && x->view->suggested && s->category[i].n; i++)
		soft(&l.j, "model", s->category[i], s->p[i]);
	return end(&l, a);
}

struct str export_more_model(const struct export_item *x, struct arena *a)
{
	(void)a;
	return x->view->suggested ? x->view->model_name : (struct str){ 0 };
}

struct str export_more_extractor(const struct export_item *x, struct arena *a)
{
	return hex(x->view->extract_version, a);
}

struct str export_more_cleaner(const struct export_item *x, struct arena *a)
{
	return number(x->view->listing.clean_version, a);
}

struct str export_more_page(const struct export_item *x, struct arena *a)
{
	return x->view->listing.page ? number(x->view->listing.page, a) : (struct str){ 0 };
}

struct str export_more_archive_bytes(const struct export_item *x, struct arena *a)
{
	return x->view->record.file.n ? number(x->view->record.bytes, a) : (struct str){ 0 };
}
