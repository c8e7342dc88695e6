#include "market_row.h"

#include "base/hash.h"
#include "base/json.h"

struct row {
	const struct market_data *d;
	const struct market_item *item;
	uint64_t luck; /* of the pid: what the file does not say */
	bool ad;
	struct buf *to;
};

static const char *const places[] = {
	"",
	"",
	"",
	"서울특별시 강남구 역삼동",
	"서울특별시 마포구 서교동",
	"경기도 성남시 분당구 정자동",
	"부산광역시 해운대구 우동",
	"대구광역시 수성구 범어동",
	"인천광역시 연수구 송도동",
	"광주광역시 북구 용봉동",
};

static uint64_t luck_of(const struct market_item *i)
{
	return hash64_join(i->pid, 1);
}

struct str market_row_place(const struct market_item *item)
{
	return str_of(places[luck_of(item) % 10]);
}

bool market_row_used(const struct market_item *item)
{
	return luck_of(item) / 10 % 10 < 8;
}

static void quoted(struct row *r, struct str s)
{
	struct json j;

	json_init(&j, r->to);
	json_str(&j, NULL, s);
}

static void add_pid(struct row *r)
{
	buf_fmt(r->to, "\"%llu\"", (unsigned long long)r->item->pid);
}

static void add_name(struct row *r)
{
	quoted(r, market_data_title(r->d, r->item));
}

static void add_price(struct row *r)
{
	buf_fmt(r->to, "\"%lld\"", (long long)r->item->price);
}

static void add_image(struct row *r)
{
	quoted(r, market_data_image(r->d, r->item));
}

static void add_status(struct row *r)
{
	buf_fmt(r->to, "\"%d\"", r->item->status);
}

static void add_ad(struct row *r)
{
	buf_add_text(r->to, r->ad ? "true" : "false");
}

static void add_location(struct row *r)
{
	quoted(r, market_row_place(r->item));
}

static void add_shipping(struct row *r)
{
	buf_add_text(r->to, r->luck >> 20 & 1 ? "true" : "false");
}

static void add_pu(struct row *r)
{
	if (r->ad)
		buf_fmt(r->to, "%llu", (unsigned long long)(r->luck % 900000 + 100000));
	else
		buf_add_text(r->to, "null");
}

static void add_link(struct row *r)
{
	buf_fmt(r->to, "\"https://m.bunjang.co.kr/products/%llu\"",
		(unsigned long long)r->item->pid);
}

static void add_comments(struct row *r)
{
	buf_fmt(r->to, "\"%d\"", (int)(r->luck >> 24 & 3));
}

static void add_faved(struct row *r)
{
	buf_fmt(r->to, "\"%d\"", (int)(r->luck >> 26 & 31));
}

static void add_tag(struct row *r)
{
	struct str brand = market_data_brand(r->d, r->item);
	struct str kind = r->d->nodes[r->item->node].title;
	struct buf tags;

	buf_init(&tags, 1 << 17);
	buf_add(&tags, brand);
	buf_add_text(&tags, brand.n ? "," : "");
	buf_add(&tags, kind);
	quoted(r, buf_str(&tags));
	buf_done(&tags);
}

static void add_uid(struct row *r)
{
	buf_fmt(r->to, "\"%d\"", (int)(r->luck >> 32 & 0xffffff));
}

static void add_updated(struct row *r)
{
	buf_fmt(r->to, "%lu", (unsigned long)r->item->seen);
}

static void add_used(struct row *r)
{
	buf_add_text(r->to, market_row_used(r->item) ? "2" : "1");
}

static void add_category(struct row *r)
{
	quoted(r, r->d->nodes[r->item->node].id);
}

static void add_impression(struct row *r)
{
	unsigned long long a = r->luck, b = hash64_join(r->luck, 2);

	buf_fmt(r->to, "\"%016llx%016llx\"", a, b);
}

static void add_ad_ref(struct row *r)
{
	buf_add_text(r->to, r->ad ? "\"category_ad\"" : "\"\"");
}

static void add_tracking(struct row *r)
{
	buf_add_text(r->to, "{\"imp_id\":");
	add_impression(r);
	buf_add_char(r->to, '}');
}

static void add_type(struct row *r)
{
	buf_add_text(r->to, r->ad ? "\"AD\"" : "\"PRODUCT\"");
}

/* The fields of a row, in the order of the real answer. Runs of fixed fields
 * stand as text, since a page writes each of them a hundred times. */
static const struct field {
	const char *text;
	void (*add)(struct row *r);
} fields[] = {
	{ .text = "{\"pid\":", .add = add_pid },
	{ .text = ",\"name\":", .add = add_name },
	{ .text = ",\"price\":", .add = add_price },
	{ .text = ",\"product_image\":", .add = add_image },
	{ .text = ",\"status\":", .add = add_status },
	{ .text = ",\"ad\":", .add = add_ad },
	{ .text = ",\"inspection\":\"NONE\",\"care\":false,\"location\":", .add = add_location },
	{ .text = ",\"badges\":[],\"name_prefix\":null,\"bizseller\":false,\"checkout\":false,"
		  "\"contact_hope\":false,\"free_shipping\":",
	  .add = add_shipping },
	{ .text = ",\"is_adult\":false,\"only_neighborhood\":false,\"proshop\":false,"
		  "\"faved\":false,\"bun_pay_filter_enabled\":true,\"is_super_up_shop\":false,"
		  "\"max_cpc\":null,\"pu_id\":",
	  .add = add_pu },
	{ .text = ",\"super_up\":false,\"ref_campaign\":null,\"ref_code\":null,"
		  "\"ref_medium\":null,\"ref_test\":null,\"app_url\":null,\"num_comment\":",
	  .add = add_comments },
	{ .text = ",\"num_faved\":", .add = add_faved },
	{ .text = ",\"outlink_url\":", .add = add_link },
	{ .text = ",\"style\":\"thumbnail\",\"tag\":", .add = add_tag },
	{ .text = ",\"uid\":", .add = add_uid },
	{ .text = ",\"update_time\":", .add = add_updated },
	{ .text = ",\"used\":", .add = add_used },
	{ .text = ",\"category_id\":", .add = add_category },
	{ .text = ",\"ref_content\":\"category_list\",\"ref_source\":\"category\",\"imp_id\":",
	  .add = add_impression },
	{ .text = ",\"ad_ref\":", .add = add_ad_ref },
	{ .text = ",\"tracking\":", .add = add_tracking },
	{ .text = ",\"type\":", .add = add_type },
};

void market_row_json(const struct market_data *d, const struct market_item *item, bool ad,
		     struct buf *to)
{
	struct row r = { .d = d, .item = item, .luck = luck_of(item), .ad = ad, .to = to };
	size_t i;

	for (i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		buf_add_text(to, fields[i].text);
		fields[i].add(&r);
	}
	buf_add_char(to, '}');
}
