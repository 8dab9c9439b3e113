/* http_doc.c: what bodies say. Of requests: that they hold a password, which action
 * of SOAP or operation of IPP they ask for. Of responses: documents in which a
 * device describes itself. A new kind of document is a row of docs[]. */
#include "proto/http.h"

#include "proto/proto.h"
#include "proto/sysdescr.h"

/* UPnP Device Architecture, section 2.3 */
static void
upnp(struct ident *i, struct text doc)
{
	struct text d = xml_inside(doc, "device"), type = xml_value(d, "deviceType");

	i->source = "upnp.device";
	i->vendor = xml_value(d, "manufacturer");
	i->product = xml_value(d, "friendlyName");
	i->model = xml_value(d, "modelName");
	i->order_code = xml_value(d, "modelNumber");
	i->serial = xml_value(d, "serialNumber");
	if (text_find(type, ":Printer"))
		i->role = TEXT("printer");
	else if (text_find(type, ":InternetGateway"))
		i->role = TEXT("router");
	else if (text_find(type, ":WLANAccessPoint"))
		i->role = TEXT("access-point");
}

/* ONVIF Core Specification, 8.3.1 */
static void
onvif(struct ident *i, struct text doc)
{
	struct text d = xml_inside(doc, "GetDeviceInformationResponse");

	i->source = "onvif.device-information";
	i->vendor = xml_value(d, "Manufacturer");
	i->model = xml_value(d, "Model");
	i->firmware = xml_value(d, "FirmwareVersion");
	i->serial = xml_value(d, "SerialNumber");
	i->hardware = xml_value(d, "HardwareId");
	i->role = TEXT("camera");
}

/* Devices Profile for Web Services 1.1, 5.1 and 5.2: printers, scanners, projectors */
static void
dpws(struct ident *i, struct text doc)
{
	i->source = "wsd.metadata";
	i->vendor = xml_value(doc, "Manufacturer");
	i->model = xml_value(doc, "ModelName");
	i->order_code = xml_value(doc, "ModelNumber");
	i->product = xml_value(doc, "FriendlyName");
	i->firmware = xml_value(doc, "FirmwareVersion");
	i->serial = xml_value(doc, "SerialNumber");
}

/* A word that stands in the document, and who reads it from there. */
static const struct {
	const char *word;
	void (*read)(struct ident *i, struct text doc);
} docs[] = {
	{ "urn:schemas-upnp-org:device-1", upnp },
	{ "GetDeviceInformationResponse", onvif },
	{ "ThisModel", dpws },
};

static bool
is_xml(struct text type)
{
	return text_begins(type, "text/xml") || text_begins(type, "application/xml") ||
	    text_begins(type, "application/soap+xml");
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
		docs[k].read(i, body);
		if (i->vendor.n || i->product.n || i->model.n || i->serial.n || i->firmware.n)
			return true;
		e->nid -= i == &e->id[e->nid - 1];
	}
	return false;
}
