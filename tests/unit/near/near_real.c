#include "near_real.h"

#include "base/hash.h"
#include "base/mem.h"
#include "base/must.h"
#include "base/normal.h"
#include "cleaner/marks.h"

struct near_real {
	struct conf *conf;
	struct marks *marks;
	struct arena *text;
};

struct near_real *near_real_new(void)
{
	struct near_real *r = mem_zero(sizeof(*r));
	struct conf_problem *problems = NULL;
	int n = 0;

	must(conf_load(PIPED_SOURCE "/etc/piped.yaml", &r->conf, &problems, &n) == ERR_OK);
	r->marks = marks_new(&r->conf->words);
	r->text = arena_new(1 << 14);
	return r;
}

void near_real_free(struct near_real *r)
{
	if (!r)
		return;
	marks_free(r->marks);
	conf_free(r->conf);
	arena_free(r->text);
	mem_free(r);
}

uint64_t near_real_title(struct near_real *r, struct str title, struct shingle_set *ret)
{
	char text[4096];
	struct str clean = { text, normal_title(title, text, sizeof(text)) }, core;

	arena_reset(r->text);
	core = marks_core(r->marks, clean, r->text);
	shingle_title(core.n ? core : clean, ret);
	return hash64(clean, 1);
}

double near_real_price(struct str price)
{
	double value;

	return str_f64(price, &value) ? value : 0;
}

bool near_real_line(gzFile f, char *line, int room, struct str *part, int most)
{
	struct str rest;
	int n = 0;

	if (!gzgets(f, line, room))
		return false;
	rest = str_trim(str_of(line));
	while (n < most)
		if (!str_next(&rest, '\t', &part[n++]))
			part[n - 1] = STR("");
	return true;
}
