/* extract_xpath.h: compiled CSS and XPath selectors over one HTML page
 * (libxml2). One thread at a time. Steps are counted: see EXTRACT_MOST_STEPS. */
#ifndef PIPED_EXTRACT_XPATH_H
#define PIPED_EXTRACT_XPATH_H

#include "config/conf.h"
#include "extractor/extract_html_page.h"
#include "extractor/extract_plain.h"

#include <libxml/xpath.h>

/* Nodes that all selectors together may look at on one page. */
#define EXTRACT_MOST_STEPS 50000000

struct extract_xpath;

/* ERR_BAD: "column 5: expected ]". */
enum err extract_xpath_new(const struct conf_sel *sel, struct extract_xpath **ret,
			   struct reason *why);
void extract_xpath_free(struct extract_xpath *x);
/* What a walk finds instead; NULL when only libxml2 can. */
const struct extract_plain *extract_xpath_plain(const struct extract_xpath *x);

/* A page with its count of steps; `page` is borrowed. */
struct extract_xpath_run {
	struct extract_html_page *page;
	xmlXPathContextPtr ctx;
	int64_t walk_left; /* steps of walks; theirs are counted apart */
	bool spent;	   /* of steps; nothing is found any more */
	bool ordered;	   /* libxml2 has numbered the elements, to sort them */
};
void extract_xpath_begin(struct extract_xpath_run *r, struct extract_html_page *page);
void extract_xpath_end(struct extract_xpath_run *r);

/* What a selector finds: nodes in document order, or a value of an XPath that is
 * no path. */
struct extract_found {
	xmlNodePtr *nodes;
	int n;			/* nodes; 1 for a value */
	xmlXPathObjectPtr made; /* by libxml2; NULL: by a walk, or nothing */
};

/* What `x` finds from `from` (NULL: the page), by libxml2; nothing once the steps are
 * spent. For extract_xpath_done. */
struct extract_found extract_xpath_find(struct extract_xpath_run *r, const struct extract_xpath *x,
					xmlNodePtr from);
void extract_xpath_done(struct extract_found *f);

/* The value, if it is one. */
bool extract_xpath_is_value(const struct extract_found *f);
/* Found anything; of a value: true, not 0, not empty. */
bool extract_xpath_any(const struct extract_found *f);
/* The i-th of what was found as text (see extract_css.h), in the arena;
 * `link`: an element without ::attr() stands for its href. {0}: none. */
struct str extract_xpath_text(struct extract_xpath_run *r, const struct extract_xpath *x,
			      const struct extract_found *f, int i, bool link, struct arena *a);

#endif
