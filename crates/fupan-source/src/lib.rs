//! Payload bytes to rows and findings: recipes and file formats.
