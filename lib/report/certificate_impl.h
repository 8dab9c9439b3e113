/* certificate_impl.h: between the files of a certificate's page. Nobody else includes this. */
#ifndef OT_CERTIFICATE_IMPL_H
#define OT_CERTIFICATE_IMPL_H

#include "model/certificate.h"
#include "report/sheet.h"

enum { CERT_TEXT = 1024 };

struct certificate_view {
	const struct sheet *s;
	const struct certificate *c;
};

/* The text of a member by its path ("laboratory.name"), "" when there is none; returns dst. */
const char *certificate_text(const struct sval *o, const char *path, char *dst, size_t cap);
/* A number as people of the language write it, with the digits it has: "−0,030". */
void certificate_number(FILE *f, const char *json, const char *lang);

enum cert_value { CERT_REFERENCE, CERT_FOUND, CERT_LEFT, CERT_ERROR, CERT_U, CERT_K, CERT_P,
	CERT_LOWER, CERT_UPPER, CERT_VALUES };

/* One result: its numbers as they were written, "" where there is none. */
struct cert_result {
	char quantity[256], unit[64], point[128];
	bool numeric;                   /* the point is a number */
	char v[CERT_VALUES][48];
	char verdict[24];
};

/* The results as tables, each with its picture; false: out of memory. */
bool certificate_results(const struct certificate_view *v);
/* The picture of n results of one unit; nothing where there is no error to show. */
void certificate_chart(const struct sheet *s, const struct cert_result *r, size_t n);

/* A line of a list of facts; nothing where there is no text. */
void certificate_fact(const struct certificate_view *v, const char *key, const char *text);
/* The same of a day or time: "2026-11-22 04:21 UTC" of one of ours; others as they stand. */
void certificate_when(const struct certificate_view *v, const char *key, const char *text);
/* What the latest of n blocks that says it says; dst, "" when none does. */
const char *certificate_latest(const struct sval *blocks, size_t n, const char *path, char *dst,
    size_t cap);
/* A word of ours for a word of the record, or that word itself; escaped. */
void certificate_word(const struct certificate_view *v, const char *prefix, const char *word);

/* Parts of the page, in its order (certificate_facts.c, certificate_later.c). */
void certificate_banner(const struct certificate_view *v);
void certificate_instrument(const struct certificate_view *v);
void certificate_calibration(const struct certificate_view *v);
void certificate_chain(const struct certificate_view *v);
void certificate_documents(const struct certificate_view *v);
void certificate_later(const struct certificate_view *v);
void certificate_check(const struct certificate_view *v);

#endif
