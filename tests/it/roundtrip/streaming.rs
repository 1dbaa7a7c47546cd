//! Arrays whose items stand apart, and answers larger than memory should be.

use figleaf::soap::{Received, SoapError};
use proptest::prelude::*;

use super::{ECHO, canonical};

const ENVELOPE: &str = r#"<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><t:EchoResponse xmlns:t="urn:t">"#;
const END: &str = "</t:EchoResponse></s:Body></s:Envelope>";

/// Bytes of XML fed to the memory test. Enough to show growth, little enough for a debug build.
const STREAM_BYTES: usize = 20 << 20;
/// What may be kept at any time, in bytes.
const BUFFER_BYTES_MAX: usize = 512 << 10;

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn items_that_stand_apart_are_one_array_each(
        kinds in prop::collection::vec(0_u8..4, 0..14),
        take_at in prop::option::of(0_usize..14),
    ) {
        let mut xml = format!("{ENVELOPE}<t:inter>");
        let (mut a, mut b, mut c, mut d) = (Vec::new(), Vec::new(), Vec::new(), None);
        let mut reader = ECHO.reader(ECHO.nodes.response);
        let mut out = Vec::new();
        let mut failed = None;
        for (at, kind) in kinds.iter().enumerate() {
            match kind {
                0 => { xml += &format!("<t:a>a{at}</t:a>"); a.push(format!("\"a{at}\"")); }
                1 => { xml += &format!("<t:b><t:a>b{at}</t:a></t:b>"); b.push(format!("{{\"type\":\"Base\",\"a\":\"b{at}\"}}")); }
                2 => { xml += &format!("<t:c><t:string>c</t:string><t:string>{at}</t:string></t:c>"); c.push(format!("[\"c\",\"{at}\"]")); }
                _ => { xml += &format!("<t:d>{at}</t:d>"); d.get_or_insert(at); }
            }
            if take_at == Some(at) {
                let fed = std::mem::take(&mut xml);
                if let Err(error) = reader.feed(fed.as_bytes()) { failed = Some(error); break; }
                out.extend(reader.take());
            }
        }
        let result = match failed {
            Some(error) => Err(error),
            None => reader.feed(format!("{xml}</t:inter>{END}").as_bytes()).and_then(|()| reader.finish()),
        };
        match result {
            Ok(Received::Answer) => {}
            Err(SoapError::Payload(figleaf::codec::DecodeError::Apart(_))) if take_at.is_some() => return Ok(()),
            other => return Err(TestCaseError::fail(format!("{other:?}"))),
        }
        out.extend(reader.take());
        let json = String::from_utf8(out).unwrap();
        let value: serde_json::Value = serde_json::from_str(&json).map_err(|e| TestCaseError::fail(format!("{e}: {json}")))?;
        let inter = value["inter"].to_string();
        let mut expected = String::from("{");
        for (name, items) in [("a", &a), ("b", &b), ("c", &c)] {
            if !items.is_empty() || value["inter"].get(name).is_some() {
                expected += &format!("\"{name}\":[{}],", items.join(","));
            }
        }
        if let Some(d) = d { expected += &format!("\"d\":{d},"); }
        let expected = format!("{}}}", expected.trim_end_matches(','));
        prop_assert_eq!(canonical(&expected), canonical(&inter));
    }
}

#[test]
fn a_long_answer_needs_the_memory_of_one_item() {
    let mut reader = ECHO.reader(ECHO.nodes.response);
    reader.feed(ENVELOPE.as_bytes()).unwrap();
    let item = "<t:money currency=\"EUR\" rate=\"1.5\">12.340</t:money>";
    let piece = item.repeat((64 << 10) / item.len());
    let (mut fed, mut out, mut taken) = (0, 0, 0);
    while fed < STREAM_BYTES {
        reader.feed(piece.as_bytes()).unwrap();
        fed += piece.len();
        if reader.output().len() >= 64 << 10 {
            let json = reader.take();
            assert!(json.capacity() <= BUFFER_BYTES_MAX, "{} bytes kept", json.capacity());
            out += json.len();
            taken += 1;
        }
    }
    reader.feed(END.as_bytes()).unwrap();
    assert!(matches!(reader.finish(), Ok(Received::Answer)));
    out += reader.take().len();
    assert!(taken > 100 && out > STREAM_BYTES / 2, "{taken} times, {out} bytes");
    assert_eq!(reader.violations().count, 0);
}
