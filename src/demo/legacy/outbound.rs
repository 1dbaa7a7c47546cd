//! Writing: a page of XML with the shop's indentation and its escaping.

use std::borrow::Cow;

/// An answer in the making.
#[derive(Debug)]
pub struct Page {
    text: String,
    depth: usize,
}

impl Page {
    /// An empty page whose next line is indented by `depth` tabs.
    pub fn new(depth: usize) -> Self {
        Self { text: String::new(), depth }
    }

    /// `<tag>`; `tag` may carry attributes, already escaped.
    pub fn open(&mut self, tag: &str) {
        self.indent();
        self.text.extend(["<", tag, ">\n"]);
        self.depth += 1;
    }

    /// `</name>`
    pub fn close(&mut self, name: &str) {
        self.depth = self.depth.saturating_sub(1);
        self.indent();
        self.text.extend(["</", name, ">\n"]);
    }

    /// `<tag>value</name>`, the value escaped; `<tag/>` where it is empty.
    pub fn leaf(&mut self, tag: &str, value: &str) {
        self.indent();
        if value.is_empty() {
            self.text.extend(["<", tag, "/>\n"]);
        } else {
            let name = tag.split_once(' ').map_or(tag, |(name, _)| name);
            self.text.extend(["<", tag, ">", &escape(value), "</", name, ">\n"]);
        }
    }

    /// As [`Self::leaf`], or nothing where there is no value.
    pub fn optional(&mut self, tag: &str, value: Option<&str>) {
        if let Some(value) = value {
            self.leaf(tag, value);
        }
    }

    /// As [`Self::leaf`], or an element that says it is nil.
    pub fn nillable(&mut self, tag: &str, value: Option<&str>) {
        match value {
            Some(value) => self.leaf(tag, value),
            None => self.leaf(&format!("{tag} i:nil='1'"), ""),
        }
    }

    /// Text with markup in it goes out as CDATA, as the old report writer did it.
    pub fn cdata(&mut self, tag: &str, value: &str) {
        if !value.contains('<') || value.contains("]]>") {
            return self.leaf(tag, value);
        }
        self.indent();
        self.text.extend(["<", tag, "><![CDATA[", value, "]]></", tag, ">\n"]);
    }

    /// A line as it is: markup, or text that is already escaped.
    pub fn raw(&mut self, line: &str) {
        self.indent();
        self.text.extend([line, "\n"]);
    }

    /// What was written.
    pub fn finish(self) -> String {
        self.text
    }

    fn indent(&mut self) {
        self.text.extend(std::iter::repeat_n('\t', self.depth));
    }
}

/// Text made safe in content and in attributes of either quote.
pub fn escape(text: &str) -> Cow<'_, str> {
    if !text.contains(['&', '<', '>', '"', '\'', '\r', '\n', '\t']) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&#34;"),
            '\'' => out.push_str("&#x27;"),
            '\r' => out.push_str("&#13;"),
            '\n' => out.push_str("&#10;"),
            '\t' => out.push_str("&#9;"),
            other => out.push(other),
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::{Page, escape};

    #[test]
    fn markup_never_leaves_unescaped() {
        assert_eq!(escape("a<b>&\"'\r"), "a&lt;b&gt;&amp;&#34;&#x27;&#13;");
    }

    #[test]
    fn empty_and_nil_are_different() {
        let mut page = Page::new(1);
        page.leaf("a", "");
        page.nillable("b", None);
        page.optional("c", None);
        page.cdata("d", "x<y");
        page.cdata("e", "<]]>");
        let text = page.finish();
        assert_eq!(
            text,
            "\t<a/>\n\t<b i:nil='1'/>\n\t<d><![CDATA[x<y]]></d>\n\t<e>&lt;]]&gt;</e>\n"
        );
    }
}
