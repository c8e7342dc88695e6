#include "pipectl/screen.h"

#include "base/utf8.h"

#include <stdio.h>
#include <string.h>

#define TEXT_MOST 2048

const char *screen_count(int64_t n, char to[32])
{
	char digits[24];
	int len = snprintf(digits, sizeof(digits), "%lld", (long long)n), at = 0;

	for (int i = 0; i < len; i++) {
		if (i && (len - i) % 3 == 0 && digits[i - 1] != '-')
			to[at++] = ',';
		to[at++] = digits[i];
	}
	to[at] = 0;
	return to;
}

const char *screen_bytes(int64_t n, char to[32])
{
	static const char *const units[] = { "B", "KiB", "MiB", "GiB", "TiB" };
	double x = (double)n;
	size_t u = 0;

	while (x >= 1024 && u + 1 < sizeof(units) / sizeof(*units)) {
		x /= 1024;
		u++;
	}
	snprintf(to, 32, u ? "%.1f %s" : "%.0f %s", x, units[u]);
	return to;
}

static int code_width(uint32_t c)
{
	if (c == 0x200d || (c >= 0xfe00 && c <= 0xfe0f) || (c >= 0x300 && c <= 0x36f))
		return 0;
	if ((c >= 0x1100 && c <= 0x115f) || (c >= 0x2e80 && c <= 0xa4cf) ||
	    (c >= 0xac00 && c <= 0xd7a3) || (c >= 0xf900 && c <= 0xfaff) ||
	    (c >= 0xfe30 && c <= 0xfe6f) || (c >= 0xff00 && c <= 0xff60) ||
	    (c >= 0xffe0 && c <= 0xffe6) || (c >= 0x1f300 && c <= 0x1faff) ||
	    (c >= 0x20000 && c <= 0x3fffd))
		return 2;
	return 1;
}

/* Bytes of `text` that fit `columns`; *ret_used is how many they take. */
static size_t fitting(struct str text, int columns, int *ret_used)
{
	uint32_t code = 0;
	size_t i = 0, n;
	int used = 0, w;

	while (i < text.n) {
		n = utf8_decode(str_sub(text, i, text.n), &code);
		w = n ? code_width(code) : 1;
		if (used + w > columns)
			break;
		used += w;
		i += n ? n : 1;
	}
	*ret_used = used;
	return i;
}

int screen_width(struct str text)
{
	int used;

	fitting(text, INT32_MAX, &used);
	return used;
}

void screen_cell(struct str text, int columns)
{
	int used;
	size_t n = fitting(text, columns, &used);

	if (n < text.n) {
		n = fitting(text, columns - 1, &used);
		printf("%.*s…", (int)n, text.p);
		used++;
	} else {
		printf("%.*s", (int)n, text.n ? text.p : "");
	}
	printf("%*s", columns - used, "");
}

const char *screen_colour(const struct command_env *env, enum screen_colour c)
{
	static const char *const codes[] = {
		[SCREEN_PLAIN] = "\033[0m",  [SCREEN_BOLD] = "\033[1m",
		[SCREEN_DIM] = "\033[2m",    [SCREEN_RED] = "\033[31m",
		[SCREEN_GREEN] = "\033[32m", [SCREEN_YELLOW] = "\033[33m",
	};

	return env->colour ? codes[c] : "";
}

const char *screen_text(const json_t *value)
{
	static char ring[4][TEXT_MOST];
	static unsigned turn;
	char *to = ring[turn++ % 4];
	const struct str s = { json_string_value(value), json_string_length(value) };

	/* a character cut in two would take what is printed next into it */
	to[utf8_plain(utf8_cut(s, TEXT_MOST - 1), to)] = 0;
	return to;
}

int64_t screen_int(const json_t *object, const char *key)
{
	return json_integer_value(json_object_get(object, key));
}

double screen_real(const json_t *object, const char *key)
{
	return json_number_value(json_object_get(object, key));
}

const char *screen_member(const json_t *object, const char *key)
{
	return screen_text(json_object_get(object, key));
}

bool screen_true(const json_t *object, const char *key)
{
	return json_is_true(json_object_get(object, key));
}

void screen_json(const json_t *value)
{
	json_dumpf(value, stdout, JSON_INDENT(2) | JSON_ENCODE_ANY);
	putchar('\n');
}
