/* shape.h: lines that are written as lines before them were, checked and noted without
 * reading what is the same.
 *
 * A program's records differ in their values; what stands between two values ("a gap":
 * `,"dest_port":`, `}},"ot":{"op":"`) is one of few texts, and which of them comes next
 * hangs on where in the record one is. shapes_learn() keeps the gaps of a line that
 * scan_check_noting() has accepted, each with what it closes and opens, by the place
 * it begins at; shapes_follow() compares a line's gaps with those and checks its values.
 *
 * A place is the chain of names and brackets that is open and the member within. So every
 * gap that was valid behind a place is valid behind it again: a line that is followed to
 * its end is valid JSON, and has the nodes that scan_check_noting() would have noted.
 * What cannot be followed says nothing: it is checked as if this were not here. What is
 * kept is bounded, and forgotten when it is full. */
#ifndef OT_SHAPE_H
#define OT_SHAPE_H

#include "json/scan.h"

struct shapes;

struct shapes *shapes_new(void);        /* NULL: memory is out */
void shapes_free(struct shapes *s);
/* True: t has the line's nodes. False: what is on t means nothing. */
bool shapes_follow(struct shapes *s, const char *p, size_t n, struct tape *t);
/* The n bytes at p are an object that t has the nodes of. */
void shapes_learn(struct shapes *s, const char *p, size_t n, const struct tape *t);

#endif
