//! Contracts from the file system.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use percent_encoding::percent_decode_str;

use crate::wsdl::{DocumentSource, SourceDocument, SourceError, scheme};

/// Bytes of one file that are read at most; one more than any document may have.
const FILE_BYTES_MAX: u64 = 64 * 1024 * 1024 + 1;

/// Reads paths and `file:` URLs.
#[derive(Debug, Default, Clone, Copy)]
pub struct FileSource;

impl DocumentSource for FileSource {
    fn read(&self, location: &str) -> Result<SourceDocument, SourceError> {
        if scheme(location).is_some_and(|scheme| !scheme.eq_ignore_ascii_case("file")) {
            return Err(SourceError {
                message: "it is not a file".to_owned(),
                help: Some(format!(
                    "save the document of `{location}` in a folder and give it with --catalog"
                )),
            });
        }
        let mut last = None;
        for path in candidates(location) {
            match read_bounded(&path) {
                Ok(bytes) => {
                    let location = location.to_owned();
                    return Ok(SourceDocument { location, bytes, charset: None });
                }
                Err(error) => last = last.or(Some(error)),
            }
        }
        let message = last.map_or_else(|| "no path".to_owned(), |error| describe(&error));
        Err(SourceError { message, help: None })
    }
}

/// The paths a location may mean: as it is, with escapes decoded, without its query.
fn candidates(location: &str) -> Vec<PathBuf> {
    let path = match scheme(location) {
        Some(_) => {
            let rest = location.split_once(':').map_or(location, |(_, rest)| rest);
            let rest = rest.strip_prefix("//localhost").unwrap_or(rest);
            rest.strip_prefix("//").unwrap_or(rest)
        }
        None => location,
    };
    let mut texts = vec![path.to_owned()];
    for text in [path, path.split('?').next().unwrap_or(path)] {
        texts.push(text.to_owned());
        texts.push(percent_decode_str(text).decode_utf8_lossy().into_owned());
    }
    if scheme(location).is_some() {
        // `file:` URLs are escaped; the literal path is the second guess.
        texts.swap(0, 2);
    }
    let mut paths: Vec<PathBuf> = texts.into_iter().map(PathBuf::from).collect();
    paths.dedup();
    paths
}

/// Reads a file within the limit of one document.
///
/// # Errors
/// Where it cannot be read; a folder is an error, too.
pub(crate) fn read_bounded(path: &Path) -> io::Result<Vec<u8>> {
    let file = fs::File::open(path)?;
    if file.metadata()?.is_dir() {
        return Err(io::Error::from(io::ErrorKind::IsADirectory));
    }
    let mut bytes = Vec::new();
    file.take(FILE_BYTES_MAX).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// An error in the words of people.
pub(crate) fn describe(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file".to_owned(),
        io::ErrorKind::PermissionDenied => "this user may not read it".to_owned(),
        io::ErrorKind::IsADirectory => "it is a folder".to_owned(),
        _ => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_found_by_path_by_url_and_with_escapes() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a b.xsd");
        fs::write(&path, "<a/>").unwrap();
        let text = path.to_str().unwrap();
        let check = |location: &str| {
            assert_eq!(
                FileSource.read(location).map(|d| d.bytes),
                Ok(b"<a/>".to_vec()),
                "{location}"
            );
        };
        check(text);
        check(&text.replace(' ', "%20"));
        check(&format!("{text}?x=1"));
        check(&format!("file://{}", text.replace(' ', "%20")));
        check(&format!("file:{text}"));
        assert!(FileSource.read("http://localhost/a.xsd").is_err());
        assert!(FileSource.read(folder.path().to_str().unwrap()).is_err());
    }
}
