#include "labeler/fields.h"

#include "base/normal.h"

static struct fields_pattern pattern(struct str s)
{
	struct fields_pattern p = { .text = s, .set = s.n > 0 };

	if (str_ends(s, STR("*"))) {
		p.open = true;
		p.text = str_sub(s, 0, s.n - 1);
	}
	return p;
}

static struct fields_pattern folded(struct arena *a, struct str s)
{
	struct fields_pattern p = pattern(s);

	p.text = normal_str(a, p.text);
	return p;
}

void fields_compile(struct fields *f, struct arena *a, const struct conf_rule *rule)
{
	*f = (struct fields){
		.source = pattern(rule->source),
		.category = pattern(rule->category),
		.brand = folded(a, rule->brand),
		.condition = folded(a, rule->condition),
		.price_min = rule->price_min,
		.price_max = rule->price_max,
	};
}

void fields_start(struct fields_scratch *x)
{
	x->brand = x->condition = (struct str){ 0 };
}

static bool fits(const struct fields_pattern *p, struct str s)
{
	if (!p->set)
		return true;
	return p->open ? str_starts(s, p->text) : str_eq(s, p->text);
}

static bool folded_fits(const struct fields_pattern *p, struct str field, char *room, size_t n,
			struct str *form)
{
	if (!p->set)
		return true;
	if (!form->p)
		*form = (struct str){ room, normal_title(field, room, n) };
	return fits(p, *form);
}

static bool price_fits(const struct fields *f, const struct listing *l)
{
	int64_t unit = 1;

	if (f->price_min == LISTING_NO_PRICE && f->price_max == LISTING_NO_PRICE)
		return true;
	if (l->price == LISTING_NO_PRICE)
		return false;
	for (int i = 0; i < l->price_digits && i < 6; i++)
		unit *= 10;
	if (f->price_min != LISTING_NO_PRICE && l->price / unit < f->price_min)
		return false;
	return f->price_max == LISTING_NO_PRICE ||
	       l->price / unit + (l->price % unit > 0) <= f->price_max;
}

bool fields_hold(const struct fields *f, struct fields_scratch *x, const struct listing *l)
{
	return fits(&f->source, l->source) && fits(&f->category, l->category) && price_fits(f, l) &&
	       folded_fits(&f->brand, l->brand, x->brand_room, sizeof(x->brand_room), &x->brand) &&
	       folded_fits(&f->condition, l->condition, x->condition_room,
			   sizeof(x->condition_room), &x->condition);
}
