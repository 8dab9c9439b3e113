/* filter.c: BPF filters over files: compiled once for the run, whatever the
 * number of files, for each link type that is met. */
#include "capture/source_impl.h"

#include "base/limits.h"

#include <pcap/pcap.h>

struct source_filter {
	char *text;
	unsigned n;
	struct source_prog {
		uint32_t link;
		bool ok;                /* the text has a meaning for this link type */
		struct bpf_program bpf;
	} progs[LIM_FILTER_LINKS];
};

/* Where libpcap's own numbers differ from those in files. */
static const struct { uint32_t link; int dlt; } renumbered[] = {
	{ 100, DLT_ATM_RFC1483 }, { 101, DLT_RAW }, { 102, DLT_SLIP_BSDOS },
	{ 103, DLT_PPP_BSDOS }, { 104, DLT_C_HDLC }, { 106, DLT_ATM_CLIP },
};

int
source_link_to_dlt(uint32_t link)
{
	for (size_t i = 0; i < sizeof(renumbered) / sizeof(renumbered[0]); i++)
		if (renumbered[i].link == link)
			return renumbered[i].dlt;
	return (int)link;
}

uint32_t
source_dlt_to_link(int dlt)
{
	for (size_t i = 0; i < sizeof(renumbered) / sizeof(renumbered[0]); i++)
		if (renumbered[i].dlt == dlt)
			return renumbered[i].link;
	return (uint32_t)dlt;
}

static bool
prog_add(struct source_filter *f, uint32_t link, struct err *e)
{
	struct source_prog *g = &f->progs[f->n];
	pcap_t *p = pcap_open_dead(source_link_to_dlt(link), LIM_FRAME);

	if (!p)
		return err_set(e, "out of memory");
	g->link = link;
	g->ok = pcap_compile(p, &g->bpf, f->text, 1, PCAP_NETMASK_UNKNOWN) == 0;
	if (!g->ok)
		err_set(e, "filter \"%s\": %s", f->text, pcap_geterr(p));
	pcap_close(p);
	f->n++;
	return g->ok;
}

struct source_filter *
source_filter_new(const char *text, struct err *e)
{
	/* The rare link types are compiled when they are met. */
	static const uint16_t links[] = { 1, 101, 113, 276, 0, 108, 9, 105, 127, 228, 229 };
	struct source_filter *f = calloc(1, sizeof(*f));
	struct err first = { "" };
	bool any = false;

	if (!f || !(f->text = strdup(text))) {
		free(f);
		err_set(e, "out of memory");
		return NULL;
	}
	for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++)
		any |= prog_add(f, links[i], &first);
	if (any)
		return f;
	err_set(e, "%s", first.text);
	source_filter_free(f);
	return NULL;
}

void
source_filter_free(struct source_filter *f)
{
	if (!f)
		return;
	for (unsigned i = 0; i < f->n; i++)
		if (f->progs[i].ok)
			pcap_freecode(&f->progs[i].bpf);
	free(f->text);
	free(f);
}

static bool
passes(struct source *s, const struct packet *p)
{
	struct source_filter *f = s->filter;
	struct source_prog *g = NULL;
	struct pcap_pkthdr h = { .caplen = p->cap, .len = p->len };

	for (unsigned i = 0; i < f->n && !g; i++)
		if (f->progs[i].link == p->link)
			g = &f->progs[i];
	if (!g && f->n < LIM_FILTER_LINKS) {
		struct err none = { "" };
		prog_add(f, p->link, &none);
		g = &f->progs[f->n - 1];
	}
	if (!g || !g->ok) {
		s->n.passed_over++;
		return false;
	}
	if (pcap_offline_filter(&g->bpf, &h, p->data))
		return true;
	if (p->link == DLT_EN10MB && p->cap > 13) {
		unsigned type = (unsigned)p->data[12] << 8 | p->data[13];
		s->n.tagged += type == 0x8100 || type == 0x88a8;
	}
	return false;
}

void
source_filter_set(struct source *s, struct source_filter *f)
{
	s->filter = f;
	s->passes = f ? passes : NULL;
}
