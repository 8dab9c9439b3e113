/* source_live.c: interfaces, through libpcap. Receives only.
 *
 * Each interface has its own ring; one packet of each is held and the earliest
 * goes out first. The kernel hands over its blocks at least every TICK_MS, so
 * a packet is no later than that. */
#include "capture/source_impl.h"

#include "base/addr.h"
#include "base/limits.h"

#include <netinet/in.h>
#include <pcap/pcap.h>
#include <poll.h>

enum { TICK_MS = 100, BUFFER_KIB = 16 << 10, COUNT_EVERY = 1 << 20 };
/* libpcap filters the first blocks itself, on what it kept of a packet: less than
 * this and a port may be cut off. Who asked for less cuts it off afterwards. */
enum { FILTER_SEES = 256 };

struct live_iface {
	pcap_t *p;                      /* NULL once it is gone */
	const struct origin *origin;
	const struct pcap_pkthdr *h;    /* the packet held, or NULL */
	const uint8_t *data;
	uint64_t cnt;
	uint32_t link;
	struct pcap_stat last;          /* libpcap counts in 32 bits: sums are ours */
	uint64_t dropped_kernel, dropped_iface;
};

struct live {
	struct live_iface *iface;
	struct pollfd *pf;
	unsigned n;
	unsigned until_count;
};

static bool
not_opened(struct err *e, const char *name, int code, pcap_t *p)
{
	switch (code) {
	case PCAP_ERROR_PERM_DENIED:
	case PCAP_ERROR_PROMISC_PERM_DENIED:
		return err_set(e, "%s: may not capture: run as root or setcap "
		    "cap_net_raw,cap_net_admin+ep otcap", name);
	case PCAP_ERROR_NO_SUCH_DEVICE:
		return err_set(e, "%s: no such interface (--list-interfaces names them)", name);
	case PCAP_ERROR_IFACE_NOT_UP:
		return err_set(e, "%s: is down (ip link set %s up)", name, name);
	default:
		return err_set(e, "%s: %s", name, code == PCAP_ERROR && *pcap_geterr(p) ?
		    pcap_geterr(p) : pcap_statustostr(code));
	}
}

static bool
iface_open(struct live_iface *i, const char *name, const struct source_live_opts *o,
    struct err *e)
{
	char why[PCAP_ERRBUF_SIZE] = "";
	struct bpf_program prog;
	uint32_t keep = o->snaplen ? o->snaplen : LIM_FRAME;
	int r;

	if (o->filter && keep < FILTER_SEES)
		keep = FILTER_SEES;
	i->p = pcap_create(name, why);
	if (!i->p)
		return err_set(e, "%s: %s", name, why);
	pcap_set_snaplen(i->p, (int)keep);
	pcap_set_promisc(i->p, o->promisc);
	pcap_set_timeout(i->p, TICK_MS);
	pcap_set_buffer_size(i->p, (int)((o->buffer_kib ? o->buffer_kib : BUFFER_KIB) * 1024));
	r = pcap_activate(i->p);
	if (r < 0)
		return not_opened(e, name, r, i->p);
	if (o->filter) {
		if (pcap_compile(i->p, &prog, o->filter, 1, PCAP_NETMASK_UNKNOWN) != 0)
			return err_set(e, "filter \"%s\": %s", o->filter, pcap_geterr(i->p));
		r = pcap_setfilter(i->p, &prog);
		pcap_freecode(&prog);
		if (r != 0)
			return err_set(e, "%s: filter: %s", name, pcap_geterr(i->p));
	}
	if (pcap_setnonblock(i->p, 1, why) != 0)
		return err_set(e, "%s: %s", name, why);
	if (pcap_get_selectable_fd(i->p) < 0)
		return err_set(e, "%s: cannot be waited for", name);
	i->link = source_dlt_to_link(pcap_datalink(i->p));
	i->origin = origin_get(NULL, name, o->host, false);
	return true;
}

static void
live_close(struct source *s)
{
	struct live *l = s->priv;

	for (unsigned k = 0; k < l->n; k++)
		if (l->iface[k].p)
			pcap_close(l->iface[k].p);
	free(l->iface);
	free(l->pf);
	free(l);
}

struct source *
source_open_live(const struct source_live_opts *o, struct err *e)
{
	struct source *s = calloc(1, sizeof(*s));
	struct live *l = calloc(1, sizeof(*l));

	if (!s || !l || !(l->iface = calloc(o->niface, sizeof(*l->iface))) ||
	    !(l->pf = calloc(o->niface, sizeof(*l->pf)))) {
		if (l)
			free(l->iface);
		free(l);
		free(s);
		err_set(e, "out of memory");
		return NULL;
	}
	s->ops = &source_live;
	s->priv = l;
	s->in.name = o->niface ? o->ifaces[0] : "";
	s->in.fd = -1;
	for (l->n = 0; l->n < o->niface; ) {
		unsigned k = l->n++;
		if (!iface_open(&l->iface[k], o->ifaces[k], o, e)) {
			source_close(s);
			return NULL;
		}
	}
	return s;
}

/* What libpcap counted since the last time. */
static void
iface_count(struct live_iface *i)
{
	struct pcap_stat st;

	if (!i->p || pcap_stats(i->p, &st) != 0)
		return;
	i->dropped_kernel += (uint32_t)(st.ps_drop - i->last.ps_drop);
	i->dropped_iface += (uint32_t)(st.ps_ifdrop - i->last.ps_ifdrop);
	i->last = st;
}

static void
live_counts(struct source *s, struct source_counts *c)
{
	struct live *l = s->priv;

	c->received = c->dropped_kernel = c->dropped_iface = 0;
	for (unsigned k = 0; k < l->n; k++) {
		iface_count(&l->iface[k]);
		/* not ps_recv: on a loopback it counts what is seen twice */
		c->received += l->iface[k].cnt + l->iface[k].dropped_kernel;
		c->dropped_kernel += l->iface[k].dropped_kernel;
		c->dropped_iface += l->iface[k].dropped_iface;
	}
}

/* Holds the next packet of an interface, if there is one. An interface that is
 * unplugged does not end the others. */
static void
iface_fetch(struct source *s, struct live_iface *i)
{
	struct pcap_pkthdr *h;
	int r = pcap_next_ex(i->p, &h, &i->data);

	if (r == 1) {
		i->h = h;
	} else if (r < 0) {
		iface_count(i);
		source_notice(s, "%s: %s; captured no further", i->origin->iface,
		    pcap_geterr(i->p));
		pcap_close(i->p);
		i->p = NULL;
	}
}

static bool
earlier(const struct timeval *a, const struct timeval *b)
{
	return a->tv_sec != b->tv_sec ? a->tv_sec < b->tv_sec : a->tv_usec < b->tv_usec;
}

static enum source_next
live_next(struct source *s, struct packet *p, struct err *e)
{
	struct live *l = s->priv;
	struct live_iface *first = NULL;
	nfds_t n = 0;

	if (s->wake) {
		s->wake = 0;
		return SOURCE_IDLE;
	}
	for (int turn = 0; ; turn++) {
		n = 0;
		for (unsigned k = 0; k < l->n; k++) {
			struct live_iface *i = &l->iface[k];
			if (i->p && !i->h)
				iface_fetch(s, i);
			if (!i->p)
				continue;
			l->pf[n++] = (struct pollfd){ .fd = pcap_get_selectable_fd(i->p),
			    .events = POLLIN };
			if (i->h && (!first || earlier(&i->h->ts, &first->h->ts)))
				first = i;
		}
		if (first)
			break;
		if (!n) {
			err_set(e, "no interface is left");
			return SOURCE_FAILED;
		}
		if (turn || poll(l->pf, n, TICK_MS) <= 0)
			return SOURCE_IDLE;
	}
	p->data = first->data;
	p->cap = first->h->caplen;
	p->len = first->h->len < p->cap ? p->cap : first->h->len;
	p->us = source_clamp_us((int64_t)first->h->ts.tv_sec * 1000000 + first->h->ts.tv_usec);
	p->link = first->link;
	p->cnt = ++first->cnt;
	p->from = first->origin;
	first->h = NULL;        /* its bytes stay until the next is fetched */
	if (l->until_count-- == 0) {
		l->until_count = COUNT_EVERY;
		for (unsigned k = 0; k < l->n; k++)
			iface_count(&l->iface[k]);
	}
	return SOURCE_PACKET;
}

size_t
source_fds(const struct source *s, int *fds, size_t n)
{
	struct live *l = s->priv;
	size_t got = 0;

	if (s->ops != &source_live)
		return 0;
	for (unsigned k = 0; k < l->n && got < n; k++)
		if (l->iface[k].p)
			fds[got++] = pcap_get_selectable_fd(l->iface[k].p);
	return got;
}

static struct addr
socket_addr(const void *sa)
{
	const struct sockaddr_in *v4 = sa;
	const struct sockaddr_in6 *v6 = sa;

	if (sa && v4->sin_family == AF_INET)
		return addr_v4((const uint8_t *)&v4->sin_addr);
	if (sa && v6->sin6_family == AF_INET6)
		return addr_v6((const uint8_t *)&v6->sin6_addr);
	return (struct addr){ .v = 0 };
}

bool
source_list_live(void (*fn)(void *arg, const char *name, const char *text, const char *addrs,
    bool up), void *arg, struct err *e)
{
	char why[PCAP_ERRBUF_SIZE] = "", addrs[1024];
	pcap_if_t *all = NULL;

	if (pcap_findalldevs(&all, why) != 0)
		return err_set(e, "%s", why);
	for (pcap_if_t *i = all; i; i = i->next) {
		size_t n = 0;
		addrs[0] = '\0';
		for (pcap_addr_t *a = i->addresses; a; a = a->next) {
			struct addr x = socket_addr(a->addr);
			if (!x.v || n + ADDR_TEXT + 2 > sizeof(addrs))
				continue;
			if (n)
				addrs[n++] = ' ';
			n += addr_put(addrs + n, &x);
			addrs[n] = '\0';
		}
		fn(arg, i->name, i->description, addrs, i->flags & PCAP_IF_UP);
	}
	pcap_freealldevs(all);
	return true;
}

const struct source_ops source_live = {
	.name = "interfaces", .next = live_next, .counts = live_counts, .close = live_close,
};
