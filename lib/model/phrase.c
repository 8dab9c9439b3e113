/* phrase.c: the words of reports: numbers, citations, phrases with arguments. */
#include "model/rules.h"

#include "model/rules_impl.h"

static bool
is_sv(const char *lang)
{
	return lang && strcmp(lang, "sv") == 0;
}

static const char *
look_up(const struct rules *r, const char *list, const char *key, const char *lang)
{
	const json_t *v = json_object_get(json_object_get(r->doc[RULES_WORDS], list), key);
	const char *s = json_string_value(json_object_get(v, is_sv(lang) ? "sv" : "en"));

	if (s)
		return s;
	if (!(v = json_object_get(r->missing, key))) {
		json_object_set_new(r->missing, key, json_string(key));
		v = json_object_get(r->missing, key);
	}
	return v ? json_string_value(v) : "";
}

const char *
rules_word(const struct rules *r, const char *key, const char *lang)
{
	return look_up(r, "words", key, lang);
}

/* A name or reference that must not be broken over lines. */
static void
put_whole(FILE *f, const char *s)
{
	for (; *s; s++)
		fputs(*s == ' ' ? "\xc2\xa0" : (char[2]){ *s }, f);
}

/* Where the last part of a reference begins: "art. 21.2 |d", "Art. 21(2)|(d)". */
static size_t
last_part(const char *s)
{
	size_t at = 0;

	for (size_t i = 0; s[i]; i++)
		if (s[i] == ' ')
			at = i + 1;
		else if (s[i] == '(')
			at = i;
	return at;
}

void
rules_cites(FILE *f, const struct rules_ref *const *ref, size_t n, const char *lang)
{
	const char *where, *before = "";
	size_t at;

	for (size_t i = 0; i < n; i++, before = where) {
		bool same = i && ref[i]->act == ref[i - 1]->act;

		where = rules_text(&ref[i]->ref, lang);
		at = last_part(where);
		fputs(!i ? "" : same ? ", " : "; ", f);
		if (!same) {
			put_whole(f, rules_text(&ref[i]->act->name, lang));
			fputs(*where ? "\xc2\xa0" : "", f);
		}
		/* what two have in common is said once: "art. 21.2 d, i" */
		same = same && at == last_part(before) && strncmp(where, before, at) == 0;
		put_whole(f, where + (same ? at : 0));
	}
}

const char *
rules_number(char dst[40], int64_t v, const char *lang)
{
	const char *sep = is_sv(lang) ? "\xc2\xa0" : ",";
	uint64_t m = v < 0 ? -(uint64_t)v : (uint64_t)v;
	char digit[24];
	size_t at = 0;
	int n = snprintf(digit, sizeof(digit), "%llu", (unsigned long long)m);

	if (v < 0) {
		memcpy(dst, "\xe2\x88\x92", 3);
		at = 3;
	}
	for (int i = 0; i < n; i++) {
		if (i && (n - i) % 3 == 0) {
			memcpy(dst + at, sep, strlen(sep));
			at += strlen(sep);
		}
		dst[at++] = digit[i];
	}
	dst[at] = '\0';
	return dst;
}

static void
put_arg(FILE *f, const json_t *v, const char *lang, bool share)
{
	char num[40];
	size_t i, n;

	if (json_is_string(v)) {
		fputs(json_string_value(v), f);
	} else if (json_is_integer(v)) {
		fputs(rules_number(num, json_integer_value(v), lang), f);
		if (share)
			fputs(is_sv(lang) ? "\xc2\xa0%" : "%", f);
	} else if (json_is_array(v)) {
		n = json_array_size(v);
		for (i = 0; i < n; i++) {
			if (i)
				fputs(i + 1 < n ? ", " : is_sv(lang) ? " och " : " and ", f);
			put_arg(f, json_array_get(v, i), lang, false);
		}
	}
}

/* One of "one|many" or "none|one|many", by the number; '#' in it is the number. */
static void
put_form(FILE *f, const char *p, const char *end, json_int_t v, const char *lang)
{
	const char *bar;
	char num[40];
	int bars = 0, want;

	for (bar = p; bar < end; bar++)
		bars += *bar == '|';
	want = bars == 2 ? v == 0 ? 0 : v == 1 ? 1 : 2 : v != 1;
	for (; want > 0 && p < end; p++)
		want -= *p == '|';
	for (; p < end && *p != '|'; p++)
		if (*p == '#')
			fputs(rules_number(num, v, lang), f);
		else
			fputc(*p, f);
}

char *
rules_phrase(const struct rules *r, const char *key, const char *lang, const json_t *args)
{
	const char *p = look_up(r, "phrases", key, lang), *end, *q;
	char name[32], *out = NULL;
	const json_t *v;
	size_t n, len;
	FILE *f = open_memstream(&out, &len);

	if (!f)
		return NULL;
	for (; *p; p = end + 1) {
		n = strcspn(p, "{");
		fwrite(p, 1, n, f);
		p += n;
		if (!*p || !(end = strchr(p, '}')))
			break;
		n = strcspn(++p, "?%}");
		snprintf(name, sizeof(name), "%.*s", (int)n, p);
		v = json_object_get(args, name);
		q = p + n;
		if (*q == '?') {
			put_form(f, q + 1, end, json_integer_value(v), lang);
		} else {
			put_arg(f, v, lang, *q == '%');
		}
	}
	if (fclose(f) != 0) {
		free(out);
		return NULL;
	}
	return out;
}

char *
rules_say(const struct rules *r, const char *key, const char *lang, json_t *args)
{
	char *s = rules_phrase(r, key, lang, args);

	json_decref(args);
	return s;
}

char *
rules_span(const struct rules *r, int64_t us, const char *lang)
{
	static const struct { const char *key; int64_t from, one; } unit[] = {
		{ "span.days", 172800000000, 86400000000 },
		{ "span.hours", 7200000000, 3600000000 },
		{ "span.minutes", 60000000, 60000000 }, { "span.seconds", 0, 1000000 },
	};
	size_t i = 0;

	us = us < 0 ? 0 : us;
	while (us < unit[i].from)
		i++;
	return rules_say(r, unit[i].key, lang, json_pack("{sI}", "n",
	    (json_int_t)(us / unit[i].one)));
}
