/* opcua_names.c: OPC UA's numbers and their names: status codes (10000-4, 7.39;
 * the numbers as in the Foundation's StatusCode list), attributes, services. */
#include "proto/opcua.h"

/* By the upper half of a status code; sorted. */
static const struct { uint16_t v; const char *s; } statuses[] = {
	{ 0x0000, "Good" }, { 0x002d, "GoodSubscriptionTransferred" },
	{ 0x002e, "GoodCompletesAsynchronously" }, { 0x002f, "GoodOverload" },
	{ 0x0030, "GoodClamped" }, { 0x0096, "GoodLocalOverride" },
	{ 0x00a2, "GoodEntryInserted" }, { 0x00a3, "GoodEntryReplaced" }, { 0x00a5, "GoodNoData" },
	{ 0x00a6, "GoodMoreData" }, { 0x00a7, "GoodCommunicationEvent" },
	{ 0x00a8, "GoodShutdownEvent" }, { 0x00a9, "GoodCallAgain" },
	{ 0x00aa, "GoodNonCriticalTimeout" }, { 0x00ba, "GoodResultsMayBeIncomplete" },
	{ 0x00d9, "GoodDataIgnored" }, { 0x00dc, "GoodEdited" },
	{ 0x00dd, "GoodPostActionFailed" }, { 0x00df, "GoodRetransmissionQueueNotSupported" },
	{ 0x00e0, "GoodDependentValueChanged" }, { 0x00eb, "GoodSubNormal" },
	{ 0x00ef, "GoodPasswordChangeRequired" }, { 0x0116, "GoodEdited_DependentValueChanged" },
	{ 0x0117, "GoodEdited_DominantValueChanged" },
	{ 0x0118, "GoodEdited_DominantValueChanged_DependentValueChanged" },
	{ 0x0401, "GoodCascadeInitializationAcknowledged" },
	{ 0x0402, "GoodCascadeInitializationRequest" }, { 0x0403, "GoodCascadeNotInvited" },
	{ 0x0404, "GoodCascadeNotSelected" }, { 0x0407, "GoodFaultStateActive" },
	{ 0x0408, "GoodInitiateFaultState" }, { 0x0409, "GoodCascade" }, { 0x4000, "Uncertain" },
	{ 0x406c, "UncertainReferenceOutOfServer" },
	{ 0x408f, "UncertainNoCommunicationLastUsableValue" },
	{ 0x4090, "UncertainLastUsableValue" }, { 0x4091, "UncertainSubstituteValue" },
	{ 0x4092, "UncertainInitialValue" }, { 0x4093, "UncertainSensorNotAccurate" },
	{ 0x4094, "UncertainEngineeringUnitsExceeded" }, { 0x4095, "UncertainSubNormal" },
	{ 0x40a4, "UncertainDataSubNormal" }, { 0x40bc, "UncertainReferenceNotDeleted" },
	{ 0x40c0, "UncertainNotAllNodesAvailable" }, { 0x40de, "UncertainDominantValueChanged" },
	{ 0x40e2, "UncertainDependentValueChanged" }, { 0x40f2, "UncertainOverRange" },
	{ 0x40f3, "UncertainUnderRange" }, { 0x4208, "UncertainTransducerInManual" },
	{ 0x4209, "UncertainSimulatedValue" }, { 0x420a, "UncertainSensorCalibration" },
	{ 0x420f, "UncertainConfigurationError" }, { 0x8000, "Bad" },
	{ 0x8001, "BadUnexpectedError" }, { 0x8002, "BadInternalError" },
	{ 0x8003, "BadOutOfMemory" }, { 0x8004, "BadResourceUnavailable" },
	{ 0x8005, "BadCommunicationError" }, { 0x8006, "BadEncodingError" },
	{ 0x8007, "BadDecodingError" }, { 0x8008, "BadEncodingLimitsExceeded" },
	{ 0x8009, "BadUnknownResponse" }, { 0x800a, "BadTimeout" },
	{ 0x800b, "BadServiceUnsupported" }, { 0x800c, "BadShutdown" },
	{ 0x800d, "BadServerNotConnected" }, { 0x800e, "BadServerHalted" },
	{ 0x800f, "BadNothingToDo" }, { 0x8010, "BadTooManyOperations" },
	{ 0x8011, "BadDataTypeIdUnknown" }, { 0x8012, "BadCertificateInvalid" },
	{ 0x8013, "BadSecurityChecksFailed" }, { 0x8014, "BadCertificateTimeInvalid" },
	{ 0x8015, "BadCertificateIssuerTimeInvalid" }, { 0x8016, "BadCertificateHostNameInvalid" },
	{ 0x8017, "BadCertificateUriInvalid" }, { 0x8018, "BadCertificateUseNotAllowed" },
	{ 0x8019, "BadCertificateIssuerUseNotAllowed" }, { 0x801a, "BadCertificateUntrusted" },
	{ 0x801b, "BadCertificateRevocationUnknown" },
	{ 0x801c, "BadCertificateIssuerRevocationUnknown" }, { 0x801d, "BadCertificateRevoked" },
	{ 0x801e, "BadCertificateIssuerRevoked" }, { 0x801f, "BadUserAccessDenied" },
	{ 0x8020, "BadIdentityTokenInvalid" }, { 0x8021, "BadIdentityTokenRejected" },
	{ 0x8022, "BadSecureChannelIdInvalid" }, { 0x8023, "BadInvalidTimestamp" },
	{ 0x8024, "BadNonceInvalid" }, { 0x8025, "BadSessionIdInvalid" },
	{ 0x8026, "BadSessionClosed" }, { 0x8027, "BadSessionNotActivated" },
	{ 0x8028, "BadSubscriptionIdInvalid" }, { 0x802a, "BadRequestHeaderInvalid" },
	{ 0x802b, "BadTimestampsToReturnInvalid" }, { 0x802c, "BadRequestCancelledByClient" },
	{ 0x8031, "BadNoCommunication" }, { 0x8032, "BadWaitingForInitialData" },
	{ 0x8033, "BadNodeIdInvalid" }, { 0x8034, "BadNodeIdUnknown" },
	{ 0x8035, "BadAttributeIdInvalid" }, { 0x8036, "BadIndexRangeInvalid" },
	{ 0x8037, "BadIndexRangeNoData" }, { 0x8038, "BadDataEncodingInvalid" },
	{ 0x8039, "BadDataEncodingUnsupported" }, { 0x803a, "BadNotReadable" },
	{ 0x803b, "BadNotWritable" }, { 0x803c, "BadOutOfRange" }, { 0x803d, "BadNotSupported" },
	{ 0x803e, "BadNotFound" }, { 0x803f, "BadObjectDeleted" }, { 0x8040, "BadNotImplemented" },
	{ 0x8041, "BadMonitoringModeInvalid" }, { 0x8042, "BadMonitoredItemIdInvalid" },
	{ 0x8043, "BadMonitoredItemFilterInvalid" },
	{ 0x8044, "BadMonitoredItemFilterUnsupported" }, { 0x8045, "BadFilterNotAllowed" },
	{ 0x8046, "BadStructureMissing" }, { 0x8047, "BadEventFilterInvalid" },
	{ 0x8048, "BadContentFilterInvalid" }, { 0x8049, "BadFilterOperandInvalid" },
	{ 0x804a, "BadContinuationPointInvalid" }, { 0x804b, "BadNoContinuationPoints" },
	{ 0x804c, "BadReferenceTypeIdInvalid" }, { 0x804d, "BadBrowseDirectionInvalid" },
	{ 0x804e, "BadNodeNotInView" }, { 0x804f, "BadServerUriInvalid" },
	{ 0x8050, "BadServerNameMissing" }, { 0x8051, "BadDiscoveryUrlMissing" },
	{ 0x8052, "BadSemaphoreFileMissing" }, { 0x8053, "BadRequestTypeInvalid" },
	{ 0x8054, "BadSecurityModeRejected" }, { 0x8055, "BadSecurityPolicyRejected" },
	{ 0x8056, "BadTooManySessions" }, { 0x8057, "BadUserSignatureInvalid" },
	{ 0x8058, "BadApplicationSignatureInvalid" }, { 0x8059, "BadNoValidCertificates" },
	{ 0x805a, "BadRequestCancelledByRequest" }, { 0x805b, "BadParentNodeIdInvalid" },
	{ 0x805c, "BadReferenceNotAllowed" }, { 0x805d, "BadNodeIdRejected" },
	{ 0x805e, "BadNodeIdExists" }, { 0x805f, "BadNodeClassInvalid" },
	{ 0x8060, "BadBrowseNameInvalid" }, { 0x8061, "BadBrowseNameDuplicated" },
	{ 0x8062, "BadNodeAttributesInvalid" }, { 0x8063, "BadTypeDefinitionInvalid" },
	{ 0x8064, "BadSourceNodeIdInvalid" }, { 0x8065, "BadTargetNodeIdInvalid" },
	{ 0x8066, "BadDuplicateReferenceNotAllowed" }, { 0x8067, "BadInvalidSelfReference" },
	{ 0x8068, "BadReferenceLocalOnly" }, { 0x8069, "BadNoDeleteRights" },
	{ 0x806a, "BadServerIndexInvalid" }, { 0x806b, "BadViewIdUnknown" },
	{ 0x806d, "BadTooManyMatches" }, { 0x806e, "BadQueryTooComplex" },
	{ 0x806f, "BadNoMatch" }, { 0x8070, "BadMaxAgeInvalid" },
	{ 0x8071, "BadHistoryOperationInvalid" }, { 0x8072, "BadHistoryOperationUnsupported" },
	{ 0x8073, "BadWriteNotSupported" }, { 0x8074, "BadTypeMismatch" },
	{ 0x8075, "BadMethodInvalid" }, { 0x8076, "BadArgumentsMissing" },
	{ 0x8077, "BadTooManySubscriptions" }, { 0x8078, "BadTooManyPublishRequests" },
	{ 0x8079, "BadNoSubscription" }, { 0x807a, "BadSequenceNumberUnknown" },
	{ 0x807b, "BadMessageNotAvailable" }, { 0x807c, "BadInsufficientClientProfile" },
	{ 0x807d, "BadTcpServerTooBusy" }, { 0x807e, "BadTcpMessageTypeInvalid" },
	{ 0x807f, "BadTcpSecureChannelUnknown" }, { 0x8080, "BadTcpMessageTooLarge" },
	{ 0x8081, "BadTcpNotEnoughResources" }, { 0x8082, "BadTcpInternalError" },
	{ 0x8083, "BadTcpEndpointUrlInvalid" }, { 0x8084, "BadRequestInterrupted" },
	{ 0x8085, "BadRequestTimeout" }, { 0x8086, "BadSecureChannelClosed" },
	{ 0x8087, "BadSecureChannelTokenUnknown" }, { 0x8088, "BadSequenceNumberInvalid" },
	{ 0x8089, "BadConfigurationError" }, { 0x808a, "BadNotConnected" },
	{ 0x808b, "BadDeviceFailure" }, { 0x808c, "BadSensorFailure" },
	{ 0x808d, "BadOutOfService" }, { 0x808e, "BadDeadbandFilterInvalid" },
	{ 0x8097, "BadRefreshInProgress" }, { 0x8098, "BadConditionAlreadyDisabled" },
	{ 0x8099, "BadConditionDisabled" }, { 0x809a, "BadEventIdUnknown" },
	{ 0x809b, "BadNoData" }, { 0x809d, "BadDataLost" }, { 0x809e, "BadDataUnavailable" },
	{ 0x809f, "BadEntryExists" }, { 0x80a0, "BadNoEntryExists" },
	{ 0x80a1, "BadTimestampNotSupported" }, { 0x80ab, "BadInvalidArgument" },
	{ 0x80ac, "BadConnectionRejected" }, { 0x80ad, "BadDisconnect" },
	{ 0x80ae, "BadConnectionClosed" }, { 0x80af, "BadInvalidState" },
	{ 0x80b0, "BadEndOfStream" }, { 0x80b1, "BadNoDataAvailable" },
	{ 0x80b2, "BadWaitingForResponse" }, { 0x80b3, "BadOperationAbandoned" },
	{ 0x80b4, "BadExpectedStreamToBlock" }, { 0x80b5, "BadWouldBlock" },
	{ 0x80b6, "BadSyntaxError" }, { 0x80b7, "BadMaxConnectionsReached" },
	{ 0x80b8, "BadRequestTooLarge" }, { 0x80b9, "BadResponseTooLarge" },
	{ 0x80bb, "BadEventNotAcknowledgeable" }, { 0x80bd, "BadInvalidTimestampArgument" },
	{ 0x80be, "BadProtocolVersionUnsupported" }, { 0x80bf, "BadStateNotActive" },
	{ 0x80c1, "BadFilterOperatorInvalid" }, { 0x80c2, "BadFilterOperatorUnsupported" },
	{ 0x80c3, "BadFilterOperandCountMismatch" }, { 0x80c4, "BadFilterElementInvalid" },
	{ 0x80c5, "BadFilterLiteralInvalid" }, { 0x80c6, "BadIdentityChangeNotSupported" },
	{ 0x80c8, "BadNotTypeDefinition" }, { 0x80c9, "BadViewTimestampInvalid" },
	{ 0x80ca, "BadViewParameterMismatch" }, { 0x80cb, "BadViewVersionInvalid" },
	{ 0x80cc, "BadConditionAlreadyEnabled" }, { 0x80cd, "BadDialogNotActive" },
	{ 0x80ce, "BadDialogResponseInvalid" }, { 0x80cf, "BadConditionBranchAlreadyAcked" },
	{ 0x80d0, "BadConditionBranchAlreadyConfirmed" }, { 0x80d1, "BadConditionAlreadyShelved" },
	{ 0x80d2, "BadConditionNotShelved" }, { 0x80d3, "BadShelvingTimeOutOfRange" },
	{ 0x80d4, "BadAggregateListMismatch" }, { 0x80d5, "BadAggregateNotSupported" },
	{ 0x80d6, "BadAggregateInvalidInputs" }, { 0x80d7, "BadBoundNotFound" },
	{ 0x80d8, "BadBoundNotSupported" }, { 0x80da, "BadAggregateConfigurationRejected" },
	{ 0x80db, "BadTooManyMonitoredItems" }, { 0x80e1, "BadDominantValueChanged" },
	{ 0x80e3, "BadDependentValueChanged" }, { 0x80e4, "BadRequestNotAllowed" },
	{ 0x80e5, "BadTooManyArguments" }, { 0x80e6, "BadSecurityModeInsufficient" },
	{ 0x80e7, "BadDataSetIdInvalid" }, { 0x80e8, "BadTransactionPending" },
	{ 0x80e9, "BadLocked" }, { 0x80ea, "BadIndexRangeDataMismatch" },
	{ 0x80ec, "BadRequiresLock" }, { 0x80ed, "BadLocaleNotSupported" },
	{ 0x80ee, "BadServerTooBusy" }, { 0x80f0, "BadNoValue" },
	{ 0x80f1, "BadTransactionFailed" }, { 0x810d, "BadCertificateChainIncomplete" },
	{ 0x810e, "BadLicenseExpired" }, { 0x810f, "BadLicenseLimitsExceeded" },
	{ 0x8110, "BadLicenseNotAvailable" }, { 0x8111, "BadNotExecutable" },
	{ 0x8112, "BadNumericOverflow" }, { 0x8113, "BadRequestNotComplete" },
	{ 0x8114, "BadCertificatePolicyCheckFailed" }, { 0x8115, "BadAlreadyExists" },
	{ 0x8119, "BadEdited_OutOfRange" }, { 0x811a, "BadInitialValue_OutOfRange" },
	{ 0x811b, "BadOutOfRange_DominantValueChanged" },
	{ 0x811c, "BadEdited_OutOfRange_DominantValueChanged" },
	{ 0x811d, "BadOutOfRange_DominantValueChanged_DependentValueChanged" },
	{ 0x811e, "BadEdited_OutOfRange_DominantValueChanged_DependentValueChanged" },
	{ 0x811f, "BadTicketRequired" }, { 0x8120, "BadTicketInvalid" },
};

const char *
ua_status_name(uint32_t status)
{
	size_t lo = 0, hi = sizeof(statuses) / sizeof(*statuses);
	uint16_t v = status >> 16 & 0xcfff;     /* without the flags of structure and semantics */

	while (lo < hi) {
		size_t mid = (lo + hi) / 2;
		if (statuses[mid].v == v)
			return statuses[mid].s;
		if (statuses[mid].v < v)
			lo = mid + 1;
		else
			hi = mid;
	}
	return NULL;
}

const char *
ua_attribute_name(uint32_t id)
{
	static const char *const names[] = { NULL, "NodeId", "NodeClass", "BrowseName",
	    "DisplayName",
	    "Description", "WriteMask", "UserWriteMask", "IsAbstract", "Symmetric", "InverseName",
	    "ContainsNoLoops", "EventNotifier", "Value", "DataType", "ValueRank",
	    "ArrayDimensions", "AccessLevel", "UserAccessLevel", "MinimumSamplingInterval",
	    "Historizing", "Executable", "UserExecutable", "DataTypeDefinition",
	    "RolePermissions", "UserRolePermissions", "AccessRestrictions", "AccessLevelEx" };

	return id < sizeof(names) / sizeof(*names) ? names[id] : NULL;
}

const struct text ua_type_names[UA_DIAG + 1] = {
	[UA_BOOLEAN] = TEXT("Boolean"), TEXT("SByte"), TEXT("Byte"), TEXT("Int16"), TEXT("UInt16"),
	TEXT("Int32"), TEXT("UInt32"), TEXT("Int64"), TEXT("UInt64"), TEXT("Float"),
	TEXT("Double"), TEXT("String"), TEXT("DateTime"), TEXT("Guid"), TEXT("ByteString"),
	TEXT("XmlElement"), TEXT("NodeId"), TEXT("ExpandedNodeId"), TEXT("StatusCode"),
	TEXT("QualifiedName"), TEXT("LocalizedText"), TEXT("ExtensionObject"), TEXT("DataValue"),
	TEXT("Variant"), TEXT("DiagnosticInfo"),
};

/* Structures by the number of their binary encoding. */
static const struct tok encodings[] = {
	{ 121, "DataTypeDefinition" }, { 122, "StructureDefinition" }, { 123, "EnumDefinition" },
	{ 128, "RolePermissionType" }, { 298, "Argument" }, { 301, "StatusResult" },
	{ 321, "AnonymousIdentityToken" }, { 324, "UserNameIdentityToken" },
	{ 327, "X509IdentityToken" }, { 340, "BuildInfo" }, { 346, "SignedSoftwareCertificate" },
	{ 354, "ObjectAttributes" }, { 357, "VariableAttributes" }, { 360, "MethodAttributes" },
	{ 646, "ReadEventDetails" }, { 649, "ReadRawModifiedDetails" },
	{ 652, "ReadProcessedDetails" }, { 655, "ReadAtTimeDetails" }, { 658, "HistoryData" },
	{ 661, "HistoryEvent" }, { 682, "UpdateDataDetails" }, { 685, "UpdateEventDetails" },
	{ 688, "DeleteRawModifiedDetails" }, { 691, "DeleteAtTimeDetails" },
	{ 694, "DeleteEventDetails" }, { 724, "DataChangeFilter" }, { 727, "EventFilter" },
	{ 730, "AggregateFilter" }, { 811, "DataChangeNotification" },
	{ 820, "StatusChangeNotification" }, { 855, "RedundantServerDataType" },
	{ 858, "SamplingIntervalDiagnosticsDataType" }, { 861, "ServerDiagnosticsSummaryDataType" },
	{ 864, "ServerStatusDataType" }, { 867, "SessionDiagnosticsDataType" },
	{ 870, "SessionSecurityDiagnosticsDataType" }, { 873, "ServiceCounterDataType" },
	{ 876, "SubscriptionDiagnosticsDataType" }, { 879, "ModelChangeStructureDataType" },
	{ 886, "Range" }, { 889, "EUInformation" }, { 893, "Annotation" },
	{ 896, "ProgramDiagnosticDataType" }, { 899, "SemanticChangeStructureDataType" },
	{ 916, "EventNotificationList" }, { 940, "IssuedIdentityToken" },
	{ 8251, "EnumValueType" }, { 8917, "TimeZoneDataType" }, { 11227, "HistoryModifiedData" },
	{ 11300, "UpdateStructureDataDetails" }, { 11957, "EndpointUrlListDataType" },
	{ 11958, "NetworkGroupDataType" }, { 12089, "AxisInformation" }, { 12090, "XVType" },
	{ 12181, "ComplexNumberType" }, { 12182, "DoubleComplexNumberType" },
	{ 12207, "ServerOnNetwork" }, { 12680, "TrustListDataType" }, { 12765, "OptionSet" },
	{ 12766, "Union" }, { 12901, "MdnsDiscoveryConfiguration" }, { 0, NULL },
};

const char *
ua_encoding_name(uint32_t id)
{
	return id ? tok_find(encodings, id) : NULL;
}

/* Nodes every server has (10000-5), as far as clients read, browse or call them. */
static const struct tok nodes[] = {
	{ 31, "References" }, { 33, "HierarchicalReferences" }, { 35, "Organizes" },
	{ 40, "HasTypeDefinition" }, { 45, "HasSubtype" }, { 46, "HasProperty" },
	{ 47, "HasComponent" }, { 58, "BaseObjectType" }, { 61, "FolderType" },
	{ 63, "BaseDataVariableType" }, { 84, "Root" }, { 85, "Objects" }, { 86, "Types" },
	{ 87, "Views" }, { 2041, "BaseEventType" }, { 2253, "Server" }, { 2254, "ServerArray" },
	{ 2255, "NamespaceArray" }, { 2256, "ServerStatus" }, { 2257, "ServerStatus.StartTime" },
	{ 2258, "ServerStatus.CurrentTime" }, { 2259, "ServerStatus.State" },
	{ 2260, "ServerStatus.BuildInfo" }, { 2261, "BuildInfo.ProductName" },
	{ 2262, "BuildInfo.ProductUri" }, { 2263, "BuildInfo.ManufacturerName" },
	{ 2264, "BuildInfo.SoftwareVersion" }, { 2265, "BuildInfo.BuildNumber" },
	{ 2266, "BuildInfo.BuildDate" }, { 2267, "ServiceLevel" }, { 2268, "ServerCapabilities" },
	{ 2274, "ServerDiagnostics" }, { 2295, "VendorServerInfo" }, { 2296, "ServerRedundancy" },
	{ 2426, "Program.Start" }, { 2427, "Program.Suspend" }, { 2428, "Program.Resume" },
	{ 2429, "Program.Halt" }, { 2430, "Program.Reset" },
	{ 2992, "ServerStatus.SecondsTillShutdown" }, { 2993, "ServerStatus.ShutdownReason" },
	{ 2994, "Auditing" }, { 3875, "ConditionRefresh" }, { 9027, "Condition.Enable" },
	{ 9028, "Condition.Disable" }, { 9029, "Condition.AddComment" },
	{ 9111, "Condition.Acknowledge" }, { 9113, "Condition.Confirm" },
	{ 11192, "HistoryServerCapabilities" }, { 11492, "GetMonitoredItems" },
	{ 11580, "File.Open" }, { 11583, "File.Close" }, { 11585, "File.Read" },
	{ 11588, "File.Write" }, { 11704, "OperationLimits" }, { 11715, "Namespaces" },
	{ 12548, "TrustList.AddCertificate" }, { 12637, "ServerConfiguration" },
	{ 12737, "CreateSigningRequest" }, { 12740, "ApplyChanges" },
	{ 12749, "SetSubscriptionDurable" }, { 12777, "GetRejectedList" },
	{ 12873, "ResendData" }, { 12883, "RequestServerStateChange" },
	{ 12885, "EstimatedReturnTime" }, { 12886, "RequestServerStateChange" },
	{ 12912, "ConditionRefresh2" }, { 13737, "UpdateCertificate" },
	{ 14443, "PublishSubscribe" }, { 17634, "LocalTime" },
	{ 25709, "ResetToServerDefaults" }, { 0, NULL },
};

const char *
ua_node_name(uint32_t id)
{
	return tok_find(nodes, id);
}

const struct tok ua_node_classes[] = {
	{ 1, "Object" }, { 2, "Variable" }, { 4, "Method" }, { 8, "ObjectType" },
	{ 16, "VariableType" }, { 32, "ReferenceType" }, { 64, "DataType" }, { 128, "View" },
	{ 0, NULL },
};

const struct tok ua_user_tokens[] = {
	{ 0, "anonymous" }, { 1, "user_name" }, { 2, "certificate" }, { 3, "issued_token" },
	{ 0, NULL },
};

const struct tok ua_app_types[] = {
	{ 0, "server" }, { 1, "client" }, { 2, "client_and_server" }, { 3, "discovery_server" },
	{ 0, NULL },
};

/* Policies, with the length of the signature at a chunk's end (10000-7). */
#define WORD(s) { s, sizeof(s) - 1 }
const struct ua_policy ua_policies[] = {
	[UA_P_UNKNOWN] = { WORD(""), 0 },
	[UA_P_NONE] = { WORD("None"), 0 },
	[UA_P_OTHER] = { WORD(""), 0 },
	{ WORD("Basic128Rsa15"), 20 }, { WORD("Basic256"), 20 }, { WORD("Basic256Sha256"), 32 },
	{ WORD("Aes128_Sha256_RsaOaep"), 32 }, { WORD("Aes256_Sha256_RsaPss"), 32 },
	{ WORD("ECC_nistP256"), 32 }, { WORD("ECC_nistP384"), 48 },
	{ WORD("ECC_brainpoolP256r1"), 32 }, { WORD("ECC_brainpoolP384r1"), 48 },
	{ WORD("ECC_curve25519"), 16 }, { WORD("ECC_curve448"), 16 },
};

uint8_t
ua_policy_find(struct text uri, struct text *name)
{
	uint32_t at = uri.n;

	*name = (struct text){ 0 };
	if (!at)
		return UA_P_UNKNOWN;
	while (at && uri.p[at - 1] != '#')
		at--;
	*name = (struct text){ uri.p + at, uri.n - at };
	if (!name->n)
		return UA_P_UNKNOWN;
	for (unsigned i = 1; i < sizeof(ua_policies) / sizeof(*ua_policies); i++)
		if (ua_policies[i].name.n == name->n &&
		    memcmp(ua_policies[i].name.p, name->p, name->n) == 0)
			return (uint8_t)i;
	return UA_P_OTHER;
}

const char *
ua_mode_name(uint32_t mode)
{
	static const char *const names[] = { NULL, "None", "Sign", "SignAndEncrypt" };

	return mode < 4 ? names[mode] : NULL;
}

/* Sorted by the request's type id. */
static const struct ua_service services[] = {
	{ 422, 425, WORD("FindServers"), OT_IDENTIFY, ua_put_find_servers },
	{ 428, 431, WORD("GetEndpoints"), OT_IDENTIFY, ua_put_get_endpoints },
	{ 437, 440, WORD("RegisterServer"), OT_CONFIGURE, ua_put_register },
	{ 446, 449, WORD("OpenSecureChannel"), OT_CONNECT, ua_put_plain },
	{ 452, 455, WORD("CloseSecureChannel"), OT_CONNECT, ua_put_plain },
	{ 461, 464, WORD("CreateSession"), OT_CONNECT, ua_put_create_session },
	{ 467, 470, WORD("ActivateSession"), OT_AUTH, ua_put_activate_session },
	{ 473, 476, WORD("CloseSession"), OT_CONNECT, ua_put_close_session },
	{ 479, 482, WORD("Cancel"), OT_OTHER, ua_put_plain },
	{ 488, 491, WORD("AddNodes"), OT_CONFIGURE, ua_put_add_nodes },
	{ 494, 497, WORD("AddReferences"), OT_CONFIGURE, ua_put_add_references },
	{ 500, 503, WORD("DeleteNodes"), OT_CONFIGURE, ua_put_delete_nodes },
	{ 506, 509, WORD("DeleteReferences"), OT_CONFIGURE, ua_put_delete_references },
	{ 527, 530, WORD("Browse"), OT_READ, ua_put_browse },
	{ 533, 536, WORD("BrowseNext"), OT_READ, ua_put_browse_next },
	{ 554, 557, WORD("TranslateBrowsePathsToNodeIds"), OT_READ, ua_put_translate },
	{ 560, 563, WORD("RegisterNodes"), OT_OTHER, ua_put_register_nodes },
	{ 566, 569, WORD("UnregisterNodes"), OT_OTHER, ua_put_register_nodes },
	{ 615, 618, WORD("QueryFirst"), OT_READ, ua_put_plain },
	{ 621, 624, WORD("QueryNext"), OT_READ, ua_put_plain },
	{ 631, 634, WORD("Read"), OT_READ, ua_put_read },
	{ 664, 667, WORD("HistoryRead"), OT_READ, ua_put_history_read },
	{ 673, 676, WORD("Write"), OT_WRITE, ua_put_write },
	{ 700, 703, WORD("HistoryUpdate"), OT_WRITE, ua_put_history_update },
	{ 712, 715, WORD("Call"), OT_COMMAND, ua_put_call },
	{ 751, 754, WORD("CreateMonitoredItems"), OT_SUBSCRIBE, ua_put_create_items },
	{ 763, 766, WORD("ModifyMonitoredItems"), OT_SUBSCRIBE, ua_put_items },
	{ 769, 772, WORD("SetMonitoringMode"), OT_SUBSCRIBE, ua_put_items },
	{ 775, 778, WORD("SetTriggering"), OT_SUBSCRIBE, ua_put_items },
	{ 781, 784, WORD("DeleteMonitoredItems"), OT_SUBSCRIBE, ua_put_items },
	{ 787, 790, WORD("CreateSubscription"), OT_SUBSCRIBE, ua_put_create_subscription },
	{ 793, 796, WORD("ModifySubscription"), OT_SUBSCRIBE, ua_put_create_subscription },
	{ 799, 802, WORD("SetPublishingMode"), OT_SUBSCRIBE, ua_put_subscriptions },
	{ 826, 829, WORD("Publish"), OT_REPORT, ua_put_publish },
	{ 832, 835, WORD("Republish"), OT_REPORT, ua_put_publish },
	{ 841, 844, WORD("TransferSubscriptions"), OT_SUBSCRIBE, ua_put_subscriptions },
	{ 847, 850, WORD("DeleteSubscriptions"), OT_SUBSCRIBE, ua_put_subscriptions },
	{ 12208, 12209, WORD("FindServersOnNetwork"), OT_IDENTIFY, ua_put_on_network },
	{ 12211, 12212, WORD("RegisterServer2"), OT_CONFIGURE, ua_put_register },
};

const struct ua_service *
ua_service_find(uint32_t id, bool *request)
{
	size_t lo = 0, hi = sizeof(services) / sizeof(*services);

	while (lo < hi) {
		size_t mid = (lo + hi) / 2;
		const struct ua_service *s = &services[mid];
		if (s->request == id || s->response == id) {
			*request = s->request == id;
			return s;
		}
		if (s->request < id)
			lo = mid + 1;
		else
			hi = mid;
	}
	return NULL;
}
