//! Disagreements that somebody looked into: whose they are, and why.

use super::messages::{Kind, Measured, Verdict};

enum Whose {
    /// A rule of `wire.md`.
    Rule,
    /// The peer's mistake against its own contract or a standard.
    Peer,
    /// Ours, not built yet.
    NotYet,
}

const NOWHERE: &str = "the contract names an element that is defined nowhere";
const HEADER: &str = "a header part that is defined nowhere refuses the whole operation";

/// Case (a whole name, or the part after `/` where two suites share it), kind, whose, why.
const KNOWN: &[(&str, Kind, Whose, &str)] = &[
    (
        "php-interop/r4_groupH_simple_doclit_003w",
        Kind::Request,
        Whose::Rule,
        "a value that is not of its type is refused, not cut to it (PHP makes 123 of 123.5)",
    ),
    (
        "php-schema/schema057",
        Kind::Request,
        Whose::Rule,
        "a value that is not of its type is refused, not cut to it (PHP makes 123 of 123.5)",
    ),
    (
        "php-schema/schema059",
        Kind::Request,
        Whose::Rule,
        "a value that is not of its type is refused, not cut to it (PHP makes 123 of 123.5)",
    ),
    (
        "php-schema/schema080",
        Kind::Request,
        Whose::Rule,
        "a value that is not of its type is refused, not cut to it (PHP makes 123 of 123.5)",
    ),
    (
        "php-interop/r4_groupI_xsd_018w",
        Kind::Request,
        Whose::Rule,
        "hexBinary is hex in JSON; PHP takes raw bytes",
    ),
    (
        "php-interop/r4_groupI_xsd_029w",
        Kind::Request,
        Whose::Rule,
        "what comes through a wildcard is an array of one-key objects",
    ),
    (
        "SendCDATA__cdata_is_handled_correctly",
        Kind::Request,
        Whose::Rule,
        "a string is text and never markup",
    ),
    (
        "SendCDATA__cdata_preserves_leading_and_trailing_whitespace_when_preserveWhitespace_option_is_true",
        Kind::Request,
        Whose::Rule,
        "a string is text and never markup",
    ),
    (
        "SendCDATA__cdata_removes_leading_and_trailing_whitespace_by_default",
        Kind::Request,
        Whose::Rule,
        "a string is text and never markup",
    ),
    (
        "Dummy__should_handle_inline_types",
        Kind::RoundTrip,
        Whose::Rule,
        "text is kept with its white space",
    ),
    (
        "addList__complex_extension_namespace_for_arrays",
        Kind::Request,
        Whose::Rule,
        "xsi:type is written where the schema needs it",
    ),
    (
        "addList__complex_extension_namespace_for_arrays",
        Kind::RoundTrip,
        Whose::Rule,
        "xsi:type is written where the schema needs it",
    ),
    (
        "GetSubscription__should_handle_ref_minOccurs_and_maxOccurs",
        Kind::RoundTrip,
        Whose::Rule,
        "the default of an absent attribute is its value",
    ),
    (
        "Dummy__should_return_array_despite_maxOccurs_1",
        Kind::Response,
        Whose::Rule,
        "more occurrences than the schema allows: the first is taken, a violation is counted",
    ),
    (
        "Dummy__should_handle_nil_as_null",
        Kind::Response,
        Whose::Rule,
        "an item that is nil is null in its array",
    ),
    (
        "Dummy__ref_element_should_have_correct_namespace_with_overrideElementKey",
        Kind::Request,
        Whose::Peer,
        "the member is renamed by an option of the peer",
    ),
    (
        "Dummy__should_add_prefix_for_unqualified_global_elements",
        Kind::Request,
        Whose::Peer,
        "the attribute `language` is not in the contract",
    ),
    (
        "Dummy__should_handle_attributes_in_response",
        Kind::Request,
        Whose::Peer,
        "the attribute `language` is not in the contract",
    ),
    (
        "Dummy__should_add_prefix_for_unqualified_global_elements",
        Kind::RoundTrip,
        Whose::Peer,
        "the attribute `language` is not in the contract",
    ),
    (
        "Dummy__should_handle_attributes_in_response",
        Kind::RoundTrip,
        Whose::Peer,
        "the attribute `language` is not in the contract",
    ),
    (
        "Dummy__should_ignore_custom_defined_namespaces",
        Kind::Request,
        Whose::Peer,
        "`DummyAccount` is not in the contract",
    ),
    (
        "Dummy__should_ignore_defined_namespaces",
        Kind::Request,
        Whose::Peer,
        "`DummyAccount` is not in the contract",
    ),
    (
        "Dummy__should_use_defined_value_key",
        Kind::Request,
        Whose::Peer,
        "`DummyAccount` is not in the contract",
    ),
    (
        "Dummy__should_use_defined_xml_key",
        Kind::Request,
        Whose::Peer,
        "`myObject` is not in the contract",
    ),
    (
        "Dummy__should_handle_inline_types",
        Kind::Response,
        Whose::Peer,
        "the value is computed by an option of the peer",
    ),
    (
        "GetItemInformation__should_ignore_default_namespace_from_schema",
        Kind::Request,
        Whose::Peer,
        "the required `SupplierId` is missing",
    ),
    (
        "GetItemInformation__should_ignore_default_namespace_from_schema",
        Kind::Response,
        Whose::Peer,
        "`Items` is not in the contract",
    ),
    (
        "GetSubscription__should_handle_ref_minOccurs_and_maxOccurs",
        Kind::Response,
        Whose::Peer,
        "`Status` is not in the contract",
    ),
    (
        "IndienenBericht__should_work_with_deeply_nested_XML_messages",
        Kind::Request,
        Whose::Peer,
        "the required `Bericht` is missing",
    ),
    (
        "RetrieveCustomerDetails__returning_a_date_should_parse_the_date",
        Kind::Request,
        Whose::Peer,
        "the required `retrieveCustomerDetailsInput` is missing",
    ),
    (
        "RetrieveFareQuoteDateRange__should_handle_child_namespaces",
        Kind::Request,
        Whose::Peer,
        "`2017-10-27` is no dateTime",
    ),
    (
        "RetrieveFareQuoteDateRange__should_handle_child_namespaces",
        Kind::RoundTrip,
        Whose::Peer,
        "`2017-10-27` is no dateTime",
    ),
    (
        "UpdateProfile__correct_namespaces_for_elements_with_base",
        Kind::Request,
        Whose::Peer,
        "the elements are in the order of the JSON, not of the schema",
    ),
    (
        "UpdateProfile__correct_namespaces_for_elements_with_base_ignorednamespaces",
        Kind::Request,
        Whose::Peer,
        "the namespaces are changed by an option of the peer",
    ),
    (
        "UpdateProfile__correct_namespaces_in_sequence_with_imports",
        Kind::Request,
        Whose::Peer,
        "the required `PhoneData` is missing",
    ),
    (
        "UpdateProfile__correct_namespaces_other_prefixes",
        Kind::Request,
        Whose::Peer,
        "the required `PhoneData` is missing",
    ),
    (
        "addPrefix__should_add_namespace_on_output_message",
        Kind::Response,
        Whose::Peer,
        "`ResultCode` is not in the contract",
    ),
    (
        "administrate__Complex_json_object_namespace_issue",
        Kind::Request,
        Whose::Peer,
        "an empty text is no boolean",
    ),
    (
        "fooOp__should_return_back_good_response_object",
        Kind::Request,
        Whose::Peer,
        "the contract's pattern has four groups, a UUID five",
    ),
    (
        "getAppointmentNumber__should_be_able_to_parse_response",
        Kind::Response,
        Whose::Peer,
        "the answer is no envelope",
    ),
    (
        "getAppointmentNumber__should_be_able_to_parse_response",
        Kind::RoundTrip,
        Whose::Peer,
        "the answer is no envelope",
    ),
    (
        "getAvailability__should_not_fail_without_children",
        Kind::Request,
        Whose::Peer,
        "`userCredentials` is not in the contract",
    ),
    (
        "strong-soap/getAvailability__should_not_fail_without_children",
        Kind::RoundTrip,
        Whose::Peer,
        "`userCredentials` is not in the contract",
    ),
    (
        "getMessage__does_not_use_schema_xmlns",
        Kind::Request,
        Whose::Peer,
        "`Body` is not in the contract",
    ),
    (
        "getMessage__force_use_schema_xmlns",
        Kind::Request,
        Whose::Peer,
        "`Body` is not in the contract",
    ),
    (
        "get__complex_extension_without_explicit_namespace",
        Kind::Request,
        Whose::Peer,
        "the attribute `type` is not in the contract",
    ),
    (
        "get__complex_extension_without_explicit_namespace",
        Kind::RoundTrip,
        Whose::Peer,
        "the attribute `type` is not in the contract",
    ),
    (
        "node-soap/update__complex_extension_fields_in_parent_without_explicit_namespace",
        Kind::RoundTrip,
        Whose::Peer,
        "the attribute `type` is not in the contract",
    ),
    (
        "strong-soap/Dummy__should_handle_null_args",
        Kind::Request,
        Whose::Peer,
        "the body is empty where the contract has an element",
    ),
    (
        "strong-soap/Dummy__should_return_array_despite_maxOccurs_1",
        Kind::Request,
        Whose::Peer,
        "the body is empty where the contract has an element",
    ),
    (
        "strong-soap/Dummy__should_handle_null_args",
        Kind::RoundTrip,
        Whose::Peer,
        "the body is empty where the contract has an element",
    ),
    (
        "strong-soap/Dummy__should_return_array_despite_maxOccurs_1",
        Kind::RoundTrip,
        Whose::Peer,
        "the body is empty where the contract has an element",
    ),
    (
        "strong-soap/Dummy__should_handle_xml_date_time_dateTime",
        Kind::Request,
        Whose::Peer,
        "a point in time is given where the contract has a date",
    ),
    (
        "strong-soap/SetResource__should_correctly_set_element_if_complex-type_has_same_name",
        Kind::Response,
        Whose::Peer,
        "the envelope is not namespace-well-formed",
    ),
    (
        "php-interop/r4_groupI_xsd_016w",
        Kind::Request,
        Whose::Peer,
        "PHP sends what is left of a decimal in a double; JSON kept its digits",
    ),
    (
        "Dummy__ref_element_should_have_correct_namespace_with_overrideElementKey",
        Kind::Response,
        Whose::NotYet,
        "multipart answers are opened before the envelope is read",
    ),
    (
        "RetrieveFareQuoteDateRange__should_handle_child_namespaces",
        Kind::Response,
        Whose::NotYet,
        "what no schema describes is XML as text, not yet a JSON tree",
    ),
    (
        "addPets__force_namespaces",
        Kind::Response,
        Whose::NotYet,
        "what no schema describes is XML as text, not yet a JSON tree",
    ),
    (
        "Dummy__should_work_with_imported_schemas_that_have_aliases",
        Kind::Request,
        Whose::Peer,
        "the contract names a type that is defined nowhere",
    ),
    (
        "php-schema/schema056",
        Kind::Request,
        Whose::NotYet,
        "arrays of SOAP encoding in literal use",
    ),
    (
        "php-schema/schema072",
        Kind::Request,
        Whose::NotYet,
        "arrays of SOAP encoding in literal use",
    ),
    (
        "php-schema/schema073",
        Kind::Request,
        Whose::NotYet,
        "arrays of SOAP encoding in literal use",
    ),
    (
        "php-schema/schema056",
        Kind::RoundTrip,
        Whose::NotYet,
        "arrays of SOAP encoding in literal use",
    ),
    (
        "php-schema/schema072",
        Kind::RoundTrip,
        Whose::NotYet,
        "arrays of SOAP encoding in literal use",
    ),
    (
        "php-schema/schema073",
        Kind::RoundTrip,
        Whose::NotYet,
        "arrays of SOAP encoding in literal use",
    ),
    (
        "SetResource__should_correctly_set_element_if_complex-type_has_same_name",
        Kind::Request,
        Whose::Peer,
        NOWHERE,
    ),
    (
        "node-soap/SetResource__should_correctly_set_element_if_complex-type_has_same_name",
        Kind::Response,
        Whose::Peer,
        NOWHERE,
    ),
    (
        "SetResource__should_correctly_set_element_if_complex-type_has_same_name",
        Kind::RoundTrip,
        Whose::Peer,
        NOWHERE,
    ),
    ("readMetadata__should_respect_xsi_type_attribute", Kind::Request, Whose::NotYet, HEADER),
    ("readMetadata__should_respect_xsi_type_attribute", Kind::Response, Whose::NotYet, HEADER),
    ("readMetadata__should_respect_xsi_type_attribute", Kind::RoundTrip, Whose::NotYet, HEADER),
    (
        "readMetadata__should_support_XMLSchema_Instance_override",
        Kind::Request,
        Whose::NotYet,
        HEADER,
    ),
    (
        "readMetadata__should_support_XMLSchema_Instance_override",
        Kind::Response,
        Whose::NotYet,
        HEADER,
    ),
    (
        "readMetadata__should_support_XMLSchema_Instance_override",
        Kind::RoundTrip,
        Whose::NotYet,
        HEADER,
    ),
    (
        "IndienenBericht__should_work_with_deeply_nested_XML_messages",
        Kind::RoundTrip,
        Whose::Peer,
        "`12345` has not the 36 characters the contract asks for",
    ),
];

fn names(row: &(&str, Kind, Whose, &str), case: &str, kind: Kind) -> bool {
    row.1 == kind && (row.0 == case || case.split_once('/').is_some_and(|(_, name)| name == row.0))
}

/// Replaces a failure that is known by its reason.
pub fn judge(case: &str, kind: Kind, verdict: Verdict) -> Verdict {
    let row = KNOWN.iter().find(|row| names(row, case, kind));
    match (row, verdict) {
        (Some((.., whose, why)), Verdict::Fail(_) | Verdict::Peer(_)) => match whose {
            Whose::Rule => Verdict::Rule((*why).to_owned()),
            Whose::Peer => Verdict::Peer((*why).to_owned()),
            Whose::NotYet => Verdict::NotYet((*why).to_owned()),
        },
        (_, verdict) => verdict,
    }
}

/// Rows that explain nothing any more.
pub fn stale(all: &[Measured]) -> Vec<&'static str> {
    let is_used = |row: &&(&str, Kind, Whose, &str)| {
        let of_row = all.iter().filter(|m| names(row, &m.case, m.kind));
        of_row.into_iter().any(|m| match &m.verdict {
            Verdict::Rule(why) | Verdict::Peer(why) | Verdict::NotYet(why) => why == row.3,
            _ => false,
        })
    };
    KNOWN.iter().filter(|row| !is_used(row)).map(|row| row.0).collect()
}
