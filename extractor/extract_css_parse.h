/* extract_css_parse.h: the syntax of selectors, within extract_css. A list of
 * chains of compounds, whose tests are already XPath predicates. Pure. */
#ifndef PIPED_EXTRACT_CSS_PARSE_H
#define PIPED_EXTRACT_CSS_PARSE_H

#include "base/buf.h"
#include "extractor/extract_css.h"

#define CSS_MOST_PARTS 16  /* compounds of a chain */
#define CSS_MOST_CHAINS 16 /* chains of a list */
#define CSS_DEPTH 4	   /* :not(:has(...)) */
#define EXTRACT_CSS_ROOM 65536

/* A test as extract_walk does it; the same stands in `tests` as XPath. */
enum css_test_kind {
	CSS_HAS,    /* has the attribute */
	CSS_EQUALS, /* the attribute's value is `value` */
	CSS_WORD,   /* has it as a word */
	CSS_STARTS,
	CSS_ENDS,
	CSS_PART, /* contains it */
	CSS_DASH, /* is it, or starts with it and a - */
	CSS_NTH,  /* place among its siblings: a * n + b, from 1 */
};

#define CSS_MOST_TESTS 8 /* of a compound, as the walk does them */

struct css_test {
	enum css_test_kind kind;
	bool fold;	    /* letters in any case; `value` is in lower case */
	bool of_type, last; /* CSS_NTH: siblings of the same name; counted from the end */
	int a, b;
	struct str name, value; /* NUL-terminated */
};

struct css_compound {
	char joint;	  /* to what stands left: ' ' '>' '+' '~'; 0: nothing stands there */
	bool scope;	  /* :scope */
	struct str name;  /* XPath node test: "a", "*" */
	struct str tests; /* XPath predicates: "[@id='x'][...]" */
	struct css_test *test;
	int n_tests;
	bool other; /* has a test that `test` doesn't say */
};

struct css_chain {
	struct css_compound *part;
	int n;
};

struct css_list {
	struct css_chain *chain;
	int n;
	enum extract_css_tail tail;
	struct str attr;
};

/* A selector being read. `bad` once the first error stands in `why`. */
struct css_reader {
	struct str text;
	size_t at;
	int depth;
	bool bad;
	struct arena *a;
	struct reason *why;
};

enum err extract_css_parse(struct str selector, struct arena *a, struct css_list *ret,
			   struct reason *why);
/* Up to the end or an unmatched `)`. */
bool extract_css_parse_list(struct css_reader *r, struct css_list *ret);

/* Adds a test to what the walk does. */
void extract_css_note(struct css_compound *c, struct arena *a, struct css_test test);

/* XPath that holds when the node at the chain's end is on `axis`. */
void extract_css_test(const struct css_chain *chain, const char *axis, struct buf *to);
/* XPath that walks from the context node along the chain. */
void extract_css_path(const struct css_chain *chain, struct buf *to);

/* Tokens. The readers of names and strings answer in the arena, escapes undone. */
bool extract_css_fail(struct css_reader *r, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
int extract_css_peek(const struct css_reader *r); /* -1 at the end */
bool extract_css_take(struct css_reader *r, char c);
bool extract_css_space(struct css_reader *r); /* skips it; true if any */
bool extract_css_name(struct css_reader *r, const char *what, struct str *ret);
bool extract_css_string(struct css_reader *r, const char *what, struct str *ret);
/* Adds `s` as an XPath string. */
void extract_css_quote(struct str s, struct buf *to);

/* `:name` and what follows it, as predicates; the colon is taken. */
bool extract_css_pseudo(struct css_reader *r, struct css_compound *c, struct buf *to);

#endif
