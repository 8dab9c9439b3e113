#include "ledger/window.h"

#define DAY_US (86400 * INT64_C(1000000))

bool
window_of(const struct fact *f, int64_t *from, int64_t *to, bool *day)
{
	struct moment a = f->from, b = f->at, whole;

	switch (f->kind) {
	case FACT_CALIBRATION:
	case FACT_VERIFICATION:
	case FACT_ADJUSTMENT:
	case FACT_REPAIR:
	case FACT_FIRMWARE:
		break;
	default:
		return false;
	}
	/* one moment is no window */
	*day = a.whole || (!b.whole && a.us >= b.us);
	if (*day && !a.whole)
		a = moment_day(moment_of(a.us).day);
	whole = moment_day(moment_of(b.us).day);
	*from = a.us;
	*to = *day && !b.whole ? moment_end(&whole) : moment_end(&b);
	/* a day elsewhere may have ended in UTC before the work began */
	if (*to < *from)
		*to = *from - *from % DAY_US + DAY_US - 1;
	return true;
}

bool
window_write(struct jw *w, const struct inst *i, const struct fact *f)
{
	int64_t from, to;
	bool day;

	if (!window_of(f, &from, &to, &day))
		return true;
	jw_begin(w);
	jw_time(w, "timestamp", from);
	jw_cstr(w, "event_type", "window");
	jw_obj(w, "window");
	jw_cstr(w, "instrument", i->id);
	jw_cstr(w, "asset", i->text[INST_ASSET]);
	jw_cstr(w, "kind", fact_names[f->kind]);
	jw_time(w, "from", from);
	jw_time(w, "to", to);
	if (day)
		jw_bool(w, "day", true);
	jw_cstr(w, "author", f->text[FACT_AUTHOR]);
	jw_uint(w, "seq", key_seq(f->key));
	if (f->corrected_by)
		jw_uint(w, "corrected_by", key_seq(f->corrected_by));
	jw_end(w);
	return jw_line(w);
}
