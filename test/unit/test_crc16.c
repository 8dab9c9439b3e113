/* The checksums' published check values: those of the text "123456789". */
#include "proto/crc16.h"
#include "tap.h"

int
main(void)
{
	static const uint8_t t[] = "123456789";
	uint16_t hdlc = (uint16_t)~crc16_reflected(crc16_hdlc, 0xffff, t, 9);
	uint16_t dnp = (uint16_t)~crc16_reflected(crc16_dnp, 0, t, 9);

	ok(crc16_reflected(crc16_modbus, 0xffff, t, 9) == 0x4b37, "CRC-16/MODBUS");
	ok(hdlc == 0x906e, "CRC-16/IBM-SDLC");
	ok(dnp == 0xea82, "CRC-16/DNP");
	ok(crc16_forward(crc16_ccitt, 0, t, 9) == 0x31c3, "CRC-16/XMODEM, of S-Bus");
	ok(crc16_forward(crc16_ccitt, 0xffff, t, 9) == 0x29b1, "CRC-16/IBM-3740, of C37.118");
	ok(crc16_forward(crc16_ccitt, 0xffff, t, 0) == 0xffff, "nothing is the start");
	return tap_done();
}
