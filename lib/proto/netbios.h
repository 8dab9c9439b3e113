/* netbios.h: NetBIOS names (RFC 1001, 1002), which three services share. */
#ifndef OT_NETBIOS_H
#define OT_NETBIOS_H

#include "proto/ev.h"

/* Fifteen characters, padded, and what the name is for. */
struct nb_name { uint8_t b[16]; };

/* The first level encoding: 32 letters in a label, scope labels behind it, or a
 * pointer to another (which is not followed: then false, and r is behind it). */
bool nb_name(struct rd *r, struct nb_name *n);
/* Its characters; absent where somebody's name may stand (suffix 3, messenger). */
struct text nb_text(struct ev *e, const struct nb_name *n);
/* What the sixteenth byte means, or NULL. */
const char *nb_service(uint8_t suffix, bool group);
/* A computer's own name. */
static inline bool
nb_is_host(uint8_t suffix, bool group)
{
	return !group && (suffix == 0x00 || suffix == 0x20);
}
/* "Windows 10" by the numbers Windows gives, or NULL. */
const char *windows_name(unsigned major, unsigned minor);

#endif
