/* field_value.c: values of an incident's fields: as people write them, as JSON, in words. */
#include "incident/field.h"

#include "base/limits.h"
#include "base/stamp.h"
#include "model/local_time.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static json_t *
out_of_memory(struct err *e)
{
	err_set(e, "out of memory");
	return NULL;
}

/* ---- as people write them --------------------------------------------------------- */

static json_t *
read_yesno(const char *text, struct err *e)
{
	static const char *const yes[] = { "yes", "ja", "true" }, *const no[] = { "no", "nej",
	    "false" };

	for (size_t i = 0; i < 3; i++) {
		if (strcasecmp(text, yes[i]) == 0)
			return json_true();
		if (strcasecmp(text, no[i]) == 0)
			return json_false();
	}
	err_set(e, "expected yes or no, not \"%.40s\"", text);
	return NULL;
}

static json_t *
read_time(const char *text, const char *zone, struct err *e)
{
	char buf[STAMP_TEXT];
	int64_t us;

	if (!local_parse(zone, text, false, &us, e))
		return NULL;
	return json_stringn(buf, stamp_put(buf, us));
}

/* A number with blanks between its thousands, and a point or comma before its decimals;
 * "1,250" may mean either, so it is refused. */
static json_t *
read_number(const char *text, struct err *e)
{
	char plain[40];
	const char *p = text;
	size_t n = 0, after = 0;
	char *end;
	double v;
	char mark = 0;

	for (; *p && n + 1 < sizeof(plain); p++)
		if (strncmp(p, "\xc2\xa0", 2) == 0)
			p++;
		else if (*p == '.' || *p == ',') {
			if (mark)
				break;
			mark = *p;
			plain[n++] = '.';
		} else if (*p != ' ') {
			after += mark != 0;
			plain[n++] = *p;
		}
	plain[n] = '\0';
	if (*p || n == 0 || strspn(plain, "-.0123456789") != n) {
		err_set(e, "expected a number like 1250 or 0.5, not \"%.40s\"", text);
		return NULL;
	}
	if (mark == ',' && after == 3) {
		err_set(e, "\"%s\" may be %s or %.*s%s: write it without the comma", text, plain,
		    (int)(strchr(plain, '.') - plain), plain, strchr(plain, '.') + 1);
		return NULL;
	}
	v = strtod(plain, &end);
	if (*end || !isfinite(v)) {
		err_set(e, "expected a number like 1250 or 0.5, not \"%.40s\"", text);
		return NULL;
	}
	return v == floor(v) && fabs(v) < 9e15 ? json_integer((json_int_t)v) : json_real(v);
}

/* "6h", "1h30m", "2 d", "6 h 30 min": whole seconds. */
static json_t *
read_span(const char *text, struct err *e)
{
	static const struct { const char *unit; int64_t seconds; } units[] = {
		{ "min", 60 }, { "tim", 3600 }, { "d", 86400 }, { "h", 3600 }, { "m", 60 },
		{ "s", 1 }, { "w", 604800 },
	};
	const char *p = text;
	int64_t sum = 0;
	bool any = false;

	while (*(p += strspn(p, " "))) {
		size_t digits = strspn(p, "0123456789"), u;
		const char *after = p + digits + strspn(p + digits, " ");

		for (u = 0; u < sizeof(units) / sizeof(*units); u++)
			if (strncmp(after, units[u].unit, strlen(units[u].unit)) == 0)
				break;
		if (digits < 1 || digits > 9 || u == sizeof(units) / sizeof(*units))
			break;
		sum += strtoll(p, NULL, 10) * units[u].seconds;
		p = after + strlen(units[u].unit);
		any = true;
	}
	if (*p || !any) {
		err_set(e, "expected a time such as 6h, 90min or 1h30m, not \"%.40s\"", text);
		return NULL;
	}
	return json_integer(sum);
}

static const struct incident_choice *
choice_of(const struct incident_field *f, const char *text, size_t n)
{
	for (size_t i = 0; i < f->nchoices; i++) {
		const struct incident_choice *c = &f->choice[i];
		const char *const names[] = { c->id, c->name.sv, c->name.en };

		for (size_t k = 0; k < 3; k++)
			if (strlen(names[k]) == n && strncasecmp(names[k], text, n) == 0)
				return c;
	}
	return NULL;
}

static void
say_choices(const struct incident_field *f, const char *text, size_t n, struct err *e)
{
	size_t used;

	err_set(e, "\"%.*s\" is none of ", (int)(n < 40 ? n : 40), text);
	for (size_t i = 0; i < f->nchoices; i++) {
		used = strlen(e->text);
		snprintf(e->text + used, sizeof(e->text) - used, "%s%s", i ? ", " : "",
		    f->choice[i].id);
	}
}

/* One choice, or several with commas between them. */
static json_t *
read_choices(const struct incident_field *f, const char *text, struct err *e)
{
	const struct incident_choice *c;
	json_t *list;
	size_t n;

	if (f->type == INCIDENT_CHOICE) {
		if ((c = choice_of(f, text, strlen(text))))
			return json_string(c->id);
		say_choices(f, text, strlen(text), e);
		return NULL;
	}
	if (!(list = json_array()))
		return out_of_memory(e);
	for (const char *p = text; ; p += n + 1) {
		p += strspn(p, " ");
		n = strcspn(p, ",");
		for (size_t end = n; ; end--)
			if (end == 0 || p[end - 1] != ' ') {
				c = choice_of(f, p, end);
				if (!c)
					say_choices(f, p, end, e);
				break;
			}
		if (!c || json_array_append_new(list, json_string(c->id)) < 0) {
			json_decref(list);
			return NULL;
		}
		if (!p[n])
			return list;
	}
}

json_t *
incident_field_read(const struct incident_field *f, const char *text, const char *zone,
    struct err *e)
{
	json_t *v = NULL;

	switch (f->type) {
	case INCIDENT_TEXT: v = json_string(text); break;
	case INCIDENT_YESNO: v = read_yesno(text, e); break;
	case INCIDENT_TIME: v = read_time(text, zone, e); break;
	case INCIDENT_NUMBER: v = read_number(text, e); break;
	case INCIDENT_SPAN: v = read_span(text, e); break;
	case INCIDENT_CHOICE:
	case INCIDENT_CHOICES: v = read_choices(f, text, e); break;
	case INCIDENT_TYPES: break;
	}
	if (!v) {
		if (!e->text[0])
			err_set(e, "no UTF-8, or out of memory");
		return NULL;
	}
	if (incident_field_fits(f, v, e))
		return v;
	json_decref(v);
	return NULL;
}

/* ---- as JSON -------------------------------------------------------------------- */

static bool
all_choices(const struct incident_field *f, const json_t *list)
{
	const json_t *o;
	size_t i;

	json_array_foreach(list, i, o)
		if (!json_is_string(o) ||
		    !choice_of(f, json_string_value(o), json_string_length(o)))
			return false;
	return json_array_size(list) > 0 && json_array_size(list) <= f->nchoices;
}

bool
incident_field_fits(const struct incident_field *f, const json_t *v, struct err *e)
{
	double d = json_number_value(v);
	int64_t us;

	switch (f->type) {
	case INCIDENT_TEXT:
		if (json_is_string(v) && json_string_length(v) > 0 &&
		    json_string_length(v) <= LIM_INCIDENT_TEXT)
			return true;
		return err_set(e, "expected a text of 1 to %d bytes", LIM_INCIDENT_TEXT);
	case INCIDENT_YESNO:
		return json_is_boolean(v) || err_set(e, "expected true or false");
	case INCIDENT_TIME:
		return (json_is_string(v) &&
		    stamp_parse(&us, json_string_value(v), json_string_length(v))) ||
		    err_set(e, "expected a time like 2026-11-22T08:12:00.000000+0000");
	case INCIDENT_NUMBER:
		if (!json_is_number(v))
			return err_set(e, "expected a number");
		if (d >= f->min && d <= f->max)
			return true;
		return isfinite(f->max) ?
		    err_set(e, "expected a number from %g to %g, not %g", f->min, f->max, d) :
		    err_set(e, "expected a number of %g or more, not %g", f->min, d);
	case INCIDENT_SPAN:
		return (json_is_integer(v) && json_integer_value(v) >= 0 &&
		    json_integer_value(v) <= INT64_C(10000) * 86400) ||
		    err_set(e, "expected a length of time of at most 10000 days");
	case INCIDENT_CHOICE:
		return (json_is_string(v) &&
		    choice_of(f, json_string_value(v), json_string_length(v))) ||
		    err_set(e, "expected one of its choices");
	case INCIDENT_CHOICES:
		return all_choices(f, v) || err_set(e, "expected a list of its choices");
	case INCIDENT_TYPES: break;
	}
	return false;
}

/* ---- in words -------------------------------------------------------------------- */

static void
put_number(FILE *f, const json_t *v, const char *lang)
{
	double d = json_number_value(v), whole = trunc(d);
	char text[40], part[40];

	if (d < 0 && whole == 0)
		fputc('-', f);
	fputs(rules_number(text, (int64_t)whole, lang), f);
	if (d == whole)
		return;
	snprintf(part, sizeof(part), "%.6f", fabs(d - whole));
	for (size_t n = strlen(part); n > 3 && part[n - 1] == '0'; n--)
		part[n - 1] = '\0';
	fprintf(f, "%c%s", strcmp(lang, "sv") == 0 ? ',' : '.', part + 2);
}

/* "2 d 6 h 30 min". */
static void
put_span(FILE *f, int64_t s)
{
	static const struct { const char *unit; int64_t seconds; } units[] = {
		{ "d", 86400 }, { "h", 3600 }, { "min", 60 }, { "s", 1 },
	};
	const char *blank = "";

	for (size_t i = 0; i < 4; s %= units[i++].seconds)
		if (s >= units[i].seconds || (i == 3 && !*blank)) {
			fprintf(f, "%s%lld\xc2\xa0%s", blank,
			    (long long)(s / units[i].seconds), units[i].unit);
			blank = " ";
		}
}

static const char *
choice_name(const struct incident_field *f, const json_t *v, const char *lang)
{
	const struct incident_choice *c = json_is_string(v) ?
	    choice_of(f, json_string_value(v), json_string_length(v)) : NULL;

	return c ? rules_text(&c->name, lang) : "?";
}

char *
incident_field_text(const struct rules *r, const struct incident_field *field, const json_t *v,
    const char *zone, const char *lang)
{
	char *text = NULL, when[LOCAL_TEXT];
	size_t n, i;
	FILE *f = open_memstream(&text, &n);
	const json_t *o;
	int64_t us;

	if (!f)
		return NULL;
	switch (field->type) {
	case INCIDENT_TEXT: fputs(json_is_string(v) ? json_string_value(v) : "", f); break;
	case INCIDENT_YESNO: fputs(rules_word(r, json_is_true(v) ? "yes" : "no", lang), f); break;
	case INCIDENT_TIME:
		if (json_is_string(v) &&
		    stamp_parse(&us, json_string_value(v), json_string_length(v)))
			fputs(local_text(when, zone, us), f);
		break;
	case INCIDENT_NUMBER:
		put_number(f, v, lang);
		if (field->unit)
			fprintf(f, "\xc2\xa0%s", field->unit);
		break;
	case INCIDENT_SPAN: put_span(f, json_integer_value(v)); break;
	case INCIDENT_CHOICE: fputs(choice_name(field, v, lang), f); break;
	case INCIDENT_CHOICES:
		json_array_foreach(v, i, o)
			fprintf(f, "%s%s", i ? ", " : "", choice_name(field, o, lang));
		break;
	case INCIDENT_TYPES: break;
	}
	if (fclose(f) != 0) {
		free(text);
		return NULL;
	}
	return text;
}
