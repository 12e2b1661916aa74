// Written by protos/compile.mjs from protos/*.proto (@wppconnect/wa-proto 2.3000.1045601094 and overlay.json); do not edit.
import type { Int64 } from './int64.ts'

export type { Int64 }

export type DisappearingMode_Initiator = 0 | 1 | 2 | 3 | (number & {})
export type DisappearingMode_Trigger = 0 | 1 | 2 | 3 | 4 | 5 | (number & {})
export type LimitSharing_TriggerType = 0 | 1 | 2 | 3 | (number & {})
export type MediaVisibility = 0 | 1 | 2 | (number & {})
export type ProcessedVideo_VideoQuality = 0 | 1 | 2 | 3 | (number & {})
export type KeepType = 0 | 1 | 2 | (number & {})
export type ADVEncryptionType = 0 | 1 | 2 | (number & {})
export type HandshakeMessage_HandshakePqMode = 0 | 1 | 2 | 9 | 3 | 4 | 5 | 6 | 7 | 8 | (number & {})
export type ClientPayload_AccountType = 0 | 1 | (number & {})
export type ClientPayload_ConnectReason = 0 | 1 | 2 | 3 | 4 | 5 | 6 | (number & {})
export type ClientPayload_ConnectType = 0 | 1 | 100 | 101 | 102 | 103 | 104 | 105 | 106 | 107 | 108 | 109 | 110 | 111 | 112 | (number & {})
export type ClientPayload_DNSSource_DNSResolutionMethod = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | (number & {})
export type ClientPayload_IOSAppExtension = 0 | 1 | 2 | (number & {})
export type ClientPayload_Product = 0 | 1 | 2 | 3 | 4 | (number & {})
export type ClientPayload_TrafficAnonymization = 0 | 1 | (number & {})
export type ClientPayload_UserAgent_DeviceType = 0 | 1 | 2 | 3 | 4 | (number & {})
export type ClientPayload_UserAgent_DistributionChannel = 0 | 1 | 2 | 3 | (number & {})
export type ClientPayload_UserAgent_Platform = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12 | 13 | 14 | 15 | 16 | 17 | 18 | 19 | 20 | 21 | 22 | 23 | 24 | 25 | 26 | 27 | 28 | 29 | 30 | 31 | 32 | 33 | 34 | 35 | 36 | 37 | 38 | (number & {})
export type ClientPayload_UserAgent_ReleaseChannel = 0 | 1 | 2 | 3 | (number & {})
export type ClientPayload_WebInfo_WebSubPlatform = 0 | 1 | 2 | 3 | 4 | 5 | (number & {})
export type DeviceProps_PlatformType = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12 | 13 | 14 | 15 | 16 | 17 | 18 | 19 | 20 | 21 | 22 | 23 | 24 | 25 | (number & {})
export type MediaRetryNotification_ResultType = 0 | 1 | 2 | 3 | (number & {})
export type BizIdentityInfo_ActualActorsType = 0 | 1 | (number & {})
export type BizIdentityInfo_HostStorageType = 0 | 1 | (number & {})
export type BizIdentityInfo_VerifiedLevelValue = 0 | 1 | 2 | (number & {})
export type BizAccountLinkInfo_AccountType = 0 | (number & {})
export type BizAccountLinkInfo_HostStorageType = 0 | 1 | (number & {})
export type DeviceCapabilities_AiThread_SupportLevel = 0 | 1 | 2 | (number & {})
export type DeviceCapabilities_ChatLockSupportLevel = 0 | 1 | 2 | (number & {})
export type DeviceCapabilities_MemberNameTagPrimarySupport = 0 | 1 | 2 | (number & {})
export type UserPassword_Encoding = 0 | 1 | (number & {})
export type UserPassword_Transformer = 0 | 1 | 2 | (number & {})
export type SyncdMutation_SyncdOperation = 0 | 1 | (number & {})
export type PatchDebugData_Platform = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | (number & {})
export type Message_BCallMessage_MediaType = 0 | 1 | 2 | (number & {})
export type Message_ButtonsMessage_Button_Type = 0 | 1 | 2 | (number & {})
export type Message_ButtonsMessage_HeaderType = 0 | 1 | 2 | 3 | 4 | 5 | 6 | (number & {})
export type Message_ButtonsResponseMessage_Type = 0 | 1 | (number & {})
export type Message_CallLogMessage_CallOutcome = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | (number & {})
export type Message_CallLogMessage_CallType = 0 | 1 | 2 | (number & {})
export type Message_CloudAPIThreadControlNotification_CloudAPIThreadControl = 0 | 1 | 2 | 3 | (number & {})
export type Message_ConditionalRevealMessage_ConditionalRevealMessageType = 0 | 1 | (number & {})
export type Message_EventResponseMessage_EventResponseType = 0 | 1 | 2 | 3 | (number & {})
export type Message_ExtendedTextMessage_FontType = 0 | 1 | 2 | 6 | 7 | 8 | 9 | 10 | (number & {})
export type Message_ExtendedTextMessage_InviteLinkGroupType = 0 | 1 | 2 | 3 | (number & {})
export type Message_ExtendedTextMessage_PreviewType = 0 | 1 | 4 | 5 | 6 | 7 | (number & {})
export type Message_GroupInviteMessage_GroupType = 0 | 1 | (number & {})
export type Message_HighlyStructuredMessage_HSMLocalizableParameter_HSMDateTime_HSMDateTimeComponent_CalendarType = 1 | 2 | (number & {})
export type Message_HighlyStructuredMessage_HSMLocalizableParameter_HSMDateTime_HSMDateTimeComponent_DayOfWeekType = 1 | 2 | 3 | 4 | 5 | 6 | 7 | (number & {})
export type Message_HistorySyncType = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | (number & {})
export type Message_ImageMessage_ImageSourceType = 0 | 1 | 2 | 3 | (number & {})
export type Message_InsightDeliveryState = 0 | 1 | 2 | 3 | 4 | (number & {})
export type Message_InteractiveMessage_CarouselMessage_CarouselCardType = 0 | 1 | 2 | (number & {})
export type Message_InteractiveMessage_ShopMessage_Surface = 0 | 1 | 2 | 3 | (number & {})
export type Message_InteractiveResponseMessage_Body_Format = 0 | 1 | (number & {})
export type Message_InvoiceMessage_AttachmentType = 0 | 1 | (number & {})
export type Message_LinkPreviewMetadata_SocialMediaPostType = 0 | 1 | 2 | 3 | 4 | 5 | (number & {})
export type Message_ListMessage_ListType = 0 | 1 | 2 | (number & {})
export type Message_ListResponseMessage_ListType = 0 | 1 | (number & {})
export type Message_MusicMessage_MusicMessageStyle = 0 | 1 | (number & {})
export type Message_OrderMessage_OrderStatus = 1 | 2 | 3 | (number & {})
export type Message_OrderMessage_OrderSurface = 1 | (number & {})
export type Message_PaymentInviteMessage_InviteType = 0 | 1 | (number & {})
export type Message_PaymentInviteMessage_ServiceType = 0 | 1 | 2 | 3 | 4 | (number & {})
export type Message_PaymentLinkMetadata_PaymentLinkHeader_PaymentLinkHeaderType = 0 | 1 | (number & {})
export type Message_PaymentReminderMessage_ReminderFrequency = 0 | 1 | 2 | 3 | 4 | (number & {})
export type Message_PaymentReminderMessage_ReminderStatus = 0 | 1 | 2 | 3 | 4 | 5 | (number & {})
export type Message_PeerDataOperationRequestMessage_GalaxyFlowAction_GalaxyFlowActionType = 1 | 2 | (number & {})
export type Message_PeerDataOperationRequestResponseMessage_PeerDataOperationResult_FullHistorySyncOnDemandResponseCode = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | (number & {})
export type Message_PeerDataOperationRequestResponseMessage_PeerDataOperationResult_HistorySyncChunkRetryResponseCode = 1 | 2 | 3 | 4 | 5 | 6 | (number & {})
export type Message_PeerDataOperationRequestType = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12 | 13 | 14 | (number & {})
export type Message_PinInChatMessage_Type = 0 | 1 | 2 | (number & {})
export type Message_PlaceholderMessage_PlaceholderType = 0 | (number & {})
export type Message_PollContentType = 0 | 1 | 2 | (number & {})
export type Message_PollType = 0 | 1 | (number & {})
export type Message_ProtocolMessage_Type = 0 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 14 | 16 | 17 | 18 | 19 | 20 | 21 | 22 | 23 | 24 | 25 | 26 | 27 | 28 | 29 | 30 | 31 | 32 | 34 | 35 | 36 | 37 | (number & {})
export type Message_RequestWelcomeMessageMetadata_LocalChatState = 0 | 1 | (number & {})
export type Message_RequestWelcomeMessageMetadata_WelcomeTrigger = 0 | 1 | (number & {})
export type Message_ScheduledCallCreationMessage_CallType = 0 | 1 | 2 | (number & {})
export type Message_ScheduledCallEditMessage_EditType = 0 | 1 | (number & {})
export type Message_SecretEncryptedMessage_SecretEncType = 0 | 1 | 2 | 3 | 4 | 5 | (number & {})
export type Message_SplitPaymentParticipant_SplitPaymentStatus = 0 | 1 | (number & {})
export type Message_StatusLinkPreviewMetadata_Style = 0 | 1 | 2 | 3 | (number & {})
export type Message_StatusNotificationMessage_StatusNotificationType = 0 | 1 | 2 | 3 | 4 | (number & {})
export type Message_StatusQuotedMessage_StatusQuotedMessageType = 1 | (number & {})
export type Message_StatusStickerInteractionMessage_StatusStickerType = 0 | 1 | (number & {})
export type Message_StickerPackMessage_StickerPackOrigin = 0 | 1 | 2 | (number & {})
export type Message_VideoMessage_Attribution = 0 | 1 | 2 | 3 | (number & {})
export type Message_VideoMessage_VideoSourceType = 0 | 1 | (number & {})
export type MessageContextInfo_MessageAddonExpiryType = 1 | 2 | (number & {})
export type BotPluginMetadata_PluginType = 0 | 1 | 2 | (number & {})
export type BotPluginMetadata_SearchProvider = 0 | 1 | 2 | 3 | (number & {})
export type BotSessionSource = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | (number & {})
export type BotMediaMetadata_OrientationType = 1 | 2 | 3 | (number & {})
export type BotReminderMetadata_ReminderAction = 1 | 2 | 3 | 4 | (number & {})
export type BotReminderMetadata_ReminderFrequency = 1 | 2 | 3 | 4 | 5 | (number & {})
export type BotModelMetadata_ModelType = 0 | 1 | 2 | (number & {})
export type BotModelMetadata_PremiumModelStatus = 0 | 1 | 2 | (number & {})
export type BotProgressIndicatorMetadata_BotPlanningStepMetadata_BotPlanningSearchSourcesMetadata_BotPlanningSearchSourceProvider = 0 | 1 | 2 | 3 | (number & {})
export type BotProgressIndicatorMetadata_BotPlanningStepMetadata_BotSearchSourceProvider = 0 | 1 | 2 | 3 | (number & {})
export type BotProgressIndicatorMetadata_BotPlanningStepMetadata_PlanningStepStatus = 0 | 1 | 2 | 3 | (number & {})
export type BotCapabilityMetadata_BotCapabilityType = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12 | 13 | 14 | 15 | 16 | 17 | 18 | 19 | 20 | 21 | 22 | 23 | 24 | 25 | 26 | 27 | 28 | 29 | 30 | 31 | 32 | 33 | 34 | 35 | 36 | 37 | 38 | 39 | 40 | 41 | 42 | 43 | 44 | 45 | 46 | 47 | 48 | 49 | 50 | 51 | 52 | 53 | 54 | 55 | 56 | 57 | 58 | 59 | 60 | 61 | 62 | 63 | 64 | 65 | 66 | 67 | 68 | 69 | (number & {})
export type BotImagineMetadata_ImagineType = 0 | 1 | 2 | 3 | 4 | (number & {})
export type BotMetricsEntryPoint = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12 | 13 | 14 | 15 | 16 | 17 | 18 | 19 | 20 | 21 | 22 | 23 | 24 | 25 | 26 | 27 | 28 | 29 | 30 | 31 | 32 | 33 | 34 | 35 | 36 | 37 | 38 | 39 | 40 | 41 | 45 | 46 | 47 | 54 | 55 | 56 | 57 | (number & {})
export type BotMetricsThreadEntryPoint = 1 | 2 | 3 | 4 | 5 | (number & {})
export type BotLinkedAccount_BotLinkedAccountType = 0 | (number & {})
export type BotSourcesMetadata_BotSourceItem_SourceProvider = 0 | 1 | 2 | 3 | 4 | (number & {})
export type BotPromotionMessageMetadata_BotPromotionType = 0 | 1 | 2 | (number & {})
export type BotModeSelectionMetadata_BotUserSelectionMode = 0 | 1 | (number & {})
export type BotQuotaMetadata_BotFeatureQuotaMetadata_BotFeatureType = 0 | 1 | (number & {})
export type BotAgeCollectionMetadata_AgeCollectionType = 0 | 1 | (number & {})
export type BotSignatureVerificationUseCaseProof_BotSignatureUseCase = 0 | 1 | 2 | 3 | 4 | 5 | (number & {})
export type BotMessageOrigin_BotMessageOriginType = 0 | (number & {})
export type AIThreadInfo_AIThreadClientInfo_AIThreadType = 0 | 1 | 2 | 3 | (number & {})
export type SessionTransparencyType = 0 | 1 | (number & {})
export type BotDocumentMessageMetadata_DocumentPluginType = 0 | 1 | (number & {})
export type BotInfrastructureDiagnostics_BotBackend = 0 | 1 | (number & {})
export type AISubscriptionRequestType = 0 | 1 | 2 | 3 | (number & {})
export type MessageAssociation_AssociationType = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12 | 13 | 14 | 15 | 16 | 17 | 18 | 19 | 20 | (number & {})
export type ThreadID_ThreadType = 0 | 1 | 2 | (number & {})
export type WebLinkRenderConfig = 0 | 1 | (number & {})
export type NonE2EEAttestation_AccountType = 0 | 1 | 2 | (number & {})
export type AIRichResponseMessageType = 0 | 1 | (number & {})
export type AIRichResponseSubMessageType = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | (number & {})
export type AIRichResponseInlineImageMetadata_AIRichResponseImageAlignment = 0 | 1 | 2 | (number & {})
export type AIRichResponseCodeMetadata_AIRichResponseCodeHighlightType = 0 | 1 | 2 | 3 | 4 | 5 | (number & {})
export type AIRichResponseDynamicMetadata_AIRichResponseDynamicMetadataType = 0 | 1 | 2 | (number & {})
export type AIRichResponseContentItemsMetadata_ContentType = 0 | 1 | (number & {})
export type ContextInfo_AdReplyInfo_MediaType = 0 | 1 | 2 | (number & {})
export type ContextInfo_BusinessInteractionPills_EntryPoint = 0 | 1 | 2 | 3 | 4 | 5 | (number & {})
export type ContextInfo_BusinessInteractionPills_PillType = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12 | (number & {})
export type ContextInfo_CrossAppSource = 0 | 1 | 2 | (number & {})
export type ContextInfo_DataSharingContext_DataSharingFlags = 1 | 2 | (number & {})
export type ContextInfo_ExternalAdReplyInfo_AdType = 0 | 1 | (number & {})
export type ContextInfo_ExternalAdReplyInfo_MediaType = 0 | 1 | 2 | (number & {})
export type ContextInfo_ForwardOrigin = 0 | 1 | 2 | 3 | 4 | 5 | (number & {})
export type ContextInfo_ForwardedNewsletterMessageInfo_ContentType = 1 | 2 | 3 | (number & {})
export type ContextInfo_PairedMediaType = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | (number & {})
export type ContextInfo_QuotedType = 0 | 1 | (number & {})
export type ContextInfo_StatusAttributionType = 0 | 1 | 2 | 3 | 4 | (number & {})
export type ContextInfo_StatusAudienceMetadata_AudienceType = 0 | 1 | (number & {})
export type ContextInfo_StatusSourceType = 0 | 1 | 2 | 3 | 4 | 5 | (number & {})
export type StatusAttribution_AiCreatedAttribution_Source = 0 | 1 | (number & {})
export type StatusAttribution_ExternalShare_Source = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12 | 13 | (number & {})
export type StatusAttribution_RLAttribution_Source = 0 | 1 | 2 | 3 | (number & {})
export type StatusAttribution_StatusReshare_Source = 0 | 1 | 2 | 3 | 4 | (number & {})
export type StatusAttribution_Type = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12 | (number & {})
export type MediaKeyDomain = 0 | 1 | 2 | (number & {})
export type InteractiveAnnotation_StatusLinkType = 1 | 2 | 3 | (number & {})
export type BotFeedbackMessage_BotFeedbackKind = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12 | 13 | 14 | (number & {})
export type BotFeedbackMessage_BotFeedbackKindMultipleNegative = 1 | 2 | 4 | 8 | 16 | 32 | 64 | 128 | 256 | (number & {})
export type BotFeedbackMessage_BotFeedbackKindMultiplePositive = 1 | (number & {})
export type BotFeedbackMessage_ReportKind = 0 | 1 | (number & {})
export type PaymentBackground_Type = 0 | 1 | (number & {})
export type HydratedTemplateButton_HydratedURLButton_WebviewPresentationType = 1 | 2 | 3 | (number & {})
export type WebMessageInfo_BizPrivacyStatus = 0 | 2 | 1 | 3 | (number & {})
export type WebMessageInfo_Status = 0 | 1 | 2 | 3 | 4 | 5 | (number & {})
export type WebMessageInfo_StubType = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12 | 13 | 14 | 15 | 16 | 17 | 18 | 19 | 20 | 21 | 22 | 23 | 24 | 25 | 26 | 27 | 28 | 29 | 30 | 31 | 32 | 33 | 34 | 35 | 36 | 37 | 38 | 39 | 40 | 41 | 42 | 43 | 44 | 45 | 46 | 47 | 48 | 49 | 50 | 51 | 52 | 53 | 54 | 55 | 56 | 57 | 58 | 59 | 60 | 61 | 62 | 63 | 64 | 65 | 66 | 67 | 68 | 69 | 70 | 71 | 72 | 73 | 74 | 75 | 76 | 77 | 78 | 79 | 80 | 81 | 82 | 83 | 84 | 85 | 86 | 87 | 88 | 89 | 90 | 91 | 92 | 93 | 94 | 95 | 96 | 97 | 98 | 99 | 100 | 101 | 102 | 103 | 104 | 105 | 106 | 107 | 108 | 109 | 110 | 111 | 112 | 113 | 114 | 115 | 116 | 117 | 118 | 119 | 120 | 121 | 122 | 123 | 124 | 125 | 126 | 127 | 128 | 129 | 130 | 131 | 132 | 133 | 134 | 135 | 136 | 137 | 138 | 139 | 140 | 141 | 142 | 143 | 144 | 145 | 146 | 147 | 148 | 149 | 150 | 151 | 152 | 153 | 154 | 155 | 156 | 157 | 158 | 159 | 160 | 161 | 162 | 163 | 164 | 165 | 166 | 167 | 168 | 169 | 170 | 171 | 172 | 173 | 174 | 175 | 176 | 177 | 178 | 179 | 180 | 181 | 182 | 183 | 184 | 185 | 186 | 187 | 188 | 189 | 190 | 191 | 192 | 193 | 194 | 195 | 196 | 197 | 198 | 199 | 200 | 201 | 202 | 203 | 204 | 205 | 206 | 207 | 208 | 209 | 210 | 211 | 212 | 213 | 214 | 215 | 216 | 217 | 218 | 219 | 220 | 221 | 222 | 223 | 224 | 225 | 226 | 227 | 228 | 230 | (number & {})
export type PaymentInfo_Currency = 0 | 1 | (number & {})
export type PaymentInfo_Status = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | (number & {})
export type PaymentInfo_TxnStatus = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12 | 13 | 14 | 15 | 16 | 17 | 18 | 19 | 20 | 21 | 22 | 23 | 24 | 25 | 26 | 27 | 28 | 29 | 30 | 31 | (number & {})
export type PinInChat_Type = 0 | 1 | 2 | (number & {})
export type MessageAddOn_MessageAddOnType = 0 | 1 | 2 | 3 | 4 | (number & {})
export type GroupHistoryBundleInfo_ProcessState = 0 | 1 | 2 | 3 | 4 | 5 | (number & {})
export type CallLogRecord_CallResult = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | (number & {})
export type CallLogRecord_CallType = 0 | 1 | 2 | (number & {})
export type CallLogRecord_SilenceReason = 0 | 1 | 2 | 3 | (number & {})
export type SyncActionValue_AvatarUpdatedAction_AvatarEventType = 0 | 1 | 2 | (number & {})
export type SyncActionValue_BizAISettingsNudgeAction_BizAISettingsCategory = 0 | 1 | 2 | 3 | 4 | 5 | 6 | (number & {})
export type SyncActionValue_BusinessBroadcastCampaignStatus = 1 | 2 | 3 | 4 | 5 | (number & {})
export type SyncActionValue_InteractiveMessageAction_InteractiveMessageActionMode = 1 | (number & {})
export type SyncActionValue_LabelEditAction_ListType = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12 | 13 | 14 | 15 | 16 | 17 | (number & {})
export type SyncActionValue_MaibaAIFeaturesControlAction_MaibaAIFeatureStatus = 0 | 1 | 2 | (number & {})
export type SyncActionValue_MaibaAIFeaturesControlAction_MaibaAIReplyMode = 0 | 1 | 2 | (number & {})
export type SyncActionValue_MarketingMessageAction_MarketingMessagePrototypeType = 0 | (number & {})
export type SyncActionValue_MerchantPaymentPartnerAction_Status = 0 | 1 | (number & {})
export type SyncActionValue_NoteEditAction_NoteType = 1 | 2 | (number & {})
export type SyncActionValue_NotificationActivitySettingAction_NotificationActivitySetting = 0 | 1 | 2 | 3 | (number & {})
export type SyncActionValue_PaymentTosAction_PaymentNotice = 0 | (number & {})
export type SyncActionValue_PrivateProcessingSettingAction_PrivateProcessingStatus = 0 | 1 | 2 | (number & {})
export type SyncActionValue_SettingsSyncAction_DisplayMode = 0 | 1 | 2 | 3 | (number & {})
export type SyncActionValue_SettingsSyncAction_MediaQualitySetting = 0 | 1 | 2 | (number & {})
export type SyncActionValue_SettingsSyncAction_SettingKey = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12 | 13 | 14 | 15 | 16 | 17 | 18 | 19 | 20 | 21 | 22 | 23 | 24 | 25 | 26 | 27 | 28 | 29 | 30 | 31 | 32 | 33 | 34 | (number & {})
export type SyncActionValue_SettingsSyncAction_SettingPlatform = 0 | 1 | 2 | 3 | 4 | (number & {})
export type SyncActionValue_StatusPrivacyAction_StatusDistributionMode = 0 | 1 | 2 | 3 | 4 | (number & {})
export type SyncActionValue_UsernameChatStartModeAction_ChatStartMode = 1 | 2 | (number & {})
export type SyncActionValue_WASARootSecretAction_RootSecretEntry_Status = 0 | 1 | (number & {})
export type SyncActionValue_WaffleAccountLinkStateAction_AccountLinkState = 0 | 1 | 2 | (number & {})
export type HistorySync_BotAIWaitListState = 0 | 1 | (number & {})
export type HistorySync_HistorySyncType = 0 | 1 | 2 | 3 | 4 | 5 | 6 | (number & {})
export type Conversation_EndOfHistoryTransferType = 0 | 1 | 2 | 3 | (number & {})
export type Conversation_GroupAppealStatus = 0 | 1 | 2 | 3 | (number & {})
export type GroupParticipant_Rank = 0 | 1 | 2 | (number & {})
export type PrivacySystemMessage = 1 | 2 | 3 | (number & {})
export type PastParticipant_LeaveReason = 0 | 1 | (number & {})
export type MsgOpaqueData_PollContentType = 0 | 1 | 2 | (number & {})
export type MsgOpaqueData_PollType = 0 | 1 | (number & {})

export interface MessageKey {
  readonly remoteJid?: string
  readonly fromMe?: boolean
  readonly id?: string
  readonly participant?: string
}
export interface DisappearingMode {
  readonly initiator?: DisappearingMode_Initiator
  readonly trigger?: DisappearingMode_Trigger
  readonly initiatorDeviceJid?: string
  readonly initiatedByMe?: boolean
}
export interface LimitSharing {
  readonly sharingLimited?: boolean
  /** Absent means UNKNOWN. */
  readonly trigger?: LimitSharing_TriggerType
  readonly limitSharingSettingTimestamp?: Int64
  readonly initiatedByMe?: boolean
}
export interface ProcessedVideo {
  readonly directPath?: string
  readonly fileSha256?: Uint8Array
  readonly height?: number
  readonly width?: number
  readonly fileLength?: Int64
  readonly bitrate?: number
  readonly quality?: ProcessedVideo_VideoQuality
  readonly capabilities?: readonly string[]
}
export interface ADVSignedDeviceIdentityHMAC {
  readonly details?: Uint8Array
  readonly hmac?: Uint8Array
  /** Absent means E2EE. */
  readonly accountType?: ADVEncryptionType
}
export interface ADVSignedDeviceIdentity {
  readonly details?: Uint8Array
  readonly accountSignatureKey?: Uint8Array
  readonly accountSignature?: Uint8Array
  readonly deviceSignature?: Uint8Array
}
export interface ADVDeviceIdentity {
  readonly rawId?: number
  readonly timestamp?: Int64
  readonly keyIndex?: number
  /** Absent means E2EE. */
  readonly accountType?: ADVEncryptionType
  /** Absent means E2EE. */
  readonly deviceType?: ADVEncryptionType
}
export interface ADVSignedKeyIndexList {
  readonly details?: Uint8Array
  readonly accountSignature?: Uint8Array
  readonly accountSignatureKey?: Uint8Array
}
export interface ADVKeyIndexList {
  readonly rawId?: number
  readonly timestamp?: Int64
  readonly currentIndex?: number
  readonly validIndexes?: readonly number[]
  /** Absent means E2EE. */
  readonly accountType?: ADVEncryptionType
}
export interface DeviceListMetadata {
  readonly senderKeyHash?: Uint8Array
  readonly senderTimestamp?: Int64
  readonly senderKeyIndexes?: readonly number[]
  /** Absent means E2EE. */
  readonly senderAccountType?: ADVEncryptionType
  /** Absent means E2EE. */
  readonly receiverAccountType?: ADVEncryptionType
  readonly recipientKeyHash?: Uint8Array
  readonly recipientTimestamp?: Int64
  readonly recipientKeyIndexes?: readonly number[]
}
export interface HandshakeMessage {
  readonly clientHello?: HandshakeMessage_ClientHello
  readonly serverHello?: HandshakeMessage_ServerHello
  readonly clientFinish?: HandshakeMessage_ClientFinish
}
export interface HandshakeMessage_ClientFinish {
  readonly static?: Uint8Array
  readonly payload?: Uint8Array
  readonly extendedCiphertext?: Uint8Array
  readonly paddedBytes?: Uint8Array
  readonly simulateXxkemFs?: boolean
}
export interface HandshakeMessage_ClientHello {
  readonly ephemeral?: Uint8Array
  readonly static?: Uint8Array
  readonly payload?: Uint8Array
  readonly useExtended?: boolean
  readonly extendedCiphertext?: Uint8Array
  readonly paddedBytes?: Uint8Array
  readonly sendServerHelloPaddedBytes?: boolean
  readonly simulateXxkemFs?: boolean
  readonly pqMode?: HandshakeMessage_HandshakePqMode
  readonly extendedEphemeral?: Uint8Array
}
export interface HandshakeMessage_ServerHello {
  readonly ephemeral?: Uint8Array
  readonly static?: Uint8Array
  readonly payload?: Uint8Array
  readonly extendedStatic?: Uint8Array
  readonly paddingBytes?: Uint8Array
  readonly extendedCiphertext?: Uint8Array
}
export interface CertChain {
  readonly leaf?: CertChain_NoiseCertificate
  readonly intermediate?: CertChain_NoiseCertificate
}
export interface CertChain_NoiseCertificate {
  readonly details?: Uint8Array
  readonly signature?: Uint8Array
}
export interface CertChain_NoiseCertificate_Details {
  readonly serial?: number
  readonly issuerSerial?: number
  readonly key?: Uint8Array
  readonly notBefore?: Int64
  readonly notAfter?: Int64
}
export interface NoiseCertificate {
  readonly details?: Uint8Array
  readonly signature?: Uint8Array
}
export interface NoiseCertificate_Details {
  readonly serial?: number
  readonly issuer?: string
  readonly expires?: Int64
  readonly subject?: string
  readonly key?: Uint8Array
}
export interface ClientPayload {
  readonly username?: Int64
  readonly passive?: boolean
  readonly userAgent?: ClientPayload_UserAgent
  readonly webInfo?: ClientPayload_WebInfo
  readonly pushName?: string
  readonly sessionId?: number
  readonly shortConnect?: boolean
  readonly connectType?: ClientPayload_ConnectType
  readonly connectReason?: ClientPayload_ConnectReason
  readonly shards?: readonly number[]
  readonly dnsSource?: ClientPayload_DNSSource
  readonly connectAttemptCount?: number
  readonly device?: number
  readonly devicePairingData?: ClientPayload_DevicePairingRegistrationData
  readonly product?: ClientPayload_Product
  readonly fbCat?: Uint8Array
  readonly fbUserAgent?: Uint8Array
  readonly oc?: boolean
  readonly lc?: number
  readonly iosAppExtension?: ClientPayload_IOSAppExtension
  readonly fbAppId?: Int64
  readonly fbDeviceId?: Uint8Array
  readonly pull?: boolean
  readonly paddingBytes?: Uint8Array
  readonly yearClass?: number
  readonly memClass?: number
  readonly interopData?: ClientPayload_InteropData
  readonly trafficAnonymization?: ClientPayload_TrafficAnonymization
  readonly lidDbMigrated?: boolean
  readonly accountType?: ClientPayload_AccountType
  readonly connectionSequenceInfo?: number
  readonly paaLink?: boolean
  readonly preacksCount?: number
  readonly processingQueueSize?: number
  readonly pairedPeripherals?: readonly string[]
  readonly testIsolationId?: Uint8Array
}
export interface ClientPayload_DNSSource {
  readonly dnsMethod?: ClientPayload_DNSSource_DNSResolutionMethod
  readonly appCached?: boolean
}
export interface ClientPayload_DevicePairingRegistrationData {
  readonly eRegid?: Uint8Array
  readonly eKeytype?: Uint8Array
  readonly eIdent?: Uint8Array
  readonly eSkeyId?: Uint8Array
  readonly eSkeyVal?: Uint8Array
  readonly eSkeySig?: Uint8Array
  readonly buildHash?: Uint8Array
  readonly deviceProps?: Uint8Array
}
export interface ClientPayload_InteropData {
  readonly accountId?: Int64
  readonly token?: Uint8Array
  readonly enableReadReceipts?: boolean
}
export interface ClientPayload_UserAgent {
  readonly platform?: ClientPayload_UserAgent_Platform
  readonly appVersion?: ClientPayload_UserAgent_AppVersion
  readonly mcc?: string
  readonly mnc?: string
  readonly osVersion?: string
  readonly manufacturer?: string
  readonly device?: string
  readonly osBuildNumber?: string
  readonly phoneId?: string
  readonly releaseChannel?: ClientPayload_UserAgent_ReleaseChannel
  readonly localeLanguageIso6391?: string
  readonly localeCountryIso31661Alpha2?: string
  readonly deviceBoard?: string
  readonly deviceExpId?: string
  readonly deviceType?: ClientPayload_UserAgent_DeviceType
  readonly deviceModelType?: string
  readonly distributionChannel?: ClientPayload_UserAgent_DistributionChannel
}
export interface ClientPayload_UserAgent_AppVersion {
  readonly primary?: number
  readonly secondary?: number
  readonly tertiary?: number
  readonly quaternary?: number
  readonly quinary?: number
}
export interface ClientPayload_WebInfo {
  readonly refToken?: string
  readonly version?: string
  readonly webdPayload?: ClientPayload_WebInfo_WebdPayload
  readonly webSubPlatform?: ClientPayload_WebInfo_WebSubPlatform
  readonly browser?: string
  readonly browserVersion?: string
}
export interface ClientPayload_WebInfo_WebdPayload {
  readonly usesParticipantInKey?: boolean
  readonly supportsStarredMessages?: boolean
  readonly supportsDocumentMessages?: boolean
  readonly supportsUrlMessages?: boolean
  readonly supportsMediaRetry?: boolean
  readonly supportsE2EImage?: boolean
  readonly supportsE2EVideo?: boolean
  readonly supportsE2EAudio?: boolean
  readonly supportsE2EDocument?: boolean
  readonly documentTypes?: string
  readonly features?: Uint8Array
}
export interface DeviceProps {
  readonly os?: string
  readonly version?: DeviceProps_AppVersion
  readonly platformType?: DeviceProps_PlatformType
  readonly requireFullSync?: boolean
  readonly historySyncConfig?: DeviceProps_HistorySyncConfig
}
export interface DeviceProps_AppVersion {
  readonly primary?: number
  readonly secondary?: number
  readonly tertiary?: number
  readonly quaternary?: number
  readonly quinary?: number
}
export interface DeviceProps_HistorySyncConfig {
  readonly fullSyncDaysLimit?: number
  readonly fullSyncSizeMbLimit?: number
  readonly storageQuotaMb?: number
  readonly inlineInitialPayloadInE2EeMsg?: boolean
  readonly recentSyncDaysLimit?: number
  readonly supportCallLogHistory?: boolean
  readonly supportBotUserAgentChatHistory?: boolean
  readonly supportCagReactionsAndPolls?: boolean
  readonly supportBizHostedMsg?: boolean
  readonly supportRecentSyncChunkMessageCountTuning?: boolean
  readonly supportHostedGroupMsg?: boolean
  readonly supportFbidBotChatHistory?: boolean
  readonly supportAddOnHistorySyncMigration?: boolean
  readonly supportMessageAssociation?: boolean
  readonly supportGroupHistory?: boolean
  readonly onDemandReady?: boolean
  readonly supportGuestChat?: boolean
  readonly completeOnDemandReady?: boolean
  readonly thumbnailSyncDaysLimit?: number
  readonly initialSyncMaxMessagesPerChat?: number
  readonly supportManusHistory?: boolean
  readonly supportHatchHistory?: boolean
  readonly supportedBotChannelFbids?: readonly string[]
  readonly supportInlineContacts?: boolean
  readonly supportNewsletter?: boolean
}
export interface ClientPairingProps {
  readonly isChatDbLidMigrated?: boolean
  readonly isSyncdPureLidSession?: boolean
  readonly isSyncdSnapshotRecoveryEnabled?: boolean
  readonly isHsThumbnailSyncEnabled?: boolean
  readonly subscriptionSyncPayload?: Uint8Array
}
export interface CompanionCommitment {
  readonly hash?: Uint8Array
}
export interface ProloguePayload {
  readonly companionEphemeralIdentity?: Uint8Array
  readonly commitment?: CompanionCommitment
}
export interface PairingRequest {
  readonly companionPublicKey?: Uint8Array
  readonly companionIdentityKey?: Uint8Array
  readonly advSecret?: Uint8Array
}
export interface EncryptedPairingRequest {
  readonly encryptedPayload?: Uint8Array
  readonly iv?: Uint8Array
}
export interface PrimaryEphemeralIdentity {
  readonly publicKey?: Uint8Array
  readonly nonce?: Uint8Array
}
export interface CompanionEphemeralIdentity {
  readonly publicKey?: Uint8Array
  readonly deviceType?: DeviceProps_PlatformType
  readonly ref?: string
}
export interface DeviceConsistencyCodeMessage {
  readonly generation?: number
  readonly signature?: Uint8Array
}
export interface SignalMessage {
  readonly ratchetKey?: Uint8Array
  readonly counter?: number
  readonly previousCounter?: number
  readonly ciphertext?: Uint8Array
}
export interface PreKeySignalMessage {
  readonly preKeyId?: number
  readonly baseKey?: Uint8Array
  readonly identityKey?: Uint8Array
  readonly message?: Uint8Array
  readonly registrationId?: number
  readonly signedPreKeyId?: number
  readonly kyberPreKeyId?: number
  readonly kyberCiphertext?: Uint8Array
}
export interface SenderKeyMessage {
  readonly id?: number
  readonly iteration?: number
  readonly ciphertext?: Uint8Array
}
export interface SenderKeyDistributionMessage {
  readonly id?: number
  readonly iteration?: number
  readonly chainKey?: Uint8Array
  readonly signingKey?: Uint8Array
}
export interface SessionStructure {
  readonly sessionVersion?: number
  readonly localIdentityPublic?: Uint8Array
  readonly remoteIdentityPublic?: Uint8Array
  readonly rootKey?: Uint8Array
  readonly previousCounter?: number
  readonly senderChain?: SessionStructure_Chain
  readonly receiverChains?: readonly SessionStructure_Chain[]
  readonly pendingKeyExchange?: SessionStructure_PendingKeyExchange
  readonly pendingPreKey?: SessionStructure_PendingPreKey
  readonly remoteRegistrationId?: number
  readonly localRegistrationId?: number
  readonly needsRefresh?: boolean
  readonly aliceBaseKey?: Uint8Array
}
export interface SessionStructure_Chain {
  readonly senderRatchetKey?: Uint8Array
  readonly senderRatchetKeyPrivate?: Uint8Array
  readonly chainKey?: SessionStructure_Chain_ChainKey
  readonly messageKeys?: readonly SessionStructure_Chain_MessageKey[]
}
export interface SessionStructure_Chain_ChainKey {
  readonly index?: number
  readonly key?: Uint8Array
}
export interface SessionStructure_Chain_MessageKey {
  readonly index?: number
  readonly cipherKey?: Uint8Array
  readonly macKey?: Uint8Array
  readonly iv?: Uint8Array
}
export interface SessionStructure_PendingKeyExchange {
  readonly sequence?: number
  readonly localBaseKey?: Uint8Array
  readonly localBaseKeyPrivate?: Uint8Array
  readonly localRatchetKey?: Uint8Array
  readonly localRatchetKeyPrivate?: Uint8Array
  readonly localIdentityKey?: Uint8Array
  readonly localIdentityKeyPrivate?: Uint8Array
}
export interface SessionStructure_PendingPreKey {
  readonly preKeyId?: number
  readonly baseKey?: Uint8Array
  readonly signedPreKeyId?: number
  readonly kyberPreKeyId?: number
  readonly kyberCiphertext?: Uint8Array
}
export interface RecordStructure {
  readonly currentSession?: SessionStructure
  readonly previousSessions?: readonly SessionStructure[]
}
export interface SenderKeyRecordStructure {
  readonly senderKeyStates?: readonly SenderKeyStateStructure[]
}
export interface SenderKeyStateStructure {
  readonly senderKeyId?: number
  readonly senderChainKey?: SenderKeyStateStructure_SenderChainKey
  readonly senderSigningKey?: SenderKeyStateStructure_SenderSigningKey
  readonly senderMessageKeys?: readonly SenderKeyStateStructure_SenderMessageKey[]
}
export interface SenderKeyStateStructure_SenderChainKey {
  readonly iteration?: number
  readonly seed?: Uint8Array
}
export interface SenderKeyStateStructure_SenderMessageKey {
  readonly iteration?: number
  readonly seed?: Uint8Array
}
export interface SenderKeyStateStructure_SenderSigningKey {
  readonly public?: Uint8Array
  readonly private?: Uint8Array
}
export interface PreKeyRecordStructure {
  readonly id?: number
  readonly publicKey?: Uint8Array
  readonly privateKey?: Uint8Array
}
export interface SignedPreKeyRecordStructure {
  readonly id?: number
  readonly publicKey?: Uint8Array
  readonly privateKey?: Uint8Array
  readonly signature?: Uint8Array
  readonly timestamp?: Int64
}
export interface IdentityKeyPairStructure {
  readonly publicKey?: Uint8Array
  readonly privateKey?: Uint8Array
}
export interface MediaRetryNotification {
  readonly stanzaId?: string
  readonly directPath?: string
  readonly result?: MediaRetryNotification_ResultType
  readonly messageSecret?: Uint8Array
}
export interface ServerErrorReceipt {
  readonly stanzaId?: string
}
export interface VerifiedNameCertificate {
  readonly details?: Uint8Array
  readonly signature?: Uint8Array
  readonly serverSignature?: Uint8Array
}
export interface VerifiedNameCertificate_Details {
  readonly serial?: Int64
  readonly issuer?: string
  readonly verifiedName?: string
  readonly localizedNames?: readonly LocalizedName[]
  readonly issueTime?: Int64
}
export interface LocalizedName {
  readonly lg?: string
  readonly lc?: string
  readonly verifiedName?: string
}
export interface BizIdentityInfo {
  readonly vlevel?: BizIdentityInfo_VerifiedLevelValue
  readonly vnameCert?: VerifiedNameCertificate
  readonly signed?: boolean
  readonly revoked?: boolean
  readonly hostStorage?: BizIdentityInfo_HostStorageType
  readonly actualActors?: BizIdentityInfo_ActualActorsType
  readonly privacyModeTs?: Int64
  readonly featureControls?: Int64
}
export interface BizAccountPayload {
  readonly vnameCert?: VerifiedNameCertificate
  readonly bizAcctLinkInfo?: Uint8Array
}
export interface BizAccountLinkInfo {
  readonly whatsappBizAcctFbid?: Int64
  readonly whatsappAcctNumber?: string
  readonly issueTime?: Int64
  readonly hostStorage?: BizAccountLinkInfo_HostStorageType
  readonly accountType?: BizAccountLinkInfo_AccountType
}
export interface Reportable {
  /** Absent means 1. */
  readonly minVersion?: number
  readonly maxVersion?: number
  readonly notReportableMinVersion?: number
  readonly never?: boolean
}
export interface ReportingTokenInfo {
  readonly reportingTag?: Uint8Array
  readonly reportingTagTimestamp?: Int64
}
export interface DeviceCapabilities {
  readonly chatLockSupportLevel?: DeviceCapabilities_ChatLockSupportLevel
  readonly lidMigration?: DeviceCapabilities_LIDMigration
  readonly businessBroadcast?: DeviceCapabilities_BusinessBroadcast
  readonly userHasAvatar?: DeviceCapabilities_UserHasAvatar
  readonly memberNameTagPrimarySupport?: DeviceCapabilities_MemberNameTagPrimarySupport
  readonly aiThread?: DeviceCapabilities_AiThread
  readonly aiFbidMigration?: DeviceCapabilities_AiFbidMigration
  readonly bizAiSettingsSync?: DeviceCapabilities_BizAiSettingsSync
  readonly contactRefresh?: DeviceCapabilities_ContactRefresh
}
export interface DeviceCapabilities_AiFbidMigration {
  readonly chatDbMigrationTimestamp?: Int64
}
export interface DeviceCapabilities_AiThread {
  readonly supportLevel?: DeviceCapabilities_AiThread_SupportLevel
}
export interface DeviceCapabilities_BizAiSettingsSync {
  readonly handoffRemovalTimingEnabled?: boolean
}
export interface DeviceCapabilities_BusinessBroadcast {
  readonly importListEnabled?: boolean
  readonly companionSupportEnabled?: boolean
  readonly campaignSyncEnabled?: boolean
  readonly insightsSyncEnabled?: boolean
  readonly recipientLimit?: number
}
export interface DeviceCapabilities_ContactRefresh {
  readonly refreshSupported?: boolean
}
export interface DeviceCapabilities_LIDMigration {
  readonly chatDbMigrationTimestamp?: Int64
}
export interface DeviceCapabilities_UserHasAvatar {
  readonly userHasAvatar?: boolean
}
export interface ChatLockSettings {
  readonly hideLockedChats?: boolean
  readonly secretCode?: UserPassword
}
export interface UserPassword {
  readonly encoding?: UserPassword_Encoding
  readonly transformer?: UserPassword_Transformer
  readonly transformerArg?: readonly UserPassword_TransformerArg[]
  readonly transformedData?: Uint8Array
}
export interface UserPassword_TransformerArg {
  readonly key?: string
  readonly value?: UserPassword_TransformerArg_Value
}
export interface UserPassword_TransformerArg_Value {
  readonly asBlob?: Uint8Array
  readonly asUnsignedInteger?: number
}
export interface SyncdPatch {
  readonly version?: SyncdVersion
  readonly mutations?: readonly SyncdMutation[]
  readonly externalMutations?: ExternalBlobReference
  readonly snapshotMac?: Uint8Array
  readonly patchMac?: Uint8Array
  readonly keyId?: KeyId
  readonly exitCode?: ExitCode
  readonly deviceIndex?: number
  readonly clientDebugData?: Uint8Array
}
export interface SyncdVersion {
  readonly version?: Int64
}
export interface SyncdMutation {
  readonly operation?: SyncdMutation_SyncdOperation
  readonly record?: SyncdRecord
}
export interface SyncdRecord {
  readonly index?: SyncdIndex
  readonly value?: SyncdValue
  readonly keyId?: KeyId
}
export interface SyncdIndex {
  readonly blob?: Uint8Array
}
export interface SyncdValue {
  readonly blob?: Uint8Array
}
export interface KeyId {
  readonly id?: Uint8Array
}
export interface ExternalBlobReference {
  readonly mediaKey?: Uint8Array
  readonly directPath?: string
  readonly handle?: string
  readonly fileSizeBytes?: Int64
  readonly fileSha256?: Uint8Array
  readonly fileEncSha256?: Uint8Array
}
export interface ExitCode {
  readonly code?: Int64
  readonly text?: string
}
export interface SyncdSnapshot {
  readonly version?: SyncdVersion
  readonly records?: readonly SyncdRecord[]
  readonly mac?: Uint8Array
  readonly keyId?: KeyId
}
export interface SyncdMutations {
  readonly mutations?: readonly SyncdMutation[]
}
export interface PatchDebugData {
  readonly currentLthash?: Uint8Array
  readonly newLthash?: Uint8Array
  readonly patchVersion?: Uint8Array
  readonly collectionName?: Uint8Array
  readonly firstFourBytesFromAHashOfSnapshotMacKey?: Uint8Array
  readonly newLthashSubtract?: Uint8Array
  readonly numberAdd?: number
  readonly numberRemove?: number
  readonly numberOverride?: number
  readonly senderPlatform?: PatchDebugData_Platform
  readonly isSenderPrimary?: boolean
}
export interface Message {
  readonly conversation?: string
  readonly senderKeyDistributionMessage?: Message_SenderKeyDistributionMessage
  readonly imageMessage?: Message_ImageMessage
  readonly contactMessage?: Message_ContactMessage
  readonly locationMessage?: Message_LocationMessage
  readonly extendedTextMessage?: Message_ExtendedTextMessage
  readonly documentMessage?: Message_DocumentMessage
  readonly audioMessage?: Message_AudioMessage
  readonly videoMessage?: Message_VideoMessage
  readonly call?: Message_Call
  readonly chat?: Message_Chat
  readonly protocolMessage?: Message_ProtocolMessage
  readonly contactsArrayMessage?: Message_ContactsArrayMessage
  readonly highlyStructuredMessage?: Message_HighlyStructuredMessage
  readonly fastRatchetKeySenderKeyDistributionMessage?: Message_SenderKeyDistributionMessage
  readonly sendPaymentMessage?: Message_SendPaymentMessage
  readonly liveLocationMessage?: Message_LiveLocationMessage
  readonly requestPaymentMessage?: Message_RequestPaymentMessage
  readonly declinePaymentRequestMessage?: Message_DeclinePaymentRequestMessage
  readonly cancelPaymentRequestMessage?: Message_CancelPaymentRequestMessage
  readonly templateMessage?: Message_TemplateMessage
  readonly stickerMessage?: Message_StickerMessage
  readonly groupInviteMessage?: Message_GroupInviteMessage
  readonly templateButtonReplyMessage?: Message_TemplateButtonReplyMessage
  readonly productMessage?: Message_ProductMessage
  readonly deviceSentMessage?: Message_DeviceSentMessage
  readonly messageContextInfo?: MessageContextInfo
  readonly listMessage?: Message_ListMessage
  readonly viewOnceMessage?: Message_FutureProofMessage
  readonly orderMessage?: Message_OrderMessage
  readonly listResponseMessage?: Message_ListResponseMessage
  readonly ephemeralMessage?: Message_FutureProofMessage
  readonly invoiceMessage?: Message_InvoiceMessage
  readonly buttonsMessage?: Message_ButtonsMessage
  readonly buttonsResponseMessage?: Message_ButtonsResponseMessage
  readonly paymentInviteMessage?: Message_PaymentInviteMessage
  readonly interactiveMessage?: Message_InteractiveMessage
  readonly reactionMessage?: Message_ReactionMessage
  readonly stickerSyncRmrMessage?: Message_StickerSyncRMRMessage
  readonly interactiveResponseMessage?: Message_InteractiveResponseMessage
  readonly pollCreationMessage?: Message_PollCreationMessage
  readonly pollUpdateMessage?: Message_PollUpdateMessage
  readonly keepInChatMessage?: Message_KeepInChatMessage
  readonly documentWithCaptionMessage?: Message_FutureProofMessage
  readonly requestPhoneNumberMessage?: Message_RequestPhoneNumberMessage
  readonly viewOnceMessageV2?: Message_FutureProofMessage
  readonly encReactionMessage?: Message_EncReactionMessage
  readonly editedMessage?: Message_FutureProofMessage
  readonly viewOnceMessageV2Extension?: Message_FutureProofMessage
  readonly pollCreationMessageV2?: Message_PollCreationMessage
  readonly scheduledCallCreationMessage?: Message_ScheduledCallCreationMessage
  readonly groupMentionedMessage?: Message_FutureProofMessage
  readonly pinInChatMessage?: Message_PinInChatMessage
  readonly pollCreationMessageV3?: Message_PollCreationMessage
  readonly scheduledCallEditMessage?: Message_ScheduledCallEditMessage
  readonly ptvMessage?: Message_VideoMessage
  readonly botInvokeMessage?: Message_FutureProofMessage
  readonly callLogMesssage?: Message_CallLogMessage
  readonly messageHistoryBundle?: Message_MessageHistoryBundle
  readonly encCommentMessage?: Message_EncCommentMessage
  readonly bcallMessage?: Message_BCallMessage
  readonly lottieStickerMessage?: Message_FutureProofMessage
  readonly eventMessage?: Message_EventMessage
  readonly encEventResponseMessage?: Message_EncEventResponseMessage
  readonly commentMessage?: Message_CommentMessage
  readonly newsletterAdminInviteMessage?: Message_NewsletterAdminInviteMessage
  readonly placeholderMessage?: Message_PlaceholderMessage
  readonly secretEncryptedMessage?: Message_SecretEncryptedMessage
  readonly albumMessage?: Message_AlbumMessage
  readonly eventCoverImage?: Message_FutureProofMessage
  readonly stickerPackMessage?: Message_StickerPackMessage
  readonly statusMentionMessage?: Message_FutureProofMessage
  readonly pollResultSnapshotMessage?: Message_PollResultSnapshotMessage
  readonly pollCreationOptionImageMessage?: Message_FutureProofMessage
  readonly associatedChildMessage?: Message_FutureProofMessage
  readonly groupStatusMentionMessage?: Message_FutureProofMessage
  readonly pollCreationMessageV4?: Message_FutureProofMessage
  readonly statusAddYours?: Message_FutureProofMessage
  readonly groupStatusMessage?: Message_FutureProofMessage
  readonly richResponseMessage?: AIRichResponseMessage
  readonly statusNotificationMessage?: Message_StatusNotificationMessage
  readonly limitSharingMessage?: Message_FutureProofMessage
  readonly botTaskMessage?: Message_FutureProofMessage
  readonly questionMessage?: Message_FutureProofMessage
  readonly messageHistoryNotice?: Message_MessageHistoryNotice
  readonly groupStatusMessageV2?: Message_FutureProofMessage
  readonly botForwardedMessage?: Message_FutureProofMessage
  readonly statusQuestionAnswerMessage?: Message_StatusQuestionAnswerMessage
  readonly questionReplyMessage?: Message_FutureProofMessage
  readonly questionResponseMessage?: Message_QuestionResponseMessage
  readonly statusQuotedMessage?: Message_StatusQuotedMessage
  readonly statusStickerInteractionMessage?: Message_StatusStickerInteractionMessage
  readonly pollCreationMessageV5?: Message_PollCreationMessage
  readonly newsletterFollowerInviteMessageV2?: Message_NewsletterFollowerInviteMessage
  readonly pollResultSnapshotMessageV3?: Message_PollResultSnapshotMessage
  readonly newsletterAdminProfileMessage?: Message_FutureProofMessage
  readonly newsletterAdminProfileMessageV2?: Message_FutureProofMessage
  readonly spoilerMessage?: Message_FutureProofMessage
  readonly pollCreationMessageV6?: Message_PollCreationMessage
  readonly conditionalRevealMessage?: Message_ConditionalRevealMessage
  readonly pollAddOptionMessage?: Message_PollAddOptionMessage
  readonly eventInviteMessage?: Message_EventInviteMessage
  readonly groupRootKeyShare?: GroupRootKeyShare
  readonly paymentReminderMessage?: Message_PaymentReminderMessage
  readonly splitPaymentMessage?: Message_SplitPaymentMessage
  readonly newsletterAdminProfileStatusMessage?: Message_FutureProofMessage
  readonly rootSecretDistributeMessage?: Message_RootSecretDistributeMessage
  readonly splitPaymentUpdateMessage?: Message_SplitPaymentUpdateMessage
  readonly musicMessage?: Message_MusicMessage
  readonly statusLinkPreviewMetadata?: Message_StatusLinkPreviewMetadata
  readonly botPlatformRegistrationSuccessMessage?: Message_FutureProofMessage
}
export interface Message_AlbumMessage {
  readonly expectedImageCount?: number
  readonly expectedVideoCount?: number
  readonly contextInfo?: ContextInfo
}
export interface Message_AppStateFatalExceptionNotification {
  readonly collectionNames?: readonly string[]
  readonly timestamp?: Int64
}
export interface Message_AppStateSyncKey {
  readonly keyId?: Message_AppStateSyncKeyId
  readonly keyData?: Message_AppStateSyncKeyData
}
export interface Message_AppStateSyncKeyData {
  readonly keyData?: Uint8Array
  readonly fingerprint?: Message_AppStateSyncKeyFingerprint
  readonly timestamp?: Int64
}
export interface Message_AppStateSyncKeyFingerprint {
  readonly rawId?: number
  readonly currentIndex?: number
  readonly deviceIndexes?: readonly number[]
}
export interface Message_AppStateSyncKeyId {
  readonly keyId?: Uint8Array
}
export interface Message_AppStateSyncKeyRequest {
  readonly keyIds?: readonly Message_AppStateSyncKeyId[]
}
export interface Message_AppStateSyncKeyShare {
  readonly keys?: readonly Message_AppStateSyncKey[]
}
export interface Message_AudioMessage {
  readonly url?: string
  readonly mimetype?: string
  readonly fileSha256?: Uint8Array
  readonly fileLength?: Int64
  readonly seconds?: number
  readonly ptt?: boolean
  readonly mediaKey?: Uint8Array
  readonly fileEncSha256?: Uint8Array
  readonly directPath?: string
  readonly mediaKeyTimestamp?: Int64
  readonly contextInfo?: ContextInfo
  readonly streamingSidecar?: Uint8Array
  readonly waveform?: Uint8Array
  readonly backgroundArgb?: number
  readonly viewOnce?: boolean
  readonly accessibilityLabel?: string
}
export interface Message_BCallMessage {
  readonly sessionId?: string
  readonly mediaType?: Message_BCallMessage_MediaType
  readonly masterKey?: Uint8Array
  readonly caption?: string
}
export interface Message_BotHistoryShareSyncMetadata {
  readonly botJid?: string
  readonly historyShareCutoffTimestamp?: Int64
  readonly historyShareMessages?: readonly Message_HistoryShareMessageEntry[]
}
export interface Message_ButtonsMessage {
  readonly text?: string
  readonly documentMessage?: Message_DocumentMessage
  readonly imageMessage?: Message_ImageMessage
  readonly videoMessage?: Message_VideoMessage
  readonly locationMessage?: Message_LocationMessage
  readonly contentText?: string
  readonly footerText?: string
  readonly contextInfo?: ContextInfo
  readonly buttons?: readonly Message_ButtonsMessage_Button[]
  readonly headerType?: Message_ButtonsMessage_HeaderType
}
export interface Message_ButtonsMessage_Button {
  readonly buttonId?: string
  readonly buttonText?: Message_ButtonsMessage_Button_ButtonText
  readonly type?: Message_ButtonsMessage_Button_Type
  readonly nativeFlowInfo?: Message_ButtonsMessage_Button_NativeFlowInfo
}
export interface Message_ButtonsMessage_Button_ButtonText {
  readonly displayText?: string
}
export interface Message_ButtonsMessage_Button_NativeFlowInfo {
  readonly name?: string
  readonly paramsJson?: string
}
export interface Message_ButtonsResponseMessage {
  readonly selectedButtonId?: string
  readonly selectedDisplayText?: string
  readonly contextInfo?: ContextInfo
  readonly type?: Message_ButtonsResponseMessage_Type
}
export interface Message_Call {
  readonly callKey?: Uint8Array
  readonly conversionSource?: string
  readonly conversionData?: Uint8Array
  readonly conversionDelaySeconds?: number
  readonly ctwaSignals?: string
  readonly ctwaPayload?: Uint8Array
  readonly contextInfo?: ContextInfo
  readonly nativeFlowCallButtonPayload?: string
  readonly deeplinkPayload?: string
  readonly messageContextInfo?: MessageContextInfo
  readonly callEntryPoint?: number
  readonly callReason?: string
}
export interface Message_CallLogMessage {
  readonly isVideo?: boolean
  readonly callOutcome?: Message_CallLogMessage_CallOutcome
  readonly durationSecs?: Int64
  readonly callType?: Message_CallLogMessage_CallType
  readonly participants?: readonly Message_CallLogMessage_CallParticipant[]
}
export interface Message_CallLogMessage_CallParticipant {
  readonly jid?: string
  readonly callOutcome?: Message_CallLogMessage_CallOutcome
}
export interface Message_CancelPaymentRequestMessage {
  readonly key?: MessageKey
}
export interface Message_Chat {
  readonly displayName?: string
  readonly id?: string
}
export interface Message_ChatCustomImageWallpaper {
  readonly directPath?: string
  readonly mediaKey?: Uint8Array
  readonly fileEncSha256?: Uint8Array
  readonly fileSha256?: Uint8Array
  readonly dimLevel?: number
}
export interface Message_ChatDefaultWallpaper {
  readonly isDoodleEnabled?: boolean
}
export interface Message_ChatSolidColorWallpaper {
  readonly colorLight?: string
  readonly colorDark?: string
  readonly isDoodleEnabled?: boolean
}
export interface Message_ChatStockImageWallpaper {
  readonly stockImageId?: string
  readonly dimLevel?: number
}
export interface Message_ChatThemeSetting {
  readonly settingTimestampMs?: Int64
  readonly clearTheme?: boolean
  readonly colorSchemeId?: string
  readonly defaultWallpaper?: Message_ChatDefaultWallpaper
  readonly solidColor?: Message_ChatSolidColorWallpaper
  readonly stockImage?: Message_ChatStockImageWallpaper
  readonly customImage?: Message_ChatCustomImageWallpaper
}
export interface Message_CloudAPIThreadControlNotification {
  readonly status?: Message_CloudAPIThreadControlNotification_CloudAPIThreadControl
  readonly senderNotificationTimestampMs?: Int64
  readonly consumerLid?: string
  readonly consumerPhoneNumber?: string
  readonly notificationContent?: Message_CloudAPIThreadControlNotification_CloudAPIThreadControlNotificationContent
  readonly shouldSuppressNotification?: boolean
}
export interface Message_CloudAPIThreadControlNotification_CloudAPIThreadControlNotificationContent {
  readonly handoffNotificationText?: string
  readonly extraJson?: string
}
export interface Message_CommentMessage {
  readonly message?: Message
  readonly targetMessageKey?: MessageKey
}
export interface Message_ConditionalRevealMessage {
  readonly encPayload?: Uint8Array
  readonly encIv?: Uint8Array
  readonly conditionalRevealMessageType?: Message_ConditionalRevealMessage_ConditionalRevealMessageType
  readonly revealKeyId?: string
}
export interface Message_ContactMessage {
  readonly displayName?: string
  readonly vcard?: string
  readonly contextInfo?: ContextInfo
  readonly isSelfContact?: boolean
}
export interface Message_ContactsArrayMessage {
  readonly displayName?: string
  readonly contacts?: readonly Message_ContactMessage[]
  readonly contextInfo?: ContextInfo
}
export interface Message_DeclinePaymentRequestMessage {
  readonly key?: MessageKey
}
export interface Message_DeviceSentMessage {
  readonly destinationJid?: string
  readonly message?: Message
  readonly phash?: string
}
export interface Message_DocumentMessage {
  readonly url?: string
  readonly mimetype?: string
  readonly title?: string
  readonly fileSha256?: Uint8Array
  readonly fileLength?: Int64
  readonly pageCount?: number
  readonly mediaKey?: Uint8Array
  readonly fileName?: string
  readonly fileEncSha256?: Uint8Array
  readonly directPath?: string
  readonly mediaKeyTimestamp?: Int64
  readonly contactVcard?: boolean
  readonly thumbnailDirectPath?: string
  readonly thumbnailSha256?: Uint8Array
  readonly thumbnailEncSha256?: Uint8Array
  readonly jpegThumbnail?: Uint8Array
  readonly contextInfo?: ContextInfo
  readonly thumbnailHeight?: number
  readonly thumbnailWidth?: number
  readonly caption?: string
  readonly accessibilityLabel?: string
}
export interface Message_EncCommentMessage {
  readonly targetMessageKey?: MessageKey
  readonly encPayload?: Uint8Array
  readonly encIv?: Uint8Array
}
export interface Message_EncEventResponseMessage {
  readonly eventCreationMessageKey?: MessageKey
  readonly encPayload?: Uint8Array
  readonly encIv?: Uint8Array
}
export interface Message_EncReactionMessage {
  readonly targetMessageKey?: MessageKey
  readonly encPayload?: Uint8Array
  readonly encIv?: Uint8Array
}
export interface Message_EventInviteMessage {
  readonly contextInfo?: ContextInfo
  readonly eventId?: string
  readonly eventTitle?: string
  readonly jpegThumbnail?: Uint8Array
  readonly startTime?: Int64
  readonly caption?: string
  readonly isCanceled?: boolean
  readonly endTime?: Int64
  readonly callLink?: string
}
export interface Message_EventMessage {
  readonly contextInfo?: ContextInfo
  readonly isCanceled?: boolean
  readonly name?: string
  readonly description?: string
  readonly location?: Message_LocationMessage
  readonly joinLink?: string
  readonly startTime?: Int64
  readonly endTime?: Int64
  readonly extraGuestsAllowed?: boolean
  readonly isScheduleCall?: boolean
  readonly hasReminder?: boolean
  readonly reminderOffsetSec?: Int64
}
export interface Message_EventResponseMessage {
  readonly response?: Message_EventResponseMessage_EventResponseType
  readonly timestampMs?: Int64
  readonly extraGuestCount?: number
}
export interface Message_ExtendedTextMessage {
  readonly text?: string
  readonly matchedText?: string
  readonly description?: string
  readonly title?: string
  readonly textArgb?: number
  readonly backgroundArgb?: number
  readonly font?: Message_ExtendedTextMessage_FontType
  readonly previewType?: Message_ExtendedTextMessage_PreviewType
  readonly jpegThumbnail?: Uint8Array
  readonly contextInfo?: ContextInfo
  readonly doNotPlayInline?: boolean
  readonly thumbnailDirectPath?: string
  readonly thumbnailSha256?: Uint8Array
  readonly thumbnailEncSha256?: Uint8Array
  readonly mediaKey?: Uint8Array
  readonly mediaKeyTimestamp?: Int64
  readonly thumbnailHeight?: number
  readonly thumbnailWidth?: number
  readonly inviteLinkGroupType?: Message_ExtendedTextMessage_InviteLinkGroupType
  readonly inviteLinkParentGroupSubjectV2?: string
  readonly inviteLinkParentGroupThumbnailV2?: Uint8Array
  readonly inviteLinkGroupTypeV2?: Message_ExtendedTextMessage_InviteLinkGroupType
  readonly viewOnce?: boolean
  readonly videoHeight?: number
  readonly videoWidth?: number
  readonly faviconMmsMetadata?: Message_MMSThumbnailMetadata
  readonly linkPreviewMetadata?: Message_LinkPreviewMetadata
  readonly paymentLinkMetadata?: Message_PaymentLinkMetadata
  readonly endCardTiles?: readonly Message_VideoEndCard[]
  readonly videoContentUrl?: string
  readonly musicMetadata?: EmbeddedMusic
  readonly paymentExtendedMetadata?: Message_PaymentExtendedMetadata
}
export interface Message_FullHistorySyncOnDemandConfig {
  readonly historyFromTimestamp?: Int64
  readonly historyDurationDays?: number
}
export interface Message_FullHistorySyncOnDemandRequestMetadata {
  readonly requestId?: string
  readonly businessProduct?: string
  readonly opaqueClientData?: Uint8Array
}
export interface Message_FutureProofMessage {
  readonly message?: Message
}
export interface Message_GroupInviteMessage {
  readonly groupJid?: string
  readonly inviteCode?: string
  readonly inviteExpiration?: Int64
  readonly groupName?: string
  readonly jpegThumbnail?: Uint8Array
  readonly caption?: string
  readonly contextInfo?: ContextInfo
  readonly groupType?: Message_GroupInviteMessage_GroupType
}
export interface Message_HighlyStructuredMessage {
  readonly namespace?: string
  readonly elementName?: string
  readonly params?: readonly string[]
  readonly fallbackLg?: string
  readonly fallbackLc?: string
  readonly localizableParams?: readonly Message_HighlyStructuredMessage_HSMLocalizableParameter[]
  readonly deterministicLg?: string
  readonly deterministicLc?: string
  readonly hydratedHsm?: Message_TemplateMessage
}
export interface Message_HighlyStructuredMessage_HSMLocalizableParameter {
  readonly default?: string
  readonly currency?: Message_HighlyStructuredMessage_HSMLocalizableParameter_HSMCurrency
  readonly dateTime?: Message_HighlyStructuredMessage_HSMLocalizableParameter_HSMDateTime
}
export interface Message_HighlyStructuredMessage_HSMLocalizableParameter_HSMCurrency {
  readonly currencyCode?: string
  readonly amount1000?: Int64
}
export interface Message_HighlyStructuredMessage_HSMLocalizableParameter_HSMDateTime {
  readonly component?: Message_HighlyStructuredMessage_HSMLocalizableParameter_HSMDateTime_HSMDateTimeComponent
  readonly unixEpoch?: Message_HighlyStructuredMessage_HSMLocalizableParameter_HSMDateTime_HSMDateTimeUnixEpoch
}
export interface Message_HighlyStructuredMessage_HSMLocalizableParameter_HSMDateTime_HSMDateTimeComponent {
  readonly dayOfWeek?: Message_HighlyStructuredMessage_HSMLocalizableParameter_HSMDateTime_HSMDateTimeComponent_DayOfWeekType
  readonly year?: number
  readonly month?: number
  readonly dayOfMonth?: number
  readonly hour?: number
  readonly minute?: number
  readonly calendar?: Message_HighlyStructuredMessage_HSMLocalizableParameter_HSMDateTime_HSMDateTimeComponent_CalendarType
}
export interface Message_HighlyStructuredMessage_HSMLocalizableParameter_HSMDateTime_HSMDateTimeUnixEpoch {
  readonly timestamp?: Int64
}
export interface Message_HistoryShareMessageEntry {
  readonly stanzaId?: string
  readonly messageSecretProof?: Uint8Array
}
export interface Message_HistorySyncMessageAccessStatus {
  readonly completeAccessGranted?: boolean
}
export interface Message_HistorySyncNotification {
  readonly fileSha256?: Uint8Array
  readonly fileLength?: Int64
  readonly mediaKey?: Uint8Array
  readonly fileEncSha256?: Uint8Array
  readonly directPath?: string
  readonly syncType?: Message_HistorySyncType
  readonly chunkOrder?: number
  readonly originalMessageId?: string
  readonly progress?: number
  readonly oldestMsgInChunkTimestampSec?: Int64
  readonly initialHistBootstrapInlinePayload?: Uint8Array
  readonly peerDataRequestSessionId?: string
  readonly fullHistorySyncOnDemandRequestMetadata?: Message_FullHistorySyncOnDemandRequestMetadata
  readonly encHandle?: string
  readonly messageAccessStatus?: Message_HistorySyncMessageAccessStatus
}
export interface Message_ImageMessage {
  readonly url?: string
  readonly mimetype?: string
  readonly caption?: string
  readonly fileSha256?: Uint8Array
  readonly fileLength?: Int64
  readonly height?: number
  readonly width?: number
  readonly mediaKey?: Uint8Array
  readonly fileEncSha256?: Uint8Array
  readonly interactiveAnnotations?: readonly InteractiveAnnotation[]
  readonly directPath?: string
  readonly mediaKeyTimestamp?: Int64
  readonly jpegThumbnail?: Uint8Array
  readonly contextInfo?: ContextInfo
  readonly firstScanSidecar?: Uint8Array
  readonly firstScanLength?: number
  readonly experimentGroupId?: number
  readonly scansSidecar?: Uint8Array
  readonly scanLengths?: readonly number[]
  readonly midQualityFileSha256?: Uint8Array
  readonly midQualityFileEncSha256?: Uint8Array
  readonly viewOnce?: boolean
  readonly thumbnailDirectPath?: string
  readonly thumbnailSha256?: Uint8Array
  readonly thumbnailEncSha256?: Uint8Array
  readonly staticUrl?: string
  readonly annotations?: readonly InteractiveAnnotation[]
  readonly imageSourceType?: Message_ImageMessage_ImageSourceType
  readonly accessibilityLabel?: string
  readonly qrUrl?: string
}
export interface Message_InitialSecurityNotificationSettingSync {
  readonly securityNotificationEnabled?: boolean
}
export interface Message_InteractiveMessage {
  readonly header?: Message_InteractiveMessage_Header
  readonly body?: Message_InteractiveMessage_Body
  readonly footer?: Message_InteractiveMessage_Footer
  readonly shopStorefrontMessage?: Message_InteractiveMessage_ShopMessage
  readonly collectionMessage?: Message_InteractiveMessage_CollectionMessage
  readonly nativeFlowMessage?: Message_InteractiveMessage_NativeFlowMessage
  readonly carouselMessage?: Message_InteractiveMessage_CarouselMessage
  readonly bloksWidget?: Message_InteractiveMessage_BloksWidget
  readonly contextInfo?: ContextInfo
  readonly urlTrackingMap?: UrlTrackingMap
}
export interface Message_InteractiveMessage_BloksWidget {
  readonly uuid?: string
  readonly data?: string
  readonly type?: string
  readonly fallback?: string
}
export interface Message_InteractiveMessage_Body {
  readonly text?: string
}
export interface Message_InteractiveMessage_CarouselMessage {
  readonly cards?: readonly Message_InteractiveMessage[]
  /** Absent means 1. */
  readonly messageVersion?: number
  /** Absent means HSCROLL_CARDS. */
  readonly carouselCardType?: Message_InteractiveMessage_CarouselMessage_CarouselCardType
}
export interface Message_InteractiveMessage_CollectionMessage {
  readonly bizJid?: string
  readonly id?: string
  /** Absent means 1. */
  readonly messageVersion?: number
}
export interface Message_InteractiveMessage_Footer {
  readonly text?: string
  readonly audioMessage?: Message_AudioMessage
  readonly hasMediaAttachment?: boolean
}
export interface Message_InteractiveMessage_Header {
  readonly title?: string
  readonly subtitle?: string
  readonly documentMessage?: Message_DocumentMessage
  readonly imageMessage?: Message_ImageMessage
  readonly hasMediaAttachment?: boolean
  readonly jpegThumbnail?: Uint8Array
  readonly videoMessage?: Message_VideoMessage
  readonly locationMessage?: Message_LocationMessage
  readonly productMessage?: Message_ProductMessage
  readonly bloksWidget?: Message_InteractiveMessage_BloksWidget
}
export interface Message_InteractiveMessage_NativeFlowMessage {
  readonly buttons?: readonly Message_InteractiveMessage_NativeFlowMessage_NativeFlowButton[]
  readonly messageParamsJson?: string
  /** Absent means 1. */
  readonly messageVersion?: number
}
export interface Message_InteractiveMessage_NativeFlowMessage_NativeFlowButton {
  readonly name?: string
  readonly buttonParamsJson?: string
}
export interface Message_InteractiveMessage_ShopMessage {
  readonly id?: string
  readonly surface?: Message_InteractiveMessage_ShopMessage_Surface
  /** Absent means 1. */
  readonly messageVersion?: number
}
export interface Message_InteractiveResponseMessage {
  readonly body?: Message_InteractiveResponseMessage_Body
  readonly nativeFlowResponseMessage?: Message_InteractiveResponseMessage_NativeFlowResponseMessage
  readonly contextInfo?: ContextInfo
}
export interface Message_InteractiveResponseMessage_Body {
  readonly text?: string
  /** Absent means DEFAULT. */
  readonly format?: Message_InteractiveResponseMessage_Body_Format
}
export interface Message_InteractiveResponseMessage_NativeFlowResponseMessage {
  readonly name?: string
  readonly paramsJson?: string
  /** Absent means 1. */
  readonly version?: number
}
export interface Message_InvoiceMessage {
  readonly note?: string
  readonly token?: string
  readonly attachmentType?: Message_InvoiceMessage_AttachmentType
  readonly attachmentMimetype?: string
  readonly attachmentMediaKey?: Uint8Array
  readonly attachmentMediaKeyTimestamp?: Int64
  readonly attachmentFileSha256?: Uint8Array
  readonly attachmentFileEncSha256?: Uint8Array
  readonly attachmentDirectPath?: string
  readonly attachmentJpegThumbnail?: Uint8Array
}
export interface Message_KeepInChatMessage {
  readonly key?: MessageKey
  readonly keepType?: KeepType
  readonly timestampMs?: Int64
}
export interface Message_LinkPreviewMetadata {
  readonly paymentLinkMetadata?: Message_PaymentLinkMetadata
  readonly urlMetadata?: Message_URLMetadata
  readonly fbExperimentId?: number
  readonly linkMediaDuration?: number
  readonly socialMediaPostType?: Message_LinkPreviewMetadata_SocialMediaPostType
  readonly linkInlineVideoMuted?: boolean
  readonly videoContentUrl?: string
  readonly musicMetadata?: EmbeddedMusic
  readonly videoContentCaption?: string
}
export interface Message_ListMessage {
  readonly title?: string
  readonly description?: string
  readonly buttonText?: string
  readonly listType?: Message_ListMessage_ListType
  readonly sections?: readonly Message_ListMessage_Section[]
  readonly productListInfo?: Message_ListMessage_ProductListInfo
  readonly footerText?: string
  readonly contextInfo?: ContextInfo
}
export interface Message_ListMessage_Product {
  readonly productId?: string
}
export interface Message_ListMessage_ProductListHeaderImage {
  readonly productId?: string
  readonly jpegThumbnail?: Uint8Array
}
export interface Message_ListMessage_ProductListInfo {
  readonly productSections?: readonly Message_ListMessage_ProductSection[]
  readonly headerImage?: Message_ListMessage_ProductListHeaderImage
  readonly businessOwnerJid?: string
}
export interface Message_ListMessage_ProductSection {
  readonly title?: string
  readonly products?: readonly Message_ListMessage_Product[]
}
export interface Message_ListMessage_Row {
  readonly title?: string
  readonly description?: string
  readonly rowId?: string
}
export interface Message_ListMessage_Section {
  readonly title?: string
  readonly rows?: readonly Message_ListMessage_Row[]
}
export interface Message_ListResponseMessage {
  readonly title?: string
  readonly listType?: Message_ListResponseMessage_ListType
  readonly singleSelectReply?: Message_ListResponseMessage_SingleSelectReply
  readonly contextInfo?: ContextInfo
  readonly description?: string
}
export interface Message_ListResponseMessage_SingleSelectReply {
  readonly selectedRowId?: string
}
export interface Message_LiveLocationMessage {
  readonly degreesLatitude?: number
  readonly degreesLongitude?: number
  readonly accuracyInMeters?: number
  readonly speedInMps?: number
  readonly degreesClockwiseFromMagneticNorth?: number
  readonly caption?: string
  readonly sequenceNumber?: Int64
  readonly timeOffset?: number
  readonly jpegThumbnail?: Uint8Array
  readonly contextInfo?: ContextInfo
}
export interface Message_LocationMessage {
  readonly degreesLatitude?: number
  readonly degreesLongitude?: number
  readonly name?: string
  readonly address?: string
  readonly url?: string
  readonly isLive?: boolean
  readonly accuracyInMeters?: number
  readonly speedInMps?: number
  readonly degreesClockwiseFromMagneticNorth?: number
  readonly comment?: string
  readonly jpegThumbnail?: Uint8Array
  readonly contextInfo?: ContextInfo
}
export interface Message_MMSThumbnailMetadata {
  readonly thumbnailDirectPath?: string
  readonly thumbnailSha256?: Uint8Array
  readonly thumbnailEncSha256?: Uint8Array
  readonly mediaKey?: Uint8Array
  readonly mediaKeyTimestamp?: Int64
  readonly thumbnailHeight?: number
  readonly thumbnailWidth?: number
}
export interface Message_MarkAsVerifiedAction {
  readonly userJidString?: string
  readonly verified?: boolean
  readonly verifiedIdentityKey?: Uint8Array
  readonly actionSeq?: Int64
}
export interface Message_MessageHistoryBundle {
  readonly mimetype?: string
  readonly fileSha256?: Uint8Array
  readonly mediaKey?: Uint8Array
  readonly fileEncSha256?: Uint8Array
  readonly directPath?: string
  readonly mediaKeyTimestamp?: Int64
  readonly contextInfo?: ContextInfo
  readonly messageHistoryMetadata?: Message_MessageHistoryMetadata
}
export interface Message_MessageHistoryMetadata {
  readonly historyReceivers?: readonly string[]
  readonly oldestMessageTimestampInWindow?: Int64
  readonly messageCount?: Int64
  readonly nonHistoryReceivers?: readonly string[]
  readonly oldestMessageTimestampInBundle?: Int64
}
export interface Message_MessageHistoryNotice {
  readonly contextInfo?: ContextInfo
  readonly messageHistoryMetadata?: Message_MessageHistoryMetadata
  readonly botHistoryShareSyncMetadata?: Message_BotHistoryShareSyncMetadata
}
export interface Message_MusicMessage {
  readonly embeddedMusic?: EmbeddedMusic
  readonly songUri?: string
  readonly artworkUri?: string
  readonly style?: number
  readonly contextInfo?: ContextInfo
}
export interface Message_NewsletterAdminInviteMessage {
  readonly newsletterJid?: string
  readonly newsletterName?: string
  readonly jpegThumbnail?: Uint8Array
  readonly caption?: string
  readonly inviteExpiration?: Int64
  readonly contextInfo?: ContextInfo
}
export interface Message_NewsletterFollowerInviteMessage {
  readonly newsletterJid?: string
  readonly newsletterName?: string
  readonly jpegThumbnail?: Uint8Array
  readonly caption?: string
  readonly contextInfo?: ContextInfo
}
export interface Message_OrderMessage {
  readonly orderId?: string
  readonly thumbnail?: Uint8Array
  readonly itemCount?: number
  readonly status?: Message_OrderMessage_OrderStatus
  readonly surface?: Message_OrderMessage_OrderSurface
  readonly message?: string
  readonly orderTitle?: string
  readonly sellerJid?: string
  readonly token?: string
  readonly totalAmount1000?: Int64
  readonly totalCurrencyCode?: string
  /** Absent means 1. */
  readonly messageVersion?: number
  readonly orderRequestMessageId?: MessageKey
  readonly catalogType?: string
  readonly contextInfo?: ContextInfo
}
export interface Message_PaymentExtendedMetadata {
  readonly type?: number
  readonly platform?: string
  readonly messageParamsJson?: string
}
export interface Message_PaymentInviteMessage {
  readonly serviceType?: Message_PaymentInviteMessage_ServiceType
  readonly expiryTimestamp?: Int64
  readonly incentiveEligible?: boolean
  readonly referralId?: string
  readonly inviteType?: Message_PaymentInviteMessage_InviteType
}
export interface Message_PaymentLinkMetadata {
  readonly button?: Message_PaymentLinkMetadata_PaymentLinkButton
  readonly header?: Message_PaymentLinkMetadata_PaymentLinkHeader
  readonly provider?: Message_PaymentLinkMetadata_PaymentLinkProvider
}
export interface Message_PaymentLinkMetadata_PaymentLinkButton {
  readonly displayText?: string
}
export interface Message_PaymentLinkMetadata_PaymentLinkHeader {
  readonly headerType?: Message_PaymentLinkMetadata_PaymentLinkHeader_PaymentLinkHeaderType
}
export interface Message_PaymentLinkMetadata_PaymentLinkProvider {
  readonly paramsJson?: string
}
export interface Message_PaymentReminderMessage {
  readonly reminderId?: string
  readonly instanceId?: string
  readonly description?: string
  readonly frequency?: Message_PaymentReminderMessage_ReminderFrequency
  readonly status?: Message_PaymentReminderMessage_ReminderStatus
  readonly payeeVpa?: string
  readonly payeeJid?: string
  readonly payerJid?: string
  readonly amount?: Money
}
export interface Message_PeerDataOperationRequestMessage {
  readonly peerDataOperationRequestType?: Message_PeerDataOperationRequestType
  readonly requestStickerReupload?: readonly Message_PeerDataOperationRequestMessage_RequestStickerReupload[]
  readonly requestUrlPreview?: readonly Message_PeerDataOperationRequestMessage_RequestUrlPreview[]
  readonly historySyncOnDemandRequest?: Message_PeerDataOperationRequestMessage_HistorySyncOnDemandRequest
  readonly placeholderMessageResendRequest?: readonly Message_PeerDataOperationRequestMessage_PlaceholderMessageResendRequest[]
  readonly fullHistorySyncOnDemandRequest?: Message_PeerDataOperationRequestMessage_FullHistorySyncOnDemandRequest
  readonly syncdCollectionFatalRecoveryRequest?: Message_PeerDataOperationRequestMessage_SyncDCollectionFatalRecoveryRequest
  readonly historySyncChunkRetryRequest?: Message_PeerDataOperationRequestMessage_HistorySyncChunkRetryRequest
  readonly galaxyFlowAction?: Message_PeerDataOperationRequestMessage_GalaxyFlowAction
  readonly companionCanonicalUserNonceFetchRequest?: Message_PeerDataOperationRequestMessage_CompanionCanonicalUserNonceFetchRequest
  readonly bizBroadcastInsightsContactListRequest?: Message_PeerDataOperationRequestMessage_BizBroadcastInsightsContactListRequest
  readonly bizBroadcastInsightsRefreshRequest?: Message_PeerDataOperationRequestMessage_BizBroadcastInsightsRefreshRequest
}
export interface Message_PeerDataOperationRequestMessage_BizBroadcastInsightsContactListRequest {
  readonly campaignId?: string
}
export interface Message_PeerDataOperationRequestMessage_BizBroadcastInsightsRefreshRequest {
  readonly campaignId?: string
}
export interface Message_PeerDataOperationRequestMessage_CompanionCanonicalUserNonceFetchRequest {
  readonly registrationTraceId?: string
}
export interface Message_PeerDataOperationRequestMessage_FullHistorySyncOnDemandRequest {
  readonly requestMetadata?: Message_FullHistorySyncOnDemandRequestMetadata
  readonly historySyncConfig?: DeviceProps_HistorySyncConfig
  readonly fullHistorySyncOnDemandConfig?: Message_FullHistorySyncOnDemandConfig
}
export interface Message_PeerDataOperationRequestMessage_GalaxyFlowAction {
  readonly type?: Message_PeerDataOperationRequestMessage_GalaxyFlowAction_GalaxyFlowActionType
  readonly flowId?: string
  readonly stanzaId?: string
  readonly galaxyFlowDownloadRequestId?: string
  readonly agmId?: string
}
export interface Message_PeerDataOperationRequestMessage_HistorySyncChunkRetryRequest {
  readonly syncType?: Message_HistorySyncType
  readonly chunkOrder?: number
  readonly chunkNotificationId?: string
  readonly regenerateChunk?: boolean
}
export interface Message_PeerDataOperationRequestMessage_HistorySyncOnDemandRequest {
  readonly chatJid?: string
  readonly oldestMsgId?: string
  readonly oldestMsgFromMe?: boolean
  readonly onDemandMsgCount?: number
  readonly oldestMsgTimestampMs?: Int64
  readonly accountLid?: string
  readonly supportInlineResponse?: boolean
}
export interface Message_PeerDataOperationRequestMessage_PlaceholderMessageResendRequest {
  readonly messageKey?: MessageKey
}
export interface Message_PeerDataOperationRequestMessage_RequestStickerReupload {
  readonly fileSha256?: string
}
export interface Message_PeerDataOperationRequestMessage_RequestUrlPreview {
  readonly url?: string
  readonly includeHqThumbnail?: boolean
}
export interface Message_PeerDataOperationRequestMessage_SyncDCollectionFatalRecoveryRequest {
  readonly collectionName?: string
  readonly timestamp?: Int64
}
export interface Message_PeerDataOperationRequestResponseMessage {
  readonly peerDataOperationRequestType?: Message_PeerDataOperationRequestType
  readonly stanzaId?: string
  readonly peerDataOperationResult?: readonly Message_PeerDataOperationRequestResponseMessage_PeerDataOperationResult[]
}
export interface Message_PeerDataOperationRequestResponseMessage_PeerDataOperationResult {
  readonly mediaUploadResult?: MediaRetryNotification_ResultType
  readonly stickerMessage?: Message_StickerMessage
  readonly linkPreviewResponse?: Message_PeerDataOperationRequestResponseMessage_PeerDataOperationResult_LinkPreviewResponse
  readonly placeholderMessageResendResponse?: Message_PeerDataOperationRequestResponseMessage_PeerDataOperationResult_PlaceholderMessageResendResponse
  readonly waffleNonceFetchRequestResponse?: Message_PeerDataOperationRequestResponseMessage_PeerDataOperationResult_WaffleNonceFetchResponse
  readonly fullHistorySyncOnDemandRequestResponse?: Message_PeerDataOperationRequestResponseMessage_PeerDataOperationResult_FullHistorySyncOnDemandRequestResponse
  readonly companionMetaNonceFetchRequestResponse?: Message_PeerDataOperationRequestResponseMessage_PeerDataOperationResult_CompanionMetaNonceFetchResponse
  readonly syncdSnapshotFatalRecoveryResponse?: Message_PeerDataOperationRequestResponseMessage_PeerDataOperationResult_SyncDSnapshotFatalRecoveryResponse
  readonly companionCanonicalUserNonceFetchRequestResponse?: Message_PeerDataOperationRequestResponseMessage_PeerDataOperationResult_CompanionCanonicalUserNonceFetchResponse
  readonly historySyncChunkRetryResponse?: Message_PeerDataOperationRequestResponseMessage_PeerDataOperationResult_HistorySyncChunkRetryResponse
  readonly flowResponsesCsvBundle?: Message_PeerDataOperationRequestResponseMessage_PeerDataOperationResult_FlowResponsesCsvBundle
  readonly bizBroadcastInsightsContactListResponse?: Message_PeerDataOperationRequestResponseMessage_PeerDataOperationResult_BizBroadcastInsightsContactListResponse
  readonly contactRefreshResponse?: Message_PeerDataOperationRequestResponseMessage_PeerDataOperationResult_ContactRefreshResponse
}
export interface Message_PeerDataOperationRequestResponseMessage_PeerDataOperationResult_BizBroadcastInsightsContactListResponse {
  readonly campaignId?: string
  readonly timestampMs?: Int64
  readonly contacts?: readonly Message_PeerDataOperationRequestResponseMessage_PeerDataOperationResult_BizBroadcastInsightsContactState[]
}
export interface Message_PeerDataOperationRequestResponseMessage_PeerDataOperationResult_BizBroadcastInsightsContactState {
  readonly contactJid?: string
  readonly state?: Message_InsightDeliveryState
}
export interface Message_PeerDataOperationRequestResponseMessage_PeerDataOperationResult_CompanionCanonicalUserNonceFetchResponse {
  readonly nonce?: string
  readonly waFbid?: string
  readonly forceRefresh?: boolean
}
export interface Message_PeerDataOperationRequestResponseMessage_PeerDataOperationResult_CompanionMetaNonceFetchResponse {
  readonly nonce?: string
}
export interface Message_PeerDataOperationRequestResponseMessage_PeerDataOperationResult_ContactRefreshResponse {
  readonly coveredRequestIds?: readonly string[]
  readonly collectionVersion?: Int64
  readonly primaryDurationMs?: Int64
  readonly uniqueContactCount?: number
}
export interface Message_PeerDataOperationRequestResponseMessage_PeerDataOperationResult_FlowResponsesCsvBundle {
  readonly flowId?: string
  readonly galaxyFlowDownloadRequestId?: string
  readonly fileName?: string
  readonly mimetype?: string
  readonly fileSha256?: Uint8Array
  readonly mediaKey?: Uint8Array
  readonly fileEncSha256?: Uint8Array
  readonly directPath?: string
  readonly mediaKeyTimestamp?: Int64
  readonly fileLength?: Int64
}
export interface Message_PeerDataOperationRequestResponseMessage_PeerDataOperationResult_FullHistorySyncOnDemandRequestResponse {
  readonly requestMetadata?: Message_FullHistorySyncOnDemandRequestMetadata
  readonly responseCode?: Message_PeerDataOperationRequestResponseMessage_PeerDataOperationResult_FullHistorySyncOnDemandResponseCode
}
export interface Message_PeerDataOperationRequestResponseMessage_PeerDataOperationResult_HistorySyncChunkRetryResponse {
  readonly syncType?: Message_HistorySyncType
  readonly chunkOrder?: number
  readonly requestId?: string
  readonly responseCode?: Message_PeerDataOperationRequestResponseMessage_PeerDataOperationResult_HistorySyncChunkRetryResponseCode
  readonly canRecover?: boolean
}
export interface Message_PeerDataOperationRequestResponseMessage_PeerDataOperationResult_LinkPreviewResponse {
  readonly url?: string
  readonly title?: string
  readonly description?: string
  readonly thumbData?: Uint8Array
  readonly matchText?: string
  readonly previewType?: string
  readonly hqThumbnail?: Message_PeerDataOperationRequestResponseMessage_PeerDataOperationResult_LinkPreviewResponse_LinkPreviewHighQualityThumbnail
  readonly previewMetadata?: Message_PeerDataOperationRequestResponseMessage_PeerDataOperationResult_LinkPreviewResponse_PaymentLinkPreviewMetadata
}
export interface Message_PeerDataOperationRequestResponseMessage_PeerDataOperationResult_LinkPreviewResponse_LinkPreviewHighQualityThumbnail {
  readonly directPath?: string
  readonly thumbHash?: string
  readonly encThumbHash?: string
  readonly mediaKey?: Uint8Array
  readonly mediaKeyTimestampMs?: Int64
  readonly thumbWidth?: number
  readonly thumbHeight?: number
}
export interface Message_PeerDataOperationRequestResponseMessage_PeerDataOperationResult_LinkPreviewResponse_PaymentLinkPreviewMetadata {
  readonly isBusinessVerified?: boolean
  readonly providerName?: string
  readonly amount?: string
  readonly offset?: string
  readonly currency?: string
}
export interface Message_PeerDataOperationRequestResponseMessage_PeerDataOperationResult_PlaceholderMessageResendResponse {
  readonly webMessageInfoBytes?: Uint8Array
}
export interface Message_PeerDataOperationRequestResponseMessage_PeerDataOperationResult_SyncDSnapshotFatalRecoveryResponse {
  readonly collectionSnapshot?: Uint8Array
  readonly isCompressed?: boolean
}
export interface Message_PeerDataOperationRequestResponseMessage_PeerDataOperationResult_WaffleNonceFetchResponse {
  readonly nonce?: string
  readonly waEntFbid?: string
}
export interface Message_PinInChatMessage {
  readonly key?: MessageKey
  readonly type?: Message_PinInChatMessage_Type
  readonly senderTimestampMs?: Int64
}
export interface Message_PlaceholderMessage {
  readonly type?: Message_PlaceholderMessage_PlaceholderType
}
export interface Message_PollAddOptionMessage {
  readonly pollCreationMessageKey?: MessageKey
  readonly addOption?: Message_PollCreationMessage_Option
  readonly metadata?: Message_PollUpdateMessageMetadata
}
export interface Message_PollCreationMessage {
  readonly encKey?: Uint8Array
  readonly name?: string
  readonly options?: readonly Message_PollCreationMessage_Option[]
  readonly selectableOptionsCount?: number
  readonly contextInfo?: ContextInfo
  readonly pollContentType?: Message_PollContentType
  readonly pollType?: Message_PollType
  readonly correctAnswer?: Message_PollCreationMessage_Option
  readonly endTime?: Int64
  readonly hideParticipantName?: boolean
  readonly allowAddOption?: boolean
}
export interface Message_PollCreationMessage_Option {
  readonly optionName?: string
  readonly optionHash?: string
}
export interface Message_PollEncValue {
  readonly encPayload?: Uint8Array
  readonly encIv?: Uint8Array
}
export interface Message_PollResultSnapshotMessage {
  readonly name?: string
  readonly pollVotes?: readonly Message_PollResultSnapshotMessage_PollVote[]
  readonly contextInfo?: ContextInfo
  readonly pollType?: Message_PollType
}
export interface Message_PollResultSnapshotMessage_PollVote {
  readonly optionName?: string
  readonly optionVoteCount?: Int64
}
export interface Message_PollUpdateMessage {
  readonly pollCreationMessageKey?: MessageKey
  readonly vote?: Message_PollEncValue
  readonly metadata?: Message_PollUpdateMessageMetadata
  readonly senderTimestampMs?: Int64
}
export interface Message_PollUpdateMessageMetadata {
  readonly pollNameHash?: Uint8Array
  readonly lastEditStanzaId?: string
}
export interface Message_PollVoteMessage {
  readonly selectedOptions?: readonly Uint8Array[]
}
export interface Message_ProductMessage {
  readonly product?: Message_ProductMessage_ProductSnapshot
  readonly businessOwnerJid?: string
  readonly catalog?: Message_ProductMessage_CatalogSnapshot
  readonly body?: string
  readonly footer?: string
  readonly contextInfo?: ContextInfo
}
export interface Message_ProductMessage_CatalogSnapshot {
  readonly catalogImage?: Message_ImageMessage
  readonly title?: string
  readonly description?: string
}
export interface Message_ProductMessage_ProductSnapshot {
  readonly productImage?: Message_ImageMessage
  readonly productId?: string
  readonly title?: string
  readonly description?: string
  readonly currencyCode?: string
  readonly priceAmount1000?: Int64
  readonly retailerId?: string
  readonly url?: string
  readonly productImageCount?: number
  readonly firstImageId?: string
  readonly salePriceAmount1000?: Int64
  readonly signedUrl?: string
}
export interface Message_ProtocolMessage {
  readonly key?: MessageKey
  readonly type?: Message_ProtocolMessage_Type
  readonly ephemeralExpiration?: number
  readonly ephemeralSettingTimestamp?: Int64
  readonly historySyncNotification?: Message_HistorySyncNotification
  readonly appStateSyncKeyShare?: Message_AppStateSyncKeyShare
  readonly appStateSyncKeyRequest?: Message_AppStateSyncKeyRequest
  readonly initialSecurityNotificationSettingSync?: Message_InitialSecurityNotificationSettingSync
  readonly appStateFatalExceptionNotification?: Message_AppStateFatalExceptionNotification
  readonly disappearingMode?: DisappearingMode
  readonly editedMessage?: Message
  readonly timestampMs?: Int64
  readonly peerDataOperationRequestMessage?: Message_PeerDataOperationRequestMessage
  readonly peerDataOperationRequestResponseMessage?: Message_PeerDataOperationRequestResponseMessage
  readonly botFeedbackMessage?: BotFeedbackMessage
  readonly invokerJid?: string
  readonly requestWelcomeMessageMetadata?: Message_RequestWelcomeMessageMetadata
  readonly mediaNotifyMessage?: MediaNotifyMessage
  readonly cloudApiThreadControlNotification?: Message_CloudAPIThreadControlNotification
  readonly lidMigrationMappingSyncMessage?: LIDMigrationMappingSyncMessage
  readonly limitSharing?: LimitSharing
  readonly aiPsiMetadata?: Uint8Array
  readonly aiQueryFanout?: AIQueryFanout
  readonly memberLabel?: MemberLabel
  readonly aiMediaCollectionMessage?: AIMediaCollectionMessage
  readonly afterReadDuration?: number
  readonly chatThemeSetting?: Message_ChatThemeSetting
  readonly aiMetadataOperation?: AIMetadataOperation
  readonly markAsVerifiedAction?: Message_MarkAsVerifiedAction
  readonly coexStateSync?: CoexStateSync
}
export interface Message_QuestionResponseMessage {
  readonly key?: MessageKey
  readonly text?: string
}
export interface Message_ReactionMessage {
  readonly key?: MessageKey
  readonly text?: string
  readonly groupingKey?: string
  readonly senderTimestampMs?: Int64
}
export interface Message_RequestPaymentMessage {
  readonly currencyCodeIso4217?: string
  readonly amount1000?: Int64
  readonly requestFrom?: string
  readonly noteMessage?: Message
  readonly expiryTimestamp?: Int64
  readonly amount?: Money
  readonly background?: PaymentBackground
}
export interface Message_RequestPhoneNumberMessage {
  readonly contextInfo?: ContextInfo
}
export interface Message_RequestWelcomeMessageMetadata {
  readonly localChatState?: Message_RequestWelcomeMessageMetadata_LocalChatState
  readonly welcomeTrigger?: Message_RequestWelcomeMessageMetadata_WelcomeTrigger
  readonly botAgentMetadata?: BotAgentMetadata
}
export interface Message_RootSecretDistributeMessage {
  readonly chatJid?: string
}
export interface Message_ScheduledCallCreationMessage {
  readonly scheduledTimestampMs?: Int64
  readonly callType?: Message_ScheduledCallCreationMessage_CallType
  readonly title?: string
}
export interface Message_ScheduledCallEditMessage {
  readonly key?: MessageKey
  readonly editType?: Message_ScheduledCallEditMessage_EditType
}
export interface Message_SecretEncryptedMessage {
  readonly targetMessageKey?: MessageKey
  readonly encPayload?: Uint8Array
  readonly encIv?: Uint8Array
  readonly secretEncType?: Message_SecretEncryptedMessage_SecretEncType
  readonly remoteKeyId?: string
}
export interface Message_SendPaymentMessage {
  readonly noteMessage?: Message
  readonly requestMessageKey?: MessageKey
  readonly background?: PaymentBackground
  readonly transactionData?: string
}
export interface Message_SenderKeyDistributionMessage {
  readonly groupId?: string
  readonly axolotlSenderKeyDistributionMessage?: Uint8Array
}
export interface Message_SplitPaymentMessage {
  readonly splitId?: string
  readonly totalAmount?: Money
  readonly description?: string
  readonly requesterJid?: string
  readonly participants?: readonly Message_SplitPaymentParticipant[]
  readonly createdAtMs?: Int64
  readonly contextInfo?: ContextInfo
}
export interface Message_SplitPaymentParticipant {
  readonly jid?: string
  readonly amount?: Money
  readonly status?: Message_SplitPaymentParticipant_SplitPaymentStatus
}
export interface Message_SplitPaymentUpdateMessage {
  readonly splitId?: string
  readonly participantJid?: string
}
export interface Message_StatusLinkPreviewMetadata {
  readonly style?: Message_StatusLinkPreviewMetadata_Style
}
export interface Message_StatusNotificationMessage {
  readonly responseMessageKey?: MessageKey
  readonly originalMessageKey?: MessageKey
  readonly type?: Message_StatusNotificationMessage_StatusNotificationType
}
export interface Message_StatusQuestionAnswerMessage {
  readonly key?: MessageKey
  readonly text?: string
}
export interface Message_StatusQuotedMessage {
  readonly type?: Message_StatusQuotedMessage_StatusQuotedMessageType
  readonly text?: string
  readonly thumbnail?: Uint8Array
  readonly originalStatusId?: MessageKey
}
export interface Message_StatusStickerInteractionMessage {
  readonly key?: MessageKey
  readonly stickerKey?: string
  readonly type?: Message_StatusStickerInteractionMessage_StatusStickerType
}
export interface Message_StickerMessage {
  readonly url?: string
  readonly fileSha256?: Uint8Array
  readonly fileEncSha256?: Uint8Array
  readonly mediaKey?: Uint8Array
  readonly mimetype?: string
  readonly height?: number
  readonly width?: number
  readonly directPath?: string
  readonly fileLength?: Int64
  readonly mediaKeyTimestamp?: Int64
  readonly firstFrameLength?: number
  readonly firstFrameSidecar?: Uint8Array
  readonly isAnimated?: boolean
  readonly pngThumbnail?: Uint8Array
  readonly contextInfo?: ContextInfo
  readonly stickerSentTs?: Int64
  readonly isAvatar?: boolean
  readonly isAiSticker?: boolean
  readonly isLottie?: boolean
  readonly accessibilityLabel?: string
  readonly premium?: number
  readonly emojis?: string
}
export interface Message_StickerPackMessage {
  readonly stickerPackId?: string
  readonly name?: string
  readonly publisher?: string
  readonly stickers?: readonly Message_StickerPackMessage_Sticker[]
  readonly fileLength?: Int64
  readonly fileSha256?: Uint8Array
  readonly fileEncSha256?: Uint8Array
  readonly mediaKey?: Uint8Array
  readonly directPath?: string
  readonly caption?: string
  readonly contextInfo?: ContextInfo
  readonly packDescription?: string
  readonly mediaKeyTimestamp?: Int64
  readonly trayIconFileName?: string
  readonly thumbnailDirectPath?: string
  readonly thumbnailSha256?: Uint8Array
  readonly thumbnailEncSha256?: Uint8Array
  readonly thumbnailHeight?: number
  readonly thumbnailWidth?: number
  readonly imageDataHash?: string
  readonly stickerPackSize?: Int64
  readonly stickerPackOrigin?: Message_StickerPackMessage_StickerPackOrigin
}
export interface Message_StickerPackMessage_Sticker {
  readonly fileName?: string
  readonly isAnimated?: boolean
  readonly emojis?: readonly string[]
  readonly accessibilityLabel?: string
  readonly isLottie?: boolean
  readonly mimetype?: string
  readonly premium?: number
}
export interface Message_StickerSyncRMRMessage {
  readonly filehash?: readonly string[]
  readonly rmrSource?: string
  readonly requestTimestamp?: Int64
}
export interface Message_TemplateButtonReplyMessage {
  readonly selectedId?: string
  readonly selectedDisplayText?: string
  readonly contextInfo?: ContextInfo
  readonly selectedIndex?: number
  readonly selectedCarouselCardIndex?: number
}
export interface Message_TemplateMessage {
  readonly fourRowTemplate?: Message_TemplateMessage_FourRowTemplate
  readonly hydratedFourRowTemplate?: Message_TemplateMessage_HydratedFourRowTemplate
  readonly contextInfo?: ContextInfo
  readonly hydratedTemplate?: Message_TemplateMessage_HydratedFourRowTemplate
  readonly interactiveMessageTemplate?: Message_InteractiveMessage
  readonly templateId?: string
}
export interface Message_TemplateMessage_FourRowTemplate {
  readonly documentMessage?: Message_DocumentMessage
  readonly highlyStructuredMessage?: Message_HighlyStructuredMessage
  readonly imageMessage?: Message_ImageMessage
  readonly videoMessage?: Message_VideoMessage
  readonly locationMessage?: Message_LocationMessage
  readonly content?: Message_HighlyStructuredMessage
  readonly footer?: Message_HighlyStructuredMessage
  readonly buttons?: readonly TemplateButton[]
}
export interface Message_TemplateMessage_HydratedFourRowTemplate {
  readonly documentMessage?: Message_DocumentMessage
  readonly hydratedTitleText?: string
  readonly imageMessage?: Message_ImageMessage
  readonly videoMessage?: Message_VideoMessage
  readonly locationMessage?: Message_LocationMessage
  readonly hydratedContentText?: string
  readonly hydratedFooterText?: string
  readonly hydratedButtons?: readonly HydratedTemplateButton[]
  readonly templateId?: string
  readonly maskLinkedDevices?: boolean
}
export interface Message_URLMetadata {
  readonly fbExperimentId?: number
}
export interface Message_VideoEndCard {
  readonly username?: string
  readonly caption?: string
  readonly thumbnailImageUrl?: string
  readonly profilePictureUrl?: string
}
export interface Message_VideoMessage {
  readonly url?: string
  readonly mimetype?: string
  readonly fileSha256?: Uint8Array
  readonly fileLength?: Int64
  readonly seconds?: number
  readonly mediaKey?: Uint8Array
  readonly caption?: string
  readonly gifPlayback?: boolean
  readonly height?: number
  readonly width?: number
  readonly fileEncSha256?: Uint8Array
  readonly interactiveAnnotations?: readonly InteractiveAnnotation[]
  readonly directPath?: string
  readonly mediaKeyTimestamp?: Int64
  readonly jpegThumbnail?: Uint8Array
  readonly contextInfo?: ContextInfo
  readonly streamingSidecar?: Uint8Array
  readonly gifAttribution?: Message_VideoMessage_Attribution
  readonly viewOnce?: boolean
  readonly thumbnailDirectPath?: string
  readonly thumbnailSha256?: Uint8Array
  readonly thumbnailEncSha256?: Uint8Array
  readonly staticUrl?: string
  readonly annotations?: readonly InteractiveAnnotation[]
  readonly accessibilityLabel?: string
  readonly processedVideos?: readonly ProcessedVideo[]
  readonly externalShareFullVideoDurationInSeconds?: number
  readonly motionPhotoPresentationOffsetMs?: Int64
  readonly metadataUrl?: string
  readonly videoSourceType?: Message_VideoMessage_VideoSourceType
}
export interface MessageContextInfo {
  readonly deviceListMetadata?: DeviceListMetadata
  readonly deviceListMetadataVersion?: number
  readonly messageSecret?: Uint8Array
  readonly paddingBytes?: Uint8Array
  readonly messageAddOnDurationInSecs?: number
  readonly botMessageSecret?: Uint8Array
  readonly botMetadata?: BotMetadata
  readonly reportingTokenVersion?: number
  readonly messageAddOnExpiryType?: MessageContextInfo_MessageAddonExpiryType
  readonly messageAssociation?: MessageAssociation
  readonly capiCreatedGroup?: boolean
  readonly supportPayload?: string
  readonly limitSharing?: LimitSharing
  readonly limitSharingV2?: LimitSharing
  readonly threadId?: readonly ThreadID[]
  readonly weblinkRenderConfig?: WebLinkRenderConfig
  readonly teeBotMetadata?: Uint8Array
  readonly accountEncryptionAttestation?: NonE2EEAttestation
  readonly associatedPrimaryIdentityKey?: Uint8Array
}
export interface BotMetadata {
  readonly personaId?: string
  readonly pluginMetadata?: BotPluginMetadata
  readonly suggestedPromptMetadata?: BotSuggestedPromptMetadata
  readonly invokerJid?: string
  readonly sessionMetadata?: BotSessionMetadata
  readonly memuMetadata?: BotMemuMetadata
  readonly timezone?: string
  readonly reminderMetadata?: BotReminderMetadata
  readonly modelMetadata?: BotModelMetadata
  readonly messageDisclaimerText?: string
  readonly progressIndicatorMetadata?: BotProgressIndicatorMetadata
  readonly capabilityMetadata?: BotCapabilityMetadata
  readonly imagineMetadata?: BotImagineMetadata
  readonly memoryMetadata?: BotMemoryMetadata
  readonly renderingMetadata?: BotRenderingMetadata
  readonly botMetricsMetadata?: BotMetricsMetadata
  readonly botLinkedAccountsMetadata?: BotLinkedAccountsMetadata
  readonly richResponseSourcesMetadata?: BotSourcesMetadata
  readonly aiConversationContext?: Uint8Array
  readonly botPromotionMessageMetadata?: BotPromotionMessageMetadata
  readonly botModeSelectionMetadata?: BotModeSelectionMetadata
  readonly botQuotaMetadata?: BotQuotaMetadata
  readonly botAgeCollectionMetadata?: BotAgeCollectionMetadata
  readonly conversationStarterPromptId?: string
  readonly botResponseId?: string
  readonly verificationMetadata?: BotSignatureVerificationMetadata
  readonly unifiedResponseMutation?: BotUnifiedResponseMutation
  readonly botMessageOriginMetadata?: BotMessageOriginMetadata
  readonly inThreadSurveyMetadata?: InThreadSurveyMetadata
  readonly botThreadInfo?: AIThreadInfo
  readonly regenerateMetadata?: AIRegenerateMetadata
  readonly sessionTransparencyMetadata?: SessionTransparencyMetadata
  readonly botDocumentMessageMetadata?: BotDocumentMessageMetadata
  readonly botGroupMetadata?: BotGroupMetadata
  readonly botRenderingConfigMetadata?: BotRenderingConfigMetadata
  readonly botInfrastructureDiagnostics?: BotInfrastructureDiagnostics
  readonly aiMediaCollectionMetadata?: AIMediaCollectionMetadata
  readonly commandMetadata?: BotCommandMetadata
  readonly resolvedToolCallMetadata?: BotResolvedToolCallMetadata
  readonly subscriptionUpsellMetadata?: AISubscriptionUpsellMetadata
  readonly pttPromptMetadata?: BotPttPromptMetadata
  readonly botHistoryShareMetadata?: BotHistoryShareMetadata
  readonly internalMetadata?: Uint8Array
}
export interface BotPluginMetadata {
  readonly provider?: BotPluginMetadata_SearchProvider
  readonly pluginType?: BotPluginMetadata_PluginType
  readonly thumbnailCdnUrl?: string
  readonly profilePhotoCdnUrl?: string
  readonly searchProviderUrl?: string
  readonly referenceIndex?: number
  readonly expectedLinksCount?: number
  readonly searchQuery?: string
  readonly parentPluginMessageKey?: MessageKey
  readonly deprecatedField?: BotPluginMetadata_PluginType
  readonly parentPluginType?: BotPluginMetadata_PluginType
  readonly faviconCdnUrl?: string
}
export interface BotSuggestedPromptMetadata {
  readonly suggestedPrompts?: readonly string[]
  readonly selectedPromptIndex?: number
  readonly promptSuggestions?: BotPromptSuggestions
  readonly selectedPromptId?: string
}
export interface BotPromptSuggestions {
  readonly suggestions?: readonly BotPromptSuggestion[]
}
export interface BotPromptSuggestion {
  readonly prompt?: string
  readonly promptId?: string
}
export interface BotSessionMetadata {
  readonly sessionId?: string
  readonly sessionSource?: BotSessionSource
}
export interface BotMemuMetadata {
  readonly faceImages?: readonly BotMediaMetadata[]
}
export interface BotMediaMetadata {
  readonly fileSha256?: string
  readonly mediaKey?: string
  readonly fileEncSha256?: string
  readonly directPath?: string
  readonly mediaKeyTimestamp?: Int64
  readonly mimetype?: string
  readonly orientationType?: BotMediaMetadata_OrientationType
}
export interface BotReminderMetadata {
  readonly requestMessageKey?: MessageKey
  readonly action?: BotReminderMetadata_ReminderAction
  readonly name?: string
  readonly nextTriggerTimestamp?: Int64
  readonly frequency?: BotReminderMetadata_ReminderFrequency
}
export interface BotModelMetadata {
  readonly modelType?: BotModelMetadata_ModelType
  readonly premiumModelStatus?: BotModelMetadata_PremiumModelStatus
  readonly modelNameOverride?: string
}
export interface BotProgressIndicatorMetadata {
  readonly progressDescription?: string
  readonly stepsMetadata?: readonly BotProgressIndicatorMetadata_BotPlanningStepMetadata[]
  readonly estimatedCompletionTime?: Int64
}
export interface BotProgressIndicatorMetadata_BotPlanningStepMetadata {
  readonly statusTitle?: string
  readonly statusBody?: string
  readonly sourcesMetadata?: readonly BotProgressIndicatorMetadata_BotPlanningStepMetadata_BotPlanningSearchSourcesMetadata[]
  readonly status?: BotProgressIndicatorMetadata_BotPlanningStepMetadata_PlanningStepStatus
  readonly isReasoning?: boolean
  readonly isEnhancedSearch?: boolean
  readonly sections?: readonly BotProgressIndicatorMetadata_BotPlanningStepMetadata_BotPlanningStepSectionMetadata[]
}
export interface BotProgressIndicatorMetadata_BotPlanningStepMetadata_BotPlanningSearchSourceMetadata {
  readonly title?: string
  readonly provider?: BotProgressIndicatorMetadata_BotPlanningStepMetadata_BotSearchSourceProvider
  readonly sourceUrl?: string
  readonly favIconUrl?: string
}
export interface BotProgressIndicatorMetadata_BotPlanningStepMetadata_BotPlanningSearchSourcesMetadata {
  readonly sourceTitle?: string
  readonly provider?: BotProgressIndicatorMetadata_BotPlanningStepMetadata_BotPlanningSearchSourcesMetadata_BotPlanningSearchSourceProvider
  readonly sourceUrl?: string
}
export interface BotProgressIndicatorMetadata_BotPlanningStepMetadata_BotPlanningStepSectionMetadata {
  readonly sectionTitle?: string
  readonly sectionBody?: string
  readonly sourcesMetadata?: readonly BotProgressIndicatorMetadata_BotPlanningStepMetadata_BotPlanningSearchSourceMetadata[]
}
export interface BotCapabilityMetadata {
  readonly capabilities?: readonly BotCapabilityMetadata_BotCapabilityType[]
}
export interface BotImagineMetadata {
  readonly imagineType?: BotImagineMetadata_ImagineType
  readonly shortPrompt?: string
}
export interface BotMemoryMetadata {
  readonly addedFacts?: readonly BotMemoryFact[]
  readonly removedFacts?: readonly BotMemoryFact[]
  readonly disclaimer?: string
}
export interface BotMemoryFact {
  readonly fact?: string
  readonly factId?: string
}
export interface BotRenderingMetadata {
  readonly keywords?: readonly BotRenderingMetadata_Keyword[]
}
export interface BotRenderingMetadata_Keyword {
  readonly value?: string
  readonly associatedPrompts?: readonly string[]
}
export interface BotMetricsMetadata {
  readonly destinationId?: string
  readonly destinationEntryPoint?: BotMetricsEntryPoint
  readonly threadOrigin?: BotMetricsThreadEntryPoint
}
export interface BotLinkedAccountsMetadata {
  readonly accounts?: readonly BotLinkedAccount[]
  readonly acAuthTokens?: Uint8Array
  readonly acErrorCode?: number
}
export interface BotLinkedAccount {
  readonly type?: BotLinkedAccount_BotLinkedAccountType
}
export interface BotSourcesMetadata {
  readonly sources?: readonly BotSourcesMetadata_BotSourceItem[]
}
export interface BotSourcesMetadata_BotSourceItem {
  readonly provider?: BotSourcesMetadata_BotSourceItem_SourceProvider
  readonly thumbnailCdnUrl?: string
  readonly sourceProviderUrl?: string
  readonly sourceQuery?: string
  readonly faviconCdnUrl?: string
  readonly citationNumber?: number
  readonly sourceTitle?: string
}
export interface BotPromotionMessageMetadata {
  readonly promotionType?: BotPromotionMessageMetadata_BotPromotionType
  readonly buttonTitle?: string
}
export interface BotModeSelectionMetadata {
  readonly mode?: readonly BotModeSelectionMetadata_BotUserSelectionMode[]
  readonly overrideMode?: readonly number[]
}
export interface BotQuotaMetadata {
  readonly botFeatureQuotaMetadata?: readonly BotQuotaMetadata_BotFeatureQuotaMetadata[]
}
export interface BotQuotaMetadata_BotFeatureQuotaMetadata {
  readonly featureType?: BotQuotaMetadata_BotFeatureQuotaMetadata_BotFeatureType
  readonly remainingQuota?: number
  readonly expirationTimestamp?: Int64
}
export interface BotAgeCollectionMetadata {
  readonly ageCollectionEligible?: boolean
  readonly shouldTriggerAgeCollectionOnClient?: boolean
  readonly ageCollectionType?: BotAgeCollectionMetadata_AgeCollectionType
}
export interface BotSignatureVerificationMetadata {
  readonly proofs?: readonly BotSignatureVerificationUseCaseProof[]
}
export interface BotSignatureVerificationUseCaseProof {
  readonly version?: number
  readonly useCase?: BotSignatureVerificationUseCaseProof_BotSignatureUseCase
  readonly signature?: Uint8Array
  readonly certificateChain?: readonly Uint8Array[]
  readonly certificateChainSki?: readonly BotSignatureVerificationUseCaseProof_CertificateSKI[]
}
export interface BotSignatureVerificationUseCaseProof_CertificateSKI {
  readonly useCase?: BotSignatureVerificationUseCaseProof_BotSignatureUseCase
  readonly ski?: Uint8Array
}
export interface BotUnifiedResponseMutation {
  readonly sbsMetadata?: BotUnifiedResponseMutation_SideBySideMetadata
  readonly mediaDetailsMetadataList?: readonly BotUnifiedResponseMutation_MediaDetailsMetadata[]
}
export interface BotUnifiedResponseMutation_MediaDetailsMetadata {
  readonly id?: string
  readonly highResMedia?: BotMediaMetadata
  readonly previewMedia?: BotMediaMetadata
}
export interface BotUnifiedResponseMutation_SideBySideMetadata {
  readonly primaryResponseId?: string
  readonly surveyCtaHasRendered?: boolean
}
export interface BotMessageOriginMetadata {
  readonly origins?: readonly BotMessageOrigin[]
}
export interface BotMessageOrigin {
  readonly type?: BotMessageOrigin_BotMessageOriginType
}
export interface InThreadSurveyMetadata {
  readonly tessaSessionId?: string
  readonly simonSessionId?: string
  readonly simonSurveyId?: string
  readonly tessaRootId?: string
  readonly requestId?: string
  readonly tessaEvent?: string
  readonly invitationHeaderText?: string
  readonly invitationBodyText?: string
  readonly invitationCtaText?: string
  readonly invitationCtaUrl?: string
  readonly surveyTitle?: string
  readonly questions?: readonly InThreadSurveyMetadata_InThreadSurveyQuestion[]
  readonly surveyContinueButtonText?: string
  readonly surveySubmitButtonText?: string
  readonly privacyStatementFull?: string
  readonly privacyStatementParts?: readonly InThreadSurveyMetadata_InThreadSurveyPrivacyStatementPart[]
  readonly feedbackToastText?: string
  readonly startQuestionIndex?: number
}
export interface InThreadSurveyMetadata_InThreadSurveyOption {
  readonly stringValue?: string
  readonly numericValue?: number
  readonly textTranslated?: string
}
export interface InThreadSurveyMetadata_InThreadSurveyPrivacyStatementPart {
  readonly text?: string
  readonly url?: string
}
export interface InThreadSurveyMetadata_InThreadSurveyQuestion {
  readonly questionText?: string
  readonly questionId?: string
  readonly questionOptions?: readonly InThreadSurveyMetadata_InThreadSurveyOption[]
}
export interface AIThreadInfo {
  readonly serverInfo?: AIThreadInfo_AIThreadServerInfo
  readonly clientInfo?: AIThreadInfo_AIThreadClientInfo
}
export interface AIThreadInfo_AIThreadClientInfo {
  readonly type?: AIThreadInfo_AIThreadClientInfo_AIThreadType
  readonly sourceChatJid?: string
}
export interface AIThreadInfo_AIThreadServerInfo {
  readonly title?: string
}
export interface AIRegenerateMetadata {
  readonly messageKey?: MessageKey
  readonly responseTimestampMs?: Int64
}
export interface SessionTransparencyMetadata {
  readonly disclaimerText?: string
  readonly hcaId?: string
  readonly sessionTransparencyType?: SessionTransparencyType
}
export interface BotDocumentMessageMetadata {
  readonly pluginType?: BotDocumentMessageMetadata_DocumentPluginType
}
export interface BotGroupMetadata {
  readonly participantsMetadata?: readonly BotGroupParticipantMetadata[]
}
export interface BotGroupParticipantMetadata {
  readonly botFbid?: string
}
export interface BotRenderingConfigMetadata {
  readonly bloksVersioningId?: string
  readonly pixelDensity?: number
}
export interface BotInfrastructureDiagnostics {
  readonly botBackend?: BotInfrastructureDiagnostics_BotBackend
  readonly toolsUsed?: readonly string[]
  readonly isThinking?: boolean
}
export interface AIMediaCollectionMetadata {
  readonly collectionId?: string
  readonly uploadOrderIndex?: number
}
export interface BotCommandMetadata {
  readonly commandName?: string
  readonly commandDescription?: string
  readonly commandPrompt?: string
}
export interface BotResolvedToolCallMetadata {
  readonly toolCallId?: string
  readonly resolutionDataSerialized?: string
}
export interface AISubscriptionUpsellMetadata {
  readonly requestType?: AISubscriptionRequestType
}
export interface BotPttPromptMetadata {
  readonly transcript?: string
}
export interface BotHistoryShareMetadata {
  readonly participantsMetadata?: readonly BotGroupParticipantMetadata[]
}
export interface MessageAssociation {
  readonly associationType?: MessageAssociation_AssociationType
  readonly parentMessageKey?: MessageKey
  readonly messageIndex?: number
}
export interface ThreadID {
  readonly threadType?: ThreadID_ThreadType
  readonly threadKey?: MessageKey
}
export interface NonE2EEAttestation {
  readonly accountType?: NonE2EEAttestation_AccountType
}
export interface AIRichResponseMessage {
  readonly messageType?: AIRichResponseMessageType
  readonly submessages?: readonly AIRichResponseSubMessage[]
  readonly unifiedResponse?: AIRichResponseUnifiedResponse
  readonly contextInfo?: ContextInfo
}
export interface AIRichResponseSubMessage {
  readonly messageType?: AIRichResponseSubMessageType
  readonly gridImageMetadata?: AIRichResponseGridImageMetadata
  readonly messageText?: string
  readonly imageMetadata?: AIRichResponseInlineImageMetadata
  readonly codeMetadata?: AIRichResponseCodeMetadata
  readonly tableMetadata?: AIRichResponseTableMetadata
  readonly dynamicMetadata?: AIRichResponseDynamicMetadata
  readonly latexMetadata?: AIRichResponseLatexMetadata
  readonly mapMetadata?: AIRichResponseMapMetadata
  readonly contentItemsMetadata?: AIRichResponseContentItemsMetadata
}
export interface AIRichResponseGridImageMetadata {
  readonly gridImageUrl?: AIRichResponseImageURL
  readonly imageUrls?: readonly AIRichResponseImageURL[]
}
export interface AIRichResponseImageURL {
  readonly imagePreviewUrl?: string
  readonly imageHighResUrl?: string
  readonly sourceUrl?: string
}
export interface AIRichResponseInlineImageMetadata {
  readonly imageUrl?: AIRichResponseImageURL
  readonly imageText?: string
  readonly alignment?: AIRichResponseInlineImageMetadata_AIRichResponseImageAlignment
  readonly tapLinkUrl?: string
}
export interface AIRichResponseCodeMetadata {
  readonly codeLanguage?: string
  readonly codeBlocks?: readonly AIRichResponseCodeMetadata_AIRichResponseCodeBlock[]
}
export interface AIRichResponseCodeMetadata_AIRichResponseCodeBlock {
  readonly highlightType?: AIRichResponseCodeMetadata_AIRichResponseCodeHighlightType
  readonly codeContent?: string
}
export interface AIRichResponseTableMetadata {
  readonly rows?: readonly AIRichResponseTableMetadata_AIRichResponseTableRow[]
  readonly title?: string
}
export interface AIRichResponseTableMetadata_AIRichResponseTableRow {
  readonly items?: readonly string[]
  readonly isHeading?: boolean
}
export interface AIRichResponseDynamicMetadata {
  readonly type?: AIRichResponseDynamicMetadata_AIRichResponseDynamicMetadataType
  readonly version?: Int64
  readonly url?: string
  readonly loopCount?: number
}
export interface AIRichResponseLatexMetadata {
  readonly text?: string
  readonly expressions?: readonly AIRichResponseLatexMetadata_AIRichResponseLatexExpression[]
}
export interface AIRichResponseLatexMetadata_AIRichResponseLatexExpression {
  readonly latexExpression?: string
  readonly url?: string
  readonly width?: number
  readonly height?: number
  readonly fontHeight?: number
  readonly imageTopPadding?: number
  readonly imageLeadingPadding?: number
  readonly imageBottomPadding?: number
  readonly imageTrailingPadding?: number
}
export interface AIRichResponseMapMetadata {
  readonly centerLatitude?: number
  readonly centerLongitude?: number
  readonly latitudeDelta?: number
  readonly longitudeDelta?: number
  readonly annotations?: readonly AIRichResponseMapMetadata_AIRichResponseMapAnnotation[]
  readonly showInfoList?: boolean
}
export interface AIRichResponseMapMetadata_AIRichResponseMapAnnotation {
  readonly annotationNumber?: number
  readonly latitude?: number
  readonly longitude?: number
  readonly title?: string
  readonly body?: string
}
export interface AIRichResponseContentItemsMetadata {
  readonly itemsMetadata?: readonly AIRichResponseContentItemsMetadata_AIRichResponseContentItemMetadata[]
  readonly contentType?: AIRichResponseContentItemsMetadata_ContentType
}
export interface AIRichResponseContentItemsMetadata_AIRichResponseContentItemMetadata {
  readonly reelItem?: AIRichResponseContentItemsMetadata_AIRichResponseReelItem
}
export interface AIRichResponseContentItemsMetadata_AIRichResponseReelItem {
  readonly title?: string
  readonly profileIconUrl?: string
  readonly thumbnailUrl?: string
  readonly videoUrl?: string
}
export interface AIRichResponseUnifiedResponse {
  readonly data?: Uint8Array
}
export interface ContextInfo {
  readonly stanzaId?: string
  readonly participant?: string
  readonly quotedMessage?: Message
  readonly remoteJid?: string
  readonly mentionedJid?: readonly string[]
  readonly conversionSource?: string
  readonly conversionData?: Uint8Array
  readonly conversionDelaySeconds?: number
  readonly forwardingScore?: number
  readonly isForwarded?: boolean
  readonly quotedAd?: ContextInfo_AdReplyInfo
  readonly placeholderKey?: MessageKey
  readonly expiration?: number
  readonly ephemeralSettingTimestamp?: Int64
  readonly ephemeralSharedSecret?: Uint8Array
  readonly externalAdReply?: ContextInfo_ExternalAdReplyInfo
  readonly entryPointConversionSource?: string
  readonly entryPointConversionApp?: string
  readonly entryPointConversionDelaySeconds?: number
  readonly disappearingMode?: DisappearingMode
  readonly actionLink?: ActionLink
  readonly groupSubject?: string
  readonly parentGroupJid?: string
  readonly trustBannerType?: string
  readonly trustBannerAction?: number
  readonly isSampled?: boolean
  readonly groupMentions?: readonly GroupMention[]
  readonly utm?: ContextInfo_UTMInfo
  readonly forwardedNewsletterMessageInfo?: ContextInfo_ForwardedNewsletterMessageInfo
  readonly businessMessageForwardInfo?: ContextInfo_BusinessMessageForwardInfo
  readonly smbClientCampaignId?: string
  readonly smbServerCampaignId?: string
  readonly dataSharingContext?: ContextInfo_DataSharingContext
  readonly alwaysShowAdAttribution?: boolean
  readonly featureEligibilities?: ContextInfo_FeatureEligibilities
  readonly entryPointConversionExternalSource?: string
  readonly entryPointConversionExternalMedium?: string
  readonly ctwaSignals?: string
  readonly ctwaPayload?: Uint8Array
  readonly forwardedAiBotMessageInfo?: ForwardedAIBotMessageInfo
  readonly statusAttributionType?: ContextInfo_StatusAttributionType
  readonly urlTrackingMap?: UrlTrackingMap
  readonly pairedMediaType?: ContextInfo_PairedMediaType
  readonly rankingVersion?: number
  readonly memberLabel?: MemberLabel
  readonly isQuestion?: boolean
  readonly statusSourceType?: ContextInfo_StatusSourceType
  readonly statusAttributions?: readonly StatusAttribution[]
  readonly isGroupStatus?: boolean
  readonly forwardOrigin?: ContextInfo_ForwardOrigin
  readonly questionReplyQuotedMessage?: ContextInfo_QuestionReplyQuotedMessage
  readonly statusAudienceMetadata?: ContextInfo_StatusAudienceMetadata
  readonly nonJidMentions?: number
  readonly quotedType?: ContextInfo_QuotedType
  readonly botMessageSharingInfo?: BotMessageSharingInfo
  readonly isSpoiler?: boolean
  readonly mediaDomainInfo?: MediaDomainInfo
  readonly partiallySelectedContent?: ContextInfo_PartiallySelectedContent
  readonly afterReadDuration?: number
  readonly crossAppSource?: ContextInfo_CrossAppSource
  readonly businessInteractionPills?: ContextInfo_BusinessInteractionPills
  readonly posterStatusId?: string
  readonly instagramThreadLink?: ContextInfo_InstagramThreadLink
  readonly aiProvenance?: AIProvenance
}
export interface ContextInfo_AdReplyInfo {
  readonly advertiserName?: string
  readonly mediaType?: ContextInfo_AdReplyInfo_MediaType
  readonly jpegThumbnail?: Uint8Array
  readonly caption?: string
}
export interface ContextInfo_BusinessInteractionPills {
  readonly businessJid?: string
  readonly pills?: readonly ContextInfo_BusinessInteractionPills_Pill[]
  readonly entryPoint?: ContextInfo_BusinessInteractionPills_EntryPoint
  readonly signedPayload?: Uint8Array
  readonly signatureEnvelope?: BotSignatureVerificationMetadata
  readonly unauthenticatedBusinessMetadata?: ContextInfo_BusinessInteractionPills_UnauthenticatedBusinessMetadata
}
export interface ContextInfo_BusinessInteractionPills_Pill {
  readonly pillType?: ContextInfo_BusinessInteractionPills_PillType
  readonly actionUrl?: string
}
export interface ContextInfo_BusinessInteractionPills_SignedPayload {
  readonly verifiedName?: string
  readonly pills?: readonly ContextInfo_BusinessInteractionPills_Pill[]
}
export interface ContextInfo_BusinessInteractionPills_UnauthenticatedBusinessMetadata {
  readonly businessName?: string
  readonly businessCategory?: string
  readonly businessIsOpen?: boolean
  readonly businessIsOpenSnapshotMs?: Int64
}
export interface ContextInfo_BusinessMessageForwardInfo {
  readonly businessOwnerJid?: string
}
export interface ContextInfo_DataSharingContext {
  readonly showMmDisclosure?: boolean
  readonly encryptedSignalTokenConsented?: string
  readonly parameters?: readonly ContextInfo_DataSharingContext_Parameters[]
  readonly dataSharingFlags?: number
}
export interface ContextInfo_DataSharingContext_Parameters {
  readonly key?: string
  readonly stringData?: string
  readonly intData?: Int64
  readonly floatData?: number
  readonly contents?: ContextInfo_DataSharingContext_Parameters
}
export interface ContextInfo_ExternalAdReplyInfo {
  readonly title?: string
  readonly body?: string
  readonly mediaType?: ContextInfo_ExternalAdReplyInfo_MediaType
  readonly thumbnailUrl?: string
  readonly mediaUrl?: string
  readonly thumbnail?: Uint8Array
  readonly sourceType?: string
  readonly sourceId?: string
  readonly sourceUrl?: string
  readonly containsAutoReply?: boolean
  readonly renderLargerThumbnail?: boolean
  readonly showAdAttribution?: boolean
  readonly ctwaClid?: string
  readonly ref?: string
  readonly clickToWhatsappCall?: boolean
  readonly adContextPreviewDismissed?: boolean
  readonly sourceApp?: string
  readonly automatedGreetingMessageShown?: boolean
  readonly greetingMessageBody?: string
  readonly ctaPayload?: string
  readonly disableNudge?: boolean
  readonly originalImageUrl?: string
  readonly automatedGreetingMessageCtaType?: string
  readonly wtwaAdFormat?: boolean
  readonly adType?: ContextInfo_ExternalAdReplyInfo_AdType
  readonly wtwaWebsiteUrl?: string
  readonly adPreviewUrl?: string
  readonly containsCtwaFlowsAutoReply?: boolean
  readonly agmThumbnailStrategy?: number
  readonly agmTitleStrategy?: number
  readonly agmSubtitleStrategy?: number
  readonly agmHeaderInteractionStrategy?: number
}
export interface ContextInfo_FeatureEligibilities {
  readonly cannotBeReactedTo?: boolean
  readonly cannotBeRanked?: boolean
  readonly canRequestFeedback?: boolean
  readonly canBeReshared?: boolean
  readonly canReceiveMultiReact?: boolean
}
export interface ContextInfo_ForwardedNewsletterMessageInfo {
  readonly newsletterJid?: string
  readonly serverMessageId?: number
  readonly newsletterName?: string
  readonly contentType?: ContextInfo_ForwardedNewsletterMessageInfo_ContentType
  readonly accessibilityText?: string
  readonly profileName?: string
}
export interface ContextInfo_InstagramThreadLink {
  readonly url?: string
}
export interface ContextInfo_PartiallySelectedContent {
  readonly text?: string
}
export interface ContextInfo_QuestionReplyQuotedMessage {
  readonly serverQuestionId?: number
  readonly quotedQuestion?: Message
  readonly quotedResponse?: Message
}
export interface ContextInfo_StatusAudienceMetadata {
  readonly audienceType?: ContextInfo_StatusAudienceMetadata_AudienceType
  readonly listName?: string
  readonly listEmoji?: string
}
export interface ContextInfo_UTMInfo {
  readonly utmSource?: string
  readonly utmCampaign?: string
}
export interface ActionLink {
  readonly url?: string
  readonly buttonTitle?: string
}
export interface GroupMention {
  readonly groupJid?: string
  readonly groupSubject?: string
}
export interface ForwardedAIBotMessageInfo {
  readonly botName?: string
  readonly botJid?: string
  readonly creatorName?: string
}
export interface UrlTrackingMap {
  readonly urlTrackingMapElements?: readonly UrlTrackingMap_UrlTrackingMapElement[]
}
export interface UrlTrackingMap_UrlTrackingMapElement {
  readonly originalUrl?: string
  readonly unconsentedUsersUrl?: string
  readonly consentedUsersUrl?: string
  readonly cardIndex?: number
}
export interface MemberLabel {
  readonly label?: string
  readonly labelTimestamp?: Int64
}
export interface StatusAttribution {
  readonly type?: StatusAttribution_Type
  readonly actionUrl?: string
  readonly statusReshare?: StatusAttribution_StatusReshare
  readonly externalShare?: StatusAttribution_ExternalShare
  readonly music?: StatusAttribution_Music
  readonly groupStatus?: StatusAttribution_GroupStatus
  readonly rlAttribution?: StatusAttribution_RLAttribution
  readonly aiCreatedAttribution?: StatusAttribution_AiCreatedAttribution
}
export interface StatusAttribution_AiCreatedAttribution {
  readonly source?: StatusAttribution_AiCreatedAttribution_Source
}
export interface StatusAttribution_ExternalShare {
  readonly actionUrl?: string
  readonly source?: StatusAttribution_ExternalShare_Source
  readonly duration?: number
  readonly actionFallbackUrl?: string
}
export interface StatusAttribution_GroupStatus {
  readonly authorJid?: string
}
export interface StatusAttribution_Music {
  readonly authorName?: string
  readonly songId?: string
  readonly title?: string
  readonly author?: string
  readonly artistAttribution?: string
  readonly isExplicit?: boolean
}
export interface StatusAttribution_RLAttribution {
  readonly source?: StatusAttribution_RLAttribution_Source
}
export interface StatusAttribution_StatusReshare {
  readonly source?: StatusAttribution_StatusReshare_Source
  readonly metadata?: StatusAttribution_StatusReshare_Metadata
}
export interface StatusAttribution_StatusReshare_Metadata {
  readonly duration?: number
  readonly channelJid?: string
  readonly channelMessageId?: number
  readonly hasMultipleReshares?: boolean
}
export interface BotMessageSharingInfo {
  readonly botEntryPointOrigin?: BotMetricsEntryPoint
  readonly forwardScore?: number
}
export interface MediaDomainInfo {
  readonly mediaKeyDomain?: MediaKeyDomain
  readonly e2EeMediaKey?: Uint8Array
}
export interface AIProvenance {
  readonly c2PaMetadata?: AIProvenance_Metadata
  readonly iptcMetadata?: AIProvenance_Metadata
}
export interface AIProvenance_Metadata {
  readonly createdWithGenAi?: boolean
  readonly editedWithGenAi?: boolean
}
export interface GroupRootKeyShare {
  readonly keys?: readonly GroupRootKeyShareEntry[]
}
export interface GroupRootKeyShareEntry {
  readonly groupRootKey?: Uint8Array
  readonly keyId?: string
  readonly expiryTimestampMs?: Int64
  readonly createdTimestampMs?: Int64
}
export interface EmbeddedMusic {
  readonly musicContentMediaId?: string
  readonly songId?: string
  readonly author?: string
  readonly title?: string
  readonly artworkDirectPath?: string
  readonly artworkSha256?: Uint8Array
  readonly artworkEncSha256?: Uint8Array
  readonly artistAttribution?: string
  readonly countryBlocklist?: Uint8Array
  readonly isExplicit?: boolean
  readonly artworkMediaKey?: Uint8Array
  readonly musicSongStartTimeInMs?: Int64
  readonly derivedContentStartTimeInMs?: Int64
  readonly overlapDurationInMs?: Int64
}
export interface InteractiveAnnotation {
  readonly polygonVertices?: readonly Point[]
  readonly location?: Location
  readonly newsletter?: ContextInfo_ForwardedNewsletterMessageInfo
  readonly shouldSkipConfirmation?: boolean
  readonly embeddedContent?: EmbeddedContent
  readonly embeddedAction?: boolean
  readonly tapAction?: TapLinkAction
  readonly statusLinkType?: InteractiveAnnotation_StatusLinkType
}
export interface Point {
  readonly xDeprecated?: number
  readonly yDeprecated?: number
  readonly x?: number
  readonly y?: number
}
export interface EmbeddedContent {
  readonly embeddedMessage?: EmbeddedMessage
  readonly embeddedMusic?: EmbeddedMusic
}
export interface EmbeddedMessage {
  readonly stanzaId?: string
  readonly message?: Message
}
export interface Location {
  readonly degreesLatitude?: number
  readonly degreesLongitude?: number
  readonly name?: string
}
export interface TapLinkAction {
  readonly title?: string
  readonly tapUrl?: string
}
export interface Money {
  readonly value?: Int64
  readonly offset?: number
  readonly currencyCode?: string
}
export interface BotFeedbackMessage {
  readonly messageKey?: MessageKey
  readonly kind?: BotFeedbackMessage_BotFeedbackKind
  readonly text?: string
  readonly kindNegative?: Int64
  readonly kindPositive?: Int64
  readonly kindReport?: BotFeedbackMessage_ReportKind
  readonly sideBySideSurveyMetadata?: BotFeedbackMessage_SideBySideSurveyMetadata
}
export interface BotFeedbackMessage_SideBySideSurveyMetadata {
  readonly selectedRequestId?: string
  readonly surveyId?: number
  readonly simonSessionFbid?: string
  readonly responseOtid?: string
  readonly responseTimestampMsString?: string
  readonly isSelectedResponsePrimary?: boolean
  readonly messageIdToEdit?: string
  readonly analyticsData?: BotFeedbackMessage_SideBySideSurveyMetadata_SideBySideSurveyAnalyticsData
  readonly metaAiAnalyticsData?: BotFeedbackMessage_SideBySideSurveyMetadata_SidebySideSurveyMetaAiAnalyticsData
}
export interface BotFeedbackMessage_SideBySideSurveyMetadata_SideBySideSurveyAnalyticsData {
  readonly tessaEvent?: string
  readonly tessaSessionFbid?: string
  readonly simonSessionFbid?: string
}
export interface BotFeedbackMessage_SideBySideSurveyMetadata_SidebySideSurveyMetaAiAnalyticsData {
  readonly surveyId?: number
  readonly primaryResponseId?: string
  readonly testArmName?: string
  readonly timestampMsString?: string
  readonly ctaImpressionEvent?: BotFeedbackMessage_SideBySideSurveyMetadata_SidebySideSurveyMetaAiAnalyticsData_SideBySideSurveyCTAImpressionEventData
  readonly ctaClickEvent?: BotFeedbackMessage_SideBySideSurveyMetadata_SidebySideSurveyMetaAiAnalyticsData_SideBySideSurveyCTAClickEventData
  readonly cardImpressionEvent?: BotFeedbackMessage_SideBySideSurveyMetadata_SidebySideSurveyMetaAiAnalyticsData_SideBySideSurveyCardImpressionEventData
  readonly responseEvent?: BotFeedbackMessage_SideBySideSurveyMetadata_SidebySideSurveyMetaAiAnalyticsData_SideBySideSurveyResponseEventData
  readonly abandonEvent?: BotFeedbackMessage_SideBySideSurveyMetadata_SidebySideSurveyMetaAiAnalyticsData_SideBySideSurveyAbandonEventData
}
export interface BotFeedbackMessage_SideBySideSurveyMetadata_SidebySideSurveyMetaAiAnalyticsData_SideBySideSurveyAbandonEventData {
  readonly abandonDwellTimeMsString?: string
}
export interface BotFeedbackMessage_SideBySideSurveyMetadata_SidebySideSurveyMetaAiAnalyticsData_SideBySideSurveyCTAClickEventData {
  readonly isSurveyExpired?: boolean
  readonly clickDwellTimeMsString?: string
}
export interface BotFeedbackMessage_SideBySideSurveyMetadata_SidebySideSurveyMetaAiAnalyticsData_SideBySideSurveyCTAImpressionEventData {
  readonly isSurveyExpired?: boolean
}
export type BotFeedbackMessage_SideBySideSurveyMetadata_SidebySideSurveyMetaAiAnalyticsData_SideBySideSurveyCardImpressionEventData = Readonly<Record<never, never>>
export interface BotFeedbackMessage_SideBySideSurveyMetadata_SidebySideSurveyMetaAiAnalyticsData_SideBySideSurveyResponseEventData {
  readonly responseDwellTimeMsString?: string
  readonly selectedResponseId?: string
}
export interface MediaNotifyMessage {
  readonly expressPathUrl?: string
  readonly fileEncSha256?: Uint8Array
  readonly fileLength?: Int64
}
export interface LIDMigrationMappingSyncMessage {
  readonly encodedMappingPayload?: Uint8Array
}
export interface AIQueryFanout {
  readonly messageKey?: MessageKey
  readonly message?: Message
  readonly timestamp?: Int64
}
export interface AIMediaCollectionMessage {
  readonly collectionId?: string
  readonly expectedMediaCount?: number
  readonly hasGlobalCaption?: boolean
}
export interface AIMetadataOperation {
  readonly hatchMetadataSync?: HatchMetadataSync
}
export interface HatchMetadataSync {
  readonly data?: Uint8Array
  readonly timestampMs?: Int64
  readonly requestId?: string
}
export interface CoexStateSync {
  readonly collectionMutations?: readonly CoexStateSync_CollectionMutations[]
}
export interface CoexStateSync_CollectionMutations {
  readonly collection?: string
  readonly mutations?: readonly CoexStateSync_Mutation[]
}
export interface CoexStateSync_Mutation {
  readonly index?: SyncdIndex
  readonly value?: SyncdValue
  readonly dirtyVersion?: Int64
  readonly operation?: SyncdMutation_SyncdOperation
}
export interface PaymentBackground {
  readonly id?: string
  readonly fileLength?: Int64
  readonly width?: number
  readonly height?: number
  readonly mimetype?: string
  readonly placeholderArgb?: number
  readonly textArgb?: number
  readonly subtextArgb?: number
  readonly mediaData?: PaymentBackground_MediaData
  readonly type?: PaymentBackground_Type
}
export interface PaymentBackground_MediaData {
  readonly mediaKey?: Uint8Array
  readonly mediaKeyTimestamp?: Int64
  readonly fileSha256?: Uint8Array
  readonly fileEncSha256?: Uint8Array
  readonly directPath?: string
}
export interface BotAgentMetadata {
  readonly deepLinkMetadata?: BotAgentDeepLinkMetadata
}
export interface BotAgentDeepLinkMetadata {
  readonly token?: string
  readonly clientPublicKey?: Uint8Array
}
export interface TemplateButton {
  readonly quickReplyButton?: TemplateButton_QuickReplyButton
  readonly urlButton?: TemplateButton_URLButton
  readonly callButton?: TemplateButton_CallButton
  readonly index?: number
}
export interface TemplateButton_CallButton {
  readonly displayText?: Message_HighlyStructuredMessage
  readonly phoneNumber?: Message_HighlyStructuredMessage
}
export interface TemplateButton_QuickReplyButton {
  readonly displayText?: Message_HighlyStructuredMessage
  readonly id?: string
}
export interface TemplateButton_URLButton {
  readonly displayText?: Message_HighlyStructuredMessage
  readonly url?: Message_HighlyStructuredMessage
}
export interface HydratedTemplateButton {
  readonly quickReplyButton?: HydratedTemplateButton_HydratedQuickReplyButton
  readonly urlButton?: HydratedTemplateButton_HydratedURLButton
  readonly callButton?: HydratedTemplateButton_HydratedCallButton
  readonly index?: number
}
export interface HydratedTemplateButton_HydratedCallButton {
  readonly displayText?: string
  readonly phoneNumber?: string
}
export interface HydratedTemplateButton_HydratedQuickReplyButton {
  readonly displayText?: string
  readonly id?: string
}
export interface HydratedTemplateButton_HydratedURLButton {
  readonly displayText?: string
  readonly url?: string
  readonly consentedUsersUrl?: string
  readonly webviewPresentation?: HydratedTemplateButton_HydratedURLButton_WebviewPresentationType
}
export interface WebMessageInfo {
  readonly key?: MessageKey
  readonly message?: Message
  readonly messageTimestamp?: Int64
  /** Absent means PENDING. */
  readonly status?: WebMessageInfo_Status
  readonly participant?: string
  readonly messageC2STimestamp?: Int64
  readonly ignore?: boolean
  readonly starred?: boolean
  readonly broadcast?: boolean
  readonly pushName?: string
  readonly mediaCiphertextSha256?: Uint8Array
  readonly multicast?: boolean
  readonly urlText?: boolean
  readonly urlNumber?: boolean
  readonly messageStubType?: WebMessageInfo_StubType
  readonly clearMedia?: boolean
  readonly messageStubParameters?: readonly string[]
  readonly duration?: number
  readonly labels?: readonly string[]
  readonly paymentInfo?: PaymentInfo
  readonly finalLiveLocation?: Message_LiveLocationMessage
  readonly quotedPaymentInfo?: PaymentInfo
  readonly ephemeralStartTimestamp?: Int64
  readonly ephemeralDuration?: number
  readonly ephemeralOffToOn?: boolean
  readonly ephemeralOutOfSync?: boolean
  readonly bizPrivacyStatus?: WebMessageInfo_BizPrivacyStatus
  readonly verifiedBizName?: string
  readonly mediaData?: MediaData
  readonly photoChange?: PhotoChange
  readonly userReceipt?: readonly UserReceipt[]
  readonly reactions?: readonly Reaction[]
  readonly quotedStickerData?: MediaData
  readonly futureproofData?: Uint8Array
  readonly statusPsa?: StatusPSA
  readonly pollUpdates?: readonly PollUpdate[]
  readonly pollAdditionalMetadata?: PollAdditionalMetadata
  readonly agentId?: string
  readonly statusAlreadyViewed?: boolean
  readonly messageSecret?: Uint8Array
  readonly keepInChat?: KeepInChat
  readonly originalSelfAuthorUserJidString?: string
  readonly revokeMessageTimestamp?: Int64
  readonly pinInChat?: PinInChat
  readonly premiumMessageInfo?: PremiumMessageInfo
  readonly is1PBizBotMessage?: boolean
  readonly isGroupHistoryMessage?: boolean
  readonly botMessageInvokerJid?: string
  readonly commentMetadata?: CommentMetadata
  readonly eventResponses?: readonly EventResponse[]
  readonly reportingTokenInfo?: ReportingTokenInfo
  readonly newsletterServerId?: Int64
  readonly eventAdditionalMetadata?: EventAdditionalMetadata
  readonly isMentionedInStatus?: boolean
  readonly statusMentions?: readonly string[]
  readonly targetMessageId?: MessageKey
  readonly messageAddOns?: readonly MessageAddOn[]
  readonly statusMentionMessageInfo?: StatusMentionMessage
  readonly isSupportAiMessage?: boolean
  readonly statusMentionSources?: readonly string[]
  readonly supportAiCitations?: readonly Citation[]
  readonly botTargetId?: string
  readonly groupHistoryIndividualMessageInfo?: GroupHistoryIndividualMessageInfo
  readonly groupHistoryBundleInfo?: GroupHistoryBundleInfo
  readonly interactiveMessageAdditionalMetadata?: InteractiveMessageAdditionalMetadata
  readonly quarantinedMessage?: QuarantinedMessage
  readonly nonJidMentions?: number
  readonly hsmTag?: string
  readonly ephemeralExpirationTimestamp?: Int64
  readonly scheduledMessageMetadata?: ScheduledMessageMetadata
  readonly decisionId?: string
  readonly decisionSources?: readonly string[]
}
export interface PaymentInfo {
  readonly currencyDeprecated?: PaymentInfo_Currency
  readonly amount1000?: Int64
  readonly receiverJid?: string
  readonly status?: PaymentInfo_Status
  readonly transactionTimestamp?: Int64
  readonly requestMessageKey?: MessageKey
  readonly expiryTimestamp?: Int64
  readonly futureproofed?: boolean
  readonly currency?: string
  readonly txnStatus?: PaymentInfo_TxnStatus
  readonly useNoviFiatFormat?: boolean
  readonly primaryAmount?: Money
  readonly exchangeAmount?: Money
}
export interface MediaData {
  readonly localPath?: string
}
export interface PhotoChange {
  readonly oldPhoto?: Uint8Array
  readonly newPhoto?: Uint8Array
  readonly newPhotoId?: number
}
export interface UserReceipt {
  readonly userJid?: string
  readonly receiptTimestamp?: Int64
  readonly readTimestamp?: Int64
  readonly playedTimestamp?: Int64
  readonly pendingDeviceJid?: readonly string[]
  readonly deliveredDeviceJid?: readonly string[]
}
export interface Reaction {
  readonly key?: MessageKey
  readonly text?: string
  readonly groupingKey?: string
  readonly senderTimestampMs?: Int64
  readonly unread?: boolean
}
export interface StatusPSA {
  readonly campaignId?: Int64
  readonly campaignExpirationTimestamp?: Int64
}
export interface PollUpdate {
  readonly pollUpdateMessageKey?: MessageKey
  readonly vote?: Message_PollVoteMessage
  readonly senderTimestampMs?: Int64
  readonly serverTimestampMs?: Int64
  readonly unread?: boolean
  readonly metadata?: Message_PollUpdateMessageMetadata
}
export interface PollAdditionalMetadata {
  readonly pollInvalidated?: boolean
  readonly pollNameHashHistory?: readonly PollAdditionalMetadata_PollNameHashHistoryEntry[]
}
export interface PollAdditionalMetadata_PollNameHashHistoryEntry {
  readonly editStanzaId?: string
  readonly pollNameHash?: Uint8Array
}
export interface KeepInChat {
  readonly keepType?: KeepType
  readonly serverTimestamp?: Int64
  readonly key?: MessageKey
  readonly deviceJid?: string
  readonly clientTimestampMs?: Int64
  readonly serverTimestampMs?: Int64
}
export interface PinInChat {
  readonly type?: PinInChat_Type
  readonly key?: MessageKey
  readonly senderTimestampMs?: Int64
  readonly serverTimestampMs?: Int64
  readonly messageAddOnContextInfo?: MessageAddOnContextInfo
}
export interface MessageAddOnContextInfo {
  readonly messageAddOnDurationInSecs?: number
  readonly messageAddOnExpiryType?: MessageContextInfo_MessageAddonExpiryType
}
export interface PremiumMessageInfo {
  readonly serverCampaignId?: string
}
export interface CommentMetadata {
  readonly commentParentKey?: MessageKey
  readonly replyCount?: number
}
export interface EventResponse {
  readonly eventResponseMessageKey?: MessageKey
  readonly timestampMs?: Int64
  readonly eventResponseMessage?: Message_EventResponseMessage
  readonly unread?: boolean
}
export interface EventAdditionalMetadata {
  readonly isStale?: boolean
}
export interface MessageAddOn {
  readonly messageAddOnType?: MessageAddOn_MessageAddOnType
  readonly messageAddOn?: Message
  readonly senderTimestampMs?: Int64
  readonly serverTimestampMs?: Int64
  /** Absent means PENDING. */
  readonly status?: WebMessageInfo_Status
  readonly addOnContextInfo?: MessageAddOnContextInfo
  readonly messageAddOnKey?: MessageKey
  readonly legacyMessage?: LegacyMessage
}
export interface LegacyMessage {
  readonly eventResponseMessage?: Message_EventResponseMessage
  readonly pollVote?: Message_PollVoteMessage
}
export interface StatusMentionMessage {
  readonly quotedStatus?: Message
}
export interface Citation {
  readonly title?: string
  readonly subtitle?: string
  readonly cmsId?: string
  readonly imageUrl?: string
}
export interface GroupHistoryIndividualMessageInfo {
  readonly bundleMessageKey?: MessageKey
  readonly editedAfterReceivedAsHistory?: boolean
}
export interface GroupHistoryBundleInfo {
  readonly deprecatedMessageHistoryBundle?: Message_MessageHistoryBundle
  readonly processState?: GroupHistoryBundleInfo_ProcessState
}
export interface InteractiveMessageAdditionalMetadata {
  readonly isGalaxyFlowCompleted?: boolean
}
export interface QuarantinedMessage {
  readonly originalData?: Uint8Array
  readonly extractedText?: string
}
export interface ScheduledMessageMetadata {
  readonly revealKeyId?: string
  readonly revealKey?: Uint8Array
  readonly scheduledTime?: Int64
}
export interface CallLogRecord {
  readonly callResult?: CallLogRecord_CallResult
  readonly isDndMode?: boolean
  readonly silenceReason?: CallLogRecord_SilenceReason
  readonly duration?: Int64
  readonly startTime?: Int64
  readonly isIncoming?: boolean
  readonly isVideo?: boolean
  readonly isCallLink?: boolean
  readonly callLinkToken?: string
  readonly scheduledCallId?: string
  readonly callId?: string
  readonly callCreatorJid?: string
  readonly groupJid?: string
  readonly participants?: readonly CallLogRecord_ParticipantInfo[]
  readonly callType?: CallLogRecord_CallType
}
export interface CallLogRecord_ParticipantInfo {
  readonly userJid?: string
  readonly callResult?: CallLogRecord_CallResult
}
export interface SyncActionData {
  readonly index?: Uint8Array
  readonly value?: SyncActionValue
  readonly padding?: Uint8Array
  readonly version?: number
}
export interface SyncActionValue {
  readonly timestamp?: Int64
  readonly starAction?: SyncActionValue_StarAction
  readonly contactAction?: SyncActionValue_ContactAction
  readonly muteAction?: SyncActionValue_MuteAction
  readonly pinAction?: SyncActionValue_PinAction
  readonly pushNameSetting?: SyncActionValue_PushNameSetting
  readonly quickReplyAction?: SyncActionValue_QuickReplyAction
  readonly recentEmojiWeightsAction?: SyncActionValue_RecentEmojiWeightsAction
  readonly labelEditAction?: SyncActionValue_LabelEditAction
  readonly labelAssociationAction?: SyncActionValue_LabelAssociationAction
  readonly localeSetting?: SyncActionValue_LocaleSetting
  readonly archiveChatAction?: SyncActionValue_ArchiveChatAction
  readonly deleteMessageForMeAction?: SyncActionValue_DeleteMessageForMeAction
  readonly keyExpiration?: SyncActionValue_KeyExpiration
  readonly markChatAsReadAction?: SyncActionValue_MarkChatAsReadAction
  readonly clearChatAction?: SyncActionValue_ClearChatAction
  readonly deleteChatAction?: SyncActionValue_DeleteChatAction
  readonly unarchiveChatsSetting?: SyncActionValue_UnarchiveChatsSetting
  readonly primaryFeature?: SyncActionValue_PrimaryFeature
  readonly androidUnsupportedActions?: SyncActionValue_AndroidUnsupportedActions
  readonly agentAction?: SyncActionValue_AgentAction
  readonly subscriptionAction?: SyncActionValue_SubscriptionAction
  readonly userStatusMuteAction?: SyncActionValue_UserStatusMuteAction
  readonly timeFormatAction?: SyncActionValue_TimeFormatAction
  readonly nuxAction?: SyncActionValue_NuxAction
  readonly primaryVersionAction?: SyncActionValue_PrimaryVersionAction
  readonly stickerAction?: SyncActionValue_StickerAction
  readonly removeRecentStickerAction?: SyncActionValue_RemoveRecentStickerAction
  readonly chatAssignment?: SyncActionValue_ChatAssignmentAction
  readonly chatAssignmentOpenedStatus?: SyncActionValue_ChatAssignmentOpenedStatusAction
  readonly pnForLidChatAction?: SyncActionValue_PnForLidChatAction
  readonly marketingMessageAction?: SyncActionValue_MarketingMessageAction
  readonly marketingMessageBroadcastAction?: SyncActionValue_MarketingMessageBroadcastAction
  readonly externalWebBetaAction?: SyncActionValue_ExternalWebBetaAction
  readonly privacySettingRelayAllCalls?: SyncActionValue_PrivacySettingRelayAllCalls
  readonly callLogAction?: SyncActionValue_CallLogAction
  readonly ugcBot?: SyncActionValue_UGCBot
  readonly statusPrivacy?: SyncActionValue_StatusPrivacyAction
  readonly botWelcomeRequestAction?: SyncActionValue_BotWelcomeRequestAction
  readonly deleteIndividualCallLog?: SyncActionValue_DeleteIndividualCallLogAction
  readonly labelReorderingAction?: SyncActionValue_LabelReorderingAction
  readonly paymentInfoAction?: SyncActionValue_PaymentInfoAction
  readonly customPaymentMethodsAction?: SyncActionValue_CustomPaymentMethodsAction
  readonly lockChatAction?: SyncActionValue_LockChatAction
  readonly chatLockSettings?: ChatLockSettings
  readonly wamoUserIdentifierAction?: SyncActionValue_WamoUserIdentifierAction
  readonly privacySettingDisableLinkPreviewsAction?: SyncActionValue_PrivacySettingDisableLinkPreviewsAction
  readonly deviceCapabilities?: DeviceCapabilities
  readonly noteEditAction?: SyncActionValue_NoteEditAction
  readonly favoritesAction?: SyncActionValue_FavoritesAction
  readonly merchantPaymentPartnerAction?: SyncActionValue_MerchantPaymentPartnerAction
  readonly waffleAccountLinkStateAction?: SyncActionValue_WaffleAccountLinkStateAction
  readonly usernameChatStartMode?: SyncActionValue_UsernameChatStartModeAction
  readonly notificationActivitySettingAction?: SyncActionValue_NotificationActivitySettingAction
  readonly lidContactAction?: SyncActionValue_LidContactAction
  readonly ctwaPerCustomerDataSharingAction?: SyncActionValue_CtwaPerCustomerDataSharingAction
  readonly paymentTosAction?: SyncActionValue_PaymentTosAction
  readonly privacySettingChannelsPersonalisedRecommendationAction?: SyncActionValue_PrivacySettingChannelsPersonalisedRecommendationAction
  readonly detectedOutcomesStatusAction?: SyncActionValue_DetectedOutcomesStatusAction
  readonly maibaAiFeaturesControlAction?: SyncActionValue_MaibaAIFeaturesControlAction
  readonly businessBroadcastListAction?: SyncActionValue_BusinessBroadcastListAction
  readonly musicUserIdAction?: SyncActionValue_MusicUserIdAction
  readonly statusPostOptInNotificationPreferencesAction?: SyncActionValue_StatusPostOptInNotificationPreferencesAction
  readonly avatarUpdatedAction?: SyncActionValue_AvatarUpdatedAction
  readonly privateProcessingSettingAction?: SyncActionValue_PrivateProcessingSettingAction
  readonly newsletterSavedInterestsAction?: SyncActionValue_NewsletterSavedInterestsAction
  readonly aiThreadRenameAction?: SyncActionValue_AiThreadRenameAction
  readonly interactiveMessageAction?: SyncActionValue_InteractiveMessageAction
  readonly settingsSyncAction?: SyncActionValue_SettingsSyncAction
  readonly outContactAction?: SyncActionValue_OutContactAction
  readonly nctSaltSyncAction?: SyncActionValue_NctSaltSyncAction
  readonly businessBroadcastCampaignAction?: SyncActionValue_BusinessBroadcastCampaignAction
  readonly businessBroadcastInsightsAction?: SyncActionValue_BusinessBroadcastInsightsAction
  readonly customerDataAction?: SyncActionValue_CustomerDataAction
  readonly subscriptionsSyncV2Action?: SyncActionValue_SubscriptionsSyncV2Action
  readonly threadPinAction?: SyncActionValue_ThreadPinAction
  readonly autoOrganizeBusinessChatSetting?: SyncActionValue_AutoOrganizeBusinessChatSetting
  readonly bizAiSettingsNudgeAction?: SyncActionValue_BizAISettingsNudgeAction
  readonly coexV2VersionAction?: SyncActionValue_CoexV2VersionAction
  readonly wasaRootSecretAction?: SyncActionValue_WASARootSecretAction
  readonly bubbleLockMessageAction?: SyncActionValue_BubbleLockMessageAction
  readonly labelSublistAction?: SyncActionValue_LabelSublistAction
  readonly deviceCapabilitiesV2?: DeviceCapabilities
  readonly ctwaMessageReceivedAction?: SyncActionValue_CtwaMessageReceivedAction
  readonly sharedDeviceAllowlistAction?: SyncActionValue_SharedDeviceAllowlistAction
  readonly contactManagerMetadataAction?: SyncActionValue_ContactManagerMetadataAction
  readonly businessFolderActivationAction?: SyncActionValue_BusinessFolderActivationAction
}
export interface SyncActionValue_AgentAction {
  readonly name?: string
  readonly deviceId?: number
  readonly isDeleted?: boolean
}
export interface SyncActionValue_AiThreadRenameAction {
  readonly newTitle?: string
}
export interface SyncActionValue_AndroidUnsupportedActions {
  readonly allowed?: boolean
}
export interface SyncActionValue_ArchiveChatAction {
  readonly archived?: boolean
  readonly messageRange?: SyncActionValue_SyncActionMessageRange
}
export interface SyncActionValue_AutoOrganizeBusinessChatSetting {
  readonly autoOrganize?: boolean
}
export interface SyncActionValue_AvatarUpdatedAction {
  readonly eventType?: SyncActionValue_AvatarUpdatedAction_AvatarEventType
  readonly recentAvatarStickers?: readonly SyncActionValue_StickerAction[]
}
export interface SyncActionValue_BizAISettingsNudgeAction {
  readonly category?: SyncActionValue_BizAISettingsNudgeAction_BizAISettingsCategory
  readonly version?: Int64
  readonly updatedAtMs?: Int64
}
export interface SyncActionValue_BotWelcomeRequestAction {
  readonly isSent?: boolean
}
export interface SyncActionValue_BroadcastListParticipant {
  readonly lidJid?: string
  readonly pnJid?: string
}
export interface SyncActionValue_BubbleLockMessageAction {
  readonly locked?: boolean
}
export interface SyncActionValue_BusinessBroadcastAssociationAction {
  readonly deleted?: boolean
}
export interface SyncActionValue_BusinessBroadcastCampaignAction {
  readonly deviceId?: number
  readonly adId?: string
  readonly name?: string
  readonly msgId?: string
  readonly broadcastJid?: string
  readonly reservedQuota?: number
  readonly scheduledTimestamp?: Int64
  readonly createTimestamp?: Int64
  readonly status?: SyncActionValue_BusinessBroadcastCampaignStatus
}
export interface SyncActionValue_BusinessBroadcastInsightsAction {
  readonly recipientCount?: number
  readonly deliveredCount?: number
  readonly readCount?: number
  readonly repliedCount?: number
  readonly quickReplyCount?: number
}
export interface SyncActionValue_BusinessBroadcastListAction {
  readonly deleted?: boolean
  readonly participants?: readonly SyncActionValue_BroadcastListParticipant[]
  readonly listName?: string
  readonly labelIds?: readonly string[]
  readonly audienceExpression?: string
  readonly customAudienceFbid?: string
}
export interface SyncActionValue_CallLogAction {
  readonly callLogRecord?: CallLogRecord
}
export interface SyncActionValue_ChatAssignmentAction {
  readonly deviceAgentId?: string
}
export interface SyncActionValue_ChatAssignmentOpenedStatusAction {
  readonly chatOpened?: boolean
}
export interface SyncActionValue_ClearChatAction {
  readonly messageRange?: SyncActionValue_SyncActionMessageRange
}
export interface SyncActionValue_CoexV2VersionAction {
  readonly version?: Int64
}
export interface SyncActionValue_ContactAction {
  readonly fullName?: string
  readonly firstName?: string
  readonly lidJid?: string
  readonly saveOnPrimaryAddressbook?: boolean
  readonly pnJid?: string
  readonly username?: string
}
export interface SyncActionValue_ContactManagerMetadataAction {
  readonly isHidden?: boolean
}
export interface SyncActionValue_CtwaMessageReceivedAction {
  readonly isCtwaMessageReceived?: boolean
}
export interface SyncActionValue_CtwaPerCustomerDataSharingAction {
  readonly isCtwaPerCustomerDataSharingEnabled?: boolean
}
export interface SyncActionValue_CustomPaymentMethod {
  readonly credentialId?: string
  readonly country?: string
  readonly type?: string
  readonly metadata?: readonly SyncActionValue_CustomPaymentMethodMetadata[]
}
export interface SyncActionValue_CustomPaymentMethodMetadata {
  readonly key?: string
  readonly value?: string
}
export interface SyncActionValue_CustomPaymentMethodsAction {
  readonly customPaymentMethods?: readonly SyncActionValue_CustomPaymentMethod[]
}
export interface SyncActionValue_CustomerDataAction {
  readonly chatJid?: string
  readonly contactType?: number
  readonly email?: string
  readonly altPhoneNumbers?: string
  readonly birthday?: Int64
  readonly address?: string
  readonly acquisitionSource?: number
  readonly leadStage?: number
  readonly lastOrder?: Int64
  readonly createdAt?: Int64
  readonly modifiedAt?: Int64
}
export interface SyncActionValue_DeleteChatAction {
  readonly messageRange?: SyncActionValue_SyncActionMessageRange
}
export interface SyncActionValue_DeleteIndividualCallLogAction {
  readonly peerJid?: string
  readonly isIncoming?: boolean
}
export interface SyncActionValue_DeleteMessageForMeAction {
  readonly deleteMedia?: boolean
  readonly messageTimestamp?: Int64
}
export interface SyncActionValue_DetectedOutcomesStatusAction {
  readonly isEnabled?: boolean
}
export interface SyncActionValue_ExternalWebBetaAction {
  readonly isOptIn?: boolean
}
export interface SyncActionValue_FavoritesAction {
  readonly favorites?: readonly SyncActionValue_FavoritesAction_Favorite[]
}
export interface SyncActionValue_FavoritesAction_Favorite {
  readonly id?: string
}
export interface SyncActionValue_InteractiveMessageAction {
  readonly type?: SyncActionValue_InteractiveMessageAction_InteractiveMessageActionMode
  readonly agmId?: string
}
export interface SyncActionValue_KeyExpiration {
  readonly expiredKeyEpoch?: number
}
export interface SyncActionValue_LabelAssociationAction {
  readonly labeled?: boolean
  readonly modelMetaData?: string
}
export interface SyncActionValue_LabelEditAction {
  readonly name?: string
  readonly color?: number
  readonly predefinedId?: number
  readonly deleted?: boolean
  readonly orderIndex?: number
  readonly isActive?: boolean
  readonly type?: SyncActionValue_LabelEditAction_ListType
  readonly isImmutable?: boolean
  readonly muteEndTimeMs?: Int64
}
export interface SyncActionValue_LabelReorderingAction {
  readonly sortedLabelIds?: readonly number[]
}
export interface SyncActionValue_LabelSublistAction {
  readonly subListId?: number
}
export interface SyncActionValue_LidContactAction {
  readonly fullName?: string
  readonly firstName?: string
  readonly username?: string
}
export interface SyncActionValue_LocaleSetting {
  readonly locale?: string
}
export interface SyncActionValue_LockChatAction {
  readonly locked?: boolean
}
export interface SyncActionValue_MaibaAIFeaturesControlAction {
  readonly aiFeatureStatus?: SyncActionValue_MaibaAIFeaturesControlAction_MaibaAIFeatureStatus
  readonly aiReplyMode?: SyncActionValue_MaibaAIFeaturesControlAction_MaibaAIReplyMode
}
export interface SyncActionValue_MarkChatAsReadAction {
  readonly read?: boolean
  readonly messageRange?: SyncActionValue_SyncActionMessageRange
}
export interface SyncActionValue_MarketingMessageAction {
  readonly name?: string
  readonly message?: string
  readonly type?: SyncActionValue_MarketingMessageAction_MarketingMessagePrototypeType
  readonly createdAt?: Int64
  readonly lastSentAt?: Int64
  readonly isDeleted?: boolean
  readonly mediaId?: string
}
export interface SyncActionValue_MarketingMessageBroadcastAction {
  readonly repliedCount?: number
}
export interface SyncActionValue_MerchantPaymentPartnerAction {
  readonly status?: SyncActionValue_MerchantPaymentPartnerAction_Status
  readonly country?: string
  readonly gatewayName?: string
  readonly credentialId?: string
}
export interface SyncActionValue_MusicUserIdAction {
  readonly musicUserId?: string
  readonly music_user_id_map?: Readonly<Record<string, string>>
}
export interface SyncActionValue_MuteAction {
  readonly muted?: boolean
  readonly muteEndTimestamp?: Int64
  readonly autoMuted?: boolean
  readonly muteEveryoneMentionEndTimestamp?: Int64
}
export interface SyncActionValue_NctSaltSyncAction {
  readonly salt?: Uint8Array
}
export interface SyncActionValue_NewsletterSavedInterestsAction {
  readonly newsletterSavedInterests?: string
}
export interface SyncActionValue_NoteEditAction {
  readonly type?: SyncActionValue_NoteEditAction_NoteType
  readonly chatJid?: string
  readonly createdAt?: Int64
  readonly deleted?: boolean
  readonly unstructuredContent?: string
}
export interface SyncActionValue_NotificationActivitySettingAction {
  readonly notificationActivitySetting?: SyncActionValue_NotificationActivitySettingAction_NotificationActivitySetting
}
export interface SyncActionValue_NuxAction {
  readonly acknowledged?: boolean
}
export interface SyncActionValue_OutContactAction {
  readonly fullName?: string
  readonly firstName?: string
}
export interface SyncActionValue_PaymentInfoAction {
  readonly cpi?: string
}
export interface SyncActionValue_PaymentTosAction {
  readonly paymentNotice?: SyncActionValue_PaymentTosAction_PaymentNotice
  readonly accepted?: boolean
}
export interface SyncActionValue_PinAction {
  readonly pinned?: boolean
}
export interface SyncActionValue_PnForLidChatAction {
  readonly pnJid?: string
}
export interface SyncActionValue_PrimaryFeature {
  readonly flags?: readonly string[]
}
export interface SyncActionValue_PrimaryVersionAction {
  readonly version?: string
}
export interface SyncActionValue_PrivacySettingChannelsPersonalisedRecommendationAction {
  readonly isUserOptedOut?: boolean
}
export interface SyncActionValue_PrivacySettingDisableLinkPreviewsAction {
  readonly isPreviewsDisabled?: boolean
}
export interface SyncActionValue_PrivacySettingRelayAllCalls {
  readonly isEnabled?: boolean
}
export interface SyncActionValue_PrivateProcessingSettingAction {
  readonly privateProcessingStatus?: SyncActionValue_PrivateProcessingSettingAction_PrivateProcessingStatus
}
export interface SyncActionValue_PushNameSetting {
  readonly name?: string
}
export interface SyncActionValue_QuickReplyAction {
  readonly shortcut?: string
  readonly message?: string
  readonly keywords?: readonly string[]
  readonly count?: number
  readonly deleted?: boolean
  readonly associatedLabelIds?: readonly string[]
}
export interface SyncActionValue_RecentEmojiWeightsAction {
  readonly weights?: readonly RecentEmojiWeight[]
}
export interface SyncActionValue_RemoveRecentStickerAction {
  readonly lastStickerSentTs?: Int64
}
export interface SyncActionValue_SettingsSyncAction {
  readonly startAtLogin?: boolean
  readonly minimizeToTray?: boolean
  readonly language?: string
  readonly replaceTextWithEmoji?: boolean
  readonly bannerNotificationDisplayMode?: SyncActionValue_SettingsSyncAction_DisplayMode
  readonly unreadCounterBadgeDisplayMode?: SyncActionValue_SettingsSyncAction_DisplayMode
  readonly isMessagesNotificationEnabled?: boolean
  readonly isCallsNotificationEnabled?: boolean
  readonly isReactionsNotificationEnabled?: boolean
  readonly isStatusReactionsNotificationEnabled?: boolean
  readonly isTextPreviewForNotificationEnabled?: boolean
  readonly defaultNotificationToneId?: number
  readonly groupDefaultNotificationToneId?: number
  readonly appTheme?: number
  readonly wallpaperId?: number
  readonly isDoodleWallpaperEnabled?: boolean
  readonly fontSize?: number
  readonly isPhotosAutodownloadEnabled?: boolean
  readonly isAudiosAutodownloadEnabled?: boolean
  readonly isVideosAutodownloadEnabled?: boolean
  readonly isDocumentsAutodownloadEnabled?: boolean
  readonly disableLinkPreviews?: boolean
  readonly notificationToneId?: number
  readonly mediaUploadQuality?: SyncActionValue_SettingsSyncAction_MediaQualitySetting
  readonly isSpellCheckEnabled?: boolean
  readonly isEnterToSendEnabled?: boolean
  readonly isGroupMessageNotificationEnabled?: boolean
  readonly isGroupReactionsNotificationEnabled?: boolean
  readonly isStatusNotificationEnabled?: boolean
  readonly statusNotificationToneId?: number
  readonly shouldPlaySoundForCallNotification?: boolean
  readonly chatThemeId?: string
  readonly colorSchemeId?: string
  readonly stockWallpaperImageId?: string
}
export interface SyncActionValue_SharedDeviceAllowlistAction {
  readonly allowed?: boolean
}
export interface SyncActionValue_StarAction {
  readonly starred?: boolean
}
export interface SyncActionValue_StatusPostOptInNotificationPreferencesAction {
  readonly enabled?: boolean
}
export interface SyncActionValue_StatusPrivacyAction {
  readonly mode?: SyncActionValue_StatusPrivacyAction_StatusDistributionMode
  readonly userJid?: readonly string[]
  readonly shareToFb?: boolean
  readonly shareToIg?: boolean
  readonly customLists?: readonly SyncActionValue_StatusPrivacyAction_CustomList[]
  readonly modes?: readonly SyncActionValue_StatusPrivacyAction_StatusDistributionMode[]
}
export interface SyncActionValue_StatusPrivacyAction_CustomList {
  readonly listId?: string
  readonly name?: string
  readonly emoji?: string
  readonly isSelected?: boolean
  readonly userJid?: readonly string[]
}
export interface SyncActionValue_StickerAction {
  readonly url?: string
  readonly fileEncSha256?: Uint8Array
  readonly mediaKey?: Uint8Array
  readonly mimetype?: string
  readonly height?: number
  readonly width?: number
  readonly directPath?: string
  readonly fileLength?: Int64
  readonly isFavorite?: boolean
  readonly deviceIdHint?: number
  readonly isLottie?: boolean
  readonly imageHash?: string
  readonly isAvatarSticker?: boolean
}
export interface SyncActionValue_SubscriptionAction {
  readonly isDeactivated?: boolean
  readonly isAutoRenewing?: boolean
  readonly expirationDate?: Int64
}
export interface SyncActionValue_SubscriptionsSyncV2Action {
  readonly subscriptions?: readonly SyncActionValue_SubscriptionsSyncV2Action_SubscriptionInfo[]
  readonly paidFeature?: readonly SyncActionValue_SubscriptionsSyncV2Action_PaidFeature[]
}
export interface SyncActionValue_SubscriptionsSyncV2Action_PaidFeature {
  readonly name?: string
  readonly enabled?: boolean
  readonly limit?: number
  readonly expirationTime?: Int64
}
export interface SyncActionValue_SubscriptionsSyncV2Action_SubscriptionInfo {
  readonly id?: string
  readonly tier?: number
  readonly status?: string
  readonly startTime?: Int64
  readonly endTime?: Int64
  readonly isPlatformChanged?: boolean
  readonly source?: string
  readonly creationTime?: Int64
}
export interface SyncActionValue_SyncActionMessage {
  readonly key?: MessageKey
  readonly timestamp?: Int64
}
export interface SyncActionValue_SyncActionMessageRange {
  readonly lastMessageTimestamp?: Int64
  readonly lastSystemMessageTimestamp?: Int64
  readonly messages?: readonly SyncActionValue_SyncActionMessage[]
}
export interface SyncActionValue_ThreadPinAction {
  readonly pinned?: boolean
}
export interface SyncActionValue_TimeFormatAction {
  readonly isTwentyFourHourFormatEnabled?: boolean
}
export interface SyncActionValue_UGCBot {
  readonly definition?: Uint8Array
}
export interface SyncActionValue_UnarchiveChatsSetting {
  readonly unarchiveChats?: boolean
}
export interface SyncActionValue_UserStatusMuteAction {
  readonly muted?: boolean
}
export interface SyncActionValue_UsernameChatStartModeAction {
  readonly chatStartMode?: SyncActionValue_UsernameChatStartModeAction_ChatStartMode
}
export interface SyncActionValue_WASARootSecretAction {
  readonly secrets?: readonly SyncActionValue_WASARootSecretAction_RootSecretEntry[]
}
export interface SyncActionValue_WASARootSecretAction_RootSecretEntry {
  readonly id?: string
  readonly rootSecret?: Uint8Array
  readonly epoch?: Int64
  readonly status?: SyncActionValue_WASARootSecretAction_RootSecretEntry_Status
}
export interface SyncActionValue_WaffleAccountLinkStateAction {
  readonly linkState?: SyncActionValue_WaffleAccountLinkStateAction_AccountLinkState
}
export interface SyncActionValue_WamoUserIdentifierAction {
  readonly identifier?: string
}
export interface SyncActionValue_BusinessFolderActivationAction {
  readonly activated?: boolean
}
export interface RecentEmojiWeight {
  readonly emoji?: string
  readonly weight?: number
}
export interface SyncdSnapshotRecovery {
  readonly version?: SyncdVersion
  readonly collectionName?: string
  readonly mutationRecords?: readonly SyncdPlainTextRecord[]
  readonly collectionLthash?: Uint8Array
}
export interface SyncdPlainTextRecord {
  readonly value?: SyncActionData
  readonly keyId?: Uint8Array
  readonly mac?: Uint8Array
}
export interface HistorySync {
  readonly syncType?: HistorySync_HistorySyncType
  readonly conversations?: readonly Conversation[]
  readonly statusV3Messages?: readonly WebMessageInfo[]
  readonly chunkOrder?: number
  readonly progress?: number
  readonly pushnames?: readonly Pushname[]
  readonly globalSettings?: GlobalSettings
  readonly threadIdUserSecret?: Uint8Array
  readonly threadDsTimeframeOffset?: number
  readonly recentStickers?: readonly StickerMetadata[]
  readonly pastParticipants?: readonly PastParticipants[]
  readonly callLogRecords?: readonly CallLogRecord[]
  readonly aiWaitListState?: HistorySync_BotAIWaitListState
  readonly phoneNumberToLidMappings?: readonly PhoneNumberToLIDMapping[]
  readonly companionMetaNonce?: string
  readonly shareableChatIdentifierEncryptionKey?: Uint8Array
  readonly accounts?: readonly Account[]
  readonly nctSalt?: Uint8Array
  readonly inlineContacts?: readonly InlineContact[]
  readonly inlineContactsProvided?: boolean
}
export interface Conversation {
  readonly id?: string
  readonly messages?: readonly HistorySyncMsg[]
  readonly newJid?: string
  readonly oldJid?: string
  readonly lastMsgTimestamp?: Int64
  readonly unreadCount?: number
  readonly readOnly?: boolean
  readonly endOfHistoryTransfer?: boolean
  readonly ephemeralExpiration?: number
  readonly ephemeralSettingTimestamp?: Int64
  readonly endOfHistoryTransferType?: Conversation_EndOfHistoryTransferType
  readonly conversationTimestamp?: Int64
  readonly name?: string
  readonly pHash?: string
  readonly notSpam?: boolean
  readonly archived?: boolean
  readonly disappearingMode?: DisappearingMode
  readonly unreadMentionCount?: number
  readonly markedAsUnread?: boolean
  readonly participant?: readonly GroupParticipant[]
  readonly tcToken?: Uint8Array
  readonly tcTokenTimestamp?: Int64
  readonly contactPrimaryIdentityKey?: Uint8Array
  readonly pinned?: number
  readonly muteEndTime?: Int64
  readonly wallpaper?: WallpaperSettings
  readonly mediaVisibility?: MediaVisibility
  readonly tcTokenSenderTimestamp?: Int64
  readonly suspended?: boolean
  readonly terminated?: boolean
  readonly createdAt?: Int64
  readonly createdBy?: string
  readonly description?: string
  readonly support?: boolean
  readonly isParentGroup?: boolean
  readonly isDefaultSubgroup?: boolean
  readonly parentGroupId?: string
  readonly displayName?: string
  readonly pnJid?: string
  readonly shareOwnPn?: boolean
  readonly pnhDuplicateLidThread?: boolean
  readonly lidJid?: string
  readonly username?: string
  readonly lidOriginType?: string
  readonly commentsCount?: number
  readonly locked?: boolean
  readonly systemMessageToInsert?: PrivacySystemMessage
  readonly capiCreatedGroup?: boolean
  readonly accountLid?: string
  readonly limitSharing?: boolean
  readonly limitSharingSettingTimestamp?: Int64
  readonly limitSharingTrigger?: LimitSharing_TriggerType
  readonly limitSharingInitiatedByMe?: boolean
  readonly maibaAiThreadEnabled?: boolean
  readonly isMarketingMessageThread?: boolean
  readonly isSenderNewAccount?: boolean
  readonly afterReadDuration?: number
  readonly isSenderSuspicious?: boolean
  readonly appealStatus?: Conversation_GroupAppealStatus
  readonly appealUpdateTime?: Int64
  readonly authAgentParentCompanyName?: string
  readonly authAgentObaPhoneNumber?: string
  readonly identityVerification?: IdentityVerificationState
}
export interface HistorySyncMsg {
  readonly message?: WebMessageInfo
  readonly msgOrderId?: Int64
}
export interface GroupParticipant {
  readonly userJid?: string
  readonly rank?: GroupParticipant_Rank
  readonly memberLabel?: MemberLabel
}
export interface WallpaperSettings {
  readonly filename?: string
  readonly opacity?: number
  readonly isGenAi?: boolean
}
export interface IdentityVerificationState {
  readonly verified?: boolean
  readonly actionSeq?: Int64
}
export interface Pushname {
  readonly id?: string
  readonly pushname?: string
}
export interface GlobalSettings {
  readonly lightThemeWallpaper?: WallpaperSettings
  readonly mediaVisibility?: MediaVisibility
  readonly darkThemeWallpaper?: WallpaperSettings
  readonly autoDownloadWiFi?: AutoDownloadSettings
  readonly autoDownloadCellular?: AutoDownloadSettings
  readonly autoDownloadRoaming?: AutoDownloadSettings
  readonly showIndividualNotificationsPreview?: boolean
  readonly showGroupNotificationsPreview?: boolean
  readonly disappearingModeDuration?: number
  readonly disappearingModeTimestamp?: Int64
  readonly avatarUserSettings?: AvatarUserSettings
  readonly fontSize?: number
  readonly securityNotifications?: boolean
  readonly autoUnarchiveChats?: boolean
  readonly videoQualityMode?: number
  readonly photoQualityMode?: number
  readonly individualNotificationSettings?: NotificationSettings
  readonly groupNotificationSettings?: NotificationSettings
  readonly chatLockSettings?: ChatLockSettings
  readonly chatDbLidMigrationTimestamp?: Int64
}
export interface AutoDownloadSettings {
  readonly downloadImages?: boolean
  readonly downloadAudio?: boolean
  readonly downloadVideo?: boolean
  readonly downloadDocuments?: boolean
}
export interface AvatarUserSettings {
  readonly fbid?: string
  readonly password?: string
}
export interface NotificationSettings {
  readonly messageVibrate?: string
  readonly messagePopup?: string
  readonly messageLight?: string
  readonly lowPriorityNotifications?: boolean
  readonly reactionsMuted?: boolean
  readonly callVibrate?: string
}
export interface StickerMetadata {
  readonly url?: string
  readonly fileSha256?: Uint8Array
  readonly fileEncSha256?: Uint8Array
  readonly mediaKey?: Uint8Array
  readonly mimetype?: string
  readonly height?: number
  readonly width?: number
  readonly directPath?: string
  readonly fileLength?: Int64
  readonly weight?: number
  readonly lastStickerSentTs?: Int64
  readonly isLottie?: boolean
  readonly imageHash?: string
  readonly isAvatarSticker?: boolean
}
export interface PastParticipants {
  readonly groupJid?: string
  readonly pastParticipants?: readonly PastParticipant[]
}
export interface PastParticipant {
  readonly userJid?: string
  readonly leaveReason?: PastParticipant_LeaveReason
  readonly leaveTs?: Int64
}
export interface PhoneNumberToLIDMapping {
  readonly pnJid?: string
  readonly lidJid?: string
}
export interface Account {
  readonly lid?: string
  readonly username?: string
  readonly countryCode?: string
  readonly isUsernameDeleted?: boolean
}
export interface InlineContact {
  readonly pnJid?: string
  readonly lidJid?: string
  readonly fullName?: string
  readonly firstName?: string
  readonly username?: string
}
export interface MsgOpaqueData {
  readonly body?: string
  readonly caption?: string
  readonly lng?: number
  readonly isLive?: boolean
  readonly lat?: number
  readonly paymentAmount1000?: number
  readonly paymentNoteMsgBody?: string
  readonly matchedText?: string
  readonly title?: string
  readonly description?: string
  readonly futureproofBuffer?: Uint8Array
  readonly clientUrl?: string
  readonly loc?: string
  readonly pollName?: string
  readonly pollOptions?: readonly MsgOpaqueData_PollOption[]
  readonly pollSelectableOptionsCount?: number
  readonly messageSecret?: Uint8Array
  readonly senderTimestampMs?: Int64
  readonly pollUpdateParentKey?: string
  readonly encPollVote?: PollEncValue
  readonly encReactionTargetMessageKey?: string
  readonly encReactionEncPayload?: Uint8Array
  readonly encReactionEncIv?: Uint8Array
  readonly isSentCagPollCreation?: boolean
  readonly botMessageSecret?: Uint8Array
  readonly targetMessageKey?: string
  readonly encPayload?: Uint8Array
  readonly encIv?: Uint8Array
  readonly eventName?: string
  readonly isEventCanceled?: boolean
  readonly eventDescription?: string
  readonly eventJoinLink?: string
  readonly eventStartTime?: Int64
  readonly eventLocation?: MsgOpaqueData_EventLocation
  readonly eventEndTime?: Int64
  readonly pollVotesSnapshot?: MsgOpaqueData_PollVotesSnapshot
  readonly pollContentType?: MsgOpaqueData_PollContentType
  readonly plainProtobufBytes?: Uint8Array
  readonly eventIsScheduledCall?: boolean
  readonly eventExtraGuestsAllowed?: boolean
  readonly pollType?: MsgOpaqueData_PollType
  readonly correctOptionIndex?: number
  readonly quarantineExtractedText?: string
  readonly pollEndTime?: Int64
  readonly pollHideVoterNames?: boolean
  readonly originalSelfAuthor?: string
  readonly pollAllowAddOption?: boolean
  readonly sharableEventInviteId?: string
  readonly sharableEventInviteTitle?: string
  readonly sharableEventInviteStartTime?: Int64
  readonly sharableEventInviteEndTime?: Int64
  readonly sharableEventInviteCaption?: string
  readonly sharableEventInviteIsCanceled?: boolean
  readonly sharableEventInviteJpegThumbnail?: Uint8Array
  readonly sharableEventInviteCallLink?: string
}
export interface MsgOpaqueData_EventLocation {
  readonly degreesLatitude?: number
  readonly degreesLongitude?: number
  readonly name?: string
  readonly address?: string
  readonly url?: string
  readonly jpegThumbnail?: Uint8Array
}
export interface MsgOpaqueData_PollOption {
  readonly name?: string
  readonly hash?: string
}
export interface MsgOpaqueData_PollVoteSnapshot {
  readonly option?: MsgOpaqueData_PollOption
  readonly optionVoteCount?: number
}
export interface MsgOpaqueData_PollVotesSnapshot {
  readonly pollVotes?: readonly MsgOpaqueData_PollVoteSnapshot[]
}
export interface PollEncValue {
  readonly encPayload?: Uint8Array
  readonly encIv?: Uint8Array
}
export interface MediaEntry {
  readonly fileSha256?: Uint8Array
  readonly mediaKey?: Uint8Array
  readonly fileEncSha256?: Uint8Array
  readonly directPath?: string
  readonly mediaKeyTimestamp?: Int64
  readonly serverMediaType?: string
  readonly uploadToken?: Uint8Array
  readonly validatedTimestamp?: Uint8Array
  readonly sidecar?: Uint8Array
  readonly objectId?: string
  readonly fbid?: string
  readonly downloadableThumbnail?: MediaEntry_DownloadableThumbnail
  readonly handle?: string
  readonly filename?: string
  readonly progressiveJpegDetails?: MediaEntry_ProgressiveJpegDetails
  readonly size?: Int64
  readonly lastDownloadAttemptTimestamp?: Int64
}
export interface MediaEntry_DownloadableThumbnail {
  readonly fileSha256?: Uint8Array
  readonly fileEncSha256?: Uint8Array
  readonly directPath?: string
  readonly mediaKey?: Uint8Array
  readonly mediaKeyTimestamp?: Int64
  readonly objectId?: string
}
export interface MediaEntry_ProgressiveJpegDetails {
  readonly scanLengths?: readonly number[]
  readonly sidecar?: Uint8Array
}
export interface GroupHistory {
  readonly messages?: readonly WebMessageInfo[]
  readonly uncountedAssociatedMessageLists?: readonly UnCountedAssociatedMessageList[]
  readonly commentMessages?: readonly WebMessageInfo[]
  readonly outOfWindowPinnedMessages?: readonly WebMessageInfo[]
}
export interface UnCountedAssociatedMessageList {
  readonly messages?: readonly WebMessageInfo[]
  readonly parentMessage?: MessageKey
  readonly associationType?: MessageAssociation_AssociationType
}
export interface LIDMigrationMapping {
  readonly pn?: Int64
  readonly assignedLid?: Int64
  readonly latestLid?: Int64
}
export interface LIDMigrationMappingSyncPayload {
  readonly pnToLidMappings?: readonly LIDMigrationMapping[]
  readonly chatDbMigrationTimestamp?: Int64
}
