/* account.c: where a message has an account's name: behind words that announce one. */
#include "timeline/account.h"

#include "base/ascii.h"

#include <stdbool.h>
#include <string.h>

static bool
has(const char *p, size_t n, const char *word)
{
	return n >= strlen(word) && memcmp(p, word, strlen(word)) == 0;
}

/* Up to a blank, or what stands around a name in these messages. */
static size_t
name_length(const char *p, size_t n)
{
	size_t k = 0;

	while (k < n && !strchr(" \t,;:()[]<>\"'=", p[k]))
		k++;
	return k && p[k - 1] == '.' ? k - 1 : k;        /* "of user anna." */
}

/* Programs whose "for NAME" and "by NAME(uid=0)" are people. */
static bool
lets_in(const char *app, size_t n)
{
	static const char *const apps[] = { "sshd", "su", "sudo", "login", "systemd-logind",
		"systemd", "vsftpd", "xrdp", "dropbear", "CRON", "cron", "polkitd", "winbindd" };

	for (size_t i = 0; i < sizeof(apps) / sizeof(*apps); i++)
		if (has(app, n, apps[i]))
			return true;
	return false;
}

/* How many bytes at p announce a name; 0: none do. */
static size_t
announces(const char *p, size_t n, bool door)
{
	static const char *const anywhere[] = { "user=", "USER=", "user \"", "user '", "username=",
		"login=", "logname=", "acct=\"", "acct=", "AUID=\"", "account name: ",
		"Account Name: ", "User: ", "username: ", "Username: " };
	static const char *const at_door[] = { "invalid user ", "authenticating user ",
		"for user ", "of user ", "user ", "for ", "by " };

	for (size_t i = 0; i < sizeof(anywhere) / sizeof(*anywhere); i++)
		if (has(p, n, anywhere[i]))
			return strlen(anywhere[i]) + (n > strlen(anywhere[i]) &&
			    p[strlen(anywhere[i])] == '"');
	for (size_t i = 0; door && i < sizeof(at_door) / sizeof(*at_door); i++)
		if (has(p, n, at_door[i]))
			return strlen(at_door[i]);
	return 0;
}

size_t
account_find(const char *app, size_t app_n, const char *p, size_t n, size_t *at)
{
	bool door = lets_in(app, app_n);
	size_t k, more, sudo = 0;

	/* "anna : TTY=pts/0 ; USER=root ; COMMAND=..." */
	if (has(app, app_n, "sudo") && *at == 0 && (sudo = name_length(p, n)) > 0 &&
	    has(p + sudo, n - sudo, " : "))
		return sudo;
	for (size_t i = *at; i < n; i++) {
		/* none of the words above begins otherwise, nor within a word */
		if (!memchr("uUlaAifob", p[i], 9) || (i && (ascii_letter(p[i - 1]) ||
		    ascii_digit(p[i - 1]) || p[i - 1] == '_')))
			continue;
		if (!(k = announces(p + i, n - i, door)))
			continue;
		/* "for invalid user anna", "for user anna": the last one announces */
		while ((more = announces(p + i + k, n - i - k, door)))
			k += more;
		if (!(more = name_length(p + i + k, n - i - k)))
			continue;
		*at = i + k;
		return more;
	}
	return 0;
}
