/* factory.c: default host names, by their beginnings; serial numbers nobody was given. */
#include "inv/factory.h"

#include "base/ascii.h"
#include "model/register.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

/* Whole names, also with the number that who finds it taken gives itself ("printer-2":
 * RFC 6762, 9). */
static const char *const whole[] = { "localhost", "localdomain", "raspberrypi", "raspberry",
	"ubuntu", "debian", "kali", "fedora", "centos", "rocky", "linux", "archlinux", "openwrt",
	"dd-wrt", "buildroot", "yocto", "beaglebone", "jetson", "odroid", "orangepi", "bananapi",
	"android", "iphone", "ipad", "macbook", "imac", "router", "gateway", "switch", "printer",
	"scanner", "camera", "ipcam", "webcam", "nas", "server", "client", "host", "pc",
	"computer", "workstation", "laptop", "desktop", "notebook", "user", "admin", "test",
	"default", "unknown", "none", "unnamed", "noname", "hostname",
	"device", "controller", "plc", "hmi", "panel",
	"esp", "esp32", "esp8266", "arduino", "tasmota", "espressif", "wlan", "owner",
	"windows", "vm", "template", "golden", "image" };
/* What an instrument's maker puts on its computer; with a number people have put it. */
static const char *const bare[] = { "labpc", "lab-pc", "instrument", "hplc", "gc", "ms", "lims",
	"balance", "titrator", "analyser", "analyzer", "acquisition" };
/* What a setup program makes names of: a copied disk keeps them. */
static const char *const begins[] = { "desktop-", "laptop-", "win-", "minint-", "android-",
	"android_", "iphone-", "ipad-", "galaxy-", "pixel-", "ip-", "esp-", "esp_", "dhcp-",
	"unknown-", "localhost-" };

bool
factory_name(const char *name)
{
	size_t n = strcspn(name, "."), k = n;

	if (n < 2)
		return true;
	for (size_t i = 0; i < sizeof(bare) / sizeof(*bare); i++)
		if (n == strlen(bare[i]) && strncasecmp(name, bare[i], n) == 0)
			return true;
	while (k && isdigit((unsigned char)name[k - 1]))
		k--;
	if (k && k < n && name[k - 1] == '-')
		n = k - 1;
	for (size_t i = 0; i < sizeof(whole) / sizeof(*whole); i++)
		if (n == strlen(whole[i]) && strncasecmp(name, whole[i], n) == 0)
			return true;
	for (size_t i = 0; i < sizeof(begins) / sizeof(*begins); i++)
		if (strncasecmp(name, begins[i], strlen(begins[i])) == 0)
			return true;
	return false;
}

bool
factory_domain(const char *domain)
{
	static const char *const anybody[] = { "local", "localdomain", "lan", "home", "internal",
		"intranet", "workgroup", "home.arpa", "fritz.box", "local.lan", "localnet",
		"private", "corp", "invalid", "test" };

	for (size_t i = 0; i < sizeof(anybody) / sizeof(*anybody); i++)
		if (strcasecmp(domain, anybody[i]) == 0)
			return true;
	return !strchr(domain, '.');    /* a domain of one label is nobody's in particular */
}

/* Folded, and with the two digits that a serial number has: what has fewer needs no list. */
static const char *const dummies[] = { "0123456789abcdef", "123456789abcdef", "1234567890abcdef",
	"a1b2c3d4", "a1b2c3d4e5", "a1b2c3d4e5f6", "1a2b3c4d", "1a2b3c4d5e", "1a2b3c4d5e6f",
	"abc123", "test123" };
/* Longer than a maker's letters, and yet nothing that belongs to one device. */
static const char *const heads[] = { "serial", "serialno", "serialnr", "serialnumber", "number",
	"test", "demo", "dummy", "sample", "example", "default", "unknown", "device", "abcd" };
enum { MAKER_LETTERS = 3, RUN = 4 };

static bool
listed(const char *const *list, size_t items, const char *s, size_t n)
{
	for (size_t i = 0; i < items; i++)
		if (n == strlen(list[i]) && memcmp(s, list[i], n) == 0)
			return true;
	return false;
}

/* 0 where it does not go on by as much from digit to digit, 9 before 0. */
static bool
goes_on(const char *s, size_t n, int step)
{
	for (size_t i = 1; i < n; i++)
		if ((s[i - 1] - '0' + step + 10) % 10 != s[i] - '0')
			return false;
	return n >= RUN;
}

/* Nothing, the first number of any count, one key held down, or a row of keys. */
static bool
filler(const char *s, size_t n)
{
	size_t zeros = strspn(s, "0"), k = n - zeros;
	const char *number = s + zeros;

	if (k == 0 || (k == 1 && *number == '1' && n >= RUN))
		return true;
	return goes_on(s, n, 0) || (*number == '1' && goes_on(number, k, 1)) ||
	    ((s[n - 1] == '1' || s[n - 1] == '0') && *number > s[n - 1] &&
	    goes_on(number, k, -1));
}

bool
factory_serial(const char *serial)
{
	char folded[128];
	size_t n = reg_fold(folded, sizeof(folded), serial), digits = 0, same = 0, i;
	const char *s = folded;

	if (n + 1 == sizeof(folded))
		return false;
	if (n > 2 && memcmp(s, "0x", 2) == 0) {
		s += 2;
		n -= 2;
	}
	for (i = 0; i < n; i++) {
		digits += ascii_digit(s[i]);
		same += s[i] == s[0];
	}
	if (digits < 2 || (same == n && n >= RUN) ||
	    listed(dummies, sizeof(dummies) / sizeof(*dummies), s, n))
		return true;
	/* the letters before a number are those of all that the maker makes */
	for (i = 0; i < n && ascii_letter(s[i]); i++)
		;
	if (i + digits != n ||
	    (i > MAKER_LETTERS && !listed(heads, sizeof(heads) / sizeof(*heads), s, i)))
		return false;
	return filler(s + i, digits);
}
