//! XML as bytes: bounded reading, escaping writing, names and scopes.
//!
//! The only room that names quick-xml. It must not know what a schema or an envelope is.

mod attribute;
mod document;
pub mod encoding;
mod error;
pub mod limits;
mod name;
mod names;
mod scope;
mod stream;
mod well_formed;
mod writer;

pub use attribute::{StartTag, TagAttribute, TagCopy};
pub use document::{Attribute, Document, Node, PrefixUnknown};
pub use error::{XmlError, XmlLimits};
pub use name::QName;
pub use names::{Namespaces, NsId, is_nc_name};
pub use scope::Scope;
pub use stream::{StreamHandler, StreamReader};
pub use well_formed::is_xml_char;
pub use writer::{write_attribute_value, write_text};

/// Namespaces every other room needs by name.
pub mod ns {
    /// XML Schema instance: `xsi:type`, `xsi:nil`.
    pub const XSI: &str = "http://www.w3.org/2001/XMLSchema-instance";
    /// XML Schema definitions.
    pub const XSD: &str = "http://www.w3.org/2001/XMLSchema";
    /// XML Schema definitions in its drafts of 1999 and 2000.
    pub const OLD_XSD: [&str; 2] =
        ["http://www.w3.org/1999/XMLSchema", "http://www.w3.org/2000/10/XMLSchema"];
    /// XML Schema instance in the same drafts.
    pub const OLD_XSI: [&str; 2] = [
        "http://www.w3.org/1999/XMLSchema-instance",
        "http://www.w3.org/2000/10/XMLSchema-instance",
    ];
    /// The `xml:` prefix.
    pub const XML: &str = "http://www.w3.org/XML/1998/namespace";
    /// The `xmlns:` prefix.
    pub const XMLNS: &str = "http://www.w3.org/2000/xmlns/";
    /// SOAP 1.1 envelope.
    pub const SOAP11: &str = "http://schemas.xmlsoap.org/soap/envelope/";
    /// SOAP 1.2 envelope.
    pub const SOAP12: &str = "http://www.w3.org/2003/05/soap-envelope";
    /// SOAP 1.1 encoding.
    pub const SOAPENC11: &str = "http://schemas.xmlsoap.org/soap/encoding/";
    /// SOAP 1.2 encoding.
    pub const SOAPENC12: &str = "http://www.w3.org/2003/05/soap-encoding";
    /// WSDL 1.1.
    pub const WSDL: &str = "http://schemas.xmlsoap.org/wsdl/";
    /// WSDL 1.1 binding extension for SOAP 1.1.
    pub const WSDL_SOAP11: &str = "http://schemas.xmlsoap.org/wsdl/soap/";
    /// WSDL 1.1 binding extension for SOAP 1.2.
    pub const WSDL_SOAP12: &str = "http://schemas.xmlsoap.org/wsdl/soap12/";
    /// WSDL 1.1 binding extension for MIME.
    pub const WSDL_MIME: &str = "http://schemas.xmlsoap.org/wsdl/mime/";
    /// The diffgrams of .NET data sets.
    pub const DIFFGRAM: &str = "urn:schemas-microsoft-com:xml-diffgram-v1";
    /// What .NET data sets say about their rows and schemas.
    pub const MSDATA: &str = "urn:schemas-microsoft-com:xml-msdata";
    /// WSDL 2.0.
    pub const WSDL2: &str = "http://www.w3.org/ns/wsdl";
}
