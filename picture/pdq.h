/* pdq.h: PDQ, a hash of what a picture looks like (Facebook, "The TMK+PDQF Video-Hashing Algorithm
 * and the PDQ Image-Hashing Algorithm", 2019): brightness, smoothed and sampled at 64 x 64; its
 * 16 x 16 lowest frequencies without the constant one, each above or below their median. Two of
 * one picture differ in few of the 256 bits; two of different ones in half of them. Pure. */
#ifndef PIPED_PDQ_H
#define PIPED_PDQ_H

#include "picture/luma.h"

#include <stdbool.h>

/* Worse pictures (flat ones, a line of text) have hashes that say nothing: 0..100. */
#define PDQ_QUALITY_LEAST 50
#define PDQ_WORDS 4

/* Bit 64 * w + b is frequency 4 w + b / 16 down, b % 16 across. */
struct pdq {
	uint64_t word[PDQ_WORDS];
};

/* A part of a picture: from and to, in 1/1024 of width and height. */
struct pdq_part {
	int left, top, right, bottom;
};
/* All of it. */
extern const struct pdq_part pdq_whole;

/* Of a part, which has pixels; returns its quality. */
int pdq_of(const struct luma *l, struct pdq_part part, struct pdq *ret);
/* What is left without margins of one colour. */
struct pdq_part pdq_inside(const struct luma *l);
/* Hexadecimal, a word after the other; with a 0. */
#define PDQ_TEXT (16 * PDQ_WORDS + 1)
void pdq_text(const struct pdq *p, char to[PDQ_TEXT]);
bool pdq_parse(struct str s, struct pdq *ret);
/* Bits that differ. */
int pdq_distance(const struct pdq *a, const struct pdq *b);
/* That of the picture seen in a mirror, but for a few bits near the median. */
struct pdq pdq_mirrored(const struct pdq *p);

#endif
