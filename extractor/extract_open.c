#include "extractor/extract_open.h"

#include "extractor/extract_nest.h"

#include <string.h>

void extract_open_init(struct extract_open *o, const struct extract_want *want)
{
	extract_nest_init();
	o->want = want;
	o->lost = want->elements;
	o->had_head = o->had_body = false;
	o->n = 0;
}

static struct extract_open_element *top(struct extract_open *o)
{
	return &o->element[o->n - 1];
}

/* The innermost one ends. One that nothing is wanted of goes; its tags stay where its
 * siblings are counted, or where its start tag ended what came before. */
static char *pop(struct extract_open *o, char *to)
{
	const struct extract_open_element *e = &o->element[--o->n];

	if (e->keep) {
		top(o)->keep = true;
		return to;
	}
	return o->want->siblings || e->ended ? e->content : e->start;
}

/* Filled in where it stays: there is one for each tag of a page. */
static struct extract_open_element *push(struct extract_open *o, const struct extract_open_tag *t,
					 int tag, char *content)
{
	struct extract_open_element *e = &o->element[o->n++];
	bool whole = o->n > 1 && e[-1].whole;
	enum extract_want_what what =
		whole ? EXTRACT_WANT_CONTENT
		      : extract_want_tag(o->want, t->name, t->attr, t->n_attr);

	e->name = t->name;
	e->tag = tag;
	e->start = t->start;
	e->content = content;
	e->keep = what != EXTRACT_WANT_NOTHING;
	e->whole = what == EXTRACT_WANT_CONTENT;
	e->ended = false;
	return e;
}

/* html, head and body stand where they belong, once. */
static bool frames_page(struct extract_open *o, int tag)
{
	bool in_html = o->n == 1;

	switch (tag) {
	case EXTRACT_NEST_HTML:
		return o->n == 0;
	case EXTRACT_NEST_HEAD:
		in_html &= !o->had_head && !o->had_body;
		o->had_head = true;
		break;
	case EXTRACT_NEST_BODY:
		in_html &= !o->had_body;
		o->had_body = true;
		break;
	default:
		return false;
	}
	return in_html;
}

/* What a start tag ends is taken off; the tag itself moves behind what is left. */
static char *end_before(struct extract_open *o, int tag, char **start, char *to)
{
	char *at = *start;

	do
		at = pop(o, at);
	while (o->n > 1 && extract_nest_ends(tag, top(o)->tag));
	memmove(at, *start, (size_t)(to - *start));
	to -= *start - at;
	*start = at;
	return to;
}

char *extract_open_start(struct extract_open *o, const struct extract_open_tag *given, char *to)
{
	struct extract_open_tag t = *given;
	int tag = extract_nest_tag(t.name.p, t.name.n);
	bool ended;

	if (o->lost || o->n == EXTRACT_OPEN_DEPTH) {
		o->lost = true;
		return to;
	}
	if (tag >= EXTRACT_NEST_HTML && tag <= EXTRACT_NEST_BODY) {
		o->lost = t.empty || !frames_page(o, tag);
		push(o, &t, tag, to)->keep = true;
		return to;
	}
	ended = o->n > 1 && extract_nest_ends(tag, top(o)->tag);
	if (ended)
		to = end_before(o, tag, &t.start, to);
	/* libxml2 would make a head or a body of its own for it */
	if (o->n < 2 || extract_nest_frame(tag)) {
		o->lost = true;
		return to;
	}
	push(o, &t, tag, to)->ended = ended;
	return t.empty || extract_nest_empty(tag) ? pop(o, to) : to;
}

/* Which one it ends; 0: none, or it is not clear. */
static int ended_by(struct extract_open *o, int tag, struct str name)
{
	int at = o->n - 1;

	while (at >= 0 && !str_eq_nocase(o->element[at].name, name)) {
		if (extract_nest_strong(o->element[at].tag))
			o->lost = true;
		at--;
	}
	if (at < 0) {
		/* nothing, but that of a <p> makes one */
		o->lost = tag == EXTRACT_NEST_P || o->n < 2;
		return 0;
	}
	return at;
}

char *extract_open_end(struct extract_open *o, struct str name, char *to, bool *ret_written)
{
	int tag = extract_nest_tag(name.p, name.n), at;
	bool keep;

	*ret_written = true;
	if (o->lost)
		return to;
	if (tag == EXTRACT_NEST_HTML || tag == EXTRACT_NEST_BODY ||
	    (tag == EXTRACT_NEST_HEAD && !(o->n == 2 && top(o)->tag == tag))) {
		o->lost = true;
		return to;
	}
	at = ended_by(o, tag, name);
	if (o->lost || at == 0)
		return to;
	while (o->n > at + 1)
		to = pop(o, to);
	keep = top(o)->keep;
	*ret_written = keep || o->want->siblings || top(o)->ended;
	return pop(o, to);
}

void extract_open_text(struct extract_open *o, struct str text)
{
	/* which begins a body, or a paragraph */
	if (o->n < 2 || top(o)->tag == EXTRACT_NEST_HEAD)
		o->lost |= str_trim(text).n > 0;
}

bool extract_open_drops(const struct extract_open *o)
{
	return !o->lost && o->n >= 2 && !o->element[o->n - 1].whole;
}
