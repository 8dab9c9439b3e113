#include "json/meta.h"

#include "base/opt.h"
#include "base/sum.h"

#include <sys/stat.h>

/* In hex; empty when the file cannot be read, or not twice: what is taken from a
 * pipe here would be missing from its packets. */
static void
digest(const char *path, char hex[65])
{
	uint8_t md[SUM_MAX], b[64 << 10];
	struct sum c;
	struct stat st;
	FILE *f = stat(path, &st) == 0 && S_ISREG(st.st_mode) ? fopen(path, "rb") : NULL;
	size_t n;

	hex[0] = '\0';
	if (!f)
		return;
	sum_begin(&c, SUM_SHA256);
	while ((n = fread(b, 1, sizeof(b), f)) > 0)
		sum_add(&c, b, n);
	if (!ferror(f) && sum_end(&c, md))
		for (int i = 0; i < 32; i++)
			snprintf(hex + 2 * i, 3, "%02x", md[i]);
	fclose(f);
}

bool
meta_write(struct jw *w, const char *program, int64_t us, const char *host, int argc,
    char *const *argv, const char *const *inputs, size_t n)
{
	char hex[65];

	jw_begin(w);
	if (us)
		jw_time(w, "timestamp", us);
	jw_cstr(w, "event_type", "meta");
	jw_cstr(w, "host", host);
	jw_obj(w, "meta");
	jw_cstr(w, "program", program);
	jw_cstr(w, "version", otkit_version);
	jw_arr(w, "arguments");
	for (int i = 1; i < argc; i++)
		jw_a_cstr(w, argv[i]);
	jw_end(w);
	jw_arr(w, "inputs");
	for (size_t i = 0; i < n; i++) {
		if (strcmp(inputs[i], "-") == 0)
			continue;
		digest(inputs[i], hex);
		jw_a_obj(w);
		jw_cstr(w, "name", inputs[i]);
		jw_cstr(w, "sha256", hex);
		jw_end(w);
	}
	jw_end(w);
	jw_end(w);
	return jw_line(w);
}
