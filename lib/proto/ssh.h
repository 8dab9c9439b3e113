/* ssh.h: what the parts of the SSH dissector share: ssh.c follows the handshake,
 * ssh_names.c knows algorithms and what implementations call themselves. */
#ifndef OT_SSH_H
#define OT_SSH_H

#include "proto/proto.h"

/* A KEXINIT's name-lists, RFC 4253 section 7.1. */
enum ssh_list { SSH_KEX, SSH_HOSTKEY, SSH_CIPHER_CS, SSH_CIPHER_SC, SSH_MAC_CS, SSH_MAC_SC,
	SSH_COMP_CS, SSH_COMP_SC, SSH_LISTS };

/* What an identification line tells. */
struct ssh_soft {
	struct text proto, software, comment;   /* "2.0", "OpenSSH_9.2p1", "Debian-2" */
	struct text vendor, os, product, version;
};
void ssh_software(struct text line, struct ssh_soft *s);

/* The first name of the client's list that the server's has as well. */
struct text ssh_choose(struct text client, struct text server);
/* True when nobody should use this any more for what the list is for. */
bool ssh_is_weak(enum ssh_list what, struct text name);
/* A cipher that needs no MAC beside it. */
bool ssh_is_aead(struct text cipher);

#endif
