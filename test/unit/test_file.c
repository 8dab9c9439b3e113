/* Files: replaced whole or not at all, read whole, lists of names. */
#include "base/file.h"
#include "tap.h"

#include <errno.h>
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char dir[64];

static const char *
at(const char *name)
{
	static char t[4][128];
	static int k;

	k = (k + 1) % 4;
	snprintf(t[k], sizeof(t[k]), "%s/%s", dir, name);
	return t[k];
}

static void
put(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	if (f) {
		fputs(text, f);
		fclose(f);
	}
}

static bool
holds(const char *path, const char *text)
{
	size_t n;
	char *p = file_slurp(path, 1 << 20, &n, NULL);
	bool r = p && n == strlen(text) && memcmp(p, text, n) == 0;

	free(p);
	return r;
}

static int
entries(void)
{
	DIR *d = opendir(dir);
	int n = 0;

	for (struct dirent *e; d && (e = readdir(d)); )
		n += e->d_name[0] != '.' || strlen(e->d_name) > 2;
	closedir(d);
	return n;
}

static void
test_replace(void)
{
	struct file_out f;
	struct err e = { { 0 } };
	struct stat st;

	ok(file_create(&f, at("new"), false, &e) && access(at("new"), F_OK) != 0,
	    "not there while it is written");
	ok(file_write_all(f.fd, "one\n", 4) && file_commit(&f, &e) && holds(at("new"), "one\n"),
	    "there once it is committed");
	ok(stat(at("new"), &st) == 0 && (st.st_mode & 0777) == 0644 && st.st_nlink == 1,
	    "with the mode of a new file");
	ok(entries() == 1, "and nothing beside it");

	ok(!file_create(&f, at("new"), false, &e) && strstr(e.text, "exists") &&
	    strstr(e.text, "--force"), "an existing file is refused");
	file_abort(&f);
	ok(holds(at("new"), "one\n"), "and left alone");
	err_clear(&e);

	chmod(at("new"), 0640);
	ok(file_create(&f, at("new"), true, &e) && file_write_all(f.fd, "two\n", 4) &&
	    holds(at("new"), "one\n"), "with force the old one stays until the commit");
	ok(file_commit(&f, &e) && holds(at("new"), "two\n"), "then it is replaced");
	ok(stat(at("new"), &st) == 0 && (st.st_mode & 0777) == 0640, "and its mode kept");

	ok(file_create(&f, at("new"), true, &e) && file_write_all(f.fd, "x", 1), "begun");
	file_abort(&f);
	ok(holds(at("new"), "two\n") && entries() == 1, "and given up: as before");

	ok(file_create(&f, at("late"), false, &e), "begun");
	put(at("late"), "somebody else's\n");
	ok(!file_commit(&f, &e) && strstr(e.text, "exists") &&
	    holds(at("late"), "somebody else's\n") && entries() == 2,
	    "a file that came meanwhile is not overwritten");
	err_clear(&e);
	ok(!file_commit(&f, &e), "a commit after that fails");
	err_clear(&e);

	ok(symlink("new", at("link")) == 0 && file_create(&f, at("link"), true, &e) &&
	    file_write_all(f.fd, "three\n", 6) && file_commit(&f, &e) &&
	    holds(at("new"), "three\n") && lstat(at("link"), &st) == 0 && S_ISLNK(st.st_mode),
	    "behind a symbolic link its target is replaced");

	{
		struct file_out a, b;
		bool r = file_create(&a, at("both"), true, &e) && file_create(&b, at("both"), true, &e);
		r = r && file_write_all(a.fd, "a", 1) && file_write_all(b.fd, "b", 1);
		ok(r && file_commit(&b, &e) && file_commit(&a, &e) && holds(at("both"), "a"),
		    "two writers at once: the last one whole");
	}
}

static void
test_refusals(void)
{
	struct file_out f;
	struct err e = { { 0 } };
	char name[300], path[5000];

	ok(!file_create(&f, at("none/x"), false, &e) && strstr(e.text, "No such file"), "no folder");
	err_clear(&e);
	ok(!file_create(&f, dir, true, &e) && strstr(e.text, "is a directory"), "a folder");
	err_clear(&e);
	ok(!file_create(&f, "", true, &e) && strstr(e.text, "no file name"), "no name");
	err_clear(&e);
	ok(!file_create(&f, at(""), true, &e), "a name that ends with a slash");
	err_clear(&e);
	memset(path, 'x', sizeof(path) - 1);
	path[sizeof(path) - 1] = '\0';
	ok(!file_create(&f, path, true, &e) && strstr(e.text, "too long"), "a name too long");
	err_clear(&e);
	memset(name, 'n', 255);
	name[255] = '\0';
	ok(file_create(&f, at(name), false, &e) && file_commit(&f, &e) && holds(at(name), ""),
	    "the longest name that can be");
	unlink(at(name));
	ok(file_create(&f, "/dev/null", true, &e) && file_write_all(f.fd, "x", 1) &&
	    file_commit(&f, &e) && access("/dev/null", W_OK) == 0, "a device is written to");
	if (access("/dev/full", W_OK) == 0) {
		ok(file_create(&f, "/dev/full", true, &e) && !file_write_all(f.fd, "x", 1) &&
		    errno == ENOSPC, "a full one says so");
		file_abort(&f);
	}
}

static void
test_write_all(void)
{
	static char big[1 << 20];
	int p[2];
	size_t sum = 0;
	ssize_t r;
	char t[4096];

	memset(big, 'x', sizeof(big));
	if (pipe(p) != 0)
		return;
	if (fork() == 0) {
		close(p[0]);
		_exit(!file_write_all(p[1], big, sizeof(big)));
	}
	close(p[1]);
	while ((r = read(p[0], t, sizeof(t))) > 0)
		sum += (size_t)r;
	close(p[0]);
	ok(sum == sizeof(big), "all of it through a pipe");
	wait(NULL);
	signal(SIGPIPE, SIG_IGN);
	if (pipe(p) != 0)
		return;
	close(p[0]);
	ok(!file_write_all(p[1], "x", 1) && errno == EPIPE, "a closed pipe is a failure");
	ok(file_write_all(p[1], "x", 0), "nothing is always written");
	close(p[1]);
	ok(!file_write_all(-1, "x", 1) && errno == EBADF, "so is no descriptor");
}

static void
test_slurp(void)
{
	struct err e = { { 0 } };
	size_t n;
	char *p;

	put(at("s"), "hello\n");
	p = file_slurp(at("s"), 6, &n, &e);
	ok(p && n == 6 && memcmp(p, "hello\n", 7) == 0, "as long as allowed, NUL behind");
	free(p);
	p = file_slurp(at("s"), 5, &n, &e);
	ok(!p && strstr(e.text, "larger than 5 bytes"), "longer than allowed");
	err_clear(&e);
	put(at("empty"), "");
	p = file_slurp(at("empty"), 0, &n, &e);
	ok(p && n == 0 && *p == '\0', "an empty file");
	free(p);
	ok(!file_slurp(at("missing"), 10, &n, &e) && strstr(e.text, "No such file"), "a missing one");
	err_clear(&e);
	ok(!file_slurp(dir, 10, &n, &e) && strstr(e.text, "Is a directory"), "a folder");
	err_clear(&e);
	p = file_slurp("/proc/self/status", 1 << 20, &n, &e);
	ok(!p ? access("/proc/self/status", F_OK) != 0 : n > 0 && strlen(p) == n,
	    "one whose length is not known before");
	free(p);
}

static void
test_list(void)
{
	struct err e = { { 0 } };
	char **v;
	size_t n;
	FILE *f;

	put(at("l"), "a.pcap\n\nsome file.pcap\r\n-\nlast");
	ok(file_list(at("l"), &v, &n, &e) && n == 4 && strcmp(v[0], "a.pcap") == 0 &&
	    strcmp(v[1], "some file.pcap") == 0 && strcmp(v[2], "-") == 0 &&
	    strcmp(v[3], "last") == 0, "names, one a line");
	file_list_free(v, n);
	put(at("l"), "\n\n");
	ok(file_list(at("l"), &v, &n, &e) && n == 0, "no names");
	file_list_free(v, n);
	f = fopen(at("l"), "w");
	if (f) {
		fwrite("a\0b\n", 1, 4, f);
		fclose(f);
	}
	ok(!file_list(at("l"), &v, &n, &e) && strstr(e.text, "not a list"), "NUL in a name");
	err_clear(&e);
	f = fopen(at("l"), "w");
	for (int i = 0; f && i < 5000; i++)
		fprintf(f, "file-%d\n", i);
	if (f)
		fclose(f);
	ok(file_list(at("l"), &v, &n, &e) && n == 5000 && strcmp(v[4999], "file-4999") == 0,
	    "many names");
	file_list_free(v, n);
	ok(!file_list(at("missing"), &v, &n, &e) && n == 0 && !v, "a missing list");
}

int
main(void)
{
	const char *tmp = getenv("TMPDIR");
	char cmd[128];

	snprintf(dir, sizeof(dir), "%.40s/otkit-test-XXXXXX", tmp && *tmp ? tmp : "/tmp");
	if (!mkdtemp(dir)) {
		printf("Bail out! no folder for temporary files\n");
		return 1;
	}
	umask(022);
	test_replace();
	test_refusals();
	test_write_all();
	test_slurp();
	test_list();
	{
		DIR *d = opendir(dir);
		for (struct dirent *e; d && (e = readdir(d)); ) {
			snprintf(cmd, sizeof(cmd), "%.60s/%.60s", dir, e->d_name);
			unlink(cmd);
		}
		closedir(d);
		rmdir(dir);
	}
	return tap_done();
}
