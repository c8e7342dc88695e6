#include "model/listing.h"

#include "base/hash.h"

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
		       200, true },
	[FIELD_URL] = { "url", "Address of the listing's page; relative ones are resolved.", 2000,
			false },
	[FIELD_TITLE] = { "title", "Title as the seller wrote it.", 1000, true },
	[FIELD_DESCRIPTION] = { "description", "Description as the seller wrote it.", 20000,
				false },
	[FIELD_PRICE] = { "price", "Price as written: digits, marks, currency words.", 100, false },
	[FIELD_CURRENCY] = { "currency", "ISO 4217 code, when the page gives one.", 8, false },
	[FIELD_IMAGE] = { "image",
			  "Address of the main image, or a template of it: one, the first found.",
			  2000, false },
	[FIELD_CATEGORY] = { "category", "The source's own category: id or path.", 300, false },
	[FIELD_BRAND] = { "brand", "Brand as the site gives it.", 200, false },
	[FIELD_CONDITION] = { "condition", "Condition as the site gives it.", 100, false },
	[FIELD_STATUS] = { "status",
			   "On sale, reserved, sold: mapped by the source's `status` table.", 100,
			   false },
	[FIELD_LOCATION] = { "location", "Place as the site gives it.", 200, false },
	[FIELD_POSTED] = { "posted", "Time of posting: seconds since 1970 or ISO 8601.", 64,
			   false },
};

const struct listing_flag_row listing_flags[FLAG_COUNT] = {
	[FLAG_EMPTY_TITLE] = { "empty-title", "Nothing is left of the title after cleaning.",
			       true },
	[FLAG_ADVERTISEMENT] = { "advertisement", "An advertisement, not an offer of one thing.",
				 true },
	[FLAG_WANTED] = { "wanted", "Somebody wants to buy.", true },
	[FLAG_JOKE_PRICE] = { "joke-price", "A price that no one means.", false },
	[FLAG_NO_PRICE] = { "no-price", "No price, or none that can be read.", false },
	/* What is offered for exchange is still one thing that the title names. */
	[FLAG_EXCHANGE] = { "exchange", "Offered for another thing, too or only.", false },
	/* One category and one price for several things teach a model what is not so. */
	[FLAG_MULTI_ITEM] = { "multi-item",
			      "Several things, sold together or each; a set made as one is one.",
			      true },
};

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

uint64_t listing_lone_key(const struct listing *l)
{
	return key_of(hash64_join(hash64(l->source, SEED_OWN), hash64(l->ext_id, SEED_OWN)));
}
