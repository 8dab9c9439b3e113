/* Names of accounts are found where messages have them, as these programs write them. */
#include "tap.h"
#include "timeline/account.h"

#include <stdio.h>
#include <string.h>

static void
shows(const char *app, const char *text, const char *expected)
{
	char out[512];
	size_t n = 0, from = 0, at = 0, k, len = strlen(text);

	while ((k = account_find(app, strlen(app), text, len, &at))) {
		n += (size_t)snprintf(out + n, sizeof(out) - n, "%.*s" ACCOUNT_SHOWN,
		    (int)(at - from), text + from);
		from = at += k;
	}
	snprintf(out + n, sizeof(out) - n, "%s", text + from);
	ok(strcmp(out, expected) == 0, "%s: %s", app, out);
}

int
main(void)
{
	shows("sshd", "Accepted publickey for renluft from 192.0.2.70 port 5 ssh2",
	    "Accepted publickey for [account] from 192.0.2.70 port 5 ssh2");
	shows("sshd", "Failed password for invalid user anna from 192.0.2.70 port 5",
	    "Failed password for invalid user [account] from 192.0.2.70 port 5");
	shows("sshd", "Invalid user bo.ek from 192.0.2.70", "Invalid user [account] from 192.0.2.70");
	shows("sshd", "Disconnected from user anna 192.0.2.70 port 5",
	    "Disconnected from user [account] 192.0.2.70 port 5");
	shows("sshd", "Connection closed by authenticating user anna 192.0.2.70 port 5 [preauth]",
	    "Connection closed by authenticating user [account] 192.0.2.70 port 5 [preauth]");
	shows("sshd", "pam_unix(sshd:session): session opened for user anna(uid=1000) by (uid=0)",
	    "pam_unix(sshd:session): session opened for user [account](uid=1000) by (uid=0)");
	shows("su", "pam_unix(su:session): session opened for user root(uid=0) by anna(uid=1000)",
	    "pam_unix(su:session): session opened for user [account](uid=0) by "
	    "[account](uid=1000)");
	shows("systemd-logind", "New session 5 of user anna.", "New session 5 of user [account].");
	shows("sudo", "anna : TTY=pts/0 ; PWD=/home ; USER=root ; COMMAND=/bin/ls",
	    "[account] : TTY=pts/0 ; PWD=/home ; USER=[account] ; COMMAND=/bin/ls");
	shows("vpn", "auth ok user=anna ip=192.0.2.70", "auth ok user=[account] ip=192.0.2.70");
	shows("fw", "login=\"anna\" ok", "login=\"[account]\" ok");
	shows("audit", "Account Name: anna Logon ID: 5", "Account Name: [account] Logon ID: 5");
	shows("kernel", "drop for 192.0.2.70 by rule 5", "drop for 192.0.2.70 by rule 5");
	shows("app", "superuser=no for all", "superuser=no for all");
	shows("sshd", "Accepted publickey for ", "Accepted publickey for ");
	shows("sshd", "user for by ", "user for by ");
	shows("sudo", "", "");
	return tap_done();
}
