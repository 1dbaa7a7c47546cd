//! A contract of one operation, told by its messages alone.

use std::fmt::Write as _;

/// The contract of a block `wsdl STYLE [encoded] [soap12] [oneway]`: its text is messages.
///
/// `Request` and `Answer` are those of the operation; `HeaderX` is a header of the request,
/// any other a declared fault of its name.
pub fn contract(words: &str, messages: &str, schema: Option<&str>) -> String {
    let has = |word: &str| words.split(' ').any(|w| w == word);
    let style = if has("rpc") { "rpc" } else { "document" };
    let soap = if has("soap12") { "soap12/" } else { "soap/" };
    let encoding = match (has("encoded"), has("soap12")) {
        (false, _) => "use='literal'".to_owned(),
        (true, false) => encoded("http://schemas.xmlsoap.org/soap/encoding/"),
        (true, true) => encoded("http://www.w3.org/2003/05/soap-encoding"),
    };
    let body = format!("<soap:body {encoding} namespace='urn:case'/>");
    let (mut headers, mut faults, mut bound_faults) = (String::new(), String::new(), String::new());
    for name in names(messages).filter(|name| !["Request", "Answer"].contains(name)) {
        if name.starts_with("Header") {
            let part = names_of_parts(messages, name);
            let _ = write!(headers, "<soap:header message='c:{name}' part='{part}' {encoding}/>");
        } else {
            let _ = write!(faults, "<wsdl:fault name='{name}' message='c:{name}'/>");
            let _ = write!(
                bound_faults,
                "<wsdl:fault name='{name}'><soap:fault name='{name}' {encoding}/></wsdl:fault>"
            );
        }
    }
    let (output, bound_output) = if has("oneway") {
        (String::new(), String::new())
    } else {
        (
            "<wsdl:output message='c:Answer'/>".to_owned(),
            format!("<wsdl:output>{body}</wsdl:output>"),
        )
    };
    format!(
        "<wsdl:definitions xmlns:wsdl='http://schemas.xmlsoap.org/wsdl/'
    xmlns:soap='http://schemas.xmlsoap.org/wsdl/{soap}' xmlns:xs='http://www.w3.org/2001/XMLSchema'
    xmlns:soapenc='http://schemas.xmlsoap.org/soap/encoding/' xmlns:c='urn:case' targetNamespace='urn:case'>
<wsdl:types><xs:schema targetNamespace='urn:case' elementFormDefault='qualified'>{}</xs:schema></wsdl:types>
{messages}
<wsdl:portType name='Case'><wsdl:operation name='Case'><wsdl:input message='c:Request'/>{output}{faults}</wsdl:operation></wsdl:portType>
<wsdl:binding name='Case' type='c:Case'><soap:binding style='{style}' transport='http://schemas.xmlsoap.org/soap/http'/>
<wsdl:operation name='Case'><soap:operation soapAction='urn:case'/>
<wsdl:input>{body}{headers}</wsdl:input>{bound_output}{bound_faults}</wsdl:operation></wsdl:binding>
<wsdl:service name='Case'><wsdl:port name='Case' binding='c:Case'><soap:address location='http://127.0.0.1:1/'/></wsdl:port></wsdl:service>
</wsdl:definitions>",
        schema.unwrap_or_default()
    )
}

fn encoded(style: &str) -> String {
    format!("use='encoded' encodingStyle='{style}'")
}

fn names(messages: &str) -> impl Iterator<Item = &str> {
    messages.split("<wsdl:message name=\"").skip(1).filter_map(|rest| rest.split('"').next())
}

/// The part of a message that has one.
fn names_of_parts<'m>(messages: &'m str, message: &str) -> &'m str {
    let (_, rest) = messages.split_once(&format!("name=\"{message}\"")).unwrap();
    let (_, part) = rest.split_once("part name=\"").unwrap();
    part.split('"').next().unwrap()
}
