/* The NDJSON writer. Whatever is written is read by jansson: every escape, any
 * bytes, every nesting, and every length of buffer that is too short. */
#include "json/jw.h"
#include "tap.h"

#include <jansson.h>
#include <math.h>

static char buf[3u << 20];

/* The one record in the buffer as text, or "" when it did not come off. */
static const char *
line_of(struct jw *w)
{
	static char t[4096];

	t[0] = '\0';
	if (jw_line(w) && w->n - 1 < sizeof(t)) {
		memcpy(t, w->buf, w->n - 1);
		t[w->n - 1] = '\0';
	}
	return t;
}

static json_t *
parse(const char *p, size_t n)
{
	json_error_t e;
	json_t *j = json_loadb(p, n, JSON_REJECT_DUPLICATES, &e);

	if (!j)
		printf("# %s at %d in %.*s\n", e.text, e.position, (int)(n < 200 ? n : 200), p);
	return j;
}

static bool
is_record(const char *p, size_t n)
{
	json_t *j = parse(p, n);
	bool r = json_is_object(j) && n && p[n - 1] == '\n';

	json_decref(j);
	return r;
}

static void
expect(struct jw *w, const char *want, const char *comment)
{
	const char *got = line_of(w);
	json_t *j = *got ? parse(got, strlen(got)) : NULL;

	if (!ok(strcmp(got, want) == 0 && (!*want || j), "%s", comment))
		printf("# %s\n# not %s\n", got, want);
	json_decref(j);
}

static struct jw *
fresh(struct jw *w, size_t cap)
{
	jw_init(w, buf, cap);
	jw_begin(w);
	return w;
}

static void
test_shapes(void)
{
	struct jw s, *w = &s;

	fresh(w, sizeof(buf));
	expect(w, "{}", "an empty record");

	fresh(w, sizeof(buf));
	jw_cstr(w, "a", "x");
	jw_uint(w, "b", 1);
	jw_obj(w, "c");
	jw_end(w);
	jw_arr(w, "d");
	jw_end(w);
	jw_obj(w, "e");
	jw_int(w, "f", -1);
	jw_arr(w, "g");
	jw_a_uint(w, 1);
	jw_a_cstr(w, "two");
	jw_a_bool(w, true);
	jw_a_obj(w);
	jw_bool(w, "h", false);
	jw_end(w);
	jw_a_arr(w);
	jw_a_int(w, -7);
	jw_a_real(w, 0.5);
	jw_end(w);
	jw_end(w);
	jw_end(w);
	jw_real(w, "i", 1.25);
	expect(w, "{\"a\":\"x\",\"b\":1,\"c\":{},\"d\":[],\"e\":{\"f\":-1,\"g\":[1,\"two\",true,"
	    "{\"h\":false},[-7,0.5]]},\"i\":1.25}", "every kind of value, keyed and not");

	fresh(w, sizeof(buf));
	jw_str(w, "a", NULL, 5);
	jw_str(w, "b", "x", 0);
	jw_cstr(w, "c", NULL);
	jw_cstr(w, "d", "");
	jw_real(w, "e", NAN);
	jw_real(w, "f", INFINITY);
	jw_hex(w, "g", "x", 0);
	jw_b64(w, "h", NULL, 3);
	jw_raw(w, "i", "", 0);
	jw_uint(w, "j", 0);
	expect(w, "{\"j\":0}", "what is absent leaves no key and no comma");

	fresh(w, sizeof(buf));
	jw_key(w, "pl\"ain\n", 7);
	jw_a_uint(w, 1);
	jw_key(w, "nested", 6);
	jw_a_obj(w);
	jw_key(w, "x", 1);
	jw_a_arr(w);
	jw_end(w);
	jw_end(w);
	expect(w, "{\"pl\\\"ain\\n\":1,\"nested\":{\"x\":[]}}", "keys made at run time are escaped");

	fresh(w, sizeof(buf));
	jw_key(w, "gone", 4);
	jw_a_cstr(w, "");
	jw_uint(w, "a", 1);
	jw_key(w, "q\"\\", 3);
	jw_a_real(w, NAN);
	jw_key(w, "", 0);
	jw_a_str(w, NULL, 0);
	jw_obj(w, "o");
	jw_key(w, "\\\\\"", 3);
	jw_a_raw(w, "", 0);
	jw_end(w);
	jw_key(w, "b", 1);
	jw_a_uint(w, 2);
	expect(w, "{\"a\":1,\"o\":{},\"b\":2}", "a key whose value is absent goes, too");

	fresh(w, sizeof(buf));
	jw_arr(w, "a");
	jw_a_cstr(w, "");
	jw_a_uint(w, 1);
	jw_a_cstr(w, NULL);
	jw_a_real(w, NAN);
	jw_end(w);
	expect(w, "{\"a\":[1]}", "absent elements leave no comma");

	fresh(w, sizeof(buf));
	jw_members(w, ",\"x\":1,\"y\":\"z\"", 14);
	jw_members(w, ",\"w\":2", 6);
	jw_members(w, "", 0);
	jw_raw(w, "r", "[1,{}]", 6);
	expect(w, "{\"x\":1,\"y\":\"z\",\"w\":2,\"r\":[1,{}]}", "ready-made members, first and later");

	fresh(w, sizeof(buf));
	jw_time(w, "t", 1795321261123456);
	jw_hex(w, "x", "\x00\x7f\xff", 3);
	expect(w, "{\"t\":\"2026-11-22T04:21:01.123456+0000\",\"x\":\"007fff\"}", "time and bytes");

	fresh(w, sizeof(buf));
	jw_b64(w, "a", "f", 1);
	jw_b64(w, "b", "fo", 2);
	jw_b64(w, "c", "foo", 3);
	jw_b64(w, "d", "foob", 4);
	jw_b64(w, "e", "fooba", 5);
	jw_b64(w, "f", "foobar", 6);
	jw_b64(w, "g", "\xff\xef\xbf", 3);
	expect(w, "{\"a\":\"Zg==\",\"b\":\"Zm8=\",\"c\":\"Zm9v\",\"d\":\"Zm9vYg==\",\"e\":\"Zm9vYmE=\","
	    "\"f\":\"Zm9vYmFy\",\"g\":\"/++/\"}", "base64, RFC 4648 section 10");
}

static const struct { uint64_t v; const char *want; } uints[] = {
	{ 0, "0" }, { 9, "9" }, { 10, "10" }, { 99, "99" }, { 100, "100" }, { 101, "101" },
	{ 999, "999" }, { 1000, "1000" }, { 65535, "65535" }, { 4294967295, "4294967295" },
	{ 9007199254740991, "9007199254740991" }, { 9007199254740992, "\"9007199254740992\"" },
	{ UINT64_MAX, "\"18446744073709551615\"" },
};
static const struct { int64_t v; const char *want; } ints[] = {
	{ -1, "-1" }, { -10, "-10" }, { 5, "5" }, { -9007199254740991, "-9007199254740991" },
	{ -9007199254740992, "\"-9007199254740992\"" }, { INT64_MIN, "\"-9223372036854775808\"" },
	{ INT64_MAX, "\"9223372036854775807\"" },
};
static const struct { double v; const char *want; } reals[] = {
	{ 0, "0" }, { -0.0, "-0" }, { 0.1, "0.1" }, { 21.5, "21.5" }, { 1e20, "1e+20" },
	{ 1e-7, "1e-07" }, { 1.0 / 3, "0.3333333333333333" }, { 1.2345678901, "1.2345678901" },
	{ 5e-324, "4.94065646e-324" }, { 1.7976931348623157e308, "1.7976931348623157e+308" },
};

static void
test_numbers(void)
{
	struct jw s, *w = &s;
	char want[64];
	uint64_t seed = 1;
	bool good = true;

	for (size_t i = 0; i < sizeof(uints) / sizeof(*uints); i++) {
		snprintf(want, sizeof(want), "{\"v\":%s}", uints[i].want);
		jw_uint(fresh(w, sizeof(buf)), "v", uints[i].v);
		expect(w, want, uints[i].want);
	}
	for (size_t i = 0; i < sizeof(ints) / sizeof(*ints); i++) {
		snprintf(want, sizeof(want), "{\"v\":%s}", ints[i].want);
		jw_int(fresh(w, sizeof(buf)), "v", ints[i].v);
		expect(w, want, ints[i].want);
	}
	for (size_t i = 0; i < sizeof(reals) / sizeof(*reals); i++) {
		snprintf(want, sizeof(want), "{\"v\":%s}", reals[i].want);
		jw_real(fresh(w, sizeof(buf)), "v", reals[i].v);
		expect(w, want, reals[i].want);
	}
	for (int i = 0; i < 20000 && good; i++) {
		uint64_t u = (uint64_t)tap_random(&seed) << 33 ^ (uint64_t)tap_random(&seed) << 16 ^
		    tap_random(&seed);
		double d, back;
		char t[40], dec[24];

		u >>= tap_random(&seed) % 64;
		snprintf(t, sizeof(t), "%llu", (unsigned long long)u);
		dec[jw_dec(dec, u)] = '\0';
		good = strcmp(t, dec) == 0;
		memcpy(&d, &u, sizeof(d));
		d = i & 1 ? d : (double)u / 1000;
		jw_real(fresh(w, sizeof(buf)), "v", d);
		if (!isfinite(d))
			continue;
		if (!jw_line(w))
			break;
		json_t *j = json_loadb(buf, w->n, JSON_DECODE_INT_AS_REAL, NULL);
		back = json_number_value(json_object_get(j, "v"));
		good = good && j && back == d;
		json_decref(j);
	}
	ok(good, "20,000 numbers keep their value");
}

/* Reals have the bytes that "%.*g" gives with the fewest digits that read back,
 * whichever way the writer came to them. */
static void
test_reals(void)
{
	static const int digits[] = { 9, 15, 16, 17 };
	struct jw s, *w = &s;
	uint64_t seed = 77;
	unsigned bad = 0;

	for (int i = 0; i < 300000 && bad < 5; i++) {
		char want[64], t[40];
		uint64_t bits = (uint64_t)tap_random(&seed) << 33;
		double v;

		bits ^= (uint64_t)tap_random(&seed) << 8 ^ tap_random(&seed);

		switch (i % 8) {
		case 0: memcpy(&v, &bits, 8); break;
		case 1: v = (double)(tap_random(&seed) % 100000) / 100; break;
		case 2: v = (double)(float)(tap_random(&seed) / 1e6); break;
		case 3: v = ldexp(1, (int)(tap_random(&seed) % 60) - 20); break;
		case 4:
			v = ldexp(1, (int)(tap_random(&seed) % 60) - 20);
			v = nextafter(v, i & 8 ? 0 : 1e9);
			break;
		case 5: v = (double)bits / 18446744073709551616.0; break;
		case 6:
			v = nextafter(pow(10, (int)(tap_random(&seed) % 20) - 7), i & 8 ? 0 : 1e99);
			break;
		default: v = (double)(tap_random(&seed) % 2000000) / 1024; break;
		}
		if (i & 16)
			v = -v;
		if (!isfinite(v))
			continue;
		for (int k = 0; k < 4; k++) {
			snprintf(t, sizeof(t), "%.*g", digits[k], v);
			if (strtod(t, NULL) == v)
				break;
		}
		snprintf(want, sizeof(want), "{\"v\":%s}", t);
		jw_real(fresh(w, sizeof(buf)), "v", v);
		if (strcmp(line_of(w), want) != 0) {
			printf("# %.*s, not %s\n", (int)w->n - 1, buf, want);
			bad++;
		}
	}
	ok(!bad, "300,000 reals have the C library's digits");
}

/* Each byte alone, as text and as key: jansson must read what was meant. */
static void
test_every_byte(void)
{
	struct jw s, *w = &s;
	unsigned bad = 0;

	for (unsigned c = 0; c < 256; c++) {
		char text[3] = { 'a', (char)c, 'z' };
		const char *want = c && c < 0x80 ? text : "a\xef\xbf\xbdz", *got;
		size_t wn = c && c < 0x80 ? 3 : 5;
		json_t *j;

		fresh(w, sizeof(buf));
		jw_str(w, "v", text, 3);
		jw_key(w, text, 3);
		jw_a_uint(w, c);
		if (!jw_line(w)) {
			bad++;
			continue;
		}
		j = parse(buf, w->n);
		got = json_string_value(json_object_get(j, "v"));
		if (!got || json_string_length(json_object_get(j, "v")) != wn ||
		    memcmp(got, want, wn) != 0)
			bad++;
		if (json_object_size(j) != 2)
			bad++;
		json_decref(j);
	}
	ok(!bad, "each byte is written so that it is read back");
}

/* Random bytes, some of them real UTF-8: always accepted, and what was valid
 * comes back unchanged. */
static void
test_random_bytes(void)
{
	static const char *const pieces[] = { "\xc3\xa5", "\xe2\x82\xac", "\xf0\x9f\x94\xa7", "\"",
		"\\", "\n", "\x1b[2J", "plain", "\x7f", "\xed\xa0\x80", "\xc0\x80", "\xf4\x90\x80\x80" };
	struct jw s, *w = &s;
	uint64_t seed = 5;
	unsigned bad = 0;

	for (int i = 0; i < 20000 && !bad; i++) {
		char t[600];
		size_t n = 0, max = tap_random(&seed) % 500;

		while (n < max) {
			uint32_t k = tap_random(&seed) % 24;
			if (k < 12) {
				size_t l = strlen(pieces[k]);
				memcpy(t + n, pieces[k], l);
				n += l;
			} else {
				t[n++] = (char)tap_random(&seed);
			}
		}
		fresh(w, sizeof(buf));
		jw_str(w, "v", t, n);
		jw_arr(w, "l");
		jw_a_str(w, t, n / 2);
		jw_end(w);
		jw_hex(w, "h", t, n);
		jw_b64(w, "b", t, n);
		bad += !jw_line(w) || !is_record(buf, w->n);
	}
	ok(!bad, "20,000 texts of random bytes are accepted by jansson");
}

static void
test_nesting(void)
{
	struct jw s, *w = &s;
	bool good = true;

	for (int depth = 0; depth < 40; depth++) {
		bool r;

		fresh(w, sizeof(buf));
		jw_arr(w, "a");
		for (int i = 0; i < depth; i++)
			if (i % 3 == 2)
				jw_a_arr(w);
			else if (i % 3)
				jw_arr(w, "k");
			else
				jw_a_obj(w);
		for (int i = 0; i <= depth; i++)
			jw_end(w);
		jw_uint(w, "z", 1);
		r = jw_line(w);
		/* record, "a" and depth more levels */
		good = good && r == (depth + 2 <= LIM_JSON_DEPTH - 1) &&
		    (r ? is_record(buf, w->n) : w->n == 0);
	}
	ok(good, "nesting to the limit is written, beyond it nothing is");

	fresh(w, sizeof(buf));
	jw_obj(w, "a");
	ok(!jw_line(w) && w->n == 0, "an object left open is no record");
	fresh(w, sizeof(buf));
	jw_end(w);
	ok(!jw_line(w) && w->n == 0, "one end too many is no record");
	fresh(w, sizeof(buf));
	for (int i = 0; i < 300; i++)
		jw_end(w);
	ok(!jw_line(w) && w->n == 0, "nor are many");
}

/* One record with all there is, of a size that n steers. */
static void
write_all(struct jw *w, unsigned n)
{
	static const char text[] = "a\"b\\c\n\x01\xff\xc3\xa5";

	jw_begin(w);
	jw_time(w, "timestamp", 1000000LL * n);
	jw_cstr(w, "event_type", "test");
	jw_uint(w, "u", n);
	jw_int(w, "i", -(int64_t)n);
	jw_obj(w, "o");
	jw_str(w, "s", text, sizeof(text) - 1);
	jw_key(w, text, sizeof(text) - 1);
	jw_a_bool(w, n & 1);
	jw_arr(w, "l");
	for (unsigned i = 0; i < n % 5; i++) {
		jw_a_obj(w);
		jw_real(w, "r", n + 0.5);
		jw_end(w);
	}
	jw_end(w);
	jw_end(w);
	jw_hex(w, "h", text, sizeof(text) - 1);
	jw_b64(w, "b", text, sizeof(text) - 1);
	jw_raw(w, "w", "[null]", 6);
	jw_members(w, ",\"m\":1", 6);
}

/* The buffer ends at every byte of the second record: the first stays whole,
 * the second is whole or gone, and nothing is written behind the end. */
static void
test_full_buffer(void)
{
	struct jw s, *w = &s;
	size_t first, both;
	bool good = true;

	jw_init(w, buf, sizeof(buf));
	write_all(w, 3);
	jw_line(w);
	first = w->n;
	write_all(w, 4);
	jw_line(w);
	both = w->n;
	for (size_t cap = 0; cap <= both + 40; cap++) {
		bool a, b;

		memset(buf + cap, 0x5a, 64);
		jw_init(w, buf, cap);
		write_all(w, 3);
		a = jw_line(w);
		write_all(w, 4);
		b = jw_line(w);
		for (size_t i = 0; i < 64; i++)
			good = good && buf[cap + i] == 0x5a;
		/* numbers ask for their longest form: a little room is left unused */
		good = good && (!a || cap >= first) && (a || cap < first + 40) &&
		    (!b || !a || cap >= both) && (b || cap < both + 40);
		good = good && w->n == (a ? first : 0) + (b ? both - first : 0) && w->rec == w->n;
		if (a)
			good = good && is_record(buf, first);
		if (a && b)
			good = good && is_record(buf + first, w->n - first);
	}
	ok(good, "a buffer that ends at any byte holds whole records alone");
}

/* A text fits or not by its own length alone, wherever in the buffer it comes
 * to lie, and fills a record to the last byte. */
static void
test_exact(void)
{
	static char text[2u << 20];
	struct jw s, *w = &s;
	const size_t frame = sizeof("{\"v\":\"\"}\n") - 1;
	bool good = true;
	json_t *j;

	memset(text, 'x', sizeof(text));
	jw_str(fresh(w, sizeof(buf)), "v", text, LIM_RECORD - frame);
	ok(jw_line(w) && w->n == LIM_RECORD && is_record(buf, w->n), "a record of 1 MiB");
	jw_str(fresh(w, sizeof(buf)), "v", text, LIM_RECORD - frame + 1);
	ok(!jw_line(w) && w->n == 0, "and not one byte more");
	jw_str(fresh(w, sizeof(buf)), "v", text, SIZE_MAX / 8);
	ok(!jw_line(w) && w->n == 0, "nor a length that would wrap");

	memset(text, 1, sizeof(text));
	jw_str(fresh(w, sizeof(buf)), "v", text, (LIM_RECORD - frame) / 6);
	ok(jw_line(w) && is_record(buf, w->n), "a record of escapes");
	jw_str(fresh(w, sizeof(buf)), "v", text, (LIM_RECORD - frame) / 6 + 1);
	ok(!jw_line(w) && w->n == 0, "and not one more");

	for (size_t n = 0; n < 2000; n++)
		memcpy(text + 2 * n, "\xc3\xa5", 2);
	for (size_t cap = 4000; cap < 4100; cap++) {
		size_t take = cap - frame - (cap - frame) % 2;

		jw_str(fresh(w, cap), "v", text, take <= 4000 ? take : 4000);
		good = good && jw_line(w);
		j = parse(buf, w->n);
		good = good && j && memcmp(json_string_value(json_object_get(j, "v")), text,
		    take <= 4000 ? take : 4000) == 0;
		json_decref(j);
	}
	ok(good, "characters at the end of a buffer are not broken");
}

static void
test_rewind(void)
{
	struct jw s, *w = &s;
	struct jw_mark m;

	fresh(w, sizeof(buf));
	m = jw_mark(w);
	jw_obj(w, "gone");
	jw_uint(w, "x", 1);
	jw_rewind(w, m);
	jw_uint(w, "a", 1);
	m = jw_mark(w);
	jw_arr(w, "gone");
	for (int i = 0; i < 50; i++)
		jw_a_arr(w);
	jw_rewind(w, m);
	jw_uint(w, "b", 2);
	expect(w, "{\"a\":1,\"b\":2}", "rewound, errors included");

	jw_begin(w);
	jw_uint(w, "a", 1);
	jw_drop(w);
	jw_begin(w);
	jw_uint(w, "b", 1);
	jw_line(w);
	ok(w->n == 22 && memcmp(buf, "{\"a\":1,\"b\":2}\n{\"b\":1}\n", 22) == 0, "dropped");
	jw_reset(w);
	ok(w->n == 0 && w->rec == 0, "reset");
}

/* What writes several members or elements at once. */
static void
test_runs(void)
{
	static const uint8_t regs[] = { 0, 0, 0, 9, 0, 10, 0, 99, 0, 100, 3, 231, 3, 232,
		39, 15, 39, 16, 255, 255 };
	static const uint8_t bits[] = { 0x05, 0x80 };
	static const char odd[] = "a\"b\xff";
	struct jw s, *w = &s;
	size_t from;
	char *d, t[6] = "";

	fresh(w, sizeof(buf));
	jw_arr(w, "v");
	jw_a_be16(w, regs, 0);
	jw_a_be16(w, regs, sizeof(regs));
	jw_a_bits(w, bits, 0);
	jw_a_bits(w, bits, 3);
	jw_a_bits(w, bits, 16);
	jw_end(w);
	expect(w, "{\"v\":[[],[0,9,10,99,100,999,1000,9999,10000,65535],[],[1,0,1],"
	    "[1,0,1,0,0,0,0,0,0,0,0,0,0,0,0,1]]}", "registers and bits");

	fresh(w, sizeof(buf));
	jw_obj(w, "a");
	from = w->n;
	jw_uint(w, "x", 1);
	jw_str(w, "y", "z", 1);
	from = w->n - from;
	jw_end(w);
	jw_obj(w, "b");
	jw_repeat(w, w->n - 7 - from, from);
	jw_end(w);
	jw_k_two(w, ",\"c\":{\"d\":", 10, 5, JW_K("e"), 1ull << 53);
	expect(w, "{\"a\":{\"x\":1,\"y\":\"z\"},\"b\":{\"x\":1,\"y\":\"z\"},"
	    "\"c\":{\"d\":5,\"e\":\"9007199254740992\"}}", "members once more, and two numbers");

	fresh(w, sizeof(buf));
	d = jw_room(w, 100);
	d = JW_LIT(d, "\"a\":");
	d = jw_text_at(w, d, odd, 4, 50);
	d = JW_LIT(d, ",\"b\":");
	d = jw_num_at(d, 1234567);
	d = JW_LIT(d, ",\"c\":");
	d = jw_text_at(w, d, "plain", 5, 50);
	d = JW_LIT(d, ",\"d\":");
	d = jw_word_at(d, "word", 4);
	jw_took(w, d);
	jw_uint(w, "e", 7);
	expect(w, "{\"a\":\"a\\\"b\xef\xbf\xbd\",\"b\":1234567,"
	    "\"c\":\"plain\",\"d\":\"word\",\"e\":7}",
	    "a run with room asked for once");

	fresh(w, 64);
	ok(!jw_room(w, 64) && !jw_line(w) && w->n == 0, "a run that does not fit");
	jw_dec5(t, 40);
	ok(strcmp(t, "00040") == 0, "five digits: %s", t);
	jw_dec5(t, 99999);
	ok(strcmp(t, "99999") == 0, "five digits: %s", t);
}

/* Each 16-bit number, between two others; nothing is written past the room it asks. */
static void
test_registers(void)
{
	bool good = true;
	char got[JW_BE16(6) + 1], want[40];

	for (unsigned v = 0; v <= 65535 && good; v++) {
		const uint8_t p[6] = { 255, 255, (uint8_t)(v >> 8), (uint8_t)v, 0, 7 };

		got[JW_BE16(4)] = '#';
		*jw_be16_at(got, p, 4) = '\0';
		snprintf(want, sizeof(want), "[65535,%u]", v);
		good = strcmp(got, want) == 0 && got[JW_BE16(4)] == '#';
		*jw_be16_at(got, p + 2, 4) = '\0';
		snprintf(want, sizeof(want), "[%u,7]", v);
		good = good && strcmp(got, want) == 0;
	}
	ok(good, "each 16-bit number");
}

int
main(void)
{
	test_shapes();
	test_numbers();
	test_reals();
	test_every_byte();
	test_random_bytes();
	test_nesting();
	test_full_buffer();
	test_exact();
	test_rewind();
	test_runs();
	test_registers();
	return tap_done();
}
