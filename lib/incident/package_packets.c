/* package_packets.c: the packets that records name, and the flows that these are of, cut out of
 * captures: first a reading that finds the flows, then one that takes their packets. */
#include "incident/package_impl.h"

#include "capture/sink.h"
#include "capture/source.h"
#include "extract/pick.h"

#include <stdlib.h>
#include <string.h>

struct cutting {
	struct package *p;
	struct pick *pick;              /* the flows */
	struct sink *sink;
	bool follow;                    /* the first reading */
	bool full;                      /* no more flows can be followed */
	uint64_t read, taken, named, total, missing;
};

/* The span holds for the flows' packets: those that are named are taken whenever they were. */
static bool
take(struct cutting *c, const struct packet *k, struct err *e)
{
	const struct package_ask *a = c->p->ask;
	bool named = wanted_has(c->p->wanted, k);
	struct err full = { "" };

	c->read++;
	if (c->follow) {
		c->named += named;
		if (named && !c->full && !pick_flow_of(c->pick, k, &full))
			c->full = true;
		return true;
	}
	if (!named && !(pick_flows(c->pick) && k->us >= a->from && k->us < a->to &&
	    pick_has(c->pick, k)))
		return true;
	c->taken++;
	return sink_packet(c->sink, k, e);
}

/* False: the packets could not be written; why: the capture could not be read to its end. */
static bool
read_packets(struct cutting *c, const char *path, struct err *why)
{
	struct source *s = source_open_file(path, NULL, why);
	bool good = true, more = s != NULL;
	struct packet k;

	c->read = 0;
	while (more && good)
		switch (source_next(s, &k, why)) {
		case SOURCE_PACKET: good = take(c, &k, c->p->e); break;
		case SOURCE_IDLE: break;
		case SOURCE_END:
		case SOURCE_FAILED: more = false; break;
		}
	if (s)
		source_close(s);
	return good;
}

/* Into one file; its name ends as what it is. */
static bool
cut(struct cutting *c, const char *path, const struct package_source *source, struct err *why)
{
	struct package *p = c->p;
	struct custody_item item = { .what = "packets", .source = source, .chosen = true,
		.note = "package.packets" };
	struct sink_opts o = { .format = SINK_PCAPNG, .origins = true };
	char last[TREE_NAME], name[TREE_NAME];
	const char *slash = strrchr(path, '/');
	struct tree_out out;
	size_t n;
	bool good;

	snprintf(last, sizeof(last), "%s", slash ? slash + 1 : path);
	if ((n = strlen(last)) > 3 && strcmp(last + n - 3, ".gz") == 0)
		last[n -= 3] = '\0';
	if (n > 5 && strcmp(last + n - 5, ".pcap") == 0)
		snprintf(last + n, sizeof(last) - n, "ng");
	else if (n < 7 || strcmp(last + n - 7, ".pcapng") != 0)
		snprintf(last + n, sizeof(last) - n, ".pcapng");
	tree_name(&p->tree, name, "packets", last);
	if (!tree_open(&p->tree, &out, name, p->e))
		return false;
	o.fd = out.fd;
	o.name = name;
	good = (c->sink = sink_new(&o, p->e)) && read_packets(c, path, why) &&
	    sink_finish(c->sink, p->e);
	sink_close(c->sink);
	if (!good) {
		tree_drop(&p->tree, &out);
		return false;
	}
	if (!(item.file = tree_close(&p->tree, &out, true, p->e)))
		return false;
	p->answer->packets += c->taken;
	item.read = c->read;
	item.taken = c->taken;
	item.args = json_pack("{sIsIsIsI}", "taken", (json_int_t)c->taken, "read",
	    (json_int_t)c->read, "named", (json_int_t)c->named, "flows",
	    (json_int_t)pick_flows(c->pick));
	return custody_item(p, &item);
}

static bool
unread(struct package *p, const char *path, const char *why)
{
	return custody_missing(p, "package.missing.read", json_pack("{ssss}", "name", path, "why",
	    why));
}

static bool
one_capture(struct package *p, const char *path)
{
	struct cutting c = { .p = p, .follow = true };
	struct package_source s;
	struct err why = { "" };
	bool good;

	if (!package_source(&s, path, &why))
		return unread(p, path, why.text);
	if (!wanted_total_of(p->wanted, path, &c.missing))
		return custody_missing(p, "package.missing.unnamed", json_pack("{ss}", "name",
		    path));
	if (!(c.pick = pick_new(p->e)))
		return false;
	good = read_packets(&c, path, &why);
	c.total = wanted_total_of(p->wanted, path, &c.missing);
	c.follow = false;
	/* the flows alone: the span is looked at beside, for a pick of nothing is an error */
	if (good && pick_flows(c.pick))
		good = pick_ready(c.pick, p->e);
	if (good && c.read == 0 && why.text[0])
		good = unread(p, path, why.text);
	else if (good)
		good = cut(&c, path, &s, &why) && (!why.text[0] || unread(p, path, why.text));
	if (good && c.missing)
		good = custody_missing(p, "package.missing.packets", json_pack("{sssIsIsI}", "name",
		    path, "n", (json_int_t)c.missing, "total", (json_int_t)c.total, "read",
		    (json_int_t)c.read));
	if (good && c.full)
		good = custody_missing(p, "package.missing.flows", json_pack("{sssI}", "name", path,
		    "n", (json_int_t)LIM_EXTRACT_FLOWS));
	pick_free(c.pick);
	return good;
}

/* Captures that records name and nobody gave. */
static bool
name_missing(struct package *p)
{
	const char *file;
	bool given;

	for (size_t i = 0; (file = wanted_file(p->wanted, i)); i++) {
		given = false;
		for (size_t k = 0; k < p->ask->ncaptures; k++)
			given |= wanted_is_file(file, p->ask->captures[k]);
		if (!given && !custody_missing(p, "package.missing.capture", json_pack("{ss}",
		    "name", file)))
			return false;
	}
	return true;
}

bool
package_packets(struct package *p)
{
	const struct package_ask *a = p->ask;
	struct err none = { "" };
	uint64_t n;

	if (!wanted_ready(p->wanted, &none)) {
		for (size_t i = 0; i < a->ncaptures; i++)
			if (!custody_missing(p, "package.missing.unnamed", json_pack("{ss}", "name",
			    a->captures[i])))
				return false;
		return true;
	}
	if (a->ncaptures != 1 && (n = wanted_forget_nameless(p->wanted)) && !custody_missing(p,
	    "package.missing.nameless", json_pack("{sI}", "n", (json_int_t)n)))
		return false;
	for (size_t i = 0; i < a->ncaptures; i++)
		if (!one_capture(p, a->captures[i]))
			return false;
	return name_missing(p);
}
