/* cip_vendors.c: who makes a device and what kind it is, by ODVA's numbers: the
 * makers that laboratories and plants have, not all of them. */
#include "proto/cip.h"

static const struct tok vendors[] = {
	{ 1, "Rockwell Automation/Allen-Bradley" }, { 3, "Honeywell Inc." },
	{ 4, "Parker Hannifin Corp. (Veriflo Division)" },
	{ 5, "Rockwell Automation/Reliance Elec." }, { 7, "SMC Corporation" },
	{ 8, "Molex Incorporated" }, { 11, "ASCO Pneumatic Controls" },
	{ 12, "Banner Engineering Corp." }, { 13, "Belden Wire & Cable Company" },
	{ 16, "Daniel Woodhead Co. (Woodhead Connectivity)" }, { 26, "Festo Corporation" },
	{ 36, "MKS Instruments, Inc." },
	{ 37, "Yaskawa Electric America formerly Magnetek Drives" }, { 40, "Wago Corporation" },
	{ 42, "IMI Norgren Limited" }, { 43, "BALLUFF, Inc." },
	{ 44, "Yaskawa Electric America, Inc." }, { 45, "Eurotherm Controls Inc" },
	{ 46, "ABB Industrial Systems" }, { 47, "Omron Corporation" }, { 48, "TURCk, Inc." },
	{ 49, "Grayhill Inc." }, { 50, "Real Time Automation (C&ID)" }, { 52, "Numatics, Inc." },
	{ 56, "Softing GmbH" }, { 57, "Pepperl + Fuchs" }, { 58, "Spectrum Controls, Inc." },
	{ 59, "D.I.P. Inc. MKS Inst." }, { 68, "Eaton Electrical" },
	{ 71, "Toshiba International Corp." }, { 74, "Hitachi, Ltd." },
	{ 75, "ABB Robotics Products AB" }, { 77, "Rockwell Software, Inc." },
	{ 78, "Escort Memory Systems (A Datalogic Group Co.)" },
	{ 82, "Mitsubishi Electric Automation, Inc." }, { 83, "OPTO-22" },
	{ 86, "Horner Electric" }, { 87, "Burkert Werke GmbH & Co. KG" },
	{ 90, "HMS Industrial Networks AB" }, { 94, "Advantech Co. Ltd." },
	{ 96, "Digital Electronics Corp." }, { 97, "Danfoss" },
	{ 100, "Bosch Rexroth Corporation, Pneumatics" }, { 108, "Beckhoff Automation GmbH" },
	{ 109, "National Instruments" }, { 121, "KUKA Roboter GmbH" },
	{ 127, "ABB Inc. (Entrelec)" }, { 134, "TR Systemtechnik GmbH" },
	{ 143, "GE Industrial Systems" }, { 144, "Leybold Vacuum GmbH" },
	{ 145, "Siemens Energy & Automation/Drives" }, { 153, "WATLOW" },
	{ 156, "Ametek Automation & Process Technologies" }, { 159, "IDEC IZUMI Corporation" },
	{ 160, "Mitsubishi Heavy Industries Ltd" }, { 161, "Mitsubishi Electric Corporation" },
	{ 162, "Horiba-STEC Inc." }, { 171, "Denso Wave Incorporated" },
	{ 176, "Red Lion Controls" }, { 179, "Sanyo Denki Co., Ltd" }, { 181, "Pilz GmbH & Co" },
	{ 186, "Hitachi Metals Ltd." }, { 187, "Oriental Motor Company" },
	{ 201, "CKD Corporation" },
	{ 218, "NIDEC SANKYO CORPORATION (Sankyo Seiki Mfg. Co., Ltd)" },
	{ 226, "MKS Instruments (ENI Technology)" }, { 243, "Schneider Automation, Inc." },
	{ 245, "Nihon Weidmuller Co., Ltd" }, { 246, "Brooks Instrument (Div. of Emerson)" },
	{ 250, "Yokogawa Electric Corporation" }, { 252, "Omron Software Co., Ltd" },
	{ 253, "BOC Edwards" }, { 255, "Bosch Rexroth" }, { 256, "Turck" },
	{ 257, "Control Techniques PLC" }, { 258, "Hardy Instruments, Inc." },
	{ 259, "LS Industrial Systems" }, { 277, "Trio Motion Technology Ltd" },
	{ 283, "Hilscher GmbH" }, { 287, "Bosch Rexroth Corporation, Indramat" },
	{ 301, "Yokogawa M&C Corporation" }, { 309, "Prosoft Technology" },
	{ 315, "SEW Eurodrive GmbH" }, { 319, "Fuji Electric Co., Ltd." },
	{ 322, "ifm efector, inc." }, { 326, "GE Fanuc Automation North America, Inc." },
	{ 327, "Matsushita Electric Industrial Co., Ltd" },
	{ 335, "Toshiba IT & Control Systems Corporation" }, { 345, "Endress + Hauser" },
	{ 347, "ABB ALSTOM Power UK Ltd. (EGT)" }, { 356, "Fanuc Robotics America" },
	{ 362, "Particle Measuring Systems, Inc." }, { 367, "Keyence Corporation" },
	{ 369, "Mitsubishi Electric Semiconductor Application" }, { 371, "Omron ASO Co., Ltd" },
	{ 376, "Toshiba Information Systems (Japan) Corporation" },
	{ 377, "TOSHIBA Schneider Inverter Corporation" }, { 401, "Hitachi Cable Ltd." },
	{ 403, "Eaton Electric B.V. (former Holec Holland N.V.)" },
	{ 408, "ABB Welding Systems AB" }, { 413, "Kistler-Morse Corporation" },
	{ 420, "Phoenix Digital Corporation" }, { 445, "Lenze Drive Systems GmbH" },
	{ 453, "Matsushita Welding Systems Co., Ltd." }, { 460, "Ascom Hasler Mailing Sys" },
	{ 468, "Baumer IVO GmbH & Co. KG" }, { 492, "Nidec-Shimpo Corp." },
	{ 511, "SICK Stegmann GmbH" }, { 513, "Edwards Signaling" },
	{ 527, "Pfeiffer Vacuum GmbH" }, { 531, "Hitachi Kokusai Electric Co., Ltd." },
	{ 540, "Atlas Copco Controls UK" }, { 545, "Shimafuji Electric Co., Ltd" },
	{ 547, "Kyushu Matsushita Electric Co., Ltd" }, { 553, "Control Techniques PLC-NA" },
	{ 560, "Sartorius Mechatronics T&H GmbH" }, { 562, "Phoenix Contact" },
	{ 563, "Yokogawa MAT Corporation" }, { 574, "Shin Caterpillar Mitsubishi Ltd." },
	{ 577, "Hitachi Electric Systems" }, { 579, "Woodhead Software & Electronics France" },
	{ 584, "Nikki Denso Co., Ltd." }, { 590, "Delta Computer Systems, Inc." },
	{ 591, "FANUC Ltd." }, { 593, "ABB Automation Products" },
	{ 620, "Parker Hannifin/Compumotor Division" },
	{ 625, "Rockwell Automation-Sprecher+Schuh" },
	{ 626, "Matsushita Electric Industrial Co., Ltd/Motor Co." }, { 633, "INFICON AG" },
	{ 634, "Hirschmann, Inc." }, { 638, "Woodhead Connectivity" },
	{ 640, "Murrelektronik GmbH" }, { 661, "Thermo BLH" }, { 664, "MKS-Tenta Technology" },
	{ 666, "Mettler-Toledo, Inc." }, { 668, "Rockwell Automation/Entek IRD Intl." },
	{ 678, "Cognex Corporation" }, { 680, "Weidmuller, Inc." },
	{ 698, "Matsushita Electric Works, Ltd." }, { 706, "Bronkhorst High-Tech B.V." },
	{ 719, "Yokogawa Digital Computer Corporation" }, { 757, "Hitachi Via Mechanics, Ltd." },
	{ 760, "ABB Stotz Kontakt GmbH" }, { 763, "Baumer Ident GmbH" },
	{ 771, "SICK STEGMANN Inc." }, { 776, "Asahi Organic Chemicals Industry Co., Ltd." },
	{ 796, "Siemens Energy & Automation, Inc." }, { 799, "Delta Power Electronics Center" },
	{ 808, "SICK AG" }, { 829, "Rockwell Samsung Automation" },
	{ 844, "Brooks Automation, Inc." }, { 850, "Datalogic, Inc." },
	{ 862, "Siemens AG, A&D PI Flow Instruments" },
	{ 903, "Emerson Process Management Power & Water Solutions" },
	{ 914, "Micro Motion, Inc." }, { 924, "Parker Hannifin SpA (SBC Division)" },
	{ 939, "Cisco Systems" }, { 943, "ABB K.K. Technical Center" },
	{ 947, "Belden CDT Electronics Division" }, { 949, "Gefran S.P.A." },
	{ 971, "Siemens L&A" }, { 977, "Ametek HDR Power Systems" },
	{ 991, "Moxa Networking Co., Ltd." }, { 998, "Emerson Network Power Co., Ltd." },
	{ 1004, "DELTA I/O Co." }, { 1009, "Seiko Epson Corporation" },
	{ 1015, "Weidmueller Interface GmbH & Co. KG" },
	{ 1037, "MITSUBISHI HEAVY INDUSTRIES, LTD. KOBE SHIPYARD & MACHINERY WORKS" },
	{ 1051, "Mitsubishi Heavy Ind. Digital System Co., Ltd. (M.H.I.)" },
	{ 1059, "Delta Electronic Inc." }, { 1073, "Mitsubishi Electric Engineering Co., Ltd." },
	{ 1075, "Real Time Objects & Systems, LLC" }, { 1083, "ABB Global Services Limited" },
	{ 1112, "Hitachi Industrial Equipment Systems Co., Ltd." }, { 1138, "ASCON S.p.A." },
	{ 1141, "Emerson Process Management Valve Automation" },
	{ 1174, "Alicat Scientific, Inc." }, { 1182, "Endress+Hauser" },
	{ 1191, "Hermary Opto Electronics Inc." }, { 1211, "wenglor sensoric gmbh" },
	{ 1236, "Hitachi Cable Manchester" }, { 0, NULL },
};

static const struct tok device_types[] = {
	{ 0, "Generic Device" }, { 2, "AC Drive" }, { 3, "Motor Overload" },
	{ 4, "Limit Switch" }, { 5, "Inductive Proximity Switch" }, { 6, "Photoelectric Sensor" },
	{ 7, "General Purpose Discrete I/O" }, { 9, "Resolver" },
	{ 12, "Communications Adapter" }, { 14, "Programmable Logic Controller" },
	{ 16, "Position Controller" }, { 19, "DC Drive" }, { 21, "Contactor" },
	{ 22, "Motor Starter" }, { 23, "Soft Start" }, { 24, "Human-Machine Interface" },
	{ 26, "Mass Flow Controller" }, { 27, "Pneumatic Valve" },
	{ 28, "Vacuum Pressure Gauge" }, { 29, "Process Control Value" },
	{ 30, "Residual Gas Analyzer" }, { 31, "DC Power Generator" },
	{ 32, "RF Power Generator" }, { 33, "Turbomolecular Vacuum Pump" }, { 34, "Encoder" },
	{ 35, "Safety Discrete I/O Device" }, { 36, "Fluid Flow Controller" },
	{ 37, "CIP Motion Drive" }, { 38, "CompoNet Repeater" },
	{ 39, "Mass Flow Controller, Enhanced" }, { 40, "CIP Modbus Device" },
	{ 41, "CIP Modbus Translator" }, { 42, "Safety Analog I/O Device" },
	{ 43, "Generic Device (keyable)" }, { 44, "Managed Ethernet Switch" },
	{ 45, "CIP Motion Safety Drive Device" }, { 46, "Safety Drive Device" },
	{ 47, "CIP Motion Encoder" }, { 48, "CIP Motion Converter" }, { 49, "CIP Motion I/O" },
	{ 50, "ControlNet Physical Layer Component" }, { 51, "Circuit Breaker" },
	{ 52, "HART Device" }, { 53, "CIP-HART Translator" }, { 200, "Embedded Component" },
	{ 0, NULL },
};

const char *
cip_vendor_name(uint16_t id)
{
	return tok_find(vendors, id);
}

const char *
cip_device_type_name(uint16_t type)
{
	return tok_find(device_types, type);
}

const char *
cip_role(uint16_t type)
{
	switch (type) {
	case 14:
		return "plc";
	case 44:
		return "switch";
	case 41: case 53:
		return "gateway";
	default:
		return NULL;
	}
}
