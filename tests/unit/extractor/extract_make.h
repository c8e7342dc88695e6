/* extract_make.h: page kinds made by hand, and a page run through them. */
#ifndef PIPED_EXTRACT_MAKE_H
#define PIPED_EXTRACT_MAKE_H

#include "base/file.h"
#include "base/mem.h"
#include "extractor/extractor.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

static inline struct conf_sel sel_of(enum conf_sel_kind kind, const char *expr)
{
	return (struct conf_sel){ .kind = expr ? kind : SEL_NONE,
				  .expr = str_of(expr),
				  .at = { .file = "x.yaml", .line = 7, .column = 12 } };
}

static inline struct conf_field field_of(enum listing_field f, enum conf_sel_kind kind,
					 const char *expr)
{
	return (struct conf_field){ .field = f,
				    .sel = sel_of(kind, expr),
				    .required = listing_fields[f].required };
}

/* An extractor, what it reads and what it answered. */
struct made {
	struct found_all *found; /* gets every item; or NULL */
	struct conf conf;
	struct conf_source source;
	struct conf_page page;
	struct conf_link link;
	struct str url; /* of the page; {0}: https://shop.example/a/list?page=1 */
	struct extractor *x;
	struct arena *a;
	struct extract_out out;
	struct reason why;
};

static inline void made_init(struct made *m, enum conf_format format)
{
	*m = (struct made){ .page = { .name = STR("list"), .format = format } };
	m->source.name = STR("here");
	m->source.pages = &m->page;
	m->source.n_pages = 1;
	m->conf.sources = &m->source;
	m->conf.n_sources = 1;
	m->page.links = &m->link;
	m->x = extractor_new(&m->conf);
	m->a = arena_new(65536);
}

static inline void made_done(struct made *m)
{
	extractor_free(m->x);
	arena_free(m->a);
}

static inline void made_field(struct made *m, enum listing_field f, enum conf_sel_kind kind,
			      const char *expr)
{
	m->page.fields[m->page.n_fields++] = field_of(f, kind, expr);
	m->page.lists = true;
}

static inline void made_link(struct made *m, enum conf_sel_kind kind, const char *expr)
{
	m->link = (struct conf_link){ .sel = sel_of(kind, expr), .page = STR("detail") };
	m->page.n_links = 1;
}

static inline enum err made_run(struct made *m, struct str body, const char *content_type)
{
	struct extract_in in = {
		.found = m->found,
		.source = &m->source,
		.page = &m->page,
		.body = body,
		.content_type = str_of(content_type),
		.url = m->url.n ? m->url : STR("https://shop.example/a/list?page=1"),
	};

	arena_reset(m->a);
	m->why.text[0] = 0;
	return extractor_run(m->x, &in, m->a, &m->out, &m->why);
}

static inline void str_is_text(struct str s, const char *want)
{
	char *got;

	if (!want) {
		assert_null(s.p);
		return;
	}
	assert_non_null(s.p);
	got = mem_zero(s.n + 1);
	for (size_t i = 0; i < s.n; i++)
		got[i] = s.p[i];
	assert_string_equal(got, want);
	mem_free(got);
}

/* A saved page, as a file or a gzip file. */
static inline void made_read(const char *path, bool gz, struct buf *to)
{
	char command[700];
	size_t n;
	FILE *f;

	if (!gz) {
		assert_int_equal(file_read(path, to, NULL), ERR_OK);
		return;
	}
	snprintf(command, sizeof(command), "gzip -dc '%s'", path);
	f = popen(command, "r");
	assert_non_null(f);
	while ((n = fread(buf_room(to, 65536), 1, 65536, f)) > 0)
		to->n += n;
	assert_int_equal(pclose(f), 0);
}

#endif
