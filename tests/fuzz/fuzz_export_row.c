/* Each line is a text of a listing: title, category, brand, condition, address. A row
 * of any format is one row, and reads back as what went in. */
#include "base/normal.h"
#include "base/utf8.h"
#include "exporter/export_row.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/fuzz_json_read.h"

#include <string.h>

/* RFC 4180: takes a value off *rest; true when another follows in the row. */
static bool csv_value(struct str *rest, struct buf *to)
{
	bool quoted = rest->n && rest->p[0] == '"';
	size_t i = quoted;

	buf_clear(to);
	for (; i < rest->n; i++) {
		char c = rest->p[i];

		if (quoted && c == '"' && i + 1 < rest->n && rest->p[i + 1] == '"')
			i++;
		else if (quoted && c == '"')
			break;
		else if (!quoted && (c == ',' || c == '\r'))
			break;
		must(quoted || (c != '\n' && c != '"'));
		buf_add_char(to, c);
	}
	i += quoted;
	must(i < rest->n && (rest->p[i] == ',' || rest->p[i] == '\r'));
	*rest = str_sub(*rest, i + 1, rest->n);
	return rest->p[-1] == ',';
}

static bool tsv_value(struct str *rest, struct buf *to)
{
	size_t i = 0;

	buf_clear(to);
	for (; rest->p[i] != '\t' && rest->p[i] != '\n'; i++) {
		char c = rest->p[i];

		if (c == '\\') {
			c = rest->p[++i];
			must(strchr("tnr\\", c) && c);
			c = (char)(c == 't' ? '\t' : c == 'n' ? '\n' : c == 'r' ? '\r' : c);
		}
		buf_add_char(to, c);
	}
	*rest = str_sub(*rest, i + 1, rest->n);
	return rest->p[-1] == '\t';
}

static void check_columns(const struct export_item *x, struct str row, struct arena *a,
			  bool (*take)(struct str *rest, struct buf *to), const char *left)
{
	struct buf value;
	bool more = true;

	buf_init(&value, EXPORT_ROW_MOST);
	for (int i = 0; i < export_n_columns; i++) {
		must(more);
		more = take(&row, &value);
		must(str_eq(buf_str(&value),
			    utf8_clean(a, export_column_text(&export_columns[i], x, a))));
	}
	must(!more && str_is(row, left));
	buf_done(&value);
}

static void check(const struct export_item *x, struct arena *a)
{
	struct export_columns all;
	struct buf row;

	must(!export_columns_read(STR("default,provenance"), &all, NULL));

	buf_init(&row, EXPORT_ROW_MOST);
	for (int f = 0; f < EXPORT_FORMATS; f++) {
		struct str s;

		buf_clear(&row);
		must(!export_row((enum export_format)f, &all, x, a, &row));
		s = buf_str(&row);
		must(utf8_valid(s) && str_ends(s, STR("\n")));
		if (f == EXPORT_CSV || f == EXPORT_CROISSANT)
			check_columns(x, s, a, csv_value, "\n");
		else if (f == EXPORT_TSV)
			check_columns(x, s, a, tsv_value, "");
		else
			must(str_find_char(s, '\n') == (ptrdiff_t)s.n - 1);
		if (f != EXPORT_CSV && f != EXPORT_CROISSANT && f != EXPORT_TSV &&
		    f != EXPORT_FASTTEXT)
			must(fuzz_json_read(s, NULL, NULL));
	}
	buf_done(&row);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new(FUZZ_ARENA);
	struct str rest = fuzz_text(data, size);
	struct listing_view v = { .labeled = true,
				  .label = { .category = STR("men.outer"), .confidence = 0.5 },
				  .suggested = true };
	const struct export_item x = { .view = &v, .split = SPLIT_TEST };
	struct listing *l = &v.listing;

	if (size > 65536)
		goto out;
	l->price = size % 3 ? (int64_t)size : LISTING_NO_PRICE;
	l->price_digits = (int)(size % 4);
	l->flags = (uint32_t)size & (FLAG_BIT(FLAG_COUNT) - 1);
	l->source = STR("shop");
	l->title = fuzz_line(&rest);
	l->title_clean = normal_str(a, l->title);
	l->category = fuzz_line(&rest);
	l->brand = fuzz_line(&rest);
	l->condition = fuzz_line(&rest);
	l->url = l->ext_id = fuzz_line(&rest);
	/* what is left has line ends within */
	l->image = rest;
	v.suggestion.category[0] = STR("men.outer.coat");
	v.suggestion.p[0] = 0.25;
	check(&x, a);
out:
	arena_free(a);
	return 0;
}
