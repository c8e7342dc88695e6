#include "crawler/picture.h"

#include "crawler/scope.h"
#include "crawler/url.h"
#include "model/image.h"

static const struct conf_fill *fill_of(const struct conf_images *i, struct str name)
{
	for (int k = 0; k < i->n_fill; k++)
		if (str_eq(i->fill[k].name, name))
			return &i->fill[k];
	return NULL;
}

/* Names that nothing is said of stay as they are. */
static struct str filled(const struct conf_images *i, struct str template, struct arena *a)
{
	struct buf out;
	struct str name, made;
	ptrdiff_t open, shut;

	buf_init(&out, (size_t)2 * URL_MOST);
	while ((open = str_find_char(template, '{')) >= 0) {
		const struct conf_fill *f;

		name = str_sub(template, (size_t)open + 1, template.n);
		shut = str_find_char(name, '}');
		if (shut < 0)
			break;
		name = str_sub(name, 0, (size_t)shut);
		f = fill_of(i, name);
		buf_add(&out, str_sub(template, 0, (size_t)open));
		if (f)
			buf_add(&out, url_escape(f->value, a));
		else
			buf_fmt(&out, "{%.*s}", STR_ARG(name));
		template = str_sub(template, (size_t)open + name.n + 2, template.n);
	}
	buf_add(&out, template);
	made = arena_str(a, buf_str(&out));
	buf_done(&out);
	return made;
}

bool picture_allowed(const struct conf_source *s, struct str host, struct str reason)
{
	const struct str large = STR(PICTURE_LARGE "(");
	int64_t bytes;

	if (!s->enabled || !s->images.wanted || !scope_image(s, host))
		return false;
	if (str_is(reason, PICTURE_OFF) || str_ends(reason, STR(PICTURE_HOST)))
		return true;
	return str_starts(reason, large) &&
	       str_i64(str_sub(reason, large.n, reason.n - large.n - 1), &bytes) &&
	       bytes < s->images.max_bytes;
}

struct str picture_key(struct str url, struct arena *a)
{
	return arena_fmt(a, "image %.*s", STR_ARG(url));
}

void picture_job(const struct conf_source *s, struct str address, int64_t parent, int64_t now_ms,
		 struct arena *a, struct job *ret)
{
	struct job j = {
		.source = s->name,
		.page = STR(IMAGE_PAGE),
		.host = STR("-"),
		.vars = STR(""),
		.seed = -1,
		.parent = parent,
		.priority = JOB_PRIORITY_LAST,
		.state = JOB_DUE,
		.due_ms = now_ms,
		.reason = STR(""),
	};
	struct str text = filled(&s->images, address, a);
	struct reason why = { "" };
	struct url u = { .text = text };

	if (url_parse(text, a, &u, &why)) {
		j.state = JOB_REFUSED;
		u.text = arena_str(a, str_sub(text, 0, URL_MOST));
	} else {
		j.host = u.host;
		if (!scope_image(s, u.host)) {
			j.state = JOB_REFUSED;
			reason_set(&why, ERR_DENIED, "host %.*s is " PICTURE_HOST, STR_ARG(u.host));
		}
	}
	j.url = u.text;
	j.key = picture_key(u.text, a);
	if (j.state == JOB_REFUSED)
		j.reason = arena_text(a, why.text);
	*ret = j;
}
