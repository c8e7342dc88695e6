/* Learns from four titles, suggests categories for the arguments. Build it with
 *   cc suggest.c $(pkg-config --cflags --libs pipeclass) -o suggest */
#include <classifier/classifier.h>
#include <stdio.h>

static void rewind_rows(void *at)
{
	*(int *)at = 0;
}

static bool next_row(void *at, struct classifier_row *ret)
{
	static const char *const titles[] = { "wool coat", "long coat", "blue jeans",
					      "denim jeans" };
	int i = (*(int *)at)++;

	if (i < 4)
		classifier_row_of(str_of(titles[i]), i < 2 ? STR("coats") : STR("trousers"), ret);
	return i < 4;
}

int main(int argc, char **argv)
{
	struct classifier_rows rows = { &(int){ 0 }, rewind_rows, next_row };
	struct classifier_opt opt = classifier_defaults();
	struct classifier_report report;
	struct classifier_guess best;
	struct classifier *c;
	struct reason why;

	if (classifier_train(&rows, &opt, "suggest.model", &report, &why) ||
	    classifier_open("suggest.model", &c, &why))
		return fprintf(stderr, "%s\n", why.text), 1;
	for (int i = 1; i < argc && classifier_top(c, str_of(argv[i]), 1, &best); i++)
		printf("%s: %.*s %.2f\n", argv[i], STR_ARG(classifier_class(c, best.klass)),
		       (double)best.p);
	classifier_close(c);
	return 0;
}
