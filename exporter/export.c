#include "exporter/exporter.h"

const struct export_format_row export_formats[EXPORT_FORMATS] = {
	[EXPORT_JSONL] = { "jsonl", "jsonl",
			   "One JSON object a line, UTF-8; absent values are null." },
	[EXPORT_CSV] = { "csv", "csv",
			 "RFC 4180 with a header line: commas, lines end in CR LF, values with a "
			 "comma, quote or line break are quoted." },
	[EXPORT_TSV] = { "tsv", "tsv",
			 "Tab-separated with a header line; in values a tab is written \\t, line "
			 "breaks \\n and \\r, a backslash \\\\. Nothing is quoted." },
	[EXPORT_FASTTEXT] = { "fasttext", "txt",
			      "`__label__CODE TITLE_CLEAN`, as fastText's supervised mode reads "
			      "it; an unlabeled row has no label word." },
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
