#include "extractor/extract_schema.h"

#include "base/hash.h"
#include "extractor/extract_entity.h"

#define MOST_IDS 20000
#define MOST_HOPS 4 /* from reference to reference, and of lists in lists */

static const struct extract_node *id_of(const struct extract_node *n)
{
	const struct extract_node *id = extract_node_get(n, "@id");

	return id && id->kind == EXTRACT_TEXT && id->text.n ? id : NULL;
}

/* It says more than which one is meant. */
static bool is_told(const struct extract_node *n)
{
	for (const struct extract_node *c = n->first; c; c = c->next)
		if (!str_is(c->key, "@id") && !str_is(c->key, "@type"))
			return true;
	return false;
}

static size_t count_ids(const struct extract_node *n)
{
	size_t ids = n->kind == EXTRACT_OBJECT && id_of(n) && is_told(n);

	for (const struct extract_node *c = n->first; c; c = c->next)
		ids += count_ids(c);
	return ids;
}

static const struct extract_node **slot_of(const struct extract_schema *s, struct str id)
{
	size_t i = (size_t)hash64(id, 0) & (s->n_slots - 1);

	while (s->slot[i] && !str_eq(id_of(s->slot[i])->text, id))
		i = (i + 1) & (s->n_slots - 1);
	return &s->slot[i];
}

static void put_ids(struct extract_schema *s, const struct extract_node *n)
{
	const struct extract_node **slot;

	if (n->kind == EXTRACT_OBJECT && id_of(n) && is_told(n)) {
		slot = slot_of(s, id_of(n)->text);
		if (!*slot)
			*slot = n;
	}
	for (const struct extract_node *c = n->first; c; c = c->next)
		put_ids(s, c);
}

void extract_schema_init(struct extract_schema *s, const struct extract_node *docs, struct arena *a)
{
	size_t n = count_ids(docs);

	*s = (struct extract_schema){ .a = a };
	if (!n || n > MOST_IDS)
		return;
	for (s->n_slots = 4; s->n_slots < 2 * n;)
		s->n_slots *= 2;
	s->slot = arena_array(a, s->n_slots, sizeof(const struct extract_node *));
	s->left = arena_zero(a, sizeof(*s->left));
	*s->left = EXTRACT_SCHEMA_FOLLOWED;
	put_ids(s, docs);
}

/* Behind the last / # or : */
static struct str short_name(struct str s)
{
	size_t i = s.n;

	while (i && s.p[i - 1] != '/' && s.p[i - 1] != '#' && s.p[i - 1] != ':')
		i--;
	return str_sub(s, i, s.n);
}

bool extract_schema_is(const struct extract_node *n, const char *type)
{
	const struct extract_node *given = extract_node_get(n, "@type"), *c;

	if (!given && extract_node_get(n, "properties"))
		given = extract_node_get(n, "type");
	if (!given)
		return false;
	if (given->kind == EXTRACT_TEXT)
		return str_is(short_name(given->text), type);
	for (c = given->first; c; c = c->next)
		if (c->kind == EXTRACT_TEXT && str_is(short_name(c->text), type))
			return true;
	return false;
}

static const struct extract_node *followed(const struct extract_schema *s,
					   const struct extract_node *n)
{
	const struct extract_node *id;

	if (!n || n->kind != EXTRACT_OBJECT || !s->n_slots || is_told(n))
		return n;
	id = id_of(n);
	/* a few lists of references to each other are no end of things */
	if (id && *s->left > 0 && (*s->left)-- && *slot_of(s, id->text))
		return *slot_of(s, id->text);
	return n;
}

/* Expanded names are those of RDFa. */
static const struct extract_node *raw(const struct extract_node *n, const char *name)
{
	const struct extract_node *properties = extract_node_get(n, "properties"), *found;

	if (!n || n->kind != EXTRACT_OBJECT)
		return NULL;
	if (properties && properties->kind == EXTRACT_OBJECT)
		n = properties;
	found = extract_node_get(n, name);
	if (found)
		return found;
	for (found = n->first; found; found = found->next)
		if (str_find(found->key, STR("schema")) >= 0 &&
		    str_is(short_name(found->key), name))
			return found;
	return NULL;
}

const struct extract_node *extract_schema_at(const struct extract_schema *s,
					     const struct extract_node *n, int i)
{
	if (!n || n->kind != EXTRACT_ARRAY)
		return i ? NULL : followed(s, n);
	for (n = n->first; n && i; n = n->next)
		i--;
	return followed(s, n);
}

const struct extract_node *extract_schema_get(const struct extract_schema *s,
					      const struct extract_node *n, const char *name)
{
	n = raw(n, name);
	if (n && n->kind == EXTRACT_ARRAY && n->first && !n->first->next)
		n = n->first;
	return followed(s, n);
}

static struct str text_of(const struct extract_schema *s, const struct extract_node *n, int hops)
{
	static const char *const names[] = { "@value", "name", "value", "url", "@id" };
	struct str text = { 0 };

	n = followed(s, n);
	if (!n || hops > MOST_HOPS)
		return text;
	if (n->kind == EXTRACT_NUMBER)
		return n->text;
	if (n->kind == EXTRACT_TEXT)
		return str_trim(extract_entity_decode(n->text, s->a));
	if (n->kind == EXTRACT_ARRAY) {
		for (n = n->first; n && !text.n; n = n->next)
			text = text_of(s, n, hops + 1);
		return text;
	}
	for (size_t i = 0;
	     n->kind == EXTRACT_OBJECT && i < sizeof(names) / sizeof(names[0]) && !text.n; i++)
		text = text_of(s,
			       i == 0 || i == 4 ? extract_node_get(n, names[i]) : raw(n, names[i]),
			       hops + 1);
	return text;
}

struct str extract_schema_text(const struct extract_schema *s, const struct extract_node *n)
{
	struct str text = text_of(s, n, 0);

	return text.n ? text : (struct str){ 0 };
}

struct str extract_schema_value(const struct extract_schema *s, const struct extract_node *n,
				const char *name)
{
	return extract_schema_text(s, raw(n, name));
}
