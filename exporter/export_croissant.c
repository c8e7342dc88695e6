#include "exporter/export_croissant.h"

#include "base/clock.h"

#include <inttypes.h>
#include <stdio.h>

#define CONFORMS "http://mlcommons.org/croissant/1.0"

/* Appendix 1 of the specification. */
static const char *const terms[][2] = {
	{ "@language", "en" },
	{ "@vocab", "https://schema.org/" },
	{ "citeAs", "cr:citeAs" },
	{ "column", "cr:column" },
	{ "conformsTo", "dct:conformsTo" },
	{ "containedIn", "cr:containedIn" },
	{ "cr", "http://mlcommons.org/croissant/" },
	{ "dct", "http://purl.org/dc/terms/" },
	{ "extract", "cr:extract" },
	{ "field", "cr:field" },
	{ "fileObject", "cr:fileObject" },
	{ "fileProperty", "cr:fileProperty" },
	{ "fileSet", "cr:fileSet" },
	{ "format", "cr:format" },
	{ "includes", "cr:includes" },
	{ "isLiveDataset", "cr:isLiveDataset" },
	{ "jsonPath", "cr:jsonPath" },
	{ "key", "cr:key" },
	{ "md5", "cr:md5" },
	{ "parentField", "cr:parentField" },
	{ "path", "cr:path" },
	{ "recordSet", "cr:recordSet" },
	{ "references", "cr:references" },
	{ "regex", "cr:regex" },
	{ "repeated", "cr:repeated" },
	{ "replace", "cr:replace" },
	{ "sc", "https://schema.org/" },
	{ "separator", "cr:separator" },
	{ "source", "cr:source" },
	{ "subField", "cr:subField" },
	{ "transform", "cr:transform" },
};

static void context(struct json *j)
{
	json_object(j, "@context");
	for (size_t i = 0; i < sizeof(terms) / sizeof(terms[0]); i++)
		json_text(j, terms[i][0], terms[i][1]);
	json_object(j, "data");
	json_text(j, "@id", "cr:data");
	json_text(j, "@type", "@json");
	json_end_object(j);
	json_object(j, "dataType");
	json_text(j, "@id", "cr:dataType");
	json_text(j, "@type", "@vocab");
	json_end_object(j);
	json_end_object(j);
}

static void reference(struct json *j, const char *key, const char *id)
{
	json_object(j, key);
	json_text(j, "@id", id);
	json_end_object(j);
}

/* What the dataset is. Its day is that of what was seen last: the same state, the same bytes. */
static void about(const struct export_opt *o, const struct export_tally *t,
		  const struct export_result *r, struct json *j)
{
	char text[256], day[32];

	json_text(j, "@type", "sc:Dataset");
	json_text(j, "name", "second-hand-listings");
	json_text(j, "conformsTo", CONFORMS);
	snprintf(text, sizeof(text),
		 "%" PRId64 " listings of second-hand marketplaces, in %zu categories; README.md "
		 "tells how they were made, manifest.json under which versions.",
		 r->rows, t->categories.n);
	json_text(j, "description", text);
	json_text(j, "license",
		  "Titles and pictures are the sellers'; the sites' terms say what may be done.");
	json_text(j, "url", "README.md");
	json_object(j, "creator");
	json_text(j, "@type", "sc:Organization");
	json_text(j, "name", "piped " PIPED_VERSION);
	json_end_object(j);
	clock_iso(t->newest_ms, day);
	snprintf(text, sizeof(text), "%.10s", day);
	json_text(j, "datePublished", text);
	snprintf(text, sizeof(text), "%" PRId64 ".0.0", o->taxonomy_version);
	json_text(j, "version", text);
	if (o->language.n)
		json_str(j, "inLanguage", o->language);
	json_bool(j, "isLiveDataset", false);
}

static void distribution(const struct export_result *r, struct json *j)
{
	char size[32];

	json_array(j, "distribution");
	for (int s = 0; s < SPLIT_N; s++) {
		const struct export_file *f = &r->files[s];

		json_object(j, NULL);
		json_text(j, "@type", "cr:FileObject");
		json_text(j, "@id", f->name);
		json_text(j, "name", f->name);
		json_text(j, "contentUrl", f->name);
		snprintf(size, sizeof(size), "%" PRId64 " B", f->bytes);
		json_text(j, "contentSize", size);
		json_text(j, "encodingFormat", "text/csv");
		json_text(j, "sha256", f->sha256);
		json_end_object(j);
	}
	json_end_array(j);
}

/* `id` is SET/NAME. */
static void field(struct json *j, const char *set, const char *name, const char *doc,
		  const char *type)
{
	char id[128];

	snprintf(id, sizeof(id), "%s/%s", set, name);
	json_text(j, "@type", "cr:Field");
	json_text(j, "@id", id);
	json_text(j, "name", id);
	json_text(j, "description", doc);
	json_text(j, "dataType", type);
}

static void splits(struct json *j)
{
	static const char *const meaning[SPLIT_N] = {
		[SPLIT_TRAIN] = "cr:TrainingSplit",
		[SPLIT_VALIDATION] = "cr:ValidationSplit",
		[SPLIT_TEST] = "cr:TestSplit",
	};

	json_object(j, NULL);
	json_text(j, "@type", "cr:RecordSet");
	json_text(j, "@id", "splits");
	json_text(j, "name", "splits");
	json_text(j, "dataType", "cr:Split");
	reference(j, "key", "splits/name");
	json_array(j, "field");
	json_object(j, NULL);
	field(j, "splits", "name", "Name of the split.", "sc:Text");
	json_end_object(j);
	json_object(j, NULL);
	field(j, "splits", "url", "What it is for.", "cr:Split");
	json_end_object(j);
	json_end_array(j);
	json_array(j, "data");
	for (int s = 0; s < SPLIT_N; s++) {
		json_object(j, NULL);
		json_text(j, "splits/name", split_name((enum split)s));
		json_text(j, "splits/url", meaning[s]);
		json_end_object(j);
	}
	json_end_array(j);
	json_end_object(j);
}

/* Times are empty where they are not known, which no date is: they stay text. */
static const char *type_of(const struct export_column *c)
{
	return c->kind == EXPORT_NUMBER ? "sc:Float" : "sc:Text";
}

static void record_set(const struct export_columns *c, const char *split, const char *file,
		       struct json *j)
{
	json_object(j, NULL);
	json_text(j, "@type", "cr:RecordSet");
	json_text(j, "@id", split);
	json_text(j, "name", split);
	json_array(j, "field");
	for (int i = 0; i < c->n; i++) {
		json_object(j, NULL);
		field(j, split, c->at[i]->name, c->at[i]->doc, type_of(c->at[i]));
		if (str_is(str_of(c->at[i]->name), "split"))
			reference(j, "references", "splits/name");
		json_object(j, "source");
		reference(j, "fileObject", file);
		json_object(j, "extract");
		json_text(j, "column", c->at[i]->name);
		json_end_object(j);
		json_end_object(j);
		json_end_object(j);
	}
	json_end_array(j);
	json_end_object(j);
}

void export_croissant_write(const struct export_opt *o, const struct export_tally *t,
			    const struct export_result *r, struct buf *to)
{
	struct json j;

	json_init(&j, to);
	json_object(&j, NULL);
	context(&j);
	about(o, t, r, &j);
	distribution(r, &j);
	json_array(&j, "recordSet");
	splits(&j);
	for (int s = 0; s < SPLIT_N; s++)
		record_set(&o->pick.columns, split_name((enum split)s), r->files[s].name, &j);
	json_end_array(&j);
	json_end_object(&j);
	buf_add_char(to, '\n');
}
