//! Forms in parts (`multipart/form-data`, RFC 7578), for files.

use std::fmt;

/// A field of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormField {
    /// Its name, of letters, digits and underscores.
    pub name: &'static str,
    /// Its value.
    pub value: FormValue,
}

/// The value of a field.
#[derive(Clone, PartialEq, Eq)]
pub enum FormValue {
    /// Text.
    Text(String),
    /// A file.
    File {
        /// Its name, of letters, digits, dots and hyphens.
        name: &'static str,
        /// Its media type.
        media_type: &'static str,
        /// Its bytes.
        bytes: Vec<u8>,
    },
}

impl fmt::Debug for FormValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FormValue::Text(text) => f.debug_tuple("Text").field(text).finish(),
            FormValue::File { name, media_type, bytes } => f
                .debug_struct("File")
                .field("name", name)
                .field("media_type", media_type)
                .field("bytes", &bytes.len())
                .finish(),
        }
    }
}

/// A form as its media type and its bytes. The same fields give the same bytes: what separates the
/// parts is derived from them, and occurs in none.
pub fn form_data(fields: &[FormField]) -> (String, Vec<u8>) {
    let boundary = boundary(fields);
    let mut body = Vec::new();
    for FormField { name, value } in fields {
        let opening = format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"");
        body.extend_from_slice(opening.as_bytes());
        if let FormValue::File { name, media_type, .. } = value {
            let of_file = format!("; filename=\"{name}\"\r\nContent-Type: {media_type}");
            body.extend_from_slice(of_file.as_bytes());
        }
        body.extend_from_slice(b"\r\n\r\n");
        body.extend_from_slice(bytes(value));
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    (format!("multipart/form-data; boundary={boundary}"), body)
}

fn bytes(value: &FormValue) -> &[u8] {
    match value {
        FormValue::Text(text) => text.as_bytes(),
        FormValue::File { bytes, .. } => bytes,
    }
}

/// A digest of the values, and of the digest where a value holds it.
fn boundary(fields: &[FormField]) -> String {
    let mut hasher = blake3::Hasher::new();
    for field in fields {
        hasher.update(bytes(&field.value));
    }
    loop {
        let boundary = format!("fupan-{}", &hasher.finalize().to_hex()[..32]);
        let held = |field: &FormField| {
            bytes(&field.value).windows(boundary.len()).any(|window| window == boundary.as_bytes())
        };
        if !fields.iter().any(held) {
            return boundary;
        }
        hasher.update(boundary.as_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(text: &str) -> Vec<FormField> {
        let file =
            FormValue::File { name: "a.png", media_type: "image/png", bytes: vec![0, 13, 10, 255] };
        vec![
            FormField { name: "caption", value: FormValue::Text(text.to_owned()) },
            FormField { name: "photo", value: file },
        ]
    }

    #[test]
    fn a_form_is_written_field_by_field() {
        let (media_type, body) = form_data(&fields("早"));
        let boundary = media_type.strip_prefix("multipart/form-data; boundary=").unwrap();
        let mut told = Vec::new();
        let head = format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"caption\"\r\n\r\n早\r\n\
             --{boundary}\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"a.png\"\r\n\
             Content-Type: image/png\r\n\r\n"
        );
        told.extend_from_slice(head.as_bytes());
        told.extend_from_slice(&[0, 13, 10, 255]);
        told.extend_from_slice(format!("\r\n--{boundary}--\r\n").as_bytes());
        assert_eq!(body, told);
    }

    /// What separates the parts occurs in none of them, though a value may hold a separator that
    /// was seen before.
    #[test]
    fn a_value_cannot_end_its_part() {
        let (media_type, _) = form_data(&fields("早"));
        let boundary = media_type.rsplit_once('=').unwrap().1.to_owned();
        let (other, body) = form_data(&fields(&boundary));
        let other = other.rsplit_once('=').unwrap().1;
        assert_ne!(other, boundary);
        let body = String::from_utf8_lossy(&body);
        assert_eq!(body.matches(other).count(), 3);
    }

    #[test]
    fn a_file_is_not_printed() {
        let told = format!("{:?}", fields("早"));
        assert!(told.contains("bytes: 4") && !told.contains("255"), "{told}");
    }
}
