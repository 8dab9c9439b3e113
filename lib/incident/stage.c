/* stage.c: a form's fields answered from the journal, then from records. */
#include "incident/stage.h"

#include <stdlib.h>
#include <string.h>

const char *const stage_status_names[STAGE_STATUSES] = { "answered", "unknown", "missing", "open",
	"not_asked" };
const char *const stage_basis_names[STAGE_BASES] = { "person", "evidence", "records", "site",
	"ledger", "journal" };

int64_t
stage_date(const struct incident *i, const char **by)
{
	static const char *const names[] = { "occurred_at", "detected_at", "aware_at" };
	int64_t us;

	for (size_t k = 0; k < sizeof(names) / sizeof(*names); k++)
		if (incident_time(i, names[k], &us)) {
			*by = names[k];
			return us;
		}
	*by = NULL;
	return i->opened.written;
}

/* ---- parts ------------------------------------------------------------------------- */

static struct stage_part *
more(struct stage_field *f)
{
	struct stage_part *v = f->part;

	if (!(f->nparts & (f->nparts - 1))) {
		v = realloc(v, (f->nparts ? 2 * f->nparts : 1) * sizeof(*v));
		if (!v)
			return NULL;
		f->part = v;
	}
	v = &f->part[f->nparts++];
	*v = (struct stage_part){ NULL };
	return v;
}

/* The value in force in the journal, else what records give. *found: there is one. */
static bool
add(struct stage *s, struct stage_field *f, const struct incident_field *field, const char *name,
    bool also, bool *found)
{
	static const enum stage_basis of[] = { STAGE_RECORDS, STAGE_SITE, STAGE_LEDGER,
		STAGE_JOURNAL };
	const struct incident_value *v = incident_value(s->of.incident, name, UINT64_MAX);
	const struct prefill_value *x = v ? NULL : prefill_value(s->of.prefill, name);
	struct stage_part *p;

	*found = v || x;
	if (!*found)
		return true;
	if (!(p = more(f)))
		return false;
	p->field = field;
	p->also = also;
	if (v) {
		p->name = v->name;
		p->value = v->value;
		p->basis = v->evidence ? STAGE_EVIDENCE : STAGE_PERSON;
		p->who = v->at.who;
		p->at = v->at.written;
		p->record = v->at.seq;
		p->records = v->records;
		p->corrected = v->corrects != 0;
	} else {
		p->name = x->name;
		p->value = x->value;
		p->basis = of[x->basis];
		p->records = x->records;
		p->more = x->more;
	}
	p->text = p->value ? incident_field_text(s->of.rules, field, p->value,
	    s->of.incident->zone, s->of.lang) :
	    strdup(rules_word(s->of.rules, "stage.unknown", s->of.lang));
	return p->text != NULL;
}

static bool
lack(struct stage_field *f, const struct incident_field *field)
{
	if (!f->lacks && !(f->lacks = calloc(f->form->nfrom, sizeof(*f->lacks))))
		return false;
	for (size_t i = 0; i < f->nlacks; i++)
		if (f->lacks[i] == field)
			return true;
	f->lacks[f->nlacks++] = field;
	return true;
}

static bool
take_plain(struct stage *s, struct stage_field *f)
{
	bool found;

	for (size_t i = 0; i < f->form->nfrom; i++) {
		const struct incident_field *v = f->form->from[i];

		if (!add(s, f, v, v->id, false, &found) || (!found && !lack(f, v)))
			return false;
	}
	return true;
}

/* "measure.#.name" with a number. */
static void
numbered(char dst[INCIDENT_NAME + 4], const char *id, int n)
{
	const char *mark = strchr(id, '#');

	snprintf(dst, INCIDENT_NAME + 4, "%.*s%d%s", (int)(mark - id), id, n, mark + 1);
}

static bool
take_list(struct stage *s, struct stage_field *f)
{
	const struct form_field *form = f->form;
	char name[INCIDENT_NAME + 4];
	bool found, any;
	size_t i;

	for (int n = 1; n <= INCIDENT_LIST; n++) {
		for (any = false, i = 0; i < form->nfrom && !any; i++) {
			numbered(name, form->from[i]->id, n);
			any = incident_value(s->of.incident, name, UINT64_MAX) != NULL;
		}
		for (i = 0; any && i < form->nfrom; i++) {
			numbered(name, form->from[i]->id, n);
			if (!add(s, f, form->from[i], name, false, &found) ||
			    (!found && !lack(f, form->from[i])))
				return false;
		}
	}
	for (i = 0; f->nparts == 0 && i < form->nfrom; i++)
		if (!lack(f, form->from[i]))
			return false;
	return true;
}

/* ---- a field's text ------------------------------------------------------------------- */

/* Of a list: "measure.2.name" and "measure.2.status". */
static bool
same_entry(const char *a, const char *b)
{
	return strncmp(a, b, (size_t)(strrchr(b, '.') - b + 1)) == 0;
}

/* One time where the form has a time. */
static void
set_beside(struct stage_field *f)
{
	bool time = f->form->from[0]->type == INCIDENT_TIME && f->nparts && !f->part[0].also;

	for (size_t i = 0; i < f->nparts; i++)
		f->part[i].beside = time && f->part[i].also &&
		    f->part[i].field->type == INCIDENT_TIME;
}

/* Of one value its words alone; of several each under its name. */
static bool
write_text(const struct stage *s, struct stage_field *f)
{
	bool alone = f->nparts && !f->part[0].also && (f->nparts == 1 || f->part[1].beside);
	const struct stage_part *before = NULL;
	const char *lang = s->of.lang;
	size_t size;
	FILE *o = open_memstream(&f->text, &size);

	if (!o)
		return false;
	for (size_t i = 0; i < f->nparts; i++) {
		const struct stage_part *p = &f->part[i];
		bool lines = strchr(p->text, '\n') != NULL;

		if (p->beside)
			continue;
		if (before && (p->also || strchr(before->text, '\n') ||
		    (f->form->list && !same_entry(before->name, p->name))))
			fputc('\n', o);
		before = p;
		if (!alone && (f->form->nfrom > 1 || p->also))
			fprintf(o, "%s:%s", rules_text(&p->field->label, lang), lines ? "\n" : " ");
		fprintf(o, "%s\n", p->text);
	}
	if (fclose(o) != 0)
		return false;
	while (size && f->text[size - 1] == '\n')
		f->text[--size] = '\0';
	return true;
}

static void
judge(struct stage *s, struct stage_field *f)
{
	size_t own = 0, unknown = 0;

	for (size_t i = 0; i < f->nparts; i++)
		if (!f->part[i].also) {
			own++;
			unknown += !f->part[i].value;
		}
	if (f->form->any && own)
		f->nlacks = 0;
	if (f->nlacks && f->form->required)
		f->status = STAGE_MISSING;
	else if (own == 0)
		f->status = STAGE_OPEN;
	else
		f->status = unknown == own ? STAGE_UNKNOWN : STAGE_ANSWERED;
	s->missing += f->status == STAGE_MISSING;
	s->unknown += f->status == STAGE_UNKNOWN;
	for (size_t i = 0; i < f->nparts; i++)
		if (f->part[i].basis != STAGE_PERSON) {
			s->prefilled++;
			break;
		}
}

static bool
fill(struct stage *s, struct stage_field *f)
{
	bool yes, found;

	/* nobody said which case it is: it may be asked, and is not missing yet */
	if (f->form->when && (!incident_yes(s->of.incident, f->form->when->id, &yes) ||
	    yes != f->form->when_is)) {
		f->status = STAGE_NOT_ASKED;
		f->text = strdup("");
		return f->text != NULL;
	}
	if (!(f->form->list ? take_list(s, f) : take_plain(s, f)))
		return false;
	for (size_t i = 0; i < f->form->nalso; i++)
		if (!add(s, f, f->form->also[i], f->form->also[i]->id, true, &found))
			return false;
	judge(s, f);
	set_beside(f);
	return write_text(s, f);
}

bool
stage_make(struct stage *s, const struct stage_of *of, struct err *e)
{
	*s = (struct stage){ .of = *of };
	s->field = calloc(of->stage->nfields, sizeof(*s->field));
	for (; s->field && s->nfields < of->stage->nfields; s->nfields++) {
		struct stage_field *f = &s->field[s->nfields];

		f->form = &of->stage->field[s->nfields];
		if (!fill(s, f)) {
			s->nfields++;
			stage_free(s);
			return err_set(e, "out of memory");
		}
	}
	if (!s->field)
		return err_set(e, "out of memory");
	if (of->stage->form->recipient)
		s->recipient = rules_authority(of->rules, of->stage->form->recipient, of->now,
		    of->lang, &s->recipient_short, &s->channel);
	return true;
}

void
stage_free(struct stage *s)
{
	for (size_t i = 0; i < s->nfields; i++) {
		for (size_t k = 0; k < s->field[i].nparts; k++)
			free(s->field[i].part[k].text);
		free(s->field[i].part);
		free(s->field[i].lacks);
		free(s->field[i].text);
	}
	free(s->field);
	*s = (struct stage){ .nfields = 0 };
}

/* ---- asked ------------------------------------------------------------------------------- */

const char *
stage_ask(const struct stage *s, const struct form_field *f, const char **person)
{
	const struct site_person *p = site_role(s->of.site, f->ask);
	char key[64];

	snprintf(key, sizeof(key), "person.%s", f->ask);
	*person = p ? p->name : NULL;
	return rules_word(s->of.rules, key, s->of.lang);
}

const char *
stage_question(const struct stage *s, const struct stage_field *f)
{
	return rules_text(&(f->nlacks ? f->lacks[0] : f->form->from[0])->question, s->of.lang);
}

const char *
stage_hint(const struct stage *s, const struct stage_field *f)
{
	const struct incident_field *v = f->nlacks ? f->lacks[0] : f->form->from[0];

	return v->hint.sv ? rules_text(&v->hint, s->of.lang) : NULL;
}
