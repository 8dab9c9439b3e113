/* smb2.c: messages of SMB 2 and 3, [MS-SMB2] 2.2.
 *
 *     fe "SMB", 64 (2), credits 2, status 4, command 2, credits 2, flags 4, next 4,
 *     message id 8, process 4, tree 4, session 8, signature 16, then the command's */
#include "proto/ntlm.h"
#include "proto/smb.h"
#include "proto/utf16.h"

enum { NEGOTIATE = 0, SESSION_SETUP = 1, TREE_CONNECT = 3, TREE_DISCONNECT = 4, CREATE = 5,
	READ = 8, WRITE = 9, QUERY_DIRECTORY = 14, SET_INFO = 17, COMMANDS = 19 };
enum { RESPONSE = 1, ASYNC = 2 };
enum { PENDING = 0x103, MORE = 0xc0000016, DENIED = 0xc0000022 };

struct head {
	uint32_t status, flags, next, tree;
	uint16_t command;
	uint64_t id;
	struct rd all;                  /* offsets count from its beginning */
};

static struct rd
part(const struct head *h, uint32_t off, uint32_t n)
{
	struct rd r = h->all;

	rd_skip(&r, off);
	return rd_sub(&r, n);
}

static void
request(struct dctx *c, const struct head *h, struct rd *r)
{
	struct smb_wait q = { .v2 = true };
	uint64_t key = h->id & 0xffffffffffffff;
	struct smb_tree *t;
	struct rd d;
	struct ntlm m;
	uint16_t off, n;
	uint32_t options;

	switch (h->command) {
	case NEGOTIATE:
		rd_skip(r, 2);
		n = rd_le16(r);
		rd_skip(r, 32);
		for (unsigned i = 0; i < n && rd_left(r) && q.dialects_n < 8; i++)
			q.dialects[q.dialects_n++] = rd_le16(r);
		q.command = 0;
		pend_put(c, key, &q, sizeof(q));
		break;
	case SESSION_SETUP:
		rd_skip(r, 12);
		off = rd_le16(r);
		n = rd_le16(r);
		d = part(h, off, n);
		smb_token(c, &q, d);
		if (q.ntlm && ntlm_find(d, &m) && m.type == NTLM_AUTHENTICATE && m.unicode)
			q.n = (uint8_t)utf16_put(q.share, sizeof(q.share),
			    (const uint8_t *)m.workstation.p, m.workstation.n);
		q.command = 1;
		pend_put(c, key, &q, sizeof(q));
		break;
	case TREE_CONNECT:
		rd_skip(r, 4);
		off = rd_le16(r);
		n = rd_le16(r);
		d = part(h, off, n);
		n = (uint16_t)rd_have(&d);
		q.n = (uint8_t)utf16_put(q.share, sizeof(q.share), rd_bytes(&d, n), n);
		q.n = (uint8_t)smb_share_fit(q.share, q.n);
		q.command = 3;
		pend_put(c, key, &q, sizeof(q));
		break;
	case TREE_DISCONNECT:
		if ((t = smb_tree_find(c, h->tree)))
			smb_tree_close(c, t);
		break;
	case CREATE:
		rd_skip(r, 40);
		options = rd_le32(r);
		off = rd_le16(r);
		n = rd_le16(r);
		if (options & 0x1000 && rd_ok(r))       /* delete on close */
			smb_act(c, h->tree, SMB_DELETED);
		t = smb_tree_find(c, h->tree);
		if (t && t->n >= 4 && memcmp(t->share + t->n - 4, "IPC$", 4) == 0) {
			char name[32];
			const char *pipe;
			d = part(h, off, n);
			n = (uint16_t)rd_have(&d);
			pipe = smb_pipe(name, utf16_put(name, sizeof(name), rd_bytes(&d, n), n));
			if (pipe)
				smb_pipe_event(c, pipe);
		}
		break;
	case SET_INFO:
		rd_skip(r, 2);
		if (rd_u8(r) != 1)
			break;
		n = rd_u8(r);
		if (n == 10 || n == 65)
			smb_act(c, h->tree, SMB_RENAMED);
		else if (n == 13 || n == 64)
			smb_act(c, h->tree, SMB_DELETED);
		break;
	default:
		break;
	}
}

static void
response(struct dctx *c, const struct head *h, struct rd *r)
{
	uint64_t key = h->id & 0xffffffffffffff;
	struct pend *w = pend_find(c, key);
	struct smb_wait q = { .v2 = true };
	struct smb_nego a = { .v2 = true };
	struct when when = c->when;
	uint16_t mode, off, n;
	uint32_t action;

	if (h->status == PENDING)
		return;
	if (w) {
		q = *(const struct smb_wait *)w->data;
		when = w->when;
	}
	switch (h->command) {
	case NEGOTIATE:
		rd_skip(r, 2);
		mode = rd_le16(r);
		n = rd_le16(r);
		if (w)
			pend_done(c, w);
		else if ((w = pend_oldest(c)) && ((const struct smb_wait *)w->data)->command == 0) {
			/* asked with version 1, answered with version 2 */
			q = *(const struct smb_wait *)w->data;
			when = w->when;
			pend_done(c, w);
		}
		if (!rd_ok(r))
			return;
		a.dialect = smb_dialect(n);
		a.signing = mode & 1;
		a.required = mode & 2;
		q.v2 = true;
		if (n != 0x02ff)                /* the client asks again, with version 2 */
			smb_put_nego(c, &q, &when, &a);
		break;
	case SESSION_SETUP:
		rd_skip(r, 2);
		mode = rd_le16(r);
		off = rd_le16(r);
		n = rd_le16(r);
		if (w)
			pend_done(c, w);
		if (h->status && h->status != MORE)
			mode = 0, n = 0;
		smb_put_session(c, &q, &when, h->status, mode & 1, mode & 2,
		    part(h, off, n), (struct text){ 0 });
		break;
	case TREE_CONNECT:
		if (!w)
			return;
		pend_done(c, w);
		smb_put_tree(c, &q, &when, h->status);
		if (!h->status && !(h->flags & ASYNC))
			smb_tree_open(c, h->tree, q.share, q.n);
		break;
	case CREATE:
		if (h->status)
			break;
		rd_skip(r, 4);
		action = rd_le32(r);
		smb_act(c, h->tree, action == 1 ? SMB_OPENED : SMB_CREATED);
		break;
	case READ:
		if (!h->status)
			smb_act(c, h->tree, SMB_READ);
		break;
	case WRITE:
		if (!h->status)
			smb_act(c, h->tree, SMB_WRITTEN);
		break;
	case QUERY_DIRECTORY:
		if (!h->status)
			smb_act(c, h->tree, SMB_LISTED);
		break;
	default:
		break;
	}
	if (h->status == DENIED && h->command > TREE_CONNECT)
		smb_act(c, h->tree, SMB_DENIED);
}

enum verdict
smb2_message(struct dctx *c, struct rd *r)
{
	struct rd left = *r;

	while (rd_left(&left) >= 64) {
		struct head h = { .all = left };
		struct rd body = left;

		if (rd_be32(&body) != 0xfe534d42 || rd_le16(&body) != 64) {
			c->why = "HEADER";
			return DIS_BAD;
		}
		rd_skip(&body, 2);
		h.status = rd_le32(&body);
		h.command = rd_le16(&body);
		rd_skip(&body, 2);
		h.flags = rd_le32(&body);
		h.next = rd_le32(&body);
		h.id = rd_le64(&body);
		rd_skip(&body, 4);
		h.tree = rd_le32(&body);
		rd_skip(&body, 24);
		if (!rd_ok(&body))
			break;
		if (h.command >= COMMANDS) {
			c->why = "UNKNOWN_COMMAND";
			return DIS_BAD;
		}
		if (h.flags & RESPONSE)
			response(c, &h, &body);
		else
			request(c, &h, &body);
		if (!h.next)
			break;
		if (h.next < 64 || h.next > rd_left(&left)) {
			c->why = "NEXT_COMMAND";
			return DIS_BAD;
		}
		rd_skip(&left, h.next);
	}
	return DIS_OK;
}
