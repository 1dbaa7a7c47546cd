//! A contract's documents as a folder that stands alone: names unique and safe, locations
//! rewritten to them, everything else byte for byte.

use std::collections::{HashMap, HashSet};

use super::judged::Judged;
use super::lock::Lock;
use crate::cli::output::Failure;
use crate::diagnostic::Sources;
use crate::wsdl::{
    self, DocumentSource, Loaded, LoadedFile, SourceDocument, SourceError, resolve_location,
};
use crate::xml::encoding;

/// Characters of a file name, its extension not counted.
const NAME_CHARS_MAX: usize = 80;

/// Copies of a contract's documents.
#[derive(Debug)]
pub struct Vendored {
    /// One for one with the documents read, the root first.
    pub files: Vec<VendoredFile>,
    /// Sources, names and hashes.
    pub lock: Lock,
}

/// One copy.
#[derive(Debug)]
pub struct VendoredFile {
    /// Its name in the folder.
    pub name: String,
    /// Its bytes, UTF-8 unless it could not be decoded.
    pub bytes: Vec<u8>,
}

impl Vendored {
    /// Copies every document. `root_name` keeps the root's name of an earlier import.
    pub fn of(judged: &Judged, source: &str, root_name: Option<&str>) -> Self {
        let names = names(judged, root_name);
        let mut links: Vec<Vec<(usize, usize, &str)>> = vec![Vec::new(); judged.files.len()];
        let by_id: HashMap<_, _> =
            judged.files.iter().enumerate().map(|(at, file)| (file.file_id, at)).collect();
        for link in &judged.links {
            if let (Some(target), Some(at)) = (link.target, by_id.get(&link.span.file)) {
                let (start, end) = (link.span.start as usize, link.span.end as usize);
                links[*at].push((start, end, names[target].as_str()));
            }
        }
        let sources = &judged.contract.sources;
        let files: Vec<VendoredFile> = judged
            .files
            .iter()
            .zip(&names)
            .zip(&mut links)
            .map(|((file, name), links)| VendoredFile {
                name: name.clone(),
                bytes: copy(file, sources, links),
            })
            .collect();
        let locked = files
            .iter()
            .zip(&judged.files)
            .map(|(copy, file)| (copy.name.as_str(), file.location.as_str(), &copy.bytes[..]));
        let lock = Lock::of(source, &names[0], locked);
        Self { files, lock }
    }

    /// Reads the copies as if they lay in `folder`, and nothing else.
    ///
    /// # Errors
    /// They are no contract any more, which is a mistake of ours.
    pub fn load(&self, folder: &str) -> Result<Loaded, Failure> {
        let root = format!("{folder}/{}", self.lock.root);
        wsdl::load(&root, &Copies { folder, files: &self.files }).map_err(|_| {
            Failure::new("the copies of the contract cannot be read again")
                .help("nothing was written; please report this with the contract")
        })
    }
}

/// The copies as a source of documents.
struct Copies<'v> {
    folder: &'v str,
    files: &'v [VendoredFile],
}

impl DocumentSource for Copies<'_> {
    fn read(&self, location: &str) -> Result<SourceDocument, SourceError> {
        let found = self.files.iter().find(|file| {
            resolve_location("", &format!("{}/{}", self.folder, file.name)) == location
                || format!("{}/{}", self.folder, file.name) == location
        });
        let Some(file) = found else {
            return Err(SourceError { message: "there is no such file".to_owned(), help: None });
        };
        Ok(SourceDocument {
            location: location.to_owned(),
            bytes: file.bytes.clone(),
            charset: None,
        })
    }
}

fn copy(file: &LoadedFile, sources: &Sources, links: &mut [(usize, usize, &str)]) -> Vec<u8> {
    let text = sources.text(file.file_id);
    if text.contains('\u{FFFD}') && encoding::decode(&file.bytes, None).is_err() {
        // Not to be decoded: it stays as it came, so that it is read with the same problem.
        return file.bytes.clone();
    }
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    if let Some((start, end)) = foreign_encoding(text) {
        out.push_str(&text[..start]);
        out.push_str("UTF-8");
        at = end;
    }
    links.sort_unstable();
    for &mut (start, end, name) in links {
        if start < at || !text.is_char_boundary(start) || !text.is_char_boundary(end) {
            continue;
        }
        out.push_str(&text[at..start]);
        out.push_str(name);
        at = end;
    }
    out.push_str(text.get(at..).unwrap_or(""));
    out.into_bytes()
}

/// Where an XML declaration names an encoding that the copy no longer has.
fn foreign_encoding(text: &str) -> Option<(usize, usize)> {
    let declaration = &text[..text.strip_prefix("<?xml").and_then(|_| text.find("?>"))?];
    let at = declaration.find("encoding")?;
    let open = at + declaration[at..].find(['"', '\''])?;
    let quote = char::from(declaration.as_bytes()[open]);
    let close = open + 1 + declaration[open + 1..].find(quote)?;
    let label = &declaration[open + 1..close];
    (!label.eq_ignore_ascii_case("utf-8")).then_some((open + 1, close))
}

/// A name for every document: unique whatever the case, plain ASCII, no folders.
fn names(judged: &Judged, root_name: Option<&str>) -> Vec<String> {
    // What could not be read must not be found here by accident.
    let missing = judged.links.iter().filter(|link| link.target.is_none());
    let mut taken: HashSet<String> = missing
        .filter_map(|link| link.reference.rsplit(['/', '\\']).next())
        .map(str::to_ascii_lowercase)
        .collect();
    let mut names = Vec::with_capacity(judged.files.len());
    for (at, file) in judged.files.iter().enumerate() {
        let (stem, extension) = match (at, root_name) {
            (0, Some(name)) => name
                .rsplit_once('.')
                .map_or((name.to_owned(), ""), |(stem, ext)| (stem.to_owned(), ext)),
            (0, None) => (safe(&judged.contract.name), "wsdl"),
            _ => (safe(&wish(&file.location)), extension(judged, file)),
        };
        let name = (1..=judged.files.len() + taken.len() + 1)
            .map(|n| match n {
                1 => format!("{stem}.{extension}"),
                n => format!("{stem}-{n}.{extension}"),
            })
            .find(|name| taken.insert(name.to_ascii_lowercase()));
        names.push(name.unwrap_or_default());
    }
    names
}

/// `schemas/common.xsd` → `common`; `Service?xsd=xsd2` → `Service-xsd2`.
fn wish(location: &str) -> String {
    let (path, query) = location.split_once('?').unwrap_or((location, ""));
    let file = path.rsplit(['/', '\\']).find(|part| !part.is_empty()).unwrap_or("document");
    let file = percent_encoding::percent_decode_str(file).decode_utf8_lossy();
    let stem = match file.rsplit_once('.') {
        Some((stem, "xsd" | "wsdl" | "xml" | "XSD" | "WSDL" | "XML")) if !stem.is_empty() => stem,
        _ => &file,
    };
    let value = query.rsplit(['=', '/']).next().unwrap_or("");
    let value = value.strip_suffix(".xsd").unwrap_or(value);
    if value.is_empty() { stem.to_owned() } else { format!("{stem}-{value}") }
}

fn extension(judged: &Judged, file: &LoadedFile) -> &'static str {
    let text = judged.contract.sources.text(file.file_id);
    let named = file.location.split('?').next().unwrap_or("").to_ascii_lowercase();
    let root = text.split('<').find(|part| part.starts_with(|c: char| c.is_alphabetic()));
    let root = root.unwrap_or("").split([' ', '>', '\n', '\t', '\r', '/']).next().unwrap_or("");
    match root.rsplit(':').next() {
        Some("schema") => "xsd",
        Some("definitions") => "wsdl",
        _ => match named.rsplit_once('.') {
            Some((_, "wsdl")) => "wsdl",
            Some((_, "xsd")) => "xsd",
            _ => "xml",
        },
    }
}

fn safe(wish: &str) -> String {
    let mut name = String::new();
    for c in wish.chars().take(NAME_CHARS_MAX) {
        let plain = c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
        let next = if plain { c } else { '-' };
        if next != '-' || !name.ends_with('-') {
            name.push(next);
        }
    }
    let name = name.trim_matches(['-', '.']).to_owned();
    // Names that mean devices on Windows, where a repository may be checked out.
    let device = ["con", "prn", "aux", "nul"].iter().any(|d| name.eq_ignore_ascii_case(d));
    match name.as_str() {
        "" => "document".to_owned(),
        _ if device => format!("{name}_"),
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_get_plain_names() {
        let check = |location, name: &str| assert_eq!(safe(&wish(location)), name, "{location}");
        check("a/b/common.xsd", "common");
        check("http://h/Svc.svc?xsd=xsd2", "Svc.svc-xsd2");
        check("http://h/s?SCHEMA%2Fa.xsd", "s-SCHEMA-2Fa");
        check("http://h/%2e%2e/..%2Fetc.xsd", "etc");
        check("C:\\x\\größe.xsd", "gr-e");
        check("aux.xsd", "aux_");
        check("http://h/", "h");
    }

    #[test]
    fn a_foreign_encoding_is_found() {
        let check = |text: &str, label: Option<&str>| {
            assert_eq!(foreign_encoding(text).map(|(a, b)| &text[a..b]), label, "{text}");
        };
        check("<?xml version=\"1.0\" encoding='ISO-8859-1'?><a/>", Some("ISO-8859-1"));
        check("<?xml version=\"1.0\" encoding=\"utf-8\"?><a/>", None);
        check("<?xml version=\"1.0\"?><a encoding='x'/>", None);
        check("<a/>", None);
    }
}
