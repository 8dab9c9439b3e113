/* crc16.h: the 16-bit checksums of serial protocols, four bits a step. */
#ifndef OT_PROTO_CRC16_H
#define OT_PROTO_CRC16_H

#include <stdint.h>

/* Lowest bit first. */
extern const uint16_t crc16_modbus[16]; /* x^16+x^15+x^2+1: Modbus, ROC, Genisys */
extern const uint16_t crc16_hdlc[16];   /* x^16+x^12+x^5+1: HDLC, BACnet MS/TP */
extern const uint16_t crc16_dnp[16];    /* x^16+x^13+x^12+x^11+x^10+x^8+x^6+x^5+x^2+1 */
uint16_t crc16_reflected(const uint16_t poly[16], uint16_t start, const uint8_t *d, uint32_t n);
/* Highest bit first. */
extern const uint16_t crc16_ccitt[16];  /* x^16+x^12+x^5+1: S-Bus, C37.118 */
uint16_t crc16_forward(const uint16_t poly[16], uint16_t start, const uint8_t *d, uint32_t n);

#endif
