/* opcua.h: what the parts of the OPC UA dissector share (OPC 10000-4, -6).
 *
 *   opcua.c          the connection: chunks, channels, pairing; what is encrypted
 *   opcua_type.c     the built-in types, from bytes (10000-6, 5.2)
 *   opcua_put.c      the same, into events
 *   opcua_channel.c  Hello, Acknowledge, OpenSecureChannel, certificates
 *   opcua_session.c  discovery, sessions, who client and server say they are
 *   opcua_node.c     nodes: browse, read, write, call, history, configuration
 *   opcua_sub.c      subscriptions, monitored items, notifications
 *   opcua_names.c    numbers and their names */
#ifndef OT_PROTO_OPCUA_H
#define OT_PROTO_OPCUA_H

#include "proto/proto.h"

/* Types by their number in a Variant (10000-6, table 1), and what is skipped
 * with them: a run of bytes, the dimensions behind an array. */
enum { UA_NULL, UA_BOOLEAN, UA_SBYTE, UA_BYTE, UA_INT16, UA_UINT16, UA_INT32, UA_UINT32, UA_INT64,
	UA_UINT64, UA_FLOAT, UA_DOUBLE, UA_STRING, UA_DATETIME, UA_GUID, UA_BYTES, UA_XML, UA_NODE,
	UA_XNODE, UA_STATUS, UA_QNAME, UA_LTEXT, UA_EXT, UA_DATAVALUE, UA_VARIANT, UA_DIAG,
	UA_SKIP, UA_DIMS };

enum { UA_NODE_TEXT = 320 };    /* room for a node id as text; longer ones are cut */

/* NodeId or ExpandedNodeId; texts and bytes are the wire's own. */
struct ua_node {
	uint8_t kind;                   /* 'i', 's', 'g', 'b' */
	uint16_t ns;
	uint32_t num, server;
	struct text s;                  /* the string, or the bytes of 'g' and 'b' */
	struct text uri;                /* instead of the namespace's number */
};

struct ua_variant {
	uint8_t type;
	bool array, matrix;
	uint32_t n;                     /* elements, 1 for a scalar, 0 for Null */
	struct rd body;                 /* at the first of them */
};

struct ua_data {
	bool has_value, has_status, has_source, has_server;
	bool plain;                     /* one value, of fixed length, without a status */
	struct ua_variant value;
	uint32_t status;
	int64_t source_us, server_us;   /* microseconds since the epoch */
};

/* One value as JSON sees it. */
enum { UA_V_NONE, UA_V_UINT, UA_V_INT, UA_V_REAL, UA_V_BOOL, UA_V_TEXT };
struct ua_value {
	uint8_t t;
	uint64_t u;
	int64_t i;
	double d;
	struct text s;
	char buf[UA_NODE_TEXT];
};

static inline uint16_t ua_le16(const uint8_t *p) { return (uint16_t)(p[0] | p[1] << 8); }
static inline uint32_t
ua_le32(const uint8_t *p)
{
	return (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 | (uint32_t)p[1] << 8 | p[0];
}

/* opcua_type.c. A null string gives no text. */
struct text ua_string(struct rd *r);
struct rd ua_bytes(struct rd *r);
struct text ua_ltext(struct rd *r);
struct text ua_qname(struct rd *r, uint16_t *ns);
void ua_nodeid(struct rd *r, struct ua_node *n);
void ua_xnodeid(struct rd *r, struct ua_node *n);
/* Its type (0 when not of namespace 0) and content. */
uint32_t ua_ext(struct rd *r, struct ua_node *type, struct rd *body);
/* Passes over one that is mostly empty. */
void ua_no_ext(struct rd *r);
/* How many elements follow; 0 for a null array. */
uint32_t ua_count(struct rd *r);
void ua_variant(struct rd *r, struct ua_variant *v);
void ua_datavalue(struct rd *r, struct ua_data *d);
/* Passes over n values of a type, whatever is inside them. */
void ua_skip(struct rd *r, uint8_t type, uint32_t n);
/* Takes one element of a type. */
void ua_value(struct rd *r, uint8_t type, struct ua_value *v);
int64_t ua_time(struct rd *r);
/* "ns=2;s=Temp", "i=2258". */
size_t ua_node_text(char d[UA_NODE_TEXT], const struct ua_node *n);
/* opcua_names.c */
const char *ua_status_name(uint32_t status);
const char *ua_attribute_name(uint32_t id);
extern const struct text ua_type_names[UA_DIAG + 1];
static inline struct text
ua_type_name(uint8_t type)
{
	return ua_type_names[type <= UA_DIAG ? type : UA_NULL];
}
const char *ua_encoding_name(uint32_t id);      /* of a structure of namespace 0 */
const char *ua_node_name(uint32_t id);          /* of a well-known node */
extern const struct tok ua_node_classes[], ua_user_tokens[], ua_app_types[];
static inline bool ua_bad(uint32_t status) { return status >> 30 >= 2; }

enum { UA_P_UNKNOWN, UA_P_NONE, UA_P_OTHER };   /* and the others from 3 on */
struct ua_policy { struct text name; uint8_t signature; };
extern const struct ua_policy ua_policies[];
uint8_t ua_policy_find(struct text uri, struct text *name);
enum { UA_M_UNKNOWN, UA_M_NONE, UA_M_SIGN, UA_M_ENCRYPT };
const char *ua_mode_name(uint32_t mode);

/* A service: the request's type id (the answer's is 3 more, but for two), and
 * what writes its events. */
struct ua_talk;
struct ua_service {
	uint16_t request, response;
	struct text name;
	enum ot_op op;
	void (*put)(struct ua_talk *);
};
/* By either of its type ids, or NULL. */
const struct ua_service *ua_service_find(uint32_t id, bool *request);

/* Of a flow. */
struct ua_state {
	uint32_t channel, token, lifetime;
	uint8_t policy, mode;
	uint8_t opaque;                 /* chunks that could not be read */
	bool opened, encrypted, summed;
	bool seq_known[2];
	uint32_t seq[2];                /* the next one */
	uint64_t messages[2], chunks[2], bytes[2];
	uint32_t renewals, aborts, keep_alives, publishes;
	uint32_t waiting;               /* Publish requests not answered yet */
	const struct ua_service *recent;        /* found last */
	struct when first;              /* of what is summed up */
	uint32_t map_at;                /* where in memo the last item was found */
};
_Static_assert(sizeof(struct ua_state) <= PROTO_STATE_MAX, "state fits its slot");

/* A request that waits: its head, and its body as far as it fits. A longer body
 * lies in gather's memory under the same key. */
enum { UA_BODY = PEND_DATA - 32 };
struct ua_req {
	uint32_t channel, request, handle, chunks;
	uint16_t service;               /* type id */
	uint16_t n;                     /* of body */
	uint32_t len;                   /* of the whole body */
	uint8_t body[UA_BODY];
};
_Static_assert(sizeof(struct ua_req) <= PEND_DATA, "request fits its place");

/* One exchange on its way into events. */
struct ua_talk {
	struct dctx *c;
	const struct ua_service *sv;    /* NULL: not known */
	uint32_t service;               /* type id of the request, or of what came */
	bool has_q, has_a, fault, aborted;
	struct text reason;             /* of an abort */
	struct rd q, a;                 /* bodies behind their headers */
	struct when when;               /* the event's */
	uint32_t channel, request, handle, chunks;
	uint32_t status;                /* of the answer's header */
	bool bad;                       /* a body contradicts itself */
	int side;                       /* of the event */
	/* while an event is written */
	struct ev *e;
	uint32_t items;                 /* entries of its list */
	uint32_t good, failed;          /* their results */
	uint32_t worst;                 /* the first bad one */
	uint32_t obj_n;
	bool obj_full;
	char obj[512];                  /* ot.object, joined; the last member */
};

static inline void
ua_talk_init(struct ua_talk *t, struct dctx *c, uint32_t channel, uint32_t request)
{
	memset(t, 0, offsetof(struct ua_talk, obj));
	t->c = c;
	t->channel = channel;
	t->request = request;
}

/* opcua.c: the next sequence number of this side, checked. */
void ua_sequence(struct dctx *c, uint32_t seq);

/* opcua_put.c: an event of t, with what all have in common; and its end, with
 * ot.result from the header or the entries. */
struct ev *ua_begin(struct ua_talk *t);
void ua_emit(struct ua_talk *t);
/* No room left for more of a list: LIM_OPCUA_ITEMS or half a record. */
static inline bool
ua_full(const struct ua_talk *t)
{
	const struct jw *w = t->e->w;

	return t->items >= LIM_OPCUA_ITEMS || w->n - w->rec > LIM_RECORD / 2;
}
void ua_put_status(struct ev *e, uint32_t status);
void ua_put_node(struct ev *e, const char *k, size_t kn, const struct ua_node *n);
/* The same, its text made before. */
void ua_put_node_text(struct ev *e, const char *k, size_t kn, const struct ua_node *n,
    struct text t);
void ua_put_value(struct ev *e, const char *k, size_t kn, const struct ua_value *v);
/* type, value (an array's up to LIM_OPCUA_VALUES), array's length. With ot: as
 * ot.value, too. */
void ua_put_variant(struct ev *e, const struct ua_variant *v, bool ot);
void ua_put_data(struct ev *e, const struct ua_data *d, bool ot);
void ua_put_time(struct ev *e, const char *k, size_t kn, int64_t us);
/* Adds to ot.object, entries separated by "; ". */
void ua_object(struct ua_talk *t, const struct ua_node *n, const char *what);
void ua_object_node(struct ua_talk *t, struct text node, const char *what);
void ua_object_text(struct ua_talk *t, struct text s);
/* A node as ua_object() adds it, and its text: in its place there, or in d. */
struct text ua_object_place(struct ua_talk *t, const struct ua_node *n, char d[UA_NODE_TEXT]);
/* Counts an entry's result. */
static inline void
ua_result(struct ua_talk *t, uint32_t status)
{
	if (!ua_bad(status))
		t->good++;
	else if (!t->failed++)
		t->worst = status;
}
/* A text that lives until the event is written. */
struct text ua_keep(struct ev *e, struct text s);
/* An application's name without the host that many put behind it: "Product@host". */
struct text ua_product(struct text name);

/* opcua_companion.c: a server's NamespaceArray. */
void ua_put_companions(struct ev *e, const struct ua_variant *namespaces);

/* opcua_channel.c */
enum verdict ua_hello(struct dctx *c, struct rd *r, const char type[3]);
enum verdict ua_open(struct dctx *c, struct rd *r, uint32_t size);
/* A certificate's members (client_certificate, server_certificate), and who it names. */
void ua_certificate(struct ev *e, struct rd b, enum ident_of of);
void ua_channel_expire(struct dctx *c, struct pend *p);
/* What can be said of a channel when it ends; folded counts are forgotten. */
void ua_summary(struct dctx *c, const struct when *at, const char *service);
enum { UA_KEY_HELLO = 1, UA_KEY_OPEN = 2 };   /* below any request's key */

/* opcua_session.c */
void ua_put_find_servers(struct ua_talk *t);
void ua_put_on_network(struct ua_talk *t);
void ua_put_get_endpoints(struct ua_talk *t);
void ua_put_register(struct ua_talk *t);
void ua_put_create_session(struct ua_talk *t);
void ua_put_activate_session(struct ua_talk *t);
void ua_put_close_session(struct ua_talk *t);
void ua_put_plain(struct ua_talk *t);
bool ua_host_of(struct text url, struct text *host, struct addr *ip);
bool ua_host_like(struct text t);

/* opcua_node.c, opcua_config.c */
void ua_put_browse(struct ua_talk *t);
void ua_put_browse_next(struct ua_talk *t);
void ua_put_translate(struct ua_talk *t);
void ua_put_register_nodes(struct ua_talk *t);
void ua_put_read(struct ua_talk *t);
void ua_put_history_read(struct ua_talk *t);
void ua_put_write(struct ua_talk *t);
void ua_put_call(struct ua_talk *t);
void ua_put_history_update(struct ua_talk *t);
void ua_put_add_nodes(struct ua_talk *t);
void ua_put_delete_nodes(struct ua_talk *t);
void ua_put_add_references(struct ua_talk *t);
void ua_put_delete_references(struct ua_talk *t);
/* Which entry of how many this event is about. */
void ua_put_place(struct ev *e, uint32_t i, uint32_t n);

/* opcua_sub.c */
void ua_put_create_subscription(struct ua_talk *t);
void ua_put_subscriptions(struct ua_talk *t);
void ua_put_create_items(struct ua_talk *t);
void ua_put_items(struct ua_talk *t);
void ua_put_publish(struct ua_talk *t);

extern const struct field opcua_fields[];

#endif
