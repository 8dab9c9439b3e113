/* package_custody.c: the chain of custody: a record for programs and a paragraph for people of
 * each thing that is in the package, and of each that is not. */
#include "incident/package_impl.h"

#include "base/hex.h"
#include "base/limits.h"
#include "base/stamp.h"
#include "json/jw.h"

#include <stdlib.h>
#include <string.h>

bool
custody_begin(struct custody *c, struct err *e)
{
	*c = (struct custody){ .line = malloc(LIM_RECORD) };
	if (!c->line)
		return err_set(e, "out of memory");
	for (int i = 0; i < CUSTODY_PARTS; i++)
		if (!(c->record[i].f = open_memstream(&c->record[i].p, &c->record[i].n)) ||
		    !(c->text[i].f = open_memstream(&c->text[i].p, &c->text[i].n)))
			return err_set(e, "out of memory");
	return true;
}

void
custody_end(struct custody *c)
{
	for (int i = 0; i < CUSTODY_PARTS; i++) {
		if (c->record[i].f)
			fclose(c->record[i].f);
		if (c->text[i].f)
			fclose(c->text[i].f);
		free(c->record[i].p);
		free(c->text[i].p);
	}
	free(c->line);
	*c = (struct custody){ .line = NULL };
}

/* A phrase in the list's language: new memory; takes the arguments over. */
static char *
phrase(const struct package *p, const char *key, json_t *args)
{
	return rules_say(p->ask->rules, key, p->ask->lang, args);
}

/* Its lines, the second and later ones indented. Takes the text over; NULL: out of memory. */
static bool
put_text(struct package *p, enum custody_part part, unsigned indent, char *text)
{
	FILE *f = p->custody.text[part].f;

	if (!text)
		return err_set(p->e, "out of memory");
	fprintf(f, "%*s%s\n", (int)indent, "", text);
	free(text);
	return true;
}

/* ---- records ---------------------------------------------------------------------- */

static void
begin(struct package *p, struct jw *w, const char *kind)
{
	jw_init(w, p->custody.line, LIM_RECORD);
	jw_begin(w);
	jw_time(w, "timestamp", stamp_now());
	jw_cstr(w, "event_type", "custody");
	jw_obj(w, "custody");
	jw_cstr(w, "kind", kind);
}

static bool
end(struct package *p, struct jw *w, enum custody_part part)
{
	struct custody *c = &p->custody;

	jw_end(w);
	if (!jw_line(w))
		return err_set(p->e, "a custody record of more than %u bytes", LIM_RECORD);
	c->bytes += w->n;
	if (c->bytes > LIM_PACKAGE_CUSTODY)
		return err_set(p->e, "a custody list of more than %u bytes", LIM_PACKAGE_CUSTODY);
	fwrite(w->buf, 1, w->n, c->record[part].f);
	return true;
}

static bool
said(struct package *p, enum custody_part part, const char *kind, const char *key, json_t *args)
{
	char *text = phrase(p, key, args);
	struct jw w;
	bool good;

	if (!text)
		return err_set(p->e, "out of memory");
	begin(p, &w, kind);
	jw_cstr(&w, "about", key);
	jw_cstr(&w, "text", text);
	good = end(p, &w, part);
	if (p->ask->say)
		p->ask->say(p->ask->arg, text);
	return put_text(p, part, 2, text) && good;
}

bool
custody_fault(struct package *p, const char *key, json_t *args)
{
	p->answer->faulty = true;
	return said(p, CUSTODY_FAULTS, "fault", key, args);
}

bool
custody_missing(struct package *p, const char *key, json_t *args)
{
	p->answer->lacking = true;
	return said(p, CUSTODY_MISSING, "missing", key, args);
}

bool
custody_verify(struct package *p, const char *path, const struct verify_ask *ask, const char *key)
{
	struct verify_answer *a = calloc(1, sizeof(*a));
	struct err why = { "" };
	bool good = a || err_set(p->e, "out of memory");

	if (a && !verify_ledger(a, path, ask, &why)) {
		good = custody_fault(p, "package.fault.unread", json_pack("{ss}", "why", why.text));
	} else if (a) {
		for (unsigned i = 0; good && i < a->nfound; i++)
			good = custody_fault(p, key, json_pack("{sssIss}",
			    "check", verify_check_names[a->found[i].check], "n",
			    (json_int_t)a->found[i].seq, "why", a->found[i].text));
		verify_free(a);
	}
	free(a);
	return good;
}

/* By what records and packets were chosen. */
static void
put_chosen(const struct package *p, struct jw *w)
{
	const struct package_ask *a = p->ask;

	jw_obj(w, "chosen");
	if (a->from != INT64_MIN)
		jw_time(w, "from", a->from);
	if (a->to != INT64_MAX)
		jw_time(w, "to", a->to);
	if (p->affected.n) {
		jw_arr(w, "affected");
		for (size_t i = 0; i < p->affected.n; i++)
			jw_a_cstr(w, p->affected.text[i]);
		jw_end(w);
	}
	jw_end(w);
}

static void
put_source(struct jw *w, const struct package_source *s)
{
	jw_obj(w, "source");
	jw_cstr(w, "path", s->path);
	jw_cstr(w, "sha256", s->digest);
	jw_uint(w, "size", s->size);
	jw_time(w, "modified", s->modified);
	jw_end(w);
}

static bool
item_text(struct package *p, const struct custody_item *i, char *note)
{
	char when[STAMP_TEXT];
	FILE *f = p->custody.text[CUSTODY_ITEMS].f;
	bool good;

	if (i->quiet) {
		p->custody.quiet++;
		free(note);
		return true;
	}
	fprintf(f, "  %s\n", i->file->name);
	good = put_text(p, CUSTODY_ITEMS, 4, phrase(p, "package.item", json_pack("{sssI}",
	    "digest", i->file->digest, "size", (json_int_t)i->file->size)));
	if (i->source) {
		when[stamp_put(when, i->source->modified)] = '\0';
		good = good && put_text(p, CUSTODY_ITEMS, 4, phrase(p, strcmp(
		    i->source->digest, i->file->digest) == 0 ? "package.source.same" :
		    "package.source", json_pack("{sssssIss}", "path", i->source->path, "digest",
		    i->source->digest,
		    "size", (json_int_t)i->source->size, "when", when)));
	}
	return good && (!note || put_text(p, CUSTODY_ITEMS, 4, note));
}

bool
custody_item(struct package *p, const struct custody_item *i)
{
	char *note = i->note ? phrase(p, i->note, i->args) : NULL;
	struct jw w;

	if (i->note && !note)
		return err_set(p->e, "out of memory");
	begin(p, &w, "item");
	jw_cstr(&w, "path", i->file->name);
	jw_cstr(&w, "sha256", i->file->digest);
	jw_uint(&w, "size", i->file->size);
	jw_cstr(&w, "what", i->what);
	if (i->source)
		put_source(&w, i->source);
	if (i->chosen) {
		put_chosen(p, &w);
		jw_uint(&w, "read", i->read);
		jw_uint(&w, "taken", i->taken);
	}
	jw_cstr(&w, "text", note);
	if (end(p, &w, CUSTODY_ITEMS))
		return item_text(p, i, note);
	free(note);
	return false;
}

/* ---- who made it, of what ------------------------------------------------------------ */

bool
custody_made(struct package *p, const char fingerprint[TREE_DIGEST])
{
	const struct package_ask *a = p->ask;
	char when[STAMP_TEXT], root[65] = "";
	json_int_t records = p->head ? (json_int_t)p->head->cp.size : 0;
	struct jw w;

	when[stamp_put(when, stamp_now())] = '\0';
	if (p->head)
		root[hex_put(root, p->head->cp.root.b, sizeof(p->head->cp.root.b))] = '\0';
	begin(p, &w, "package");
	jw_cstr(&w, "journal", a->journal);
	jw_cstr(&w, "title", p->incident ? p->incident->title : NULL);
	if (p->head) {
		jw_uint(&w, "records", p->head->cp.size);
		jw_cstr(&w, "root", root);
	}
	jw_cstr(&w, "who", a->who);
	jw_cstr(&w, "program", a->program);
	jw_cstr(&w, "key", fingerprint);
	jw_cstr(&w, "key_is", a->key_is_journals ? "journal" : "given");
	put_chosen(p, &w);
	return end(p, &w, CUSTODY_PACKAGE) && put_text(p, CUSTODY_PACKAGE, 0, phrase(p,
	    "package.made", json_pack("{ssssssss}", "journal", a->journal, "who", a->who, "when",
	    when, "program", a->program))) && (!p->head || put_text(p, CUSTODY_PACKAGE, 0,
	    phrase(p, "package.head", json_pack("{sIss}", "n", records, "root", root)))) &&
	    put_text(p, CUSTODY_PACKAGE, 0, phrase(p, a->key_is_journals ?
	    "package.key.journal" : "package.key.given", json_pack("{ss}", "key", fingerprint)));
}

static bool
put_entry(struct package *p, const struct incident_entry *at, struct jw *w, char *text)
{
	jw_cstr(w, "who", at->who);
	jw_time(w, "written", at->written);
	jw_uint(w, "record", at->seq);
	if (end(p, w, CUSTODY_FILES))
		return put_text(p, CUSTODY_FILES, 2, text);
	free(text);
	return false;
}

static bool
put_submission(struct package *p, const struct incident_submission *s)
{
	char when[STAMP_TEXT], written[STAMP_TEXT];
	struct jw w;

	when[stamp_put(when, s->when)] = '\0';
	written[stamp_put(written, s->at.written)] = '\0';
	begin(p, &w, "submission");
	jw_cstr(&w, "stage", s->stage);
	jw_time(&w, "at", s->when);
	jw_cstr(&w, "receipt", s->receipt);
	jw_cstr(&w, "to", s->to);
	jw_cstr(&w, "sha256", s->digest);
	jw_cstr(&w, "form", s->form);
	jw_cstr(&w, "form_text", s->form_text);
	jw_cstr(&w, "report", s->report);
	return put_entry(p, &s->at, &w, phrase(p, "package.submission", json_pack(
	    "{ssssssssssss sI}", "stage", s->stage, "when", when, "receipt", s->receipt ?
	    s->receipt : "–", "digest", s->digest ? s->digest : "–", "who", s->at.who, "written",
	    written, "n", (json_int_t)s->at.seq)));
}

bool
custody_files(struct package *p)
{
	const struct incident *i = p->incident;
	char written[STAMP_TEXT];
	bool good = true;
	struct jw w;

	for (size_t k = 0; i && good && k < i->nfiles; k++) {
		const struct incident_file *f = &i->files[k];

		written[stamp_put(written, f->at.written)] = '\0';
		begin(p, &w, "file");
		jw_cstr(&w, "name", f->name);
		jw_cstr(&w, "sha256", f->digest);
		jw_uint(&w, "size", f->size);
		jw_cstr(&w, "text", f->text);
		good = put_entry(p, &f->at, &w, phrase(p, "package.file", json_pack(
		    "{sssssIsssssI}", "name", f->name, "digest", f->digest, "size",
		    (json_int_t)f->size, "who", f->at.who, "written", written, "n",
		    (json_int_t)f->at.seq)));
	}
	for (size_t k = 0; i && good && k < i->nsubmissions; k++)
		good = put_submission(p, &i->submissions[k]);
	return good;
}

/* ---- into the folder ------------------------------------------------------------------- */

static bool
put_part(struct package *p, struct tree_out *o, enum custody_part k, bool text)
{
	static const char *const titles[] = { "package.faults", "package.title",
		"package.missing", "package.items", "package.files" };
	static const char *const none[] = { NULL, NULL, "package.missing.none", NULL,
		"package.files.none" };
	struct custody *c = &p->custody;
	const char *title = rules_word(p->ask->rules, titles[k], p->ask->lang), *empty;
	FILE *f = text ? c->text[k].f : c->record[k].f;

	if (ferror(f) || fflush(f) != 0)
		return err_set(p->e, "out of memory");
	if (!text)
		return tree_write(o, c->record[k].p, c->record[k].n, p->e);
	if (!c->text[k].n && !none[k])
		return true;
	if (!tree_write(o, title, strlen(title), p->e) || !tree_write(o, "\n\n", 2, p->e))
		return false;
	empty = c->text[k].n ? "" : rules_word(p->ask->rules, none[k], p->ask->lang);
	return tree_write(o, c->text[k].n ? c->text[k].p : empty, c->text[k].n ? c->text[k].n :
	    strlen(empty), p->e) && tree_write(o, "\n\n", c->text[k].n ? 1 : 2, p->e);
}

bool
custody_put(struct package *p)
{
	struct tree_out o;

	if (p->custody.quiet && !put_text(p, CUSTODY_ITEMS, 2, phrase(p, "package.quiet",
	    json_pack("{sI}", "n", (json_int_t)p->custody.quiet))))
		return false;
	for (int text = 0; text < 2; text++) {
		if (!tree_open(&p->tree, &o, text ? "custody.txt" : "custody.ndjson", p->e))
			return false;
		for (int k = 0; k < CUSTODY_PARTS; k++)
			if (!put_part(p, &o, (enum custody_part)k, text)) {
				tree_drop(&p->tree, &o);
				return false;
			}
		if (!tree_close(&p->tree, &o, false, p->e))
			return false;
	}
	return true;
}
