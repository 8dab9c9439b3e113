/* item.c: the names of kinds and severities. */
#include "timeline/item.h"

#include <string.h>

static const char *const kinds[TIMELINE_KINDS] = { "command", "alarm", "alert", "change",
	"calibration", "session", "result", "login", "log", "note", "gap", "clock" };
static const char *const severities[TIMELINE_SEVERITIES] = { "info", "notice", "low", "medium",
	"high" };

const char *
timeline_kind_name(enum timeline_kind k)
{
	return k < TIMELINE_KINDS ? kinds[k] : "";
}

const char *
timeline_severity_name(enum timeline_severity s)
{
	return s < TIMELINE_SEVERITIES ? severities[s] : "";
}

/* The place of a word in a table, or -1. */
static int
place(const char *const *table, int n, const char *p, size_t len)
{
	for (int i = 0; i < n; i++)
		if (strlen(table[i]) == len && memcmp(table[i], p, len) == 0)
			return i;
	return -1;
}

bool
timeline_kind_of(const char *p, size_t n, enum timeline_kind *k)
{
	int i = place(kinds, TIMELINE_KINDS, p, n);

	if (i < 0)
		return false;
	*k = (enum timeline_kind)i;
	return true;
}

bool
timeline_severity_of(const char *p, size_t n, enum timeline_severity *s)
{
	int i = place(severities, TIMELINE_SEVERITIES, p, n);

	if (i < 0)
		return false;
	*s = (enum timeline_severity)i;
	return true;
}

enum timeline_severity
timeline_syslog_severity(unsigned severity)
{
	return severity <= 2 ? TIMELINE_HIGH : severity == 3 ? TIMELINE_MEDIUM : severity == 4 ?
	    TIMELINE_LOW : severity == 5 ? TIMELINE_NOTICE : TIMELINE_INFO;
}
