#include "config/conf_images.h"

#include "config/conf_seedurl.h"
#include "config/conf_show.h"

static void read_fill(struct conf_reader *r, const struct conf_row *row, const struct conf_node *n,
		      void *into);
static struct conf_node *show_fill(struct arena *a, const struct conf_row *row, const void *from);

static const struct conf_part fill_part = {
	.what = "a map of names in braces and what stands for them",
	.read = read_fill,
	.show = show_fill,
};

const struct conf_row conf_images_rows[] = {
	{ .name = "hosts",
	  .type = CONF_TEXTS,
	  .at = offsetof(struct conf_images, hosts),
	  .at_n = offsetof(struct conf_images, n_hosts),
	  .wrong = conf_seedurl_host_wrong,
	  .doc = "Hosts that images may come from beside the source's own, such as "
		 "media.shop.example." },
	{ .name = "fill",
	  .type = CONF_PART,
	  .at = offsetof(struct conf_images, fill),
	  .part = &fill_part,
	  .doc = "What stands for names in braces where the image's address is a template: "
		 "{ res: 360 } for https://media.shop.example/1_w{res}.jpg." },
	{ .name = "rate",
	  .type = CONF_RATE,
	  .at = offsetof(struct conf_images, rate),
	  .def = "1/s",
	  .min = 1.0 / 3600,
	  .max = 1000,
	  .doc = "Requests to each of `hosts`, at most. At a host of the source's own its rate "
		 "holds, and pages come first." },
	{ .name = "concurrency",
	  .type = CONF_INT,
	  .at = offsetof(struct conf_images, concurrency),
	  .def = "1",
	  .min = 1,
	  .max = 64,
	  .doc = "Requests at once to each of `hosts`, at most." },
	{ .name = "max-bytes",
	  .type = CONF_SIZE,
	  .at = offsetof(struct conf_images, max_bytes),
	  .def = "4MiB",
	  .min = 1024,
	  .max = 64 * 1024 * 1024,
	  .doc = "Larger images are not kept." },
	{ .name = NULL },
};

static void read_one_fill(struct conf_reader *r, const struct conf_node *n, void *into)
{
	struct conf_fill *f = into;

	f->name = n->key;
	f->value = conf_table_text(r, n, n->key.p);
}

static void read_fill(struct conf_reader *r, const struct conf_row *row, const struct conf_node *n,
		      void *into)
{
	struct conf_images *i = into;

	(void)row;
	i->fill = conf_table_items(r, n, NODE_MAP, sizeof(*i->fill), read_one_fill, &i->n_fill);
}

static struct conf_node *show_fill(struct arena *a, const struct conf_row *row, const void *from)
{
	const struct conf_images *i = from;
	struct conf_node *map = conf_show_map(a);

	(void)row;
	for (int k = 0; k < i->n_fill; k++)
		conf_show_put(map, i->fill[k].name, conf_show_text(a, i->fill[k].value));
	return i->n_fill ? map : NULL;
}

static void read_images(struct conf_reader *r, const struct conf_row *row,
			const struct conf_node *n, void *into)
{
	struct conf_images *i = &((struct conf_source *)into)->images;

	(void)row;
	i->wanted = n->kind == NODE_MAP;
	conf_table_read(r, conf_images_rows, n, i);
	for (int k = 0; k < i->n_hosts; k++)
		i->hosts[k] = conf_seedurl_host(r->a, i->hosts[k]);
}

static struct conf_node *show_images(struct arena *a, const struct conf_row *row, const void *from)
{
	const struct conf_images *i = &((const struct conf_source *)from)->images;

	(void)row;
	return i->wanted ? conf_show_rows(a, conf_images_rows, i) : NULL;
}

const struct conf_part conf_images_part = {
	.what = "a map",
	.read = read_images,
	.show = show_images,
};
