//! One Markdown file a behaviour: what crosses the wire, both ways, as its reader would tell it.
//!
//! `file.rs` says how a case is written. Each file of a folder is a test of its own and a row of
//! the capability matrix in docs/compatibility.md; `matrix.rs` writes it.

mod abridged;
mod file;
mod matrix;
mod run;
mod wire;
mod world;

/// Each case by its folder and file: a test of that name.
macro_rules! cases {
    ($($folder:ident { $($name:ident)* })*) => {
        $(mod $folder {
            $(#[test]
            fn $name() {
                super::run::check(stringify!($folder), stringify!($name));
            })*
        })*

        /// Folder and name of each case, in the order of the matrix.
        const CASES: &[(&str, &str)] = &[$($((stringify!($folder), stringify!($name)),)*)*];
    };
}

cases! {
    any {
        wildcard_tree wildcard_tree_namespace any_type_tree group_tree any_type_attributes
    }
    nil {
        attributes_of_objects
        default
        object
        three_things
        with_attributes
    }
    names {
        attribute_and_element
        awkward
        camel_case
        forms
        given
        namespaces
        no_namespace
        preserve
        result_wrapper
        same_after_camel
        text_beside_attributes
        unicode
        xml_attributes
    }
    arrays {
        apart
        array_of
        in_choice
        in_optional_group
        least_items
        never
        nil_items
        of_arrays
        repeating_element
        repeating_group_of_one
        soap_array
        soap_array_rows
        too_many
        with_attributes
    }
    headers {
        answer_part answer_part_beside_an_array answer_part_deviates answer_part_member encoded
        header_fault must_understand request_part request_part_incomplete several_parts
    }
    structure {
        abstract_type
        all
        any
        any_in_choice
        any_local
        any_namespace
        any_same_names
        any_skip
        any_target_namespace
        any_type
        any_type_of_contract
        choice
        choice_both
        choice_of_groups
        choice_optional
        choice_repeating
        choice_repeating_namespaces
        derived_collapses
        element_and_repeating_group
        empty
        extension
        extension_of_choice
        group
        group_counts
        group_of_substitutes
        groups_nested
        import_cycle
        imports_inline
        include
        inline_types
        mixed
        mixed_derived
        recursive
        redefine
        references
        restriction
        same_type_name
        sequence
        sequence_repeating
        simple_content
        substitution
        substitution_abstract
        substitution_and_type
        substitution_namespaces
        substitution_of_arrays
        substitution_type_member
        type_member
        type_of_simple
        unknown_type
    }
    types {
        any_simple_type
        binary
        boolean
        bounds
        calendar
        date_time
        decimal
        default
        digits
        enumeration
        fixed
        float
        integer
        length
        list
        list_of_union
        names_and_uris
        numbers_string
        pattern
        qname
        simple_chain
        string
        union
        union_restricted
        white_space
    }
    styles {
        document_bare
        document_encoded
        document_parts
        document_type
        document_wrapped
        empty_message
        encoded_12
        encoded_array
        encoded_dimensions
        encoded_references
        header_inputs
        one_way
        other_namespace
        rpc_element_part
        rpc_encoded
        rpc_literal
        rpc_void
        soap_11_action
        soap_12
    }
    contract {
        body_parts
        drafts
        dtd
        dtd_bomb
        dtd_external
        dtd_of_w3c
        dtd_parameter
        encoding_unknown
        http_and_mime
        imports
        jms
        message_missing
        no_soap
        notification
        output_unbound
        overload
        overload_unnamed
        ports
        silent
        solicit_response
        transport_by_address
        wsdl_20
    }
    tolerance {
        boolean
        comments
        cut_off
        date
        dtd
        element_in_text
        empty_body
        empty_body_void
        empty_number
        extra_elements
        generated_names
        headers
        html
        local_date
        missing_required
        nil
        nil_answer
        no_wrapper
        null_array
        number
        order
        other_version
        outside
        place
        qualified
        repeated
        result_in_500
        strict
        text_in_elements
        two_answers
        unqualified
        white_space
        wrapper_name
        wrapper_namespace
        xsi_type
    }
    encoding {
        conflict
        iso_8859
        shift_jis
        unknown
        us_ascii
        utf_16
        utf_8
        windows
    }
    faults {
        codes_11
        codes_12
        declared
        detail_12
        detail_by_type
        hidden
        mixed_versions
        reason
        rule_by_detail
        rule_by_name
        rule_by_text
        rule_unknown_member
    }
    opened {
        in_string in_cdata in_list in_one_another in_attribute in_part as_elements
        data_set data_set_in_string two_schemas
    }
    limits {
        attribute
        attributes
        depth
        elements
        text
    }
}
