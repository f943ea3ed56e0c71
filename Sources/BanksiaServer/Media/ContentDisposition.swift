/// The header that names a file to save as.
enum ContentDisposition {
    /// `attachment` with a plain ASCII name for old clients and the true one in `filename*` (RFC 6266 §4.3, RFC 8187).
    static func attachment(_ name: String) -> String {
        let plain = String(
            name.unicodeScalars.map { scalar in
                scalar.isASCII && scalar.value >= 0x20 && scalar.value != 0x7F && !#""\%"#.unicodeScalars.contains(scalar)
                    ? Character(scalar) : "_"
            })
        return "attachment; filename=\"\(plain)\"; filename*=UTF-8''\(PercentDecoding.encode(name))"
    }
}
