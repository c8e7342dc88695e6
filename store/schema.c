#include "store/schema.h"

#include "base/buf.h"
#include "base/must.h"
#include "model/review.h"
#include "model/state.h"
#include "store/store_check.h"

#define SCRIPT_MOST (64 << 10)

static void label_by(struct buf *to)
{
	for (int i = 0; i < LABEL_BY_N; i++)
		buf_fmt(to, "%s'%s'", i ? "," : "", label_by_name((enum label_by)i));
}

static void review_action_names(struct buf *to)
{
	for (int i = 0; i < REVIEW_ACTIONS; i++)
		buf_fmt(to, "%s'%s'", i ? "," : "", review_actions[i].name);
}

/* What "@name@" stands for. A name that nobody knows is a bug of the script. */
static void word(struct str name, struct buf *to)
{
	const char *engine = store_engine_word(name);

	if (engine) {
		buf_add_text(to, engine);
		return;
	}
	if (str_is(name, "label_by")) {
		label_by(to);
		return;
	}
	if (str_is(name, "review_actions")) {
		review_action_names(to);
		return;
	}
	must(str_ends(name, STR("_states")));
	name.n -= sizeof("_states") - 1;
	for (int k = 0; k < STATE_KINDS; k++) {
		if (str_is(name, state_kind_name((enum state_kind)k))) {
			state_sql((enum state_kind)k, to);
			return;
		}
	}
	must(false);
}

static void expand(const char *sql, struct buf *to)
{
	struct str rest = str_of(sql), part;
	bool name = false;

	while (str_next(&rest, '@', &part)) {
		if (name)
			word(part, to);
		else
			buf_add(to, part);
		name = !name;
	}
	must(!to->full);
}

/* The CHECK of the states of each of `kinds`, as the table of states now says. */
static enum err restate(struct store_engine *e, unsigned kinds)
{
	enum err err = ERR_OK;
	struct buf check;

	for (int k = 0; k < STATE_KINDS && !err; k++) {
		if (!(kinds & (1u << k)))
			continue;
		buf_init(&check, SCRIPT_MOST);
		state_sql((enum state_kind)k, &check);
		err = store_check_set(e, state_kind_name((enum state_kind)k), "state",
				      buf_str(&check));
		buf_done(&check);
	}
	return err;
}

static enum err migrate(struct store_engine *e, const struct schema_migration *m, int number,
			struct reason *why)
{
	struct buf sql;
	enum err err;

	buf_init(&sql, SCRIPT_MOST);
	for (int i = 0; i < SCHEMA_PARTS && m->sql[i]; i++)
		expand(m->sql[i], &sql);
	err = store_engine_begin(e);
	if (!err)
		err = store_engine_exec(e, sql.p);
	if (!err)
		err = restate(e, m->restates);
	if (!err)
		err = store_engine_set_stamp(e, number);
	if (!err)
		err = store_engine_commit(e);
	if (err) {
		reason_set(why, err, "migration %d (%s): %s", number, m->doc, e->why.text);
		store_engine_rollback(e);
	}
	buf_done(&sql);
	return err;
}

enum err schema_apply(struct store_engine *e, const struct schema_migration *m, int n, int *ret_was,
		      struct reason *why)
{
	struct store_engine_stamp stamp;
	enum err err = store_engine_stamp(e, &stamp);

	if (err)
		return reason_set(why, err, "%s", e->why.text);
	if (!stamp.ours && !stamp.empty)
		return reason_set(why, ERR_BAD, "a database, but not one that piped made");
	if (stamp.version > n)
		return reason_set(why, ERR_VERSION,
				  "made by a newer piped (schema %lld, this one knows %d)",
				  (long long)stamp.version, n);
	if (stamp.version < 0)
		return reason_set(why, ERR_BAD, "its schema number %lld makes no sense",
				  (long long)stamp.version);
	for (int i = (int)stamp.version; i < n; i++) {
		err = migrate(e, &m[i], i + 1, why);
		if (err)
			return err;
	}
	*ret_was = (int)stamp.version;
	return ERR_OK;
}
