#include "extractor/extract_detect.h"

#include "base/utf8.h"

#include <unicode/ucsdet.h>

#include <errno.h>
#include <iconv.h>
#include <string.h>

#define SAMPLE 32768 /* bytes that are looked at, from where it gets interesting */
#define GUESS_FROM 8 /* bytes that are no UTF-8; fewer tell nothing */

/* A third of what Korean text is made of, and a fortieth of the syllables that its
 * character sets have. */
static const char common[] =
	"이다는에을가의를고하지기사한도나로인서해시자은라리대어니여일보정아과있수부전으그만제"
	"스원게장주상구무중요오소선조성안적들면생것았었습입세용트";

/* Characters beyond ASCII, by what they are. */
struct count {
	int all, korean, bad; /* bad: bytes that are no character */
};

static bool is_common(struct str c)
{
	for (size_t i = 0; i + 3 <= sizeof(common) - 1; i += 3)
		if (memcmp(common + i, c.p, 3) == 0)
			return true;
	return false;
}

static void count_text(struct str s, struct count *c)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char lead = (unsigned char)s.p[i];

		if (lead < 0xc0)
			continue;
		c->all++;
		if (lead >= 0xea && lead <= 0xed && s.n - i >= 3)
			c->korean += is_common(str_sub(s, i, 3));
	}
}

/* `s` read as `e`. */
static struct count count_as(struct str s, const struct extract_encoding *e)
{
	struct count c = { 0 };
	iconv_t cd = iconv_open("UTF-8", e->iconv);
	size_t unit = strncmp(e->iconv, "UTF-16", 6) == 0 ? 2 : 1, left = s.n, room, rc;
	char text[4096], *in, *out;
	int error;

	if (cd == (iconv_t)-1)
		return (struct count){ .bad = 1 };
	/* iconv's prototype lacks a const that it keeps */
	memcpy(&in, &s.p, sizeof(in));
	while (left) {
		out = text;
		room = sizeof(text);
		rc = iconv(cd, &in, &left, &out, &room);
		error = errno;
		count_text((struct str){ text, sizeof(text) - room }, &c);
		if (rc != (size_t)-1 || (error == EINVAL && left < 4))
			break;
		if (error == E2BIG)
			continue;
		c.bad++;
		in += unit < left ? unit : left;
		left -= unit < left ? unit : left;
	}
	iconv_close(cd);
	return c;
}

static bool is_korean(const struct count *c)
{
	return c->korean > 0 && c->korean * 6 > c->all + c->bad;
}

/* UTF-8 as RFC 3629 has it. */
struct shape {
	int two, more; /* characters of two bytes; of three and four */
	int bad;       /* bytes that are none */
	int nul;
	bool escapes; /* ISO-2022 */
};

static struct shape shape_of(struct str s)
{
	struct shape h = { .escapes = str_find(s, STR("\x1b$")) >= 0 };
	size_t n;

	for (size_t i = 0; i < s.n; i += n) {
		unsigned char lead = (unsigned char)s.p[i];

		n = 1;
		h.nul += lead == 0;
		if (lead < 0x80)
			continue;
		n = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
		if (s.n - i < n && lead >= 0xc2 && lead <= 0xf4)
			break; /* cut */
		if (s.n - i >= n && utf8_valid(str_sub(s, i, n))) {
			h.two += n == 2;
			h.more += n > 2;
			continue;
		}
		n = 1;
		h.bad++;
	}
	return h;
}

/* From the first byte that is not ASCII's own, at an even place. */
static struct str sample(struct str body)
{
	size_t i = 0;

	while (i < body.n && body.p[i] != 0x1b && body.p[i] > 0)
		i++;
	/* an escape of ISO-2022 says what the text before it is */
	if (i < body.n && body.p[i] == 0x1b)
		i = 0;
	return str_sub(body, i & ~(size_t)1, SAMPLE);
}

/* The same, at the lead byte of the first character. */
static struct str of_bytes(struct str s)
{
	return s.n && s.p[0] > 0 && s.p[0] != 0x1b ? str_sub(s, 1, s.n) : s;
}

/* Two bytes a character: blanks and digits have a zero in them. */
static bool is_wide(struct str s, const struct shape *h)
{
	return h->nul > 1 && (size_t)h->nul * 16 > s.n;
}

static const struct extract_encoding *named(const char *label)
{
	return extract_label(str_of(label));
}

/* The Korean encoding that makes the most sense; NULL: none makes any. */
static const struct extract_encoding *korean(struct str s, const struct shape *h)
{
	const struct {
		const char *label;
		bool can_be;
	} candidates[] = {
		{ "euc-kr", true },
		{ "johab", true },
		{ "utf-16le", is_wide(s, h) },
		{ "utf-16be", is_wide(s, h) },
		{ "iso-2022-kr", h->escapes && str_find(s, STR("\x1b$)C")) >= 0 },
	};
	const struct extract_encoding *best = NULL, *e;
	double most = 0, score;

	for (size_t i = 0; i < sizeof(candidates) / sizeof(*candidates); i++) {
		bool wide = strncmp(candidates[i].label, "utf-16", 6) == 0;
		struct count c;

		if (!candidates[i].can_be)
			continue;
		e = named(candidates[i].label);
		c = count_as(wide ? s : of_bytes(s), e);
		score = is_korean(&c) ? (double)c.korean / (c.all + c.bad) : 0;
		if (score > most) {
			most = score;
			best = e;
		}
	}
	return best;
}

/* ICU's guess; NULL: none, or one that is never read. */
static const struct extract_encoding *guess(struct str s)
{
	UErrorCode error = U_ZERO_ERROR;
	UCharsetDetector *d = ucsdet_open(&error);
	const UCharsetMatch *m;
	const struct extract_encoding *e = NULL;
	const char *name;

	ucsdet_enableInputFilter(d, true);
	ucsdet_setText(d, s.p, (int32_t)s.n, &error);
	m = ucsdet_detect(d, &error);
	name = m ? ucsdet_getName(m, &error) : NULL;
	if (U_SUCCESS(error) && name)
		e = named(name);
	ucsdet_close(d);
	return e;
}

/* Whether the bytes can be what they are said to be, which is not UTF-8. */
static bool holds(struct str s, const struct extract_encoding *told, const struct shape *h)
{
	static const char *const wide[] = { "EUC-KR", "Johab",	 "EUC-JP", "Shift_JIS",
					    "GBK",    "gb18030", "Big5" };
	struct count c;

	/* hardly by chance */
	if (h->more > 0 && h->bad == 0)
		return false;
	for (size_t i = 0; i < sizeof(wide) / sizeof(*wide); i++) {
		if (strcmp(told->name, wide[i]) != 0)
			continue;
		c = count_as(of_bytes(s), told);
		return c.bad <= 2 + c.all / 20;
	}
	if (strncmp(told->name, "UTF-16", 6) == 0 || strncmp(told->name, "ISO-2022", 8) == 0)
		return true;
	return !(h->two > 0 && h->bad == 0) && !korean(s, h);
}

const struct extract_encoding *extract_detect(struct str body, const struct extract_encoding *told)
{
	const struct extract_encoding *utf8 = named("utf-8"), *found;
	struct str s;
	struct shape h;

	/* nearly all */
	if ((!told || told == utf8) && utf8_valid(body) && str_find_char(body, 0) < 0 &&
	    str_find_char(body, 0x1b) < 0)
		return utf8;
	s = sample(body);
	h = shape_of(s);
	if (!h.two && !h.more && !h.bad && !h.nul && !h.escapes)
		return told ? told : utf8;
	if (told && told != utf8 && holds(s, told, &h))
		return told;
	/* a few bad bytes make it no other */
	if (h.two + h.more > 0 && h.bad * 20 <= h.two + h.more)
		return utf8;
	found = korean(s, &h);
	if (!found && (h.bad >= GUESS_FROM || is_wide(s, &h) || h.escapes))
		found = guess(s);
	return found ? found : told ? told : utf8;
}
