#include "proto/ssh.h"

#include "base/ascii.h"

static bool
begins(struct text t, const char *s)
{
	size_t n = strlen(s);

	return t.n >= n && memcmp(t.p, s, n) == 0;
}

static bool
ends(struct text t, const char *s)
{
	size_t n = strlen(s);

	return t.n >= n && memcmp(t.p + t.n - n, s, n) == 0;
}

static bool
is(struct text t, const char *s)
{
	return t.n == strlen(s) && begins(t, s);
}

/* ---- who speaks ---- */

/* What software versions begin with. Those without a vendor are libraries and
 * servers that anybody's device can hold; vendors name the device itself. */
static const struct { const char *begin, *product, *vendor, *os; } known[] = {
	{ "OpenSSH_for_Windows_", "OpenSSH", NULL, "Windows" },
	{ "OpenSSH_", "OpenSSH", NULL, NULL },
	{ "OpenSSH-", "OpenSSH", NULL, NULL },
	{ "dropbear_", "Dropbear", NULL, NULL },
	{ "dropbear", "Dropbear", NULL, NULL },
	{ "libssh_", "libssh", NULL, NULL },
	{ "libssh-", "libssh", NULL, NULL },
	{ "libssh2_", "libssh2", NULL, NULL },
	{ "Cisco-", NULL, "Cisco", NULL },
	{ "ROSSSH", NULL, "MikroTik", "RouterOS" },
	{ "HUAWEI-", NULL, "Huawei", NULL },
	{ "Comware-", NULL, NULL, "Comware" },
	{ "FortiSSH_", NULL, "Fortinet", NULL },
	{ "NetScreen", NULL, "Juniper", "ScreenOS" },
	{ "mpSSH_", "iLO", "HPE", NULL },
	{ "IPSSH-", "IPSSH", NULL, "VxWorks" },
	{ "RomSShell_", "RomSShell", NULL, NULL },
	{ "Mocana SSH", "Mocana SSH", NULL, NULL },
	{ "mod_sftp", "ProFTPD mod_sftp", NULL, NULL },
	{ "Data ONTAP SSH", NULL, "NetApp", "ONTAP" },
	{ "lancom", NULL, "LANCOM", NULL },
	{ "Zyxel SSH server", NULL, "Zyxel", NULL },
	{ "Serv-U_", "Serv-U", NULL, "Windows" },
	{ "CerberusFTPServer_", "Cerberus FTP Server", NULL, "Windows" },
	{ "RebexSSH_", "Rebex SSH", NULL, NULL },
	{ "PuTTY_Release_", "PuTTY", NULL, NULL },
	{ "PuTTY_", "PuTTY", NULL, NULL },
	{ "WinSCP_release_", "WinSCP", NULL, "Windows" },
	{ "paramiko_", "Paramiko", NULL, NULL },
	{ "AsyncSSH_", "AsyncSSH", NULL, NULL },
	{ "JSCH-", "JSch", NULL, NULL },
	{ "JSCH_", "JSch", NULL, NULL },
	{ "APACHE-SSHD-", "Apache MINA SSHD", NULL, NULL },
	{ "SSHD-CORE-", "Apache MINA SSHD", NULL, NULL },
	{ "SSHD-OSGI-", "Apache MINA SSHD", NULL, NULL },
	{ "Erlang/", "Erlang SSH", NULL, NULL },
	{ "Renci.SshNet.SshClient.", "SSH.NET", NULL, NULL },
	{ "TeraTerm", "Tera Term", NULL, "Windows" },
	{ "TinySSH_", "TinySSH", NULL, NULL },
	{ "Go", "Go x/crypto/ssh", NULL, NULL },
};

/* What packagers put behind it: "Debian-2+deb12u3", "Ubuntu-3ubuntu0.1", "FreeBSD-20240806". */
static const char *const systems[] = { "Debian", "Ubuntu", "Raspbian", "FreeBSD", "NetBSD" };

void
ssh_software(struct text line, struct ssh_soft *s)
{
	struct text t = { line.p + 4, line.n - 4 };
	const char *p;
	uint32_t n = 0;

	memset(s, 0, sizeof(*s));
	p = memchr(t.p, '-', t.n);
	if (!p)
		return;
	s->proto = (struct text){ t.p, (uint32_t)(p - t.p) };
	t = (struct text){ p + 1, t.n - s->proto.n - 1 };
	while (n < t.n && t.p[n] != ' ')
		n++;
	s->software = (struct text){ t.p, n };
	if (n + 1 < t.n)
		s->comment = text_trim(t.p + n + 1, t.n - n - 1);
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		uint32_t m = (uint32_t)strlen(known[i].begin);

		if (!begins(t, known[i].begin))
			continue;
		s->product = text_c(known[i].product);
		s->vendor = text_c(known[i].vendor);
		s->os = text_c(known[i].os);
		if (m < n && ascii_digit(t.p[m]))
			s->version = (struct text){ t.p + m, n - m };
		break;
	}
	for (size_t i = 0; !s->os.n && i < sizeof(systems) / sizeof(systems[0]); i++)
		if (begins(s->comment, systems[i]))
			s->os = text_c(systems[i]);
}

/* ---- algorithms ---- */

/* The next name of a list; the list moves past it. */
static struct text
next_name(struct text *list)
{
	struct text w = { list->p, 0 };

	while (w.n < list->n && w.p[w.n] != ',')
		w.n++;
	list->p += w.n;
	list->n -= w.n;
	if (list->n) {
		list->p++;
		list->n--;
	}
	return w;
}

struct text
ssh_choose(struct text client, struct text server)
{
	/* the longest real lists have some 40 names; more cannot make us slow */
	for (unsigned left = 64; client.n && left; left--) {
		struct text want = next_name(&client), rest = server;

		for (unsigned more = 64; rest.n && more; more--) {
			struct text have = next_name(&rest);
			if (want.n && want.n == have.n && memcmp(want.p, have.p, want.n) == 0)
				return want;
		}
	}
	return (struct text){ 0 };
}

bool
ssh_is_aead(struct text c)
{
	return begins(c, "chacha20-poly1305") || begins(c, "aes128-gcm") ||
	    begins(c, "aes256-gcm") ||
	    begins(c, "AEAD_");
}

/* RFC 8758 (RC4), 9142 (key exchange with SHA-1, 1024-bit groups), 8332 (ssh-rsa
 * signs with SHA-1), 6151 (MD5); CBC modes lose text to who can watch errors
 * (CVE-2008-5161); 64 bits of a MAC are few. */
bool
ssh_is_weak(enum ssh_list what, struct text n)
{
	switch (what) {
	case SSH_KEX:
		return ends(n, "-sha1") || begins(n, "gss-group1-sha1-") ||
		    begins(n, "gss-gex-sha1-") || begins(n, "gss-group14-sha1-");
	case SSH_HOSTKEY:
		return is(n, "ssh-rsa") || begins(n, "ssh-dss") || begins(n, "ssh-rsa-cert-");
	case SSH_CIPHER_CS:
	case SSH_CIPHER_SC:
		return is(n, "none") || begins(n, "arcfour") || ends(n, "-cbc") ||
		    begins(n, "des-") || is(n, "rijndael-cbc@lysator.liu.se");
	case SSH_MAC_CS:
	case SSH_MAC_SC:
		return is(n, "none") || begins(n, "hmac-md5") || ends(n, "-96") ||
		    begins(n, "umac-64") || begins(n, "hmac-ripemd");
	default:
		return false;
	}
}
