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
    structure {
        choice
    }
    types {
        decimal
    }
    soap {
        fault_declared
    }
}
