#include "config/conf_check.h"

#include "base/hash.h"
#include "config/conf_page.h"
#include "config/conf_show.h"

#include <string.h>

const struct conf_row conf_check_rows[] = {
	{ .name = "min",
	  .type = CONF_TEXT,
	  .at = offsetof(struct conf_check, min),
	  .doc = "Of price: the lowest, a number in units of the source's currency (a price in "
		 "another one passes); of posted and updated: the least age, a time such as 0s, "
		 "which "
		 "rejects times to come. A price or a time that is there and can't be read is "
		 "rejected, too, where min or max is given." },
	{ .name = "max",
	  .type = CONF_TEXT,
	  .at = offsetof(struct conf_check, max),
	  .doc = "Likewise the highest price, the greatest age." },
	{ .name = "pattern",
	  .type = CONF_TEXT,
	  .at = offsetof(struct conf_check, pattern),
	  .doc = "A regular expression (PCRE2) that is found in the text; ^ and $ are its ends. "
		 "Case does not matter, unless it begins with (?-i). Not of price and times." },
	{ .name = "values",
	  .type = CONF_TEXTS,
	  .at = offsetof(struct conf_check, values),
	  .at_n = offsetof(struct conf_check, n_values),
	  .doc = "The texts that it may be, whatever their case; of status the names of states. "
		 "Not of price and times." },
	{ .name = "required",
	  .type = CONF_BOOL,
	  .at = offsetof(struct conf_check, required),
	  .def = "false",
	  .doc = "Whether a record without it is rejected. Of format auto; elsewhere `required` "
		 "stands with the field." },
	{ .name = NULL },
};

bool conf_check_is_figure(enum listing_field f)
{
	return f == FIELD_PRICE || f == FIELD_POSTED || f == FIELD_UPDATED;
}

static void read_bound(struct conf_reader *r, const struct conf_node *n, enum listing_field f,
		       double *ret)
{
	enum conf_type t = f == FIELD_PRICE ? CONF_REAL : CONF_DURATION;

	if (n && n->kind == NODE_SCALAR && !conf_scalar_number(t, n->text, ret))
		conf_problem_add(r->problems, n->at, "of %s `%s` wants %s, not `%.60s`",
				 listing_fields[f].name, n->key.p,
				 f == FIELD_PRICE ? "a number" : conf_scalar_what(t), n->text.p);
}

/* Keys that are for other fields. */
static void check_keys(struct conf_reader *r, const struct conf_node *n, enum listing_field f)
{
	static const char *const of_figures[] = { "min", "max" }, *const of_texts[] = { "pattern",
											"values" };
	const char *const *others = conf_check_is_figure(f) ? of_texts : of_figures;

	for (int i = 0; i < 2; i++) {
		const struct conf_node *c = conf_yaml_child(n, others[i]);

		if (c)
			conf_problem_add(
				r->problems, c->key_at, "`%s` is %s", others[i],
				conf_check_is_figure(f)
					? "for texts; price and times have `min` and `max`"
					: "for price, posted and updated; texts have `pattern` and "
					  "`values`");
	}
	if (n->kind == NODE_MAP && !n->first)
		conf_problem_add(r->problems, n->key_at, "`%s` is not checked: give it %s",
				 listing_fields[f].name,
				 conf_check_is_figure(f) ? "min or max" : "pattern or values");
}

static void check_states(struct conf_reader *r, const struct conf_check *c,
			 const struct conf_node *n)
{
	const struct conf_node *values = conf_yaml_child(n, "values");
	const struct conf_node *v = values ? values->first : NULL;
	int state;

	for (int i = 0; i < c->n_values && v; i++, v = v->next)
		if (!state_parse(STATE_LISTING, c->values[i], &state))
			conf_problem_add(r->problems, v->at,
					 "a state is selling, reserved, sold, gone or unknown, not "
					 "`%.60s`",
					 c->values[i].p);
}

static void read_one(struct conf_reader *r, const struct conf_node *n, void *into)
{
	const struct conf_node *pattern = conf_yaml_child(n, "pattern");
	struct conf_check *c = into;

	if (!conf_page_field(r, n, &c->field))
		return;
	conf_table_read(r, conf_check_rows, n, c);
	check_keys(r, n, c->field);
	if (pattern)
		c->pattern_at = pattern->at;
	if (c->field == FIELD_STATUS)
		check_states(r, c, n);
	if (!conf_check_is_figure(c->field))
		return;
	read_bound(r, conf_yaml_child(n, "min"), c->field, &c->least);
	read_bound(r, conf_yaml_child(n, "max"), c->field, &c->most);
	if (c->min.p && c->max.p && c->least > c->most)
		conf_problem_add(r->problems, conf_yaml_child(n, "min")->at,
				 "`min` is above `max`: everything would be rejected");
}

static void read_checks(struct conf_reader *r, const struct conf_row *row,
			const struct conf_node *n, void *into)
{
	int count;
	void *all = conf_table_items(r, n, NODE_MAP, sizeof(struct conf_check), read_one, &count);

	conf_table_put_list(row, into, all, count);
}

static struct conf_node *show_checks(struct arena *a, const struct conf_row *row, const void *from)
{
	int n;
	const struct conf_check *all = conf_table_get_list(row, from, &n);
	struct conf_node *map = conf_show_map(a);

	for (int i = 0; i < n; i++)
		conf_show_put(map, str_of(listing_fields[all[i].field].name),
			      conf_show_rows(a, conf_check_rows, &all[i]));
	return n ? map : NULL;
}

const struct conf_part conf_check_part = {
	.what = "a map of listing fields and what they have to be",
	.read = read_checks,
	.show = show_checks,
};

/* Some are there without being named: the source's currency, the page's address. */
static bool has_field(const struct conf_page *p, enum listing_field f)
{
	for (int i = 0; i < p->n_fields; i++)
		if (p->fields[i].field == f)
			return true;
	return p->format == FORMAT_AUTO || f == FIELD_CURRENCY || f == FIELD_URL;
}

void conf_check_fields(struct conf_reader *r, const struct conf_page *p,
		       const struct conf_node *checks)
{
	const struct conf_node *n = checks ? checks->first : NULL;

	for (int i = 0; i < p->n_checks && n; i++, n = n->next) {
		const struct conf_check *c = &p->checks[i];

		if (!has_field(p, c->field))
			conf_problem_add(r->problems, n->key_at,
					 "the page has no field `%s` that could be checked",
					 listing_fields[c->field].name);
		if (c->required && p->format != FORMAT_AUTO)
			conf_problem_add(r->problems, conf_yaml_child(n, "required")->key_at,
					 "`required` stands with the field, below `fields`");
	}
}

uint64_t conf_check_version(uint64_t version, const struct conf_page *p)
{
	/* What is not there does not count: pages without checks keep their version. */
	for (int i = 0; i < p->n_checks; i++) {
		const struct conf_check *c = &p->checks[i];
		const struct str texts[] = { c->min, c->max, c->pattern };

		version = hash64_join(version, (uint64_t)c->field * 2 + c->required);
		for (size_t k = 0; k < sizeof(texts) / sizeof(texts[0]); k++)
			version = hash64(texts[k], hash64_join(version, texts[k].n));
		for (int k = 0; k < c->n_values; k++)
			version = hash64(c->values[k], version);
	}
	return version;
}
