/* headers_agent.c: who a User-Agent and a Server header are. What maker a word
 * stands for is only said where the word is the maker's own. */
#include "proto/headers.h"

#include "proto/proto.h"
#include "proto/sysdescr.h"

/* Where a web server's word for itself names a maker or a system. Without either
 * it is a component that many makers build in: then the word alone is written. */
static const struct { const char *word, *vendor, *os; } servers[] = {
	{ "a-b www", "Rockwell Automation", NULL }, { "app-webs", "Hikvision", NULL },
	{ "axis", "Axis Communications", NULL }, { "canon http", "Canon", NULL },
	{ "cimplicity-httpsvr", "GE", NULL }, { "cisco-ios", "Cisco", "IOS" },
	{ "dnvrs-webs", "Hikvision", NULL }, { "epson", "Epson", NULL },
	{ "hikvision", "Hikvision", NULL }, { "hp http server", "HP", NULL },
	{ "hp-chai", "HP", NULL }, { "ipc@chip", "Beck IPC", NULL },
	{ "km-mfp-http", "Kyocera", NULL }, { "microsoft-httpapi", NULL, "Windows" },
	{ "microsoft-iis", NULL, "Windows" }, { "microsoft-wince", NULL, "Windows CE" },
	{ "microsoft-windows", NULL, "Windows" }, { "moxahttp", "Moxa", NULL },
	{ "niagara web server", "Tridium", NULL }, { "schneider-web", "Schneider Electric", NULL },
	{ "siemens", "Siemens", NULL }, { "wago", "WAGO", NULL },
	{ "windriver-webserver", NULL, "VxWorks" },
};

/* Systems as they stand in brackets or beside the product. */
static const struct { const char *word, *os; } systems[] = {
	{ "Windows NT 10.0", "Windows 10" }, { "Windows NT 6.3", "Windows 8.1" },
	{ "Windows NT 6.2", "Windows 8" }, { "Windows NT 6.1", "Windows 7" },
	{ "Windows NT 6.0", "Windows Vista" }, { "Windows NT 5.2", "Windows Server 2003" },
	{ "Windows NT 5.1", "Windows XP" }, { "Windows NT 5.0", "Windows 2000" },
	{ "Microsoft-Windows-NT/5.1", "Windows XP" }, { "Microsoft-Windows/6.1", "Windows 7" },
	{ "Microsoft-Windows/10.0", "Windows 10" }, { "Windows CE", "Windows CE" },
	{ "Windows Phone", "Windows Phone" }, { "Android", NULL }, { "iPhone OS", NULL },
	{ "CPU OS", "iOS" }, { "Mac OS X", NULL }, { "; CrOS ", "Chrome OS" },
	{ "Windows", "Windows" }, { "FreeBSD", NULL }, { "Ubuntu", "Ubuntu" },
	{ "Debian", "Debian" }, { "Raspbian", "Raspbian" }, { "Fedora", "Fedora" },
	{ "CentOS", "CentOS" }, { "Red Hat", "Red Hat" }, { "Linux", NULL }, { "VxWorks", NULL },
	{ "darwin", "macOS" }, { "QNX", NULL },
};

/* A word with its version: up to what ends a remark. */
static struct text
word_at(struct text t, const char *p, bool blanks)
{
	struct text w = { p, 0 };
	const char *end = t.p + t.n;

	while (p < end && !strchr(";),", *p) && (blanks || *p != ' '))
		p++;
	w.n = (uint32_t)(p - w.p);
	return text_trim(w.p, w.n);
}

static struct text
system_of(struct text t)
{
	for (size_t i = 0; i < sizeof(systems) / sizeof(systems[0]); i++) {
		const char *p = text_find(t, systems[i].word);
		struct text w;

		if (!p)
			continue;
		if (systems[i].os)
			return text_c(systems[i].os);
		/* "Mac OS X 10_8_5", "Android 6.0.1", "Linux/2.6.18", "Linux x86_64" */
		w = word_at(t, p, true);
		for (uint32_t k = 0; k < w.n; k++)
			if ((uint8_t)w.p[k] < ' ' || (k > strlen(systems[i].word) && w.p[k] == ' '))
				w.n = k;
		return w;
	}
	return (struct text){ 0 };
}

/* "Name/1.2" of a browser, the one that does not only claim to be compatible. */
static struct text
browser_of(struct text t)
{
	static const char *const names[] = { "Edg/", "Edge/", "OPR/", "SamsungBrowser/", "Firefox/",
		"HeadlessChrome/", "Chrome/", "CriOS/", "MSIE ", "Trident/", "Safari/", "zgrab/" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *p = text_find(t, names[i]);
		if (p)
			return word_at(t, p, names[i][4] == ' ');
	}
	return (struct text){ 0 };
}

/* "(Linux; Android 6.0.1; Nexus 5 Build/M4B30Z)" names the telephone. */
static struct text
android_model(struct text t)
{
	const char *b = text_find(t, " Build/"), *p = b;

	while (b && p > t.p && p[-1] != ';' && p[-1] != '(')
		p--;
	return b ? text_trim(p, (size_t)(b - p)) : (struct text){ 0 };
}

static bool
plain(struct text t)
{
	for (uint32_t i = 0; i < t.n; i++)
		if ((uint8_t)t.p[i] < ' ')
			return false;
	return t.n > 1;
}

bool
agent_identity(struct ident *i, struct text agent)
{
	if (!plain(agent))
		return false;
	i->os = system_of(agent);
	i->product = browser_of(agent);
	if (text_begins(agent, "mozilla/")) {
		i->model = android_model(agent);
	} else if (!i->product.n) {
		struct text rest = agent;
		const char *slash;

		i->product = headers_word(&rest);
		/* "Google Chrome/83.0 Windows": a name of several words up to its version */
		slash = memchr(agent.p, '/', agent.n);
		if (slash && slash > i->product.p + i->product.n && slash - agent.p < 48) {
			rest = (struct text){ slash, agent.n - (uint32_t)(slash - agent.p) };
			i->product.n = (uint32_t)(slash - agent.p) + headers_word(&rest).n;
		} else if (!memchr(i->product.p, '/', i->product.n)) {
			i->product = word_at(agent, agent.p, true);
		}
		if (i->product.n > 64)
			i->product.n = 64;
	}
	return i->product.n || i->os.n || i->model.n;
}

bool
server_identity(struct ident *i, struct text server)
{
	const char *p;

	if (!plain(server))
		return false;
	for (size_t k = 0; k < sizeof(servers) / sizeof(servers[0]); k++) {
		if (!text_begins(server, servers[k].word))
			continue;
		i->vendor = text_c(servers[k].vendor);
		i->os = text_c(servers[k].os);
		break;
	}
	if (system_of(server).n)
		i->os = system_of(server);
	/* UPnP has three: system, UPnP's version, product */
	p = text_find(server, "UPnP/");
	if (p) {
		struct text rest = { p, server.n - (uint32_t)(p - server.p) };

		headers_word(&rest);
		while (rest.n && (*rest.p == ',' || *rest.p == ' ')) {
			rest.p++;
			rest.n--;
		}
		i->product = text_trim(rest.p, rest.n);
		if (!i->os.n) {
			rest = server;
			i->os = p > server.p ? headers_word(&rest) : (struct text){ 0 };
			if (i->os.n && i->os.p[i->os.n - 1] == ',')
				i->os.n--;
		}
		return i->product.n || i->os.n;
	}
	i->product = word_at(server, server.p, true);
	p = memchr(i->product.p, '(', i->product.n);
	if (p)
		i->product = text_trim(i->product.p, (size_t)(p - i->product.p));
	if (i->product.n > 64)
		i->product.n = 64;
	return i->product.n > 0;
}
