/* line.h: protocols of lines and three-digit replies (FTP, SMTP). */
#ifndef OT_LINE_H
#define OT_LINE_H

#include "proto/proto.h"

/* Bytes up to and with the next LF; a line longer than LINE_MAX in pieces. 0: more. */
enum { LINE_MAX_BYTES = 4096 };
ssize_t line_frame(const struct rd *r);

/* The reply's code, 100 to 599, or 0; *more: others of the same reply follow. */
unsigned line_code(struct text t, bool *more);

/* The first bytes are a reply: "220 " or "220-". */
bool line_is_reply(const struct rd *r);
/* They may become one: their rest is in another segment. */
bool line_reply_begun(const struct rd *r);

/* The line's command in upper case, at most n - 1 letters, and what stands behind it. */
size_t line_verb(struct text t, char *verb, size_t n, struct text *rest);

/* The word up to the next blank; what is left of t begins behind it. */
struct text line_word(struct text *t);

/* Letters, digits and ".-_" alone: what a host or a program may be called. */
bool text_is_name(struct text t, size_t max);

/* What a banner says of a server: "vsFTPd 3.0.3", "ESMTP Postfix". Parts are borrowed. */
struct banner { struct text product, version, vendor, os; };
void banner_read(struct text t, struct banner *b);

#endif
