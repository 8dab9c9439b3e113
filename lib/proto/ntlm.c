/* ntlm.c: NTLMSSP messages.
 *
 *     "NTLMSSP\0", type 4, then fields (length 2, room 2, offset 4) and flags:
 *     challenge     target name, flags 4, challenge 8, context 8, target info, version 8
 *     authenticate  LM and NT answers, domain, user, workstation, key, flags 4, version 8 */
#include "proto/ntlm.h"

#include "proto/netbios.h"
#include "proto/utf16.h"

enum { UNICODE = 1, ANONYMOUS = 0x800, VERSION = 0x2000000 };

static struct text
part(const struct rd *all, struct rd *r)
{
	uint16_t n = rd_le16(r);
	struct rd d = *all, x;

	rd_skip(r, 2);
	rd_skip(&d, rd_le32(r));
	x = rd_sub(&d, n);
	if (!rd_ok(&x) || !rd_ok(&d) || !n)
		return (struct text){ 0 };
	return (struct text){ (const char *)rd_bytes(&x, n), n };
}

static void
version(struct rd *r, struct ntlm *m, uint32_t flags)
{
	if (!(flags & VERSION) || rd_left(r) < 8)
		return;
	m->major = rd_u8(r);
	m->minor = rd_u8(r);
	m->build = rd_le16(r);
	rd_skip(r, 4);
	m->has_version = rd_ok(r) && m->major >= 5;
}

static void
target_info(struct text t, struct ntlm *m)
{
	struct rd r = rd_init(t.p, t.n, t.n);

	while (rd_left(&r) >= 4) {
		uint16_t id = rd_le16(&r), n = rd_le16(&r);
		struct text v = { (const char *)rd_bytes(&r, n), n };

		if (!v.p)
			break;
		switch (id) {
		case 1: m->nb_computer = v; break;
		case 2: m->nb_domain = v; break;
		case 3: m->dns_computer = v; break;
		case 4: m->dns_domain = v; break;
		default: break;
		}
	}
}

bool
ntlm_find(struct rd r, struct ntlm *m)
{
	uint32_t n = rd_have(&r), flags;
	const uint8_t *p = n ? memmem(rd_at(&r), n, "NTLMSSP", 8) : NULL;
	struct rd all;
	struct text nt;

	memset(m, 0, sizeof(*m));
	if (!p)
		return false;
	rd_skip(&r, (uint32_t)(p - rd_at(&r)));
	all = r = rd_rest(&r);
	rd_skip(&r, 8);
	m->type = (uint8_t)rd_le32(&r);
	if (m->type == NTLM_CHALLENGE) {
		m->target = part(&all, &r);
		flags = rd_le32(&r);
		rd_skip(&r, 16);
		target_info(part(&all, &r), m);
		version(&r, m, flags);
	} else if (m->type == NTLM_AUTHENTICATE) {
		part(&all, &r);
		nt = part(&all, &r);
		part(&all, &r);
		m->user = part(&all, &r).n > 0;
		m->workstation = part(&all, &r);
		part(&all, &r);
		flags = rd_le32(&r);
		m->anonymous = flags & ANONYMOUS || (!m->user && !nt.n);
		version(&r, m, flags);
	} else {
		flags = rd_le32(&r);
		m->type = m->type == NTLM_NEGOTIATE ? NTLM_NEGOTIATE : NTLM_NONE;
	}
	m->unicode = flags & UNICODE;
	return m->type != NTLM_NONE;
}

static struct text
shown(struct ev *e, const struct ntlm *m, struct text t)
{
	if (m->unicode)
		return utf16_text(e, (const uint8_t *)t.p, t.n);
	return text_trim(t.p, t.n);
}

void
ntlm_put(struct ev *e, const struct ntlm *m, enum ident_of of, const char *source)
{
	struct ntlm wide = *m;
	struct ident *i;
	struct text t;

	wide.unicode = true;            /* target information always is */
	ev_obj(e, "ntlm");
	if (m->type == NTLM_CHALLENGE) {
		i = ev_identity(e, source, of);
		i->hostname = shown(e, &wide, m->dns_computer);
		ev_str(e, "dns_computer", i->hostname);
		t = shown(e, &wide, m->nb_computer);
		ev_str(e, "computer", t);
		if (!i->hostname.n)
			i->hostname = t;
		ev_str(e, "domain", shown(e, &wide, m->nb_domain));
		ev_str(e, "dns_domain", shown(e, &wide, m->dns_domain));
		if (m->has_version) {
			t = ev_text(e, "%u.%u.%u", m->major, m->minor, m->build);
			ev_str(e, "os_version", t);
			/* Samba says 6.1.0: a version without a build is nobody's */
			if (m->build && windows_name(m->major, m->minor)) {
				i->os = text_c(windows_name(m->major, m->minor));
				i->firmware = t;
			}
		}
	} else if (m->type == NTLM_AUTHENTICATE) {
		t = shown(e, m, m->workstation);
		ev_str(e, "workstation", t);
		if (t.n)
			ev_identity(e, source, of)->hostname = t;
		if (m->anonymous)
			ev_bool(e, "anonymous", true);
		if (m->user)
			ev_bool(e, "user_name", true);
	}
	ev_end(e);
}
