/* ev.h: an event, as dissectors see it: envelope, detail, ot, identity.
 *
 *     struct ev *e = ev_begin(c, "modbus", &c->when, c->side);
 *     ev_obj(e, "request"); ev_uint(e, "unit_id", u); ev_end(e);   the detail
 *     e->ot.op = OT_READ; ev_object(e, ...);                       the common block
 *     struct ident *i = ev_identity(e, "modbus.mei", EV_DEST);     who said what of itself
 *     ev_emit(e);
 *
 * The order of the parts is ev_emit's business. There is one struct ev per
 * engine: between ev_begin and ev_emit (or ev_drop) it is this event's. All
 * texts given to it may be borrowed from the PDU or from ev_text(): they are
 * copied at ev_emit at the latest.
 *
 * Detail keys are literals and are never escaped; values always are. */
#ifndef OT_EV_H
#define OT_EV_H

#include "base/addr.h"
#include "base/limits.h"
#include "base/rd.h"
#include "json/jw.h"
#include "proto/pend.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct dctx;
struct engine;

enum ot_op { OT_NONE, OT_READ, OT_WRITE, OT_COMMAND, OT_PROGRAM, OT_CONFIGURE, OT_IDENTIFY,
	OT_SUBSCRIBE, OT_REPORT, OT_ALARM, OT_CONNECT, OT_AUTH, OT_ERROR, OT_OTHER };

/* A borrowed text. p == NULL or n == 0: absent. */
struct text { const char *p; uint32_t n; };
#define TEXT(lit)       ((struct text){ lit, sizeof(lit) - 1 })
static inline struct text
text_c(const char *s)
{
	return (struct text){ s, s ? (uint32_t)strlen(s) : 0 };
}
/* n bytes from the reader as text, trailing NULs and blanks cut, capped at LIM_TEXT. */
struct text text_rd(struct rd *r, uint32_t n);
struct text text_trim(const void *p, size_t n);
/* Compared as ASCII, the case of letters aside. */
bool text_is(struct text t, const char *lit);
bool text_begins(struct text t, const char *lit);
bool text_has(struct text t, const char *lit);

struct ot {
	enum ot_op op;
	struct text service;            /* the protocol's own word: "ReadProperty" */
	struct text object;             /* the address as an engineer writes it */
	bool has_unit; uint32_t unit_id;
	bool has_count; uint64_t count;
	bool state;                     /* the value is one of few states, not a measurement */
	struct text result;             /* "ok", ev_unanswered's, the protocol's error name */
	bool has_rtt; int64_t rtt_us;
	struct text role;               /* of dest: "plc", "gateway", ... where the protocol says */
	/* of our own tables, nothing in which needs escaping: not looked at */
	bool own_service, own_object;
};

enum ident_of { EV_SRC, EV_DEST, EV_OTHER };

/* What a device says of itself. Absent texts are left out. */
struct ident {
	enum ident_of of;
	/* EV_OTHER: whom it is about, by MAC or IP, or a part behind another device */
	bool has_mac; uint8_t mac[6];
	struct addr ip;                 /* v == 0: absent */
	bool has_parent; enum ident_of parent;  /* EV_SRC or EV_DEST: the gateway */
	struct text sub; /* "unit 5", "net 20 mac 0a": what a sub-asset is called behind it */
	struct text vendor, product, model, serial, firmware, hardware, hostname, order_code, role,
	    os, location;
	const char *source;             /* "modbus.mei": protocol.kind */
};

struct ev {
	struct engine *eng;
	struct jw *w;                   /* the output; the detail goes straight into it */
	struct ot ot;
	struct ident id[LIM_IDENTITIES];
	unsigned nid;
	struct jw val;                  /* ot.value, JSON; empty: absent */
	char *scratch;                  /* ev_text's memory, for this event */
	uint32_t scratch_n;
	bool open;
	uint8_t cred;                   /* ev_credential()'s word, 0: none */
};

/* Starts an event: writes its envelope and opens "<type>":{. `at` is the
 * evidence (a request's own when it waited), side the direction of the message
 * the event is about: src is that message's sender. type is a literal or a
 * dissector's name: it is known by its address. */
struct ev *ev_begin(struct dctx *c, const char *type, const struct when *at, int side);
/* Ends it and counts it. Nothing was written if it was empty of detail: then
 * the detail object is left out. */
void ev_emit(struct ev *e);
/* Forgets it. */
void ev_drop(struct ev *e);
/* The message that this event is about carries a secret: as proto_credential(), which
 * is called when the event has ended. kind and form are cred_kind and cred_form. */
void ev_credential(struct ev *e, unsigned kind, unsigned form);

/* The detail. */
static inline void
ev_k_str(struct ev *e, const char *k, size_t kn, struct text t)
{
	jw_k_str(e->w, k, kn, t.p, t.n);
}
#define ev_str(e, k, t)         ev_k_str(e, JW_K(k), t)
#define ev_cstr(e, k, s)        jw_cstr((e)->w, k, s)
/* A text of our own tables, nothing in which needs escaping: not looked at. */
#define ev_word(e, k, t)        jw_word((e)->w, k, (t).p, (t).n)
#define ev_uint(e, k, v)        jw_uint((e)->w, k, v)
#define ev_int(e, k, v)         jw_int((e)->w, k, v)
#define ev_bool(e, k, v)        jw_bool((e)->w, k, v)
#define ev_real(e, k, v)        jw_real((e)->w, k, v)
#define ev_hex(e, k, p, n)      jw_hex((e)->w, k, p, n)
#define ev_obj(e, k)            jw_obj((e)->w, k)
#define ev_arr(e, k)            jw_arr((e)->w, k)
#define ev_end(e)               jw_end((e)->w)
/* An object of two numbers. */
#define ev_two(e, k, a, va, b, vb)                                                         \
	jw_k_two((e)->w, ",\"" k "\":{\"" a "\":", sizeof(k a) + 7, va, JW_K(b), vb)
/* A run of members, see jw_run(): room is asked once for n numbers and keys, and the
 * `more` bytes of their texts and arrays. False: it does not fit, and no event comes of it. */
#define ev_run(e, m, n, more)   jw_run((e)->w, m, (n) * (size_t)JW_RUN + (more))
#define ev_ran(e, m)            jw_ran((e)->w, m)
#define run_obj(m)              jw_run_obj(m)
#define run_under(m, k)         jw_run_open(m, JW_K(k))
#define run_end(m)              jw_run_end(m)
#define run_uint(m, k, v)       jw_run_uint(m, k, v)
#define run_word(m, k, t)       jw_run_word(m, k, (t).p, (t).n)
#define run_int(m, k, v)        jw_run_int(m, k, v)
#define run_bool(m, k, v)       jw_run_bool(m, k, v)
#define run_real(m, k, v)       jw_run_real(m, k, v)
#define run_time(m, k, us)      jw_run_time(m, k, us)
#define run_be16(m, k, p, n)    jw_run_be16(m, k, p, n)
#define run_two(m, k, a, va, b, vb)                                                        \
	jw_run_ktwo(m, ",\"" k "\":{\"" a "\":", sizeof(k a) + 7, va, JW_K(b), vb)
/* What ev_kept() found; and members that this event has already, as the first of an object. */
#define run_members(m, t)       jw_run_members(m, (t).p, (t).n)
#define run_repeat(m, p, n)     jw_run_repeat(m, p, n)
/* A text from outside; more: room for what comes behind it. False: no event comes of it. */
#define run_text(e, m, k, t, more) jw_run_text((e)->w, m, k, (t).p, (t).n, more)
#define ev_a_obj(e)             jw_a_obj((e)->w)
#define ev_a_str(e, t)          ev_k_str(e, JW_NOKEY, t)
#define ev_a_uint(e, v)         jw_a_uint((e)->w, v)
#define ev_a_int(e, v)          jw_a_int((e)->w, v)
/* Members that are often the same, kept as they were written the first time:
 *
 *     if (!ev_again(e, p->fc)) {
 *             ev_uint(e, "function", p->fc); ev_word(e, "name", ...); ...
 *             ev_keep(e);
 *     }
 *
 * A key always means the same members in one protocol. They are whole members of
 * the object that is open, and no ev_again() lies between. */
bool ev_again(struct ev *e, uint32_t key);
/* The same for who writes a run: the members, EV_KEPT bytes at most, or none. Then the run is
 * ended, and they are written by way of ev_again(). */
enum { EV_KEPT = 236 };
struct text ev_kept(const struct ev *e, uint32_t key);
void ev_keep(struct ev *e);
/* Members of this event once more: all since an ev_here() right behind ev_obj(). */
static inline size_t ev_here(const struct ev *e) { return e->w->n; }
#define ev_repeat(e, from, n)   jw_repeat((e)->w, from, n)

void ev_ip(struct ev *e, const char *k, size_t kn, const struct addr *a);
void ev_mac(struct ev *e, const char *k, size_t kn, const uint8_t m[6]);
#define ev_put_ip(e, k, a)      ev_ip(e, JW_K(k), a)
#define ev_put_mac(e, k, m)     ev_mac(e, JW_K(k), m)

/* ot.value: one scalar, or ev_val_arr, elements, ev_val_end; of several the last. Past LIM_EV_VALUE
 * the rest of an array is left out; ot.count still says how many there were. */
void ev_val_uint(struct ev *e, uint64_t v);
void ev_val_int(struct ev *e, int64_t v);
void ev_val_real(struct ev *e, double v);
void ev_val_bool(struct ev *e, bool v);
void ev_val_str(struct ev *e, struct text t);
void ev_val_arr(struct ev *e);
void ev_val_end(struct ev *e);
/* A whole array of registers: n bytes of 16-bit numbers, big-endian. */
void ev_val_be16(struct ev *e, const uint8_t *p, size_t n);
/* Of signed 32-bit numbers, little-endian. */
void ev_val_le32s(struct ev *e, const uint8_t *p, size_t n);
/* A whole array of bits as 0 and 1: n of them, the lowest of each byte first. */
void ev_val_bits(struct ev *e, const uint8_t *p, size_t n);

/* A text made for this event, printf-like (not for the hot path). */
struct text ev_text(struct ev *e, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* "prefix" and a number, cheaply: "holding_register:" 40012. */
struct text ev_text_num(struct ev *e, const char *prefix, size_t n, uint64_t v);
/* Room of n bytes for a text to be built in place, or NULL; shorten with the text's n. */
char *ev_room(struct ev *e, uint32_t n);

/* A new identity of this event; when there are too many, a dummy that is not
 * written (and counted). Never NULL. */
struct ident *ev_identity(struct ev *e, const char *source, enum ident_of of);

/* result "no_response", or "not_captured" where c->unseen. */
void ev_unanswered(struct ev *e, const struct dctx *c);

/* result "ok" and the round-trip time since the request. */
void ev_answered(struct ev *e, struct dctx *c, const struct when *request);

#endif
