#include "base/clock.h"
#include "pipectl/ctl.h"
#include "pipectl/show.h"

const struct opt ctl_images_options[] = {
	{ .name = "collect",
	  .type = OPT_FLAG,
	  .at = COMMAND_AT(collect),
	  .doc = "Let go now of images that nothing refers to, and fetch again those whose files "
		 "are lost; else that is done once a day." },
	{ .name = NULL },
};

void ctl_images_line(const struct command_env *env, const json_t *s)
{
	const json_t *i = json_object_get(s, "images"), *t = json_object_get(s, "tallies");
	double now = screen_real(i, "per_s"), rate = screen_real(i, "allowed_per_s");
	int64_t waiting = screen_int(t, "images-waiting");
	int64_t unseen = screen_int(i, "unseen");
	char kept[32], bytes[32], wait[32], span[32], left[32];

	(void)env;
	if (!screen_true(i, "wanted") && !screen_int(t, "images"))
		return;
	printf("Images  %s kept (%s)  %s waiting", screen_count(screen_int(t, "images"), kept),
	       screen_bytes(screen_int(t, "image-bytes"), bytes), screen_count(waiting, wait));
	/* Pages come first: what images get now may be far less than they may have. */
	if (now > rate / 20)
		rate = now;
	if (waiting && rate > 0) {
		clock_span((int64_t)((double)waiting / rate * 1000), span);
		printf(", done in about %s at %.2g/s", span, rate);
	}
	if (unseen)
		printf("  %s to be compared", screen_count(unseen, left));
	if (screen_true(i, "collecting"))
		printf("  collecting");
	putchar('\n');
}

static void collected(const struct command_env *env, const json_t *root)
{
	(void)env;
	(void)root;
	printf("collecting; `pipectl images` shows when it is over\n");
}

static void print(const struct command_env *env, const json_t *s)
{
	const json_t *i = json_object_get(s, "images");

	if (!screen_true(i, "wanted"))
		printf("no source has its images fetched: give it the key `images` "
		       "(piped.yaml(5))\n");
	ctl_images_line(env, s);
	if (screen_int(i, "collected"))
		printf("        %lld let go of since the start\n",
		       (long long)screen_int(i, "collected"));
}

int ctl_images(const struct command_env *env)
{
	if (env->opt.collect)
		return show_post(env, "/api/images/collect", collected);
	return show_get(env, "/api/status", print);
}
