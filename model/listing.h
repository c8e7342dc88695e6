/* listing.h: one offer as the site shows it, and what we made of it. */
#ifndef PIPED_LISTING_H
#define PIPED_LISTING_H

#include "base/arena.h"
#include "model/state.h"

/* Fields that an extractor can fill. The table yields the names in YAML, the
 * columns of exports and the docs. */
enum listing_field {
	FIELD_ID,
	FIELD_URL,
	FIELD_TITLE,
	FIELD_DESCRIPTION,
	FIELD_PRICE,
	FIELD_CURRENCY,
	FIELD_IMAGE,
	FIELD_CATEGORY,
	FIELD_BRAND,
	FIELD_CONDITION,
	FIELD_STATUS,
	FIELD_LOCATION,
	FIELD_POSTED,
	FIELD_UPDATED,
	FIELD_IMAGES,
	FIELD_CATEGORY_PATH,
	FIELD_ATTRIBUTES,
	FIELD_COUNT
};

enum listing_field_kind {
	LISTING_TEXT,  /* one value */
	LISTING_LIST,  /* several, in their order */
	LISTING_PAIRS, /* names and their values */
};

struct listing_field_row {
	const char *name, *doc;
	size_t most_bytes; /* longer is cut at a character, a list behind a value or pair */
	bool required;	   /* by default: a record without it is rejected */
	enum listing_field_kind kind;
	int most; /* values or pairs that are kept; 0: one text */
};
extern const struct listing_field_row listing_fields[FIELD_COUNT];
bool listing_field_parse(struct str name, enum listing_field *ret_field);

/* Between the values of a list, and the names and values of pairs (name, value, name, ...), as
 * an extractor hands them on: U+001F, which no value has. */
#define LISTING_BETWEEN '\x1f'
#define LISTING_ATTRIBUTE_NAME 60 /* bytes; longer ones are cut */

/* What an extractor found: text as the site wrote it, UTF-8, {0} where absent. */
struct listing_raw {
	struct str field[FIELD_COUNT];
	int place; /* on its page, from 1 */
};

/* How long an extractor leaves a field: of texts that are masked, more than is stored, as half a
 * telephone number at the end is none that is found. */
#define LISTING_BEYOND 256
size_t listing_raw_bytes(enum listing_field f);

/* A raw field for people: of a list "a, b", of pairs "name: a, name: b". {0} where absent. */
struct str listing_raw_text(const struct listing_raw *raw, enum listing_field f, struct arena *a);
/* Whether raw pairs hold one of that name. */
bool listing_raw_has(struct str pairs, struct str name);

/* What a thing's condition is called; sites say it in many words. Ends with NULL. */
extern const char *const listing_conditions[];

/* Reasons to keep a listing out of datasets. Never deleted, only flagged. Stored as bits: new
 * ones go to the end. Each with its name, whether it is unfit, and what it means; for whom it is
 * a list of names, too, FIRST is another macro than NEXT.
 *
 * An offer of exchange is still one thing that the title names. One category and one price for
 * several things teach a model what is not so. */
#define LISTING_FLAG_ROWS(FIRST, NEXT)                                                             \
	FIRST(FLAG_EMPTY_TITLE, "empty-title", true,                                               \
	      "Nothing is left of the title after cleaning.")                                      \
	NEXT(FLAG_ADVERTISEMENT, "advertisement", true,                                            \
	     "An advertisement, not an offer of one thing.")                                       \
	NEXT(FLAG_WANTED, "wanted", true, "Somebody wants to buy.")                                \
	NEXT(FLAG_JOKE_PRICE, "joke-price", false, "A price that no one means.")                   \
	NEXT(FLAG_NO_PRICE, "no-price", false, "No price, or none that can be read.")              \
	NEXT(FLAG_EXCHANGE, "exchange", false, "Offered for another thing, too or only.")          \
	NEXT(FLAG_MULTI_ITEM, "multi-item", true,                                                  \
	     "Several things, sold together or each; a set made as one is one.")                   \
	NEXT(FLAG_REJECTED, "rejected", true,                                                      \
	     "Its page, read again, is rejected now: what is stored is what was read before.")

#define LISTING_FLAG_ID(id, name, unfit, doc) id,
#define LISTING_FLAG_NAME(id, name, unfit, doc) name
#define LISTING_FLAG_OTHER(id, name, unfit, doc) ", " name
enum listing_flag { LISTING_FLAG_ROWS(LISTING_FLAG_ID, LISTING_FLAG_ID) FLAG_COUNT };
/* "empty-title, advertisement, ...": for docs. */
#define LISTING_FLAG_NAMES LISTING_FLAG_ROWS(LISTING_FLAG_NAME, LISTING_FLAG_OTHER)

struct listing_flag_row {
	const char *name, *doc;
	bool unfit; /* left out of training and of exports by default */
};
extern const struct listing_flag_row listing_flags[FLAG_COUNT];
#define FLAG_BIT(f) (1u << (f))
bool listing_flag_parse(struct str name, enum listing_flag *ret_flag);
bool listing_unfit(uint32_t flags);
/* "wanted,joke-price"; "" for none. `to` holds 256. */
void listing_flags_text(uint32_t flags, char to[256]);

#define LISTING_NO_PRICE INT64_MIN

struct listing {
	int64_t id;		   /* row; 0 before it is stored */
	struct str source, ext_id; /* together the listing's name everywhere */
	struct str url, title, description, currency, image, category, brand, condition, location;
	int64_t price;	  /* minor units by `price_digits`; LISTING_NO_PRICE */
	int price_digits; /* 0 for KRW: price is in whole won */
	enum listing_state state;
	int64_t state_ms;	       /* since when, as noticed; 0: since it was first seen */
	int64_t posted_ms, updated_ms; /* as the site says; 0 unknown */
	/* Canonical JSON. Arrays of texts: addresses of images, the first being the main one, and
	 * levels of the source's category from the root down; "" where the page names no more than
	 * `image` and `category` do. An object of texts by their names: "" for none. */
	struct str images, category_path, attributes;
	/* made by the cleaner */
	struct str title_clean;
	/* What the title says beside the thing's name: canonical JSON as cleaner/marks.h has
	 * it; "" for nothing. The members above are the site's word. */
	struct str title_marks;
	/* title_clean without the words that say something of the offer alone (cleaner/marks.h);
	 * "" where that is title_clean. */
	struct str title_core;
	/* Top bit clear. The cleaner's is the title's key; the store makes it that of the
	 * family that the title is in. */
	uint64_t family;
	uint32_t flags;
	struct str flag_reason; /* which word or figure; "" when no flag */
	uint32_t clean_version; /* cleaner_version */
	/* Hash of the key of the job that asks for its own page, were there one; 0: the
	 * source has no pages about one thing, or nothing gives its address. */
	uint64_t own_key;
	/* where from */
	int64_t page; /* page row that showed it last */
	int64_t first_seen_ms, last_seen_ms;
};

/* The field as it is stored, borrowed; "" for the figures: price, status and times. */
struct str listing_text(const struct listing *l, enum listing_field f);
/* `images` and `category_path`, or else an array of the one that there is; {0}: none. */
struct str listing_images(const struct listing *l, struct arena *a);
struct str listing_category_path(const struct listing *l, struct arena *a);
/* The next of the members of `attributes`: takes it off *rest. Name and value with their quotes, as
 * JSON has them. */
bool listing_attribute_next(struct str *rest, struct str *ret_name, struct str *ret_value);

/* The hash of the clean title: what two listings of one key say is the same. A title with
 * under 4 letters and digits says too little, so that such a listing has a key of its own.
 * Not 0, the top bit clear. */
uint64_t listing_title_key(const struct listing *l);
/* What duplicates are found by: title_core, or title_clean where that is the same. */
struct str listing_core(const struct listing *l);
/* Of a listing that is apart from all others: whatever its title. */
uint64_t listing_lone_key(const struct listing *l);

#endif
