/* same_nodes.h: whether two tapes have noted a line alike (json/scan.h). */
#ifndef SAME_NODES_H
#define SAME_NODES_H

#include "json/scan.h"

static inline bool
same_nodes(const struct tape *a, const struct tape *b)
{
	if (a->n != b->n)
		return false;
	for (uint32_t i = 0; i < a->n; i++) {
		const struct tape_node *x = &a->v[i], *y = &b->v[i];

		if (x->at != y->at || x->n != y->n || x->span != y->span || x->type != y->type ||
		    x->escaped != y->escaped || x->key_n != y->key_n ||
		    (x->key_n && (x->key != y->key || x->key_escaped != y->key_escaped)))
			return false;
	}
	return true;
}

#endif
