/* Documents in which instruments describe themselves, and SCPI's lines. */
#include "proto/lxi.h"
#include "proto/scpi.h"
#include "proto/sila.h"
#include "tap.h"

#include <math.h>
#include <stdlib.h>

static const char lxi_doc[] = "<?xml version=\"1.0\"?>\n<!-- <LXIDevice><Model>no</Model> -->\n"
    "<lxi:LXIDevice xmlns:lxi=\"http://www.lxistandard.org/InstrumentIdentification/1.0\" "
    "a=\"x>y\">\n<lxi:Manufacturer> Rohde &amp; Schwarz\n</lxi:Manufacturer><lxi:Model/>"
    "<lxi:Model>NLM-3400</lxi:Model><lxi:SerialNumber>SE &lt;4&gt; &unknown;</lxi:SerialNumber>"
    "<![CDATA[<FirmwareRevision>no</FirmwareRevision>]]><lxi:FirmwareRevision>2.1"
    "</lxi:FirmwareRevision><lxi:UserDescription>HEMLIGT</lxi:UserDescription></lxi:LXIDevice>";
static const char sila_doc[] = "<soap:Envelope xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\">"
    "<soap:Body><GetDeviceIdentificationResponse xmlns=\"http://sila.coop\">"
    "<GetDeviceIdentificationResult><returnCode>1</returnCode></GetDeviceIdentificationResult>"
    "<deviceDescription><SiLAInterfaceVersion>1.2.01</SiLAInterfaceVersion><SiLADeviceClass>30"
    "</SiLADeviceClass><DeviceManufacturer>Sampler</DeviceManufacturer><DeviceName>Shaker"
    "</DeviceName><DeviceSerialNumber>S-7</DeviceSerialNumber><DeviceFirmwareVersion>3.0"
    "</DeviceFirmwareVersion></deviceDescription></GetDeviceIdentificationResponse>"
    "</soap:Body></soap:Envelope>";

static struct rd
of(const char *s)
{
	return rd_init(s, (uint32_t)strlen(s), (uint32_t)strlen(s));
}

/* Every beginning of it, in memory of its own, so that reading past the end shows. */
static void
cuts(const char *doc)
{
	for (size_t n = 0; n <= strlen(doc); n++) {
		struct lxi_ident l;
		struct sila_ident s;
		char *p = malloc(n ? n : 1);

		memcpy(p, doc, n);
		lxi_identification(rd_init(p, (uint32_t)n, (uint32_t)n), &l);
		sila_identification(rd_init(p, (uint32_t)n, (uint32_t)strlen(doc)), &s);
		free(p);
	}
	ok(true, "cut at each of %zu bytes", strlen(doc));
}

static void
unit_is(const char *line, const char *head, enum ot_op op, bool calibration, bool secret)
{
	struct scpi_path path = { .n = 0 };
	struct scpi_unit u = { .n = 0 };
	struct rd r = of(line);

	while (scpi_unit(&r, &path, &u))
		;
	ok(u.n == strlen(head) && memcmp(u.head, head, u.n) == 0 && u.op == op &&
	    u.calibration == calibration && u.secret == secret, "%s", line);
}

int
main(void)
{
	struct lxi_ident l;
	struct sila_ident s;
	double v;

	ok(lxi_identification(of(lxi_doc), &l), "an LXI document");
	ok(strcmp(l.vendor, "Rohde & Schwarz") == 0 && strcmp(l.model, "NLM-3400") == 0, "its maker");
	ok(strcmp(l.serial, "SE <4> &unknown;") == 0 && strcmp(l.firmware, "2.1") == 0, "its number");
	ok(!lxi_identification(of("<html><body>Manufacturer</body></html>"), &l), "a page is none");
	ok(!lxi_identification(of("<LXIDevice><Other>x</Other></LXIDevice>"), &l), "an empty one");
	ok(!lxi_identification(of(sila_doc), &l), "nor is SiLA's");
	ok(sila_identification(of(sila_doc), &s), "a SiLA answer");
	ok(strcmp(s.vendor, "Sampler") == 0 && strcmp(s.name, "Shaker") == 0 &&
	    strcmp(s.serial, "S-7") == 0 && strcmp(s.firmware, "3.0") == 0 &&
	    strcmp(s.interface, "1.2.01") == 0, "its fields");
	ok(!sila_identification(of(lxi_doc), &s), "LXI's is none");
	cuts(lxi_doc);
	cuts(sila_doc);

	unit_is("*IDN?", "*IDN", OT_IDENTIFY, false, false);
	unit_is(":calibration:secure:state off,1", "CALIBRATION:SECURE:STATE", OT_CONFIGURE, true, true);
	unit_is("CAL:SEC:CODE 1;STAT ON", "CAL:SEC:STAT", OT_CONFIGURE, true, true);
	unit_is("SOUR:VOLT 1;SOUR:CURR 2", "SOUR:CURR", OT_WRITE, false, false);
	unit_is("SENS:VOLT:RANG 1;:CAL?", "CAL", OT_COMMAND, true, false);
	unit_is("CAL:COUN?", "CAL:COUN", OT_READ, true, false);
	unit_is("*CAL?", "*CAL", OT_COMMAND, true, false);
	unit_is("VOLT:PROT 5", "VOLT:PROT", OT_WRITE, false, false);
	unit_is("CALC:LIM:PASS?", "CALC:LIM:PASS", OT_READ, false, false);
	unit_is("SYST:COMM:LAN:IPAD \"a;b\"", "SYST:COMM:LAN:IPAD", OT_CONFIGURE, false, false);
	unit_is("OUTP1 ON", "OUTP1", OT_COMMAND, false, false);

	ok(scpi_shape(of("*idn?")) == 2 && scpi_shape(of("MEAS:VOLT?")) == 2 &&
	    scpi_shape(of("VOLT 5")) == 1, "SCPI");
	ok(!scpi_shape(of("GET / HTTP/1.1")) && !scpi_shape(of("USER anna")) &&
	    !scpi_shape(of("EHLO x")) && !scpi_shape(of("*2")) && !scpi_shape(of("SYSTx")) &&
	    !scpi_shape(of("")), "no SCPI");
	ok(scpi_length(&(struct rd){ .p = (const uint8_t *)"D #15a\nb\nc\n", .cap = 11, .len = 11 }) ==
	    10, "a block ends where its length says");
	ok(scpi_number(of(" +1.25E-03\n"), &v) && fabs(v - 0.00125) < 1e-18, "a number");
	ok(scpi_number(of("-7"), &v) && v == -7, "an integer");
	ok(!scpi_number(of("9.91E37"), &v) && !scpi_number(of("1,2"), &v) && !scpi_number(of(""), &v) &&
	    !scpi_number(of("1E"), &v) && !scpi_number(of("1E999"), &v), "no numbers");
	return tap_done();
}
