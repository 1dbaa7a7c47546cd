//! Names into words, words into paths.
