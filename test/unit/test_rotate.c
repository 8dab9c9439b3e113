/* Rotation: names, when a file ends, what is kept and what is never touched. */
#include "capture/rotate.h"
#include "tap.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

static const int64_t T0 = 1795321261123456;     /* 2026-11-22T04:21:01.123456Z */
static const int64_t SEC = 1000000, HOUR = 3600000000, DAY = 86400000000;

static void
test_names(void)
{
	static const struct { const char *name; bool ours; const char *comment; } t[] = {
		{ "otcap-20261122T042101.123456Z.pcapng.gz", true, "a packed pcapng" },
		{ "otcap-20261122T042101.123456Z.pcapng", true, "a pcapng" },
		{ "otcap-20261122T042101.123456Z.pcap", true, "a pcap" },
		{ "otcap-20261122T042101.123456Z.ndjson.gz", true, "packet records" },
		{ "otcap-20261122T042101.123456Z-2.pcap", true, "the second of a microsecond" },
		{ "otcap-20261122T042101.123456Z-.pcap", false, "a dash without number" },
		{ "otcap-20261122T042101.123456Z.pcap.bak", false, "somebody's copy" },
		{ "otcap-20261122T042101.123456Z.pcapx", false, "another ending" },
		{ "otcap-20261122T042101.123456Z", false, "no ending" },
		{ "otcap-20261122T042101Z.pcap", false, "no microseconds" },
		{ "otcap-20261322T042101.123456Z.pcap", false, "a month that is none" },
		{ ".otcap-20261122T042101.123456Z.pcap.77.0", false, "one being written" },
		{ "Otcap-20261122T042101.123456Z.pcap", false, "another name" },
		{ "tuesday.pcap", false, "a user's file" },
		{ "", false, "nothing" },
	};
	int64_t us;

	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		bool is = rotate_name_time(t[i].name, &us);
		ok(is == t[i].ours && (!is || us == T0), "%s: %s", t[i].comment,
		    is ? "ours" : "not ours");
	}
}

static void
test_parse(void)
{
	static const struct {
		const char *s;
		int64_t us;
		uint64_t bytes;
		const char *comment;
	} t[] = {
		{ "1h", 3600000000, 0, "an hour" },
		{ "90s", 90000000, 0, "seconds" },
		{ "15m", 900000000, 0, "small m: minutes" },
		{ "100M", 0, 100 << 20, "capital M: mebibytes" },
		{ "1K", 0, 1024, "kibibytes" },
		{ "50G", 0, 50ull << 30, "gibibytes" },
		{ "0h", 0, 0, "no time" },
		{ "0M", 0, 0, "no size" },
		{ "100", 0, 0, "seconds or bytes?" },
		{ "", 0, 0, "nothing" },
		{ "M", 0, 0, "no number" },
		{ "-1h", 0, 0, "negative" },
		{ "1hh", 0, 0, "two units" },
		{ "99999999999999999999M", 0, 0, "more than there is" },
	};

	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		int64_t us = 0;
		uint64_t b = 0;
		bool is = rotate_parse(t[i].s, &us, &b);
		ok(is == (t[i].us || t[i].bytes) && us == t[i].us && b == t[i].bytes, "\"%s\": %s",
		    t[i].s, t[i].comment);
	}
}

/* ---- in a folder of its own ---- */

static char dir[64];

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The names in the folder, sorted, each with a newline. */
static const char *
names(void)
{
	static char all[8192];
	char *v[64];
	size_t n = 0, at = 0;
	DIR *d = opendir(dir);

	for (struct dirent *e; d && (e = readdir(d)) && n < 64; )
		if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
			v[n++] = strdup(e->d_name);
	closedir(d);
	qsort(v, n, sizeof(*v), by_name);
	all[0] = '\0';
	for (size_t i = 0; i < n; i++) {
		at += (size_t)snprintf(all + at, sizeof(all) - at, "%s\n", v[i]);
		free(v[i]);
	}
	return all;
}

static void
clean(void)
{
	char path[512];
	DIR *d = opendir(dir);

	for (struct dirent *e; d && (e = readdir(d)); ) {
		snprintf(path, sizeof(path), "%s/%s", dir, e->d_name);
		unlink(path);
	}
	closedir(d);
}

static void
touch(const char *name)
{
	char path[512];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	close(open(path, O_CREAT | O_WRONLY, 0600));
}

/* One file of n bytes, first packet at us; the newest packet is at last. */
static bool
one(struct rotate *r, int64_t us, int64_t last, size_t n, struct err *e)
{
	static char bytes[1 << 16];

	return rotate_begin(r, us, e) && rotate_write(r, bytes, n, e) && rotate_end(r, last, e);
}

static void
test_folder(void)
{
	struct rotate_opts o = { .path = dir, .folder = true, .suffix = "pcap" };
	struct err e = { "" };
	struct rotate *r = rotate_new(&o, &e);
	bool hidden;

	ok(rotate_begin(r, T0, &e) && rotate_write(r, "abc", 3, &e), "a file begins");
	hidden = names()[0] == '.';
	ok(hidden, "it has a hidden name while it is written");
	ok(rotate_end(r, T0, &e) && strcmp(names(), "otcap-20261122T042101.123456Z.pcap\n") == 0,
	    "then that of its first packet's time");
	ok(one(r, T0, T0, 3, &e) && strstr(names(), "123456Z-2.pcap"),
	    "another of the same microsecond gets a number");
	rotate_free(r);
	r = rotate_new(&o, &e);
	ok(rotate_begin(r, T0 + 1, &e) && rotate_write(r, "abc", 3, &e), "a file begins");
	touch("otcap-20261122T042101.123457Z.pcap");
	ok(rotate_end(r, T0 + 1, &e) && strstr(names(), "123457Z-2.pcap"),
	    "its name was taken meanwhile: nothing is overwritten");
	rotate_begin(r, T0 + 2, &e);
	rotate_free(r);
	ok(!strstr(names(), "123458"), "one that is given up leaves nothing");
	clean();
}

static void
test_due(void)
{
	struct rotate_opts o = { .path = dir, .folder = true, .suffix = "pcap", .every_us = HOUR,
	    .bytes = 1000 };
	struct err e = { "" };
	struct rotate *r = rotate_new(&o, &e);

	ok(!rotate_due(r, T0, 0, 10), "nothing is due before the first file");
	rotate_begin(r, T0, &e);
	ok(!rotate_due(r, T0 + 38 * 60 * SEC, 0, 10), "04:59 belongs to the file of 04:21");
	ok(rotate_due(r, T0 + 39 * 60 * SEC, 0, 10), "05:00 does not");
	ok(!rotate_due(r, T0 - HOUR, 0, 10), "an earlier packet stays where it is");
	ok(!rotate_due(r, T0, 0, 5000), "the first packet fits whatever its size");
	ok(!rotate_due(r, T0, 990, 10) && rotate_due(r, T0, 991, 10), "by size, to the byte");
	rotate_write(r, "0123456789", 10, &e);
	ok(!rotate_due(r, T0, 980, 10) && rotate_due(r, T0, 981, 10),
	    "what is written counts, too");
	rotate_free(r);
	clean();
}

static void
test_retain(void)
{
	struct rotate_opts o = { .path = dir, .folder = true, .suffix = "pcap",
	    .retain_us = 2 * DAY };
	struct err e = { "" };
	struct rotate *r = rotate_new(&o, &e);
	const int64_t old = T0 - 3650 * DAY;    /* the clock of now does not matter */

	touch("tuesday.pcap");
	touch("otcap-20001122T042101.123456Z.pcap.bak");
	touch(".otcap-20001122T042101.123456Z.pcap.77.0");
	for (int i = 0; i < 5; i++)
		one(r, old + i * DAY, old + i * DAY + HOUR, 10, &e);
	ok(strcmp(names(), ".otcap-20001122T042101.123456Z.pcap.77.0\n"
	    "otcap-20001122T042101.123456Z.pcap.bak\n"
	    "otcap-20161126T042101.123456Z.pcap\notcap-20161127T042101.123456Z.pcap\n"
	    "otcap-20161128T042101.123456Z.pcap\ntuesday.pcap\n") == 0 && rotate_deleted(r) == 2,
	    "two days are kept whole, other files for ever: %s", e.text);
	/* a packet from the year 2106 */
	one(r, (int64_t)4294967295 * SEC, (int64_t)4294967295 * SEC, 10, &e);
	ok(rotate_deleted(r) <= 5 && strstr(names(), "21060207"), "a clock gone wrong is no age");
	rotate_free(r);
	clean();

	o.retain_us = 0;
	o.retain_bytes = 100;
	r = rotate_new(&o, &e);
	for (int i = 0; i < 5; i++)
		one(r, T0 + i * SEC, T0 + i * SEC, 40, &e);
	ok(strcmp(names(), "otcap-20261122T042104.123456Z.pcap\n"
	    "otcap-20261122T042105.123456Z.pcap\n") == 0, "by size: the oldest go");
	one(r, T0 + 5 * SEC, T0 + 5 * SEC, 500, &e);
	ok(strcmp(names(), "otcap-20261122T042106.123456Z.pcap\n") == 0,
	    "the newest stays though it alone is too much");
	for (int i = 0; i < 12; i++)
		one(r, T0 + 9 * SEC, T0 + 9 * SEC, 10, &e);
	ok(!strstr(names(), "Z-2.") && strstr(names(), "Z-12.") && strstr(names(), "Z-9."),
	    "of one microsecond the lowest number is the oldest");
	rotate_free(r);
	clean();
}

static void
test_compress(void)
{
	struct rotate_opts o = { .path = dir, .folder = true, .suffix = "pcap", .compress = true };
	struct err e = { "" };
	struct rotate *r = rotate_new(&o, &e);
	char path[512], back[64];
	gzFile z;
	int n;

	rotate_begin(r, T0, &e);
	rotate_write(r, "one ", 4, &e);
	rotate_write(r, "two", 3, &e);
	ok(rotate_end(r, T0, &e), "a packed file ends");
	snprintf(path, sizeof(path), "%s/otcap-20261122T042101.123456Z.pcap.gz", dir);
	z = gzopen(path, "r");
	n = z ? gzread(z, back, sizeof(back)) : -1;
	ok(n == 7 && memcmp(back, "one two", 7) == 0, "and unpacks to what was written");
	if (z)
		gzclose(z);
	rotate_free(r);
	clean();
}

static void
test_file(void)
{
	char path[128];
	struct rotate_opts o = { .path = path, .suffix = "pcap" };
	struct err e = { "" };
	struct rotate *r;

	snprintf(path, sizeof(path), "%s/x.pcap", dir);
	r = rotate_new(&o, &e);
	ok(one(r, T0, T0, 3, &e) && strcmp(names(), "x.pcap\n") == 0, "a single file");
	ok(!rotate_begin(r, T0, &e) && strstr(e.text, "exists"), "is not overwritten: %s", e.text);
	rotate_free(r);
	err_clear(&e);
	o.force = true;
	r = rotate_new(&o, &e);
	ok(one(r, T0, T0, 3, &e), "unless asked for");
	rotate_free(r);
	o.folder = true;
	ok(!rotate_new(&o, &e) && strstr(e.text, "not a folder"), "a file is no folder: %s",
	    e.text);
	err_clear(&e);
	snprintf(path, sizeof(path), "/dev/full");
	o.folder = false;
	r = rotate_new(&o, &e);
	ok(!one(r, T0, T0, 3, &e) && strstr(e.text, "No space"), "a full disk: %s", e.text);
	rotate_free(r);
	clean();
}

int
main(void)
{
	const char *tmp = getenv("TMPDIR");

	snprintf(dir, sizeof(dir), "%.40s/otkit-rotate-XXXXXX", tmp && *tmp ? tmp : "/tmp");
	if (!mkdtemp(dir))
		return 1;
	test_names();
	test_parse();
	test_folder();
	test_due();
	test_retain();
	test_compress();
	test_file();
	ok(rmdir(dir) == 0, "nothing is left behind");
	return tap_done();
}
