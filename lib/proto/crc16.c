#include "proto/crc16.h"

uint16_t
crc16_reflected(uint16_t poly, uint16_t start, const uint8_t *d, uint32_t n)
{
	uint16_t c = start;

	for (uint32_t i = 0; i < n; i++) {
		c ^= d[i];
		for (int b = 0; b < 8; b++)
			c = (uint16_t)(c & 1 ? c >> 1 ^ poly : c >> 1);
	}
	return c;
}

uint16_t
crc16_forward(uint16_t poly, uint16_t start, const uint8_t *d, uint32_t n)
{
	uint16_t c = start;

	for (uint32_t i = 0; i < n; i++) {
		c ^= (uint16_t)(d[i] << 8);
		for (int b = 0; b < 8; b++)
			c = (uint16_t)(c & 0x8000 ? c << 1 ^ poly : c << 1);
	}
	return c;
}
