#include "pipectl/studio.h"

#include "base/mem.h"
#include "base/str.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

struct studio {
	char path[PATH_MAX];
	FILE *file;
	json_t *task;	   /* the one whose annotations are read */
	size_t annotation; /* its next */
	int64_t n, ours;
	bool end;
};

static enum err broken(const struct studio *s, const char *what, struct reason *why)
{
	return reason_set(why, ERR_BAD, "%s: task %lld: %s", s->path, (long long)s->n + 1, what);
}

/* The next character that is no white space. */
static int next_mark(struct studio *s)
{
	int c;

	do
		c = fgetc(s->file);
	while (c == ' ' || c == '\n' || c == '\r' || c == '\t');
	return c;
}

enum err studio_open(const char *path, struct studio **ret, struct reason *why)
{
	struct studio *s = mem_zero(sizeof(*s));
	enum err err = ERR_OK;

	snprintf(s->path, sizeof(s->path), "%s", path);
	s->file = fopen(path, "re");
	if (!s->file)
		err = reason_set(why, ERR_IO, "cannot read %s: %s", path, strerror(errno));
	else if (next_mark(s) != '[')
		err = reason_set(why, ERR_BAD, "%s: no array of tasks", path);
	if (err)
		studio_close(s);
	else
		*ret = s;
	return err;
}

void studio_close(struct studio *s)
{
	if (!s)
		return;
	json_decref(s->task);
	if (s->file)
		fclose(s->file);
	mem_free(s);
}

int64_t studio_task(const struct studio *s)
{
	return s->n;
}

int64_t studio_ours(const struct studio *s)
{
	return s->ours;
}

static enum err next_task(struct studio *s, struct reason *why)
{
	json_error_t e;
	int c = next_mark(s);

	json_decref(s->task);
	s->task = NULL;
	s->annotation = 0;
	if (c == ']') {
		s->end = true;
		return ERR_OK;
	}
	if (s->n && c == ',')
		c = next_mark(s);
	if (c != '{')
		return broken(s, c == EOF ? "the file ends within the array" : "no JSON object",
			      why);
	ungetc(c, s->file);
	s->task = json_loadf(s->file, JSON_DISABLE_EOF_CHECK, &e);
	if (!s->task)
		return broken(s, e.text, why);
	s->n++;
	return ERR_OK;
}

/* The one choice, and the name of its result. */
static const char *choice_of(const json_t *annotation, const char **ret_id)
{
	const json_t *r, *choices;
	size_t i;

	json_array_foreach(json_object_get(annotation, "result"), i, r)
	{
		choices = json_object_get(json_object_get(r, "value"), "choices");
		if (json_array_size(choices) != 1)
			continue;
		*ret_id = json_string_value(json_object_get(r, "id"));
		return json_string_value(json_array_get(choices, 0));
	}
	return NULL;
}

/* piped-LABEL-CATEGORY, and that is the choice: it is what was exported, then it is no word of
 * whoever loaded the tasks. */
static bool is_ours(const char *id, const char *choice)
{
	const char *was = id && strncmp(id, "piped-", 6) == 0 ? strchr(id + 6, '-') : NULL;

	return was && strcmp(was + 1, choice) == 0;
}

static json_t *who_of(const json_t *annotation)
{
	const json_t *by = json_object_get(annotation, "completed_by");
	const json_t *email = json_object_get(by, "email");

	if (json_is_string(email))
		return json_string(json_string_value(email));
	if (json_is_object(by))
		by = json_object_get(by, "id");
	if (json_is_integer(by))
		return json_sprintf("labelstudio:%lld", (long long)json_integer_value(by));
	return json_is_string(by) ? json_string(json_string_value(by)) : NULL;
}

static json_t *row_name(const struct studio *s, const json_t *annotation)
{
	const json_t *id = json_object_get(annotation, "unique_id");

	if (json_is_string(id))
		return json_string(json_string_value(id));
	id = json_object_get(annotation, "id");
	if (json_is_integer(id))
		return json_sprintf("annotation %lld", (long long)json_integer_value(id));
	return json_sprintf("task %lld annotation %zu", (long long)s->n, s->annotation);
}

static void set(json_t *row, const char *name, const json_t *value)
{
	if (value && !json_is_null(value))
		json_object_set_new(row, name, json_deep_copy(value));
}

static json_t *row_of(const struct studio *s, const json_t *annotation, const char *choice)
{
	const json_t *data = json_object_get(s->task, "data");
	const json_t *when = json_object_get(annotation, "updated_at");
	json_t *row = json_pack("{}"), *who = who_of(annotation);

	json_object_set_new(row, "row", row_name(s, annotation));
	if (who)
		json_object_set_new(row, "who", who);
	set(row, "listing", json_object_get(data, "piped"));
	if (!json_object_get(row, "listing"))
		set(row, "url", json_object_get(data, "url"));
	set(row, "when", when ? when : json_object_get(annotation, "created_at"));
	json_object_set_new(row, "category", json_string(choice));
	return row;
}

/* Of the task at hand; NULL: it has no more. */
static json_t *next_of_task(struct studio *s)
{
	const json_t *all = json_object_get(s->task, "annotations"), *a;

	while ((a = json_array_get(all, s->annotation))) {
		const char *id = NULL, *choice = choice_of(a, &id);

		s->annotation++;
		if (!choice || json_is_true(json_object_get(a, "was_cancelled")))
			continue;
		if (!is_ours(id, choice))
			return row_of(s, a, choice);
		s->ours++;
	}
	return NULL;
}

enum err studio_next(struct studio *s, json_t **ret, struct reason *why)
{
	enum err err = ERR_OK;

	*ret = NULL;
	while (!err && !s->end && !(*ret = next_of_task(s)))
		err = next_task(s, why);
	return err;
}
