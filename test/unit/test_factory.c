/* What devices come with, and what is somebody's own. */
#include "inv/factory.h"
#include "tap.h"

static const char *const nobodys[] = { "", "unknown", "N/A", "none", "serial", "Serial Number",
	"Default string", "To be filled by O.E.M.", "ABCDEFG", "XXXXXXXX", "SN-7", "0000", "0000000000",
	"SN000000", "0x00000000", "00000001", "0001", "SN-0001", "1111", "1111-1111", "SN 9999",
	"ffffffff", "1234", "12345678", "1234567890", "12345678901234", "0123456789", "00012345",
	"SN12345678", "ABC-1234", "SERIAL0001", "Serial no. 12345", "87654321", "9876543210",
	"0123456789ABCDEF", "A1B2-C3D4", "abcd1234" };
static const char *const somebodys[] = { "4711", "0042", "0417", "SN-0042", "00000007", "00000011",
	"00602041", "0051823f", "00524d8e", "123", "0123", "1235", "1223", "2345678", "12345679",
	"SN-12", "0010", "0100", "10000", "VNB3A00001", "ACCC8E000001", "FFFE00000001",
	"TEST-V1N0000000042", "NLB40417", "S C-C2UR28922012", "S C-B1U393142011", "S C-C6TW74882012",
	"S360-000123", "4711-0815", "20815", "B021002593", "MY53000417", "C123456780",
	"000102030405060708090a0b0c0d0e0f", "43210987", "112233", "00c0ffee" };

int
main(void)
{
	size_t i;

	for (i = 0; i < sizeof(nobodys) / sizeof(*nobodys); i++)
		ok(factory_serial(nobodys[i]), "\"%s\" was given to no one device", nobodys[i]);
	for (i = 0; i < sizeof(somebodys) / sizeof(*somebodys); i++)
		ok(!factory_serial(somebodys[i]), "\"%s\" is somebody's", somebodys[i]);
	ok(factory_name("DESKTOP-1") && factory_name("raspberrypi.lab.example") &&
	    !factory_name("hplc4-pc"), "names of all, and a name of one");
	return tap_done();
}
