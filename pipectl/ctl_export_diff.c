#include "base/arena.h"
#include "base/hash.h"
#include "base/mem.h"
#include "pipectl/ctl.h"
#include "pipectl/dataset.h"
#include "pipectl/screen.h"

#include <stdlib.h>
#include <string.h>

/* Rows of A held at once. Datasets of more are gone through several times, each time with the
 * rows whose key's hash falls to it, so that memory does not grow with them. */
#define HELD_MOST 200000
#define N_SLOTS ((size_t)1 << 19) /* more than twice as many */

/* A row of A: where it stands, what it is labeled, and a hash of each column that both have. */
struct held {
	uint64_t key;
	struct str name, label; /* "bunjang/101" */
	enum split split;
	bool met; /* in B */
};

struct side {
	struct dataset *d;
	int column[DATASET_COLUMNS_MOST]; /* of those that both have */
	int key[2], label;		  /* label -1: there is none */
	int64_t rows;
};

struct diff {
	struct side a, b;
	int n_columns, n_keys;
	int64_t differs[DATASET_COLUMNS_MOST]; /* rows, by column of both */
	uint64_t parts, part;
	struct held *held;
	uint32_t *hashes; /* n_columns to a row held */
	uint32_t *slots;  /* 1 + index into held */
	size_t n_held, room_held, room_hashes;
	struct arena *text;
	json_t *categories; /* code: {added, removed, gained, lost} */
	int64_t added, removed, changed, labels, sides;
	int64_t told;
	bool json, brief;
	struct reason why;
};

static struct str cell(const struct str *cells, int column)
{
	return column < 0 || !cells[column].n ? (struct str){ 0 } : cells[column];
}

static struct str name_of(const struct diff *d, const struct side *s, const struct str *cells,
			  struct arena *a)
{
	if (d->n_keys == 1)
		return arena_str(a, cell(cells, s->key[0]));
	return arena_fmt(a, "%.*s/%.*s", STR_ARG(cell(cells, s->key[0])),
			 STR_ARG(cell(cells, s->key[1])));
}

static void count(struct diff *d, struct str category, const char *what)
{
	json_t *c, *n;

	if (!category.n)
		return;
	category = arena_str(d->text, category);
	c = json_object_get(d->categories, category.p);
	if (!c) {
		c = json_pack("{s:i,s:i,s:i,s:i}", "added", 0, "removed", 0, "gained", 0, "lost",
			      0);
		json_object_set_new(d->categories, category.p, c);
	}
	n = json_object_get(c, what);
	json_integer_set(n, json_integer_value(n) + 1);
}

/* "+ bunjang/101 train women.dress" */
static void tell(struct diff *d, char sign, struct str name, enum split split, struct str label)
{
	char text[2] = { sign, 0 };
	json_t *row;

	if (d->brief)
		return;
	if (d->json) {
		row = json_pack("{s:s,s:s%,s:s,s:s%}", "what", sign == '+' ? "added" : "removed",
				"row", name.p, name.n, "split", split_name(split), "category",
				label.n ? label.p : "", label.n);
		if (row)
			printf("%s", d->told ? ",\n" : "\n");
		if (row)
			json_dumpf(row, stdout, JSON_COMPACT);
		json_decref(row);
	} else {
		printf("%s %.*s %s %.*s\n", text, STR_ARG(name), split_name(split), STR_ARG(label));
	}
	d->told++;
}

static void tell_change_text(const struct diff *d, const struct held *was, enum split split,
			     struct str label, const bool *differs)
{
	const char *before = "columns ";

	printf("~ %.*s", STR_ARG(was->name));
	if (!str_eq(was->label, label))
		printf("  label %.*s -> %.*s", was->label.n ? (int)was->label.n : 1,
		       was->label.n ? was->label.p : "-", label.n ? (int)label.n : 1,
		       label.n ? label.p : "-");
	if (was->split != split)
		printf("  side %s -> %s", split_name(was->split), split_name(split));
	for (int i = 0; i < d->n_columns; i++) {
		if (!differs[i])
			continue;
		printf("%s%s", before[0] == 'c' ? "  columns " : before,
		       dataset_column(d->a.d, d->a.column[i]));
		before = ",";
	}
	putchar('\n');
}

static void tell_change_json(const struct diff *d, const struct held *was, enum split split,
			     struct str label, const bool *differs)
{
	json_t *columns = json_pack("[]");
	json_t *row = json_pack("{s:s,s:s%,s:[s,s],s:[s%,s%]}", "what", "changed", "row",
				was->name.p, was->name.n, "split", split_name(was->split),
				split_name(split), "category", was->label.n ? was->label.p : "",
				was->label.n, label.n ? label.p : "", label.n);

	for (int i = 0; i < d->n_columns; i++)
		if (differs[i])
			json_array_append_new(columns,
					      json_string(dataset_column(d->a.d, d->a.column[i])));
	json_object_set_new(row, "columns", columns);
	printf("%s", d->told ? ",\n" : "\n");
	json_dumpf(row, stdout, JSON_COMPACT);
	json_decref(row);
}

static uint32_t *slot_of(const struct diff *d, uint64_t key, struct str name)
{
	size_t i = (size_t)key & (N_SLOTS - 1);

	while (d->slots[i] && !(d->held[d->slots[i] - 1].key == key &&
				str_eq(d->held[d->slots[i] - 1].name, name)))
		i = (i + 1) & (N_SLOTS - 1);
	return &d->slots[i];
}

static uint32_t hash_of(struct str s)
{
	/* What is absent differs from what is empty. */
	return s.n ? (uint32_t)(hash64(s, 1) | 1) : 0;
}

static enum err hold(struct diff *d, const struct str *cells, enum split split, uint64_t key,
		     struct str name)
{
	uint32_t *slot = slot_of(d, key, name);

	if (*slot)
		return reason_set(&d->why, ERR_BAD, "%.*s stands twice in the first dataset",
				  STR_ARG(name));
	mem_grow(&d->held, &d->room_held, d->n_held + 1, sizeof(*d->held));
	mem_grow(&d->hashes, &d->room_hashes, (d->n_held + 1) * (size_t)d->n_columns + 1,
		 sizeof(*d->hashes));
	d->held[d->n_held] = (struct held){ .key = key,
					    .name = arena_str(d->text, name),
					    .label = arena_str(d->text, cell(cells, d->a.label)),
					    .split = split };
	for (int i = 0; i < d->n_columns; i++)
		d->hashes[d->n_held * (size_t)d->n_columns + (size_t)i] =
			hash_of(cells[d->a.column[i]]);
	*slot = (uint32_t)++d->n_held;
	return ERR_OK;
}

static void compare(struct diff *d, const struct str *cells, enum split split, struct held *was,
		    const uint32_t *hashes)
{
	struct str label = cell(cells, d->b.label);
	bool differs[DATASET_COLUMNS_MOST] = { false };
	bool changed = false, relabeled = !str_eq(was->label, label);

	for (int i = 0; i < d->n_columns; i++) {
		differs[i] = hashes[i] != hash_of(cells[d->b.column[i]]);
		d->differs[i] += differs[i];
		changed |= differs[i];
	}
	was->met = true;
	if (!changed && !relabeled && was->split == split)
		return;
	d->changed++;
	d->labels += relabeled;
	d->sides += was->split != split;
	if (relabeled) {
		count(d, was->label, "lost");
		count(d, label, "gained");
	}
	if (d->brief)
		return;
	if (d->json)
		tell_change_json(d, was, split, label, differs);
	else
		tell_change_text(d, was, split, label, differs);
	d->told++;
}

static enum err take(struct diff *d, const struct side *s, const struct str *cells,
		     enum split split, struct arena *row)
{
	struct str name = name_of(d, s, cells, row);
	uint64_t key = hash64(name, 0);
	uint32_t at;

	/* Not of the bits that choose the slot. */
	if ((key >> 40) % d->parts != d->part)
		return ERR_OK;
	if (s == &d->a)
		return hold(d, cells, split, key, name);
	at = *slot_of(d, key, name);
	if (at) {
		compare(d, cells, split, &d->held[at - 1],
			&d->hashes[(at - 1) * (size_t)d->n_columns]);
		return ERR_OK;
	}
	d->added++;
	count(d, cell(cells, s->label), "added");
	tell(d, '+', name, split, cell(cells, s->label));
	return ERR_OK;
}

static enum err go_through(struct diff *d, struct side *s)
{
	struct str cells[DATASET_COLUMNS_MOST];
	struct arena *row = arena_new(4096);
	enum err err = ERR_OK;
	bool any;

	s->rows = 0;
	for (int split = 0; split < SPLIT_N && !err; split++) {
		err = dataset_begin(s->d, (enum split)split, &d->why);
		for (any = true; !err && any;) {
			err = dataset_next(s->d, cells, &any, &d->why);
			if (err || !any)
				continue;
			arena_reset(row);
			s->rows++;
			err = take(d, s, cells, (enum split)split, row);
		}
	}
	arena_free(row);
	return err;
}

static enum err one_part(struct diff *d)
{
	enum err err;

	arena_reset(d->text);
	memset(d->slots, 0, N_SLOTS * sizeof(*d->slots));
	d->n_held = 0;
	err = go_through(d, &d->a);
	if (!err)
		err = go_through(d, &d->b);
	for (size_t i = 0; i < d->n_held && !err; i++) {
		if (d->held[i].met)
			continue;
		d->removed++;
		count(d, d->held[i].label, "removed");
		tell(d, '-', d->held[i].name, d->held[i].split, d->held[i].label);
	}
	return err;
}

/* What names a row in both: the site's id, or the row number. */
static enum err find_keys(struct diff *d)
{
	static const char *const keys[][2] = { { "source", "id" }, { "listing", NULL } };
	struct side *sides[] = { &d->a, &d->b };

	for (int k = 0; k < 2; k++) {
		bool both = true;

		d->n_keys = keys[k][1] ? 2 : 1;
		for (int s = 0; s < 2; s++)
			for (int i = 0; i < d->n_keys; i++) {
				sides[s]->key[i] = dataset_find(sides[s]->d, keys[k][i]);
				both &= sides[s]->key[i] >= 0;
			}
		if (both)
			return ERR_OK;
	}
	return reason_set(&d->why, ERR_UNSUPPORTED,
			  "the datasets need the columns source and id, or listing, in both");
}

/* The side is compared by the file that a row is in. */
static enum err pair(struct diff *d)
{
	const char *format = dataset_format(d->a.d);

	if (strcmp(format, dataset_format(d->b.d)) != 0)
		return reason_set(&d->why, ERR_UNSUPPORTED,
				  "one is %s, the other %s: only rows of one format compare",
				  format, dataset_format(d->b.d));
	for (int i = 0; i < dataset_columns(d->a.d); i++) {
		const char *name = dataset_column(d->a.d, i);
		int other = dataset_find(d->b.d, name);

		if (other < 0 || strcmp(name, "category") == 0 || strcmp(name, "split") == 0)
			continue;
		d->a.column[d->n_columns] = i;
		d->b.column[d->n_columns++] = other;
	}
	d->a.label = dataset_find(d->a.d, "category");
	d->b.label = dataset_find(d->b.d, "category");
	return find_keys(d);
}

static json_t *only_in(const struct side *a, const struct side *b)
{
	json_t *names = json_pack("[]");

	for (int i = 0; i < dataset_columns(a->d); i++)
		if (dataset_find(b->d, dataset_column(a->d, i)) < 0)
			json_array_append_new(names, json_string(dataset_column(a->d, i)));
	return names;
}

static json_t *summary(const struct diff *d)
{
	json_t *columns = json_pack("{}");

	for (int i = 0; i < d->n_columns; i++)
		if (d->differs[i])
			json_object_set_new(columns, dataset_column(d->a.d, d->a.column[i]),
					    json_integer(d->differs[i]));
	return json_pack("{s:[I,I],s:I,s:I,s:I,s:I,s:I,s:o,s:o,s:o,s:O}", "rows",
			 (json_int_t)d->a.rows, (json_int_t)d->b.rows, "added",
			 (json_int_t)d->added, "removed", (json_int_t)d->removed, "changed",
			 (json_int_t)d->changed, "changed_label", (json_int_t)d->labels,
			 "changed_side", (json_int_t)d->sides, "changed_columns", columns,
			 "columns_removed", only_in(&d->a, &d->b), "columns_added",
			 only_in(&d->b, &d->a), "categories", d->categories);
}

static void names_text(const char *what, const json_t *names)
{
	const json_t *n;
	size_t i;

	json_array_foreach(names, i, n) printf("%s%s", i ? ", " : what, json_string_value(n));
	if (json_array_size(names))
		putchar('\n');
}

static void summary_text(const json_t *s)
{
	const char *name, *before = "; columns ";
	const json_t *c;
	json_t *n;

	printf("%lld added, %lld removed, %lld changed (label %lld, side %lld",
	       (long long)screen_int(s, "added"), (long long)screen_int(s, "removed"),
	       (long long)screen_int(s, "changed"), (long long)screen_int(s, "changed_label"),
	       (long long)screen_int(s, "changed_side"));
	json_object_foreach(json_object_get(s, "changed_columns"), name, n)
	{
		printf("%s%s %lld", before, name, (long long)json_integer_value(n));
		before = ", ";
	}
	puts(")");
	names_text("columns only in the first: ", json_object_get(s, "columns_removed"));
	names_text("columns only in the second: ", json_object_get(s, "columns_added"));
	c = json_object_get(s, "categories");
	if (json_object_size(c))
		printf("%-36s %9s %9s %9s %9s\n", "CATEGORY", "ADDED", "REMOVED", "GAINED", "LOST");
	json_object_foreach((json_t *)(uintptr_t)c, name, n)
		printf("%-36s %9lld %9lld %9lld %9lld\n", name, (long long)screen_int(n, "added"),
		       (long long)screen_int(n, "removed"), (long long)screen_int(n, "gained"),
		       (long long)screen_int(n, "lost"));
}

static void finish(const struct diff *d)
{
	json_t *s = summary(d);
	char *text;

	if (d->json) {
		text = json_dumps(s, JSON_COMPACT | JSON_SORT_KEYS);
		/* The rows were written as they were found. */
		printf("%s], %s\n", d->told ? "\n" : "", text + 1);
		free(text);
	} else {
		summary_text(s);
	}
	json_decref(s);
}

static enum err run(struct diff *d)
{
	int64_t rows = screen_int(dataset_manifest(d->a.d), "rows");
	enum err err = pair(d);

	d->parts = (uint64_t)(rows / (HELD_MOST * 3 / 4) + 1);
	d->slots = mem_array(N_SLOTS, sizeof(*d->slots));
	if (!err && d->json)
		printf("{\"differences\": [");
	for (; !err && d->part < d->parts; d->part++)
		err = one_part(d);
	if (!err)
		finish(d);
	return err;
}

int ctl_export_diff(const struct command_env *env, const char *a, const char *b)
{
	struct diff d = { .json = env->opt.json, .brief = env->opt.brief };
	bool same = true;
	enum err err;

	d.text = arena_new((size_t)1 << 20);
	d.categories = json_pack("{}");
	err = dataset_open(a, &d.a.d, &d.why);
	if (!err)
		err = dataset_open(b, &d.b.d, &d.why);
	if (!err)
		err = run(&d);
	same = !d.added && !d.removed && !d.changed;
	if (err)
		fprintf(stderr, "pipectl: %s\n", d.why.text);
	dataset_close(d.a.d);
	dataset_close(d.b.d);
	json_decref(d.categories);
	arena_free(d.text);
	mem_free(d.held);
	mem_free(d.hashes);
	mem_free(d.slots);
	return err ? EXIT_USAGE : same ? EXIT_DONE : EXIT_FAILED;
}
