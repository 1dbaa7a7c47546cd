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
    any {
        wildcard_tree any_type_tree group_tree any_type_attributes any_attribute
    }
    structure {
        choice
    }
    types {
        decimal
    }
    opened {
        in_string in_cdata in_list in_one_another in_attribute in_part as_elements
        data_set data_set_in_string two_schemas
    }
    soap {
        fault_declared
    }
}
