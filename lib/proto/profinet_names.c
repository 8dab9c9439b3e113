/* profinet_names.c: PROFINET's numbers and their names.
 *
 * IEC 61158-6-10 (blocks 5.2.1.2, record indices 5.2.1.34, alarm types 5.2.4,
 * PNIOStatus 5.2.6); vendor ids are those PI gives out, only of makers that are
 * met in laboratories, buildings and their plant. */
#include "proto/profinet.h"

static const struct tok vendors[] = {
#include "rules/vendors-profinet.inc"
	{ 0, NULL },
};

static const struct tok blocks[] = {
	{ 0x0001, "AlarmNotificationHigh" }, { 0x0002, "AlarmNotificationLow" },
	{ 0x0008, "IODWriteReqHeader" }, { 0x0009, "IODReadReqHeader" },
	{ 0x0010, "DiagnosisData" }, { 0x0012, "ExpectedIdentificationData" },
	{ 0x0013, "RealIdentificationData" }, { 0x0014, "SubstituteValue" },
	{ 0x0015, "RecordInputDataObjectElement" }, { 0x0016, "RecordOutputDataObjectElement" },
	{ 0x0018, "ARData" }, { 0x0019, "LogData" }, { 0x001a, "APIData" },
	{ 0x0020, "I&M0" }, { 0x0021, "I&M1" }, { 0x0022, "I&M2" }, { 0x0023, "I&M3" },
	{ 0x0024, "I&M4" }, { 0x0025, "I&M5" }, { 0x0030, "I&M0FilterDataSubmodul" },
	{ 0x0031, "I&M0FilterDataModul" }, { 0x0032, "I&M0FilterDataDevice" },
	{ 0x0101, "ARBlockReq" }, { 0x0102, "IOCRBlockReq" }, { 0x0103, "AlarmCRBlockReq" },
	{ 0x0104, "ExpectedSubmoduleBlockReq" }, { 0x0105, "PrmServerBlock" },
	{ 0x0106, "MCRBlockReq" }, { 0x0107, "SubFrameBlock" }, { 0x0108, "ARVendorBlockReq" },
	{ 0x0109, "IRInfoBlock" }, { 0x010a, "SRInfoBlock" }, { 0x010b, "ARFSUBlock" },
	{ 0x010c, "RSInfoBlock" }, { 0x0110, "IODControlReq" }, { 0x0111, "IODControlPlugReq" },
	{ 0x0112, "IOXControlReq" }, { 0x0113, "IOXControlPlugReq" }, { 0x0114, "ReleaseBlockReq" },
	{ 0x0116, "IOXControlReadyForCompanionReq" }, { 0x0117, "IOXControlReadyForRTC3Req" },
	{ 0x0118, "ControlPrmBeginReq" }, { 0x0119, "SubmoduleListBlock" },
	{ 0x0200, "PDPortDataCheck" }, { 0x0201, "PDevData" }, { 0x0202, "PDPortDataAdjust" },
	{ 0x0203, "PDSyncData" }, { 0x0204, "IsochronousModeData" }, { 0x0205, "PDIRData" },
	{ 0x0206, "PDIRGlobalData" }, { 0x0207, "PDIRFrameData" },
	{ 0x0209, "AdjustDomainBoundary" },
	{ 0x020a, "CheckNeighbors" }, { 0x020b, "CheckLineDelay" }, { 0x020c, "CheckMAUType" },
	{ 0x020e, "AdjustMAUType" }, { 0x020f, "PDPortDataReal" },
	{ 0x0210, "AdjustMulticastBoundary" },
	{ 0x0211, "PDInterfaceMrpDataAdjust" }, { 0x0212, "PDInterfaceMrpDataReal" },
	{ 0x0213, "PDInterfaceMrpDataCheck" }, { 0x0214, "PDPortMrpDataAdjust" },
	{ 0x0215, "PDPortMrpDataReal" }, { 0x0240, "PDInterfaceDataReal" },
	{ 0x0250, "PDInterfaceAdjust" }, { 0x0251, "PDPortStatistic" },
	{ 0x0400, "MultipleBlockHeader" }, { 0x0608, "PDInterfaceFSUDataAdjust" },
	{ 0x8001, "AlarmAckHigh" }, { 0x8002, "AlarmAckLow" }, { 0x8008, "IODWriteResHeader" },
	{ 0x8009, "IODReadResHeader" }, { 0x8101, "ARBlockRes" }, { 0x8102, "IOCRBlockRes" },
	{ 0x8103, "AlarmCRBlockRes" }, { 0x8104, "ModuleDiffBlock" },
	{ 0x8105, "PrmServerBlockRes" },
	{ 0x8106, "ARServerBlockRes" }, { 0x8107, "ARRPCBlockRes" }, { 0x8108, "ARVendorBlockRes" },
	{ 0x8110, "IODControlRes" }, { 0x8111, "IODControlPlugRes" }, { 0x8112, "IOXControlRes" },
	{ 0x8113, "IOXControlPlugRes" }, { 0x8114, "ReleaseBlockRes" },
	{ 0x8116, "IOXControlReadyForCompanionRes" }, { 0x8117, "IOXControlReadyForRTC3Res" },
	{ 0x8118, "ControlPrmBeginRes" },
	{ 0, NULL }
};

static const struct tok indices[] = {
	{ 0x8000, "ExpectedIdentificationData" }, { 0x8001, "RealIdentificationData" },
	{ 0x800a, "ChannelDiagnosis" }, { 0x800b, "AllDiagnosis" },
	{ 0x800c, "DiagnosisMaintenance" },
	{ 0x8010, "MaintenanceRequired" }, { 0x8011, "MaintenanceDemanded" },
	{ 0x8012, "MaintenanceRequiredAll" }, { 0x8013, "MaintenanceDemandedAll" },
	{ 0x801e, "SubstituteValue" }, { 0x8020, "PDIRSubframeData" },
	{ 0x8028, "RecordInputDataObjectElement" }, { 0x8029, "RecordOutputDataObjectElement" },
	{ 0x802a, "PDPortDataReal" }, { 0x802b, "PDPortDataCheck" }, { 0x802c, "PDIRData" },
	{ 0x802d, "PDSyncData" }, { 0x802f, "PDPortDataAdjust" }, { 0x8030, "IsochronousModeData" },
	{ 0x8050, "PDInterfaceMrpDataReal" }, { 0x8051, "PDInterfaceMrpDataCheck" },
	{ 0x8052, "PDInterfaceMrpDataAdjust" }, { 0x8053, "PDPortMrpDataAdjust" },
	{ 0x8054, "PDPortMrpDataReal" }, { 0x8060, "PDPortFODataReal" },
	{ 0x8061, "PDPortFODataCheck" }, { 0x8062, "PDPortFODataAdjust" },
	{ 0x8070, "PDNCDataCheck" }, { 0x8071, "PDInterfaceAdjust" }, { 0x8072, "PDPortStatistic" },
	{ 0x8080, "PDInterfaceDataReal" }, { 0x8090, "PDInterfaceFSUDataAdjust" },
	{ 0xaff0, "I&M0" }, { 0xaff1, "I&M1" }, { 0xaff2, "I&M2" }, { 0xaff3, "I&M3" },
	{ 0xaff4, "I&M4" }, { 0xaff5, "I&M5" },
	{ 0xc000, "ExpectedIdentificationData" }, { 0xc001, "RealIdentificationData" },
	{ 0xc00a, "ChannelDiagnosis" }, { 0xc00b, "AllDiagnosis" },
	{ 0xc00c, "DiagnosisMaintenance" },
	{ 0xe000, "ExpectedIdentificationData" }, { 0xe001, "RealIdentificationData" },
	{ 0xe002, "ModuleDiffBlock" }, { 0xe00a, "ChannelDiagnosis" }, { 0xe00b, "AllDiagnosis" },
	{ 0xe00c, "DiagnosisMaintenance" }, { 0xe030, "IsochronousModeData" },
	{ 0xe040, "WriteMultiple" }, { 0xe050, "ARFSUDataAdjust" },
	{ 0xf000, "RealIdentificationData" }, { 0xf00a, "ChannelDiagnosis" },
	{ 0xf00b, "AllDiagnosis" }, { 0xf00c, "DiagnosisMaintenance" }, { 0xf020, "ARData" },
	{ 0xf80c, "DiagnosisMaintenance" }, { 0xf820, "ARData" }, { 0xf821, "APIData" },
	{ 0xf830, "LogData" }, { 0xf831, "PDevData" }, { 0xf840, "I&M0FilterData" },
	{ 0xf841, "PDRealData" }, { 0xf842, "PDExpectedData" }, { 0xf850, "AutoConfiguration" },
	{ 0xf860, "GSDUpload" },
	{ 0, NULL }
};

static const struct tok alarms[] = {
	{ 0x01, "diagnosis_appears" }, { 0x02, "process" }, { 0x03, "pull" }, { 0x04, "plug" },
	{ 0x05, "status" }, { 0x06, "update" }, { 0x07, "media_redundancy" },
	{ 0x08, "controlled_by_supervisor" }, { 0x09, "released" },
	{ 0x0a, "plug_wrong_submodule" }, { 0x0b, "return_of_submodule" },
	{ 0x0c, "diagnosis_disappears" }, { 0x0d, "multicast_mismatch" },
	{ 0x0e, "port_data_change" }, { 0x0f, "sync_data_changed" },
	{ 0x10, "isochronous_mode_problem" }, { 0x11, "network_component_problem" },
	{ 0x12, "time_data_changed" }, { 0x13, "dynamic_frame_packing_problem" },
	{ 0x14, "mrpd_problem" }, { 0x15, "system_redundancy" }, { 0x1e, "upload_and_retrieval" },
	{ 0x1f, "pull_module" },
	{ 0, NULL }
};

/* ErrorCode: whose answer it is. */
static const struct tok error_codes[] = {
	{ 0x20, "manufacturer" }, { 0x81, "pnio" }, { 0xcf, "rta" }, { 0xda, "alarm_ack" },
	{ 0xdb, "connect" }, { 0xdc, "release" }, { 0xdd, "control" }, { 0xde, "read" },
	{ 0xdf, "write" },
	{ 0, NULL }
};

/* ErrorCode1 with ErrorDecode 0x80 (PNIORW). */
static const struct tok rw_errors[] = {
	{ 0xa0, "read_error" }, { 0xa1, "write_error" }, { 0xa2, "module_failure" },
	{ 0xa7, "busy" }, { 0xa8, "version_conflict" }, { 0xa9, "feature_not_supported" },
	{ 0xb0, "invalid_index" }, { 0xb1, "write_length_error" }, { 0xb2, "invalid_slot_subslot" },
	{ 0xb3, "type_conflict" }, { 0xb4, "invalid_area" }, { 0xb5, "state_conflict" },
	{ 0xb6, "access_denied" }, { 0xb7, "invalid_range" }, { 0xb8, "invalid_parameter" },
	{ 0xb9, "invalid_type" }, { 0xba, "backup" }, { 0xc0, "read_constrain_conflict" },
	{ 0xc1, "write_constrain_conflict" }, { 0xc2, "resource_busy" },
	{ 0xc3, "resource_unavailable" },
	{ 0, NULL }
};

/* ErrorCode1 with ErrorDecode 0x81 (PNIO): the block or machine at fault. */
static const struct tok pnio_errors[] = {
	{ 0x01, "faulty_ar_block" }, { 0x02, "faulty_iocr_block" },
	{ 0x03, "faulty_expected_submodule_block" }, { 0x04, "faulty_alarm_cr_block" },
	{ 0x05, "faulty_prm_server_block" }, { 0x06, "faulty_mcr_block" },
	{ 0x07, "faulty_ar_rpc_block" }, { 0x08, "faulty_record" },
	{ 0x09, "faulty_subframe_block" },
	{ 0x0a, "faulty_irt_frame_block" },
	{ 0x0d, "faulty_rsinfo_block" }, { 0x14, "faulty_control_block_connect" },
	{ 0x15, "faulty_control_block_plug" }, { 0x16, "faulty_iox_control_block" },
	{ 0x17, "faulty_iox_control_block_plug" }, { 0x18, "faulty_prm_begin_block" },
	{ 0x19, "faulty_submodule_list_block" }, { 0x28, "faulty_release_block" },
	{ 0x32, "faulty_ar_block_res" }, { 0x33, "faulty_iocr_block_res" },
	{ 0x34, "faulty_alarm_cr_block_res" }, { 0x35, "faulty_module_diff_block" },
	{ 0x36, "faulty_ar_rpc_block_res" }, { 0x3c, "alarm_ack" }, { 0x3d, "cmdev" },
	{ 0x3e, "cmctl" }, { 0x3f, "ctldina" }, { 0x40, "cmrpc" }, { 0x41, "alpmi" },
	{ 0x42, "alpmr" }, { 0x43, "lmpm" }, { 0x44, "mac" }, { 0x45, "rpc" }, { 0x46, "apmr" },
	{ 0x47, "apms" }, { 0x48, "cpm" }, { 0x49, "ppm" }, { 0x4a, "dcpucs" }, { 0x4b, "dcpucr" },
	{ 0x4c, "dcpmcs" }, { 0x4d, "dcpmcr" }, { 0x4e, "fspm" }, { 0xc8, "cmsm" },
	{ 0xca, "cmrdr" },
	{ 0xcc, "cmwrr" }, { 0xcd, "cmio" }, { 0xce, "cmsu" }, { 0xd0, "cmina" }, { 0xd1, "cmpbe" },
	{ 0xd2, "cmsrl" },
	{ 0xd3, "cmdmc" }, { 0xd4, "cmsam" }, { 0xfd, "rta_protocol" },
	{ 0, NULL }
};

/* ErrorCode2 with RTA_ERR_CLS_PROTOCOL: why an application relation ended. */
static const struct tok aborts[] = {
	{ 1, "sequence_error" }, { 2, "instance_closed" }, { 3, "out_of_memory" },
	{ 4, "add_provider_or_consumer_failed" }, { 5, "consumer_watchdog_expired" },
	{ 6, "cmi_timeout" }, { 7, "alarm_open_failed" }, { 8, "alarm_send_failed" },
	{ 9, "alarm_ack_send_failed" }, { 10, "alarm_data_too_long" }, { 11, "alarm_error" },
	{ 12, "rpc_call_failed" }, { 13, "abort_requested" }, { 14, "rerun_aborts_existing" },
	{ 15, "release_received" }, { 16, "device_deactivated" }, { 17, "removed" },
	{ 18, "protocol_violation" }, { 19, "name_resolution_error" }, { 20, "rpc_bind_error" },
	{ 21, "rpc_connect_error" }, { 22, "rpc_read_error" }, { 23, "rpc_write_error" },
	{ 24, "rpc_control_error" }, { 25, "pull_or_plug_forbidden" }, { 26, "ap_removed" },
	{ 27, "link_down" }, { 28, "mac_registration_failed" }, { 29, "not_synchronized" },
	{ 30, "wrong_topology" }, { 31, "station_name_changed" }, { 32, "reset_to_factory" },
	{ 33, "companion_ar_impossible" }, { 34, "no_ir_data" }, { 35, "pdev" },
	{ 37, "ip_suite_changed" }, { 38, "rdht_expired" }, { 39, "parameterization_impossible" },
	{ 40, "application_ready_timeout" }, { 43, "ar_protocol_violation" }, { 255, "user_abort" },
	{ 0, NULL }
};

const char *pn_vendor_name(uint16_t id) { return tok_search(vendors, TOKS(vendors), id); }
const char *pn_block_name(uint16_t type) { return tok_find(blocks, type); }
const char *pn_alarm_name(uint16_t type) { return tok_find(alarms, type); }

const char *
pn_index_name(uint16_t index)
{
	return index < 0x8000 ? "user" : tok_find(indices, index);
}

static const char *
status_name(uint32_t s)
{
	uint8_t decode = s >> 16 & 0xff, code1 = s >> 8 & 0xff, code2 = s & 0xff;

	if (decode == 0x80)
		return tok_find(rw_errors, code1);
	if (decode == 0x81 && code1 == 0xfd)
		return tok_or(aborts, code2, "rta_protocol");
	if (decode == 0x81)
		return tok_find(pnio_errors, code1);
	return NULL;
}

struct text
pn_status_text(struct ev *e, uint32_t s)
{
	const char *name = status_name(s);

	if (!s)
		return TEXT("ok");
	return name ? text_c(name) : ev_text(e, "pnio_status_%08x", s);
}

void
pn_put_status(struct ev *e, uint32_t s)
{
	ev_obj(e, "status");
	ev_uint(e, "raw", s);
	if (s) {
		ev_cstr(e, "code", tok_find(error_codes, s >> 24));
		ev_uint(e, "error_decode", s >> 16 & 0xff);
		ev_uint(e, "error_code1", s >> 8 & 0xff);
		ev_uint(e, "error_code2", s & 0xff);
		ev_cstr(e, "error", status_name(s));
	}
	ev_end(e);
}

struct text
pn_place(struct ev *e, uint32_t api, uint16_t slot, uint16_t subslot)
{
	/* from 0x8000 on they are interfaces and ports: known by their hex numbers */
	if (!api && subslot >= 0x8000)
		return ev_text(e, "slot %u subslot 0x%04x", slot, subslot);
	if (!api)
		return ev_text(e, "slot %u subslot %u", slot, subslot);
	return ev_text(e, "api 0x%x slot %u subslot 0x%x", api, slot, subslot);
}
