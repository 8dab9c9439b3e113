/* The state of an instrument by the records of its ledger, in order, with what corrects
 * them; each case is a ledger of a few lines. */
#include "ledger/trace.h"
#include "ledger/ledger.h"
#include "ledger/standing.h"
#include "tap.h"

#include <string.h>

/* Records are numbered as they stand. */
#define R(kind, block)  "{\"timestamp\":\"2026-01-01T00:00:00.000000+0000\",\"event_type\":\"" kind \
	"\",\"" kind "\":{" block "}}\n"
#define LIST(more)      R("instrument", "\"instrument\":\"A\"" more)
#define CAL_OF(id, day, more)   R("calibration", "\"instrument\":\"" id "\",\"certificate\":\"" day \
	"\",\"performed\":\"" day "\",\"laboratory\":{\"name\":\"L\"}" more)
#define CAL(day, more)  CAL_OF("A", day, ",\"verdict\":\"pass\"" more)
#define WORK(kind, day) R(kind, "\"instrument\":\"A\",\"performed\":\"" day "\",\"person\":\"p\"," \
	"\"reason\":\"r\"")
#define CHECK(day, verdict)     R("verification", "\"instrument\":\"A\",\"performed\":\"" day \
	"\",\"person\":\"p\",\"verdict\":\"" verdict "\"")
#define OUT(day)        R("out_of_tolerance", "\"instrument\":\"A\",\"found\":\"" day "\",\"person\":\"p\"," \
	"\"description\":\"d\"")
#define TAKEN_BACK(seq) R("correction", "\"corrects\":" seq ",\"reason\":\"r\",\"person\":\"p\"," \
	"\"withdrawn\":true")
#define INSTEAD(seq, day, more) R("correction", "\"corrects\":" seq ",\"reason\":\"r\",\"person\":\"p\"," \
	"\"instead\":{\"event_type\":\"calibration\",\"calibration\":{\"instrument\":\"A\"," \
	"\"certificate\":\"" day "\",\"performed\":\"" day "\",\"verdict\":\"pass\"" more "}}")
#define YEAR    ",\"interval\":\"P12M\""

static const struct {
	const char *comment, *lines, *now;
	enum standing_state want;
	const char *why;                /* in the reason */
} cases[] = {
	{ "listed alone", LIST(""), "2026-06-01", STANDING_NEVER, "no calibration" },
	{ "calibrated", LIST("") CAL("2026-01-10", YEAR), "2026-06-01", STANDING_VALID, "due 2027-01-10" },
	{ "not listed, but calibrated", CAL("2026-01-10", YEAR), "2026-06-01", STANDING_VALID, "2027-01-10" },
	{ "its own interval", LIST(YEAR) CAL("2026-01-10", ""), "2026-06-01", STANDING_VALID, "2027-01-10" },
	{ "the record's interval before its own", LIST(YEAR) CAL("2026-01-10", ",\"interval\":\"P6M\""),
	    "2026-06-01", STANDING_VALID, "due 2026-07-10, in 39 days" },
	{ "the record's day before all", LIST(YEAR) CAL("2026-01-10", YEAR ",\"due\":\"2026-06-15\""),
	    "2026-06-01", STANDING_DUE_SOON, "due 2026-06-15, in 14 days" },
	{ "nobody knows until when", LIST("") CAL("2026-01-10", ""), "2029-06-01", STANDING_VALID,
	    "no due day" },
	{ "30 days before", CAL("2025-12-09", YEAR), "2026-11-09", STANDING_DUE_SOON, "in 30 days" },
	{ "31 days before", CAL("2025-12-09", YEAR), "2026-11-08", STANDING_VALID, "in 31 days" },
	{ "on the day", CAL("2025-12-09", YEAR), "2026-12-09T23:59:59Z", STANDING_DUE_SOON, "today" },
	{ "the day after", CAL("2025-12-09", YEAR), "2026-12-10T00:00:00Z", STANDING_OVERDUE, "1 day ago" },
	{ "calibrated on a leap day", CAL("2024-02-29", YEAR), "2025-03-01", STANDING_OVERDUE,
	    "due 2025-02-28, 1 day ago" },
	{ "certificate of another zone: the day on it counts", CAL_OF("A", "2025-12-09T23:30:00-0800",
	    ",\"verdict\":\"pass\"" YEAR), "2026-12-10T01:00:00Z", STANDING_OVERDUE, "due 2026-12-09" },
	{ "calibrated twice, written in another order", CAL("2026-03-01", YEAR) CAL("2025-03-01", YEAR),
	    "2026-06-01", STANDING_VALID, "2027-03-01" },
	{ "to be calibrated tomorrow is not calibrated", CAL("2026-06-02", YEAR), "2026-06-01",
	    STANDING_NEVER, "" },
	{ "failed", CAL_OF("A", "2026-01-10", ",\"verdict\":\"fail\"" YEAR), "2026-06-01", STANDING_FAILED,
	    "calibration of 2026-01-10: fail, record 1" },
	{ "failed on conditions", CAL_OF("A", "2026-01-10", ",\"verdict\":\"conditional_fail\""),
	    "2026-06-01", STANDING_FAILED, "conditional_fail" },
	{ "passed on conditions", CAL_OF("A", "2026-01-10", ",\"verdict\":\"conditional_pass\"" YEAR),
	    "2026-06-01", STANDING_VALID, "2027-01-10" },
	{ "no statement", CAL_OF("A", "2026-01-10", ",\"verdict\":\"none\"" YEAR), "2026-06-01",
	    STANDING_VALID, "2027-01-10" },
	{ "failed, then passed", CAL_OF("A", "2026-01-10", ",\"verdict\":\"fail\"") CAL("2026-02-01", YEAR),
	    "2026-06-01", STANDING_VALID, "2027-02-01" },
	{ "a check failed after it", CAL("2026-01-10", YEAR) CHECK("2026-02-01", "fail"), "2026-06-01",
	    STANDING_FAILED, "verification of 2026-02-01: fail" },
	{ "repaired after it", CAL("2026-01-10", YEAR) WORK("repair", "2026-02-01"), "2026-06-01",
	    STANDING_UNVERIFIED, "repaired and not verified since: 2026-02-01, record 2" },
	{ "adjusted after it", CAL("2026-01-10", YEAR) WORK("adjustment", "2026-02-01"), "2026-06-01",
	    STANDING_UNVERIFIED, "adjusted" },
	{ "other firmware", CAL("2026-01-10", YEAR) WORK("firmware_update", "2026-02-01"), "2026-06-01",
	    STANDING_UNVERIFIED, "firmware" },
	{ "other software", CAL("2026-01-10", YEAR) R("software", "\"name\":\"n\",\"version\":\"2\","
	    "\"instrument\":\"A\",\"performed\":\"2026-02-01\""), "2026-06-01", STANDING_UNVERIFIED,
	    "software" },
	{ "other software that was validated", CAL("2026-01-10", YEAR) R("software", "\"name\":\"n\","
	    "\"version\":\"2\",\"instrument\":\"A\",\"performed\":\"2026-02-01\",\"validated_by\":\"p\""),
	    "2026-06-01", STANDING_VALID, "2027-01-10" },
	{ "software of no instrument", CAL("2026-01-10", YEAR) R("software", "\"name\":\"n\","
	    "\"version\":\"2\""), "2026-06-01", STANDING_VALID, "" },
	{ "repaired before it", WORK("repair", "2026-01-09") CAL("2026-01-10", YEAR), "2026-06-01",
	    STANDING_VALID, "" },
	{ "repaired and calibrated on one day, in this order", WORK("repair", "2026-01-10")
	    CAL("2026-01-10", YEAR), "2026-06-01", STANDING_VALID, "" },
	{ "and in the other", CAL("2026-01-10", YEAR) WORK("repair", "2026-01-10"), "2026-06-01",
	    STANDING_UNVERIFIED, "repaired" },
	{ "repaired and verified", CAL("2026-01-10", YEAR) WORK("repair", "2026-02-01")
	    CHECK("2026-02-02", "pass"), "2026-06-01", STANDING_VALID, "due 2027-01-10" },
	{ "verified, then repaired again", CAL("2026-01-10", YEAR) WORK("repair", "2026-02-01")
	    CHECK("2026-02-02", "pass") WORK("repair", "2026-02-03"), "2026-06-01", STANDING_UNVERIFIED,
	    "2026-02-03" },
	{ "a verification without a verdict verifies nothing", CAL("2026-01-10", YEAR)
	    WORK("repair", "2026-02-01") CHECK("2026-02-02", "none"), "2026-06-01", STANDING_UNVERIFIED, "" },
	{ "verified and never calibrated", LIST("") R("verification", "\"instrument\":\"A\","
	    "\"performed\":\"2026-01-10\",\"person\":\"p\",\"verdict\":\"pass\","
	    "\"valid_until\":\"2026-02-01\""), "2026-03-01", STANDING_OVERDUE, "due 2026-02-01" },
	{ "found out of tolerance", CAL("2026-01-10", YEAR) OUT("2026-02-01"), "2026-06-01",
	    STANDING_FAILED, "out of tolerance, found 2026-02-01, record 2" },
	{ "and calibrated since", CAL("2026-01-10", YEAR) OUT("2026-02-01") CAL("2026-02-05", YEAR),
	    "2026-06-01", STANDING_VALID, "2027-02-05" },
	{ "found by a calibration that left it good", CAL("2026-01-10", YEAR) R("out_of_tolerance",
	    "\"instrument\":\"A\",\"found\":\"2026-01-10\",\"calibration\":1,\"person\":\"p\","
	    "\"description\":\"d\""), "2026-06-01", STANDING_VALID, "2027-01-10" },
	{ "taken out of use", LIST("") CAL("2026-01-10", YEAR) LIST(",\"in_use\":false"), "2026-06-01",
	    STANDING_OUT_OF_USE, "" },
	{ "and taken into use again", LIST(",\"in_use\":false") CAL("2026-01-10", YEAR)
	    LIST(",\"in_use\":true"), "2026-06-01", STANDING_VALID, "" },
	{ "replaced", CAL("2026-01-10", YEAR) R("replacement", "\"instrument\":\"A\",\"by\":\"B\","
	    "\"performed\":\"2026-02-01\",\"person\":\"p\",\"reason\":\"r\""), "2026-06-01",
	    STANDING_REPLACED, "replaced by B on 2026-02-01" },
	{ "not replaced yet", CAL("2026-01-10", YEAR) R("replacement", "\"instrument\":\"A\",\"by\":\"B\","
	    "\"performed\":\"2026-07-01\",\"person\":\"p\",\"reason\":\"r\""), "2026-06-01", STANDING_VALID,
	    "" },
	{ "replaced, says the new one", CAL("2026-01-10", YEAR) R("instrument", "\"instrument\":\"B\","
	    "\"replaces\":\"A\""), "2026-06-01", STANDING_REPLACED, "replaced by B on 2026-01-01, record 2" },
	{ "a calibration withdrawn", CAL("2025-01-10", YEAR) CAL("2026-01-10", YEAR) TAKEN_BACK("2"),
	    "2026-06-01", STANDING_OVERDUE, "due 2026-01-10" },
	{ "a calibration of another day", CAL("2026-01-10", YEAR) INSTEAD("1", "2025-01-10", YEAR),
	    "2026-06-01", STANDING_OVERDUE, "due 2026-01-10" },
	{ "a correction taken back", CAL("2026-01-10", YEAR) INSTEAD("1", "2025-01-10", YEAR)
	    TAKEN_BACK("2"), "2026-06-01", STANDING_VALID, "2027-01-10" },
	{ "a correction corrected", CAL("2026-01-10", YEAR) INSTEAD("1", "2025-01-10", YEAR)
	    INSTEAD("2", "2026-03-10", YEAR), "2026-06-01", STANDING_VALID, "2027-03-10" },
	{ "and that taken back: the first holds", CAL("2026-01-10", YEAR) INSTEAD("1", "2025-01-10", YEAR)
	    INSTEAD("2", "2026-03-10", YEAR) TAKEN_BACK("3"), "2026-06-01", STANDING_OVERDUE,
	    "due 2026-01-10" },
	{ "taken back twice over: withdrawn again", CAL("2026-01-10", YEAR) TAKEN_BACK("1") TAKEN_BACK("2")
	    TAKEN_BACK("3"), "2026-06-01", STANDING_NEVER, "" },
	{ "two corrections of one record: the later holds", CAL("2026-01-10", YEAR)
	    INSTEAD("1", "2025-01-10", YEAR) INSTEAD("1", "2026-04-10", YEAR), "2026-06-01", STANDING_VALID,
	    "2027-04-10" },
	{ "a correction corrected twice: the last word holds", CAL("2026-01-10", YEAR)
	    INSTEAD("1", "2025-01-10", YEAR) TAKEN_BACK("2") INSTEAD("2", "2026-04-10", YEAR), "2026-06-01",
	    STANDING_VALID, "2027-04-10" },
	{ "a repair withdrawn", CAL("2026-01-10", YEAR) WORK("repair", "2026-02-01") TAKEN_BACK("2"),
	    "2026-06-01", STANDING_VALID, "" },
	{ "a correction of what comes later is none", TAKEN_BACK("2") CAL("2026-01-10", YEAR), "2026-06-01",
	    STANDING_VALID, "" },
	{ "foreign records between", R("flow", "") CAL("2026-01-10", YEAR) "{\"event_type\":7}\n", "2026-06-01",
	    STANDING_VALID, "" },
};

/* All lines twice, as ledger.h asks for it. */
static struct ledger *
build(const char *lines, const struct ledger_opts *o)
{
	struct ledger *l = ledger_new(o);
	const char *p, *lf, *why;
	struct tape t = { NULL };
	struct sval rec;
	uint64_t n;
	size_t at;

	for (int round = 0; round < 2; round++) {
		for (p = lines, n = 1; *p; p = lf + 1, n++) {
			lf = strchr(p, '\n');
			if (!scan_check_noting(p, (size_t)(lf - p), true, &t, &at, &why)) {
				printf("# line %d: %s\n", (int)n, why);
				continue;
			}
			rec = scan_noted(&t, p);
			if (round == 0)
				ledger_look(l, 0, n, &rec, &why);
			else
				ledger_take(l, 0, n, &rec, &why);
		}
		if (round == 0)
			ledger_settle(l);
	}
	ledger_done(l);
	tape_free(&t);
	return l;
}

static void
test_states(const struct work_rules *rules)
{
	struct standing s, all;
	struct ledger *l;
	struct moment now;
	const char *t;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		t = cases[i].now;
		moment_parse(&now, t, strlen(t));
		l = build(cases[i].lines, &(struct ledger_opts){ .until = moment_end(&now),
		    .known = INT64_MAX });
		standing_at(&s, ledger_find(l, "A"), rules, &now, 30);
		ledger_free(l);
		/* and the same from a ledger that keeps all, asked about that moment */
		l = build(cases[i].lines, &(struct ledger_opts){ .all = true, .until = INT64_MAX,
		    .known = INT64_MAX });
		standing_at(&all, ledger_find(l, "A"), rules, &now, 30);
		ok(s.state == cases[i].want && strstr(s.why, cases[i].why) && all.state ==
		    s.state &&
		    strcmp(all.why, s.why) == 0, "%s: %s, %s", cases[i].comment,
		    standing_names[s.state], s.why);
		ledger_free(l);
	}
}

/* ---- chains ------------------------------------------------------------------------ */

#define WITH(id)        ",\"standards\":[{\"instrument\":\"" id "\"}]"
#define GOOD            ",\"verdict\":\"pass\"" YEAR
#define VIA(v)          ",\"traceability\":{\"via\":\"" v "\"}"

static const struct {
	const char *comment, *lines;
	size_t steps;
	enum trace_problem problem;
	const char *at;                 /* whose */
} chains[] = {
	{ "to an institute", CAL_OF("S", "2025-12-01", GOOD VIA("nmi")) CAL("2026-01-10", YEAR WITH("S")), 2,
	    TRACE_GOOD, NULL },
	{ "an accredited laboratory's own certificate", R("calibration", "\"instrument\":\"A\","
	    "\"certificate\":\"c\",\"performed\":\"2026-01-10\",\"verdict\":\"pass\",\"laboratory\":"
	    "{\"name\":\"L\",\"accreditation\":\"1\"}"), 1, TRACE_GOOD, NULL },
	{ "nobody is named", CAL("2026-01-10", YEAR), 1, TRACE_BREAK, "A" },
	{ "the standard's standard is not named", CAL_OF("S", "2025-12-01", GOOD)
	    CAL("2026-01-10", YEAR WITH("S")), 2, TRACE_BREAK, "S" },
	{ "a standard that nobody knows", CAL("2026-01-10", YEAR WITH("S")), 2, TRACE_NOT_LISTED, "S" },
	{ "whose chain leaves the ledger", CAL("2026-01-10", YEAR WITH("S") VIA("accredited")), 2, TRACE_GOOD,
	    NULL },
	{ "the standard is written later than it was calibrated", CAL("2026-01-10", YEAR WITH("S"))
	    CAL_OF("S", "2025-12-01", GOOD VIA("nmi")), 2, TRACE_GOOD, NULL },
	{ "the standard had expired", CAL_OF("S", "2024-12-01", GOOD VIA("nmi"))
	    CAL("2026-01-10", YEAR WITH("S")), 2, TRACE_EXPIRED, "S" },
	{ "on its last day", CAL_OF("S", "2025-01-10", GOOD VIA("nmi")) CAL("2026-01-10", YEAR WITH("S")), 2,
	    TRACE_GOOD, NULL },
	{ "it expired since, which does not matter", CAL_OF("S", "2025-02-01", GOOD VIA("nmi"))
	    CAL("2026-01-10", YEAR WITH("S")), 2, TRACE_GOOD, NULL },
	{ "the standard was calibrated only later", CAL_OF("S", "2026-02-01", GOOD VIA("nmi"))
	    R("reference_standard", "\"instrument\":\"S\"") CAL("2026-01-10", YEAR WITH("S")), 2, TRACE_BREAK,
	    "S" },
	{ "the standard failed", CAL_OF("S", "2025-12-01", ",\"verdict\":\"fail\"" VIA("nmi"))
	    CAL("2026-01-10", YEAR WITH("S")), 2, TRACE_FAILED, "S" },
	{ "a loop", CAL_OF("S", "2025-12-01", GOOD WITH("A")) CAL("2025-11-01", YEAR WITH("S"))
	    CAL("2026-01-10", YEAR WITH("S")), 3, TRACE_LOOP, "A" },
	{ "a standard of itself", CAL("2026-01-10", YEAR WITH("A")), 2, TRACE_LOOP, "A" },
	{ "a certificate that is named", CAL_OF("S", "2025-06-01", GOOD VIA("nmi"))
	    CAL_OF("S", "2025-12-01", ",\"verdict\":\"fail\"" VIA("nmi"))
	    CAL("2026-01-10", YEAR ",\"standards\":[{\"instrument\":\"S\",\"certificate\":\"2025-06-01\"}]"), 2,
	    TRACE_GOOD, NULL },
	{ "a certificate that is not there", CAL_OF("S", "2025-12-01", GOOD VIA("nmi"))
	    CAL("2026-01-10", YEAR ",\"standards\":[{\"instrument\":\"S\",\"certificate\":\"X\"}]"), 2,
	    TRACE_CERTIFICATE, "S" },
	{ "a reference material", R("reference_standard", "\"instrument\":\"S\",\"certificate\":\"X\","
	    "\"valid_until\":\"2026-12-31\",\"traceability\":{\"via\":\"crm\"}")
	    CAL("2026-01-10", YEAR ",\"standards\":[{\"instrument\":\"S\",\"certificate\":\"X\"}]"), 2,
	    TRACE_GOOD, NULL },
	{ "a reference material past its day", R("reference_standard", "\"instrument\":\"S\","
	    "\"valid_until\":\"2025-12-31\",\"traceability\":{\"via\":\"crm\"}")
	    CAL("2026-01-10", YEAR WITH("S")), 2, TRACE_EXPIRED, "S" },
	{ "the standard was found bad later", CAL_OF("S", "2025-12-01", GOOD VIA("nmi"))
	    CAL("2026-01-10", YEAR WITH("S")) R("out_of_tolerance", "\"instrument\":\"S\",\"found\":"
	    "\"2026-03-01\",\"person\":\"p\",\"description\":\"d\""), 2, TRACE_DOUBT, "S" },
	{ "and that was assessed as without effect", CAL_OF("S", "2025-12-01", GOOD VIA("nmi"))
	    CAL("2026-01-10", YEAR WITH("S")) R("out_of_tolerance", "\"instrument\":\"S\",\"found\":"
	    "\"2026-03-01\",\"person\":\"p\",\"description\":\"d\"") R("assessment", "\"about\":3,"
	    "\"conclusion\":\"no_effect\",\"text\":\"t\",\"person\":\"p\",\"performed\":\"2026-03-02\""), 2,
	    TRACE_GOOD, NULL },
	{ "the standard as found outside its limits a year on", CAL_OF("S", "2025-12-01", GOOD VIA("nmi"))
	    CAL("2026-01-10", YEAR WITH("S")) CAL_OF("S", "2026-05-01", GOOD VIA("nmi")
	    ",\"results\":[{\"unit\":\"g\",\"as_found\":1.2,\"as_left\":1,\"lower\":0.9,\"upper\":1.1}]"), 2,
	    TRACE_DOUBT, "S" },
	{ "it was good when the instrument was calibrated after that", CAL_OF("S", "2025-12-01", GOOD VIA("nmi"))
	    CAL_OF("S", "2026-01-01", GOOD VIA("nmi")
	    ",\"results\":[{\"unit\":\"g\",\"as_found\":1.2,\"as_left\":1,\"lower\":0.9,\"upper\":1.1}]")
	    CAL("2026-01-10", YEAR WITH("S")), 2, TRACE_GOOD, NULL },
	{ "three standards deep", CAL_OF("U", "2025-10-01", GOOD VIA("nmi")) CAL_OF("T", "2025-11-01", GOOD WITH("U"))
	    CAL_OF("S", "2025-12-01", GOOD WITH("T")) CAL("2026-01-10", YEAR WITH("S")), 4, TRACE_GOOD, NULL },
};

static void
test_chains(void)
{
	static struct trace c;
	struct ledger *l;
	const struct inst *i;

	for (size_t k = 0; k < sizeof(chains) / sizeof(*chains); k++) {
		l = build(chains[k].lines, &(struct ledger_opts){ .until = INT64_MAX, .known =
		    INT64_MAX });
		i = ledger_find(l, "A");
		trace_make(&c, l, i, i->last[FACT_CALIBRATION]);
		ok(c.n == chains[k].steps && c.whole == !chains[k].at &&
		    (c.bad ? c.bad->problem == chains[k].problem && chains[k].at &&
		    strcmp(c.bad->id, chains[k].at) == 0 : !chains[k].at), "%s: %zu steps, %s",
		    chains[k].comment, c.n, c.bad ? trace_names[c.bad->problem] : "whole");
		ledger_free(l);
	}
}

/* Standards that hang on one another in all ways: the walk ends, and says so. */
static void
test_thicket(void)
{
	static char text[64 << 10];
	static struct trace c;
	struct ledger *l;
	size_t n = 0;

	for (int i = 0; i < 20; i++) {
		n += (size_t)snprintf(text + n, sizeof(text) - n, "{\"event_type\":\"calibration\",\"calibration\":"
		    "{\"instrument\":\"%c\",\"performed\":\"2026-01-10\",\"verdict\":\"pass\",\"standards\":[",
		    'A' + i);
		for (int k = i + 1; k < 20; k++)
			n += (size_t)snprintf(text + n, sizeof(text) - n, "%s{\"instrument\":\"%c\"}",
			    k > i + 1 ? "," : "", 'A' + k);
		n += (size_t)snprintf(text + n, sizeof(text) - n, "]}}\n");
	}
	l = build(text, &(struct ledger_opts){ .until = INT64_MAX, .known = INT64_MAX });
	trace_make(&c, l, ledger_find(l, "A"), ledger_find(l, "A")->last[FACT_CALIBRATION]);
	ok(c.n == TRACE_STEPS && !c.whole, "a thicket of standards: %zu steps, then no more", c.n);
	ledger_free(l);
}

int
main(void)
{
	struct err e = { "" };
	struct work_rules *rules = work_rules_load(&e);

	ok(rules != NULL, "rules/ledger-state.json is understood %s", e.text);
	if (rules)
		test_states(rules);
	work_rules_free(rules);
	test_chains();
	test_thicket();
	return tap_done();
}
