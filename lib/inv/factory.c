/* factory.c: default host names, by their beginnings. */
#include "inv/factory.h"

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
