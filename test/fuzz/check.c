/* check.c: what every target asks of what comes out. */
#include "fuzz.h"

#include "base/file.h"
#include "base/limits.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static void
one_record(const char *p, size_t n)
{
	json_error_t why;
	json_t *j;

	if (n > LIM_RECORD) {
		fprintf(stderr, "a record of %zu bytes\n", n);
		abort();
	}
	j = json_loadb(p, n, JSON_REJECT_DUPLICATES, &why);
	if (!json_is_object(j)) {
		fprintf(stderr, "no record: %s at %d: %.*s\n", why.text, why.position, (int)n, p);
		abort();
	}
	json_decref(j);
}

void
fuzz_records(void *arg, const char *p, size_t n)
{
	const char *end = p + n, *lf;

	for (; p < end; p = lf + 1) {
		lf = memchr(p, '\n', (size_t)(end - p));
		if (!lf) {
			fprintf(stderr, "half a record: %.*s\n", (int)(end - p), p);
			abort();
		}
		one_record(p, (size_t)(lf - p));
	}
}

const char *
fuzz_file(const uint8_t *data, size_t n, int *fd)
{
	static char name[64];

	*fd = memfd_create("fuzz", MFD_CLOEXEC);
	if (*fd < 0 || write(*fd, data, n) != (ssize_t)n || lseek(*fd, 0, SEEK_SET) != 0) {
		perror("memfd");
		exit(2);
	}
	snprintf(name, sizeof(name), "/proc/self/fd/%d", *fd);
	return name;
}

void
fuzz_file_close(int fd)
{
	close(fd);
}

static char folder[64];

static void
folder_go(void)
{
	file_remove_tree(folder);
}

const char *
fuzz_folder(void)
{
	const char *tmp = getenv("TMPDIR");

	if (folder[0]) {
		folder_go();
		if (mkdir(folder, 0700) == 0)
			return folder;
		perror(folder);
		exit(2);
	}
	if (!tmp || !*tmp)
		tmp = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
	snprintf(folder, sizeof(folder), "%.40s/otkit-fuzz-XXXXXX", tmp);
	if (!mkdtemp(folder)) {
		perror(folder);
		exit(2);
	}
	atexit(folder_go);
	return folder;
}

void
fuzz_folder_put(const char *name, const void *p, size_t n)
{
	char path[256];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	for (char *s = path + strlen(folder) + 1; (s = strchr(s, '/')); *s++ = '/') {
		*s = 0;
		(void)mkdir(path, 0700);
	}
	f = fopen(path, "w");
	if (!f || fwrite(p, 1, n, f) != n || fclose(f) != 0) {
		perror(path);
		exit(2);
	}
}

char *
fuzz_line(const char **p, const char *end, size_t *n)
{
	const char *lf;
	char *own;

	if (*p >= end)
		return NULL;
	lf = memchr(*p, '\n', (size_t)(end - *p));
	*n = (size_t)((lf ? lf : end) - *p);
	if (!(own = malloc(*n ? *n : 1)))
		exit(2);
	memcpy(own, *p, *n);
	*p += *n + 1;
	return own;
}
