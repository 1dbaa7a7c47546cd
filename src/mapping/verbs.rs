//! What `import` proposes.
