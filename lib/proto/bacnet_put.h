/* bacnet_put.h: how the writers of BACnet's services put parameters into the
 * event: references, values, texts. For bacnet_*.c only. */
#ifndef OT_BACNET_PUT_H
#define OT_BACNET_PUT_H

#include "proto/bacnet.h"

/* A text from a call, once (ev_str looks at its argument twice). */
#define bac_put_text(e, k, t) do {                                      \
	struct text t_ = (t);                                           \
	jw_str((e)->w, k, t_.p, t_.n);                                  \
} while (0)
#define bac_put_oid(o, k, oid) do {                                     \
	char t_[BAC_OID_TEXT];                                          \
	jw_str((o)->e->w, k, t_, bac_oid_text(t_, oid));                \
} while (0)

/* An object that is left out when nothing came to be in it. */
struct bac_obj { struct jw_mark m; size_t n; };
#define bac_obj(e, k) (bac_obj_open(e, JW_K(k)))
struct bac_obj bac_obj_open(struct ev *e, const char *k, size_t kn);
void bac_obj_end(struct ev *e, const struct bac_obj *b);

/* A required parameter: when it is not there the reader is malformed (or our
 * capture was cut there). */
void bac_need(struct rd *r, bool there);

/* One entry of "objects": begin, property or name, value and priority, end.
 * Past LIM_BACNET_OBJECTS all of them only count. */
void bac_entry_begin(struct bac_out *o, uint32_t oid);
/* The property; index NULL: the whole. Makes it part of ot.object. */
void bac_entry_prop(struct bac_out *o, uint64_t prop, const uint64_t *index);
/* Makes the object itself part of ot.object, where no property is meant. */
void bac_entry_name(struct bac_out *o);
/* The value, up to the closing tag of its construction. */
void bac_entry_value(struct bac_out *o, struct rd *r);
/* [n] priority, where there is one. */
void bac_entry_priority(struct bac_out *o, struct rd *r, uint8_t n);
void bac_entry_end(struct bac_out *o);
/* An object alone, as services that are not about properties have it. */
void bac_entry_object(struct bac_out *o, uint32_t oid);
/* [n] array index: *index with its value, or NULL when it is not there. */
const uint64_t *bac_opt_index(struct rd *r, uint8_t n, uint64_t *index);
/* Members "class" and "code"; result: the code becomes ot.result as well. */
void bac_put_error(struct bac_out *o, struct rd *r, bool result);

/* Application-tagged values that a service has in a fixed order; numbers of 32
 * bits, as all parameters are. */
bool bac_app_oid(struct rd *r, uint32_t *oid);
bool bac_app_uint(struct rd *r, uint64_t *u);
bool bac_app_int(struct rd *r, int64_t *i);
/* A character string's text, living as long as the event; the same, context-tagged. */
struct text bac_app_text(struct bac_out *o, struct rd *r);
struct text bac_ctx_text(struct bac_out *o, struct rd *r, uint8_t n);

/* [n], when it is there, as a member: k and kn by JW_K("..."). */
void bac_put_uint(struct bac_out *o, struct rd *r, uint8_t n, const char *k, size_t kn);
void bac_put_bool(struct bac_out *o, struct rd *r, uint8_t n, const char *k, size_t kn);
void bac_put_tok(struct bac_out *o, struct rd *r, uint8_t n, const struct tok *t, const char *k,
    size_t kn);
/* "vendor_id" and, where known, "vendor". */
void bac_put_vendor(struct bac_out *o, uint64_t id);
/* "time" or "sequence" from a BACnetTimeStamp, the reader inside its construction. */
void bac_put_timestamp(struct bac_out *o, struct rd *r);
/* An object's name for ot.object. */
struct text bac_oid_name(struct ev *e, uint32_t oid);

/* Writers of services, by file: q is the request, a the answer with parameters. */
#define BAC_WRITER(name) void name(struct bac_out *o, struct rd *q, struct rd *a)
/* bacnet_prop.c */
BAC_WRITER(bac_read_property);
BAC_WRITER(bac_read_multiple);
BAC_WRITER(bac_write_property);
BAC_WRITER(bac_write_multiple);
BAC_WRITER(bac_create_object);
BAC_WRITER(bac_delete_object);
BAC_WRITER(bac_cov_notification);
BAC_WRITER(bac_cov_notification_multiple);
BAC_WRITER(bac_subscribe_cov);
BAC_WRITER(bac_subscribe_cov_property);
BAC_WRITER(bac_subscribe_cov_multiple);
/* bacnet_alarm.c */
BAC_WRITER(bac_event_notification);
BAC_WRITER(bac_acknowledge_alarm);
BAC_WRITER(bac_alarm_summary);
BAC_WRITER(bac_enrollment_summary);
BAC_WRITER(bac_event_information);
BAC_WRITER(bac_life_safety);
/* bacnet_file.c */
BAC_WRITER(bac_read_file);
BAC_WRITER(bac_write_file);
BAC_WRITER(bac_read_range);

#endif
