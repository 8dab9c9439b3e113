/* hello.h: announcements that say the same again and again: routers' and bridges'
 * hellos, clocks, group reports. An event when one is first heard, when what it says
 * changes, and when it has fallen silent; the rest is counted.
 *
 *     struct mine now = { 0 };                 all of it, padding too, is compared
 *     hello_note(c, &key, sizeof(key), &now, sizeof(now), mine_tell);
 *
 * Key and content are the protocol's own, apart for each sender and VLAN. */
#ifndef OT_HELLO_H
#define OT_HELLO_H

#include "proto/proto.h"

enum { HELLO_KEY = 18, HELLO_CONTENT = 640 };

enum hello_what { HELLO_BEGIN, HELLO_CHANGE, HELLO_END };

struct hello {
	enum hello_what what;
	const void *now, *before;       /* before: of a change */
	uint64_t frames;
	uint64_t more;                  /* the protocol's own count */
	uint32_t changes;
	int64_t us;                     /* from the first to the last */
	struct when last;
};

/* tell writes the event; it may leave out an end. */
void hello_note(struct dctx *c, const void *key, size_t nkey, const void *now, size_t n,
    void (*tell)(struct dctx *c, const struct hello *h));
/* Adds to the count of an announcement that was heard before; false where none was. */
bool hello_more(struct dctx *c, const void *key, size_t nkey, uint64_t n);

/* The event with what all have in common: "event", and of an end the counts. */
struct ev *hello_ev(struct dctx *c, const struct hello *h);
#define HELLO_FIELDS(p)                                                         \
	{ p ".event", "string", "begin, change or end of what is announced" },          \
	{ p ".frames", "integer", "announcements in all, at the end" },                 \
	{ p ".changes", "integer", "how often what they say changed, at the end" },     \
	{ p ".duration_us", "integer", "from the first to the last, at the end" }

#endif
