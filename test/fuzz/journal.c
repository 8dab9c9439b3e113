#include "fuzz.h"

#include "chain/checkpoint.h"
#include "chain/entry.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BEGUN   INT64_C(1795219200000000)       /* 2026-11-21 */

static const struct { char c; const char *type; } kinds[] = {
	{ 'o', "incident_opened" }, { 'v', "incident_value" }, { 'n', "incident_note" },
	{ 'f', "incident_file" }, { 's', "incident_submission" }, { 'c', "incident_closed" },
	{ 'r', "incident_reopened" }, { 'x', "note" },
};
enum { KINDS = sizeof(kinds) / sizeof(*kinds) };

static void
record(FILE *f, uint64_t seq, char c, const char *payload, size_t n)
{
	struct entry en = { .time = BEGUN + (int64_t)seq * 60000000, .seq = seq,
		.author = { "eva", 3 }, .payload = { payload, n } };
	char *line = malloc(ENTRY_AROUND + n);
	size_t len, k = 0;

	if (!line)
		exit(2);
	while (k < KINDS - 1 && kinds[k].c != c)
		k++;
	en.type.p = kinds[k].type;
	en.type.n = strlen(en.type.p);
	len = entry_put_body(line, &en);
	len += entry_put_end(line + len, &en);
	fwrite(line, 1, len, f);
	fputc('\n', f);
	free(line);
}

const char *
fuzz_journal(const uint8_t *data, size_t n)
{
	static const char opened[] = "{\"title\":\"x\",\"zone\":\"Europe/Stockholm\"}";
	static char dir[96];
	const char *p = (const char *)data, *end = p + n;
	struct checkpoint cp = { .origin = "o" };
	char head[CHECKPOINT_TEXT + 128];
	char *text = NULL, *own;
	size_t len = 0, at;
	uint64_t seq = 0, covered = 0;
	FILE *f = open_memstream(&text, &len);

	if (!f)
		exit(2);
	snprintf(dir, sizeof(dir), "%s/journal", fuzz_folder());
	if (!n || *p != 'o')
		record(f, ++seq, 'o', opened, sizeof(opened) - 1);
	while ((own = fuzz_line(&p, end, &at))) {
		if (at == 1 && *own == 't' && !covered)
			covered = seq;
		else if (at && *own != '{')
			record(f, ++seq, *own, own + 1, at - 1);
		free(own);
	}
	if (fclose(f) != 0)
		exit(2);
	cp.size = covered ? covered : seq;
	fuzz_folder_put("journal/records.ndjson", text, len);
	fuzz_folder_put("journal/checkpoints.ndjson", "", 0);
	len = checkpoint_put(head, &cp);
	/* a line that could be a signature: nobody asks here whose it is */
	len += (size_t)snprintf(head + len, sizeof(head) - len, "\n\xe2\x80\x94 o AAAAAAAA\n");
	fuzz_folder_put("journal/checkpoint", head, len);
	free(text);
	return dir;
}
