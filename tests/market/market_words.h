/* market_words.h: the words of generated listings. Only tables. Lists end
 * with NULL. */
#ifndef PIPED_MARKET_WORDS_H
#define PIPED_MARKET_WORDS_H

#include <stdint.h>

#define WORDS_LIST 24

/* What a brand is sold in, and who wears a leaf's things. */
enum words_kind { WORDS_MEN = 1, WORDS_WOMEN = 2, WORDS_SHOES = 4, WORDS_BAGS = 8 };

enum words_size {
	WORDS_TOP_MEN,
	WORDS_TOP_WOMEN,
	WORDS_WAIST,
	WORDS_FEET,
	WORDS_VOLUME,
	WORDS_SIZES
};

struct words_leaf {
	const char *id, *path;
	int share; /* of all listings, relative */
	int kind;  /* enum words_kind; men or women, and shoes or bags */
	enum words_size size;
	int won; /* median price before the brand */
	const char *nouns[WORDS_LIST];
	const char *details[WORDS_LIST];
};

struct words_brand {
	const char *ko, *en;
	int kinds;   /* of enum words_kind */
	int percent; /* of the leaf's median price */
};

extern const struct words_leaf market_leaves[];
extern const int market_leaves_n;
extern const struct words_brand market_words_brands[];
extern const int market_words_n_brands;
extern const char *const market_words_sizes[WORDS_SIZES][WORDS_LIST];
extern const char *const market_words_colours[],
	*const market_words_conditions[], *const market_words_endings[],
						  *const market_words_emoji[],
							  *const market_words_men[],
								  *const market_words_women[];

/* Titles with slots: B brand, b the brand in the other script, D detail,
 * G garment, C colour, S size, Y season, K condition, E ending, W wearer,
 * N style number. All else stands as it is. */
extern const char *const market_words_titles[], *const market_words_wanted[];
/* Titles that say nothing, and prices nobody means. */
extern const char *const market_words_hollow[];
extern const int64_t market_words_jokes[];
extern const int market_words_n_jokes;

#endif
