/* onefile.c: replays inputs through a target, without a fuzzer.
 *
 *     fuzz_x-replay FILE|FOLDER ...
 *     fuzz_x-replay --cut STEP FILE ...    each file cut at every STEP-th byte */
#include "fuzz.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* A target that has a mutator of its own asks for the fuzzer's: here nothing is changed. */
size_t LLVMFuzzerMutate(uint8_t *data, size_t n, size_t max);
size_t
LLVMFuzzerMutate(uint8_t *data, size_t n, size_t max)
{
	(void)data;
	(void)max;
	return n;
}

static unsigned long ran;
static size_t step;

/* Each input in memory of its own size, so that a read past its end is seen. */
static void
run(const uint8_t *data, size_t n)
{
	uint8_t *own = malloc(n ? n : 1);

	if (!own)
		exit(2);
	memcpy(own, data, n);
	LLVMFuzzerTestOneInput(own, n);
	free(own);
	ran++;
}

static void
replay(const char *path)
{
	FILE *f = fopen(path, "rb");
	uint8_t *b;
	long n;

	if (!f || fseek(f, 0, SEEK_END) || (n = ftell(f)) < 0 || fseek(f, 0, SEEK_SET)) {
		perror(path);
		exit(2);
	}
	b = malloc((size_t)n + 1);
	if (!b || fread(b, 1, (size_t)n, f) != (size_t)n)
		exit(2);
	fclose(f);
	if (step)
		for (size_t i = 0; i < (size_t)n; i += step)
			run(b, i);
	run(b, (size_t)n);
	free(b);
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void
walk(const char *path)
{
	char *names[65536], full[4096];
	struct dirent *e;
	size_t n = 0;
	struct stat st;
	DIR *d;

	if (stat(path, &st) != 0 || !S_ISDIR(st.st_mode)) {
		replay(path);
		return;
	}
	if (!(d = opendir(path)))
		exit(2);
	while ((e = readdir(d)) && n < sizeof(names) / sizeof(*names))
		if (e->d_name[0] != '.')
			names[n++] = strdup(e->d_name);
	closedir(d);
	qsort(names, n, sizeof(*names), by_name);
	for (size_t i = 0; i < n; i++) {
		snprintf(full, sizeof(full), "%s/%s", path, names[i]);
		replay(full);
		free(names[i]);
	}
}

int
main(int argc, char **argv)
{
	int i = 1;

	if (argc > 3 && strcmp(argv[1], "--cut") == 0) {
		step = strtoul(argv[2], NULL, 10);
		i = 3;
	}
	for (; i < argc; i++)
		walk(argv[i]);
	printf("%lu inputs\n", ran);
	return ran ? 0 : 2;
}
