/* import.c: calchain import: certificates and histories as records for calchain append. */
#include "import.h"

#include "base/confine.h"
#include "base/diag.h"
#include "base/limits.h"
#include "base/stamp.h"
#include "ledger/daytext.h"
#include "ledger/xmldoc.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { O_CA = 1, O_CSV, O_DCC, O_DECIMAL, O_ID, O_INSTRUMENT, O_KEEP, O_KIND, O_LANG, O_MAP, O_NOW,
	O_SET, O_STORE, O_OFFSET, O_WITH };

static const struct opt opts[] = {
	{ "ca", 0, "FILE", "dcc: whose signatures count: certificates in PEM", "file", O_CA },
	{ "csv", 'c', "FILE", "a history of calibrations, a table with a header", "file", O_CSV },
	{ "dcc", 'd', "FILE", "a digital calibration certificate (XML); more may follow", "file",
	    O_DCC },
	{ "decimal", 0, "MARK", "csv: what stands before decimals: , or .", ",|.", O_DECIMAL },
	{ "id", 0, "NUMBER=ID", "dcc: the item with this number is that instrument", NULL, O_ID },
	{ "instrument", 'i', "ID", "dcc: the one item is this instrument", NULL, O_INSTRUMENT },
	{ "keep-invalid", 0, NULL, "dcc: also write what was changed after it was signed", NULL,
	    O_KEEP },
	{ "kind", 0, "KIND", "csv: of what its rows are: calibration", "calibration", O_KIND },
	{ "lang", 'l', "LANG", "dcc: the language that is preferred: sv, en, de, ...", "sv|en|de",
	    O_LANG },
	{ "map", 0, "FIELD=HEADER", "csv: this column is that field", NULL, O_MAP },
	{ "now", 0, "TIME", "the time that counts as now", NULL, O_NOW },
	{ "set", 0, "FIELD=VALUE", "csv: what holds for all rows that do not say", NULL, O_SET },
	{ "store", 0, "DIR", "keep the files' bytes as DIR/files/SHA-256", "dir", O_STORE },
	{ "utc-offset", 0, "+hh:mm", "csv: how far from UTC times are that do not say", NULL,
	    O_OFFSET },
	{ "with-instrument", 'w', NULL, "dcc: a record of the instrument first", NULL, O_WITH },
	{ NULL },
};

static const struct prog prog = {
	.name = "calchain import",
	.synopsis = "calchain import [-w] [--ca FILE] [--id NUMBER=ID] [-i ID] [--keep-invalid]\n"
	    "[-l LANG] [--now TIME] [--store DIR] -d FILE ...\n"
	    "calchain import [--decimal MARK] [--kind KIND] [--map FIELD=HEADER]\n"
	    "[--set FIELD=VALUE] [--store DIR] [--utc-offset +hh:mm] -c FILE ...",
	.purpose = "Turns calibration certificates and histories into records for calchain append.",
	.opts = opts,
	.words = "file",
};

/* One more for a list of the command line's. */
static bool
add(const char ***list, size_t *n, const char *s, struct err *e)
{
	const char **more = realloc(*list, (*n + 1) * sizeof(*more));

	if (!more)
		return err_set(e, "out of memory");
	*list = more;
	more[(*n)++] = s;
	return true;
}

static bool
take(struct import *m, int id, const char *v, struct err *e)
{
	int64_t us;

	switch (id) {
	case O_CA: m->ca = v; break;
	case O_CSV: m->csv = true; return add(&m->files, &m->nfiles, v, e);
	case O_DCC: m->dcc = true; return add(&m->files, &m->nfiles, v, e);
	case O_DECIMAL:
		if (strcmp(v, ",") != 0 && strcmp(v, ".") != 0)
			return err_set(e, "--decimal %.20s: not one of , and .", v);
		m->table.decimal = *v;
		break;
	case O_ID:
		if (!strchr(v, '=') || v[0] == '=' || !strrchr(v, '=')[1])
			return err_set(e, "--id %.60s: NUMBER=ID is expected", v);
		return add(&m->ids, &m->nids, v, e);
	case O_INSTRUMENT: m->instrument = v; break;
	case O_KEEP: m->keep_invalid = true; break;
	case O_KIND:
		if (strcmp(v, "calibration") != 0)
			return err_set(e, "--kind %.40s: calibration is the only one", v);
		break;
	case O_LANG: m->lang = v; break;
	case O_MAP: return add(&m->map, &m->nmap, v, e);
	case O_NOW:
		if (!stamp_parse(&us, v, strlen(v)))
			return err_set(e, "--now %.40s: no time (2026-11-22T04:21:01Z)", v);
		stamp_set_now(us);
		break;
	case O_SET: return add(&m->set, &m->nset, v, e);
	case O_STORE: m->store = v; break;
	case O_OFFSET:
		if (!daytext_offset(&m->table.offset, v))
			return err_set(e, "--utc-offset %.20s: +01:00 is expected", v);
		m->table.has_offset = true;
		break;
	case O_WITH: m->with_instrument = true; break;
	}
	return true;
}

static bool
check(const struct import *m, struct err *e)
{
	if (m->csv == m->dcc)
		return err_set(e, m->csv ? "certificates (--dcc) or a table (--csv), not both" :
		    "what? give --dcc FILE or --csv FILE");
	if (m->csv && (m->ca || m->nids || m->instrument || m->with_instrument || m->keep_invalid ||
	    m->lang))
		return err_set(e, "--ca, --id, --instrument, --keep-invalid, --lang and "
		    "--with-instrument are for --dcc only");
	if (m->dcc && (m->nmap || m->nset || m->table.decimal || m->table.has_offset))
		return err_set(e, "--decimal, --map, --set and --utc-offset are for --csv only");
	if (m->instrument && (!*m->instrument || strlen(m->instrument) > 200))
		return err_set(e, "--instrument: an id of 1 to 200 bytes is expected");
	if (m->lang && (strlen(m->lang) != 2))
		return err_set(e, "--lang %.40s: two letters are expected (ISO 639-1)", m->lang);
	return true;
}

/* The folder for the bytes, before the program confines itself. */
static bool
folder(const char *dir, struct err *e)
{
	char path[4096];

	if (snprintf(path, sizeof(path), "%s/files", dir) >= (int)sizeof(path) - 80)
		return err_set(e, "%.60s...: name too long", dir);
	if (mkdir(path, 0777) != 0 && errno != EEXIST)
		return err_sys(e, "%s", path);
	return true;
}

/* One file that cannot be read does not keep the others from being written. */
static void
each(struct import *m, bool (*one)(struct import *m, const char *path, struct err *e))
{
	struct err e;

	for (size_t i = 0; i < m->nfiles; i++) {
		err_clear(&e);
		if (one(m, m->files[i], &e))
			continue;
		diag("%s", e.text);
		m->status = 2;
	}
}

int
import_main(int argc, char **argv)
{
	struct import m = { .status = 0 };
	struct opt_state os;
	struct err e = { "" };
	int id;

	diag_name(prog.name);
	for (opt_begin(&os, &prog, argc, argv); (id = opt_next(&os, &e)) > 0; )
		if (!take(&m, id, os.value, &e))
			break;
	if (id == -2)
		return 0;
	m.status = 2;
	for (int i = os.i; id == 0 && i < argc; i++)
		add(&m.files, &m.nfiles, argv[i], &e);
	if (id == 0 && !e.text[0] && check(&m, &e) && (!m.store || folder(m.store, &e)) &&
	    (!m.dcc || (m.trust = dcc_trust_load(m.ca, &e)))) {
		m.table.map = m.map;
		m.table.nmap = m.nmap;
		m.table.set = m.set;
		m.table.nset = m.nset;
		if (m.dcc)
			xmldoc_prepare();
		confine_path(m.store, CONFINE_WRITE);
		if (confine_prepare(&e) && confine(CONFINE_READ | (m.store ? CONFINE_WRITE : 0),
		    &e)) {
			m.status = 0;
			each(&m, m.dcc ? import_certificate : import_table);
		}
	}
	if (e.text[0])
		diag("%s", e.text);
	dcc_trust_free(m.trust);
	free(m.files);
	free(m.ids);
	free(m.map);
	free(m.set);
	return m.status;
}
