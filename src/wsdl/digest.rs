//! Which revision of a contract a recording was made against.

use sha2::{Digest, Sha256};

use super::Contract;
use crate::diagnostic::FileId;

/// Bytes of the hash that are kept.
const DIGEST_BYTES: usize = 8;

impl Contract {
    /// SHA-256 over its documents, the first 16 hexadecimal digits. Where they lie, in which
    /// order they were read and how their lines end does not count.
    #[must_use]
    pub fn digest(&self) -> String {
        let files = (0..).map(FileId).take(self.sources.len());
        let mut hashes: Vec<_> = files
            .map(|file| {
                let mut hasher = Sha256::new();
                for line in self.sources.text(file).lines() {
                    hasher.update(line);
                    hasher.update("\n");
                }
                hasher.finalize()
            })
            .collect();
        hashes.sort_unstable();
        let mut whole = Sha256::new();
        hashes.iter().for_each(|hash| whole.update(hash));
        whole.finalize().iter().take(DIGEST_BYTES).map(|byte| format!("{byte:02x}")).collect()
    }
}

#[cfg(test)]
mod tests {
    use crate::wsdl::{DocumentSource, SourceDocument, SourceError, load};

    struct Text(&'static str);

    impl DocumentSource for Text {
        fn read(&self, location: &str) -> Result<SourceDocument, SourceError> {
            let bytes = self.0.as_bytes().to_vec();
            Ok(SourceDocument { location: location.to_owned(), bytes, charset: None })
        }
    }

    #[test]
    fn only_what_a_contract_says_counts() {
        let digest = |location: &str, text| load(location, &Text(text)).unwrap().contract.digest();
        let one = "<definitions xmlns='http://schemas.xmlsoap.org/wsdl/'>\n</definitions>";
        let same = "<definitions xmlns='http://schemas.xmlsoap.org/wsdl/'>\r\n</definitions>";
        let other = "<definitions xmlns='http://schemas.xmlsoap.org/wsdl/' name='x'/>";
        assert_eq!(digest("a.wsdl", one), digest("b/c.wsdl", same));
        assert_ne!(digest("a.wsdl", one), digest("a.wsdl", other));
        assert_eq!(digest("a.wsdl", one).len(), 16);
    }
}
