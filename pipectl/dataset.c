#include "pipectl/dataset.h"

#include "base/mem.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

static const struct {
	const char *format;
	enum records_how how;
} formats[] = {
	{ "jsonl", RECORDS_JSONL },   { "csv", RECORDS_CSV },
	{ "tsv", RECORDS_TSV },	      { "huggingface", RECORDS_JSONL },
	{ "croissant", RECORDS_CSV }, { "imagefolder", RECORDS_JSONL },
};

struct dataset {
	char folder[PATH_MAX], path[PATH_MAX];
	json_t *manifest;
	enum records_how how;
	const char *columns[DATASET_COLUMNS_MOST]; /* of the manifest */
	int n_columns;
	struct records *rows;
};

static enum err read_columns(struct dataset *d, struct reason *why)
{
	const json_t *c;
	size_t i;

	json_array_foreach(json_object_get(d->manifest, "columns"), i, c)
	{
		const char *name = json_string_value(json_object_get(c, "name"));

		if (!name || d->n_columns == DATASET_COLUMNS_MOST)
			return reason_set(why, ERR_BAD, "%s names columns that cannot be", d->path);
		d->columns[d->n_columns++] = name;
	}
	return ERR_OK;
}

static enum err read_manifest(struct dataset *d, struct reason *why)
{
	json_error_t e;
	const char *format;

	if (snprintf(d->path, sizeof(d->path), "%s/manifest.json", d->folder) >= PATH_MAX)
		return reason_set(why, ERR_TOO_BIG, "path too long: %s", d->folder);
	d->manifest = json_load_file(d->path, 0, &e);
	if (!d->manifest)
		return reason_set(why, ERR_NOT_FOUND, "%s is no dataset: %s", d->folder, e.text);
	format = json_string_value(json_object_get(d->manifest, "format"));
	if (!format || !json_is_array(json_object_get(d->manifest, "columns")))
		return reason_set(why, ERR_BAD, "%s was not written by pipectl export", d->path);
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
		if (strcmp(format, formats[i].format) != 0)
			continue;
		d->how = formats[i].how;
		return read_columns(d, why);
	}
	return reason_set(why, ERR_UNSUPPORTED, "%s is of format %s, whose rows have no columns",
			  d->folder, format);
}

enum err dataset_open(const char *folder, struct dataset **ret, struct reason *why)
{
	struct dataset *d = mem_zero(sizeof(*d));
	enum err err;

	snprintf(d->folder, sizeof(d->folder), "%s", folder);
	err = read_manifest(d, why);
	if (err)
		dataset_close(d);
	else
		*ret = d;
	return err;
}

void dataset_close(struct dataset *d)
{
	if (!d)
		return;
	records_close(d->rows);
	json_decref(d->manifest);
	mem_free(d);
}

const char *dataset_format(const struct dataset *d)
{
	return json_string_value(json_object_get(d->manifest, "format"));
}

const json_t *dataset_manifest(const struct dataset *d)
{
	return d->manifest;
}

int dataset_columns(const struct dataset *d)
{
	return d->n_columns;
}

const char *dataset_column(const struct dataset *d, int i)
{
	return d->columns[i];
}

int dataset_find(const struct dataset *d, const char *column)
{
	for (int i = 0; i < d->n_columns; i++)
		if (strcmp(d->columns[i], column) == 0)
			return i;
	return -1;
}

enum err dataset_begin(struct dataset *d, enum split s, struct reason *why)
{
	const json_t *f = json_array_get(json_object_get(d->manifest, "files"), (size_t)s);
	const char *name = json_string_value(json_object_get(f, "name"));

	if (!name || strncmp(name, split_name(s), strlen(split_name(s))) != 0 ||
	    snprintf(d->path, sizeof(d->path), "%s/%s", d->folder, name) >= PATH_MAX)
		return reason_set(why, ERR_BAD, "the manifest of %s names no file of %s", d->folder,
				  split_name(s));
	records_close(d->rows);
	d->rows = NULL;
	return records_open(d->path, d->how, d->columns, d->n_columns, &d->rows, why);
}

enum err dataset_next(struct dataset *d, struct str cells[DATASET_COLUMNS_MOST], bool *ret_row,
		      struct reason *why)
{
	bool again;

	return records_next(d->rows, cells, ret_row, &again, why);
}
