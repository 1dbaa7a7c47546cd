//! One Markdown file a behaviour: what crosses the wire, both ways, as its reader would tell it.
//!
//! `file.rs` says how a case is written. Each file of a folder is a test of its own and a row of
//! the capability matrix in docs/compatibility.md; `matrix.rs` writes it.

mod file;
mod matrix;
mod run;
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
    soap {
        fault_declared
    }
}
