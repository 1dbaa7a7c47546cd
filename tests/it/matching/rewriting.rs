//! However a message is written, its key is the same; whatever is changed in it, the key is
//! another.

use std::fmt::Write;

use figleaf::canonical::{Element, Item, Key, Meaning, Side, print};
use figleaf::xml::ns;
use proptest::prelude::*;

use super::{DEPOT, parsed};

/// Elements in which white space is no content.
const ELEMENT_ONLY: &[&str] = &["Envelope", "Body", "Place", "address", "goods"];

#[derive(Debug, Clone)]
struct Order {
    customer: String,
    cents: i64,
    urgent: bool,
    kind: String,
    hour: u8,
    tags: Vec<i32>,
    goods: Vec<(String, i32, Option<String>)>,
    note: Note,
}

#[derive(Debug, Clone)]
enum Note {
    Absent,
    Nil,
    Text(String),
}

fn order() -> impl Strategy<Value = Order> {
    let text = "[ a-zé<&>\"'\\]]{0,12}";
    let goods = (text, -99..999_i32, proptest::option::of(text));
    (
        (text, -100_000..100_000_i64, any::<bool>(), "[a-z]{1,5}"),
        (0..24_u8, proptest::collection::vec(-9..99_i32, 0..4)),
        proptest::collection::vec(goods, 1..6),
        prop_oneof![Just(Note::Absent), Just(Note::Nil), "[a-z ]{0,9}".prop_map(Note::Text)],
    )
        .prop_map(|((customer, cents, urgent, kind), (hour, tags), goods, note)| Order {
            customer,
            cents,
            urgent,
            kind,
            hour,
            tags,
            goods,
            note,
        })
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

impl Order {
    fn xml(&self) -> String {
        let mut xml = format!(
            "<e:Envelope xmlns:e=\"{}\" xmlns:d=\"urn:depot\" xmlns:i=\"{}\"><e:Body><d:Place",
            ns::SOAP11,
            ns::XSI
        );
        if !self.tags.is_empty() {
            let tags: Vec<String> = self.tags.iter().map(ToString::to_string).collect();
            write!(xml, " tags=\"{}\"", tags.join(" ")).unwrap();
        }
        write!(
            xml,
            "><d:customer>{}</d:customer><d:wanted>2026-11-21T{:02}:00:00Z</d:wanted>\
             <d:total>{}.{:02}</d:total><d:urgent>{}</d:urgent><d:kind>d:{}</d:kind>\
             <d:address><d:street>s</d:street><d:city>c</d:city></d:address>",
            escaped(&self.customer),
            self.hour,
            self.cents / 100,
            self.cents.abs() % 100,
            self.urgent,
            self.kind
        )
        .unwrap();
        for (article, count, packing) in &self.goods {
            let said = packing.as_ref().map_or("", |_| " i:type=\"d:Fragile\"");
            write!(
                xml,
                "<d:goods{said}><d:article>{}</d:article><d:count>{count}</d:count>",
                escaped(article)
            )
            .unwrap();
            if let Some(packing) = packing {
                write!(xml, "<d:packing>{}</d:packing>", escaped(packing)).unwrap();
            }
            xml.push_str("</d:goods>");
        }
        match &self.note {
            Note::Absent => {}
            Note::Nil => xml.push_str("<d:note i:nil=\"true\"/>"),
            Note::Text(note) => write!(xml, "<d:note>{note}</d:note>").unwrap(),
        }
        xml + "</d:Place></e:Body></e:Envelope>"
    }
}

fn meaning(xml: &str) -> Meaning {
    DEPOT.meaning(DEPOT.operation("Place"), Side::Request, &parsed(xml), &[])
}

fn key(xml: &str) -> Key {
    Key::of("Place", &meaning(xml))
}

/// Writes a tree another way, as numbers drawn at random have it.
struct Rewriter<'r> {
    drawn: &'r [u8],
    at: usize,
    out: String,
}

impl Rewriter<'_> {
    fn draw(&mut self, from: u8) -> u8 {
        self.at += 1;
        self.drawn[self.at % self.drawn.len()] % from
    }

    fn noise(&mut self) {
        let noise = ["", " ", "\n\t", "<!-- -d- -->", "<?now <d:x/>?>", "\r\n<!--x-->"];
        let at = usize::from(self.draw(6));
        self.out.push_str(noise[at]);
    }

    fn text(&mut self, text: &str) {
        match self.draw(3) {
            0 => self.out.push_str(&escaped(text)),
            1 => {
                let sections = text.replace("]]>", "]]]]><![CDATA[>");
                write!(self.out, "<![CDATA[{sections}]]>").unwrap();
            }
            _ => {
                for c in text.chars() {
                    write!(self.out, "&#x{:x};<!---->", u32::from(c)).unwrap();
                }
            }
        }
    }

    fn element(&mut self, element: &Element) {
        let prefixes = ["", "d:", "e:", "soap:", "x.y:"];
        let at = self.draw(5);
        let prefix = prefixes[usize::from(at)];
        let (local, colon) = (&element.name.local, prefix.trim_end_matches(':'));
        let declared =
            if prefix.is_empty() { "xmlns".to_owned() } else { format!("xmlns:{colon}") };
        let mut attributes = vec![format!("{declared}=\"{}\"", element.name.namespace)];
        let is_name = &**local == "kind";
        for attribute in &element.attributes {
            let (namespace, own) = (&attribute.name.namespace, &attribute.name.local);
            if &**namespace == ns::XSI {
                let value = attribute.value.replace("d:", "q:");
                attributes.push(format!(
                    "xmlns:z=\"{namespace}\" xmlns:q=\"urn:depot\" z:{own}='{value}'"
                ));
            } else {
                attributes.push(format!("{own}=\"{}\"", attribute.value.replace(' ', "\n ")));
            }
        }
        if is_name {
            attributes.push("xmlns:q=\"urn:depot\"".to_owned());
        }
        if self.draw(2) == 0 {
            attributes.reverse();
        }
        write!(self.out, "<{prefix}{local} {}", attributes.join(" ")).unwrap();
        if element.content.is_empty() && self.draw(2) == 0 {
            self.out.push_str("/>");
            return;
        }
        self.out.push('>');
        let is_open = ELEMENT_ONLY.contains(&&**local);
        for item in &element.content {
            if is_open {
                self.noise();
            }
            match item {
                Item::Element(child) => self.element(child),
                Item::Text(text) if is_name => self.text(&text.replace("d:", "q:")),
                Item::Text(text) => self.text(text),
            }
        }
        if is_open {
            self.noise();
        }
        write!(self.out, "</{prefix}{local} >").unwrap();
    }
}

fn rewritten(xml: &str, drawn: &[u8]) -> String {
    let mut rewriter = Rewriter { drawn, at: 0, out: String::new() };
    rewriter.element(&parsed(xml));
    rewriter.out
}

/// Another order, in one value.
fn changed(order: &Order, which: usize) -> Order {
    let mut order = order.clone();
    let last = order.goods.len() - 1;
    match which {
        0 => order.customer.push('x'),
        1 => order.cents += 100,
        2 => order.urgent = !order.urgent,
        3 => order.kind.push('x'),
        4 => order.hour = (order.hour + 1) % 24,
        5 => order.tags.push(1),
        6 => order.goods[last].0.push('x'),
        7 => order.goods[0].1 += 1,
        8 => {
            order.goods.push(("new".to_owned(), 1, None));
        }
        9 => {
            let packing = &mut order.goods[last].2;
            *packing = Some(packing.take().map_or("p".to_owned(), |p| p + "p"));
        }
        _ => {
            order.note = match order.note {
                Note::Absent => Note::Nil,
                Note::Nil => Note::Text(String::new()),
                Note::Text(_) => Note::Absent,
            };
        }
    }
    order
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn another_way_of_writing_never_changes_the_key(
        order in order(),
        drawn in proptest::collection::vec(any::<u8>(), 1..64),
    ) {
        let xml = order.xml();
        let other = rewritten(&xml, &drawn);
        prop_assert_eq!(meaning(&other), meaning(&xml), "{}", other);
        prop_assert_eq!(key(&other), key(&xml));
    }

    #[test]
    fn another_value_always_changes_the_key(order in order(), which in 0..11_usize) {
        let (xml, other) = (order.xml(), changed(&order, which).xml());
        prop_assert_ne!(key(&other), key(&xml), "{} {}", xml, other);
        let differences = figleaf::canonical::differences(&meaning(&xml), &meaning(&other));
        prop_assert!(!differences.is_empty());
    }

    #[test]
    fn a_printed_message_means_the_same(
        order in order(),
        drawn in proptest::collection::vec(any::<u8>(), 1..64),
    ) {
        let xml = rewritten(&order.xml(), &drawn);
        let printed = print(&parsed(&xml), Some(&DEPOT));
        prop_assert_eq!(meaning(&printed), meaning(&xml), "{}", printed);
        prop_assert_eq!(print(&parsed(&printed), Some(&DEPOT)), printed);
    }
}
