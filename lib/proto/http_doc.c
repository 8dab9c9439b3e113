/* http_doc.c: what bodies say. Of requests: that they hold a password, which action
 * of SOAP or operation of IPP they ask for. Of responses: documents in which a
 * device describes itself. A new kind of document is a row of docs[]. */
#include "proto/http.h"

#include "proto/lxi.h"
#include "proto/proto.h"
#include "proto/sila.h"
#include "proto/sysdescr.h"
#include "proto/xmltag.h"

enum { VALUE = 256 };

/* What the document says there, its entities resolved. */
static struct text
said(struct ev *e, struct text doc, const char *name)
{
	struct rd r = rd_init((const uint8_t *)doc.p, doc.n, doc.n);
	char t[VALUE];

	return doc.n && xml_text(r, name, t, sizeof(t)) ? ev_text(e, "%s", t) :
	    (struct text){ 0 };
}

static struct text
copied(struct ev *e, const char *s)
{
	return *s ? ev_text(e, "%s", s) : (struct text){ 0 };
}

/* UPnP Device Architecture, section 2.3 */
static void
upnp(struct ev *e, struct ident *i, struct text doc)
{
	struct text d = xml_inside(doc, "device"), type = xml_value(d, "deviceType");

	i->source = "upnp.device";
	i->vendor = said(e, d, "manufacturer");
	i->product = said(e, d, "friendlyName");
	i->model = said(e, d, "modelName");
	i->order_code = said(e, d, "modelNumber");
	i->serial = said(e, d, "serialNumber");
	if (text_find(type, ":Printer"))
		i->role = TEXT("printer");
	else if (text_find(type, ":InternetGateway"))
		i->role = TEXT("router");
	else if (text_find(type, ":WLANAccessPoint"))
		i->role = TEXT("access-point");
}

/* ONVIF Core Specification, 8.3.1 */
static void
onvif(struct ev *e, struct ident *i, struct text doc)
{
	struct text d = xml_inside(doc, "GetDeviceInformationResponse");

	i->source = "onvif.device-information";
	i->vendor = said(e, d, "Manufacturer");
	i->model = said(e, d, "Model");
	i->firmware = said(e, d, "FirmwareVersion");
	i->serial = said(e, d, "SerialNumber");
	i->hardware = said(e, d, "HardwareId");
	i->role = TEXT("camera");
}

/* Devices Profile for Web Services 1.1, 5.1 and 5.2: printers, scanners, projectors */
static void
dpws(struct ev *e, struct ident *i, struct text doc)
{
	i->source = "wsd.metadata";
	i->vendor = said(e, doc, "Manufacturer");
	i->model = said(e, doc, "ModelName");
	i->order_code = said(e, doc, "ModelNumber");
	i->product = said(e, doc, "FriendlyName");
	i->firmware = said(e, doc, "FirmwareVersion");
	i->serial = said(e, doc, "SerialNumber");
}

/* LXI Device Specification 1.5, 10.2: under /lxi/identification */
static void
lxi(struct ev *e, struct ident *i, struct text doc)
{
	struct lxi_ident l;

	i->source = "lxi.identification";
	if (!lxi_identification(rd_init((const uint8_t *)doc.p, doc.n, doc.n), &l))
		return;
	i->vendor = copied(e, l.vendor);
	i->model = copied(e, l.model);
	i->serial = copied(e, l.serial);
	i->firmware = copied(e, l.firmware);
	i->hostname = copied(e, l.hostname);
	i->role = TEXT("instrument");
}

/* SiLA 1.x: the answer to GetDeviceIdentification */
static void
sila(struct ev *e, struct ident *i, struct text doc)
{
	struct sila_ident s;

	i->source = "sila.identification";
	if (!sila_identification(rd_init((const uint8_t *)doc.p, doc.n, doc.n), &s))
		return;
	i->vendor = copied(e, s.vendor);
	i->product = copied(e, s.name);
	i->serial = copied(e, s.serial);
	i->firmware = copied(e, s.firmware);
	i->role = TEXT("instrument");
}

/* A word that stands in the document, and who reads it from there. */
static const struct {
	const char *word;
	void (*read)(struct ev *e, struct ident *i, struct text doc);
} docs[] = {
	{ "urn:schemas-upnp-org:device-1", upnp },
	{ "GetDeviceInformationResponse", onvif },
	{ "ThisModel", dpws },
	{ "LXIDevice", lxi },
	{ "GetDeviceIdentificationResponse", sila },
};

static bool
is_xml(struct text type)
{
	return text_find(type, "/xml") || text_find(type, "+xml");
}

static bool
is_form(struct text type)
{
	return text_is(type, "application/x-www-form-urlencoded") ||
	    text_is(type, "application/json");
}

bool
http_doc_wanted(const struct http_head *h)
{
	struct text t = h->type;

	if (h->encoded || !t.n || (h->has_length && !h->length && !h->chunked))
		return false;
	return is_xml(t) || text_is(t, "application/ipp") ||
	    (!h->response && (is_form(t) || text_is(t, "multipart/form-data")));
}

/* The name of SOAP's first element in the body. */
static struct text
soap_action(struct text doc)
{
	struct text b = xml_inside(doc, "Body"), w = { 0 };
	const char *p = b.n ? memchr(b.p, '<', b.n) : NULL;

	if (!p)
		return w;
	w = (struct text){ p + 1, 0 };
	for (p++; p < b.p + b.n && (uint8_t)*p > ' ' && *p != '>' && *p != '/'; p++) {
		w.n++;
		if (*p == ':')
			w = (struct text){ p + 1, 0 };
	}
	if (w.n > 32 || (w.n && (*w.p == '!' || *w.p == '?')))
		w.n = 0;
	return w;
}

void
http_doc_request(struct text type, struct text body, struct http_ask *a)
{
	*a = (struct http_ask){ .secret = -1 };
	if (text_is(type, "application/ipp")) {
		a->ipp = ipp_request(body);
	} else if (is_form(type)) {
		a->secret = form_secret(body);
	} else if (text_is(type, "multipart/form-data")) {
		if (text_find(body, "name=\"password\"") || text_find(body, "name=\"passwd\""))
			a->secret = CRED_PASSWORD;
	} else if (is_xml(type)) {
		a->action = soap_action(body);
		/* WS-Security's UsernameToken, and elements called so */
		if (xml_value(body, "Password").n || xml_value(body, "password").n) {
			a->digest = text_find(body, "#PasswordDigest") != NULL;
			a->secret = a->digest ? CRED_CHALLENGE : CRED_PASSWORD;
		}
	}
}

bool
http_doc_response(struct ev *e, struct text type, struct text body)
{
	struct ident *i;

	if (text_is(type, "application/ipp"))
		return ipp_response(e, body);
	for (size_t k = 0; k < sizeof(docs) / sizeof(docs[0]); k++) {
		if (!text_find(body, docs[k].word))
			continue;
		i = ev_identity(e, "http.document", EV_DEST);
		docs[k].read(e, i, body);
		if (i->vendor.n || i->product.n || i->model.n || i->serial.n || i->firmware.n)
			return true;
		e->nid -= i == &e->id[e->nid - 1];
	}
	return false;
}
