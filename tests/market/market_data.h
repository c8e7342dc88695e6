/* market_data.h: what the market sells. Read once, then read-only: any thread.
 * The text stays where it was read; items point into it by offset, so that
 * 226,865 real listings take about 70 MB. */
#ifndef PIPED_MARKET_DATA_H
#define PIPED_MARKET_DATA_H

#include "base/arena.h"
#include "base/buf.h"

struct market_item {
	uint64_t pid;
	int64_t price;
	uint32_t seen;		      /* unix seconds; the order by date */
	uint32_t title, brand, image; /* offsets in the text */
	uint16_t title_n, brand_n, image_n;
	uint16_t node;	/* its category */
	uint8_t status; /* 0 on sale, 1 reserved, 2 and 3 sold */
};

/* A category, or the root (id ""). Its lists hold everything at and below it. */
struct market_node {
	struct str id, title; /* "320300400", "자켓" */
	int parent;	      /* -1: the root */
	uint32_t n, own;      /* listings below; those exactly here */
	uint32_t *by_date;    /* newest first, then by pid */
	uint32_t *by_score;   /* an order without meaning that stays the same */
};

struct market_data {
	struct buf text;
	struct market_item *items; /* newest first, then by pid */
	uint32_t n_items;
	struct market_node *nodes;
	int n_nodes;
	struct arena *arena;
};

/* First line of a listings file. */
#define MARKET_DATA_HEADER                                                                         \
	"pid\ttitle\tcategory_id\tcategory_path\tprice_krw\tstatus\tbrand_query\t"                 \
	"first_seen_unix\timage"

/* Reads rows under MARKET_DATA_HEADER. Takes the bytes of `text`. ERR_BAD with
 * the line when one does not fit; `name` is what the message calls the text. */
enum err market_data_new(struct buf *text, const char *name, struct market_data **ret,
			 struct reason *why);
/* The same from a file, plain or gzip. */
enum err market_data_read(const char *path, struct market_data **ret, struct reason *why);
void market_data_free(struct market_data *d);

struct str market_data_title(const struct market_data *d, const struct market_item *i);
struct str market_data_brand(const struct market_data *d, const struct market_item *i);
struct str market_data_image(const struct market_data *d, const struct market_item *i);

/* The node with this id ("": the root); NULL: nothing is sold there. */
const struct market_node *market_data_node(const struct market_data *d, struct str id);
/* "남성의류>아우터>자켓", in `a`. */
struct str market_data_path(const struct market_data *d, int node, struct arena *a);

#endif
