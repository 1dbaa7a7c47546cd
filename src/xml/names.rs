//! Namespace names as small numbers.

use std::collections::HashMap;

/// A namespace name of a [`Namespaces`] table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NsId(pub u32);

impl NsId {
    /// No namespace.
    pub const NONE: Self = Self(0);
    /// `xsi:`
    pub const XSI: Self = Self(1);
    /// `xml:`
    pub const XML: Self = Self(2);
    /// `xs:`
    pub const XSD: Self = Self(3);
    /// SOAP 1.1
    pub const SOAP11: Self = Self(4);
    /// SOAP 1.2
    pub const SOAP12: Self = Self(5);
    /// A namespace the table does not know.
    pub const UNKNOWN: Self = Self(u32::MAX);
}

/// The namespaces of one contract, each with the prefix we write it with.
#[derive(Debug, Clone)]
pub struct Namespaces {
    rows: Vec<(Box<str>, Box<str>)>,
    by_uri: HashMap<Box<str>, NsId>,
}

impl Default for Namespaces {
    fn default() -> Self {
        let mut table = Self { rows: Vec::new(), by_uri: HashMap::new() };
        table.add("", "");
        table.add(super::ns::XSI, "xsi");
        table.add(super::ns::XML, "xml");
        table.add(super::ns::XSD, "xs");
        table.add(super::ns::SOAP11, "soap");
        table.add(super::ns::SOAP12, "soap12");
        // Servers of the drafts' days answer in the drafts' namespaces, and mean the same.
        for (old, id) in super::ns::OLD_XSI.iter().map(|uri| (uri, NsId::XSI)) {
            table.by_uri.insert((*old).into(), id);
        }
        for (old, id) in super::ns::OLD_XSD.iter().map(|uri| (uri, NsId::XSD)) {
            table.by_uri.insert((*old).into(), id);
        }
        table
    }
}

impl Namespaces {
    /// The id of a namespace, added with a free prefix if it is new. `wish` is the prefix
    /// people know it by; it is taken if no other namespace has it.
    pub fn add(&mut self, uri: &str, wish: &str) -> NsId {
        if let Some(id) = self.by_uri.get(uri) {
            return *id;
        }
        let id = NsId(u32::try_from(self.rows.len()).unwrap_or(u32::MAX - 1));
        let usable = is_nc_name(wish) && !wish.to_ascii_lowercase().starts_with("xml");
        let taken = |prefix: &str| self.rows.iter().any(|(_, p)| &**p == prefix);
        let well_known = id.0 <= NsId::SOAP12.0;
        let prefix: Box<str> = if well_known || (usable && !taken(wish)) {
            wish.into()
        } else {
            let mut n = id.0;
            while taken(&format!("n{n}")) {
                n += 1;
            }
            format!("n{n}").into()
        };
        self.rows.push((uri.into(), prefix));
        self.by_uri.insert(uri.into(), id);
        id
    }

    /// The id of a namespace, [`NsId::UNKNOWN`] if the table has none.
    #[must_use]
    pub fn id(&self, uri: &str) -> NsId {
        self.by_uri.get(uri).copied().unwrap_or(NsId::UNKNOWN)
    }

    /// The namespace name; empty for none and for an unknown id.
    #[must_use]
    pub fn uri(&self, id: NsId) -> &str {
        self.rows.get(id.0 as usize).map_or("", |row| &row.0)
    }

    /// Whether a prefix stands for a namespace of the table.
    #[must_use]
    pub fn has_prefix(&self, prefix: &str) -> bool {
        self.rows.iter().any(|(_, own)| **own == *prefix)
    }

    /// The prefix we write for it.
    #[must_use]
    pub fn prefix(&self, id: NsId) -> &str {
        self.rows.get(id.0 as usize).map_or("", |row| &row.1)
    }
}

/// Whether a text is an `NCName` (Namespaces in XML 1.0, section 3; XML 1.0, productions 4
/// and 4a).
#[must_use]
pub fn is_nc_name(text: &str) -> bool {
    let starts = |c: char| match c {
        'A'..='Z' | 'a'..='z' | '_' => true,
        _ => {
            matches!(u32::from(c),
                0xC0..=0xD6 | 0xD8..=0xF6 | 0xF8..=0x2FF | 0x370..=0x37D | 0x37F..=0x1FFF
                | 0x200C..=0x200D | 0x2070..=0x218F | 0x2C00..=0x2FEF | 0x3001..=0xD7FF
                | 0xF900..=0xFDCF | 0xFDF0..=0xFFFD | 0x1_0000..=0xE_FFFF)
        }
    };
    let goes_on = |c: char| {
        matches!(c, '-' | '.' | '0'..='9' | '\u{B7}' | '\u{300}'..='\u{36F}' | '\u{203F}' | '\u{2040}')
            || starts(c)
    };
    text.chars().next().is_some_and(starts) && text.chars().all(goes_on)
}

#[cfg(test)]
mod tests {
    use super::is_nc_name;

    #[test]
    fn names_are_those_of_xml() {
        let check = |text, expected| assert_eq!(is_nc_name(text), expected, "{text}");
        check("order-Line_2.x", true);
        check("Größe", true);
        check("日本", true);
        check("a·b", true);
        check("2a", false);
        check("-a", false);
        check("a:b", false);
        check("a²", false);
        check("a b", false);
        check("", false);
    }
}
