#include "crawler/meter.h"

#include "base/hash.h"
#include "base/mem.h"
#include "base/must.h"
#include "base/utf8.h"
#include "crawler/window.h"

#include <string.h>

#define FIRST_ROOM 64 /* powers of two */

static struct meter **place(const struct meter_table *t, struct str host)
{
	struct meter **at = &t->meters[hash64(host, 0) & (t->room - 1)];

	while (*at && !str_eq((*at)->name, host))
		at = &(*at)->in_bucket;
	return at;
}

struct meter *meter_find(const struct meter_table *t, struct str host)
{
	return t->room ? *place(t, host) : NULL;
}

static void grow(struct meter_table *t)
{
	struct meter **old = t->meters, *m, *next;
	size_t n = t->room;

	t->room = n ? n * 2 : FIRST_ROOM;
	t->meters = mem_array(t->room, sizeof(struct meter *));
	for (size_t i = 0; i < n; i++) {
		for (m = old[i]; m; m = next) {
			next = m->in_bucket;
			m->in_bucket = NULL;
			*place(t, m->name) = m;
		}
	}
	mem_free(old);
}

/* ---- addresses ---- */

static struct meter_address **address_place(const struct meter_table *t, struct str name)
{
	struct meter_address **at = &t->addresses[hash64(name, 0) & (t->addresses_room - 1)];

	while (*at && !str_eq((*at)->name, name))
		at = &(*at)->in_bucket;
	return at;
}

static void grow_addresses(struct meter_table *t)
{
	struct meter_address **old = t->addresses, *a, *next;
	size_t n = t->addresses_room;

	t->addresses_room = n ? n * 2 : FIRST_ROOM;
	t->addresses = mem_array(t->addresses_room, sizeof(struct meter_address *));
	for (size_t i = 0; i < n; i++) {
		for (a = old[i]; a; a = next) {
			next = a->in_bucket;
			a->in_bucket = NULL;
			*address_place(t, a->name) = a;
		}
	}
	mem_free(old);
}

static struct meter_address *address_of(struct meter_table *t, struct str name)
{
	struct meter_address *a;
	char *text;

	if (t->n_addresses >= t->addresses_room)
		grow_addresses(t);
	a = *address_place(t, name);
	if (a)
		return a;
	a = mem_zero(sizeof(*a) + name.n + 1);
	text = (char *)(a + 1);
	memcpy(text, name.p, name.n);
	a->name = (struct str){ text, name.n };
	*address_place(t, name) = a;
	t->n_addresses++;
	return a;
}

static void leave_address(struct meter_table *t, struct meter *m)
{
	struct meter_address *a = m->address;

	m->address = NULL;
	m->ticket_us = 0;
	if (!a || --a->hosts > 0)
		return;
	*address_place(t, a->name) = a->in_bucket;
	t->n_addresses--;
	mem_free(a);
}

bool meter_reached(struct meter_table *t, struct meter *m, struct str address)
{
	struct meter_address *a;

	if (!address.n || (m->address && str_eq(m->address->name, address)))
		return false;
	a = address_of(t, address);
	a->hosts++;
	leave_address(t, m);
	m->address = a;
	return true;
}

/* ---- those that nobody uses ---- */

static void idle_drop(struct meter_table *t, struct meter *m)
{
	*(m->prev ? &m->prev->next : &t->first_idle) = m->next;
	*(m->next ? &m->next->prev : &t->last_idle) = m->prev;
	m->prev = m->next = NULL;
	t->n_idle--;
}

static void idle_add(struct meter_table *t, struct meter *m)
{
	m->prev = t->last_idle;
	*(m->prev ? &m->prev->next : &t->first_idle) = m;
	t->last_idle = m;
	t->n_idle++;
}

static void drop(struct meter_table *t, struct meter *m)
{
	leave_address(t, m);
	*place(t, m->name) = m->in_bucket;
	t->n--;
	mem_free(m->trouble);
	mem_free(m);
}

/* One that goes for one that comes, so that no call takes long. */
static void drop_oldest(struct meter_table *t, int64_t now_ms)
{
	struct meter *m = t->first_idle;

	if (t->n_idle <= METER_IDLE_MOST)
		return;
	idle_drop(t, m);
	if (m->unsaved || m->running ||
	    (t->n_idle < (size_t)METER_IDLE_MOST * 8 &&
	     (m->next_us > now_ms * 1000 || m->hold_ms > now_ms)))
		idle_add(t, m);
	else
		drop(t, m);
}

/* ---- users ---- */

static void unlink_user(struct window_host *h)
{
	struct meter *m = h->meter;

	*(h->prev_user ? &h->prev_user->next_user : &m->first) = h->next_user;
	*(h->next_user ? &h->next_user->prev_user : &m->last) = h->prev_user;
	h->prev_user = h->next_user = NULL;
}

static void link_user(struct window_host *h)
{
	struct meter *m = h->meter;

	h->prev_user = m->last;
	*(m->last ? &m->last->next_user : &m->first) = h;
	m->last = h;
}

static struct meter *meter_new(struct meter_table *t, struct str host)
{
	struct meter *m = mem_zero(sizeof(*m) + host.n + 1);
	char *text = (char *)(m + 1);

	if (host.n)
		memcpy(text, host.p, host.n);
	m->name = (struct str){ text, host.n };
	if (t->n >= t->room)
		grow(t);
	*place(t, host) = m;
	t->n++;
	return m;
}

struct meter *meter_need(struct meter_table *t, struct str host, int64_t now_ms)
{
	struct meter *m = meter_find(t, host);

	if (m)
		return m;
	drop_oldest(t, now_ms);
	m = meter_new(t, host);
	idle_add(t, m);
	return m;
}

void meter_join(struct meter_table *t, struct window_host *h, int64_t now_ms)
{
	struct meter *m = meter_find(t, h->name);

	must(!h->meter);
	if (m && !m->first)
		idle_drop(t, m);
	drop_oldest(t, now_ms);
	h->meter = m ? m : meter_new(t, h->name);
	link_user(h);
}

void meter_leave(struct meter_table *t, struct window_host *h)
{
	struct meter *m = h->meter;

	if (!m)
		return;
	unlink_user(h);
	h->meter = NULL;
	if (!m->first)
		idle_add(t, m);
}

void meter_had_turn(struct window_host *h)
{
	unlink_user(h);
	link_user(h);
}

void meter_changed(struct meter_table *t, struct meter *m)
{
	if (m->unsaved)
		return;
	m->unsaved = true;
	m->next_unsaved = NULL;
	*(t->last_unsaved ? &t->last_unsaved->next_unsaved : &t->first_unsaved) = m;
	t->last_unsaved = m;
}

struct meter *meter_unsaved(struct meter_table *t)
{
	struct meter *m = t->first_unsaved;

	if (!m)
		return NULL;
	t->first_unsaved = m->next_unsaved;
	if (!t->first_unsaved)
		t->last_unsaved = NULL;
	m->unsaved = false;
	return m;
}

void meter_blame(struct meter *m, struct str what)
{
	what = utf8_cut(what, METER_TROUBLE - 1);
	mem_free(m->trouble);
	m->trouble = mem_alloc(what.n + 1);
	if (what.n)
		memcpy(m->trouble, what.p, what.n);
	m->trouble[what.n] = 0;
}

void meter_done(struct meter_table *t)
{
	struct meter *next;

	for (size_t i = 0; i < t->room; i++) {
		for (struct meter *m = t->meters[i]; m; m = next) {
			next = m->in_bucket;
			leave_address(t, m);
			mem_free(m->trouble);
			mem_free(m);
		}
	}
	mem_free(t->meters);
	mem_free(t->addresses);
	*t = (struct meter_table){ 0 };
}
