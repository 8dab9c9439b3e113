#include "base/opt.h"

#include "base/confine.h"

#include <dirent.h>
#include <limits.h>
#include <pwd.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The column at which the helps of options begin at the latest, and where
 * lines end. */
enum { HELP_COLUMN = 28, HELP_WIDTH = 80 };

enum { ID_HELP = -100, ID_VERSION, ID_UNCONFINED };

static const struct opt built_in[] = {
	{ "no-sandbox", 0, NULL, "run unconfined (for debuggers), and say so", NULL,
	    ID_UNCONFINED },
	{ "help", 'h', NULL, "show this text", NULL, ID_HELP },
	{ "version", 'V', NULL, "show the version", NULL, ID_VERSION },
	{ 0 }
};

/* All, or all but the first. */
static const struct opt *
built_ins(const struct prog *p)
{
	return built_in + p->unconfined;
}

const char otkit_version[] = OTKIT_VERSION;
const char otkit_released[] = OTKIT_RELEASED;

void (*opt_complete_hook)(const char *kind);

static const struct opt *
find_name(const struct prog *p, const char *name, size_t n)
{
	for (const struct opt *o = p->opts; o && o->name; o++)
		if (strlen(o->name) == n && memcmp(o->name, name, n) == 0)
			return o;
	for (const struct opt *o = built_ins(p); o->name; o++)
		if (strlen(o->name) == n && memcmp(o->name, name, n) == 0)
			return o;
	return NULL;
}

static const struct opt *
find_letter(const struct prog *p, char c)
{
	for (const struct opt *o = p->opts; o && o->name; o++)
		if (o->letter && o->letter == c)
			return o;
	for (const struct opt *o = built_ins(p); o->name; o++)
		if (o->letter == c)
			return o;
	return NULL;
}

/* Insertions, deletions, substitutions and swaps of neighbours that make b of
 * a; names longer than the rows are never near. */
static unsigned
distance(const char *a, const char *b)
{
	enum { MAX = 32 };
	unsigned row[3][MAX + 1];
	size_t na = strlen(a), nb = strlen(b);

	if (na > MAX || nb > MAX)
		return UINT_MAX;
	for (size_t j = 0; j <= nb; j++)
		row[0][j] = (unsigned)j;
	for (size_t i = 1; i <= na; i++) {
		unsigned *now = row[i % 3], *up = row[(i + 2) % 3], *up2 = row[(i + 1) % 3];

		now[0] = (unsigned)i;
		for (size_t j = 1; j <= nb; j++) {
			unsigned d = up[j - 1] + (a[i - 1] != b[j - 1]);

			if (up[j] + 1 < d)
				d = up[j] + 1;
			if (now[j - 1] + 1 < d)
				d = now[j - 1] + 1;
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
			    up2[j - 2] + 1 < d)
				d = up2[j - 2] + 1;
			now[j] = d;
		}
	}
	return row[na % 3][nb];
}

static const char *
nearest(const struct prog *p, const char *name)
{
	const struct opt *tables[] = { p->opts, built_ins(p) };
	const char *best = NULL;
	unsigned least = 3;

	for (size_t k = 0; k < 2; k++)
		for (const struct opt *o = tables[k]; o && o->name; o++) {
			unsigned d = distance(name, o->name);
			/* two changes turn any short word into another */
			if (d < least && d < strlen(o->name)) {
				least = d;
				best = o->name;
			}
		}
	return best;
}

/* Breaks text into lines of at most width columns, each after the first
 * indented; a word longer than a line stands alone. */
static void
put_wrapped(const char *text, int indent, int width)
{
	int col = indent;

	while (*text) {
		size_t n = strcspn(text, " ");

		if (col > indent && col + 1 + (int)n > width) {
			printf("\n%*s", indent, "");
			col = indent;
		} else if (col > indent) {
			putchar(' ');
			col++;
		}
		fwrite(text, 1, n, stdout);
		col += (int)n;
		text += n;
		text += strspn(text, " ");
	}
	putchar('\n');
}

/* One form of the synopsis, from column at; further lines at indent. Lines
 * break where the fewest brackets are open. */
static void
put_form(const char *s, size_t n, int at, int indent)
{
	while (n) {
		size_t width = (size_t)(HELP_WIDTH - at), cut = 0, i;
		int depth = 0, least = INT_MAX;

		for (i = 0; i < n && (i <= width || !cut); i++) {
			depth += (s[i] == '[') - (s[i] == ']');
			if ((s[i] == ' ' || s[i] == '\n') && depth <= least && i) {
				least = depth;
				cut = i;
			}
		}
		if (i == n && n <= width)
			cut = n;
		else if (!cut)
			cut = i;
		for (i = 0; i < cut; i++)
			putchar(s[i] == '\n' ? ' ' : s[i]);
		s += cut;
		n -= cut;
		while (n && (*s == ' ' || *s == '\n')) {
			s++;
			n--;
		}
		printf("\n%*s", n ? indent : 0, "");
		at = indent;
	}
}

/* "  -f, --format FORMAT" */
static int
left_side(const struct opt *o, char *dst, size_t cap)
{
	char letter[8] = "    ";

	if (o->letter)
		snprintf(letter, sizeof(letter), "-%c, ", o->letter);
	return snprintf(dst, cap, "  %s--%s%s%s", letter, o->name, o->arg ? " " : "",
	    o->arg ? o->arg : "");
}

static void
put_option(const struct opt *o, int column)
{
	char left[128];
	int n = left_side(o, left, sizeof(left));

	fputs(left, stdout);
	if (n + 2 > column) {
		putchar('\n');
		n = 0;
	}
	printf("%*s", column - n, "");
	put_wrapped(o->help, column, HELP_WIDTH);
}

static bool
hidden_letter(const struct prog *p, const struct opt *b)
{
	return find_letter(p, b->letter) != b;
}

static void
put_help(const struct prog *p)
{
	const struct opt *tables[] = { p->opts, built_ins(p) };
	const char *s = p->synopsis;
	int column = 0;
	char t[128];

	for (bool first = true; *s; first = false) {
		size_t n = strcspn(s, "\n");

		/* a line that does not begin a new form goes on with this one */
		while (s[n] && strncmp(s + n + 1, p->name, strlen(p->name)) != 0)
			n += 1 + strcspn(s + n + 1, "\n");
		fputs(first ? "usage: " : "       ", stdout);
		put_form(s, n, 7, 7 + (int)strlen(p->name) + 1);
		s += n + (s[n] == '\n');
	}
	putchar('\n');
	put_wrapped(p->purpose, 0, HELP_WIDTH);
	putchar('\n');
	for (size_t k = 0; k < 2; k++)
		for (const struct opt *o = tables[k]; o && o->name; o++) {
			int n = left_side(o, t, sizeof(t)) + 2;
			if (n > column && n <= HELP_COLUMN)
				column = n;
		}
	for (const struct opt *o = p->opts; o && o->name; o++)
		put_option(o, column);
	for (const struct opt *o = built_ins(p); o->name; o++) {
		struct opt b = *o;
		if (find_name(p, o->name, strlen(o->name)) != o)
			continue;
		if (hidden_letter(p, o))
			b.letter = 0;
		put_option(&b, column);
	}
	if (p->footer)
		printf("\n%s%s", p->footer, p->footer[strlen(p->footer) - 1] == '\n' ? "" : "\n");
	fflush(stdout);
}

/* --- candidates ------------------------------------------------------- */

static int
by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Prints the names sorted that begin with prefix, and frees them. */
static void
put_names(char **names, size_t n, const char *lead, const char *prefix)
{
	if (n)
		qsort(names, n, sizeof(*names), by_text);
	for (size_t i = 0; i < n; i++) {
		if (strncmp(names[i], prefix, strlen(prefix)) == 0)
			printf("%s%s\n", lead, names[i]);
		free(names[i]);
	}
	free(names);
}

static bool
add_name(char ***names, size_t *n, const char *s)
{
	char **v = realloc(*names, (*n + 1) * sizeof(*v));

	if (!v)
		return false;
	*names = v;
	v[*n] = strdup(s);
	if (!v[*n])
		return false;
	++*n;
	return true;
}

static void
put_ifaces(const char *lead, const char *prefix)
{
	DIR *d = opendir("/sys/class/net");
	char **names = NULL;
	size_t n = 0;

	if (!d)
		return;
	for (struct dirent *e; (e = readdir(d)); )
		if (e->d_name[0] != '.' && !add_name(&names, &n, e->d_name))
			break;
	closedir(d);
	put_names(names, n, lead, prefix);
}

static void
put_users(const char *lead, const char *prefix)
{
	char **names = NULL;
	size_t n = 0;

	setpwent();
	for (struct passwd *pw; (pw = getpwent()); )
		if (!add_name(&names, &n, pw->pw_name))
			break;
	endpwent();
	put_names(names, n, lead, prefix);
}

/* Candidates of a kind (opt.complete, prog.words) that begin with prefix; lead
 * stands before each ("--format="). */
static void
put_kind(const char *kind, const char *lead, const char *prefix)
{
	if (!kind)
		return;
	if (strcmp(kind, "key") == 0)
		kind = "file";
	if (strcmp(kind, "file") == 0 || strcmp(kind, "dir") == 0) {
		printf(":%s\n", kind);
	} else if (strcmp(kind, "iface") == 0) {
		put_ifaces(lead, prefix);
	} else if (strcmp(kind, "user") == 0) {
		put_users(lead, prefix);
	} else if (!strchr(kind, '|') && opt_complete_hook) {
		opt_complete_hook(kind);
	} else {
		while (*kind) {
			size_t n = strcspn(kind, "|"), np = strlen(prefix);
			if (n >= np && memcmp(kind, prefix, np) == 0)
				printf("%s%.*s\n", lead, (int)n, kind);
			kind += n + (kind[n] == '|');
		}
	}
}

/* The option whose value the word after w is, or NULL. */
static const struct opt *
wants_value(const struct prog *p, const char *w)
{
	const struct opt *o;

	if (w[0] != '-' || !w[1])
		return NULL;
	if (w[1] == '-') {
		o = find_name(p, w + 2, strlen(w + 2));
		return o && o->arg ? o : NULL;
	}
	for (w++; *w; w++) {
		o = find_letter(p, *w);
		if (!o)
			return NULL;
		if (o->arg)
			return w[1] ? NULL : o;
	}
	return NULL;
}

static void
put_option_names(const struct prog *p, const char *prefix)
{
	const struct opt *tables[] = { p->opts, built_ins(p) };

	for (size_t k = 0; k < 2; k++)
		for (const struct opt *o = tables[k]; o && o->name; o++)
			if (find_name(p, o->name, strlen(o->name)) == o &&
			    strncmp(o->name, prefix, strlen(prefix)) == 0)
				printf("--%s\n", o->name);
}

static void
put_candidates(const struct prog *p, char **w, int n)
{
	const char *last = n ? w[n - 1] : "", *eq;
	const struct opt *o = NULL;
	bool rest = false;
	char lead[128];

	for (int i = 0; i < n - 1; i++) {
		o = NULL;
		if (rest)
			continue;
		if (strcmp(w[i], "--") == 0) {
			rest = true;
			continue;
		}
		o = wants_value(p, w[i]);
		/* bash makes three words of --format=json */
		if (o && i + 1 < n && strcmp(w[i + 1], "=") == 0) {
			if (i + 1 == n - 1)
				last = "";
			else
				i++;
		}
		/* the value itself is no option, whatever it looks like */
		if (o && i + 1 < n - 1) {
			i++;
			o = NULL;
		}
	}
	if (o) {
		put_kind(o->complete, "", last);
	} else if (!rest && last[0] == '-' && last[1] == '-' && (eq = strchr(last, '='))) {
		o = find_name(p, last + 2, (size_t)(eq - last) - 2);
		if (o && o->arg && eq - last < (ptrdiff_t)sizeof(lead) - 1) {
			snprintf(lead, sizeof(lead), "%.*s", (int)(eq - last) + 1, last);
			put_kind(o->complete, lead, eq + 1);
		}
	} else if (!rest && last[0] == '-') {
		put_option_names(p, last[1] == '-' ? last + 2 : "");
	} else {
		put_kind(p->words, "", last);
	}
	fflush(stdout);
}

/* --- parsing ---------------------------------------------------------- */

void
opt_begin(struct opt_state *o, const struct prog *p, int argc, char **argv)
{
	memset(o, 0, sizeof(*o));
	o->prog = p;
	o->argc = argc;
	o->argv = argv;
	o->i = o->ops = 1;
}

/* The word at i, put before the operands met so far, which move one up. */
static char *
take_word(struct opt_state *o)
{
	char *w = o->argv[o->i];

	memmove(o->argv + o->ops + 1, o->argv + o->ops,
	    (size_t)(o->i - o->ops) * sizeof(*o->argv));
	o->argv[o->ops++] = w;
	o->i++;
	return w;
}

static int
answer(struct opt_state *o, int id)
{
	if (id == ID_HELP)
		put_help(o->prog);
	else
		printf("%.*s %s\n", (int)strcspn(o->prog->name, " "), o->prog->name, otkit_version);
	fflush(stdout);
	return -2;
}

static bool
is_path(const char *kind)
{
	return kind && (strcmp(kind, "file") == 0 || strcmp(kind, "dir") == 0);
}

static int
found(struct opt_state *o, const struct opt *t, struct err *e)
{
	if (t->id == ID_UNCONFINED) {
		confine_never();
		return opt_next(o, e);
	}
	if (is_path(t->complete))
		confine_path(o->value, CONFINE_READ);
	return t->id < 0 ? answer(o, t->id) : t->id;
}

static int
next_letter(struct opt_state *o, struct err *e)
{
	char c = *o->cluster++;
	const struct opt *t = find_letter(o->prog, c);

	snprintf(o->text, sizeof(o->text), "-%c", c);
	o->shown = o->text;
	if (!t) {
		o->cluster = NULL;
		err_set(e, "unknown option -%c (see %s --help)", c, o->prog->name);
		return -1;
	}
	if (t->arg && *o->cluster) {
		o->value = o->cluster;
		o->cluster = NULL;
	} else if (t->arg) {
		o->cluster = NULL;
		if (o->i >= o->argc) {
			err_set(e, "option -%c needs %s (see %s --help)", c, t->arg, o->prog->name);
			return -1;
		}
		o->value = take_word(o);
	} else if (!*o->cluster) {
		o->cluster = NULL;
	}
	return found(o, t, e);
}

static int
next_long(struct opt_state *o, const char *w, struct err *e)
{
	size_t n = strcspn(w, "=");
	const struct opt *t = find_name(o->prog, w, n);

	snprintf(o->text, sizeof(o->text), "--%.*s", (int)(n < 60 ? n : 60), w);
	o->shown = o->text;
	if (!t) {
		const char *near = nearest(o->prog, o->text + 2);
		if (near)
			err_set(e, "unknown option %s: did you mean --%s? (see %s --help)", o->text,
			    near, o->prog->name);
		else
			err_set(e, "unknown option %s (see %s --help)", o->text, o->prog->name);
		return -1;
	}
	if (!t->arg && w[n]) {
		err_set(e, "option %s takes no value (see %s --help)", o->text, o->prog->name);
		return -1;
	}
	if (t->arg && w[n]) {
		o->value = w + n + 1;
	} else if (t->arg) {
		if (o->i >= o->argc) {
			err_set(e, "option %s needs %s (see %s --help)", o->text, t->arg,
			    o->prog->name);
			return -1;
		}
		o->value = take_word(o);
	}
	return found(o, t, e);
}

int
opt_next(struct opt_state *o, struct err *e)
{
	o->value = NULL;
	if (o->cluster)
		return next_letter(o, e);
	if (o->i == 1 && o->argc > 2 && strcmp(o->argv[1], "--complete") == 0 &&
	    strcmp(o->argv[2], "--") == 0) {
		put_candidates(o->prog, o->argv + 3, o->argc - 3);
		return -2;
	}
	while (!o->rest && o->i < o->argc) {
		const char *w = o->argv[o->i];

		if (w[0] != '-' || !w[1]) {
			o->i++;
			continue;
		}
		take_word(o);
		if (strcmp(w, "--") == 0) {
			o->rest = true;
			break;
		}
		if (w[1] == '-')
			return next_long(o, w + 2, e);
		o->cluster = w + 1;
		return next_letter(o, e);
	}
	o->rest = true;
	o->i = o->ops;
	if (is_path(o->prog->words))
		for (int i = o->i; i < o->argc; i++)
			confine_path(o->argv[i], CONFINE_READ);
	return 0;
}
