/* smb.h: what the files of SMB share. */
#ifndef OT_PROTO_SMB_H
#define OT_PROTO_SMB_H

#include "proto/proto.h"

/* What was done in one share: counted, because file names may be patients'. */
enum smb_act { SMB_OPENED, SMB_CREATED, SMB_READ, SMB_WRITTEN, SMB_DELETED, SMB_RENAMED, SMB_LISTED,
	SMB_DENIED, SMB_ACTS };
enum { SMB_TREES = 4, SMB_SHARE = 44 };
struct smb_tree {
	bool used;
	uint8_t n;
	uint32_t id, order;
	uint32_t acts[SMB_ACTS];
	char share[SMB_SHARE];
};
struct smb_state {
	struct smb_tree tree[SMB_TREES];
	uint32_t turn;
	bool v2, encrypted, signing_told;
};

/* What waits for its answer. */
struct smb_wait {
	uint8_t command, dialects_n, n;
	bool v2, user, anonymous, kerberos, ntlm, plain;
	bool required;
	uint16_t dialects[8];
	char share[128];
};

/* smb.c */
/* A share's path as it may be written: hidden ones ("anna$") are called after users,
 * but for those that every server has. Returns its length, at most n. */
unsigned smb_share_fit(char *path, unsigned n);
struct smb_tree *smb_tree_find(struct dctx *c, uint32_t id);
void smb_tree_open(struct dctx *c, uint32_t id, const char *share, unsigned n);
/* Reports what was done there and forgets it. */
void smb_tree_close(struct dctx *c, struct smb_tree *t);
static inline void
smb_act(struct dctx *c, uint32_t tree, enum smb_act a)
{
	struct smb_tree *t = smb_tree_find(c, tree);
	if (!t) {                       /* seen from the middle: which share is not known */
		smb_tree_open(c, tree, "", 0);
		t = smb_tree_find(c, tree);
	}
	if (t)
		t->acts[a]++;
}
const char *smb_dialect(uint16_t d);
struct text smb_status(struct ev *e, uint32_t status);
/* An open of a named pipe: the service behind it, or NULL for any other name. */
const char *smb_pipe(const char *name, unsigned n);
void smb_pipe_event(struct dctx *c, const char *pipe);
/* One event for a negotiation, a session setup or a tree connection. */
struct smb_nego { bool v2; const char *dialect; bool signing, required, plain; };
void smb_put_nego(struct dctx *c, const struct smb_wait *q, const struct when *when,
    const struct smb_nego *a);
void smb_put_session(struct dctx *c, const struct smb_wait *q, const struct when *when,
    uint32_t status, bool guest, bool null_, struct rd blob, struct text os);
void smb_put_tree(struct dctx *c, const struct smb_wait *q, const struct when *when,
    uint32_t status);
/* What a session setup's token is of. */
void smb_token(struct dctx *c, struct smb_wait *q, struct rd blob);

/* smb1.c, smb2.c: one message behind NetBIOS' four bytes. */
enum verdict smb1_message(struct dctx *c, struct rd *r);
enum verdict smb2_message(struct dctx *c, struct rd *r);

#endif
