#include "extractor/extract_sel.h"

#include "extractor/extract_relation.h"

static const struct conf_sel none = { .kind = SEL_NONE };

const struct conf_sel *extract_sel(const struct conf_page *page, int i)
{
	switch (i) {
	case EXTRACT_SEL_ITEMS:
		return &page->items;
	case EXTRACT_SEL_SKIP:
		return &page->skip;
	case EXTRACT_SEL_MORE:
		return &page->paging.more;
	case EXTRACT_SEL_LAST:
		return &page->paging.last;
	case EXTRACT_SEL_NEXT:
		return page->paging.rel_next && page->format != FORMAT_JSON ? &extract_relation_next
									    : &page->paging.next;
	case EXTRACT_SEL_TOTAL:
		return &page->paging.total;
	case EXTRACT_SEL_CANONICAL:
		return page->canonical && page->format != FORMAT_JSON ? &extract_relation_canonical
								      : &none;
	default:
		break;
	}
	i -= EXTRACT_SEL_FIELDS;
	if (i < page->n_fields)
		return &page->fields[i].sel;
	i -= page->n_fields;
	if (i < page->n_links)
		return &page->links[i].sel;
	i -= page->n_links;
	return i < page->n_values ? &page->values[i].sel : NULL;
}

const char *extract_sel_name(const struct conf_page *page, int i)
{
	static const char *const names[EXTRACT_SEL_FIELDS] = {
		[EXTRACT_SEL_ITEMS] = "items",	       [EXTRACT_SEL_SKIP] = "skip",
		[EXTRACT_SEL_MORE] = "more",	       [EXTRACT_SEL_LAST] = "last",
		[EXTRACT_SEL_NEXT] = "next",	       [EXTRACT_SEL_TOTAL] = "total",
		[EXTRACT_SEL_CANONICAL] = "canonical",
	};

	if (i < EXTRACT_SEL_FIELDS)
		return names[i];
	i -= EXTRACT_SEL_FIELDS;
	if (i < page->n_fields)
		return listing_fields[page->fields[i].field].name;
	return i < page->n_fields + page->n_links ? "links" : "values";
}
