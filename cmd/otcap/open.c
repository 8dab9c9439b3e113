/* open.c: from options to an open input and output, in the order in which
 * privileges go: interfaces, user, output, confinement. */
#include "otcap.h"

#include "base/confine.h"
#include "base/diag.h"
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <linux/capability.h>
#include <unistd.h>

enum { PIPE = 1 << 20 };

volatile sig_atomic_t otcap_stop, otcap_usr1;
static struct otcap *current;

static void
on_stop(int sig)
{
	otcap_stop++;
	if (current->src)
		source_wake(current->src);
}

static void
on_usr1(int sig)
{
	otcap_usr1 = 1;
	if (current->src)
		source_wake(current->src);
}

static void
catch_signals(struct otcap *c)
{
	current = c;
	signal(SIGPIPE, SIG_IGN);
	sigaction(SIGINT, &(struct sigaction){ .sa_handler = on_stop }, NULL);
	sigaction(SIGTERM, &(struct sigaction){ .sa_handler = on_stop }, NULL);
	sigaction(SIGHUP, &(struct sigaction){ .sa_handler = on_stop }, NULL);
	sigaction(SIGUSR1, &(struct sigaction){ .sa_handler = on_usr1 }, NULL);
}

/* The ending of a file's name says the format where --format does not. */
static bool
ends(const char *s, const char *end)
{
	size_t n = strlen(s), m = strlen(end);

	if (n > 3 && strcmp(s + n - 3, ".gz") == 0)
		n -= 3;
	return n > m && strncmp(s + n - m, end, m) == 0;
}

static bool
choose_format(struct otcap *c, struct err *e)
{
	static const char *const names[] = { "json", "pcap", "pcapng" };

	c->fmt = c->keep.folder || c->pick ? SINK_PCAPNG : SINK_JSON;
	if (c->format) {
		for (unsigned i = 0; i < 3; i++)
			if (strcmp(c->format, names[i]) == 0) {
				c->fmt = (enum sink_format)i;
				return true;
			}
		return err_set(e, "--format %s: json, pcap or pcapng", c->format);
	}
	if (c->out && !c->keep.folder && (ends(c->out, ".pcap") || ends(c->out, ".cap")))
		c->fmt = SINK_PCAP;
	else if (c->out && !c->keep.folder && (ends(c->out, ".pcapng") || ends(c->out, ".ntar")))
		c->fmt = SINK_PCAPNG;
	else if (c->pick && c->out && (ends(c->out, ".ndjson") || ends(c->out, ".json")))
		c->fmt = SINK_JSON;
	return true;
}

static bool
check_options(struct otcap *c, struct err *e)
{
	struct stat st;
	bool folder_opts = c->keep.every_us || c->keep.bytes || c->keep.retain_us ||
	    c->keep.retain_bytes;

	if ((c->niface != 0) + (c->nfile != 0) + (c->files_from != NULL) > 1)
		return err_set(e, c->pick ? "either FILE or --files-from" :
		    "one of -i, -r and --files-from, not two");
	if (!c->niface && !c->nfile && !c->files_from && !c->records) {
		if (isatty(STDIN_FILENO))
			return err_set(e, c->pick ? "no input: name a capture, or pipe "
			    "one in" : "no input: give -i IFACE or -r FILE, or pipe packets "
			    "in (see otcap --help)");
		c->files[c->nfile++] = "-";
	}
	if (c->out && strcmp(c->out, "-") == 0)
		c->out = NULL;
	if (!c->out && (folder_opts || c->keep.compress || c->force))
		return err_set(e, c->pick ? "--compress and --force go with -w" : "--rotate, "
		    "--retain, --retain-size, --compress and --force go with -w");
	if (c->out) {
		size_t n = strlen(c->out);
		c->keep.folder = folder_opts || (n && c->out[n - 1] == '/') ||
		    (stat(c->out, &st) == 0 && S_ISDIR(st.st_mode));
		if (c->pick && c->keep.folder)
			return err_set(e, "-w %s: a folder; what is cut out is one file", c->out);
		if (!c->keep.folder && n > 3 && strcmp(c->out + n - 3, ".gz") == 0)
			c->keep.compress = true;
	}
	if (!choose_format(c, e))
		return false;
	if (c->meta && c->fmt == SINK_PCAP && c->pick)
		return err_set(e, "--meta goes with --format pcapng and json: a pcap file holds "
		    "packets only");
	if (c->meta && c->fmt != SINK_JSON && !c->pick)
		return err_set(e, "--meta goes with --format json: other formats hold no records");
	if (!c->out && c->fmt != SINK_JSON && isatty(STDOUT_FILENO))
		return err_set(e, "packets for a terminal are no use: redirect, or -w FILE");
	return true;
}

/* Capabilities of the file (setcap) have done their work once interfaces are open. */
static bool
drop_capabilities(struct err *e)
{
	struct __user_cap_header_struct h = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct none[2] = { { 0 } };

	return syscall(SYS_capset, &h, none) == 0 || err_sys(e, "dropping capabilities");
}

/* A new folder belongs to whom we are about to become. */
static bool
make_folder(const struct otcap *c, const char *user, struct err *e)
{
	const struct passwd *pw;

	if (mkdir(c->out, 0750) != 0)
		return errno == EEXIST || err_sys(e, "%s", c->out);
	pw = getpwnam(user);
	if (!pw || chown(c->out, pw->pw_uid, pw->pw_gid) != 0)
		return err_sys(e, "%s: giving it to user %s", c->out, user);
	return true;
}

static bool
open_interfaces(struct otcap *c, const char **became, struct err *e)
{
	struct source_live_opts o = {
		.ifaces = c->ifaces, .niface = c->niface, .filter = c->filter,
		.snaplen = c->snaplen, .buffer_kib = c->buffer_kib, .promisc = !c->no_promisc,
		.host = c->sensor,
	};
	const char *user = c->user ? c->user : geteuid() == 0 ? "nobody" : NULL;

	c->src = source_open_live(&o, e);
	if (!c->src)
		return false;
	if (user && strcmp(user, "root") == 0 && geteuid() == 0)
		return true;
	if (!user)
		return drop_capabilities(e);
	if (c->keep.folder && !make_folder(c, user, e))
		return false;
	*became = user;
	return confine_user(user, e);
}

/* Whoever may write the folder may also give the file its name at the end. */
static bool
check_writable(const struct otcap *c, const char *became, struct err *e)
{
	char dir[4096];
	const char *slash = strrchr(c->out, '/');
	size_t n = slash ? (size_t)(slash - c->out) + 1 : 0;
	struct stat st;

	if (stat(c->out, &st) == 0 && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode))
		return true;
	if (stat(c->out, &st) == 0 && S_ISREG(st.st_mode) && !c->force && !c->keep.folder)
		return err_set(e, "%s: exists (--force replaces it)", c->out);
	if (n >= sizeof(dir))
		return err_set(e, "%.60s...: name too long", c->out);
	if (c->keep.folder)
		snprintf(dir, sizeof(dir), "%s", c->out);
	else if (n)
		snprintf(dir, sizeof(dir), "%.*s", (int)n, c->out);
	else
		snprintf(dir, sizeof(dir), ".");
	if (access(dir, W_OK | X_OK) == 0 || (c->keep.folder && errno == ENOENT))
		return true;
	if (errno == EACCES && became)
		return err_set(e, "%s: user %s may not write there: give it to %s, or name "
		    "another user with -Z", dir, became, became);
	return err_sys(e, "%s", dir);
}

static bool
open_output(struct otcap *c, const char *became, struct sink_opts *o, struct err *e)
{
	static const char *const suffix[] = { "ndjson", "pcap", "pcapng" };

	*o = (struct sink_opts){
		.format = c->fmt, .fd = STDOUT_FILENO, .name = "standard output",
		.snaplen = c->snaplen,
	};
	if (c->out) {
		if (!check_writable(c, became, e))
			return false;
		c->keep.path = c->out;
		c->keep.force = c->force;
		c->keep.suffix = suffix[c->fmt];
		o->rotate = rotate_new(&c->keep, e);
		if (!o->rotate)
			return false;
		o->folder = c->keep.folder;
		o->piece = (size_t)(c->keep.bytes / 4);
		o->name = c->out;
		confine_output(c->out);
	} else {
		struct stat st;
		/* fewer, larger turns between two programs */
		if (fstat(STDOUT_FILENO, &st) == 0 && S_ISFIFO(st.st_mode))
			(void)fcntl(STDOUT_FILENO, F_SETPIPE_SZ, PIPE);
	}
	return true;
}

/* What can wait until the program is confined. */
static bool
begin(struct otcap *c, struct sink_opts *o, struct err *e)
{
	if (c->records && !extract_read(c, e))
		return false;
	if (c->meta && !(o->head = c->head = meta_record(c)))
		return err_set(e, "--meta: a record of more than %u bytes", LIM_RECORD);
	o->origins = c->pick != NULL;
	c->sink = sink_new(o, e);
	return c->sink != NULL;
}

bool
otcap_open(struct otcap *c)
{
	struct err e = { "" };
	const char *became = NULL;
	struct sink_opts o;
	unsigned allow = c->out ? CONFINE_WRITE : 0;
	int fds[64];

	umask(027);                     /* what is captured is not for everyone */
	catch_signals(c);
	if (!check_options(c, &e) || !confine_prepare(&e))
		goto bad;
	if (c->files_from) {
		if (!file_list(c->files_from, &c->listed, &c->nlisted, &e))
			goto bad;
		for (size_t i = 0; i < c->nlisted; i++)
			confine_path(c->listed[i], CONFINE_READ);
	}
	if (c->filter && !c->niface && !(c->bpf = source_filter_new(c->filter, &e)))
		goto bad;
	if (c->stats) {
		c->stats_fd = open(c->stats, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0640);
		if (c->stats_fd < 0) {
			err_sys(&e, "%s", c->stats);
			goto bad;
		}
	}
	if (c->niface) {
		if (!open_interfaces(c, &became, &e))
			goto bad;
		allow |= CONFINE_CAPTURE;
	} else {
		if (c->user && !confine_user(c->user, &e))
			goto bad;
		became = c->user;
		allow |= CONFINE_READ;
	}
	if (!open_output(c, became, &o, &e))
		goto bad;
	/* wherever records say that their captures are */
	if (c->records && !c->nfile && !c->files_from)
		confine_path("/", CONFINE_READ);
	if ((!c->niface || confine_listen(fds, source_fds(c->src, fds, 64), &e)) &&
	    confine(allow, &e) && begin(c, &o, &e))
		return true;
bad:
	diag("%s", e.text);
	return false;
}
