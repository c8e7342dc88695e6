#include "model/listing.h"

#include "base/hash.h"
#include "base/json.h"

#include <stdio.h>

#define TOP_BIT (UINT64_C(1) << 63)
/* Seeds keep the two kinds of keys apart. */
#define SEED_TITLE 1
#define SEED_OWN 2
/* Letters and digits a clean title needs to say what is offered: "m", "95", "패딩"
 * are shared by listings that have nothing else in common. */
#define KEY_LETTERS 4

const struct listing_field_row listing_fields[FIELD_COUNT] = {
	[FIELD_ID] = { "id",
		       "The site's own id of the listing; with the source it names the listing.",
		       200, true, LISTING_TEXT, 0 },
	[FIELD_URL] = { "url", "Address of the listing's page; relative ones are resolved.", 2000,
			false, LISTING_TEXT, 0 },
	[FIELD_TITLE] = { "title", "Title as the seller wrote it.", 1000, true, LISTING_TEXT, 0 },
	[FIELD_DESCRIPTION] = { "description", "Description as the seller wrote it.", 20000, false,
				LISTING_TEXT, 0 },
	[FIELD_PRICE] = { "price", "Price as written: digits, marks, currency words.", 100, false,
			  LISTING_TEXT, 0 },
	[FIELD_CURRENCY] = { "currency", "ISO 4217 code, when the page gives one.", 8, false,
			     LISTING_TEXT, 0 },
	[FIELD_IMAGE] = { "image",
			  "Address of the main image, or a template of it: one, the first found.",
			  2000, false, LISTING_TEXT, 0 },
	[FIELD_CATEGORY] = { "category", "The source's own category: id or path.", 300, false,
			     LISTING_TEXT, 0 },
	[FIELD_BRAND] = { "brand", "Brand as the site gives it.", 200, false, LISTING_TEXT, 0 },
	[FIELD_CONDITION] = { "condition", "Condition as the site gives it.", 100, false,
			      LISTING_TEXT, 0 },
	[FIELD_STATUS] = { "status",
			   "On sale, reserved, sold: mapped by the source's `status` table.", 100,
			   false, LISTING_TEXT, 0 },
	[FIELD_LOCATION] = { "location", "Place as the site gives it.", 200, false, LISTING_TEXT,
			     0 },
	[FIELD_POSTED] = { "posted", "Time of posting: seconds since 1970 or ISO 8601.", 64, false,
			   LISTING_TEXT, 0 },
	[FIELD_UPDATED] = { "updated", "Time of the last change or renewal, as posted is written.",
			    64, false, LISTING_TEXT, 0 },
	[FIELD_IMAGES] = { "images",
			   "Addresses of all images, the main one first: every text found, or a "
			   "list of them; 20 at most. Without `image` the first is that, too.",
			   20000, false, LISTING_LIST, 20 },
	[FIELD_CATEGORY_PATH] = { "category-path",
				  "Levels of the source's category, from the root down: every text "
				  "found, or a list of them, or one text that the source's "
				  "`category-separator` parts; 12 at most. Without `category` that "
				  "is the levels joined by > . Without this the path is that of "
				  "`category`.",
				  1000, false, LISTING_LIST, 12 },
	[FIELD_ATTRIBUTES] = { "attributes",
			       "What else the site says of the thing (size, colour, tags): a map "
			       "of "
			       "names and their selectors; or one selector that finds an object "
			       "(json "
			       "pages), or texts such as `size: 270`. 40 at most; personal data is "
			       "masked as in descriptions.",
			       6000, false, LISTING_PAIRS, 40 },
};

#define ROW(id, name, unfit, doc) [id] = { name, doc, unfit },
const struct listing_flag_row listing_flags[FLAG_COUNT] = { LISTING_FLAG_ROWS(ROW, ROW) };
#undef ROW

bool listing_field_parse(struct str name, enum listing_field *ret_field)
{
	for (int i = 0; i < FIELD_COUNT; i++) {
		if (str_is(name, listing_fields[i].name)) {
			*ret_field = (enum listing_field)i;
			return true;
		}
	}
	return false;
}

size_t listing_raw_bytes(enum listing_field f)
{
	bool masked = f == FIELD_TITLE || f == FIELD_DESCRIPTION;

	return listing_fields[f].most_bytes + (masked ? LISTING_BEYOND : 0);
}

struct str listing_raw_text(const struct listing_raw *raw, enum listing_field f, struct arena *a)
{
	struct str rest = raw->field[f], part, text;
	struct buf b;

	if (listing_fields[f].kind == LISTING_TEXT || !rest.p)
		return rest;
	buf_init(&b, 4 * listing_fields[f].most_bytes);
	for (int i = 0; str_next(&rest, LISTING_BETWEEN, &part); i++) {
		if (i)
			buf_add_text(&b, listing_fields[f].kind == LISTING_PAIRS && i % 2 ? ": "
											  : ", ");
		buf_add(&b, part);
	}
	text = arena_str(a, buf_str(&b));
	buf_done(&b);
	return text;
}

bool listing_raw_has(struct str pairs, struct str name)
{
	struct str each, value;

	while (pairs.n && str_next(&pairs, LISTING_BETWEEN, &each) &&
	       str_next(&pairs, LISTING_BETWEEN, &value))
		if (str_eq(each, str_trim(name)))
			return true;
	return false;
}

const char *const listing_conditions[] = { "new", "used", "refurbished", "damaged", NULL };

bool listing_flag_parse(struct str name, enum listing_flag *ret_flag)
{
	for (int i = 0; i < FLAG_COUNT; i++) {
		if (str_is(name, listing_flags[i].name)) {
			*ret_flag = (enum listing_flag)i;
			return true;
		}
	}
	return false;
}

bool listing_unfit(uint32_t flags)
{
	for (int i = 0; i < FLAG_COUNT; i++)
		if ((flags & FLAG_BIT(i)) && listing_flags[i].unfit)
			return true;
	return false;
}

void listing_flags_text(uint32_t flags, char to[256])
{
	size_t n = 0;

	to[0] = 0;
	for (int i = 0; i < FLAG_COUNT; i++)
		if (flags & FLAG_BIT(i))
			n += (size_t)snprintf(to + n, 256 - n, "%s%s", n ? "," : "",
					      listing_flags[i].name);
}

static struct str list_of(struct str list, struct str one, struct arena *a)
{
	struct json j;
	struct buf b;

	if (list.n || !one.n)
		return list.n ? list : (struct str){ 0 };
	buf_init(&b, 8 * one.n + 16);
	json_init(&j, &b);
	json_array(&j, NULL);
	json_str(&j, NULL, one);
	json_end_array(&j);
	list = arena_str(a, buf_str(&b));
	buf_done(&b);
	return list;
}

struct str listing_images(const struct listing *l, struct arena *a)
{
	return list_of(l->images, l->image, a);
}

struct str listing_category_path(const struct listing *l, struct arena *a)
{
	return list_of(l->category_path, l->category, a);
}

/* The JSON string that `s` starts with: bytes of it; 0: none. */
static size_t quoted(struct str s)
{
	if (!s.n || s.p[0] != '"')
		return 0;
	for (size_t i = 1; i < s.n; i++) {
		if (s.p[i] == '\\')
			i++;
		else if (s.p[i] == '"')
			return i + 1;
	}
	return 0;
}

bool listing_attribute_next(struct str *rest, struct str *ret_name, struct str *ret_value)
{
	size_t name, value;

	if (!rest->n || (rest->p[0] != '{' && rest->p[0] != ','))
		return false;
	*rest = str_sub(*rest, 1, rest->n);
	name = quoted(*rest);
	value = name ? quoted(str_sub(*rest, name + 1, rest->n)) : 0;
	if (!value)
		return false;
	*ret_name = str_sub(*rest, 0, name);
	*ret_value = str_sub(*rest, name + 1, value);
	*rest = str_sub(*rest, name + 1 + value, rest->n);
	return true;
}

static bool says_little(struct str clean)
{
	size_t letters = 0;

	for (size_t i = 0; i < clean.n && letters < KEY_LETTERS; i++)
		letters += clean.p[i] != ' ' && ((unsigned char)clean.p[i] & 0xc0) != 0x80;
	return letters < KEY_LETTERS;
}

static uint64_t key_of(uint64_t hash)
{
	hash &= ~TOP_BIT;
	return hash ? hash : 1;
}

uint64_t listing_title_key(const struct listing *l)
{
	return says_little(l->title_clean) ? listing_lone_key(l)
					   : key_of(hash64(l->title_clean, SEED_TITLE));
}

struct str listing_text(const struct listing *l, enum listing_field f)
{
	const struct str *const texts[FIELD_COUNT] = {
		[FIELD_ID] = &l->ext_id,
		[FIELD_URL] = &l->url,
		[FIELD_TITLE] = &l->title,
		[FIELD_DESCRIPTION] = &l->description,
		[FIELD_CURRENCY] = &l->currency,
		[FIELD_IMAGE] = &l->image,
		[FIELD_CATEGORY] = &l->category,
		[FIELD_BRAND] = &l->brand,
		[FIELD_CONDITION] = &l->condition,
		[FIELD_LOCATION] = &l->location,
		[FIELD_IMAGES] = &l->images,
		[FIELD_CATEGORY_PATH] = &l->category_path,
		[FIELD_ATTRIBUTES] = &l->attributes,
	};

	return texts[f] ? *texts[f] : STR("");
}

struct str listing_core(const struct listing *l)
{
	return l->title_core.n ? l->title_core : l->title_clean;
}

uint64_t listing_lone_key(const struct listing *l)
{
	return key_of(hash64_join(hash64(l->source, SEED_OWN), hash64(l->ext_id, SEED_OWN)));
}
