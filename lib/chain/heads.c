#include "chain/heads.h"

#include "base/stamp.h"
#include "chain/chain_impl.h"
#include "json/line.h"

#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

bool
heads_lines(int dir, bool (*see)(void *arg, const struct sval *o), void *arg, struct err *e)
{
	int fd = chain_plain(dir, CHAIN_HEADS, O_RDONLY, e);
	struct line *l = fd >= 0 ? line_fd(fd, CHAIN_HEADS, NULL, 0, 0, e) : NULL;
	enum line_next next = LINE_OK;
	bool go = true;
	const char *p, *why;
	size_t n, at;

	while (l != NULL && go && next != LINE_END && next != LINE_FAILED) {
		next = line_next(l, &p, &n, e);
		/* a line without its end is of an append that was cut short */
		if (next == LINE_OK && scan_check(p, n, true, &at, &why)) {
			struct sval o = scan_line(p, n);

			go = see(arg, &o);
		}
	}
	line_close(l);
	return l != NULL && next != LINE_FAILED;
}

struct walk {
	bool (*see)(void *arg, const struct head_line *h);
	void *arg;
	struct note *note;
	bool lost;
};

static bool
head(void *arg, const struct sval *o)
{
	struct walk *w = arg;
	struct head_line h = { .note = w->note };
	struct err quiet = { "" };
	struct sval v = { 0 };
	bool go = true;
	char *text;

	h.part = scan_path(o, "checkpoint.part", &v);
	if (scan_get(o, "timestamp", &v) && v.type == SVAL_STR)
		(void)stamp_parse(&h.time, v.p, v.n);
	if (!scan_get(o, "event_type", &v) || !sval_is(&v, "checkpoint") ||
	    !scan_path(o, "checkpoint.note", &v) || v.type != SVAL_STR || v.n > 6 * NOTE_MAX)
		return true;
	if ((text = malloc(v.n + 1)) == NULL) {
		w->lost = true;
		return false;
	}
	h.n = sval_text(&v, text, v.n + 1);
	h.text = text;
	if (checkpoint_read(&h.cp, w->note, text, h.n, &quiet))
		go = w->see(w->arg, &h);
	free(text);
	return go;
}

bool
heads_each(int dir, bool (*see)(void *arg, const struct head_line *h), void *arg, struct err *e)
{
	struct walk w = { see, arg, malloc(sizeof(*w.note)), false };
	bool good = w.note != NULL && heads_lines(dir, head, &w, e) && !w.lost;

	if (w.note == NULL || w.lost)
		err_set(e, "out of memory");
	free(w.note);
	return good;
}

struct find { uint64_t size; char *text; size_t n; unsigned sigs; bool lost; };

static bool
keep(void *arg, const struct head_line *h)
{
	struct find *f = arg;

	if (h->cp.size != f->size || h->note->nsigs < f->sigs)
		return true;
	free(f->text);
	if ((f->text = malloc(h->n + 1)) == NULL) {
		f->lost = true;
		return false;
	}
	memcpy(f->text, h->text, h->n);
	f->text[h->n] = '\0';
	f->n = h->n;
	f->sigs = h->note->nsigs;
	return true;
}

char *
heads_find(int dir, uint64_t size, size_t *n, struct err *e)
{
	struct find f = { .size = size };

	if (!heads_each(dir, keep, &f, e) || f.lost) {
		free(f.text);
		err_set(e, "out of memory");
		return NULL;
	}
	if (f.text == NULL)
		err_set(e, "%s: no head of %" PRIu64 " records was ever signed", CHAIN_HEADS, size);
	*n = f.n;
	return f.text;
}
