/* fuzz_csv.c: any bytes as a table: the reader of rows, and who reads tables with it: lists of
 * uses and histories of calibrations. The first byte says which. */
#include "fuzz.h"

#include "base/utf8.h"
#include "ledger/history.h"
#include "ledger/uses.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Cells are UTF-8, lie in the text and are not longer than it; what is written of them is read
 * again as it was, but for what a formula is marked with. */
static void
rows(const uint8_t *data, size_t n)
{
	enum csv_coding how;
	enum csv_next got;
	struct err e = { "" };
	uint64_t line = 0, last = 0, rows = 0;
	struct csv c;
	size_t len, out_n;
	char *text, *out = NULL;
	FILE *f;

	if (!(text = csv_decode("t.csv", (const char *)data, n, &len, &how, &line, &e))) {
		if (!e.text[0])
			abort();
		return;
	}
	csv_begin(&c, "t.csv", text, len);
	while ((got = csv_row(&c, &e)) == CSV_ROW) {
		if (!c.ncells || c.ncells > LIM_CSV_COLUMNS || c.line <= last || ++rows > len + 1)
			abort();
		last = c.line;
		for (size_t i = 0; i < c.ncells; i++) {
			const uint8_t *s = (const uint8_t *)c.cell[i];
			size_t left = strlen(c.cell[i]), k;

			if (c.cell[i] < c.text || c.cell[i] + left > c.text + c.n)
				abort();
			for (; left; s += k, left -= k)
				if (!(k = utf8_len(s, left)) && how != CSV_MIXED)
					abort();
				else if (!k)
					k = 1;
		}
		if (rows > 1 || !(f = open_memstream(&out, &out_n)))
			continue;
		for (size_t i = 0; i < c.ncells; i++) {
			if (i)
				fputc(',', f);
			csv_text(f, c.cell[i]);
		}
		fputc('\n', f);
		if (fclose(f) != 0)
			exit(2);
	}
	if (got == CSV_BAD && !e.text[0])
		abort();
	csv_end(&c);
	if (out) {                      /* takes it over */
		err_clear(&e);
		csv_begin(&c, "again.csv", out, out_n);
		if (csv_row(&c, &e) == CSV_ROW && !c.ncells)
			abort();
		csv_end(&c);
	}
}

static void
uses(const uint8_t *data, size_t n, bool mapped)
{
	static const char *const map[] = { "instrument=Num", "at=Tid" };
	struct uses u = { NULL };
	struct err e = { "" };
	const char *path;
	size_t k;
	int fd;

	path = fuzz_file(data, n, &fd);
	if (!uses_load(&u, path, map, mapped ? 2 : 0, &e) && !e.text[0])
		abort();
	uses_sort(&u);
	for (size_t i = 0; i < u.n; i++)
		if (!uses_of(&u, u.v[i].instrument, &k) || !k)
			abort();
	uses_free(&u);
	fuzz_file_close(fd);
}

static void
history(const uint8_t *data, size_t n, unsigned how)
{
	static const char *const map[] = { "instrument=Num" };
	static const char *const set[] = { "laboratory=Labb", "unit=mg" };
	struct history_opts o = { map, how & 1, set, how & 2, how & 4 ? ',' : how & 8 ? '.' : 0,
		how & 16, 60, "h.csv", NULL, n };
	struct history h = { NULL };
	struct err e = { "" };
	static struct jw w;

	if (!w.buf) {
		jw_init(&w, malloc(3 * LIM_RECORD), 3 * LIM_RECORD);
		if (!w.buf)
			exit(2);
	}
	if (!history_read(&h, "h.csv", data, n, &o, &e) && !e.text[0])
		abort();
	for (size_t i = 0; !e.text[0] && i < h.ngroups; i++) {
		size_t before = h.nfaults + (size_t)h.more_faults;

		if (history_put(&h, i, &w, &e))
			fuzz_records(NULL, w.buf, w.n);
		else if (h.nfaults + (size_t)h.more_faults == before && !e.text[0])
			abort();
		jw_reset(&w);
	}
	history_free(&h);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	if (!n)
		return 0;
	switch (data[0] & 3) {
	case 0:
		rows(data + 1, n - 1);
		break;
	case 1:
		uses(data + 1, n - 1, data[0] & 4);
		break;
	default:
		history(data + 1, n - 1, data[0] >> 2);
	}
	return 0;
}
