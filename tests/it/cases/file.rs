//! A case file: a title, prose for people, and fenced blocks.
//!
//! The title is the construct. Blocks, by the words after the fence:
//!
//! | block | is |
//! |---|---|
//! | `xsd` | what the schema of `urn:case` (prefix `c`, qualified) holds; its element `case` is request and answer |
//! | `xsd NAME` | another schema document, whole |
//! | `wsdl` | a contract, whole, instead of the above; its operation is `Case` |
//! | `wsdl NAME` | another part of the contract, whole |
//! | `yaml backend`, `yaml route` | keys of the mapping's backend and route |
//! | `json` + `xml` | say the same: the one becomes the other, both ways |
//! | `json request` + `xml request` | the first is sent as the second |
//! | `xml answer` + `json answer` | the first is read as the second, with no violation |
//! | `xml answer` + `json answer` + `violations` | … with these: a line each, code and path |
//! | `json refused` + `problems` | the request is 400: a line each, pointer (none for the whole body) and detail |
//! | `xml refused` + `json problem` | the answer is an error, or a fault: part of its problem |
//! | `schema NAME` | part of that component of the OpenAPI document |
//! | `schema` | part of the schema of the answer |
//!
//! XML is an envelope, or what stands in its body; `c`, `xsi`, `xs`, `soapenc` and `env` are
//! declared. XML is compared by what it says, JSON by its text with keys sorted and no space.

/// One fenced block.
#[derive(Debug, Clone)]
pub struct Block {
    /// `json`
    pub language: String,
    /// What follows it.
    pub words: String,
    pub text: String,
    /// Of the fence.
    pub line: usize,
}

#[derive(Debug, Clone)]
pub struct Case {
    pub title: String,
    pub blocks: Vec<Block>,
}

impl Case {
    pub fn read(text: &str) -> Self {
        let mut title = String::new();
        let mut blocks = Vec::new();
        let mut open: Option<Block> = None;
        for (at, line) in text.lines().enumerate() {
            if let Some(fence) = line.strip_prefix("```") {
                if let Some(block) = open.take() {
                    blocks.push(block);
                } else {
                    let (language, words) = fence.split_once(' ').unwrap_or((fence, ""));
                    open = Some(Block {
                        language: language.to_owned(),
                        words: words.trim().to_owned(),
                        text: String::new(),
                        line: at + 1,
                    });
                }
            } else if let Some(block) = &mut open {
                block.text.push_str(line);
                block.text.push('\n');
            } else if let Some(heading) = line.strip_prefix("# ") {
                heading.trim().clone_into(&mut title);
            }
        }
        assert!(open.is_none(), "a block is not closed");
        assert!(!title.is_empty(), "the case has no title");
        Self { title, blocks }
    }

    /// The text of the first block of a kind.
    pub fn text(&self, language: &str, words: &str) -> Option<&str> {
        let mut all = self.blocks.iter();
        let block = all.find(|block| block.language == language && block.words == words)?;
        Some(&block.text)
    }
}
