/* oscal_impl.h: shared by the parts of the OSCAL export. */
#ifndef OT_OSCAL_IMPL_H
#define OT_OSCAL_IMPL_H

#include "report/oscal.h"

enum { OSCAL_UUID = 37 };       /* 36 characters and a NUL */

struct oscal {
	const struct gap *g;
	char run[3 * 65 + 64];          /* what makes this assessment another than the last */
	char tool[OSCAL_UUID];          /* the component that observed */
	char site_file[OSCAL_UUID];     /* resource */
	json_t *observations, *risks, *findings;
	json_t *items;                  /* inventory items that are subjects, by asset id */
	json_t *captures;               /* resources, by the name of the capture file */
};

/* ---- oscal_text.c ---- */
/* Version 5 of "scope/kind/id" under this project's own name space. */
const char *oscal_uuid(char dst[OSCAL_UUID], const char *scope, const char *kind, const char *id);
/* The scope of what is the site's: its key, or nothing where it has none. */
const char *oscal_site(const struct gap *g);
/* OSCAL's string: one line, no blank at its ends. NULL when nothing is left. */
json_t *oscal_string(const char *s);
/* OSCAL's markup: the same with what Markdown would take for its own made harmless. */
json_t *oscal_markup(const char *s);
/* "2026-11-22T08:20:21.400091Z" */
json_t *oscal_time(int64_t us);
/* A relative URI of a file's last component. */
json_t *oscal_href(const char *file);
/* Appends a property to the array; own: of OSCAL_NS. class and value may be NULL. */
void oscal_prop(json_t *props, const char *name, bool own, const char *class, const char *value);
/* o[key] = list when it holds something; else it is dropped: OSCAL has no empty lists. */
void oscal_list(json_t *o, const char *key, json_t *list);
const char *oscal_word(const struct oscal *x, const char *key);

/* ---- oscal_finding.c ---- */
/* A finding with its observations and its risk. */
void oscal_finding(struct oscal *x, const struct gap_finding *f);

#endif
