/* look_bench: what finding pictures that look the same costs. Reads the names of picture files from
 * standard input, and takes each as a new picture; then as many as are missing to PICTURES: one of
 * those with a third of its bits the other way, which leaves the numbers that hashes are found by
 * as unevenly spread as real ones are.
 *   look_bench PICTURES < names */
#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/must.h"
#include "base/rng.h"
#include "picture/look_index.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define QUESTIONS 1000
#define OTHER 85 /* bits that a made up picture has the other way */
#define EDITED 30

struct bench {
	struct look *real;
	size_t n, cap;
	int64_t decode_ns, found, ask_ns, add_ns;
	struct look_index *index;
	struct rng rng;
};

static void read_one(struct bench *b, const char *path)
{
	int64_t began;
	struct look l;
	struct buf file;

	buf_init(&file, (size_t)64 << 20);
	if (!file_read(path, &file, NULL)) {
		began = clock_thread_cpu_ns();
		if (!look_read(buf_str(&file), &l, NULL) && l.quality >= PDQ_QUALITY_LEAST) {
			b->decode_ns += clock_thread_cpu_ns() - began;
			mem_grow(&b->real, &b->cap, b->n + 1, sizeof(*b->real));
			b->real[b->n++] = l;
		}
	}
	buf_done(&file);
}

static void read_all(struct bench *b)
{
	char *line = NULL;
	size_t room = 0;
	ssize_t n;

	while ((n = getline(&line, &room, stdin)) > 0) {
		line[strcspn(line, "\n")] = 0;
		read_one(b, line);
	}
	free(line);
}

/* The same bits of each of its hashes: they are of one picture. */
static struct look changed(struct bench *b, const struct look *of, int bits)
{
	struct look l = *of;

	for (int i = 0; i < bits; i++) {
		uint64_t at = rng_below(&b->rng, 256);

		for (int p = 0; p < LOOK_PARTS; p++)
			l.part[p].word[at / 64] ^= UINT64_C(1) << at % 64;
	}
	return l;
}

static struct look picture(struct bench *b, size_t i)
{
	return i < b->n ? b->real[i] : changed(b, &b->real[rng_below(&b->rng, b->n)], OTHER);
}

static void ask(struct bench *b)
{
	int64_t ids[LOOK_INDEX_FOUND];

	b->found = b->ask_ns = 0;
	for (int i = 0; i < QUESTIONS; i++) {
		size_t at = rng_below(&b->rng, b->n);
		struct look l = changed(b, &b->real[at], EDITED);
		int64_t began = clock_thread_cpu_ns();
		int n = look_index_find(b->index, &l, ids);

		b->ask_ns += clock_thread_cpu_ns() - began;
		for (int k = 0; k < n; k++)
			b->found += ids[k] == (int64_t)at + 1;
	}
}

static void report(struct bench *b, size_t n)
{
	ask(b);
	fprintf(stderr,
		"%9zu pictures: %6.0f us a question, %4.1f%% found; %4.1f us an addition; %7.1f "
		"MB, "
		"%3.0f bytes a hash, %3.0f a picture\n",
		n, (double)b->ask_ns / 1e3 / QUESTIONS, 100.0 * (double)b->found / QUESTIONS,
		(double)b->add_ns / 1e3 / (double)n, (double)look_index_bytes(b->index) / 1e6,
		(double)look_index_bytes(b->index) / (double)look_index_count(b->index),
		(double)look_index_bytes(b->index) / (double)n);
}

int main(int argc, char **argv)
{
	struct bench b = { .index = look_index_new(LOOK_INDEX_MOST), .rng = { 7 } };
	size_t most;

	if (argc < 2) {
		fprintf(stderr, "look_bench: PICTURES < names of picture files\n");
		return 2;
	}
	most = (size_t)strtoull(argv[1], NULL, 10);
	read_all(&b);
	must(b.n > 0);
	fprintf(stderr, "%9zu files: %.1f ms each, decoded and hashed\n", b.n,
		(double)b.decode_ns / 1e6 / (double)b.n);
	for (size_t i = 0; i < most; i++) {
		struct look l = picture(&b, i);
		int64_t began = clock_thread_cpu_ns();

		look_index_add(b.index, &l, (int64_t)i + 1);
		look_index_keep(b.index);
		b.add_ns += clock_thread_cpu_ns() - began;
		if (i + 1 == most || i + 1 == 100000 || i + 1 == 1000000)
			report(&b, i + 1);
	}
	look_index_free(b.index);
	mem_free(b.real);
	return 0;
}
