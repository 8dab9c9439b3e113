/* Conditions over figures in three values: every comparison with ranges below, at, above and
 * across its limit; all, any and not over them; what may not be read. */
#include "incident/condition.h"
#include "tap.h"

#include <math.h>
#include <string.h>

struct known { const char *id; double lo, hi; };
static const struct known *known;

static struct range
look(void *arg, const struct incident_field *f)
{
	for (const struct known *k = known; k && k->id; k++)
		if (strcmp(k->id, f->id) == 0)
			return (struct range){ k->lo, k->hi };
	return condition_open(f);
}

#define OVER "{\"field\":\"users_affected\",\"over\":2500}"
#define LEAST "{\"field\":\"users_affected\",\"at_least\":2000}"
#define SPAN "{\"field\":\"services_down\",\"over\":\"30m\"}"
#define DEAD "{\"field\":\"death\",\"is\":true}"
#define ALIVE "{\"field\":\"death\",\"is\":false}"
#define COST "{\"field\":\"total_cost\",\"over\":{\"percent\":5,\"of\":\"turnover\"}}"

static const struct {
	const char *when;
	struct known k[3];
	enum truth want;
	const char *why;
} asks[] = {
	{ OVER, { { "users_affected", 2499, 2499 } }, TRUTH_NO, "below" },
	{ OVER, { { "users_affected", 2500, 2500 } }, TRUTH_NO, "at: more than" },
	{ OVER, { { "users_affected", 2501, 2501 } }, TRUTH_YES, "above" },
	{ OVER, { { NULL } }, TRUTH_OPEN, "unknown" },
	{ OVER, { { "users_affected", 0, 2500 } }, TRUTH_NO, "a range up to it" },
	{ OVER, { { "users_affected", 2500, 2501 } }, TRUTH_OPEN, "a range across it" },
	{ OVER, { { "users_affected", 2501, HUGE_VAL } }, TRUTH_YES, "a range above it" },
	{ LEAST, { { "users_affected", 1999, 1999 } }, TRUTH_NO, "below" },
	{ LEAST, { { "users_affected", 2000, 2000 } }, TRUTH_YES, "at: at least" },
	{ LEAST, { { "users_affected", 2001, 2001 } }, TRUTH_YES, "above" },
	{ LEAST, { { "users_affected", 0, 1999.5 } }, TRUTH_NO, "a range below it" },
	{ LEAST, { { "users_affected", 0, 2000 } }, TRUTH_OPEN, "a range that touches it" },
	{ SPAN, { { "services_down", 1800, 1800 } }, TRUTH_NO, "30 minutes are not over" },
	{ SPAN, { { "services_down", 1800.000001, 1800.000001 } }, TRUTH_YES, "a microsecond more" },
	{ SPAN, { { "services_down", 60, HUGE_VAL } }, TRUTH_OPEN, "it goes on" },
	{ DEAD, { { "death", 1, 1 } }, TRUTH_YES, "yes is yes" },
	{ DEAD, { { "death", 0, 0 } }, TRUTH_NO, "no is not" },
	{ DEAD, { { NULL } }, TRUTH_OPEN, "unknown" },
	{ ALIVE, { { "death", 0, 0 } }, TRUTH_YES, "no where no is asked" },
	{ ALIVE, { { NULL } }, TRUTH_OPEN, "unknown" },
	{ COST, { { "total_cost", 500000, 500000 }, { "turnover", 10000000, 10000000 } }, TRUTH_NO,
	    "5 % are not over 5 %" },
	{ COST, { { "total_cost", 500001, 500001 }, { "turnover", 10000000, 10000000 } }, TRUTH_YES,
	    "a krona more is" },
	{ COST, { { "total_cost", 0, 0 } }, TRUTH_NO, "nothing is no share of anything" },
	{ COST, { { "total_cost", 1, 1 } }, TRUTH_OPEN, "a cost without a turnover" },
	{ COST, { { "turnover", 10000000, 10000000 } }, TRUTH_OPEN, "a turnover without a cost" },
	{ COST, { { NULL } }, TRUTH_OPEN, "neither" },
	{ COST, { { "total_cost", 1, 1 }, { "turnover", 0, 0 } }, TRUTH_YES, "no turnover at all" },
	{ "{\"all\":[" DEAD "," LEAST "]}", { { "death", 0, 0 } }, TRUTH_NO, "all with a no" },
	{ "{\"all\":[" DEAD "," LEAST "]}", { { "death", 1, 1 } }, TRUTH_OPEN, "all with a yes" },
	{ "{\"all\":[" DEAD "," LEAST "]}", { { "death", 1, 1 }, { "users_affected", 2000, 2000 } },
	    TRUTH_YES, "all of them" },
	{ "{\"any\":[" DEAD "," LEAST "]}", { { "death", 1, 1 } }, TRUTH_YES, "any with a yes" },
	{ "{\"any\":[" DEAD "," LEAST "]}", { { "death", 0, 0 } }, TRUTH_OPEN, "any with a no" },
	{ "{\"any\":[" DEAD "," LEAST "]}", { { "death", 0, 0 }, { "users_affected", 0, 0 } },
	    TRUTH_NO, "none of them" },
	{ "{\"not\":" DEAD "}", { { "death", 1, 1 } }, TRUTH_NO, "not yes" },
	{ "{\"not\":" DEAD "}", { { "death", 0, 0 } }, TRUTH_YES, "not no" },
	{ "{\"not\":" DEAD "}", { { NULL } }, TRUTH_OPEN, "not unknown" },
};

static const struct { const char *when, *why; } refused[] = {
	{ "[]", "not an object" }, { "{}", "expected" }, { "{\"all\":[]}", "expected" },
	{ "{\"all\":" DEAD "}", "expected" }, { "{\"any\":[" DEAD "],\"all\":[" DEAD "]}", "alone" },
	{ "{\"field\":\"death\"}", "one of over" }, { "{\"field\":\"dead\",\"is\":true}", "dead" },
	{ "{\"field\":\"death\",\"over\":1}", "yesno" }, { "{\"field\":\"death\",\"is\":1}", "true or" },
	{ "{\"field\":\"users_affected\",\"is\":true}", "number" },
	{ "{\"field\":\"sector\",\"is\":true}", "choice" },
	{ "{\"field\":\"users_affected\",\"over\":\"2h\"}", "a number" },
	{ "{\"field\":\"services_down\",\"over\":1800}", "length of time" },
	{ "{\"field\":\"services_down\",\"over\":\"-1h\"}", "length of time" },
	{ "{\"field\":\"users_affected\",\"at_least\":0}", "decides nothing" },
	{ "{\"field\":\"users_affected_share\",\"over\":100}", "decides nothing" },
	{ "{\"field\":\"users_affected_share\",\"at_least\":101}", "decides nothing" },
	{ "{\"field\":\"total_cost\",\"over\":{\"percent\":0,\"of\":\"turnover\"}}", "percent" },
	{ "{\"field\":\"total_cost\",\"over\":{\"percent\":5,\"of\":\"total_cost\"}}", "percent" },
	{ "{\"field\":\"total_cost\",\"over\":{\"percent\":5,\"of\":\"services_down\"}}", "percent" },
	{ "{\"field\":\"total_cost\",\"over\":{\"percent\":5,\"of\":\"turnover\",\"x\":1}}", "percent" },
	{ "{\"not\":{\"not\":{\"not\":{\"not\":{\"not\":{\"not\":" DEAD "}}}}}}", "too deep" },
};

static void
test_sides(const struct incident_fields *fields)
{
	static const char when[] = "{\"any\":[" DEAD ",{\"not\":" LEAST "}," COST "]}";
	json_t *o = json_loads(when, 0, NULL);
	uint8_t side[1024] = { 0 };
	struct condition c;
	struct err e = { "" };
	const struct incident_field *v = fields->v;

	ok(fields->n < 1024 && condition_read(&c, fields, o, &e), "read%s", e.text);
	condition_sides(&c, fields, side);
	ok(side[incident_field(fields, "death") - v] == 1, "yes speaks for it");
	ok(side[incident_field(fields, "users_affected") - v] == 2, "not turns it round");
	ok(side[incident_field(fields, "total_cost") - v] == 1 &&
	    side[incident_field(fields, "turnover") - v] == 2, "a cost for it, its measure against it");
	condition_free(&c);
	json_decref(o);
}

int
main(void)
{
	struct err e = { "" };
	struct incident_fields *fields = incident_fields_load(NULL, &e);
	struct condition c;
	json_t *o;

	if (!ok(fields != NULL, "the fields are read%s%s", *e.text ? ": " : "", e.text))
		return tap_done();
	for (size_t i = 0; i < sizeof(asks) / sizeof(*asks); i++) {
		enum truth t = 9;

		err_clear(&e);
		o = json_loads(asks[i].when, 0, NULL);
		known = asks[i].k;
		if (condition_read(&c, fields, o, &e))
			t = condition_ask(&c, look, NULL);
		ok(t == asks[i].want, "%s: %s%s", asks[i].when, asks[i].why, e.text);
		condition_free(&c);
		json_decref(o);
	}
	for (size_t i = 0; i < sizeof(refused) / sizeof(*refused); i++) {
		err_clear(&e);
		o = json_loads(refused[i].when, 0, NULL);
		ok(!condition_read(&c, fields, o, &e) && strstr(e.text, refused[i].why),
		    "refused: %s: %s", refused[i].when, e.text);
		condition_free(&c);
		json_decref(o);
	}
	test_sides(fields);
	incident_fields_free(fields);
	return tap_done();
}
