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
        not_allowed
        object
        three_things
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
        text_beside_attributes
        unicode
    }
    arrays {
        apart
        array_of
        least_items
        never
        nil_items
        of_arrays
        repeating_element
        repeating_group_of_one
        soap_array
        too_many
    }
    structure {
        abstract_type
        all
        any
        any_skip
        any_target_namespace
        any_type
        choice
        choice_optional
        choice_repeating
        empty
        extension
        group
        groups_nested
        import_cycle
        include
        inline_types
        recursive
        redefine
        references
        restriction
        sequence
        sequence_repeating
        simple_content
        substitution
        substitution_abstract
        type_member
        unknown_type
    }
    types {
        boolean
        bounds
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
        numbers_string
        qname
        string
        union
        white_space
    }
    soap {
        fault_declared
    }
}
