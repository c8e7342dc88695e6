#include "picture/pdq.h"

#include "base/mem.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define SIDE 64
#define FREQUENCIES 16
#define BITS (FREQUENCIES * FREQUENCIES)
#define PASSES 2
/* A margin: nearly all of a line within so much of its colour; and how much of the picture one
 * may be. */
#define MARGIN_STEP 14
#define MARGIN_LEAST_PART 0.985
#define MARGIN_MOST 256 /* of 1024 */

const struct pdq_part pdq_whole = { .right = 1024, .bottom = 1024 };

struct plane {
	int width, height;
	float at[LUMA_SIDE * LUMA_SIDE], tmp[LUMA_SIDE * LUMA_SIDE];
};

/* Means of `window` neighbours, `step` apart; fewer at both ends. */
static void box(const float *from, float *to, int n, ptrdiff_t step, int window)
{
	int before = (window + 1) / 2, after = window - before;
	float sum = 0;
	int count = 0;

	for (int i = 0; i < after && i < n; i++, count++)
		sum += from[i * step];
	for (int i = 0; i < n; i++) {
		if (i + after < n) {
			sum += from[(i + after) * step];
			count++;
		}
		if (i - before >= 0) {
			sum -= from[(i - before) * step];
			count--;
		}
		to[i * step] = sum / (float)count;
	}
}

static int window_of(int n)
{
	return (n + 2 * SIDE - 1) / (2 * SIDE);
}

static void smooth(struct plane *p)
{
	for (int pass = 0; pass < PASSES; pass++) {
		for (int y = 0; y < p->height; y++)
			box(&p->at[(ptrdiff_t)y * p->width], &p->tmp[(ptrdiff_t)y * p->width],
			    p->width, 1, window_of(p->width));
		for (int x = 0; x < p->width; x++)
			box(&p->tmp[x], &p->at[x], p->height, p->width, window_of(p->height));
	}
}

static void sample(const struct plane *p, float to[SIDE][SIDE])
{
	for (int y = 0; y < SIDE; y++)
		for (int x = 0; x < SIDE; x++)
			to[y][x] = p->at[(2 * y + 1) * p->height / (2 * SIDE) * p->width +
					 (2 * x + 1) * p->width / (2 * SIDE)];
}

static int step_of(float a, float b)
{
	int d = (int)((a - b) * 100 / 255);

	return d < 0 ? -d : d;
}

static int quality_of(float s[SIDE][SIDE])
{
	int sum = 0;

	for (int y = 0; y < SIDE; y++)
		for (int x = 0; x < SIDE; x++) {
			sum += y ? step_of(s[y][x], s[y - 1][x]) : 0;
			sum += x ? step_of(s[y][x], s[y][x - 1]) : 0;
		}
	return sum / 90 < 100 ? sum / 90 : 100;
}

/* Frequencies 1 to 16 of the discrete cosine transform, down and across. */
static void transform(float s[SIDE][SIDE], float ret[BITS])
{
	float wave[FREQUENCIES][SIDE], half[FREQUENCIES][SIDE];

	for (int f = 0; f < FREQUENCIES; f++)
		for (int x = 0; x < SIDE; x++)
			wave[f][x] = cosf((float)M_PI / 2 / SIDE * (float)((f + 1) * (2 * x + 1)));
	for (int f = 0; f < FREQUENCIES; f++)
		for (int x = 0; x < SIDE; x++) {
			half[f][x] = 0;
			for (int y = 0; y < SIDE; y++)
				half[f][x] += wave[f][y] * s[y][x];
		}
	for (int f = 0; f < FREQUENCIES; f++)
		for (int g = 0; g < FREQUENCIES; g++) {
			float sum = 0;

			for (int x = 0; x < SIDE; x++)
				sum += half[f][x] * wave[g][x];
			ret[f * FREQUENCIES + g] = sum;
		}
}

static float median_of(const float v[BITS])
{
	float s[BITS];

	/* insertion: 256 values, and no order to be had from a function with a context */
	for (int i = 0; i < BITS; i++) {
		int k = i;

		for (; k > 0 && s[k - 1] > v[i]; k--)
			s[k] = s[k - 1];
		s[k] = v[i];
	}
	return (s[BITS / 2 - 1] + s[BITS / 2]) / 2;
}

static void cut(const struct luma *l, struct pdq_part part, struct plane *p)
{
	int left = part.left * l->width / 1024, right = part.right * l->width / 1024;
	int top = part.top * l->height / 1024, bottom = part.bottom * l->height / 1024;

	p->width = right > left ? right - left : 1;
	p->height = bottom > top ? bottom - top : 1;
	for (int y = 0; y < p->height; y++)
		for (int x = 0; x < p->width; x++)
			p->at[y * p->width + x] = l->at[(top + y) * l->width + left + x];
}

int pdq_of(const struct luma *l, struct pdq_part part, struct pdq *ret)
{
	struct plane *p = mem_alloc(sizeof(*p));
	float s[SIDE][SIDE], v[BITS], median;

	cut(l, part, p);
	smooth(p);
	sample(p, s);
	mem_free(p);
	transform(s, v);
	median = median_of(v);
	memset(ret, 0, sizeof(*ret));
	for (int i = 0; i < BITS; i++)
		ret->word[i / 64] |= (uint64_t)(v[i] > median) << i % 64;
	return quality_of(s);
}

/* A line of `n` pixels, `step` apart, is of the colour `of`. */
static bool plain(const uint8_t *line, int n, ptrdiff_t step, int of)
{
	int other = 0;

	for (int i = 0; i < n; i++) {
		int d = line[i * step] - of;

		other += d > MARGIN_STEP || d < -MARGIN_STEP;
	}
	return other <= (int)((1 - MARGIN_LEAST_PART) * n);
}

static int mean_of(const uint8_t *line, int n, ptrdiff_t step)
{
	int sum = 0;

	for (int i = 0; i < n; i++)
		sum += line[i * step];
	return sum / n;
}

/* Lines of `n` pixels from `at` on, each `next` behind the last: how many, of `all`, are margin,
 * in 1/1024. */
static int margin(const uint8_t *at, int n, ptrdiff_t step, ptrdiff_t next, int all)
{
	int of = mean_of(at, n, step), i = 0;

	while (i < all && i * 1024 / all <= MARGIN_MOST && plain(at + i * next, n, step, of))
		i++;
	/* a background that goes on is none */
	return i * 1024 / all > MARGIN_MOST ? 0 : (i * 1024 + all - 1) / all;
}

struct pdq_part pdq_inside(const struct luma *l)
{
	int w = l->width, h = l->height;
	const uint8_t *last_row = &l->at[(ptrdiff_t)(h - 1) * w], *last_column = &l->at[w - 1];

	return (struct pdq_part){
		.left = margin(l->at, h, w, 1, w),
		.right = 1024 - margin(last_column, h, w, -1, w),
		.top = margin(l->at, w, 1, w, h),
		.bottom = 1024 - margin(last_row, w, 1, -w, h),
	};
}

void pdq_text(const struct pdq *p, char to[PDQ_TEXT])
{
	for (int i = 0; i < PDQ_WORDS; i++)
		snprintf(to + 16 * (size_t)i, 17, "%016" PRIx64, p->word[i]);
}

static int digit(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool pdq_parse(struct str s, struct pdq *ret)
{
	struct pdq p = { { 0 } };

	if (s.n != PDQ_TEXT - 1)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		int d = digit(s.p[i]);

		if (d < 0)
			return false;
		p.word[i / 16] = p.word[i / 16] << 4 | (uint64_t)d;
	}
	*ret = p;
	return true;
}

int pdq_distance(const struct pdq *a, const struct pdq *b)
{
	int n = 0;

	for (int i = 0; i < PDQ_WORDS; i++)
		n += __builtin_popcountll(a->word[i] ^ b->word[i]);
	return n;
}

struct pdq pdq_mirrored(const struct pdq *p)
{
	struct pdq m;

	/* odd frequencies across change their sign */
	for (int i = 0; i < PDQ_WORDS; i++)
		m.word[i] = p->word[i] ^ UINT64_C(0x5555555555555555);
	return m;
}
