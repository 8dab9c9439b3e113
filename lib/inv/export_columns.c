/* export_columns.c: rows of cells, for tables that other programs read. */
#include "inv/export_columns.h"

#include <stdlib.h>
#include <string.h>

/* New columns are added at the end: people count them. */
const struct export_column export_asset_columns[] = {
	{ "id", "the asset's id" },
	{ "name", "the register's name, else its own" },
	{ "site", "the site's key" },
	{ "zone", "its zone" },
	{ "purdue", "level of that zone" },
	{ "role", "what it is most surely" },
	{ "category", "category of that zone" },
	{ "vendor", "its maker" },
	{ "product", "product name" },
	{ "model", "model" },
	{ "order_code", "order number" },
	{ "serial", "serial number" },
	{ "firmware", "firmware or software version" },
	{ "hardware", "hardware version" },
	{ "os", "operating system" },
	{ "ips", "its addresses" },
	{ "macs", "its MAC addresses" },
	{ "vlans", "VLANs it was seen in" },
	{ "hostnames", "names it gave itself" },
	{ "protocols", "what it speaks: asked of others with \">\", by the port alone with \"?\"" },
	{ "first_seen", "first evidence of it" },
	{ "last_seen", "last evidence of it" },
	{ "register_id", "id of its entry in the register" },
	{ "owner", "who answers for it, by the register" },
	{ "criticality", "how much depends on it, by the register" },
	{ "parent", "id of the gateway it is a part of" },
	{ "evidence", "where it was first seen: file and packet" },
	{ "sub", "its name behind the gateway" },
	{ "location", "where it says it stands" },
	{ "supplier", "the supplier whose address or name it has" },
	{ "public", "it has an address on the internet" },
	{ "silent", "it was addressed or spoken of and never heard" },
	{ "role_guess", "the role follows from what it does, it did not say so" },
	{ "vendor_by_mac", "the maker is only that of its MAC address" },
	{ "lab_system", "which kind of laboratory system it belongs to" },
	{ "cra", "its class under the Cyber Resilience Act" },
	{ "cra_confirm", "a person must confirm that class" },
	{ "end_of_support", "how long its maker supports it, by the register" },
	{ NULL, NULL },
};

const struct export_column export_link_columns[] = {
	{ "id", "client>server/protocol/port, by the assets' ids" },
	{ "site", "the site's key" },
	{ "client", "id of who asks" },
	{ "client_name", "its name" },
	{ "client_ip", "its address" },
	{ "client_mac", "MAC address on the wire there" },
	{ "client_zone", "zone of that address" },
	{ "server", "id of who is asked" },
	{ "server_name", "its name" },
	{ "server_ip", "its address" },
	{ "server_mac", "MAC address on the wire there" },
	{ "server_zone", "zone of that address" },
	{ "protocol", "what they speak" },
	{ "guess", "by the port alone" },
	{ "transport", "tcp, udp, icmp, ethernet, ..." },
	{ "port", "the server's port" },
	{ "events", "protocol events" },
	{ "flows", "flows" },
	{ "bytes_toserver", "bytes to the server" },
	{ "bytes_toclient", "bytes to the client" },
	{ "ops", "how many of each kind of action" },
	{ "writes", "something is written, commanded, programmed or configured" },
	{ "objects_written", "what" },
	{ "answered", "the server said something" },
	{ "encrypted", "the protocol is encrypted by what it is" },
	{ "cleartext_credentials", "a user name or password went over it in clear" },
	{ "weak", "what its protocols were found to lack" },
	{ "cross_zone", "its ends are in different zones" },
	{ "outward", "from inside to a public address" },
	{ "inward", "from a public address to the inside" },
	{ "names", "server names the client asked for" },
	{ "remote_access", "services of remote access that those names stand for" },
	{ "supplier", "the supplier at one end" },
	{ "copy", "the same packets as another row's, seen on another side of a router" },
	{ "first_seen", "first evidence of it" },
	{ "last_seen", "last evidence of it" },
	{ "evidence", "where it was first seen: file and packet" },
	{ NULL, NULL },
};

void
row_free(struct row *r)
{
	free(r->p);
	clean_free(&r->clean);
	*r = (struct row){ .p = NULL };
}

static void
begin(struct row *r)
{
	r->n = 0;
	r->cells = 0;
}

static void
append(struct row *r, const char *s)
{
	size_t n = strlen(s), k;
	char *more;

	if (r->cap - r->n < n + 1) {
		k = (r->cap + n + 1) * 2;
		if (!(more = realloc(r->p, k))) {
			r->failed = true;
			return;
		}
		r->p = more;
		r->cap = k;
	}
	memcpy(r->p + r->n, s, n + 1);
	r->n += n;
}

static void
cell_begin(struct row *r)
{
	r->at[r->cells] = r->n;
	append(r, "");
}

/* What is empty was not told. */
static void
cell_end(struct row *r, enum cell_kind kind)
{
	r->kind[r->cells] = !r->failed && r->n > r->at[r->cells] ? kind : CELL_NONE;
	r->n += !r->failed;
	r->cells++;
}

static void
text(struct row *r, const char *s)
{
	cell_begin(r);
	append(r, s);
	cell_end(r, CELL_TEXT);
}

static void
value(struct row *r, const struct sval *v)
{
	cell_begin(r);
	append(r, clean_text(&r->clean, v));
	cell_end(r, v->type == SVAL_NUM ? CELL_NUMBER : CELL_TEXT);
}

static void
truth(struct row *r, bool v)
{
	cell_begin(r);
	append(r, v ? "true" : "");
	cell_end(r, CELL_TRUE);
}

static void
path(struct row *r, const struct sval *o, const char *p)
{
	text(r, clean_path(&r->clean, o, p));
}

/* One more of a list that was begun; twice the same is said once when `once`. */
static void
item(struct row *r, const char *s, bool once)
{
	const char *all = r->p + r->at[r->cells], *hit = all;
	size_t n = strlen(s);

	if (!*s || r->failed)
		return;
	for (; once && (hit = strstr(hit, s)); hit += n)
		if ((hit == all || hit[-1] == ' ') && (!hit[n] || strncmp(hit + n, " | ", 3) == 0))
			return;
	if (r->n > r->at[r->cells])
		append(r, " | ");
	append(r, s);
}

/* Elements of an array; of objects, their member `key`. */
static void
list(struct row *r, const struct sval *v, const char *key)
{
	struct scan s;
	struct sval x;

	cell_begin(r);
	for (scan_in(&s, v); v->type == SVAL_ARR && scan_elem(&s, &x); )
		item(r, key ? clean_path(&r->clean, &x, key) : clean_text(&r->clean, &x),
		    key != NULL);
	cell_end(r, CELL_TEXT);
}

static void
protocols(struct row *r, const struct sval *v)
{
	char word[96];
	const char *app;
	struct sval x, side;
	struct scan s;
	bool guess;

	cell_begin(r);
	for (scan_in(&s, v); v->type == SVAL_ARR && scan_elem(&s, &x); ) {
		app = clean_path(&r->clean, &x, "app_proto");
		if ((guess = !*app))
			app = clean_path(&r->clean, &x, "guess.app_proto");
		if (!*app)
			continue;
		clean_cut(word, sizeof(word) - 2, app);
		snprintf(word + strlen(word), 3, "%s%s", guess ? "?" : "",
		    scan_get(&x, "side", &side) && sval_is(&side, "client") ? ">" : "");
		item(r, word, true);
	}
	cell_end(r, CELL_TEXT);
}

/* "lab.pcapng #12", "eth0 2026-11-22T...": what there is of it. */
static void
place(struct row *r, const struct sval *v)
{
	char cnt[24];

	cell_begin(r);
	append(r, clean_path(&r->clean, v, "pcap_filename"));
	if (r->n == r->at[r->cells])
		append(r, clean_path(&r->clean, v, "in_iface"));
	if (*place_number(v, cnt)) {
		append(r, r->n > r->at[r->cells] ? " #" : "#");
		append(r, cnt);
	}
	cell_end(r, CELL_TEXT);
}

void
row_asset(struct row *r, const struct item *i)
{
	struct sval v[A_MEMBERS], seen;
	bool guess;

	asset_pick(i, v);
	begin(r);
	value(r, &v[A_ID]);
	value(r, &v[A_NAME]);
	value(r, &v[A_SITE]);
	value(r, &v[A_ZONE]);
	value(r, &v[A_PURDUE]);
	text(r, asset_role(&r->clean, v, &guess));
	value(r, &v[A_CATEGORY]);
	value(r, &v[A_VENDOR]);
	value(r, &v[A_PRODUCT]);
	value(r, &v[A_MODEL]);
	value(r, &v[A_ORDER_CODE]);
	value(r, &v[A_SERIAL]);
	value(r, &v[A_FIRMWARE]);
	value(r, &v[A_HARDWARE]);
	value(r, &v[A_OS]);
	list(r, &v[A_IPS], NULL);
	list(r, &v[A_MACS], NULL);
	list(r, &v[A_VLANS], NULL);
	list(r, &v[A_HOSTNAMES], NULL);
	protocols(r, &v[A_PROTOCOLS]);
	value(r, &v[A_FIRST_SEEN]);
	value(r, &v[A_LAST_SEEN]);
	path(r, &v[A_REGISTER], "id");
	path(r, &v[A_REGISTER], "owner");
	path(r, &v[A_REGISTER], "criticality");
	value(r, &v[A_PARENT]);
	seen = asset_place(v);
	place(r, &seen);
	value(r, &v[A_SUB]);
	value(r, &v[A_LOCATION]);
	value(r, &v[A_SUPPLIER]);
	truth(r, is_true(&v[A_PUBLIC]));
	truth(r, is_true(&v[A_SILENT]));
	truth(r, guess);
	truth(r, asset_vendor_by_mac(v));
	path(r, &v[A_LAB_SYSTEM], "category");
	path(r, &v[A_CRA], "class");
	truth(r, asset_cra_confirm(v));
	path(r, &v[A_REGISTER], "end_of_support");
	r->failed |= r->clean.failed;
}

static void
end(struct row *r, const struct sval *v)
{
	path(r, v, "id");
	path(r, v, "name");
	path(r, v, "ip");
	path(r, v, "mac");
	path(r, v, "zone");
}

static void
ops(struct row *r, const struct sval *v)
{
	struct sval k, x;
	struct scan s;
	char word[64], n[24];

	cell_begin(r);
	for (scan_in(&s, v); v->type == SVAL_OBJ && scan_member(&s, &k, &x); ) {
		snprintf(n, sizeof(n), "%llu", (unsigned long long)pick_uint(&x));
		clean_cut(word, 32, clean_text(&r->clean, &k));
		snprintf(word + strlen(word), 26, " %s", n);
		item(r, word, false);
	}
	cell_end(r, CELL_TEXT);
}

void
row_link(struct row *r, const struct item *i)
{
	struct sval v[L_MEMBERS], first;
	bool guess;

	link_pick(i, v);
	guess = !v[L_APP_PROTO].n && v[L_GUESS].n;
	begin(r);
	value(r, &v[L_ID]);
	value(r, &v[L_SITE]);
	end(r, &v[L_CLIENT]);
	end(r, &v[L_SERVER]);
	if (guess)
		path(r, &v[L_GUESS], "app_proto");
	else
		value(r, &v[L_APP_PROTO]);
	truth(r, guess);
	value(r, &v[L_TRANSPORT]);
	value(r, &v[L_PORT]);
	value(r, &v[L_EVENTS]);
	value(r, &v[L_FLOWS]);
	value(r, &v[L_BYTES_TOSERVER]);
	value(r, &v[L_BYTES_TOCLIENT]);
	ops(r, &v[L_OPS]);
	truth(r, link_writes(v));
	list(r, &v[L_OBJECTS], "object");
	truth(r, is_true(&v[L_ANSWERED]));
	truth(r, is_true(&v[L_ENCRYPTED]));
	truth(r, is_true(&v[L_CLEARTEXT]));
	list(r, &v[L_WEAK], NULL);
	truth(r, is_true(&v[L_CROSS_ZONE]));
	truth(r, is_true(&v[L_OUTWARD]));
	truth(r, is_true(&v[L_INWARD]));
	list(r, &v[L_NAMES], NULL);
	list(r, &v[L_REMOTE], "product");
	value(r, &v[L_SUPPLIER]);
	truth(r, is_true(&v[L_COPY]));
	value(r, &v[L_FIRST_SEEN]);
	value(r, &v[L_LAST_SEEN]);
	first = (struct sval){ .p = "" };
	scan_get(&v[L_EVIDENCE], "first", &first);
	place(r, &first);
	r->failed |= r->clean.failed;
}
