/* Lines that are followed by their values alone: as valid as when they are checked in full, the
 * same values, and kinds that tell lines with other names or brackets apart. */
#include "json/shape.h"
#include "json/trail.h"
#include "made_line.h"
#include "tap.h"

#include <stdlib.h>
#include <string.h>

static const char *const runs[] = { "7,\"src\":\"10.0.0.1\",\"dst\":\"10.0.0.2\"",
	"8,\"src\":\"10.0.0.3\",\"dst\":\"10.0.0.2\"",
	"9,\"src\":\"10.0.0.4\",\"dst\":\"10.0.0.2\"" };

struct known { struct stretch x; uint16_t behind; };

static size_t
known(struct stretch *x, const char *p, size_t value_n, size_t n)
{
	for (size_t i = 0; i < 3; i++)
		if (strlen(runs[i]) < n && memcmp(p, runs[i], strlen(runs[i])) == 0) {
			x->to = ((struct known *)x)->behind;
			return strlen(runs[i]);
		}
	return 0;
}

static bool
follow(struct tape *t, const char *p, size_t n, struct trail *out)
{
	struct known k = { .x = { .known = known } };

	if (!t->shapes)
		return false;
	k.x.from = trail_place(t->shapes, "id", 2);
	k.behind = trail_place(t->shapes, "dst", 3);
	return k.x.from && k.behind && trail_follow(t->shapes, p, n, &k.x, out);
}

static uint32_t
kind(struct tape *t, const char *line)
{
	const char *why;
	struct trail out = { .kind = 0 };
	size_t at;

	(void)scan_check_noting(line, strlen(line), true, t, &at, &why);
	return follow(t, line, strlen(line), &out) ? out.kind : 0;
}

#define RUN     "\"id\":7,\"src\":\"10.0.0.1\",\"dst\":\"10.0.0.2\""

static void
test_kinds(void)
{
	static const char *const apart[] = {
		"{" RUN ",\"v\":1,\"w\":2}", "{" RUN ",\"v\":\"1\",\"w\":2}",
		"{" RUN ",\"v\":[1],\"w\":2}", "{" RUN ",\"v\":[1,2],\"w\":2}",
		"{" RUN ",\"v\":{\"a\":1},\"w\":2}", "{" RUN ",\"w\":1,\"v\":2}",
		"{" RUN ",\"v\":true,\"w\":2}", "{" RUN ",\"v\":null,\"w\":2}",
		"{\"before\":1," RUN ",\"v\":1,\"w\":2}", "{" RUN ",\"v\":1,\"w\":2,\"x\":3}",
		"{" RUN ",\"v\":[[1],2],\"w\":2}", "{" RUN ",\"v\": 1,\"w\":2}" };
	static const char *const alike[] = { "{" RUN ",\"v\":12345,\"w\":-2.5e3}",
		"{\"id\":8,\"src\":\"10.0.0.3\",\"dst\":\"10.0.0.2\",\"v\":1,\"w\":2}" };
	enum { N = sizeof(apart) / sizeof(*apart) };
	struct tape t = { .lines = UINT32_MAX };
	uint32_t k[N];
	bool good = true, same;

	for (int round = 0; round < 2; round++)
		for (int i = 0; i < N; i++)
			k[i] = kind(&t, apart[i]);
	for (int i = 0; i < N; i++) {
		good = good && k[i] && k[i] == kind(&t, apart[i]);
		for (int j = 0; j < i; j++)
			good = good && k[i] != k[j];
	}
	ok(good, "names, types, brackets, order and spaces are told apart");
	same = kind(&t, alike[0]) == k[0] && kind(&t, alike[1]) == k[0];
	ok(same, "other values of the same types are not, nor another of the runs");
	ok(kind(&t, "{" RUN ",\"v\":[3,4,5,6],\"w\":2}") == k[3] && k[3] != k[2],
	    "lists of two and more entries are of one kind");
	ok(!kind(&t, "{\"id\":5,\"src\":\"10.0.0.9\",\"dst\":\"10.0.0.2\",\"v\":1,\"w\":2}"),
	    "what is not known of a flow is not followed");
	ok(!kind(&t, "{" RUN ",\"v\":\"a\\u00e5\",\"w\":2}"), "nor are escapes");
	tape_free(&t);
}

/* ---- records, and damage to them ------------------------------------------------------- */

static void
record(struct made_line *o, uint64_t *seed)
{
	static const char *const nums[] = { "0", "-1", "17", "1.5", "1e9", "12345678901234567890",
	    "92.80000305175781", "0.25e2", "1.2345678901234567" };
	const unsigned n = sizeof(nums) / sizeof(*nums);

	o->n = 0;
	put(o, "{\"t\":\"%u\",\"id\":%s,\"d\":{\"n\":%s", tap_random(seed),
	    runs[tap_random(seed) % 3], nums[tap_random(seed) % n]);
	if (tap_random(seed) % 2)
		put(o, ",\"a flag of some length\":%s", tap_random(seed) % 2 ? "true" : "false");
	if (tap_random(seed) % 2)
		put(o, ",\"what is longer than twice sixteen bytes\":\"%u\"", tap_random(seed));
	put(o, ",\"list\":[");
	for (unsigned k = tap_random(seed) % 5, i = 0; i < k; i++)
		put(o, "%s%s", i ? "," : "", nums[tap_random(seed) % n]);
	put(o, "]},\"ot\":{\"op\":\"%s\",\"value\":%s}}", tap_random(seed) % 2 ? "read" : "write",
	    nums[tap_random(seed) % n]);
}

/* Each value of the trail, but the stretch and words, is one that was noted. */
static bool
as_noted(const struct trail *x, const struct tape *t)
{
	for (uint32_t i = 0; i < x->n; i++) {
		bool found = x->v[i].n == 0 || x->v[i].n > 30;

		for (uint32_t k = 0; k < t->n && !found; k++)
			found = t->v[k].at == x->v[i].at && t->v[k].n == x->v[i].n;
		if (!found)
			return false;
	}
	return true;
}

static void
test_damage(void)
{
	static const char with[] = "{}[]\":,\\ 0tfn-.e\n\xc3\x01";
	struct tape t = { .lines = UINT32_MAX }, whole = { NULL };
	unsigned followed = 0, refused = 0;
	bool valid = true, same = true;
	uint64_t seed = 5;
	const char *why;
	size_t at;

	for (unsigned round = 0; round < 200000; round++) {
		static struct made_line o;
		unsigned hurt = round % 3 ? 0 : tap_random(&seed) % 3;
		struct trail x = { .kind = 0 };
		bool good, done;
		char *own;

		record(&o, &seed);
		for (; hurt; hurt--) {
			size_t i = tap_random(&seed) % o.n;

			if (tap_random(&seed) % 2)
				o.v[i] = with[tap_random(&seed) % (sizeof(with) - 1)];
			else
				memmove(o.v + i, o.v + i + 1, --o.n - i);
		}
		own = malloc(o.n);              /* nothing behind it that may be read */
		memcpy(own, o.v, o.n);
		done = follow(&t, own, o.n, &x);
		whole.lines = 0;
		good = scan_check_noting(own, o.n, true, &whole, &at, &why);
		valid = valid && (!done || good);
		same = same && (!done || as_noted(&x, &whole));
		followed += done;
		refused += !good;
		(void)scan_check_noting(own, o.n, true, &t, &at, &why);
		free(own);
	}
	ok(valid && refused > 20000, "no damaged line is followed, of %u", refused);
	ok(same && followed > 100000, "values are where they are noted, in %u", followed);
	tape_free(&t);
	tape_free(&whole);
}

int
main(void)
{
	test_kinds();
	test_damage();
	return tap_done();
}
