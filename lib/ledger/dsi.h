/* dsi.h: the Digital System of Units (D-SI) as a digital calibration certificate has it:
 * lists of words apart by blanks, and units in words.
 *
 * A list of several values has its units, uncertainties and so on as lists beside
 * it; one of a single entry stands for all (D-SI 2.1, realListXMLList). */
#ifndef OT_DSI_H
#define OT_DSI_H

#include "base/err.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

struct dsi_words {
	char *text;             /* owned; the words lie in it */
	char **v;               /* owned */
	size_t n;
};

/* Cuts a text at its blanks; takes text over (malloc's), also when it fails. NULL is
 * a list of none. False: more than LIM_DCC_VALUES words, or no memory. */
bool dsi_split(struct dsi_words *w, char *text, struct err *e);
void dsi_free(struct dsi_words *w);
/* The word that goes with value i: a single one goes with all. NULL: none. */
const char *dsi_at(const struct dsi_words *w, size_t i);
/* Does the list go with n values: none, one, or n of them? */
bool dsi_fits(const struct dsi_words *w, size_t n);

/* How units look: rules/dsi-units.json. */
struct dsi_units { json_t *doc; };
bool dsi_units_load(struct dsi_units *u, struct err *e);
void dsi_units_free(struct dsi_units *u);
/* "\degreecelsius" as "°C", "\metre\second\tothe{-1}" as "m·s⁻¹", "\one" as "1". What has a
 * word that is not known, or is no D-SI unit, stays as it is. Returns dst. */
const char *dsi_shown(const struct dsi_units *u, const char *unit, char *dst, size_t cap);
/* Do values in the one differ by as much as in the other: \kelvin and \degreecelsius? */
bool dsi_same_step(const char *a, const char *b);

#endif
