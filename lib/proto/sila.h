/* sila.h: what a SiLA 1.x device answers to GetDeviceIdentification, a SOAP
 * request over HTTP (SiLA Device Control and Data Interface 1.3). For the HTTP
 * dissector. */
#ifndef OT_SILA_H
#define OT_SILA_H

#include "base/rd.h"

#include <stdbool.h>

/* Texts, empty where absent. */
struct sila_ident {
	char vendor[64], name[64], serial[64], firmware[64], interface[16], device_class[16];
};

/* True when body is such an answer and says who made the device or what it is. */
bool sila_identification(struct rd body, struct sila_ident *out);

#endif
