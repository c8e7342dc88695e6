/* kernel.h: the loops that training and prediction spend their time in. They
 * work on eight lanes in a fixed order and are compiled twice, for any machine
 * and for AVX2, without fused operations: the same sums on both. Pure. */
#ifndef PIPED_KERNEL_H
#define PIPED_KERNEL_H

#include <stddef.h>
#include <stdint.h>

#define KERNEL_WIDTH 256 /* floats of one feature's row, all members */

struct corpus_label;

/* One member's step on one title. Vectors begin at multiples of 16 bytes, `dim`
 * is a multiple of 16. */
struct kernel_step {
	float *rows, *head, *bias; /* [features][dim], [classes][dim], [classes] */
	const uint32_t *kept;
	const float *pace; /* of each kept one: what its row moves by */
	unsigned n;	   /* of kept; at least 1 */
	int classes, dim;
	const struct corpus_label *labels;
	int labels_n;
	float rate;
	float *p; /* room for [classes] */
};

/* A model's rows: width bytes each, times scale[level]. */
struct kernel_rows {
	const int8_t *rows;
	const float *scale; /* [256] */
	int width;
};

struct kernel_head {
	const float *head, *bias; /* [members][classes][dim], [members][classes] */
	int members, classes, dim;
};

struct kernel {
	/* Moves the weights by one title. */
	void (*learn)(const struct kernel_step *s);
	/* The sum of the rows of those entries (slots.h). */
	void (*sum)(const struct kernel_rows *r, const uint32_t *entries, unsigned n, float *sum);
	/* The mean of the members' logits of a sum of `known` rows, 1 or more,
	 * which is changed. */
	void (*logits)(const struct kernel_head *h, float *sum, unsigned known, float *ret);
	/* How far each entry's row goes along a vector of `width`: their products. */
	void (*along)(const struct kernel_rows *r, const uint32_t *entries, unsigned n,
		      const float *vector, float *ret);
	/* The sum of e^((x - less) * by); each goes to `to`, where that isn't NULL.
	 * None may be above 0. What is below e^-87 counts as that. */
	float (*exponents)(const float *x, int n, float less, float by, float *to);
	/* x becomes the softmax of x * by. */
	void (*softmax)(float *x, int n, float by);
};

/* The best one of this machine; any thread. */
const struct kernel *kernel_get(void);
extern const struct kernel kernel_plain, kernel_avx2;

#endif
