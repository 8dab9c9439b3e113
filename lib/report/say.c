#include "report/say.h"

#include "base/stamp.h"

#include <stdlib.h>
#include <string.h>

char *
say(const struct paper *p, const char *key, json_t *args)
{
	return rules_say(paper_rules(p), key, paper_lang(p), args);
}

/* The phrase to whoever takes a text. */
static void
hand(struct paper *p, void (*to)(struct paper *, const char *), const char *key, json_t *args)
{
	char *s = say(p, key, args);

	to(p, s);
	free(s);
}

void
say_byline(struct paper *p, const char *key, json_t *args)
{
	hand(p, paper_byline, key, args);
}

void
say_cell(struct paper *p, const char *key, json_t *args)
{
	hand(p, paper_cell, key, args);
}

void
say_sub(struct paper *p, const char *key, json_t *args)
{
	hand(p, paper_sub, key, args);
}

void
say_note(struct paper *p, const char *key, json_t *args)
{
	hand(p, paper_note, key, args);
}

void
say_item(struct paper *p, const char *key, json_t *args)
{
	hand(p, paper_item, key, args);
}

void
say_share(struct paper *p, const char *class, const char *key, size_t n)
{
	char *s = say(p, key, json_pack("{sI}", "n", (json_int_t)n));

	paper_share(p, class, n, s ? s : "");
	free(s);
}

void
say_limits(struct paper *p, const char *key)
{
	char *heading = say(p, "method.limits", NULL);

	paper_section(p, "limits", heading ? heading : "");
	free(heading);
	paper_para(p, say_word(p, key));
}

const char *
say_word(const struct paper *p, const char *key)
{
	return rules_word(paper_rules(p), key, paper_lang(p));
}

const char *
say_site(const struct paper *p, const struct site *s)
{
	const char *name = site_title(s, paper_lang(p));

	return name ? name : say_word(p, "report.nosite");
}
