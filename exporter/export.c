#include "exporter/export_croissant.h"
#include "exporter/export_studio.h"
#include "exporter/exporter.h"

const struct export_format_row export_formats[EXPORT_FORMATS] = {
	[EXPORT_JSONL] = { .name = "jsonl",
			   .ending = "jsonl",
			   .doc = "One JSON object a line, UTF-8; absent values are null." },
	[EXPORT_CSV] = { .name = "csv",
			 .ending = "csv",
			 .doc = "RFC 4180 with a header line: commas, lines end in CR LF, values "
				"with a comma, quote or line break are quoted." },
	[EXPORT_TSV] = { .name = "tsv",
			 .ending = "tsv",
			 .doc = "Tab-separated with a header line; in values a tab is written \\t, "
				"line breaks \\n and \\r, a backslash \\\\. Nothing is quoted." },
	[EXPORT_FASTTEXT] = { .name = "fasttext",
			      .ending = "txt",
			      .doc = "`__label__CODE TITLE_CLEAN`, as fastText's supervised mode "
				     "reads it; an unlabeled row has no label word." },
	[EXPORT_HUGGINGFACE] = { .name = "huggingface",
				 .ending = "jsonl",
				 .card = true,
				 .doc = "One JSON object a line, UTF-8, each column of one type, "
					"as "
					"the `dataset_info` of the card says: "
					"`datasets.load_dataset(FOLDER)` reads it without a "
					"script. "
					"Columns of free JSON are text." },
	[EXPORT_CROISSANT] = { .name = "croissant",
			       .ending = "csv",
			       .no_gzip = true,
			       .beside = "croissant.json",
			       .put_beside = export_croissant_write,
			       .doc = "CSV (RFC 4180) with a header line, described by "
				      "`croissant.json`: Croissant 1.0, one record set a split." },
	[EXPORT_LABELSTUDIO] = { .name = "labelstudio",
				 .ending = "json",
				 .begin = "[\n",
				 .between = ",",
				 .end = "]\n",
				 .no_gzip = true,
				 .looks = EXPORT_LABELS,
				 .beside = "label-config.xml",
				 .put_beside = export_studio_config,
				 .doc = "Tasks of Label Studio as one JSON array: the columns as "
					"`data`, suggestions and rules' labels as predictions, "
					"people's as annotations; `label-config.xml` is the "
					"labeling interface that they fit." },
	[EXPORT_IMAGEFOLDER] = { .name = "imagefolder",
				 .ending = "metadata.jsonl",
				 .no_gzip = true,
				 .pictures = true,
				 .doc = "`SPLIT/CATEGORY/LISTING.jpg` with a `metadata.jsonl` in "
					"each "
					"split's folder, of listings whose picture is kept: "
					"`datasets.load_dataset(\"imagefolder\", data_dir=FOLDER)` "
					"reads it." },
};

bool export_format_parse(struct str name, enum export_format *ret)
{
	for (int i = 0; i < EXPORT_FORMATS; i++) {
		if (str_is(name, export_formats[i].name)) {
			*ret = (enum export_format)i;
			return true;
		}
	}
	return false;
}
