/* incident_open.c: nis2report incident open: a journal begun. */
#include "incident.h"

#include "base/diag.h"
#include "base/stamp.h"
#include "model/site.h"

#include <string.h>

enum { O_TITLE = WRITING_OWN, O_SITE, O_ORIGIN, O_ZONE };

static const struct opt opts[] = {
	WRITING_OPTS,
	{ "origin", 'o', "NAME", "what the journal is called everywhere", NULL, O_ORIGIN },
	{ "site", 's', "FILE", "the site file: who we are, and the time zone", "file", O_SITE },
	{ "title", 't', "TEXT", "what it is about, in a few words", NULL, O_TITLE },
	{ "zone", 'z', "ZONE", "of times without one (the site's, or Europe/Stockholm)", NULL,
	    O_ZONE },
	{ NULL },
};

static const struct prog prog = {
	.name = "nis2report incident open",
	.synopsis = "nis2report incident open -t TEXT [-a NAME] [-k KEY] [-o NAME] [-p FILE] "
	    "[-s FILE]\n[-z ZONE] [--log-key KEY] [--now TIME] [--rules DIR] DIR",
	.purpose = "Begins an incident's journal in a new folder.",
	.opts = opts,
	.words = "dir",
	.unconfined = true,
};

/* "lab.example/incident/INC-7" of a site's key and the folder's name. */
static void
call_it(char *dst, size_t cap, const char *path, const struct site *site)
{
	size_t n = strlen(path), from;

	while (n > 1 && path[n - 1] == '/')
		n--;
	for (from = n; from > 0 && path[from - 1] != '/'; )
		from--;
	snprintf(dst, cap, "%s%sincident/%.*s", site && site->key ? site->key : "",
	    site && site->key ? "/" : "", (int)(n - from), path + from);
	for (char *p = dst; *p; p++)
		if (strchr(" +\"\\", *p))
			*p = '-';
}

static json_t *
opened(const char *title, const char *zone, const struct site *site)
{
	const struct site_org *org = site ? &site->org : NULL;
	json_t *o = json_pack("{ss ss ss*}", "title", title, "zone", zone, "site",
	    site ? site->key : NULL), *list;

	if (!o || !org)
		return o;
	if (site_word(&org->name, "sv"))
		json_object_set_new(o, "organisation", json_string(site_word(&org->name, "sv")));
	if (org->number)
		json_object_set_new(o, "number", json_string(org->number));
	if (org->sector.n && (list = json_array())) {
		for (size_t i = 0; i < org->sector.n; i++)
			json_array_append_new(list, json_string(org->sector.v[i]));
		json_object_set_new(o, "sectors", list);
	}
	return o;
}

int
incident_open_main(int argc, char **argv)
{
	const char *title = NULL, *origin = NULL, *zone = NULL, *file = NULL;
	struct writing w = { .seq = 2 };
	struct site *site = NULL;
	json_t *payload = NULL;
	char name[512];
	struct opt_state os;
	struct err e = { "" };
	int id, status;

	diag_name(prog.name);
	for (opt_begin(&os, &prog, argc, argv); (id = opt_next(&os, &e)) > 0; )
		if (!writing_take(&w, id, &os, &e) && !e.text[0])
			switch (id) {
			case O_TITLE: title = os.value; break;
			case O_ORIGIN: origin = os.value; break;
			case O_SITE: file = os.value; break;
			case O_ZONE: zone = os.value; break;
			}
		else if (e.text[0])
			break;
	if (id == -2)
		return 0;
	if (!e.text[0] && argc - os.i != 1)
		err_set(&e, "one new folder is expected: the incident's name, like INC-7");
	if (!e.text[0] && (!title || !*title))
		err_set(&e, "what is it about? --title TEXT");
	if (!e.text[0] && zone && !site_timezone(zone, 0, NULL))
		err_set(&e, "--zone %s: a zone such as Europe/Stockholm, or UTC", zone);
	w.path = argv[os.i];
	if (!e.text[0] && writing_open(&w, true, &e) && (!file || (site = site_load(file, &e)))) {
		if (!zone)
			zone = site && site->timezone ? site->timezone : "Europe/Stockholm";
		call_it(name, sizeof(name), w.path, site);
		payload = opened(title, zone, site);
		if (!payload)
			err_set(&e, "--title: no UTF-8, or out of memory");
		else
			(void)journal_begin(w.path, origin ? origin : name, &w.who, payload, &e);
	}
	status = writing_close(&w, title, &e);
	json_decref(payload);
	site_free(site);
	return status;
}
