/* vuln_subject.c: an asset as it is compared: all words on what it is. */
#include "inv/vuln_impl.h"

#include "base/ascii.h"

#include <string.h>

static void
subject_words(struct subject *s, struct makers *m, const char *text, bool family,
    const char *field, const struct sval *by)
{
	uint32_t w[MAKER_WORDS];
	unsigned n = words_of(m, text, strlen(text), true, w), i, k;

	for (i = 0; i < n && s->nword < SUBJECT_WORDS; i++) {
		for (k = 0; k < s->nword && s->word[k].word != w[i]; k++)
			;
		if (k == s->nword)
			s->word[s->nword++] = (struct said){ w[i], family, field, *by };
	}
}

static void
subject_code(struct subject *s, const char *text, size_t n, const char *field,
    const struct sval *by)
{
	struct code *c = &s->code[s->ncode];

	if (s->ncode == SUBJECT_CODES || !code_fold(c->text, text, n) || strpbrk(c->text, "*?"))
		return;
	for (unsigned i = 0; i < s->ncode; i++)
		if (strcmp(s->code[i].text, c->text) == 0)
			return;
	c->order = strcmp(field, "order_code") == 0;
	c->field = field;
	c->by = *by;
	s->has_order = s->has_order || c->order;
	s->ncode++;
	/* "1756-ENBT/A": a letter behind a stroke is the series */
	if (n > 6 && text[n - 2] == '/' && ascii_letter(text[n - 1])) {
		s->series = !s->series || s->series == c->text[strlen(c->text) - 1] ?
		    c->text[strlen(c->text) - 1] : '?';
		subject_code(s, text, n - 2, field, by);
	}
}

static void
subject_text(struct subject *s, struct makers *m, const char *text, const char *field,
    const struct sval *by)
{
	const char *p;
	uint32_t g;
	size_t n;

	subject_words(s, m, text, false, field, by);
	subject_code(s, text, strlen(text), field, by);
	/* "Siemens, SIMATIC S7, CPU-1200, 6ES7 212-..., HW: 3, FW: V.4.2.3": parts and words */
	for (p = text; *p; p += n + (p[n] != 0))
		if ((n = strcspn(p, ",;()")) > 0 && p[n])
			subject_code(s, p, n, field, by);
	for (p = text; *p; p += n + (p[n] != 0))
		if ((n = strcspn(p, " ,;()")) > 4)
			subject_code(s, p, n, field, by);
	if (strcmp(field, "product") == 0 && (g = makers_begins(m, text))) {
		for (n = 0; n < s->nmaker && s->maker[n] != g; n++)
			;
		if (n == s->nmaker && n < MAKER_NAMES)
			s->maker[s->nmaker++] = g;
	}
}

/* All words on a field, or the field itself where nobody's word is kept. */
static void
each_word(struct subject *s, struct makers *m, const char *field,
    void (*fn)(struct subject *, struct makers *, const char *, const char *,
    const struct sval *))
{
	const struct sval *o = &s->item->o;
	struct sval list, x;
	struct scan in;
	char path[64], t[512];
	unsigned n = 0;

	snprintf(path, sizeof(path), "evidence.%s", field);
	if (scan_path(o, path, &list))
		for (scan_in(&in, &list); scan_elem(&in, &x); n++)
			if (*item_text(&x, "value", t, sizeof(t)))
				fn(s, m, t, field, &x);
	if (!n && *item_text(o, field, t, sizeof(t)))
		fn(s, m, t, field, &(struct sval){ .type = SVAL_NONE });
}

static void
take_vendor(struct subject *s, struct makers *m, const char *text, const char *field,
    const struct sval *by)
{
	uint32_t id[MAKER_NAMES];
	unsigned n = makers_of(m, text, id), i, k;

	for (i = 0; i < n && s->nmaker < MAKER_NAMES; i++) {
		for (k = 0; k < s->nmaker && s->maker[k] != id[i]; k++)
			;
		if (k == s->nmaker)
			s->maker[s->nmaker++] = id[i];
	}
}

/* The inventory's choice first; of each other source its latest word. */
static void
take_firmware(struct subject *s, struct makers *m, const char *text, const char *field,
    const struct sval *by)
{
	char best[512], source[64], other[64];
	struct sval t;
	unsigned i;

	item_text(&s->item->o, "firmware", best, sizeof(best));
	item_text(by, "source", source, sizeof(source));
	if (by->type == SVAL_NONE)
		return;
	for (i = 0; i < s->nfirmware; i++) {
		item_text(&s->firmware[i], "source", other, sizeof(other));
		if (strcmp(source, other) != 0)
			continue;
		if (item_time(by, "last_seen") > item_time(&s->firmware[i], "last_seen"))
			s->firmware[i] = *by;
		break;
	}
	if (i == s->nfirmware && s->nfirmware < SUBJECT_FIRMWARE)
		s->firmware[s->nfirmware++] = *by;
	if (i < s->nfirmware && i > 0 && strcmp(text, best) == 0) {
		t = s->firmware[0];
		s->firmware[0] = s->firmware[i];
		s->firmware[i] = t;
	}
}

void
subject_read(struct subject *s, const struct item *it, struct makers *m)
{
	static const char *const fields[] = { "order_code", "model", "product", "os" };
	unsigned codes;
	const char *words;

	*s = (struct subject){ .item = it };
	each_word(s, m, "vendor", take_vendor);
	for (size_t i = 0; i < sizeof(fields) / sizeof(*fields); i++)
		each_word(s, m, fields[i], subject_text);
	each_word(s, m, "firmware", take_firmware);
	item_text(&it->o, "hardware", s->hardware, sizeof(s->hardware));
	codes = s->ncode;
	for (unsigned i = 0; i < codes; i++)
		for (unsigned k = 0; k <= s->nmaker; k++) {
			size_t at = 0;
			if (k == s->nmaker && k > 0)
				break;
			while ((words = makers_family(m, k < s->nmaker ? s->maker[k] : 0,
			    s->code[i].text, &at)))
				subject_words(s, m, words, true, s->code[i].field, &s->code[i].by);
		}
}
