/* iec104_names.c: types, causes and qualifiers: IEC 60870-5-101, 7.2 and 7.3;
 * -104, clauses 5 and 8. */
#include "proto/iec104.h"

static const struct iec_type types[128] = {
	[1] = { "M_SP_NA_1", "p" },
	[2] = { "M_SP_TA_1", "p3" },
	[3] = { "M_DP_NA_1", "d" },
	[4] = { "M_DP_TA_1", "d3" },
	[5] = { "M_ST_NA_1", "vq" },
	[6] = { "M_ST_TA_1", "vq3" },
	[7] = { "M_BO_NA_1", "bq" },
	[8] = { "M_BO_TA_1", "bq3" },
	[9] = { "M_ME_NA_1", "nq" },
	[10] = { "M_ME_TA_1", "nq3" },
	[11] = { "M_ME_NB_1", "sq" },
	[12] = { "M_ME_TB_1", "sq3" },
	[13] = { "M_ME_NC_1", "fq" },
	[14] = { "M_ME_TC_1", "fq3" },
	[15] = { "M_IT_NA_1", "i" },
	[16] = { "M_IT_TA_1", "i3" },
	[17] = { "M_EP_TA_1", "ew3" },
	[18] = { "M_EP_TB_1", "xyw3" },
	[19] = { "M_EP_TC_1", "xyw3" },
	[20] = { "M_PS_NA_1", "bq" },
	[21] = { "M_ME_ND_1", "n" },
	[30] = { "M_SP_TB_1", "p7" },
	[31] = { "M_DP_TB_1", "d7" },
	[32] = { "M_ST_TB_1", "vq7" },
	[33] = { "M_BO_TB_1", "bq7" },
	[34] = { "M_ME_TD_1", "nq7" },
	[35] = { "M_ME_TE_1", "sq7" },
	[36] = { "M_ME_TF_1", "fq7" },
	[37] = { "M_IT_TB_1", "i7" },
	[38] = { "M_EP_TD_1", "ew7" },
	[39] = { "M_EP_TE_1", "xyw7" },
	[40] = { "M_EP_TF_1", "xyw7" },
	[45] = { "C_SC_NA_1", "C" },
	[46] = { "C_DC_NA_1", "D" },
	[47] = { "C_RC_NA_1", "D" },
	[48] = { "C_SE_NA_1", "nQ" },
	[49] = { "C_SE_NB_1", "sQ" },
	[50] = { "C_SE_NC_1", "fQ" },
	[51] = { "C_BO_NA_1", "b" },
	[58] = { "C_SC_TA_1", "C7" },
	[59] = { "C_DC_TA_1", "D7" },
	[60] = { "C_RC_TA_1", "D7" },
	[61] = { "C_SE_TA_1", "nQ7" },
	[62] = { "C_SE_TB_1", "sQ7" },
	[63] = { "C_SE_TC_1", "fQ7" },
	[64] = { "C_BO_TA_1", "b7" },
	[70] = { "M_EI_NA_1", "O" },
	/* security of IEC 60870-5-7: named, not opened */
	[81] = { "S_CH_NA_1", NULL },
	[82] = { "S_RP_NA_1", NULL },
	[83] = { "S_AR_NA_1", NULL },
	[84] = { "S_KR_NA_1", NULL },
	[85] = { "S_KS_NA_1", NULL },
	[86] = { "S_KC_NA_1", NULL },
	[87] = { "S_ER_NA_1", NULL },
	[88] = { "S_CE_NA_1", NULL },
	[90] = { "S_US_NA_1", NULL },
	[91] = { "S_UQ_NA_1", NULL },
	[92] = { "S_UR_NA_1", NULL },
	[93] = { "S_UK_NA_1", NULL },
	[94] = { "S_UA_NA_1", NULL },
	[95] = { "S_UC_NA_1", NULL },
	[100] = { "C_IC_NA_1", "O" },
	[101] = { "C_CI_NA_1", "O" },
	[102] = { "C_RD_NA_1", "" },
	[103] = { "C_CS_NA_1", "7" },
	[104] = { "C_TS_NA_1", "T" },
	[105] = { "C_RP_NA_1", "O" },
	[106] = { "C_CD_NA_1", "w" },
	[107] = { "C_TS_TA_1", "T7" },
	[110] = { "P_ME_NA_1", "nO" },
	[111] = { "P_ME_NB_1", "sO" },
	[112] = { "P_ME_NC_1", "fO" },
	[113] = { "P_AC_NA_1", "O" },
	[120] = { "F_FR_NA_1", "jlO" },
	[121] = { "F_SR_NA_1", "jklO" },
	[122] = { "F_SC_NA_1", "jkO" },
	[123] = { "F_LS_NA_1", "jkOc" },
	[124] = { "F_AF_NA_1", "jkO" },
	[125] = { "F_SG_NA_1", "jkz" },
	[126] = { "F_DR_TA_1", "jlO7" },
	[127] = { "F_SC_NB_1", "j78" },
};

const struct iec_type *
iec_type(uint8_t id)
{
	return id < 128 && types[id].name ? &types[id] : NULL;
}

const char *
iec_cause(uint8_t cause)
{
	static const char *const names[64] = {
		[1] = "periodic", [2] = "background", [3] = "spontaneous", [4] = "initialized",
		[5] = "request", [6] = "activation", [7] = "activation_confirmation",
		[8] = "deactivation", [9] = "deactivation_confirmation",
		[10] = "activation_termination", [11] = "return_remote", [12] = "return_local",
		[13] = "file_transfer", [14] = "authentication", [15] = "session_key",
		[16] = "user_role_key", [20] = "interrogated_by_station",
		[21] = "interrogated_by_group_1", [22] = "interrogated_by_group_2",
		[23] = "interrogated_by_group_3", [24] = "interrogated_by_group_4",
		[25] = "interrogated_by_group_5", [26] = "interrogated_by_group_6",
		[27] = "interrogated_by_group_7", [28] = "interrogated_by_group_8",
		[29] = "interrogated_by_group_9", [30] = "interrogated_by_group_10",
		[31] = "interrogated_by_group_11", [32] = "interrogated_by_group_12",
		[33] = "interrogated_by_group_13", [34] = "interrogated_by_group_14",
		[35] = "interrogated_by_group_15", [36] = "interrogated_by_group_16",
		[37] = "counters_requested", [38] = "counters_requested_group_1",
		[39] = "counters_requested_group_2", [40] = "counters_requested_group_3",
		[41] = "counters_requested_group_4", [44] = "unknown_type", [45] = "unknown_cause",
		[46] = "unknown_common_address", [47] = "unknown_object_address",
	};

	return names[cause & 63];
}

const char *
iec_u_name(uint8_t function)
{
	switch (function) {
	case 0x07: return "STARTDT act";
	case 0x0b: return "STARTDT con";
	case 0x13: return "STOPDT act";
	case 0x23: return "STOPDT con";
	case 0x43: return "TESTFR act";
	case 0x83: return "TESTFR con";
	default: return NULL;
	}
}

const char *const iec_double_command[4] = { "not_permitted", "off", "on", "not_permitted" };
const char *const iec_step_command[4] = { "not_permitted", "lower", "higher", "not_permitted" };
const char *const iec_pulse[4] = { NULL, "short", "long", "persistent" };

const struct tok iec_init[] = {
	{ 0, "local_power_on" }, { 1, "local_manual_reset" }, { 2, "remote_reset" }, { 0, NULL },
};

const struct tok iec_qoi[] = {
	{ 20, "station" },
	{ 21, "group_1" },
	{ 22, "group_2" },
	{ 23, "group_3" },
	{ 24, "group_4" },
	{ 25, "group_5" },
	{ 26, "group_6" },
	{ 27, "group_7" },
	{ 28, "group_8" },
	{ 29, "group_9" },
	{ 30, "group_10" },
	{ 31, "group_11" },
	{ 32, "group_12" },
	{ 33, "group_13" },
	{ 34, "group_14" },
	{ 35, "group_15" },
	{ 36, "group_16" },
	{ 0, NULL },
};

const struct tok iec_counters[] = {
	{ 1, "counters_group_1" }, { 2, "counters_group_2" }, { 3, "counters_group_3" },
	{ 4, "counters_group_4" }, { 5, "counters" }, { 0, NULL },
};

const struct tok iec_freeze[] = {
	{ 0, "read" }, { 1, "freeze" }, { 2, "freeze_and_reset" }, { 3, "reset" }, { 0, NULL },
};

const struct tok iec_reset[] = {
	{ 1, "process" }, { 2, "pending_events" }, { 0, NULL },
};

const struct tok iec_parameter[] = {
	{ 1, "threshold" }, { 2, "smoothing" }, { 3, "low_limit" }, { 4, "high_limit" },
	{ 0, NULL },
};

const struct tok iec_file_select[] = {
	{ 1, "select_file" }, { 2, "request_file" }, { 3, "deactivate_file" }, { 4, "delete_file" },
	{ 5, "select_section" }, { 6, "request_section" }, { 7, "deactivate_section" }, { 0, NULL },
};

const struct tok iec_file_ack[] = {
	{ 1, "file_positive" }, { 2, "file_negative" }, { 3, "section_positive" },
	{ 4, "section_negative" }, { 0, NULL },
};
