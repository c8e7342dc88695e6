#include "serve/body.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

/* jansson recurses; brackets are counted before it starts. */
bool body_too_deep(struct str s)
{
	bool text = false;
	int depth = 0;

	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (text && c == '\\')
			i++;
		else if (c == '"')
			text = !text;
		else if (!text && (c == '{' || c == '[') && ++depth > BODY_DEPTH)
			return true;
		else if (!text && (c == '}' || c == ']'))
			depth--;
	}
	return false;
}

static struct str text_of(struct arena *a, const json_t *v)
{
	return arena_str(a, (struct str){ json_string_value(v), json_string_length(v) });
}

static struct str dump(struct arena *a, const json_t *v)
{
	char *text = json_dumps(v, JSON_ENCODE_ANY | JSON_COMPACT);
	struct str s = arena_text(a, text);

	free(text); /* jansson's, by its allocator */
	return s;
}

static bool read_texts(struct arena *a, const json_t *v, struct body_member *m)
{
	size_t n = json_array_size(v);

	for (size_t i = 0; i < n; i++)
		if (!json_is_string(json_array_get(v, i)))
			return false;
	m->texts = arena_array(a, n, sizeof(*m->texts));
	for (size_t i = 0; i < n; i++)
		m->texts[i] = text_of(a, json_array_get(v, i));
	m->n_texts = (int)n;
	return true;
}

static enum err read_member(struct arena *a, const char *name, const json_t *v,
			    struct body_member *m, struct reason *why)
{
	*m = (struct body_member){ .name = arena_text(a, name), .type = BODY_OTHER };
	if (json_is_string(v)) {
		m->type = BODY_TEXT;
		m->text = text_of(a, v);
	} else if (json_is_integer(v)) {
		m->type = BODY_INT;
		m->n = json_integer_value(v);
	} else if (json_is_boolean(v)) {
		m->type = BODY_BOOL;
		m->yes = json_is_true(v);
	} else if (json_is_null(v)) {
		m->type = BODY_NULL;
	} else if (json_is_array(v)) {
		if (json_array_size(v) > BODY_TEXTS_MOST)
			return reason_set(why, ERR_TOO_BIG, "`%s` has more than %d elements", name,
					  BODY_TEXTS_MOST);
		if (read_texts(a, v, m))
			m->type = BODY_TEXTS;
	}
	m->json = dump(a, v);
	return ERR_OK;
}

static enum err read_object(json_t *o, struct arena *a, struct body_member **ret, int *ret_n,
			    struct reason *why)
{
	struct body_member *m;
	size_t n = json_object_size(o);
	enum err err = ERR_OK;
	const char *name;
	json_t *v;
	int i = 0;

	if (n > BODY_MEMBERS)
		return reason_set(why, ERR_TOO_BIG, "more than %d members", BODY_MEMBERS);
	m = arena_array(a, n ? n : 1, sizeof(*m));
	json_object_foreach(o, name, v)
	{
		err = read_member(a, name, v, &m[i++], why);
		if (err)
			return err;
	}
	*ret = m;
	*ret_n = i;
	return ERR_OK;
}

enum err body_read(struct str bytes, struct arena *a, struct body_member **ret, int *ret_n,
		   struct reason *why)
{
	json_error_t at;
	enum err err;
	json_t *o;

	if (bytes.n > BODY_BYTES)
		return reason_set(why, ERR_TOO_BIG, "the body is longer than %zu bytes",
				  BODY_BYTES);
	if (body_too_deep(bytes))
		return reason_set(why, ERR_TOO_BIG, "nested deeper than %d", BODY_DEPTH);
	o = json_loadb(bytes.p, bytes.n, JSON_REJECT_DUPLICATES, &at);
	if (!o)
		return reason_set(why, ERR_BAD, "not JSON: line %d, column %d: %s", at.line,
				  at.column, at.text);
	if (json_is_object(o))
		err = read_object(o, a, ret, ret_n, why);
	else
		err = reason_set(why, ERR_BAD, "the body must be a JSON object");
	json_decref(o);
	return err;
}

static enum err read_elements(const json_t *all, struct arena *a, struct body_object *to,
			      struct reason *why)
{
	for (size_t i = 0; i < json_array_size(all); i++) {
		json_t *o = json_array_get(all, i);
		struct reason inner;
		enum err err;

		if (!json_is_object(o))
			return reason_set(why, ERR_BAD, "element %zu is no object", i);
		err = read_object(o, a, &to[i].members, &to[i].n, &inner);
		if (err)
			return reason_set(why, err, "element %zu: %s", i, inner.text);
	}
	return ERR_OK;
}

enum err body_read_objects(struct str json, struct arena *a, struct body_object **ret, int *ret_n,
			   struct reason *why)
{
	struct body_object *list;
	enum err err;
	json_error_t at;
	json_t *all;
	size_t n;

	if (body_too_deep(json))
		return reason_set(why, ERR_TOO_BIG, "nested deeper than %d", BODY_DEPTH);
	all = json_loadb(json.p, json.n, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &at);
	if (!all || !json_is_array(all)) {
		json_decref(all);
		return reason_set(why, ERR_BAD, "not an array");
	}
	n = json_array_size(all);
	list = arena_array(a, n ? n : 1, sizeof(*list));
	err = n > BODY_TEXTS_MOST
		      ? reason_set(why, ERR_TOO_BIG, "more than %d elements", BODY_TEXTS_MOST)
		      : read_elements(all, a, list, why);
	json_decref(all);
	if (err)
		return err;
	*ret = list;
	*ret_n = (int)n;
	return ERR_OK;
}
