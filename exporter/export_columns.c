#include "exporter/export_columns.h"
#include "base/must.h"
#include "exporter/export_more.h"

#include <inttypes.h>
#include <string.h>

struct str export_columns_price(const struct listing *l, struct arena *a)
{
	uint64_t scale = 1, p = (uint64_t)l->price;
	int digits = l->price_digits < 18 ? l->price_digits : 18;

	if (l->price == LISTING_NO_PRICE)
		return (struct str){ 0 };
	if (l->price < 0)
		p = 0 - p;
	for (int i = 0; i < digits; i++)
		scale *= 10;
	if (scale == 1)
		return arena_fmt(a, "%" PRId64, l->price);
	return arena_fmt(a, "%s%" PRIu64 ".%0*" PRIu64, l->price < 0 ? "-" : "", p / scale, digits,
			 p % scale);
}

static struct str get_price(const struct export_item *x, struct arena *a)
{
	return export_columns_price(&x->view->listing, a);
}

static struct str get_title_core(const struct export_item *x, struct arena *a)
{
	(void)a;
	return listing_core(&x->view->listing);
}

static struct str get_label(const struct export_item *x, struct arena *a)
{
	(void)a;
	return x->view->labeled ? x->view->label.category : (struct str){ 0 };
}

static struct str get_label_source(const struct export_item *x, struct arena *a)
{
	return arena_text(a, export_item_label_source(x));
}

static struct str get_label_why(const struct export_item *x, struct arena *a)
{
	(void)a;
	return x->view->labeled ? x->view->label.why : (struct str){ 0 };
}

static struct str get_confidence(const struct export_item *x, struct arena *a)
{
	if (!x->view->labeled)
		return (struct str){ 0 };
	return arena_fmt(a, "%.4f", x->view->label.confidence);
}

static struct str get_suggestions(const struct export_item *x, struct arena *a)
{
	const struct suggestion *s = &x->view->suggestion;
	struct str to = { 0 };

	for (int i = 0; i < SUGGESTION_K && x->view->suggested && s->category[i].n; i++)
		to = arena_fmt(a, "%.*s%s%.*s:%.4f", STR_ARG(to), to.n ? " " : "",
			       STR_ARG(s->category[i]), s->p[i]);
	return to;
}

static void json_suggestions(struct json *j, const char *key, const struct export_item *x)
{
	const struct suggestion *s = &x->view->suggestion;

	json_array(j, key);
	for (int i = 0; i < SUGGESTION_K && x->view->suggested && s->category[i].n; i++) {
		json_object(j, NULL);
		json_str(j, "category", s->category[i]);
		json_num(j, "p", s->p[i], 4);
		json_end_object(j);
	}
	json_end_array(j);
}

static struct str get_family(const struct export_item *x, struct arena *a)
{
	return arena_fmt(a, "%016" PRIx64, x->view->listing.family);
}

static struct str get_split(const struct export_item *x, struct arena *a)
{
	return arena_text(a, split_name(x->split));
}

static struct str get_flags(const struct export_item *x, struct arena *a)
{
	char text[256];

	listing_flags_text(x->view->listing.flags, text);
	return arena_text(a, text);
}

static void json_flags(struct json *j, const char *key, const struct export_item *x)
{
	json_array(j, key);
	for (int i = 0; i < FLAG_COUNT; i++)
		if (x->view->listing.flags & FLAG_BIT(i))
			json_text(j, NULL, listing_flags[i].name);
	json_end_array(j);
}

static struct str get_archive(const struct export_item *x, struct arena *a)
{
	const struct page_record *r = &x->view->record;

	if (!r->file.n)
		return (struct str){ 0 };
	return arena_fmt(a, "%.*s:%" PRId64, STR_ARG(r->file), r->offset);
}

static struct str get_image_file(const struct export_item *x, struct arena *a)
{
	(void)a;
	return x->view->image_file;
}

static struct str get_image_hash(const struct export_item *x, struct arena *a)
{
	(void)a;
	return x->view->image_hash;
}

static struct str get_state(const struct export_item *x, struct arena *a)
{
	return arena_text(a, state_name(STATE_LISTING, (int)x->view->listing.state));
}

static struct str get_posted(const struct export_item *x, struct arena *a)
{
	return export_item_time(x->view->listing.posted_ms, a);
}

static struct str get_state_since(const struct export_item *x, struct arena *a)
{
	const struct listing *l = &x->view->listing;

	return export_item_time(l->state_ms ? l->state_ms : l->first_seen_ms, a);
}

static struct str get_first_seen(const struct export_item *x, struct arena *a)
{
	return export_item_time(x->view->listing.first_seen_ms, a);
}

static struct str get_last_seen(const struct export_item *x, struct arena *a)
{
	return export_item_time(x->view->seen_ms, a);
}

static struct str get_updated(const struct export_item *x, struct arena *a)
{
	return export_item_time(x->view->listing.updated_ms, a);
}

static struct str get_images(const struct export_item *x, struct arena *a)
{
	return listing_images(&x->view->listing, a);
}

static struct str get_category_path(const struct export_item *x, struct arena *a)
{
	return listing_category_path(&x->view->listing, a);
}

const char *const export_kinds[EXPORT_KINDS] = {
	[EXPORT_TEXT] = "text",
	[EXPORT_NUMBER] = "number",
	[EXPORT_LIST] = "list",
	[EXPORT_JSON] = "json",
};

static const struct export_member guess[] = {
	{ "category", EXPORT_TEXT },
	{ "p", EXPORT_NUMBER },
	{ NULL, EXPORT_TEXT },
};
static const struct export_member soft[] = {
	{ "source", EXPORT_TEXT },
	{ "category", EXPORT_TEXT },
	{ "p", EXPORT_NUMBER },
	{ NULL, EXPORT_TEXT },
};
static const struct export_member vote[] = {
	{ "rule", EXPORT_TEXT },
	{ "category", EXPORT_TEXT },
	{ "weight", EXPORT_NUMBER },
	{ NULL, EXPORT_TEXT },
};
static const struct export_member opinion[] = {
	{ "who", EXPORT_TEXT }, { "category", EXPORT_TEXT }, { "made", EXPORT_TEXT },
	{ "why", EXPORT_TEXT }, { NULL, EXPORT_TEXT },
};

const struct export_column export_columns[] = {
	{ .name = "source",
	  .at = offsetof(struct listing, source),
	  .doc = "Name of the site's configuration." },
	{ .name = "id",
	  .at = offsetof(struct listing, ext_id),
	  .doc = "The site's own id of the listing." },
	{ .name = "url",
	  .at = offsetof(struct listing, url),
	  .doc = "Address of the listing's page." },
	{ .name = "title",
	  .at = offsetof(struct listing, title),
	  .doc = "Title as the seller wrote it." },
	{ .name = "title_clean",
	  .at = offsetof(struct listing, title_clean),
	  .doc = "Title in the normal form that rules and models read; equal ones are one "
		 "family." },
	{ .name = "price",
	  .kind = EXPORT_NUMBER,
	  .get = get_price,
	  .doc = "Price in units of the currency; none when not given or not readable." },
	{ .name = "currency",
	  .at = offsetof(struct listing, currency),
	  .doc = "ISO 4217 code of the price." },
	{ .name = "image",
	  .at = offsetof(struct listing, image),
	  .doc = "Address of the main image, or the site's template of it." },
	{ .name = "image_file",
	  .get = get_image_file,
	  .doc = "The image as it was fetched, a path below `image-dir`; none when it was not, or "
		 "not yet. Copies have the same." },
	{ .name = "image_sha256",
	  .get = get_image_hash,
	  .doc = "SHA-256 of that file, in hexadecimal." },
	{ .name = "source_category",
	  .at = offsetof(struct listing, category),
	  .doc = "The site's category, as the seller chose it." },
	{ .name = "category", .get = get_label, .doc = "The label: a code of the taxonomy." },
	{ .name = "label_source",
	  .get = get_label_source,
	  .doc = "Who says so: `person`, else `rules` (a weak label resolved from votes)." },
	{ .name = "confidence",
	  .kind = EXPORT_NUMBER,
	  .get = get_confidence,
	  .doc = "Of the label, 0 to 1." },
	{ .name = "suggestions",
	  .kind = EXPORT_LIST,
	  .get = get_suggestions,
	  .json = json_suggestions,
	  .members = guess,
	  .doc = "The model's best categories with calibrated probabilities, best first: objects "
		 "with `category` and `p` in JSON, else `code:p` joined by spaces." },
	{ .name = "family",
	  .get = get_family,
	  .doc = "Key of the duplicate family, 16 hexadecimal digits." },
	{ .name = "split",
	  .get = get_split,
	  .doc = "`train`, `validation` or `test`; one side per family." },
	{ .name = "flags",
	  .kind = EXPORT_LIST,
	  .get = get_flags,
	  .json = json_flags,
	  .doc = "What is odd about the listing: an array in JSON, else joined by commas." },
	{ .name = "archive",
	  .get = get_archive,
	  .doc = "WARC file and byte offset of the response that showed it last: `file:offset`; "
		 "archive-keep and archive-max may have had the file removed." },
	{ .name = "state",
	  .get = get_state,
	  .doc = "On its site: selling, reserved, sold, gone or unknown." },
	{ .name = "state_since",
	  .get = get_state_since,
	  .doc = "When a crawl first found it in that state; UTC." },
	{ .name = "brand",
	  .at = offsetof(struct listing, brand),
	  .doc = "Brand as the site gives it." },
	{ .name = "condition",
	  .at = offsetof(struct listing, condition),
	  .doc = "Condition as the site gives it." },
	{ .name = "posted",
	  .get = get_posted,
	  .doc = "When it was posted, as the site says; UTC." },
	{ .name = "first_seen", .get = get_first_seen, .doc = "When a crawl first saw it; UTC." },
	{ .name = "last_seen", .get = get_last_seen, .doc = "When a crawl last saw it; UTC." },
	{ .name = "label_why",
	  .get = get_label_why,
	  .doc = "What the label rests on: the rules that won, joined by commas "
		 "(`source-category`: the seller's own category), or what the person did." },
	{ .name = "title_marks",
	  .at = offsetof(struct listing, title_marks),
	  .kind = EXPORT_JSON,
	  .doc = "What the title itself says, by the configured words: a JSON object of lists "
		 "`brand`, `model`, `size`, `storage` and of single `condition`, `shipping`, "
		 "`negotiable`, `urgent`, `direct`, `status`, `authentic`, `safe-payment`; none "
		 "where it says nothing. `brand` and `condition` beside it are the site's word." },
	{ .name = "updated",
	  .get = get_updated,
	  .doc = "When it was last changed or renewed, as the site says; UTC." },
	{ .name = "images",
	  .kind = EXPORT_JSON,
	  .get = get_images,
	  .doc = "Addresses of all its images as a JSON array, `image` first." },
	{ .name = "category_path",
	  .kind = EXPORT_JSON,
	  .get = get_category_path,
	  .doc = "Levels of `source_category` as a JSON array, from the root down." },
	{ .name = "attributes",
	  .kind = EXPORT_JSON,
	  .at = offsetof(struct listing, attributes),
	  .doc = "What else the site says of the thing: a JSON object of texts by the site's own "
		 "names, such as size and colour." },
	{ .name = "title_core",
	  .get = get_title_core,
	  .doc = "`title_clean` without the words that say something of the offer alone "
		 "(condition, shipping, price talk, ...): what likeness of titles goes by." },
	{ .name = "listing",
	  .kind = EXPORT_NUMBER,
	  .more = true,
	  .get = export_more_listing,
	  .doc = "Row number of the listing: `pipectl trace listing N` shows all of it." },
	{ .name = "label_who",
	  .more = true,
	  .get = export_more_label_who,
	  .doc = "The person who said so; none for rules and sellers." },
	{ .name = "label_made",
	  .more = true,
	  .get = export_more_label_made,
	  .doc = "When that was said; UTC. A seller's category has no time." },
	{ .name = "label_version",
	  .more = true,
	  .get = export_more_label_version,
	  .doc = "Version of rules, taxonomy and mapping together that made a label of rules, 16 "
		 "hexadecimal digits; none for a person's." },
	{ .name = "label_taxonomy",
	  .kind = EXPORT_NUMBER,
	  .more = true,
	  .get = export_more_label_taxonomy,
	  .doc = "Version of the taxonomy that the label was made under; none before versions were "
		 "kept. `category` is what it is in that of now." },
	{ .name = "rules_label",
	  .more = true,
	  .looks = EXPORT_LABELS,
	  .get = export_more_rules_label,
	  .doc = "What the rules say, also where a person said otherwise." },
	{ .name = "rules_confidence",
	  .kind = EXPORT_NUMBER,
	  .more = true,
	  .looks = EXPORT_LABELS,
	  .get = export_more_rules_confidence,
	  .doc = "How sure they are, 0 to 1." },
	{ .name = "seller_label",
	  .more = true,
	  .looks = EXPORT_VOTES,
	  .get = export_more_seller_label,
	  .doc = "What `source_category` maps to in the taxonomy; none where it is not mapped." },
	{ .name = "votes",
	  .kind = EXPORT_JSON,
	  .more = true,
	  .looks = EXPORT_VOTES,
	  .get = export_more_votes,
	  .members = vote,
	  .doc = "Which rules fired: a JSON array of objects with `rule`, `category` and `weight` "
		 "(the rule's precision as configured)." },
	{ .name = "reviewers",
	  .kind = EXPORT_NUMBER,
	  .more = true,
	  .looks = EXPORT_LABELS,
	  .get = export_more_reviewers,
	  .doc = "How many people said something that stands." },
	{ .name = "opinions",
	  .kind = EXPORT_JSON,
	  .more = true,
	  .looks = EXPORT_LABELS,
	  .get = export_more_opinions,
	  .members = opinion,
	  .doc = "What each person said last, oldest first: a JSON array of objects with `who`, "
		 "`category` (none: none of them), `made` and `why`." },
	{ .name = "soft_labels",
	  .kind = EXPORT_JSON,
	  .more = true,
	  .looks = EXPORT_VOTES | EXPORT_LABELS,
	  .get = export_more_soft_labels,
	  .members = soft,
	  .doc = "Probabilities per category: a JSON array of objects with `source`, `category`, "
		 "`p`. Source `people`: shares of their opinions; `rules`: their label with its "
		 "confidence; `votes`: shares of the weights of the rules that fired; `model`: "
		 "the calibrated suggestions. Each source stands for itself; `rules` and `model` "
		 "leave the rest of 1 to the other categories." },
	{ .name = "model",
	  .more = true,
	  .get = export_more_model,
	  .doc = "The model that made `suggestions`; `versions.models` of the manifest has more." },
	{ .name = "extractor_version",
	  .more = true,
	  .get = export_more_extractor,
	  .doc = "Version of the page kind's configuration that read the listing, 16 hexadecimal "
		 "digits." },
	{ .name = "cleaner_version",
	  .kind = EXPORT_NUMBER,
	  .more = true,
	  .get = export_more_cleaner,
	  .doc = "Version of what made the clean columns." },
	{ .name = "page",
	  .kind = EXPORT_NUMBER,
	  .more = true,
	  .get = export_more_page,
	  .doc = "Row number of the page that showed it last: `pipectl trace page N`." },
	{ .name = "archive_bytes",
	  .kind = EXPORT_NUMBER,
	  .more = true,
	  .get = export_more_archive_bytes,
	  .doc = "Length of the WARC record at `archive`, as it lies in the file." },
};
const int export_n_columns = (int)(sizeof(export_columns) / sizeof(export_columns[0]));

struct str export_column_text(const struct export_column *c, const struct export_item *x,
			      struct arena *a)
{
	struct str s;

	if (c->get)
		return c->get(x, a);
	memcpy(&s, (const char *)&x->view->listing + c->at, sizeof(s));
	return s;
}

static void add_all(struct export_columns *to, bool more)
{
	for (int i = 0; i < export_n_columns; i++)
		if (export_columns[i].more == more)
			to->at[to->n++] = &export_columns[i];
}

static const struct export_column *find(struct str name)
{
	for (int i = 0; i < export_n_columns; i++)
		if (str_is(name, export_columns[i].name))
			return &export_columns[i];
	return NULL;
}

static enum err unknown(struct str name, struct reason *why)
{
	const char *near = "default";
	size_t least = str_distance(name, str_of(near)), d;

	for (int i = 0; i < export_n_columns; i++) {
		d = str_distance(name, str_of(export_columns[i].name));
		if (d < least) {
			least = d;
			near = export_columns[i].name;
		}
	}
	return reason_set(why, ERR_BAD,
			  "no column `%.*s`; did you mean `%s`? `default` and `provenance` stand "
			  "for many",
			  STR_ARG(str_sub(name, 0, 64)), near);
}

static enum err add(struct export_columns *to, const struct export_column *c, struct reason *why)
{
	for (int i = 0; i < to->n; i++)
		if (to->at[i] == c)
			return reason_set(why, ERR_BAD, "column `%s` is there twice", c->name);
	to->at[to->n++] = c;
	return ERR_OK;
}

enum err export_columns_read(struct str names, struct export_columns *ret, struct reason *why)
{
	struct str rest = names.p ? names : STR("default"), name;
	struct export_columns to = { .n = 0 };
	struct export_columns many;
	enum err err = ERR_OK;

	must(export_n_columns <= EXPORT_COLUMNS_MOST);
	while (!err && str_next(&rest, ',', &name)) {
		const struct export_column *c = find(name = str_trim(name));
		bool more = str_is(name, "provenance");

		many.n = 0;
		if (c)
			many.at[many.n++] = c;
		else if (more || str_is(name, "default"))
			add_all(&many, more);
		else
			err = unknown(name, why);
		for (int i = 0; i < many.n && !err; i++)
			err = add(&to, many.at[i], why);
	}
	if (!err)
		*ret = to;
	return err;
}
