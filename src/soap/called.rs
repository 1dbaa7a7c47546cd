//! What an answer is held against besides its contract: the call it answers.

use crate::codec::{DecodeError, Decoder};
use crate::diagnostic::Code;
use crate::wsdl::SoapVersion;

/// What is known of a call before its answer is read.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Called {
    version: Option<SoapVersion>,
    failed: bool,
}

impl Called {
    /// A call by a version of SOAP, of which the transport says whether it failed.
    pub(super) fn new(version: SoapVersion, failed: bool) -> Self {
        Self { version: Some(version), failed }
    }

    /// A result came: by another SOAP, or though the call failed, it is a deviation.
    pub(super) fn denied_by(
        self,
        version: SoapVersion,
        decoder: &mut Decoder,
    ) -> Result<(), DecodeError> {
        if self.version.is_some_and(|asked| asked != version) {
            decoder.deviates(Code::ViolationVersion, version.name())?;
        }
        if self.failed {
            decoder.deviates(Code::ViolationStatus, "a result")?;
        }
        Ok(())
    }
}
