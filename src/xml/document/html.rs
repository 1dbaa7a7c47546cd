//! Telling a web page from a broken contract.

/// Whether the text starts as an HTML page does.
pub(super) fn looks_like_html(text: &str) -> bool {
    let head: String = text.trim_start().chars().take(512).collect::<String>().to_ascii_lowercase();
    head.starts_with("<!doctype html") || head.starts_with("<html") || head.contains("<html")
}

/// What to do about a document that is no XML.
pub(super) fn advice(text: &str) -> &'static str {
    let trimmed = text.trim_start();
    if looks_like_html(text) {
        "this looks like an HTML page, perhaps a login or an error page; save the contract itself, often the address with `?wsdl`"
    } else if trimmed.is_empty() {
        "the document is empty; fetch the contract again"
    } else if trimmed.starts_with(['{', '[']) {
        "this looks like JSON; give the WSDL document itself"
    } else if !trimmed.starts_with('<') {
        "an XML document starts with `<`; give the WSDL document itself"
    } else {
        "mend the document at this place, or fetch it again: it may have been cut short or edited"
    }
}
