/* Two assessments compared: what a change of status is called, what counts as other
 * evidence, and in which order it is told. */
#include "assess/finding_change.h"
#include "tap.h"

/* By hand: rows are what it was, columns what it is: gap, partly, unknown, met, n/a. */
static const char *const turns[GAP_STATUSES][GAP_STATUSES] = {
	{ "same", "better", "lost", "closed", "closed" },
	{ "worse", "same", "lost", "closed", "closed" },
	{ "worse", "better", "same", "closed", "closed" },
	{ "opened", "opened", "opened", "same", "restated" },
	{ "opened", "opened", "opened", "restated", "same" },
};

#define F(item, status, more) "{\"event_type\":\"finding\",\"finding\":{\"item\":\"" item \
    "\",\"status\":\"" status "\",\"basis\":\"machine\"" more "}}"
#define WHY(x) ",\"reason\":\"" x "\""
#define EV(x) ",\"evidence\":[" x "]"
#define LINK(id, cnt) "{\"kind\":\"link\",\"id\":\"" id "\",\"pcap_cnt\":" cnt ",\"text\":\"t" cnt "\"}"

static const struct { const char *old, *new, *want, *comment; } pairs[] = {
	{ F("a", "gap", WHY("x") EV(LINK("l", "1"))), F("a", "gap", WHY("x") EV(LINK("l", "9"))), "same",
	    "the same link in another packet" },
	{ F("a", "gap", WHY("x") EV(LINK("l", "1"))), F("a", "gap", WHY("x") EV(LINK("m", "1"))), "evidence",
	    "another link" },
	{ F("a", "gap", WHY("x") EV(LINK("l", "1") "," LINK("l", "2"))), F("a", "gap", WHY("x")
	    EV(LINK("l", "1"))), "same", "the same link twice is once" },
	{ F("a", "gap", WHY("x")), F("a", "gap", WHY("y")), "evidence", "another reason" },
	{ F("a", "gap", ""), F("a", "met", ""), "closed", "closed" },
	{ F("a", "gap", ""), F("b", "gap", ""), "added", "an item that was not there" },
};

static struct findings *
read_one(const char *line)
{
	struct findings *f = findings_new();
	struct err e = { "" };

	if (f && !findings_add(f, line, strlen(line), &e))
		printf("# %s\n", e.text);
	return f;
}

int
main(void)
{
	static const char *const bad[] = { "{", "{\"event_type\":\"finding\",\"finding\":{}}",
		"{\"event_type\":\"finding\"}", F("a", "maybe", ""), F("a", "gap", ",\"weight\":11"),
		F("a", "gap", EV("[0]")), F("a", "gap", ",\"lang\":\"de\"") };
	struct err e = { "" };
	struct findings *f;

	for (int a = 0; a < GAP_STATUSES; a++)
		for (int b = 0; b < GAP_STATUSES; b++) {
			const char *is = turn_name(turn_of((enum gap_status)a, (enum gap_status)b));
			ok(strcmp(is, turns[a][b]) == 0, "%s to %s: %s",
			    gap_status_name((enum gap_status)a),
			    gap_status_name((enum gap_status)b), is);
		}
	for (size_t i = 0; i < sizeof(pairs) / sizeof(*pairs); i++) {
		struct findings *old = read_one(pairs[i].old), *new = read_one(pairs[i].new);
		struct findings_compared c;
		bool done = findings_compare(old, new, &c, &e);
		const char *is = !done ? "nothing" : c.n ? turn_name(c.v[0].turn) : "same";
		ok(strcmp(is, pairs[i].want) == 0, "%s: %s", pairs[i].comment, is);
		findings_compared_free(&c);
		findings_free(old);
		findings_free(new);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		f = findings_new();
		err_clear(&e);
		ok(!findings_add(f, bad[i], strlen(bad[i]), &e), "refused: %s", e.text);
		findings_free(f);
	}
	f = read_one(F("a", "gap", ""));
	err_clear(&e);
	ok(!findings_add(f, F("a", "met", ""), strlen(F("a", "met", "")), &e), "an item twice: %s", e.text);
	ok(findings_add(f, "{\"event_type\":\"meta\"}", 21, &e) && findings_count(f) == 1,
	    "other records are passed over");
	findings_free(f);
	return tap_done();
}
