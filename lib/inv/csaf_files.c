/* csaf_files.c: advisories from files and folders. */
#include "inv/csaf.h"

#include "base/limits.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <zlib.h>

struct walk {
	struct csaf *c;
	void (*say)(const char *line);
	struct err *e;
	uint64_t files, told;
};

/* Plain or gzip, the whole of it. */
static char *
slurp(const char *path, size_t *n, struct err *e)
{
	gzFile f = gzopen(path, "rb");
	size_t cap = 64u << 10, more;
	char *p = NULL, *q;
	int got;

	if (!f) {
		err_sys(e, "%s", path);
		return NULL;
	}
	for (*n = 0; ; ) {
		if (!(q = realloc(p, cap))) {
			err_set(e, "%s: not enough memory", path);
			break;
		}
		p = q;
		more = cap - *n > 1u << 20 ? 1u << 20 : cap - *n;
		if ((got = gzread(f, p + *n, (unsigned)more)) < 0) {
			err_set(e, "%s: damaged, or a folder", path);
			break;
		}
		*n += (size_t)got;
		if (got == 0) {
			/* gzip that ends too early reads as an end */
			if (gzclose(f) != Z_OK) {
				err_set(e, "%s: the file ends too early", path);
				free(p);
				return NULL;
			}
			return p;
		}
		if (*n > LIM_CSAF_FILE) {
			err_set(e, "%s: larger than %u MiB", path, LIM_CSAF_FILE >> 20);
			break;
		}
		if (*n == cap)
			cap *= 2;
	}
	gzclose(f);
	free(p);
	return NULL;
}

static void
told(struct walk *w, const char *line)
{
	if (w->told++ < LIM_CSAF_TOLD)
		w->say(line);
	else if (w->told == LIM_CSAF_TOLD + 1)
		w->say("further files that cannot be read are counted, not named");
}

/* False: memory is out. */
static bool
one_file(struct walk *w, const char *path, bool asked)
{
	struct err e = { "" };
	size_t n;
	char *p;

	if (++w->files > LIM_CSAF_FILES) {
		w->c->full++;
		return true;
	}
	if (!(p = slurp(path, &n, &e))) {
		w->c->bad++;
		told(w, e.text);
		return true;
	}
	switch (csaf_read(w->c, path, p, n, &e)) {
	case CSAF_OK:
		break;
	case CSAF_BAD:
		w->c->bad++;
		told(w, e.text);
		break;
	case CSAF_OTHER:
		/* feeds and provider-metadata.json lie among advisories */
		w->c->other++;
		if (asked) {
			err_set(&e, "%s: no CSAF document: \"document.csaf_version\" is not there",
			    path);
			w->c->bad++;
			told(w, e.text);
		}
		break;
	}
	free(p);
	return !w->c->pool->failed || err_set(w->e, "not enough memory for these advisories");
}

static bool
ends(const char *s, const char *with)
{
	size_t n = strlen(s), m = strlen(with);

	return n > m && strcasecmp(s + n - m, with) == 0;
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static char **
names(DIR *d, size_t *n)
{
	char **v = NULL, **more;
	struct dirent *x;

	for (*n = 0; (x = readdir(d)); ) {
		if (x->d_name[0] == '.' || *n > LIM_CSAF_FILES)
			continue;
		if ((*n & (*n - 1)) == 0) {
			if (!(more = realloc(v, (*n ? *n * 2 : 1) * sizeof(*v))))
				break;
			v = more;
		}
		if (!(v[*n] = strdup(x->d_name)))
			break;
		++*n;
	}
	if (*n)
		qsort(v, *n, sizeof(*v), by_name);
	return v;
}

static bool
folder(struct walk *w, const char *path, int depth)
{
	char **v, next[4096], line[4200];
	DIR *d = opendir(path);
	struct stat st;
	bool ok = true;
	size_t n, i;

	if (!d) {
		snprintf(line, sizeof(line), "%s: %s", path, strerror(errno));
		w->c->bad++;
		told(w, line);
		return true;
	}
	v = names(d, &n);
	closedir(d);
	for (i = 0; i < n; i++) {
		if (ok && snprintf(next, sizeof(next), "%s/%s", path, v[i]) < (int)sizeof(next) &&
		    lstat(next, &st) == 0) {
			if (S_ISDIR(st.st_mode) && depth < LIM_CSAF_FOLDERS)
				ok = folder(w, next, depth + 1);
			else if (S_ISLNK(st.st_mode) && stat(next, &st) != 0)
				ok = true;      /* leads nowhere */
			else if (S_ISREG(st.st_mode) &&
			    (ends(v[i], ".json") || ends(v[i], ".json.gz")))
				ok = one_file(w, next, false);
		}
		free(v[i]);
	}
	free(v);
	return ok;
}

bool
csaf_add(struct csaf *c, const char *path, void (*say)(const char *line), struct err *e)
{
	struct walk w = { .c = c, .say = say, .e = e };
	struct stat st;

	if (stat(path, &st) != 0)
		return err_sys(e, "%s", path);
	if (S_ISDIR(st.st_mode))
		return folder(&w, path, 0);
	return one_file(&w, path, true);
}
