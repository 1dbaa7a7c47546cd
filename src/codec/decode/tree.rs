//! XML that no schema describes, as a tree: `{"name", "attributes", "content"}` for each
//! element, whatever is in it and however often.

use super::super::graph::NodeId;
use super::DecodeError;
use super::decoder::State;
use super::frame::FrameKind;
use super::value::write_string;
use crate::xml::{NsId, Scope, StartTag, TagAttribute};

impl State {
    /// Opens a tree: the content of an element whose name the contract gives.
    pub(super) fn open_tree(
        &mut self,
        node: NodeId,
        closers: u8,
        tag: Option<(&StartTag<'_>, &Scope)>,
    ) -> Result<(), DecodeError> {
        self.push(node, FrameKind::Tree, closers);
        self.out.push(b'{');
        self.tree_inside(tag)
    }

    /// Opens a tree: an element with its name.
    pub(super) fn open_named_tree(
        &mut self,
        node: NodeId,
        closers: u8,
        tag: &StartTag<'_>,
        scope: &Scope,
    ) -> Result<(), DecodeError> {
        self.push(node, FrameKind::Tree, closers);
        self.tree_name(tag, scope);
        self.tree_inside(Some((tag, scope)))
    }

    /// An element inside a tree starts.
    pub(super) fn start_branch(
        &mut self,
        tag: &StartTag<'_>,
        scope: &Scope,
    ) -> Result<(), DecodeError> {
        self.tree_text(false);
        self.tree_comma();
        self.tree_name(tag, scope);
        self.tree_inside(Some((tag, scope)))
    }

    /// An element of a tree ends; `false` where it was the outermost.
    pub(super) fn end_branch(&mut self) -> bool {
        self.tree_text(true);
        self.out.extend_from_slice(b"]}");
        self.tree.pop();
        !self.tree.is_empty()
    }

    fn tree_name(&mut self, tag: &StartTag<'_>, scope: &Scope) {
        self.out.extend_from_slice(b"{\"name\":");
        write_string(&mut self.out, &expanded(scope.uri(tag.prefix), tag.local));
        self.out.push(b',');
    }

    fn tree_inside(&mut self, tag: Option<(&StartTag<'_>, &Scope)>) -> Result<(), DecodeError> {
        self.out.extend_from_slice(b"\"attributes\":{");
        if let Some((tag, scope)) = tag {
            self.attribute_entries(tag.attributes(), scope)?;
        }
        self.out.extend_from_slice(b"},\"content\":[");
        self.tree.push(false);
        Ok(())
    }

    /// Writes attributes as entries of an object: expanded names and texts.
    fn attribute_entries<'t>(
        &mut self,
        attributes: impl Iterator<Item = TagAttribute<'t>>,
        scope: &Scope,
    ) -> Result<(), DecodeError> {
        let mut before: &[u8] = b"";
        for attribute in attributes {
            self.out.extend_from_slice(before);
            before = b",";
            let uri = Some(attribute.prefix).filter(|p| !p.is_empty()).and_then(|p| scope.uri(p));
            write_string(&mut self.out, &expanded(uri, attribute.local));
            self.out.push(b':');
            let value = attribute.value()?;
            // A prefix in a value means nothing outside; of this one it is known to be one.
            if attribute.namespace == NsId::XSI && attribute.local == "type" {
                let (prefix, local) = value.trim().split_once(':').unwrap_or(("", value.trim()));
                write_string(&mut self.out, &expanded(scope.uri(prefix), local));
            } else {
                write_string(&mut self.out, &value);
            }
        }
        Ok(())
    }

    /// Writes the text since the last tag. White space between elements says nothing.
    fn tree_text(&mut self, ends: bool) {
        let has_content = self.tree.last().copied().unwrap_or_default();
        let is_blank = self.text.trim().is_empty();
        if self.text.is_empty() || (is_blank && (has_content || !ends)) {
            self.text.clear();
            return;
        }
        self.tree_comma();
        let text = std::mem::take(&mut self.text);
        write_string(&mut self.out, &text);
        self.text = text;
        self.text.clear();
    }

    fn tree_comma(&mut self) {
        if let Some(has_content) = self.tree.last_mut()
            && std::mem::replace(has_content, true)
        {
            self.out.push(b',');
        }
    }
}

fn expanded(uri: Option<&str>, local: &str) -> String {
    match uri {
        None | Some("") => local.to_owned(),
        Some(uri) => format!("{{{uri}}}{local}"),
    }
}
