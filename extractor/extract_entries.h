/* extract_entries.h: the entries of an XML sitemap (urlset, sitemapindex; as
 * sitemaps.org/protocol.html says) or of a feed (RSS 0.9x and 2.0, RSS 1.0, Atom
 * 0.3 and RFC 4287). Elements are known by their local names, whatever namespace
 * they are in, as sites get these wrong. Pure. */
#ifndef PIPED_EXTRACT_ENTRIES_H
#define PIPED_EXTRACT_ENTRIES_H

#include "base/arena.h"
#include "base/err.h"

struct extract_entry {
	struct str url; /* as found, against xml:base if there is one; none: no address */
	bool nested;	/* another sitemap */
	/* It is another language's version of the entry that it stands in, which comes
	 * later; {0}: it is the entry. */
	struct str hreflang;
	int64_t lastmod_ms, change_ms; /* as in struct extract_link */
	const char *name;	       /* of its element: "url", "item" */
	int line;
};

struct extract_entries_in {
	struct str text, url; /* well-formed UTF-8; where it is from */
	bool only_feeds;
	/* Borrows the entry. */
	void (*each)(void *ctx, const struct extract_entry *e);
	void *ctx;
};

/* ERR_BAD: neither a sitemap nor a feed, `why` says what else. *ret_whole: nothing
 * was wrong with the XML; otherwise what could be read was, and `why` says where
 * it broke first. */
enum err extract_entries(const struct extract_entries_in *in, struct arena *a, bool *ret_whole,
			 struct reason *why);

#endif
