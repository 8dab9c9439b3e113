/* crc16.h: the 16-bit checksums of serial protocols, bit by bit: frames are short. */
#ifndef OT_PROTO_CRC16_H
#define OT_PROTO_CRC16_H

#include <stdint.h>

/* The polynomial as reflected: 0xa001 (CRC-16 of Modbus, ROC, Genisys), 0x8408 (HDLC). */
uint16_t crc16_reflected(uint16_t poly, uint16_t start, const uint8_t *d, uint32_t n);
/* Highest bit first: 0x1021 (S-Bus). */
uint16_t crc16_forward(uint16_t poly, uint16_t start, const uint8_t *d, uint32_t n);

#endif
