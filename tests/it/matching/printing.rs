//! A message as a file: white space added, nothing else changed.

use std::path::{Path, PathBuf};

use figleaf::canonical::{Side, Vocabulary, print};
use figleaf::cli::FileSource;
use figleaf::codec::Naming;
use figleaf::soap::Received;
use figleaf::wsdl;
use figleaf::xml::XmlLimits;

use super::{DEPOT, PLACE, SUM, envelope, parsed};
use crate::support::{Served, serve};

/// The message reads back to the same meaning, and its JSON is the same byte for byte. What is
/// wrong, if something is.
pub fn is_kept(
    vocabulary: &Vocabulary,
    served: &Served,
    (operation, side): (Option<usize>, Side),
    message: &[u8],
) -> Result<(), String> {
    let read = |bytes: &[u8]| figleaf::canonical::read_message(None, bytes, XmlLimits::default());
    let Ok(element) = read(message) else { return Ok(()) };
    let printed = print(&element, Some(vocabulary));
    let again = read(printed.as_bytes()).map_err(|problem| format!("{problem}: {printed}"))?;
    if print(&again, Some(vocabulary)) != printed {
        return Err(format!("printed again it is another: {printed}"));
    }
    let meaning = |element| vocabulary.meaning(operation, side, element, &[]);
    if meaning(&again) != meaning(&element) {
        return Err(format!("another meaning: {printed}"));
    }
    let node = match side {
        Side::Request => Some(served.nodes.request),
        Side::Response => served.nodes.response,
    };
    let decoded = |bytes: &[u8]| {
        let decoded = served.decode(node, bytes);
        decoded.map(|(received, json, _)| shown(received, &json)).map_err(|error| error.to_string())
    };
    let (before, after) = (decoded(message), decoded(printed.as_bytes()));
    // Errors say at which byte.
    if before != after && !(before.is_err() && after.is_err()) {
        return Err(format!("{before:?} became {after:?}: {printed}"));
    }
    Ok(())
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Files of an operation, of whatever backend.
fn recordings(operation: &str) -> Vec<PathBuf> {
    let backends = std::fs::read_dir(root().join("fixtures")).unwrap();
    let folders = backends.map(|backend| backend.unwrap().path().join(operation));
    let files = folders.filter_map(|folder| std::fs::read_dir(folder).ok()).flatten();
    files.map(|file| file.unwrap().path()).collect()
}

#[test]
fn recordings_of_the_shop_are_printed_without_a_change_of_their_json() {
    let contract = root().join("wsdl/shop/OrderService.wsdl");
    let loaded = wsdl::load(contract.to_str().unwrap(), &FileSource).map_err(|f| f.report).unwrap();
    let contract = loaded.contract;
    let mut messages = 0;
    for port in 0..contract.services[0].ports.len() {
        let vocabulary = Vocabulary::of(&contract, 0, port).unwrap();
        let port = &contract.services[0].ports[port];
        for operation in &port.operations {
            let served = serve(&contract, operation, port.version, Naming::Preserve);
            for file in recordings(&operation.name) {
                let side = match file.to_str().unwrap() {
                    name if name.ends_with(".req.xml") => Side::Request,
                    name if name.ends_with(".res.xml") => Side::Response,
                    _ => continue,
                };
                let message = std::fs::read(&file).unwrap();
                let at = vocabulary.operation(&operation.name);
                if let Err(what) = is_kept(&vocabulary, &served, (at, side), &message) {
                    panic!("{}: {what}", file.display());
                }
                messages += 1;
            }
        }
    }
    assert!(messages > 60, "{messages}");
}

#[test]
fn a_message_is_laid_out_where_no_text_is_content() {
    let check = |message: &str, expected: &str| {
        let printed = print(&parsed(message), Some(&DEPOT));
        assert_eq!(printed.trim_end(), expected.trim());
        assert_eq!(print(&parsed(&printed), Some(&DEPOT)), printed);
    };
    let text = "<d:text>some <b xmlns='urn:depot'>bold</b> text</d:text>";
    let place = PLACE.replace(
        "</d:Place>",
        &format!(
            "<d:note> \n</d:note>{text}<x:more xmlns:x='urn:x'><x:a/> <x:b/></x:more></d:Place>"
        ),
    );
    check(
        &place.replace("<soap:Body>", "<soap:Header><d:Session>s</d:Session><x:T xmlns:x='urn:x'><x:a>1</x:a></x:T></soap:Header><soap:Body>"),
        r#"
<?xml version="1.0" encoding="UTF-8"?>
<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" xmlns:d="urn:depot" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
  <soap:Header>
    <d:Session>s</d:Session>
    <x:T xmlns:x="urn:x">
      <x:a>1</x:a>
    </x:T>
  </soap:Header>
  <soap:Body>
    <d:Place>
      <d:customer>Fig &amp; Leaf</d:customer>
      <d:wanted>2026-11-21T12:00:00+02:00</d:wanted>
      <d:total>12.50</d:total>
      <d:urgent>true</d:urgent>
      <d:kind>d:rush</d:kind>
      <d:address>
        <d:street>Main St 1</d:street>
        <d:city>Delft</d:city>
      </d:address>
      <d:goods>
        <d:article>a1</d:article>
        <d:count>2</d:count>
      </d:goods>
      <d:goods xsi:type="d:Fragile">
        <d:article>b2</d:article>
        <d:count>1</d:count>
        <d:packing>foam</d:packing>
      </d:goods>
      <d:note> 
</d:note>
      <d:text>some <b xmlns="urn:depot">bold</b> text</d:text>
      <x:more xmlns:x="urn:x"><x:a/> <x:b/></x:more>
    </d:Place>
  </soap:Body>
</soap:Envelope>"#,
    );
    check(
        &envelope("\n<d:Unknown><d:a/></d:Unknown>"),
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <e:Envelope xmlns:e=\"http://schemas.xmlsoap.org/soap/envelope/\" xmlns:d=\"urn:depot\" xmlns:r=\"urn:depot:rpc\">\n  \
         <e:Body>\n    <d:Unknown><d:a/></d:Unknown>\n  </e:Body>\n</e:Envelope>",
    );
    let bare = print(&parsed("<a><b/>\n</a>"), None);
    assert_eq!(bare, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<a><b/>\n</a>\n");
}

#[test]
fn what_soap_encoding_writes_is_laid_out_too() {
    let printed = print(&parsed(SUM), Some(&DEPOT));
    let lines = printed.lines().count();
    assert!(
        printed.contains("\n          <article xsi:type=\"xs:string\">a1</article>\n"),
        "{printed}"
    );
    assert_eq!(lines, 21, "{printed}");
    let meaning = |text: &str| {
        let sum = DEPOT.operation("Sum");
        DEPOT.meaning(sum, Side::Request, &parsed(text), &[])
    };
    assert_eq!(meaning(&printed), meaning(SUM));
}

/// What becomes of an answer. White space around the elements of a detail is nothing to anybody.
fn shown(received: Received, json: &str) -> String {
    match received {
        Received::Answer => json.to_owned(),
        Received::Fault(mut fault) => {
            fault.detail_text = fault.detail_text.trim().into();
            format!("{fault:?}")
        }
    }
}
