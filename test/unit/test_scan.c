/* The field scanner: the syntax against jansson's, by hand and by damage, and
 * the iterators against jansson's tree. */
#include "base/limits.h"
#include "json/scan.h"
#include "tap.h"

#include <jansson.h>
#include <math.h>
#include <string.h>

static const struct {
	const char *text;
	int at;                 /* -1: valid; else where it is not */
	const char *comment;
} values[] = {
	{ "{}", -1, "an empty object" },
	{ " { } ", -1, "space around and inside" },
	{ "\t{\"a\"\r:\n1 , \"b\" : [ ] }\n", -1, "all four kinds of space" },
	{ "[]", -1, "an array" },
	{ "\"x\"", -1, "a string alone" },
	{ "0", -1, "a number alone" },
	{ "true", -1, "true" }, { "false", -1, "false" }, { "null", -1, "null" },
	{ "", 0, "nothing" },
	{ "   ", 3, "space alone" },
	{ "{", 1, "an object without end" },
	{ "[", 1, "an array without end" },
	{ "}", 0, "an end without object" },
	{ "{}}", 2, "one end too many" },
	{ "{} x", 3, "more behind" },
	{ "{}{}", 2, "two values" },
	{ "[1,]", 3, "a comma before the end" },
	{ "[,1]", 1, "a comma first" },
	{ "[1,,2]", 3, "two commas" },
	{ "[1 2]", 3, "no comma" },
	{ "[1}", 2, "the wrong end" },
	{ "{]", 1, "the wrong end" },
	{ "{\"a\":1,}", 7, "a comma before the end" },
	{ "{,}", 1, "a comma alone" },
	{ "{\"a\"}", 4, "a name alone" },
	{ "{\"a\":}", 5, "no value" },
	{ "{\"a\" 1}", 5, "no colon" },
	{ "{\"a\"::1}", 5, "two colons" },
	{ "{a:1}", 1, "a name without quotes" },
	{ "{1:1}", 1, "a number as name" },
	{ "{'a':1}", 1, "the wrong quotes" },
	{ "{\"a\":1 \"b\":2}", 7, "no comma between members" },
	{ "{\"a\":1", 6, "ends after a value" },
	{ "{\"a\":", 5, "ends after a colon" },
	{ "{\"a\"", 4, "ends after a name" },
	{ "{\"a", 3, "ends in a name" },
	{ "tru", 0, "a word cut" }, { "truee", 4, "a word too long" }, { "True", 0, "a large letter" },
	{ "nul", 0, "a word cut" }, { "falsy", 0, "another word" }, { "NaN", 0, "NaN" },
	{ "Infinity", 0, "Infinity" }, { "-Infinity", 0, "-Infinity" }, { "undefined", 0, "undefined" },
	{ "-0", -1, "minus zero" }, { "-1", -1, "minus one" }, { "10", -1, "ten" },
	{ "1.5", -1, "a fraction" }, { "1e5", -1, "an exponent" }, { "1E+5", -1, "with a sign" },
	{ "1.25e-17", -1, "all of it" }, { "0.0", -1, "zero with a fraction" }, { "0e0", -1, "0e0" },
	{ "-", 0, "a sign alone" }, { "01", 1, "a leading zero" }, { "-01", 2, "behind a sign" },
	{ "+1", 0, "plus" }, { "1.", 0, "no fraction" }, { ".5", 0, "nothing before the point" },
	{ "1e", 0, "no exponent" }, { "1e+", 0, "no exponent behind its sign" }, { "1.e1", 0, "1.e1" },
	{ "0x1", 1, "hexadecimal" }, { "1_000", 1, "an underscore" }, { "--1", 0, "two signs" },
	{ "12345678901234567890123456789", -1, "more than 64 bits" },
	{ "\"", 1, "a quote alone" },
	{ "\"abc", 4, "a string without end" },
	{ "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", -1, "every short escape" },
	{ "\"\\u0041\\u00e5\\u20AC\"", -1, "long escapes" },
	{ "\"\\u0000\"", -1, "NUL, escaped" },
	{ "\"\\ud83d\\udd27\"", -1, "a surrogate pair" },
	{ "\"\\ud83d\"", 1, "its first half" },
	{ "\"\\ud83dxxxxxx\"", 1, "its first half, then text" },
	{ "\"\\ud83d\\u0041\"", 1, "its first half, then a letter" },
	{ "\"\\ud83d\\ud83d\"", 1, "its first half twice" },
	{ "\"\\udd27\"", 1, "its second half" },
	{ "\"\\u12\"", 1, "two digits" },
	{ "\"\\u12g4\"", 1, "no digit" },
	{ "\"\\x41\"", 1, "an escape that is none" },
	{ "\"\\", 1, "ends after a backslash" },
	{ "\"\\\"", 3, "an escaped quote ends nothing" },
	{ "\"\\u00", 1, "ends in an escape" },
	{ "\"a\nb\"", 2, "a line feed in a string" },
	{ "\"a\x01\"", 2, "a control in a string" },
	{ "\"a\x7f\"", -1, "DEL is none" },
	{ "\"\xc3\xa5\xe2\x82\xac\xf0\x9f\x94\xa7\"", -1, "UTF-8" },
	{ "\"\xff\"", 1, "0xff" }, { "\"\xc3\"", 1, "half a character" },
	{ "\"\xed\xa0\x80\"", 1, "a surrogate in UTF-8" }, { "\"\xc0\x80\"", 1, "overlong" },
	{ "\"\xf4\x90\x80\x80\"", 1, "past U+10FFFF" },
	{ "{\"\xff\":1}", 2, "in a name" },
	{ "\xef\xbb\xbf{}", 0, "a byte order mark" },
	{ "\"0123456789abcdef0123456789abcdef\"", -1, "longer than a block" },
	{ "\"0123456789abcdef0123456789\x02\"", 27, "a control behind a block" },
	{ "\"0123456789abcde\"", -1, "a block and its quote" },
	{ "\"0123456789abcdef\xc3\xa5\"", -1, "UTF-8 behind a block" },
	{ "\"0123456789abcde\xc3\xa5\"", -1, "UTF-8 across two" },
	{ "// x\n{}", 0, "a comment" },
};

/* An exact copy on the heap, so that the sanitizers see a read past its end. */
static char *
exact(const char *p, size_t n)
{
	char *t = malloc(n ? n : 1);
	memcpy(t, p, n);
	return t;
}

static bool
check(const char *p, size_t n, bool object, size_t *at, const char **why)
{
	char *t = exact(p, n);
	bool r;

	*at = 0;
	*why = NULL;
	r = scan_check(t, n, object, at, why);
	free(t);
	return r;
}

static void
test_syntax(void)
{
	size_t at;
	const char *why;
	char deep[2 * LIM_JSON_DEPTH + 8];

	for (size_t i = 0; i < sizeof(values) / sizeof(*values); i++) {
		bool r = check(values[i].text, strlen(values[i].text), false, &at, &why);
		bool good = values[i].at < 0 ? r : !r && why && *why && at == (size_t)values[i].at;

		if (!ok(good, "%s", values[i].comment))
			printf("# %d at %zu (%s)\n", r, at, why);
	}
	ok(!check("[]", 2, true, &at, &why) && !check("1", 1, true, &at, &why) &&
	    check(" {}", 3, true, &at, &why), "an object where one is asked for");
	ok(!check("{\"a\":\"x\0y\"}", 11, true, &at, &why) && at == 7, "NUL in a string");
	ok(!check("{}\0", 3, true, &at, &why) && at == 2, "NUL behind it");
	for (int extra = 0; extra < 2; extra++) {
		size_t n = LIM_JSON_DEPTH + (size_t)extra;

		for (size_t i = 0; i < n; i++) {
			deep[i] = '[';
			deep[n + i] = ']';
		}
		ok(check(deep, 2 * n, false, &at, &why) == !extra, "%zu levels", n);
	}
}

static bool
jansson_agrees(const char *p, size_t n, bool *both)
{
	json_error_t e;
	size_t at;
	const char *why;
	bool r = check(p, n, false, &at, &why);
	json_t *j = json_loadb(p, n, JSON_DECODE_ANY | JSON_ALLOW_NUL, &e);
	enum json_error_code code = j ? json_error_unknown : json_error_code(&e);

	*both = r && j;
	if (j && !r && strcmp(why, "nested too deep") == 0)
		r = true;
	/* of numbers jansson wants that they fit, the syntax does not */
	if (!j && r && (code == json_error_numeric_overflow || code == json_error_null_byte_in_key))
		j = json_null();
	if (r != !!j) {
		printf("# we %d, jansson %d: %.*s (%s)\n", r, !!j, (int)n, p, j ? why : e.text);
		json_decref(j);
		return false;
	}
	json_decref(j);
	return true;
}

static const char sample[] = "{\"timestamp\":\"2026-11-22T04:21:01.123456+0000\",\"n\":-12.5e3,"
    "\"u\":18446744073709551615,\"a\":[1,2,{\"b\":\"c\\\"d\\u00e5\\ud83d\\udd27\"},[],{}],"
    "\"t\":true,\"f\":false,\"z\":null,\"utf\":\"\xc3\xa5\xe2\x82\xac\xf0\x9f\x94\xa7 0123456789\","
    "\"o\":{\"p\":{\"q\":[[[\"]}\\\\\"]]]}}}";

static void
test_damage(void)
{
	static const char likely[] = "{}[]\",:\\0123456789eE+-. utrfalsn\xc3\xa5\x01\xff";
	const size_t n = sizeof(sample) - 1;
	uint64_t seed = 9;
	unsigned bad = 0, valid = 0;
	bool both;
	char t[sizeof(sample) + 8];

	for (size_t i = 0; i <= n; i++)
		bad += !jansson_agrees(sample, i, &both);
	ok(!bad, "cut at every byte, the verdict is jansson's");
	for (int i = 0; i < 60000 && bad < 5; i++) {
		size_t m = n;

		memcpy(t, sample, n);
		for (uint32_t k = tap_random(&seed) % 3 + 1; k; k--) {
			size_t at = tap_random(&seed) % m;
			switch (tap_random(&seed) % 3) {
			case 0:
				t[at] = likely[tap_random(&seed) % (sizeof(likely) - 1)];
				break;
			case 1:
				memmove(t + at, t + at + 1, m - at - 1);
				m--;
				break;
			default:
				memmove(t + at + 1, t + at, m - at);
				t[at] = likely[tap_random(&seed) % (sizeof(likely) - 1)];
				m++;
			}
		}
		bad += !jansson_agrees(t, m, &both);
		valid += both;
	}
	ok(!bad && valid > 1000, "damaged 60,000 times, too (%u still valid)", valid);
	/* a string's end at every distance from a block's */
	bad = 0;
	for (size_t len = 0; len < 70; len++)
		for (size_t at = 0; at < len; at++)
			for (size_t k = 0; k < sizeof(likely) - 1; k++) {
				t[0] = '"';
				memset(t + 1, 'x', len);
				t[1 + at] = likely[k];
				t[1 + len] = '"';
				bad += !jansson_agrees(t, len + 2, &both);
			}
	ok(!bad, "any byte at any place of strings to 70 bytes");
}

static bool same_value(const struct sval *v, const json_t *j, int depth);

static bool
same_text(const struct sval *v, const char *s, size_t n)
{
	char t[4096];

	/* a NUL is U+FFFD in our text: such are not compared */
	return memchr(s, 0, n) || (sval_text(v, t, sizeof(t)) == n && memcmp(t, s, n) == 0);
}

static bool
same_object(const struct sval *v, const json_t *j, int depth)
{
	struct scan s;
	struct sval k, m;
	size_t count = 0;

	for (scan_in(&s, v); scan_member(&s, &k, &m); count++) {
		char key[4096];
		json_t *jm;

		sval_text(&k, key, sizeof(key));
		jm = json_object_get(j, key);
		if (!jm || !sval_is(&k, key) || !same_value(&m, jm, depth + 1))
			return false;
		if (!scan_get(v, key, &m) || !same_value(&m, jm, depth + 1))
			return false;
	}
	return count == json_object_size(j);
}

static bool
same_value(const struct sval *v, const json_t *j, int depth)
{
	struct scan s;
	struct sval e;
	size_t i = 0;
	double d;
	int64_t n;

	switch (json_typeof(j)) {
	case JSON_OBJECT:
		return v->type == SVAL_OBJ && same_object(v, j, depth);
	case JSON_ARRAY:
		if (v->type != SVAL_ARR)
			return false;
		for (scan_in(&s, v); scan_elem(&s, &e); i++)
			if (!json_array_get(j, i) ||
			    !same_value(&e, json_array_get(j, i), depth + 1))
				return false;
		return i == json_array_size(j);
	case JSON_STRING:
		return v->type == SVAL_STR &&
		    same_text(v, json_string_value(j), json_string_length(j));
	case JSON_INTEGER:
		return v->type == SVAL_NUM && sval_int(v, &n) && n == json_integer_value(j);
	case JSON_REAL:
		return v->type == SVAL_NUM && sval_real(v, &d) && d == json_real_value(j);
	case JSON_TRUE: return v->type == SVAL_TRUE;
	case JSON_FALSE: return v->type == SVAL_FALSE;
	case JSON_NULL: return v->type == SVAL_NULL;
	}
	return false;
}

static size_t
make_space(char *t, uint64_t *seed)
{
	static const char *const spaces[] = { "", "", "", " ", "  \t", "\n" };
	const char *s = spaces[tap_random(seed) % 6];

	memcpy(t, s, strlen(s));
	return strlen(s);
}

/* A random value in text, with space and escapes where they may be. */
static size_t
make_value(char *t, uint64_t *seed, int depth)
{
	static const char *const atoms[] = { "0", "-1", "12.5", "1e3", "0.1", "123456789012",
		"1.7976931348623157e308", "-0.000123456789123456789", "true", "false", "null",
		"\"\"", "\"x\"", "\"{\"", "\"}\"", "\"[,]\"", "\"\\\"\"", "\"\\\\\"", "\"a\\u00e5\\n\"",
		"\"\\ud83d\\udd27\"", "\"\xc3\xa5\xe2\x82\xac\"", "\"0123456789abcdef\"",
		"\"0123456789abcd\\\\\"", "\"0123456789abcde\\\"}}}]]]0123456789\"" };
	uint32_t kind = tap_random(seed) % 6;
	size_t n = 0;

	if (depth >= 5 || kind > 2) {
		const char *a = atoms[tap_random(seed) % (sizeof(atoms) / sizeof(*atoms))];
		memcpy(t, a, strlen(a));
		return strlen(a);
	}
	t[n++] = kind ? '{' : '[';
	n += make_space(t + n, seed);
	for (uint32_t i = 0, c = tap_random(seed) % 5; i < c; i++) {
		if (i) {
			t[n++] = ',';
			n += make_space(t + n, seed);
		}
		if (kind) {
			n += (size_t)snprintf(t + n, 64, tap_random(seed) % 4 ? "\"k%u\"" :
			    tap_random(seed) % 2 ? "\"\\u006b\\\"%u\"" : "\"a long name, past a block %u\"", i);
			n += make_space(t + n, seed);
			t[n++] = ':';
			n += make_space(t + n, seed);
		}
		n += make_value(t + n, seed, depth + 1);
		n += make_space(t + n, seed);
	}
	t[n++] = kind ? '}' : ']';
	return n;
}

static void
test_walk(void)
{
	static char t[1 << 20];
	uint64_t seed = 21;
	unsigned bad = 0;
	size_t most = 0;

	for (int i = 0; i < 20000 && !bad; i++) {
		size_t n = make_value(t, &seed, 0), at;
		const char *why;
		char *x = exact(t, n);
		struct sval v = scan_line(x, n);
		json_t *j = json_loadb(x, n, JSON_DECODE_ANY, NULL);

		if (!scan_check(x, n, false, &at, &why) || !j || !same_value(&v, j, 0)) {
			printf("# %.*s\n", (int)n, x);
			bad++;
		}
		most = n > most ? n : most;
		json_decref(j);
		free(x);
	}
	ok(!bad && most > 1000, "20,000 values walked as jansson's trees (up to %zu bytes)", most);
}

/* The iterators promise to stay inside the text, whatever it is. */
static void
walk_anything(const struct sval *v, int depth)
{
	struct scan s;
	struct sval k, e;
	char t[64];
	uint64_t u;
	int64_t i;
	double d;

	sval_text(v, t, sizeof(t));
	sval_uint(v, &u);
	sval_int(v, &i);
	sval_real(v, &d);
	sval_is(v, "x\xc3\xa5");
	if (depth > 40)
		return;
	for (scan_in(&s, v); scan_member(&s, &k, &e); ) {
		walk_anything(&k, depth + 1);
		walk_anything(&e, depth + 1);
	}
	for (scan_in(&s, v); scan_elem(&s, &e); )
		walk_anything(&e, depth + 1);
}

static void
test_unchecked(void)
{
	static const char set[] = "{}[]\",:\\ u0d8e1x";
	uint64_t seed = 4;

	for (int i = 0; i < 20000; i++) {
		size_t n = tap_random(&seed) % 90;
		char *t = malloc(n ? n : 1);
		struct sval v;

		for (size_t k = 0; k < n; k++)
			t[k] = set[tap_random(&seed) % (sizeof(set) - 1)];
		if (n)
			t[0] = "{[\""[tap_random(&seed) % 3];
		v = scan_line(t, n);
		walk_anything(&v, 0);
		free(t);
	}
	ok(true, "unchecked text is walked without leaving it");
}

static void
test_members(void)
{
	static const char t[] = "{\"event_type\":\"modbus\",\"ot\":{\"op\":\"read\",\"count\":2,"
	    "\"x\":{\"y\":null}},\"a\":[{\"b\":1}],\"dup\":1,\"dup\":2,\"e\\u0073c\":\"a\\nb\","
	    "\"s\":\"plain\",\"port\":\"502\"}";
	const size_t n = sizeof(t) - 1;
	struct sval r = scan_line(t, n), v, k;
	struct scan s;
	int members = 0;

	for (scan_obj(&s, t, n); scan_member(&s, &k, &v); )
		members++;
	ok(members == 8, "every member, duplicates included");
	ok(scan_get(&r, "event_type", &v) && sval_is(&v, "modbus") && !sval_is(&v, "modbu") &&
	    !sval_is(&v, "modbuss"), "get");
	ok(!scan_get(&r, "event", &v) && !scan_get(&r, "event_type2", &v) && !scan_get(&r, "", &v),
	    "names are compared whole");
	ok(!scan_get(&r, "op", &v), "at this level only");
	ok(scan_path(&r, "ot.op", &v) && sval_is(&v, "read"), "by a path");
	ok(scan_path(&r, "ot.x.y", &v) && v.type == SVAL_NULL, "by a longer one");
	ok(!scan_path(&r, "ot.op.z", &v) && !scan_path(&r, "a.b", &v) && !scan_path(&r, "ot.", &v),
	    "a path through what is no object");
	ok(scan_get(&r, "dup", &v) && v.n == 1 && *v.p == '1', "of duplicates the first");
	ok(scan_get(&r, "esc", &v) && sval_is(&v, "a\nb") && !sval_is(&v, "a\\nb"), "escaped names");
	ok(scan_get(&r, "s", &v) && v.p[v.n] == '"' && !v.escaped, "a string's span is its inside");
	ok(scan_get(&r, "a", &v) && v.type == SVAL_ARR && v.n == 9, "an array's span is all of it");
	scan_in(&s, &v);
	ok(!scan_member(&s, &k, &v), "an array has no members");
	scan_in(&s, &r);
	ok(!scan_elem(&s, &v), "an object has no elements");
	v = scan_line("[\"a\",\"b\"]", 9);
	scan_in(&s, &v);
	ok(!scan_member(&s, &k, &v), "nor has one of strings");
	scan_obj(&s, "12", 2);
	ok(!scan_member(&s, &k, &v) && !scan_elem(&s, &v), "a number has neither");
	scan_obj(&s, "", 0);
	ok(!scan_member(&s, &k, &v) && !scan_elem(&s, &v), "nor has nothing");
	v = scan_line("", 0);
	ok(v.type == SVAL_NONE && !scan_get(&v, "a", &k), "no value");
}

static const struct {
	const char *text;
	bool u, i, d;           /* which of the three it is */
	uint64_t uv;
	int64_t iv;
	double dv;
} numbers[] = {
	{ "0", true, true, true, 0, 0, 0 },
	{ "502", true, true, true, 502, 502, 502 },
	{ "-7", false, true, true, 0, -7, -7 },
	{ "-0", true, true, true, 0, 0, -0.0 },
	{ "18446744073709551615", true, false, true, UINT64_MAX, 0, 18446744073709551616.0 },
	{ "18446744073709551616", false, false, true, 0, 0, 18446744073709551616.0 },
	{ "9223372036854775807", true, true, true, INT64_MAX, INT64_MAX, 9223372036854775808.0 },
	{ "-9223372036854775808", false, true, true, 0, INT64_MIN, -9223372036854775808.0 },
	{ "-9223372036854775809", false, false, true, 0, 0, -9223372036854775808.0 },
	{ "99999999999999999999999", false, false, true, 0, 0, 1e23 },
	{ "5.0", true, true, true, 5, 5, 5 },
	{ "1e3", true, true, true, 1000, 1000, 1000 },
	{ "-2.50e1", false, true, true, 0, -25, -25 },
	{ "1.5", false, false, true, 0, 0, 1.5 },
	{ "1e999", false, false, false, 0, 0, 0 },
	{ "1e-999", true, true, true, 0, 0, 0 },
	{ "1795321261.123456", false, false, true, 0, 0, 1795321261.123456 },
	{ "\"502\"", true, true, false, 502, 502, 0 },
	{ "\"-502\"", false, true, false, 0, -502, 0 },
	{ "\"50x\"", false, false, false, 0, 0, 0 },
	{ "\"5.0\"", false, false, false, 0, 0, 0 },
	{ "\"\"", false, false, false, 0, 0, 0 },
	{ "\"-\"", false, false, false, 0, 0, 0 },
	{ "true", false, false, false, 0, 0, 0 },
	{ "null", false, false, false, 0, 0, 0 },
	{ "[1]", false, false, false, 0, 0, 0 },
};

static void
test_numbers(void)
{
	uint64_t seed = 8;
	bool good = true;

	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
		char *x = exact(numbers[i].text, strlen(numbers[i].text));
		struct sval v = scan_line(x, strlen(numbers[i].text));
		uint64_t u = 0;
		int64_t n = 0;
		double d = 0;
		bool ru = sval_uint(&v, &u), ri = sval_int(&v, &n), rd = sval_real(&v, &d);

		ok(ru == numbers[i].u && (!ru || u == numbers[i].uv) && ri == numbers[i].i &&
		    (!ri || n == numbers[i].iv) && rd == numbers[i].d &&
		    (!rd || d == numbers[i].dv),
		    "number %s", numbers[i].text);
		free(x);
	}
	for (int i = 0; i < 100000 && good; i++) {
		char t[64];
		double d, want;
		int n = snprintf(t, sizeof(t), "%.*f", (int)(tap_random(&seed) % 12),
		    (double)tap_random(&seed) / (1 << tap_random(&seed) % 31));
		struct sval v = scan_line(t, (size_t)n);

		want = strtod(t, NULL);
		good = sval_real(&v, &d) && d == want;
	}
	ok(good, "100,000 decimals are the nearest double");
}

static void
test_text(void)
{
	static const char src[] = "\"a\\u00e5\xe2\x82\xac\\ud83d\\udd27\\u0000\\/z\"";
	static const char want[] = "a\xc3\xa5\xe2\x82\xac\xf0\x9f\x94\xa7\xef\xbf\xbd/z";
	struct sval v = scan_line(src, sizeof(src) - 1), num = scan_line("12.5", 4);
	struct sval word = scan_line("true", 4), arr = scan_line("[1]", 3);
	char t[64];
	bool good = true;

	ok(sval_text(&v, t, sizeof(t)) == sizeof(want) - 1 && strcmp(t, want) == 0, "unescaped");
	for (size_t cap = 1; cap < sizeof(want) + 2; cap++) {
		size_t n = sval_text(&v, t, cap), at;
		const char *why;
		char q[72];

		good = good && n < cap && t[n] == '\0' && memcmp(t, want, n) == 0;
		snprintf(q, sizeof(q), "\"%s\"", t);
		good = good && scan_check(q, n + 2, false, &at, &why);
	}
	ok(good, "cut between characters, wherever it is cut");
	t[0] = 'x';
	ok(sval_text(&v, t, 0) == 0 && t[0] == 'x', "into nothing");
	v = scan_line("\"plain\xc3\xa5\"", 9);
	ok(sval_text(&v, t, 7) == 5 && strcmp(t, "plain") == 0, "a plain one is cut so, too");
	ok(sval_text(&v, t, 8) == 7, "and fits where it fits");
	ok(sval_text(&num, t, sizeof(t)) == 4 && strcmp(t, "12.5") == 0, "a number's text");
	ok(sval_text(&word, t, sizeof(t)) == 4 && strcmp(t, "true") == 0, "a word's");
	ok(sval_text(&arr, t, sizeof(t)) == 0 && !*t, "an array has none");
}

/* Is a value the same, and all that lies in it, by its text and by what was noted? */
static bool
same_walk(const struct sval *text, const struct sval *noted)
{
	struct sval ka, a, kb, b, got;
	struct scan s, t;
	bool more;

	if (text->p != noted->p || text->n != noted->n || text->type != noted->type ||
	    text->escaped != noted->escaped)
		return false;
	for (scan_in(&s, text), scan_in(&t, noted); (more = scan_member(&s, &ka, &a)); ) {
		if (!scan_member(&t, &kb, &b) || ka.p != kb.p || ka.n != kb.n ||
		    ka.escaped != kb.escaped || !same_walk(&a, &b))
			return false;
	}
	if (more != scan_member(&t, &kb, &b))
		return false;
	for (scan_in(&s, text), scan_in(&t, noted); (more = scan_elem(&s, &a)); )
		if (!scan_elem(&t, &b) || !same_walk(&a, &b))
			return false;
	if (more != scan_elem(&t, &b))
		return false;
	return scan_get(text, "b", &a) == scan_get(noted, "b", &got) &&
	    (!scan_get(text, "b", &a) || (a.p == got.p && a.n == got.n));
}

static void
test_noted(void)
{
	static const char *const docs[] = {
		"{}", "[]", " { \"a\" : [ 1 , -2.5e3, true ,false,null ] , \"b\":{\"b\":\"\"} } ",
		"{\"\\u0062\":1,\"b\":\"x\\n\",\"c\":[[],[{}],{\"d\":[]}]}",
		"{\"a\":{\"b\":{\"c\":[{\"b\":1},{\"b\":\"\xc3\xa5\"}]}},\"b\":0}" };
	struct tape t = { NULL };
	uint64_t seed = 7;
	bool agree = true, walk = true;
	unsigned valid = 0;

	for (unsigned round = 0; round < 200000; round++) {
		const char *d = docs[round % (sizeof(docs) / sizeof(*docs))], *why;
		static const char with[] = "{}[]\":,\\ 1tfn-.e\n\xc3";
		size_t n = strlen(d), at, at2;
		char text[128];
		bool good, noted;

		memcpy(text, d, n);
		for (unsigned k = round < 5 ? 0 : tap_random(&seed) % 3; k; k--)
			text[tap_random(&seed) % n] = with[tap_random(&seed) % (sizeof(with) - 1)];
		good = scan_check(text, n, false, &at, &why);
		noted = scan_check_noting(text, n, false, &t, &at2, &why);
		agree = agree && good == noted && (good || at == at2);
		if (good && noted) {
			struct sval a = scan_line(text, n), b = scan_noted(&t, text);
			walk = walk && same_walk(&a, &b);
			valid++;
		}
	}
	tape_free(&t);
	ok(agree, "a line that is noted is as valid as it is without, or fails at the same byte");
	ok(walk && valid > 20000, "and its values are found the same, %u times", valid);
}

int
main(void)
{
	test_syntax();
	test_damage();
	test_members();
	test_walk();
	test_unchecked();
	test_numbers();
	test_text();
	test_noted();
	return tap_done();
}
