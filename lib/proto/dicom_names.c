/* dicom_names.c: service classes (PS3.6 annex A), implementations, statuses (PS3.7 annex C). */
#include "proto/dicom.h"

#include <string.h>

static const char root[] = "1.2.840.10008.";

static const struct { const char *uid, *name; uint8_t what; } sops[] = {
	{ "", NULL, DICOM_OTHER },      /* 0: none */
	{ "1.1", "Verification", DICOM_VERIFY },
	{ "1.20.1", "Storage Commitment Push Model", DICOM_COMMIT },
	{ "3.1.2.3.3", "Modality Performed Procedure Step", DICOM_STEP },
	{ "3.1.2.3.4", "Modality Performed Procedure Step Retrieve", DICOM_STEP },
	{ "5.1.1.1", "Basic Film Session", DICOM_PRINT },
	{ "5.1.1.2", "Basic Film Box", DICOM_PRINT },
	{ "5.1.1.4", "Basic Grayscale Image Box", DICOM_PRINT },
	{ "5.1.1.4.1", "Basic Color Image Box", DICOM_PRINT },
	{ "5.1.1.9", "Basic Grayscale Print Management Meta", DICOM_PRINT },
	{ "5.1.1.14", "Print Job", DICOM_PRINT },
	{ "5.1.1.16", "Printer", DICOM_PRINT },
	{ "5.1.1.16.376", "Printer Configuration Retrieval", DICOM_PRINT },
	{ "5.1.1.18", "Basic Color Print Management Meta", DICOM_PRINT },
	{ "5.1.4.1.1.1", "Computed Radiography Image Storage", DICOM_STORE },
	{ "5.1.4.1.1.1.1", "Digital X-Ray Image Storage", DICOM_STORE },
	{ "5.1.4.1.1.1.1.1", "Digital X-Ray Image Storage for Processing", DICOM_STORE },
	{ "5.1.4.1.1.1.2", "Digital Mammography Image Storage", DICOM_STORE },
	{ "5.1.4.1.1.2", "CT Image Storage", DICOM_STORE },
	{ "5.1.4.1.1.2.1", "Enhanced CT Image Storage", DICOM_STORE },
	{ "5.1.4.1.1.3.1", "Ultrasound Multi-frame Image Storage", DICOM_STORE },
	{ "5.1.4.1.1.4", "MR Image Storage", DICOM_STORE },
	{ "5.1.4.1.1.4.1", "Enhanced MR Image Storage", DICOM_STORE },
	{ "5.1.4.1.1.6.1", "Ultrasound Image Storage", DICOM_STORE },
	{ "5.1.4.1.1.7", "Secondary Capture Image Storage", DICOM_STORE },
	{ "5.1.4.1.1.7.4", "Multi-frame True Color Secondary Capture Image Storage", DICOM_STORE },
	{ "5.1.4.1.1.9.1.1", "12-lead ECG Waveform Storage", DICOM_STORE },
	{ "5.1.4.1.1.11.1", "Grayscale Softcopy Presentation State Storage", DICOM_STORE },
	{ "5.1.4.1.1.12.1", "X-Ray Angiographic Image Storage", DICOM_STORE },
	{ "5.1.4.1.1.12.2", "X-Ray Radiofluoroscopic Image Storage", DICOM_STORE },
	{ "5.1.4.1.1.20", "Nuclear Medicine Image Storage", DICOM_STORE },
	{ "5.1.4.1.1.66", "Raw Data Storage", DICOM_STORE },
	{ "5.1.4.1.1.66.4", "Segmentation Storage", DICOM_STORE },
	{ "5.1.4.1.1.77.1.1", "VL Endoscopic Image Storage", DICOM_STORE },
	{ "5.1.4.1.1.77.1.2", "VL Microscopic Image Storage", DICOM_STORE },
	{ "5.1.4.1.1.77.1.3", "VL Slide-Coordinates Microscopic Image Storage", DICOM_STORE },
	{ "5.1.4.1.1.77.1.4", "VL Photographic Image Storage", DICOM_STORE },
	{ "5.1.4.1.1.77.1.6", "VL Whole Slide Microscopy Image Storage", DICOM_STORE },
	{ "5.1.4.1.1.77.1.5.1", "Ophthalmic Photography Image Storage", DICOM_STORE },
	{ "5.1.4.1.1.88.11", "Basic Text SR Storage", DICOM_STORE },
	{ "5.1.4.1.1.88.22", "Enhanced SR Storage", DICOM_STORE },
	{ "5.1.4.1.1.88.33", "Comprehensive SR Storage", DICOM_STORE },
	{ "5.1.4.1.1.88.67", "X-Ray Radiation Dose SR Storage", DICOM_STORE },
	{ "5.1.4.1.1.104.1", "Encapsulated PDF Storage", DICOM_STORE },
	{ "5.1.4.1.1.128", "Positron Emission Tomography Image Storage", DICOM_STORE },
	{ "5.1.4.1.1.481.1", "RT Image Storage", DICOM_STORE },
	{ "5.1.4.1.1.481.2", "RT Dose Storage", DICOM_STORE },
	{ "5.1.4.1.1.481.3", "RT Structure Set Storage", DICOM_STORE },
	{ "5.1.4.1.1.481.5", "RT Plan Storage", DICOM_STORE },
	{ "5.1.4.1.2.1.1", "Patient Root Query/Retrieve - FIND", DICOM_QUERY },
	{ "5.1.4.1.2.1.2", "Patient Root Query/Retrieve - MOVE", DICOM_QUERY },
	{ "5.1.4.1.2.1.3", "Patient Root Query/Retrieve - GET", DICOM_QUERY },
	{ "5.1.4.1.2.2.1", "Study Root Query/Retrieve - FIND", DICOM_QUERY },
	{ "5.1.4.1.2.2.2", "Study Root Query/Retrieve - MOVE", DICOM_QUERY },
	{ "5.1.4.1.2.2.3", "Study Root Query/Retrieve - GET", DICOM_QUERY },
	{ "5.1.4.31", "Modality Worklist - FIND", DICOM_WORKLIST },
	{ "5.1.4.32.1", "General Purpose Worklist - FIND", DICOM_WORKLIST },
	{ "5.1.4.34.6.1", "Unified Procedure Step - Push", DICOM_STEP },
	{ "5.1.4.34.6.3", "Unified Procedure Step - Pull", DICOM_STEP },
};

static const struct dicom_maker makers[] = {
	{ "1.2.276.0.7230010.3.", NULL, "DCMTK" },
	{ "1.2.40.0.13.1.", NULL, "dcm4che" },
	{ "1.2.826.0.1.3680043.9.3811.", NULL, "pynetdicom" },
	{ "1.3.6.1.4.1.30071.8", NULL, "fo-dicom" },
	{ "1.3.6.1.4.1.5962.", NULL, "PixelMed" },
#include "rules/vendors-dicom.inc"
	{ NULL, NULL, NULL },
};

static const struct tok statuses[] = {
	{ 0x0000, "ok" }, { 0x0105, "no_such_attribute" }, { 0x0106, "invalid_attribute_value" },
	{ 0x0110, "processing_failure" }, { 0x0111, "duplicate_sop_instance" },
	{ 0x0112, "no_such_object_instance" }, { 0x0113, "no_such_event_type" },
	{ 0x0114, "no_such_argument" }, { 0x0115, "invalid_argument_value" },
	{ 0x0117, "invalid_object_instance" }, { 0x0118, "no_such_sop_class" },
	{ 0x0119, "class_instance_conflict" }, { 0x0120, "missing_attribute" },
	{ 0x0121, "missing_attribute_value" }, { 0x0122, "sop_class_not_supported" },
	{ 0x0123, "no_such_action" }, { 0x0124, "not_authorized" },
	{ 0x0210, "duplicate_invocation" }, { 0x0211, "unrecognized_operation" },
	{ 0x0212, "mistyped_argument" }, { 0x0213, "resource_limitation" },
	{ 0xa801, "move_destination_unknown" }, { 0xfe00, "cancelled" },
	{ 0, NULL }
};

static const struct tok rejects[] = {
	{ 0x0101, "no_reason" }, { 0x0102, "application_context_not_supported" },
	{ 0x0103, "calling_ae_not_recognized" }, { 0x0107, "called_ae_not_recognized" },
	{ 0x0201, "no_reason" }, { 0x0202, "protocol_version_not_supported" },
	{ 0x0301, "temporary_congestion" }, { 0x0302, "local_limit_exceeded" },
	{ 0, NULL }
};

static const struct tok aborts[] = {
	{ 0x0200, "no_reason" }, { 0x0201, "unrecognized_pdu" }, { 0x0202, "unexpected_pdu" },
	{ 0x0204, "unrecognized_parameter" }, { 0x0205, "unexpected_parameter" },
	{ 0x0206, "invalid_parameter_value" },
	{ 0, NULL }
};

static const struct tok identities[] = {
	{ 1, "user_name" }, { 2, "user_name_and_passcode" }, { 3, "kerberos" }, { 4, "saml" },
	{ 5, "jwt" },
	{ 0, NULL }
};

static const char *const purposes[DICOM_FOR_N] = { NULL, "verification", "storage", "query",
	"worklist", "procedure_step", "storage_commitment", "print" };

enum { SOPS = sizeof(sops) / sizeof(sops[0]) };
_Static_assert((int)SOPS < (int)DICOM_UNKNOWN, "a class fits its number");

uint8_t
dicom_sop_find(struct text uid)
{
	const size_t n = sizeof(root) - 1;

	if (!uid.n)
		return 0;
	for (size_t i = 1; i < SOPS && uid.n > n && memcmp(uid.p, root, n) == 0; i++)
		if (uid.n - n == strlen(sops[i].uid) &&
		    memcmp(uid.p + n, sops[i].uid, uid.n - n) == 0)
			return (uint8_t)i;
	return DICOM_UNKNOWN;
}

const char *
dicom_sop_name(uint8_t sop)
{
	return sop < SOPS ? sops[sop].name : NULL;
}

enum dicom_for
dicom_sop_for(uint8_t sop)
{
	return sop < SOPS ? sops[sop].what : DICOM_OTHER;
}

const char *
dicom_for_name(enum dicom_for f)
{
	return purposes[f];
}

const struct dicom_maker *
dicom_maker(const char *uid)
{
	for (const struct dicom_maker *m = makers; m->root; m++)
		if (strncmp(uid, m->root, strlen(m->root)) == 0)
			return m;
	return NULL;
}

const char *
dicom_status(uint16_t status)
{
	const char *name = tok_find(statuses, status);

	if (name)
		return name;
	switch (status >> 8) {
	case 0xa7:
		return "out_of_resources";
	case 0xa9:
		return "data_set_mismatch";
	case 0xb0:
		return "warning";
	}
	return status >> 12 == 0xc ? "unable_to_process" : NULL;
}

const char *
dicom_reject(uint8_t source, uint8_t reason)
{
	return tok_find(rejects, (uint32_t)source << 8 | reason);
}

const char *
dicom_abort(uint8_t source, uint8_t reason)
{
	return source == 0 ? "by_user" : tok_find(aborts, (uint32_t)source << 8 | reason);
}

const char *
dicom_user_identity(uint8_t type)
{
	return tok_find(identities, type);
}
