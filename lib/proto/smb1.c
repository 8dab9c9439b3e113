/* smb1.c: messages of SMB 1, [MS-CIFS] 2.2 and [MS-SMB].
 *
 *     ff "SMB", command 1, status 4, flags 1, flags 2, process 2, signature 8, 2,
 *     tree 2, process 2, user 2, multiplex 2, words 1, words, bytes 2, bytes */
#include "proto/ntlm.h"
#include "proto/smb.h"
#include "proto/utf16.h"

enum { DELETE = 0x06, RENAME = 0x07, READX = 0x2e, WRITEX = 0x2f, TREE_DISCONNECT = 0x71,
	NEGOTIATE = 0x72, SESSION_SETUP = 0x73, LOGOFF = 0x74, TREE_CONNECT = 0x75,
	NT_CREATE = 0xa2 };
enum { MORE = 0xc0000016, DENIED = 0xc0000022 };

struct head {
	uint8_t command, words;
	uint32_t status;
	bool reply, unicode;
	uint16_t tree, mux;
	struct rd w, b;                 /* words and bytes */
	uint32_t b_off;                 /* where the bytes begin: texts are even from there */
};

static bool
head(struct rd *r, struct head *h)
{
	struct rd from = *r;
	uint16_t flags2;

	memset(h, 0, sizeof(*h));
	rd_skip(r, 4);
	h->command = rd_u8(r);
	h->status = rd_le32(r);
	h->reply = rd_u8(r) & 0x80;
	flags2 = rd_le16(r);
	h->unicode = flags2 & 0x8000;
	rd_skip(r, 12);
	h->tree = rd_le16(r);
	rd_skip(r, 4);
	h->mux = rd_le16(r);
	h->words = rd_u8(r);
	h->w = rd_sub(r, h->words * 2u);
	rd_skip(r, 2);
	h->b_off = r->off - from.off;
	h->b = rd_rest(r);
	return !rd_bad(&h->w) && h->b_off >= 35;
}

/* The next text of the bytes, into d; its length. */
static unsigned
string(const struct head *h, struct rd *b, char *d, unsigned room)
{
	uint32_t n = 0, have;
	const uint8_t *p;
	unsigned k;

	if (h->unicode && (h->b_off + b->off) & 1)
		rd_skip(b, 1);
	have = rd_have(b);
	if (!have)
		return 0;
	p = rd_at(b);
	if (!h->unicode) {
		n = (uint32_t)strnlen((const char *)p, have);
		k = n < room ? n : room;
		memcpy(d, p, k);
		rd_skip(b, n < have ? n + 1 : n);
		return k;
	}
	while (n + 1 < have && (p[n] || p[n + 1]))
		n += 2;
	k = utf16_put(d, room, p, n);
	rd_skip(b, n + 2 <= have ? n + 2 : have);
	return k;
}

static void
request(struct dctx *c, struct head *h)
{
	struct smb_wait q = { 0 };
	uint64_t key = h->mux;
	char t[128];
	uint16_t n, m;
	struct ntlm msg;
	struct smb_tree *tree;

	switch (h->command) {
	case NEGOTIATE:
		while (rd_left(&h->b) && rd_u8(&h->b) == 2) {
			uint32_t k = (uint32_t)strnlen((const char *)rd_at(&h->b),
			    rd_have(&h->b));
			const char *p = (const char *)rd_bytes(&h->b, k);
			uint16_t d = 0;

			rd_skip(&h->b, 1);
			if (!p || !k)
				break;
			if (k == 10 && memcmp(p, "NT LM 0.12", 10) == 0)
				d = 1;
			else if (k == 9 && memcmp(p, "SMB 2.002", 9) == 0)
				d = 0x0202;
			else if (k == 9 && memcmp(p, "SMB 2.\?\?\?", 9) == 0)
				d = 0x02ff;
			if (d && q.dialects_n < 8)
				q.dialects[q.dialects_n++] = d;
		}
		q.command = 0;
		pend_put(c, key, &q, sizeof(q));
		break;
	case SESSION_SETUP:
		q.command = 1;
		if (h->words == 12) {
			rd_skip(&h->w, 14);
			n = rd_le16(&h->w);
			struct rd blob = rd_sub(&h->b, n);
			smb_token(c, &q, blob);
			if (ntlm_find(blob, &msg) && msg.type == NTLM_AUTHENTICATE && msg.unicode)
				q.n = (uint8_t)utf16_put(q.share, sizeof(q.share),
				    (const uint8_t *)msg.workstation.p, msg.workstation.n);
		} else if (h->words == 13) {
			rd_skip(&h->w, 14);
			n = rd_le16(&h->w);
			m = rd_le16(&h->w);
			rd_skip(&h->b, (uint32_t)n + m);
			q.user = string(h, &h->b, t, sizeof(t)) > 0;
			q.anonymous = !q.user;
			/* with 24 bytes they answer a challenge */
			q.plain = q.user && n != 24 && m != 24 && n + m > 1 && m < 24;
			q.ntlm = q.user && !q.plain;
			if (q.user)
				proto_credential(c, q.plain ? CRED_PASSWORD : CRED_CHALLENGE,
				    q.plain ? CRED_CLEAR : CRED_DIGEST, false);
		}
		pend_put(c, key | 1u << 16, &q, sizeof(q));
		break;
	case TREE_CONNECT:
		rd_skip(&h->w, 6);
		rd_skip(&h->b, rd_le16(&h->w));
		q.n = (uint8_t)string(h, &h->b, q.share, sizeof(q.share));
		q.n = (uint8_t)smb_share_fit(q.share, q.n);
		q.command = 3;
		pend_put(c, key | 2u << 16, &q, sizeof(q));
		break;
	case TREE_DISCONNECT:
		if ((tree = smb_tree_find(c, h->tree)))
			smb_tree_close(c, tree);
		break;
	case DELETE:
		smb_act(c, h->tree, SMB_DELETED);
		break;
	case RENAME:
		smb_act(c, h->tree, SMB_RENAMED);
		break;
	case NT_CREATE:
		tree = smb_tree_find(c, h->tree);
		if (tree && tree->n >= 4 && memcmp(tree->share + tree->n - 4, "IPC$", 4) == 0) {
			const char *pipe = smb_pipe(t, string(h, &h->b, t, sizeof(t)));
			if (pipe)
				smb_pipe_event(c, pipe);
		}
		break;
	default:
		break;
	}
}

static void
response(struct dctx *c, struct head *h)
{
	unsigned kind = h->command == SESSION_SETUP ? 1 : h->command == TREE_CONNECT ? 2 : 0;
	struct pend *w = pend_find(c, h->mux | kind << 16);
	struct smb_nego a = { 0 };
	struct smb_wait q = { 0 };
	struct when when = c->when;
	char os[96], lm[96];
	uint16_t action;
	uint8_t mode;
	struct rd blob = rd_init(NULL, 0, 0);
	unsigned n, k;

	if (w) {
		q = *(const struct smb_wait *)w->data;
		when = w->when;
	}
	switch (h->command) {
	case NEGOTIATE:
		if (h->words < 2)
			return;
		if (w)
			pend_done(c, w);
		rd_skip(&h->w, 2);
		mode = rd_u8(&h->w);
		a.dialect = "NT LM 0.12";
		a.signing = mode & 4;
		a.required = mode & 8;
		a.plain = !(mode & 2);
		smb_put_nego(c, &q, &when, &a);
		break;
	case SESSION_SETUP:
		if (w)
			pend_done(c, w);
		rd_skip(&h->w, 4);
		action = h->words >= 3 ? rd_le16(&h->w) : 0;
		if (h->words == 4)
			blob = rd_sub(&h->b, rd_le16(&h->w));
		n = h->words >= 3 ? string(h, &h->b, os, sizeof(os)) : 0;
		/* the second text is the server's own name for itself: Samba gives its version
		 * there, and a Windows it is not in the first */
		k = n ? string(h, &h->b, lm, sizeof(lm)) : 0;
		if (k > 5 && memcmp(lm, "Samba", 5) == 0) {
			memcpy(os, lm, k);
			n = k;
		}
		smb_put_session(c, &q, &when, h->status, action & 1, false, blob,
		    text_trim(os, n));
		break;
	case TREE_CONNECT:
		if (!w)
			return;
		pend_done(c, w);
		smb_put_tree(c, &q, &when, h->status);
		if (!h->status)
			smb_tree_open(c, h->tree, q.share, q.n);
		break;
	case NT_CREATE:
		rd_skip(&h->w, 7);
		if (!h->status)
			smb_act(c, h->tree, rd_le32(&h->w) == 1 ? SMB_OPENED : SMB_CREATED);
		break;
	case READX:
		if (!h->status)
			smb_act(c, h->tree, SMB_READ);
		break;
	case WRITEX:
		if (!h->status)
			smb_act(c, h->tree, SMB_WRITTEN);
		break;
	default:
		break;
	}
	if (h->status == DENIED && !kind)
		smb_act(c, h->tree, SMB_DENIED);
}

enum verdict
smb1_message(struct dctx *c, struct rd *r)
{
	struct head h;

	if (!head(r, &h)) {
		c->why = "HEADER";
		return c->cut ? DIS_OK : DIS_BAD;
	}
	if (h.reply)
		response(c, &h);
	else
		request(c, &h);
	return DIS_OK;
}
