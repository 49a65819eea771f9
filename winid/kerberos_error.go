package winid

// KerberosError is the result of a request to a domain controller's Kerberos service:
// Status of Security 4768, 4769, 4771 and 4820. The numbers and names are those of
// [RFC 4120] 7.5.9, of [RFC 4556] above 61 and of [RFC 6113] above 89; the meanings are
// in our own words, for a domain of Windows.
//
// [RFC 4120]: https://www.rfc-editor.org/rfc/rfc4120
// [RFC 4556]: https://www.rfc-editor.org/rfc/rfc4556
// [RFC 6113]: https://www.rfc-editor.org/rfc/rfc6113
type KerberosError uint32

// Name returns the name of the error, such as KDC_ERR_PREAUTH_FAILED, and "" for one
// that is not in the table.
func (e KerberosError) Name() string { return kerberosErrors[e].name }

// Meaning returns what the error means, such as "wrong password", and "" for one that
// is not in the table.
func (e KerberosError) Meaning() string { return kerberosErrors[e].meaning }

// String returns the number and the meaning, as in "0x18 (wrong password)", or the
// number alone.
func (e KerberosError) String() string { return hexadecimal(uint32(e), e.Meaning()) }

var kerberosErrors = map[KerberosError]named{
	0x00: {"KDC_ERR_NONE", "success"},
	0x01: {"KDC_ERR_NAME_EXP", "client's account expired"},
	0x02: {"KDC_ERR_SERVICE_EXP", "service's account expired"},
	0x03: {"KDC_ERR_BAD_PVNO", "protocol version not supported"},
	0x04: {"KDC_ERR_C_OLD_MAST_KVNO", "client's key is encrypted with an old master key"},
	0x05: {"KDC_ERR_S_OLD_MAST_KVNO", "service's key is encrypted with an old master key"},
	0x06: {"KDC_ERR_C_PRINCIPAL_UNKNOWN", "account does not exist"},
	0x07: {"KDC_ERR_S_PRINCIPAL_UNKNOWN", "service name does not exist"},
	0x08: {"KDC_ERR_PRINCIPAL_NOT_UNIQUE", "several accounts have the name"},
	0x09: {"KDC_ERR_NULL_KEY", "account has no key"},
	0x0a: {"KDC_ERR_CANNOT_POSTDATE", "ticket may not be postdated"},
	0x0b: {"KDC_ERR_NEVER_VALID", "ticket would end before it begins"},
	0x0c: {"KDC_ERR_POLICY", "restricted by policy, such as logon hours or workstations"},
	0x0d: {"KDC_ERR_BADOPTION", "option not possible, such as a delegation that is not permitted"},
	0x0e: {"KDC_ERR_ETYPE_NOSUPP", "encryption type not supported"},
	0x0f: {"KDC_ERR_SUMTYPE_NOSUPP", "checksum type not supported"},
	0x10: {"KDC_ERR_PADATA_TYPE_NOSUPP", "type of pre-authentication not supported, such as a smart card without a certificate of the domain controller"},
	0x11: {"KDC_ERR_TRTYPE_NOSUPP", "transited type not supported"},
	0x12: {"KDC_ERR_CLIENT_REVOKED", "account disabled, expired or locked out"},
	0x13: {"KDC_ERR_SERVICE_REVOKED", "service's account disabled, expired or locked out"},
	0x14: {"KDC_ERR_TGT_REVOKED", "ticket-granting ticket revoked"},
	0x15: {"KDC_ERR_CLIENT_NOTYET", "client's account not valid yet"},
	0x16: {"KDC_ERR_SERVICE_NOTYET", "service's account not valid yet"},
	0x17: {"KDC_ERR_KEY_EXPIRED", "password expired"},
	0x18: {"KDC_ERR_PREAUTH_FAILED", "wrong password"},
	0x19: {"KDC_ERR_PREAUTH_REQUIRED", "pre-authentication required"},
	0x1a: {"KDC_ERR_SERVER_NOMATCH", "ticket is for another server"},
	0x1b: {"KDC_ERR_MUST_USE_USER2USER", "service demands user-to-user authentication"},
	0x1c: {"KDC_ERR_PATH_NOT_ACCEPTED", "path over other realms not accepted"},
	0x1d: {"KDC_ERR_SVC_UNAVAILABLE", "service not available"},
	0x1f: {"KRB_AP_ERR_BAD_INTEGRITY", "ticket cannot be decrypted or was changed"},
	0x20: {"KRB_AP_ERR_TKT_EXPIRED", "ticket expired"},
	0x21: {"KRB_AP_ERR_TKT_NYV", "ticket not valid yet"},
	0x22: {"KRB_AP_ERR_REPEAT", "request was sent before"},
	0x23: {"KRB_AP_ERR_NOT_US", "ticket is for another service"},
	0x24: {"KRB_AP_ERR_BADMATCH", "ticket and authenticator differ"},
	0x25: {"KRB_AP_ERR_SKEW", "clocks differ too much"},
	0x26: {"KRB_AP_ERR_BADADDR", "request came from another address than the ticket names"},
	0x27: {"KRB_AP_ERR_BADVERSION", "protocol version differs"},
	0x28: {"KRB_AP_ERR_MSG_TYPE", "message type not supported"},
	0x29: {"KRB_AP_ERR_MODIFIED", "message was changed or is encrypted with another key"},
	0x2a: {"KRB_AP_ERR_BADORDER", "message out of order"},
	0x2c: {"KRB_AP_ERR_BADKEYVER", "version of the key not available"},
	0x2d: {"KRB_AP_ERR_NOKEY", "service's key not available"},
	0x2e: {"KRB_AP_ERR_MUT_FAIL", "mutual authentication failed"},
	0x2f: {"KRB_AP_ERR_BADDIRECTION", "wrong direction of the message"},
	0x30: {"KRB_AP_ERR_METHOD", "another authentication method required"},
	0x31: {"KRB_AP_ERR_BADSEQ", "wrong sequence number"},
	0x32: {"KRB_AP_ERR_INAPP_CKSUM", "checksum type not fit for the message"},
	0x33: {"KRB_AP_PATH_NOT_ACCEPTED", "path over other realms not accepted"},
	0x34: {"KRB_ERR_RESPONSE_TOO_BIG", "answer too large for UDP"},
	0x3c: {"KRB_ERR_GENERIC", "error without a number of its own"},
	0x3d: {"KRB_ERR_FIELD_TOOLONG", "request too long"},
	0x3e: {"KDC_ERR_CLIENT_NOT_TRUSTED", "client's certificate not trusted"},
	0x3f: {"KDC_ERR_KDC_NOT_TRUSTED", "domain controller's certificate not trusted"},
	0x40: {"KDC_ERR_INVALID_SIG", "signature not valid"},
	0x41: {"KDC_ERR_KEY_TOO_WEAK", "key too weak"},
	0x42: {"KDC_ERR_CERTIFICATE_MISMATCH", "certificate does not belong to the account"},
	0x43: {"KRB_AP_ERR_NO_TGT", "ticket-granting ticket missing"},
	0x44: {"KDC_ERR_WRONG_REALM", "wrong realm"},
	0x45: {"KRB_AP_ERR_USER_TO_USER_REQUIRED", "user-to-user authentication required"},
	0x46: {"KDC_ERR_CANT_VERIFY_CERTIFICATE", "certificate cannot be verified"},
	0x47: {"KDC_ERR_INVALID_CERTIFICATE", "certificate not valid"},
	0x48: {"KDC_ERR_REVOKED_CERTIFICATE", "certificate revoked"},
	0x49: {"KDC_ERR_REVOCATION_STATUS_UNKNOWN", "revocation of the certificate could not be checked"},
	0x4a: {"KDC_ERR_REVOCATION_STATUS_UNAVAILABLE", "revocation server not reachable"},
	0x4b: {"KDC_ERR_CLIENT_NAME_MISMATCH", "client name does not fit the certificate"},
	0x4c: {"KDC_ERR_KDC_NAME_MISMATCH", "domain controller's name does not fit the certificate"},
	0x4d: {"KDC_ERR_INCONSISTENT_KEY_PURPOSE", "certificate not meant for this use"},
	0x4e: {"KDC_ERR_DIGEST_IN_CERT_NOT_ACCEPTED", "digest of the certificate not accepted"},
	0x4f: {"KDC_ERR_PA_CHECKSUM_MUST_BE_INCLUDED", "checksum of the request missing"},
	0x50: {"KDC_ERR_DIGEST_IN_SIGNED_DATA_NOT_ACCEPTED", "digest of the signed data not accepted"},
	0x51: {"KDC_ERR_PUBLIC_KEY_ENCRYPTION_NOT_SUPPORTED", "encryption with a public key not supported"},
	0x5a: {"KDC_ERR_PREAUTH_EXPIRED", "pre-authentication took too long"},
	0x5b: {"KDC_ERR_MORE_PREAUTH_DATA_REQUIRED", "pre-authentication goes on"},
	0x5d: {"KDC_ERR_UNKNOWN_CRITICAL_FAST_OPTION", "FAST option not supported"},
}
