/* Models of votes at size: made-up listings, rules that each say one class with a precision of
 * their own between .5 and 1, and as many decided listings as a few days of review give. */
#include "base/clock.h"
#include "base/mem.h"
#include "base/rng.h"
#include "labeler/label_choice.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#define VOTES 8 /* at most, of a listing: half of that on average */
#define DECIDED 2000

struct made {
	struct vote_matrix m;
	int *truth;
};

static bool stands(const uint32_t *votes, int n, uint32_t column)
{
	for (int i = 0; i < n; i++)
		if (votes[i] == column)
			return true;
	return false;
}

static void make(struct made *x, int listings, int rules, int classes)
{
	struct vote_column *columns = mem_array((size_t)rules, sizeof(*columns));
	double *precise = mem_array((size_t)rules, sizeof(*precise));
	struct rng r = { 1 };

	for (int j = 0; j < rules; j++) {
		columns[j] = (struct vote_column){ .rule = j, .klass = j % classes, .family = -1 };
		precise[j] = .5 + .5 * rng_unit(&r);
	}
	vote_matrix_init(&x->m, classes, rules, columns, rules);
	x->truth = mem_array((size_t)listings, sizeof(*x->truth));
	for (int i = 0; i < listings; i++) {
		uint32_t votes[VOTES], j;
		int n = 0, k = x->truth[i] = (int)rng_below(&r, (uint64_t)classes);

		for (uint64_t want = rng_below(&r, VOTES + 1); want; want--) {
			j = (uint32_t)k +
			    (uint32_t)classes *
				    (uint32_t)rng_below(&r, (uint64_t)(rules / classes));
			if (rng_unit(&r) > precise[j])
				j = (uint32_t)rng_below(&r, (uint64_t)rules);
			if (!stands(votes, n, j))
				votes[n++] = j;
		}
		vote_matrix_add(&x->m, votes, n);
	}
	mem_free(columns);
	mem_free(precise);
}

static double seconds_since(int64_t from_ns)
{
	return (double)(clock_thread_cpu_ns() - from_ns) / 1e9;
}

static void fit(const struct made *x)
{
	struct label_model *l = NULL;
	struct label_model_about a;
	struct reason why;
	int64_t from = clock_thread_cpu_ns();
	double spent;

	if (label_model_em(LABEL_TWO_RATE, &x->m, NULL, &l, &why)) {
		printf("two rates: %s\n", why.text);
		return;
	}
	spent = seconds_since(from);
	a = label_model_about(l);
	printf("two rates by EM: %.1f s of CPU, %d steps of %.0f ms%s\n", spent, a.iterations,
	       spent * 1e3 / (a.iterations + 1), a.converged ? "" : ", not done");
	label_model_free(l);
}

static void choose(const struct made *x)
{
	struct label_reviewed *rows = mem_array(DECIDED, sizeof(*rows));
	struct label_choice c;
	struct label_model *l;
	struct rng r = { 2 };
	int64_t from;

	for (int i = 0; i < DECIDED; i++) {
		rows[i].row = rng_below(&r, x->m.rows);
		rows[i].truth = x->truth[rows[i].row];
	}
	from = clock_thread_cpu_ns();
	l = label_choice_make(&x->m, rows, DECIDED, 1, &c);
	printf("choice of four: %.1f s of CPU: %s\n", seconds_since(from), c.why.text);
	for (int k = 0; k < LABEL_MODEL_KINDS; k++)
		if (c.trial[k].end != LABEL_TRIED)
			printf("  not %s: %s\n", label_model_name((enum label_model_kind)k),
			       c.trial[k].why.text);
	from = clock_thread_cpu_ns();
	for (size_t i = 0; i < x->m.rows; i++) {
		struct label_answer answer;
		int n;
		const uint32_t *votes = vote_matrix_row(&x->m, i, &n);

		label_model_answer(l, votes, n, &answer);
	}
	printf("answers for all listings: %.2f s of CPU\n", seconds_since(from));
	label_model_free(l);
	mem_free(rows);
}

int main(int argc, char **argv)
{
	const int listings = argc > 1 ? atoi(argv[1]) : 0, rules = argc > 2 ? atoi(argv[2]) : 0,
		  classes = argc > 3 ? atoi(argv[3]) : 0;
	struct made x;
	struct rusage use;

	if (listings < 1 || classes < 2 || rules < classes) {
		(void)fprintf(stderr, "votes_bench LISTINGS RULES CLASSES: at least 2 classes, and "
				      "a rule each\n");
		return 2;
	}
	make(&x, listings, rules, classes);
	printf("%d listings, %d rules, %d classes: %llu votes\n", listings, rules, classes,
	       (unsigned long long)x.m.first[x.m.rows]);
	fit(&x);
	choose(&x);
	(void)getrusage(RUSAGE_SELF, &use);
	printf("most memory: %ld MiB\n", use.ru_maxrss / 1024);
	vote_matrix_done(&x.m);
	mem_free(x.truth);
	return 0;
}
