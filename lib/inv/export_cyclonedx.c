/* export_cyclonedx.c: an inventory as a CycloneDX 1.6 document.
 *
 * Devices are components, with their firmware and operating system inside;
 * what they offer are services. "Depends on" is what CycloneDX has for links:
 * a client depends on the service it asks, the service on the device that has
 * it, a part behind a gateway on the gateway. An address on the internet is no
 * component, for nobody knows the device: its service is there, across the
 * trust boundary. The document says that it is incomplete: silence is not
 * absence. No clock is asked: the time is that of the last packet, the serial
 * number a digest of the records. */
#include "inv/export.h"

#include "base/opt.h"
#include "base/stamp.h"
#include "base/sum.h"
#include "inv/export_json.h"
#include "inv/export_pick.h"

#include <stdlib.h>
#include <string.h>

/* A link as the use of a service. */
struct use {
	char *service;                  /* owned: "id/protocol/transport/port" */
	const struct item *link, *client, *server;
	bool far;                       /* the server is on the internet */
};

struct bom {
	FILE *out;
	struct js js;
	const struct list *l;
	const struct export_opts *o;
	struct use *u;
	size_t n;
	struct clean c;
};

/* An address on the internet without a zone of its own: not a device of the site. */
static bool
is_far(const struct sval v[A_MEMBERS])
{
	return is_true(&v[A_PUBLIC]) && v[A_ZONE].type == SVAL_NONE;
}

static void
property(struct bom *b, const char *name, const char *value)
{
	if (!*value)
		return;
	js_open(&b->js, NULL, '{');
	js_text(&b->js, "name", name);
	js_text(&b->js, "value", value);
	js_close(&b->js, '}');
}

static void
properties(struct bom *b, const char *name, const struct sval *list)
{
	struct sval x;
	struct scan s;

	for (scan_in(&s, list); list->type == SVAL_ARR && scan_elem(&s, &x); )
		property(b, name, clean_text(&b->c, &x));
}

static void
reference(struct bom *b, const char *key, const char *kind, const char *id, const char *tail)
{
	js_key(&b->js, key);
	putc('"', b->out);
	js_inside(b->out, kind);
	js_inside(b->out, id);
	js_inside(b->out, tail);
	putc('"', b->out);
}

/* ---- where it is known from ------------------------------------------------------ */

/* The weightiest word on a field that says this value. */
static bool
best_word(const struct sval *evidence, const char *field, const struct sval *value,
    struct sval *best, uint64_t *rank)
{
	struct sval list, x, said;
	struct scan s;
	uint64_t r;

	*rank = UINT64_MAX;
	if (!scan_get(evidence, field, &list))
		return false;
	for (scan_in(&s, &list); scan_elem(&s, &x); ) {
		if (!scan_get(&x, "value", &said) || said.n != value->n ||
		    memcmp(said.p, value->p, said.n) != 0)
			continue;
		r = item_uint(&x, "rank");
		if (r && r < *rank) {
			*rank = r;
			*best = x;
		}
	}
	return *rank <= 9;
}

static void
identity(struct bom *b, const char *what, const struct sval *evidence, const char *field,
    const struct sval *value)
{
	struct sval word;
	uint64_t rank;
	char cnt[24], source[96], file[256], text[512], confidence[8];

	if (!best_word(evidence, field, value, &word, &rank))
		return;
	clean_cut(source, sizeof(source), clean_path(&b->c, &word, "source"));
	place_number(&word, cnt);
	clean_cut(file, sizeof(file), clean_path(&b->c, &word, "pcap_filename"));
	snprintf(text, sizeof(text), "%s%s%s%s%s", source, *file ? ", " : "", file,
	    *cnt ? " #" : "", cnt);
	/* a tenth less for each rank below the device's own protocol */
	snprintf(confidence, sizeof(confidence), "0.%u", (unsigned)(10 - rank));
	js_open(&b->js, NULL, '{');
	js_text(&b->js, "field", what);
	js_raw(&b->js, "confidence", confidence);
	js_open(&b->js, "methods", '[');
	js_open(&b->js, NULL, '{');
	js_text(&b->js, "technique", "other");
	js_raw(&b->js, "confidence", confidence);
	js_text(&b->js, "value", text);
	js_close(&b->js, '}');
	js_close(&b->js, ']');
	js_close(&b->js, '}');
}

static void
occurrence(struct bom *b, const struct sval *place)
{
	char cnt[24], text[40];

	if (place->type != SVAL_OBJ || !*clean_path(&b->c, place, "pcap_filename"))
		return;
	js_open(&b->js, "occurrences", '[');
	js_open(&b->js, NULL, '{');
	js_text(&b->js, "location", clean_path(&b->c, place, "pcap_filename"));
	if (*place_number(place, cnt)) {
		snprintf(text, sizeof(text), "packet %s", cnt);
		js_text(&b->js, "additionalContext", text);
	}
	js_close(&b->js, '}');
	js_close(&b->js, ']');
}

/* ---- components -------------------------------------------------------------------- */

static void
inside(struct bom *b, const char *type, const char *id, const struct sval *name,
    const struct sval *version, const struct sval v[A_MEMBERS])
{
	bool firmware = version != NULL;
	char tail[32];

	snprintf(tail, sizeof(tail), "/%s", firmware ? "firmware" : "os");
	js_open(&b->js, NULL, '{');
	js_text(&b->js, "type", type);
	reference(b, "bom-ref", "asset:", id, tail);
	js_text(&b->js, "name", *clean_text(&b->c, name) ? b->c.p : "firmware");
	if (firmware)
		js_text(&b->js, "version", clean_text(&b->c, version));
	js_open(&b->js, "evidence", '{');
	js_open(&b->js, "identity", '[');
	if (firmware)
		identity(b, "version", &v[A_EVIDENCE], "firmware", version);
	else
		identity(b, "name", &v[A_EVIDENCE], "os", name);
	js_close(&b->js, ']');
	js_close(&b->js, '}');
	js_close(&b->js, '}');
}

static void
device_properties(struct bom *b, const struct sval v[A_MEMBERS])
{
	bool guess;

	property(b, "cdx:device:serialNumber", clean_text(&b->c, &v[A_SERIAL]));
	property(b, "cdx:device:sku", clean_text(&b->c, &v[A_ORDER_CODE]));
	properties(b, "cdx:device:macAddress", &v[A_MACS]);
	property(b, "cdx:device:function", asset_role(&b->c, v, &guess));
	property(b, "otkit:role_guess", guess ? "true" : "");
	property(b, "otkit:name", clean_text(&b->c, &v[A_NAME]));
	property(b, "otkit:site", clean_text(&b->c, &v[A_SITE]));
	property(b, "otkit:zone", clean_text(&b->c, &v[A_ZONE]));
	property(b, "otkit:purdue", clean_text(&b->c, &v[A_PURDUE]));
	property(b, "otkit:category", clean_text(&b->c, &v[A_CATEGORY]));
	properties(b, "otkit:ip", &v[A_IPS]);
	properties(b, "otkit:vlan", &v[A_VLANS]);
	properties(b, "otkit:hostname", &v[A_HOSTNAMES]);
	property(b, "otkit:mac_vendor", asset_vendor_by_mac(v) ? clean_text(&b->c, &v[A_VENDOR]) :
	    "");
	property(b, "otkit:location", clean_text(&b->c, &v[A_LOCATION]));
	property(b, "otkit:sub", clean_text(&b->c, &v[A_SUB]));
	property(b, "otkit:register", clean_path(&b->c, &v[A_REGISTER], "id"));
	property(b, "otkit:owner", clean_path(&b->c, &v[A_REGISTER], "owner"));
	property(b, "otkit:criticality", clean_path(&b->c, &v[A_REGISTER], "criticality"));
	property(b, "otkit:end_of_support", clean_path(&b->c, &v[A_REGISTER], "end_of_support"));
	property(b, "otkit:lab_system", clean_path(&b->c, &v[A_LAB_SYSTEM], "category"));
	property(b, "otkit:cra", clean_path(&b->c, &v[A_CRA], "class"));
	property(b, "otkit:cra_confirm", asset_cra_confirm(v) ? "true" : "");
	property(b, "otkit:silent", is_true(&v[A_SILENT]) ? "true" : "");
	property(b, "otkit:first_seen", clean_text(&b->c, &v[A_FIRST_SEEN]));
	property(b, "otkit:last_seen", clean_text(&b->c, &v[A_LAST_SEEN]));
}

static void
device(struct bom *b, const struct sval v[A_MEMBERS], const char *id)
{
	const struct sval *model = asset_model(v), place = asset_place(v);
	const char *field = model == &v[A_MODEL] ? "model" : model == &v[A_PRODUCT] ? "product" :
	    "order_code", *name;

	js_open(&b->js, NULL, '{');
	js_text(&b->js, "type", "device");
	reference(b, "bom-ref", "asset:", id, "");
	if (v[A_VENDOR].n && !asset_vendor_by_mac(v)) {
		js_open(&b->js, "manufacturer", '{');
		js_text(&b->js, "name", clean_text(&b->c, &v[A_VENDOR]));
		js_close(&b->js, '}');
	}
	/* a component's name is the product's; where nobody knows it, what the thing is called */
	name = clean_text(&b->c, model);
	if (!*name && !*(name = asset_label(&b->c, v)))
		name = "unknown";
	js_text(&b->js, "name", name);
	js_text(&b->js, "version", clean_text(&b->c, &v[A_HARDWARE]));
	if (model->n)
		js_text(&b->js, "description", asset_label(&b->c, v));
	if (v[A_FIRMWARE].n || v[A_OS].n) {
		js_open(&b->js, "components", '[');
		if (v[A_FIRMWARE].n)
			inside(b, "firmware", id, model, &v[A_FIRMWARE], v);
		if (v[A_OS].n)
			inside(b, "operating-system", id, &v[A_OS], NULL, v);
		js_close(&b->js, ']');
	}
	js_open(&b->js, "evidence", '{');
	js_open(&b->js, "identity", '[');
	identity(b, "name", &v[A_EVIDENCE], field, model);
	identity(b, "version", &v[A_EVIDENCE], "hardware", &v[A_HARDWARE]);
	js_close(&b->js, ']');
	occurrence(b, &place);
	js_close(&b->js, '}');
	js_open(&b->js, "properties", '[');
	device_properties(b, v);
	js_close(&b->js, ']');
	js_close(&b->js, '}');
}

static void
components(struct bom *b)
{
	struct sval v[A_MEMBERS];
	struct clean id = { NULL };

	js_open(&b->js, "components", '[');
	for (size_t i = 0; i < b->l->nassets; i++) {
		if (!asset_shown(&b->l->assets[i], b->o->all))
			continue;
		asset_pick(&b->l->assets[i], v);
		if (is_far(v))
			continue;
		putc('\n', b->out);
		device(b, v, clean_text(&id, &v[A_ID]));
	}
	js_close(&b->js, ']');
	b->c.failed |= id.failed;
	clean_free(&id);
}

/* ---- services ---------------------------------------------------------------------- */

static int
by_service(const void *pa, const void *pb)
{
	const struct use *a = pa, *b = pb;
	int c = strcmp(a->service, b->service);

	return c ? c : a->link < b->link ? -1 : a->link > b->link;
}

static int
by_client(const void *pa, const void *pb)
{
	const struct use *a = pa, *b = pb;

	if (a->client != b->client)
		return a->client < b->client ? -1 : 1;
	return strcmp(a->service, b->service);
}

/* Connections that nobody answered are no use of a service. */
static bool
gather(struct bom *b)
{
	const struct list *l = b->l;
	struct sval v[L_MEMBERS], a[A_MEMBERS];
	struct clean id = { NULL }, proto = { NULL };
	struct use *u;
	bool ok = (b->u = calloc(l->nlinks + 1, sizeof(*b->u))) != NULL;

	for (size_t i = 0; ok && i < l->nlinks; i++) {
		link_pick(&l->links[i], v);
		if (is_true(&v[L_COPY]) || !is_true(&v[L_ANSWERED]) ||
		    !link_shown(l, &l->links[i], b->o->all))
			continue;
		u = &b->u[b->n];
		*u = (struct use){ NULL, &l->links[i], link_end(l, &v[L_CLIENT]),
		    link_end(l, &v[L_SERVER]), false };
		if (!u->client || !u->server)
			continue;
		asset_pick(u->server, a);
		u->far = is_far(a);
		ok = asprintf(&u->service, "%s/%s/%s/%llu", clean_text(&id, &a[A_ID]),
		    link_proto(&proto, v), clean_text(&b->c, &v[L_TRANSPORT]),
		    (unsigned long long)pick_uint(&v[L_PORT])) >= 0;
		b->n += ok;
	}
	ok = ok && !id.failed && !proto.failed;
	clean_free(&id);
	clean_free(&proto);
	if (ok)
		qsort(b->u, b->n, sizeof(*b->u), by_service);
	return ok;
}

/* "tcp://10.0.0.5:502" for each address of the server it was asked at, 16 at most. */
static void
endpoints(struct bom *b, const struct use *u, const struct use *end)
{
	char ip[16][48], uri[128], transport[16];
	struct sval v[L_MEMBERS];
	unsigned n = 0, k;

	for (; u < end && n < 16; u++) {
		link_pick(u->link, v);
		item_text(&v[L_SERVER], "ip", ip[n], sizeof(ip[n]));
		snprintf(transport, sizeof(transport), "%.8s", clean_text(&b->c, &v[L_TRANSPORT]));
		for (k = 0; k < n && strcmp(ip[k], ip[n]) != 0; k++)
			;
		/* only what is an address as we write them, and tcp or udp, makes a URI */
		if (k < n || !*ip[n] || strspn(ip[n], "0123456789abcdef.:") != strlen(ip[n]) ||
		    !pick_uint(&v[L_PORT]) || (strcmp(transport, "tcp") != 0 &&
		    strcmp(transport, "udp") != 0))
			continue;
		if (!n)
			js_open(&b->js, "endpoints", '[');
		snprintf(uri, sizeof(uri), strchr(ip[n], ':') ? "%s://[%s]:%llu" : "%s://%s:%llu",
		    transport, ip[n], (unsigned long long)pick_uint(&v[L_PORT]));
		js_text(&b->js, NULL, uri);
		n++;
	}
	if (n)
		js_close(&b->js, ']');
}

static void
service(struct bom *b, const struct use *u, const struct use *end)
{
	bool crosses = u->far, encrypted = false, clear = false, writes = false;
	struct sval v[L_MEMBERS], a[A_MEMBERS];
	const struct use *x;

	for (x = u; x < end; x++) {
		link_pick(x->link, v);
		crosses |= is_true(&v[L_CROSS_ZONE]) || is_true(&v[L_OUTWARD]) ||
		    is_true(&v[L_INWARD]);
		encrypted |= is_true(&v[L_ENCRYPTED]);
		clear |= is_true(&v[L_CLEARTEXT]);
		writes |= link_writes(v);
	}
	link_pick(u->link, v);
	js_open(&b->js, NULL, '{');
	reference(b, "bom-ref", "service:", u->service, "");
	if (u->far) {
		asset_pick(u->server, a);
		js_open(&b->js, "provider", '{');
		js_text(&b->js, "name", asset_label(&b->c, a));
		js_close(&b->js, '}');
	}
	js_text(&b->js, "name", *link_proto(&b->c, v) ? b->c.p : "unknown");
	endpoints(b, u, end);
	js_raw(&b->js, "x-trust-boundary", crosses ? "true" : "false");
	js_open(&b->js, "properties", '[');
	property(b, "otkit:transport", clean_text(&b->c, &v[L_TRANSPORT]));
	property(b, "otkit:port", clean_text(&b->c, &v[L_PORT]));
	property(b, "otkit:guess", !v[L_APP_PROTO].n && v[L_GUESS].n ? "true" : "");
	property(b, "otkit:encrypted", encrypted ? "true" : "");
	property(b, "otkit:cleartext_credentials", clear ? "true" : "");
	property(b, "otkit:written_to", writes ? "true" : "");
	js_close(&b->js, ']');
	js_close(&b->js, '}');
}

static void
services(struct bom *b)
{
	size_t i, k;

	js_open(&b->js, "services", '[');
	for (i = 0; i < b->n; i = k) {
		for (k = i + 1; k < b->n && strcmp(b->u[k].service, b->u[i].service) == 0; k++)
			;
		putc('\n', b->out);
		service(b, b->u + i, b->u + k);
	}
	js_close(&b->js, ']');
}

/* ---- what depends on what ------------------------------------------------------------ */

/* The first use by the k-th asset; uses are in the order of their clients. */
static size_t
uses_of(const struct bom *b, const struct item *client)
{
	size_t lo = 0, hi = b->n, mid;

	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		if (b->u[mid].client < client)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

static bool
is_component(struct bom *b, const struct item *i)
{
	struct sval v[A_MEMBERS];

	asset_pick(i, v);
	return asset_shown(i, b->o->all) && !is_far(v);
}

static void
dependencies(struct bom *b)
{
	const struct item *i, *parent;
	struct sval id;
	size_t k, n;

	js_open(&b->js, "dependencies", '[');
	for (k = 0; k < b->n; k++) {
		if (k && strcmp(b->u[k].service, b->u[k - 1].service) == 0)
			continue;
		putc('\n', b->out);
		js_open(&b->js, NULL, '{');
		reference(b, "ref", "service:", b->u[k].service, "");
		if (!b->u[k].far) {
			js_open(&b->js, "dependsOn", '[');
			reference(b, NULL, "asset:", clean_text(&b->c, &b->u[k].server->id), "");
			js_close(&b->js, ']');
		}
		js_close(&b->js, '}');
	}
	qsort(b->u, b->n, sizeof(*b->u), by_client);
	for (n = 0; n < b->l->nassets; n++) {
		i = &b->l->assets[n];
		if (!is_component(b, i))
			continue;
		putc('\n', b->out);
		js_open(&b->js, NULL, '{');
		reference(b, "ref", "asset:", clean_text(&b->c, &i->id), "");
		js_open(&b->js, "dependsOn", '[');
		if (scan_get(&i->o, "parent", &id) && (parent = list_asset(b->l, &id)) &&
		    parent != i && is_component(b, parent))
			reference(b, NULL, "asset:", clean_text(&b->c, &id), "");
		for (k = uses_of(b, i); k < b->n && b->u[k].client == i; k++)
			if (k == 0 || b->u[k - 1].client != i ||
			    strcmp(b->u[k - 1].service, b->u[k].service) != 0)
				reference(b, NULL, "service:", b->u[k].service, "");
		js_close(&b->js, ']');
		js_close(&b->js, '}');
	}
	js_close(&b->js, ']');
}

/* What was heard is not all there is. */
static void
compositions(struct bom *b)
{
	js_open(&b->js, "compositions", '[');
	js_open(&b->js, NULL, '{');
	js_text(&b->js, "aggregate", "incomplete");
	js_open(&b->js, "assemblies", '[');
	for (size_t i = 0; i < b->l->nassets; i++)
		if (is_component(b, &b->l->assets[i]))
			reference(b, NULL, "asset:", clean_text(&b->c, &b->l->assets[i].id), "");
	js_close(&b->js, ']');
	js_close(&b->js, '}');
	js_close(&b->js, ']');
}

/* ---- the document ----------------------------------------------------------------------- */

/* A name-based UUID (RFC 9562, version 5) of the records and of who wrote them down. */
static void
serial(const struct bom *b, char dst[48])
{
	uint8_t md[SUM_MAX];
	struct sum s;

	sum_begin(&s, SUM_SHA1);
	sum_add(&s, "otkit cyclonedx 1.6", 19);
	sum_add(&s, otkit_version, strlen(otkit_version) + 1);
	sum_add(&s, b->o->all ? "a" : "-", 1);
	for (size_t i = 0; i < b->l->nassets; i++)
		sum_add(&s, b->l->assets[i].line, strlen(b->l->assets[i].line) + 1);
	for (size_t i = 0; i < b->l->nlinks; i++)
		sum_add(&s, b->l->links[i].line, strlen(b->l->links[i].line) + 1);
	sum_end(&s, md);
	md[6] = (uint8_t)((md[6] & 0x0f) | 0x50);
	md[8] = (uint8_t)((md[8] & 0x3f) | 0x80);
	snprintf(dst, 48, "urn:uuid:%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-"
	    "%02x%02x%02x%02x%02x%02x", md[0], md[1], md[2], md[3], md[4], md[5], md[6], md[7],
	    md[8], md[9], md[10], md[11], md[12], md[13], md[14], md[15]);
}

static void
metadata(struct bom *b)
{
	int64_t last = 0, us;
	char t[STAMP_TEXT];

	for (size_t i = 0; i < b->l->nassets; i++)
		if ((us = item_time(&b->l->assets[i].o, "last_seen")) > last)
			last = us;
	js_open(&b->js, "metadata", '{');
	if (last) {
		stamp_put(t, last);
		memcpy(t + 26, "Z", 2);         /* RFC 3339 has no "+0000" */
		js_text(&b->js, "timestamp", t);
	}
	js_open(&b->js, "lifecycles", '[');
	js_open(&b->js, NULL, '{');
	js_text(&b->js, "phase", "discovery");
	js_close(&b->js, '}');
	js_close(&b->js, ']');
	js_open(&b->js, "tools", '{');
	js_open(&b->js, "components", '[');
	js_open(&b->js, NULL, '{');
	js_text(&b->js, "type", "application");
	js_text(&b->js, "name", "otinv");
	js_text(&b->js, "version", otkit_version);
	js_close(&b->js, '}');
	js_close(&b->js, ']');
	js_close(&b->js, '}');
	js_close(&b->js, '}');
}

bool
export_cyclonedx(FILE *out, const struct list *l, const struct export_opts *o)
{
	struct bom b = { .out = out, .js = { .out = out }, .l = l, .o = o };
	char urn[48];
	bool ok;

	if ((ok = gather(&b))) {
		serial(&b, urn);
		js_open(&b.js, NULL, '{');
		js_text(&b.js, "$schema", "http://cyclonedx.org/schema/bom-1.6.schema.json");
		js_text(&b.js, "bomFormat", "CycloneDX");
		js_text(&b.js, "specVersion", "1.6");
		js_text(&b.js, "serialNumber", urn);
		js_raw(&b.js, "version", "1");
		metadata(&b);
		components(&b);
		services(&b);
		dependencies(&b);
		compositions(&b);
		js_close(&b.js, '}');
		putc('\n', out);
	}
	ok = ok && !b.c.failed;
	for (size_t i = 0; b.u && i < b.n; i++)
		free(b.u[i].service);
	free(b.u);
	clean_free(&b.c);
	return ok;
}
