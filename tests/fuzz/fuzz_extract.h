/* fuzz_extract.h: what every page that was read holds to. */
#ifndef PIPED_FUZZ_EXTRACT_H
#define PIPED_FUZZ_EXTRACT_H

#include "base/utf8.h"
#include "extractor/extractor.h"
#include "tests/fuzz/fuzz.h"

static inline void fuzz_extract_text(struct str s)
{
	must(utf8_valid(s) && str_find_char(s, 0) < 0);
}

/* Of format auto every field may be there. */
static inline void fuzz_extract_found(const struct listing_raw *l)
{
	must(l->field[FIELD_TITLE].p);
	for (int i = 0; i < FIELD_COUNT; i++) {
		must(l->field[i].n <= listing_raw_bytes((enum listing_field)i));
		fuzz_extract_text(l->field[i]);
	}
}

static inline void fuzz_extract_listing(const struct conf_page *page, const struct listing_raw *l)
{
	for (int i = 0; i < page->n_fields; i++) {
		const struct conf_field *f = &page->fields[i];
		struct str s = l->field[f->field];

		must(s.p || !f->required);
		must(s.n <= listing_raw_bytes(f->field));
		fuzz_extract_text(s);
	}
}

/* Runs `page` over a body and checks the answer. */
static inline void fuzz_extract_run(struct extractor *x, const struct conf_source *source,
				    const struct conf_page *page, struct str body,
				    struct str content_type)
{
	const struct extract_in in = {
		.source = source,
		.page = page,
		.body = body,
		.content_type = content_type,
		.url = STR("https://shop.example/a/list?page=1"),
	};
	struct arena *a = arena_new(FUZZ_ARENA);
	struct reason why = { "" };
	struct extract_out out;
	int counted = 0;
	enum err err = extractor_run(x, &in, a, &out, &why);

	if (err) {
		must((err == ERR_BAD || err == ERR_TOO_BIG) && why.text[0]);
		arena_free(a);
		return;
	}
	must(out.items == out.n_listings + out.skipped + out.rejected);
	must(out.n_rejects == (out.rejected < REJECT_MOST ? out.rejected : REJECT_MOST));
	for (int i = 0; i < REJECTS; i++)
		counted += out.reject_times[i];
	must(counted == out.rejected);
	for (int i = 0; i < out.n_rejects; i++) {
		must(out.rejects[i].raw.place >= 1 && out.rejects[i].raw.place <= out.items);
		fuzz_extract_text(out.rejects[i].why);
	}
	if (!conf_format_links(page->format))
		must(out.items <= EXTRACT_MOST_ITEMS && out.n_links <= EXTRACT_MOST_LINKS);
	else
		must(!out.n_listings && out.n_links <= EXTRACT_MOST_ADDRESSES);
	must((out.rejected > 0) == (out.reject_reason.n > 0) && out.last >= -1);
	for (int i = 0; i < out.n_listings; i++)
		page->format == FORMAT_AUTO ? fuzz_extract_found(&out.listings[i])
					    : fuzz_extract_listing(page, &out.listings[i]);
	for (int i = 0; i < out.n_links; i++) {
		must(out.links[i].url.n && out.links[i].page.n);
		must(out.links[i].lastmod_ms >= 0 && out.links[i].change_ms >= 0);
		fuzz_extract_text(out.links[i].url);
	}
	arena_free(a);
}

static inline struct conf_sel fuzz_extract_sel(enum conf_sel_kind kind, const char *expr)
{
	return (struct conf_sel){ .kind = kind, .expr = str_of(expr) };
}

static inline void fuzz_extract_field(struct conf_page *p, enum listing_field f,
				      enum conf_sel_kind kind, const char *expr)
{
	p->fields[p->n_fields++] = (struct conf_field){ .field = f,
							.sel = fuzz_extract_sel(kind, expr),
							.required = listing_fields[f].required };
	p->lists = true;
}

#endif
