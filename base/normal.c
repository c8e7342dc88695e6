#include "base/normal.h"

#include "base/utf8.h"

#include <string.h>
#include <utf8proc.h>

enum kind {
	KIND_GAP, /* white space, punctuation, symbols */
	KIND_LATIN,
	KIND_DIGIT,
	KIND_HANGUL,
	KIND_OTHER, /* letters of other scripts: no break beside them */
	KIND_MARK,  /* belongs to the letter before it */
};

/* A character and what may compose with it. UAX #15 calls text stream-safe
 * that has at most 30 marks in a row; later ones are dropped, which bounds the
 * work and keeps the form idempotent. */
#define CLUSTER_MARKS 30
#define CLUSTER_ROOM (CLUSTER_MARKS + 2)
/* The longest compatibility decomposition (U+FDFA) has 18 code points. */
#define DECOMPOSED_MOST 32

static const uint8_t ascii_kind[128] = {
	['0'] = KIND_DIGIT, ['1'] = KIND_DIGIT, ['2'] = KIND_DIGIT, ['3'] = KIND_DIGIT,
	['4'] = KIND_DIGIT, ['5'] = KIND_DIGIT, ['6'] = KIND_DIGIT, ['7'] = KIND_DIGIT,
	['8'] = KIND_DIGIT, ['9'] = KIND_DIGIT, ['A'] = KIND_LATIN, ['B'] = KIND_LATIN,
	['C'] = KIND_LATIN, ['D'] = KIND_LATIN, ['E'] = KIND_LATIN, ['F'] = KIND_LATIN,
	['G'] = KIND_LATIN, ['H'] = KIND_LATIN, ['I'] = KIND_LATIN, ['J'] = KIND_LATIN,
	['K'] = KIND_LATIN, ['L'] = KIND_LATIN, ['M'] = KIND_LATIN, ['N'] = KIND_LATIN,
	['O'] = KIND_LATIN, ['P'] = KIND_LATIN, ['Q'] = KIND_LATIN, ['R'] = KIND_LATIN,
	['S'] = KIND_LATIN, ['T'] = KIND_LATIN, ['U'] = KIND_LATIN, ['V'] = KIND_LATIN,
	['W'] = KIND_LATIN, ['X'] = KIND_LATIN, ['Y'] = KIND_LATIN, ['Z'] = KIND_LATIN,
	['a'] = KIND_LATIN, ['b'] = KIND_LATIN, ['c'] = KIND_LATIN, ['d'] = KIND_LATIN,
	['e'] = KIND_LATIN, ['f'] = KIND_LATIN, ['g'] = KIND_LATIN, ['h'] = KIND_LATIN,
	['i'] = KIND_LATIN, ['j'] = KIND_LATIN, ['k'] = KIND_LATIN, ['l'] = KIND_LATIN,
	['m'] = KIND_LATIN, ['n'] = KIND_LATIN, ['o'] = KIND_LATIN, ['p'] = KIND_LATIN,
	['q'] = KIND_LATIN, ['r'] = KIND_LATIN, ['s'] = KIND_LATIN, ['t'] = KIND_LATIN,
	['u'] = KIND_LATIN, ['v'] = KIND_LATIN, ['w'] = KIND_LATIN, ['x'] = KIND_LATIN,
	['y'] = KIND_LATIN, ['z'] = KIND_LATIN,
};

struct normal {
	char *to;
	size_t n, room;
	enum kind last; /* of the character written last, marks aside */
	bool gap, full;
	int32_t cluster[CLUSTER_ROOM];
	utf8proc_ssize_t clustered;
};

static bool is_latin(uint32_t c)
{
	return (c >= 0xaa && c < 0x250) || (c >= 0x1e00 && c < 0x1f00) ||
	       (c >= 0x2c60 && c < 0x2c80) || (c >= 0xa722 && c < 0xa800) || c - 'a' < 26;
}

static bool is_jamo(uint32_t c)
{
	return (c >= 0x1100 && c < 0x1200) || (c >= 0xa960 && c < 0xa980) ||
	       (c >= 0xd7b0 && c < 0xd800);
}

static enum kind kind_of(uint32_t c)
{
	switch (utf8proc_category((int32_t)c)) {
	case UTF8PROC_CATEGORY_MN:
	case UTF8PROC_CATEGORY_MC:
		return KIND_MARK;
	case UTF8PROC_CATEGORY_ND:
		return KIND_DIGIT;
	case UTF8PROC_CATEGORY_NL:
	case UTF8PROC_CATEGORY_NO:
		return KIND_OTHER;
	case UTF8PROC_CATEGORY_LU:
	case UTF8PROC_CATEGORY_LL:
	case UTF8PROC_CATEGORY_LT:
	case UTF8PROC_CATEGORY_LM:
	case UTF8PROC_CATEGORY_LO:
		if (is_jamo(c) || (c >= 0xac00 && c < 0xd7a4))
			return KIND_HANGUL;
		return is_latin(c) ? KIND_LATIN : KIND_OTHER;
	default:
		return KIND_GAP;
	}
}

/* Writes one character of kind `k`, after a space where one is due. */
static inline void put(struct normal *o, const char *p, size_t n, enum kind k)
{
	bool space = o->gap;

	if (k != o->last && k != KIND_OTHER && o->last != KIND_OTHER)
		space = true;
	space = space && o->n;
	if (o->n + n + space > o->room) {
		o->full = true;
		return;
	}
	if (space)
		o->to[o->n++] = ' ';
	memcpy(o->to + o->n, p, n);
	o->n += n;
	o->gap = false;
	o->last = k;
}

static void put_code(struct normal *o, uint32_t c)
{
	enum kind k = kind_of(c);
	char bytes[4];
	size_t n;

	if (o->full)
		return;
	if (k == KIND_GAP) {
		o->gap = true;
		return;
	}
	if (k == KIND_MARK) {
		/* A mark whose letter became a space has nothing to sit on. */
		if (o->gap || o->n == 0)
			return;
		k = o->last;
	}
	n = utf8_encode(c, bytes);
	put(o, bytes, n, k);
}

static void flush(struct normal *o)
{
	utf8proc_ssize_t n = o->clustered;

	o->clustered = 0;
	if (n > 1)
		n = utf8proc_normalize_utf32(o->cluster, n, UTF8PROC_COMPOSE | UTF8PROC_STABLE);
	for (utf8proc_ssize_t i = 0; i < n; i++)
		put_code(o, (uint32_t)o->cluster[i]);
}

/* Whether `c` may compose with, or move before, what precedes it: marks, and
 * the vowels and finals of conjoining Hangul. */
static bool is_follower(int32_t c)
{
	utf8proc_category_t g = utf8proc_category(c);

	return g == UTF8PROC_CATEGORY_MN || g == UTF8PROC_CATEGORY_MC ||
	       (c >= 0x1160 && c < 0x1200);
}

/* In the cluster, without what they follow: that may be missing, where bytes
 * before them were no character, and be a space in the form. */
static utf8proc_ssize_t followers(const struct normal *o)
{
	return o->clustered ? o->clustered - !is_follower(o->cluster[0]) : 0;
}

/* Adds in canonical order. */
static void cluster_add(struct normal *o, int32_t c)
{
	utf8proc_propval_t order = utf8proc_get_property(c)->combining_class;
	utf8proc_ssize_t i;

	if (utf8proc_category(c) == UTF8PROC_CATEGORY_ME)
		return; /* a circle or a keycap around a letter */
	if (!is_follower(c))
		flush(o);
	else if (followers(o) == CLUSTER_MARKS)
		return;
	for (i = o->clustered++; i > 0 && order; i--) {
		if (utf8proc_get_property(o->cluster[i - 1])->combining_class <= order)
			break;
		o->cluster[i] = o->cluster[i - 1];
	}
	o->cluster[i] = c;
}

static void slow(struct normal *o, uint32_t code)
{
	const utf8proc_option_t how = UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT |
				      UTF8PROC_CASEFOLD | UTF8PROC_IGNORE;
	int32_t parts[DECOMPOSED_MOST];
	utf8proc_ssize_t n;
	int last_boundary = 0;

	n = utf8proc_decompose_char((int32_t)code, parts, DECOMPOSED_MOST, how, &last_boundary);
	for (utf8proc_ssize_t i = 0; i < n && i < DECOMPOSED_MOST; i++)
		cluster_add(o, parts[i]);
}

/* Bytes of an ASCII character or a precomposed Hangul syllable at p; else 0. */
static inline size_t simple(const unsigned char *p, const unsigned char *end)
{
	unsigned code;

	if (*p < 0x80)
		return 1;
	if (*p < 0xea || *p > 0xed || end - p < 3 || (p[1] & 0xc0) != 0x80 || (p[2] & 0xc0) != 0x80)
		return 0;
	code = (*p & 0x0fu) << 12 | (p[1] & 0x3fu) << 6 | (p[2] & 0x3fu);
	return code >= 0xac00 && code < 0xd7a4 ? 3 : 0;
}

static inline void put_simple(struct normal *o, const unsigned char *p, size_t n)
{
	char c;

	if (n == 3) {
		put(o, (const char *)p, 3, KIND_HANGUL);
		return;
	}
	if (ascii_kind[*p] == KIND_GAP) {
		o->gap = true;
		return;
	}
	c = (char)(*p >= 'A' && *p <= 'Z' ? *p + 32 : *p);
	put(o, &c, 1, ascii_kind[*p]);
}

/* One character that is not simple, or that one follows which may change it. */
static size_t put_other(struct normal *o, const unsigned char *p, const unsigned char *end)
{
	uint32_t code;
	size_t n = utf8_decode((struct str){ (const char *)p, (size_t)(end - p) }, &code);

	if (n == 0) {
		flush(o);
		o->gap = true;
		return 1;
	}
	slow(o, code);
	return n;
}

size_t normal_title(struct str s, char *to, size_t room)
{
	/* Not more than is read: else the form of the form would be shorter. */
	struct normal o = { .to = to, .room = room < NORMAL_MOST ? room : NORMAL_MOST };
	const unsigned char *p, *end;
	size_t n;

	s = utf8_cut(s, NORMAL_MOST);
	if (s.n == 0)
		return 0;
	p = (const unsigned char *)s.p;
	end = p + s.n;
	while (p < end && !o.full) {
		n = simple(p, end);
		if (n && (p + n == end || simple(p + n, end))) {
			if (o.clustered)
				flush(&o);
			if (!o.full)
				put_simple(&o, p, n);
		} else {
			n = put_other(&o, p, end);
		}
		p += n;
	}
	flush(&o);
	return o.n;
}

struct str normal_str(struct arena *a, struct str s)
{
	char form[NORMAL_MOST];

	return arena_str(a, (struct str){ form, normal_title(s, form, sizeof(form)) });
}
